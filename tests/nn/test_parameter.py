"""Parameters and buffers: memory, gradients, copies, pickles, printing."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import Buffer, Parameter


def test_a_parameter_shares_the_memory_of_its_data_and_requires_grad():
    data = gt.zeros(2, 3)
    p = Parameter(data)
    data[0, 0] = 5.0
    assert p.requires_grad
    assert p.is_leaf
    assert p[0, 0].item() == 5.0
    assert isinstance(p, gt.Tensor)
    assert not Parameter(gt.zeros(2), requires_grad=False).requires_grad


def test_a_parameter_of_a_computed_tensor_is_a_leaf():
    x = gt.ones(2, requires_grad=True)
    p = Parameter(x * 2)
    assert p.is_leaf
    assert p.grad_fn is None


def test_a_parameter_made_without_recording_requires_grad():
    with gt.no_grad():
        assert Parameter(gt.ones(1)).requires_grad


def test_a_write_to_the_data_of_a_parameter_is_seen_by_backward():
    data = gt.ones(2)
    p = Parameter(data)
    y = (p * p).sum()
    data.mul_(2.0)
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        y.backward()


def test_results_of_parameters_are_plain_tensors():
    p = Parameter(gt.ones(2))
    assert type(p + 1) is gt.Tensor
    assert type(p.detach()) is gt.Tensor


def test_an_empty_parameter_can_be_made():
    assert tuple(Parameter().shape) == (0,)


@pytest.mark.parametrize("kind", [Parameter, Buffer])
def test_data_must_be_a_tensor(kind):
    with pytest.raises(TypeError, match="data must be a Tensor, got ndarray"):
        kind(np.ones(2))


def test_integers_cannot_require_grad():
    with pytest.raises(gt.errors.DtypeError, match="only floating-point"):
        Parameter(gt.tensor([1, 2]))
    assert Parameter(gt.tensor([1, 2]), requires_grad=False).dtype is gt.tensor([1]).dtype


def test_the_repr_of_a_parameter_has_a_line_of_its_own():
    assert repr(Parameter(gt.ones(2))) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"
    assert repr(Buffer(gt.ones(2))) == "tensor([1., 1.])"


def test_a_deep_copy_has_memory_of_its_own_and_is_copied_once():
    p = Parameter(gt.ones(2))
    p.grad = gt.ones(2)
    one, two = copy.deepcopy([p, p])
    assert one is two
    assert type(one) is Parameter
    assert one.requires_grad
    assert one.grad is None
    with gt.no_grad():
        one.mul_(3.0)
    assert p.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_parameter_survives_a_pickle(requires_grad):
    p = Parameter(gt.tensor([1.0, 2.0]), requires_grad=requires_grad)
    p.note = "kept"
    q = pickle.loads(pickle.dumps(p))
    assert type(q) is Parameter
    assert q.requires_grad is requires_grad
    assert q.tolist() == [1.0, 2.0]
    assert q.note == "kept"


@pytest.mark.parametrize("persistent", [True, False])
def test_a_buffer_survives_copies_and_pickles(persistent):
    b = Buffer(gt.ones(2), persistent=persistent)
    for twin in (copy.deepcopy(b), pickle.loads(pickle.dumps(b))):
        assert type(twin) is Buffer
        assert twin.persistent is persistent
        assert twin.tolist() == [1.0, 1.0]


def test_a_tensor_survives_a_pickle_with_its_strides():
    x = gt.from_numpy(np.arange(24.0).reshape(2, 3, 4).transpose(1, 2, 0))
    y = pickle.loads(pickle.dumps(x))
    assert y.stride() == x.stride()
    assert np.array_equal(y.numpy(), x.numpy())


def test_a_deep_copied_tensor_keeps_its_gradient_and_attributes():
    x = gt.ones(2, requires_grad=True)
    (x * 3).sum().backward()
    x.note = [1]
    y = copy.deepcopy(x)
    assert y.grad.tolist() == [3.0, 3.0]
    assert y.grad is not x.grad
    assert y.note == [1]
    assert y.note is not x.note


def test_a_tensor_with_a_history_is_not_deep_copied():
    with pytest.raises(gt.errors.GradError, match=r"deepcopy.*computed from others"):
        copy.deepcopy(gt.ones(2, requires_grad=True) * 2)


def test_a_shallow_copy_shares_memory_and_write_stamps():
    x = gt.ones(2, requires_grad=True)
    y = copy.copy(x)
    loss = (x * x).sum()
    with gt.no_grad():
        y.mul_(2.0)
    assert x.tolist() == [2.0, 2.0]
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        loss.backward()


def test_views_of_one_memory_stay_views_of_one_when_they_are_copied():
    x = gt.arange(6.0)
    y, tail, turned = copy.deepcopy((x, x[2:], x.reshape(2, 3).T))
    tail[0] = 9
    turned[0, 0] = 7
    assert y.tolist() == [7.0, 1.0, 9.0, 3.0, 4.0, 5.0]
    assert x.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    tail, y = copy.deepcopy((x[2:], x))
    tail[0] = 9
    assert y[2].item() == 9.0
    a, b = copy.deepcopy((x, x.view(gt.int32)))
    b[0] = 0x40000000
    assert a[0].item() == 2.0


def test_buffers_and_parameters_that_share_memory_share_it_when_they_are_copied():
    m = gt.nn.Module()
    m.register_buffer("a", gt.zeros(4))
    m.register_buffer("b", m.a[:2])
    m.w = gt.nn.Parameter(gt.zeros(3))
    m.v = gt.nn.Buffer(m.w.detach()[1:])
    c = copy.deepcopy(m)
    c.b.fill_(1)
    c.v.fill_(2)
    assert c.a.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert c.w.tolist() == [0.0, 2.0, 2.0]
    assert m.a.tolist() == [0.0] * 4


def test_a_copy_of_any_layout_has_the_same_values_and_strides():
    x = gt.arange(24.0).reshape(2, 3, 4)
    for view in (x.permute(2, 0, 1), x[:, ::2], x[1], x.flip(0), x[0, 0, 0], x[:, :0], x.expand(2, 2, 3, 4)):
        twin = copy.deepcopy(view)
        assert twin.tolist() == view.tolist()
        assert twin.stride() == view.stride()
