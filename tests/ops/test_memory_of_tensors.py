"""resize_, set_, storages, shared memory, and the questions about what a tensor is."""

import os
import subprocess
import sys

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DeviceError, DtypeError, GradError, MissingError, ShapeError

NEVER = (
    "is_sparse", "is_sparse_csr", "is_quantized", "is_mkldnn", "is_nested", "is_meta", "is_mps", "is_xpu", "is_xla",
    "is_ipu", "is_maia", "is_mtia", "is_vulkan",
)  # fmt: skip


def test_a_smaller_size_keeps_the_memory():
    x = gt.arange(6)
    y = x.resize_(2, 2)
    assert y is x
    assert x.tolist() == [[0, 1], [2, 3]]
    where = x.data_ptr()
    assert x.resize_((3, 2)).tolist() == [[0, 1], [2, 3], [4, 5]]
    assert x.data_ptr() == where
    assert x.resize_(0).shape == (0,)


def test_a_larger_size_gets_new_memory_that_begins_with_the_old():
    x = gt.arange(6.0)
    part = x[2:]
    part.resize_(8)
    assert part[:4].tolist() == [2, 3, 4, 5]
    part[0] = 9
    assert x.tolist() == [0, 1, 2, 3, 4, 5]
    assert gt.empty(0).resize_(3).shape == (3,)


def test_elements_come_in_the_order_of_the_memory():
    x = gt.arange(6.0).reshape(2, 3)
    assert x.T.resize_(3, 2).tolist() == [[0, 3], [1, 4], [2, 5]]  # the same size: as it is
    assert x.T.resize_(2, 2).tolist() == [[0, 1], [2, 3]]
    assert x[1].resize_(2).tolist() == [3, 4]
    view = x.T.resize_(2, 2)
    view.fill_(7)
    assert x.tolist() == [[7, 7, 7], [7, 4, 5]]


def test_a_size_in_another_memory_format():
    x = gt.arange(24.0).resize_(1, 3, 2, 4, memory_format=gt.channels_last)
    assert x.is_contiguous(memory_format=gt.channels_last)
    assert x.permute(0, 2, 3, 1).reshape(-1).tolist() == list(range(24))


def test_resize_as_takes_the_shape_of_another_tensor():
    x = gt.arange(4)
    assert gt.resize_as_(x, gt.zeros(2, 2)) is x
    assert x.resize_as_(gt.zeros(3)).tolist() == [0, 1, 2]


def test_what_requires_grad_is_not_resized():
    for x in (gt.zeros(3, requires_grad=True), gt.zeros(3, requires_grad=True) * 2):
        with pytest.raises(GradError):
            x.resize_(2)
    with pytest.raises(ShapeError):
        gt.zeros(3).resize_(-1)


def test_a_resized_tensor_can_be_written_with_history():
    w = gt.tensor([1.0, 2.0], requires_grad=True)
    for x in (gt.zeros(6).resize_(2), gt.empty(0).resize_(2)):
        x.copy_(w * 3)
        (g,) = gt.autograd.grad(x.sum(), w)
        assert g.tolist() == [3, 3]


def test_set_lets_a_tensor_look_at_other_memory():
    source = gt.arange(5.0)
    x = gt.zeros(1).set_(source, 1, (2,), (2,))
    assert x.tolist() == [1, 3]
    x.fill_(9)
    assert source.tolist() == [0, 9, 2, 9, 4]
    assert gt.zeros(1).set_(source).is_set_to(source)
    assert gt.zeros(1).set_(source.untyped_storage(), 1, (2,)).tolist() == [9, 2]
    assert gt.zeros(3).set_().shape == (0,)
    assert not source[:2].is_set_to(source)
    with pytest.raises(DtypeError):
        gt.arange(3).set_(source)
    with pytest.raises(ShapeError):
        gt.zeros(1).set_(source, 1, (9,))
    with pytest.raises(GradError):
        gt.zeros(1, requires_grad=True).set_(source)
    with pytest.raises(TypeError):
        gt.zeros(1).set_([1.0])


def test_a_write_through_a_set_tensor_is_seen_by_the_graph():
    w = gt.tensor([1.0, 2.0], requires_grad=True)
    data = gt.tensor([3.0, 4.0])
    loss = (w * data).sum()
    gt.zeros(1).set_(data).fill_(0)
    with pytest.raises(GradError, match="changed in place"):
        loss.backward()


def test_a_storage_is_the_whole_memory():
    x = gt.arange(6, dtype=gt.int16)
    for view in (x, x[2:4], x.flip(0).flip(0)[1:]):
        memory = view.untyped_storage()
        assert (memory.nbytes(), len(memory), memory.size(), memory.element_size()) == (12, 12, 12, 1)
        assert view.storage().size() == len(view.storage()) == 6
    assert x[2:].untyped_storage() == x.untyped_storage()
    assert x[2:].storage().data_ptr() == x.data_ptr() == x.const_data_ptr()
    assert x.storage().tolist() == [0, 1, 2, 3, 4, 5]
    assert x.storage()[3] == 3
    assert x.storage().untyped() == x.untyped_storage()
    assert x.storage().dtype == gt.int16
    assert x[:1].untyped_storage().tolist()[:4] == [0, 0, 1, 0]
    assert gt.is_storage(x.storage())
    assert not gt.is_storage(x)
    assert gt.zeros(0).untyped_storage().nbytes() == 0
    assert x.untyped_storage().device == gt.device("cpu")
    assert not x.untyped_storage().is_cuda


def test_a_module_shares_its_parameters_and_buffers():
    layer = gt.nn.BatchNorm1d(2)
    assert layer.share_memory() is layer
    assert all(t.is_shared() for t in (*layer.parameters(), *layer.buffers()))
    assert layer(gt.tensor([[1.0, 2.0], [3.0, 2.0]]))[:, 1].tolist() == [0.0, 0.0]


def test_the_device_of_a_tensor_is_minus_one_on_the_cpu():
    assert gt.get_device(gt.zeros(2)) == gt.zeros(2).get_device() == -1
    assert gt.zeros(2, 3)[gt.newaxis, :, gt.newaxis].shape == (1, 2, 1, 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_writes_into_shared_memory():
    x = gt.zeros(2, 3).share_memory_()
    assert x.is_shared()
    assert x[0].is_shared()
    assert x.untyped_storage().is_shared()
    child = os.fork()
    if not child:
        x[1] = 5.0
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert x.tolist() == [[0, 0, 0], [5, 5, 5]]


def test_sharing_keeps_values_and_the_order_in_memory():
    x = gt.empty_permuted((2, 3), (1, 0)).copy_(gt.arange(6.0).reshape(2, 3))
    steps = x.stride()
    assert not x.is_shared()
    assert x.share_memory_() is x
    assert x.stride() == steps
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]]
    w = gt.ones(2, requires_grad=True).share_memory_()
    (w * 2).sum().backward()
    assert w.grad.tolist() == [2, 2]
    with pytest.raises(DeviceError):
        gt.zeros(3)[1:].share_memory_()


def test_python_functions_are_applied_to_every_element():
    assert gt.arange(3).apply_(lambda v: v + 1).tolist() == [1, 2, 3]
    assert gt.arange(3.0, dtype=gt.bfloat16).apply_(lambda v: v / 2).tolist() == [0, 0.5, 1]
    assert gt.zeros(2, 2).map_(gt.tensor([1.0, 2.0]), lambda a, b: b).tolist() == [[1, 2], [1, 2]]
    assert gt.ones(2).map2_(gt.ones(1), gt.ones(2), lambda a, b, c: a + b + c).tolist() == [3, 3]
    with pytest.raises(DtypeError):
        gt.zeros(2).map_(gt.zeros(2, dtype=gt.float64), lambda a, b: b)
    with pytest.raises(GradError):
        gt.zeros(2, requires_grad=True).apply_(lambda v: v)
    with pytest.raises((TypeError, ValueError)):
        gt.zeros(2).apply_(lambda v: "x")


def test_python_functions_and_sharing_on_a_gpu(gpus):
    x = gt.zeros(2).cuda()
    with pytest.raises(TypeError, match="cpu"):
        x.apply_(lambda v: v)
    assert x.is_shared()
    assert x.share_memory_() is x
    assert x.untyped_storage().is_cuda
    assert x.resize_(1).shape == (1,)
    assert x.resize_(5).shape == (5,)


def test_a_tensor_is_of_no_other_kind():
    x = gt.zeros(2)
    assert [name for name in NEVER if getattr(x, name) is not False] == []
    assert (x.is_inference(), gt.is_inference(x), x.is_distributed(), gt.is_distributed(x)) == (False,) * 4
    assert x.name is None
    assert x.to_dense() is x
    assert x.to_dense(gt.float64).dtype == gt.float64
    assert gt.is_signed(x)
    assert not gt.is_signed(x > 0)
    assert gt.is_same_size(x, gt.ones(2))
    assert not gt.is_same_size(x, gt.ones(2, 1))
    assert x.is_set_to(x)
    assert gt.tensor([2]).is_nonzero()


def test_the_order_of_the_dims_in_memory():
    assert gt.zeros(2, 3).dim_order() == (0, 1)
    assert gt.zeros(2, 3).T.dim_order() == (1, 0)
    assert gt.zeros(2, 3, 4, 5).contiguous(memory_format=gt.channels_last).dim_order() == (0, 2, 3, 1)
    assert gt.zeros(()).dim_order() == ()
    assert gt.empty_permuted((2, 3, 4), (2, 0, 1)).dim_order() == (2, 0, 1)
    with pytest.raises(ShapeError, match="order"):
        gt.zeros(1, 3).dim_order(ambiguity_check=True)
    assert gt.zeros(2, 3).dim_order(ambiguity_check=True) == (0, 1)
    for order in ((0, 0), (0,), (-1, 0)):
        with pytest.raises(ShapeError):
            gt.empty_permuted((2, 3), order)


def test_new_makes_tensors_of_the_same_kind():
    x = gt.zeros(2, dtype=gt.int32)
    assert (x.new(2, 3).shape, x.new(2, 3).dtype) == ((2, 3), gt.int32)
    assert x.new([1.5, 2]).tolist() == [1, 2]
    assert x.new().shape == (0,)
    assert x.new(gt.Size([4])).shape == (4,)
    assert x.new(x).data_ptr() == x.data_ptr()
    strided = x.new_empty_strided((2, 3), (1, 2))
    assert (strided.stride(), strided.dtype) == ((1, 2), gt.int32)


def test_a_tensor_as_an_instance_of_a_subclass_keeps_memory_and_history():
    class Named(gt.Tensor):
        pass

    w = gt.ones(2, requires_grad=True)
    x = (w * 2).as_subclass(Named)
    assert type(x) is Named
    x.sum().backward()
    assert w.grad.tolist() == [2, 2]
    plain = gt.zeros(2)
    plain.as_subclass(Named)[0] = 1
    assert plain.tolist() == [1, 0]
    with pytest.raises(TypeError):
        plain.as_subclass(np.ndarray)


def test_operations_keep_the_subclass_of_their_operands():
    done = subprocess.run([sys.executable, "-c", _SUBCLASSES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


_SUBCLASSES = """
import copy, pickle
import gputensor as gt
from gputensor.core import apply
import gputensor.nn.functional as F

class Sub(gt.Tensor): pass
class Derived(Sub): pass
class Other(gt.Tensor): pass
assert not apply.SLOW  # a class alone costs nothing
s, p, w = Sub([[1.0, 2.0]]), gt.ones(1, 2), gt.nn.Parameter(gt.ones(2, 2))
assert not type(w + 1) is Sub and apply.SLOW
results = [-s, s + p, p + s, 1 + s, s @ w, gt.exp(s), gt.cat([p, s]), s.mean(), s.view(-1), s[0], s.T,
    s == p, s.float(),
    s.detach(), s.data, s.clone(), copy.copy(s), copy.deepcopy(s), pickle.loads(pickle.dumps(s)), F.relu(s),
    gt.nn.Linear(2, 3)(s), s.reshape(2), s.T.reshape(2), F.mse_loss(s, p), gt.where(s > 0, s, p), s.add_(1),
    *s, *s.split(1), *s.max(0)]
assert {type(x) for x in results} == {Sub}, [type(x) for x in results]
assert type(s + s.as_subclass(Derived)) is type(s.as_subclass(Derived) + s) is Derived
assert type(p.add_(s)) is type(w + 1) is type(w.detach()) is gt.Tensor and type(s.as_subclass(gt.Tensor)) is gt.Tensor
try:
    s + p.as_subclass(Other)
except TypeError as error:
    assert str(error).startswith("add: operands are of the classes Other and Sub, and neither derives"), error
else:
    raise SystemExit("two strangers had a result")
x = gt.ones(2).as_subclass(Sub).requires_grad_()
(x * 2).sum().backward()
assert x.grad.tolist() == [2, 2] and type(x.grad) is gt.Tensor
"""


def test_a_subclass_that_wants_to_be_asked_is_refused():
    class Logged(gt.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return super().__torch_function__(func, types, args, kwargs)

    for make in (lambda: gt.ones(2).as_subclass(Logged), lambda: Logged([1.0]), lambda: Logged(gt.ones(2))):
        with pytest.raises(MissingError, match=r"Logged\.__torch_function__ would never be called"):
            make()
    # who calls it has its result
    assert Logged.__torch_function__(gt.add, (), (gt.ones(1), 2)).item() == 3


def test_old_names_reshape():
    assert gt.arange(4).resize(2, 2).shape == (2, 2)
    assert gt.arange(4).resize_as(gt.zeros(2, 2)).shape == (2, 2)
    with pytest.raises(ShapeError):
        gt.arange(4).resize(3)


def test_filling_and_detaching_as_functions():
    x = gt.ones(2, requires_grad=True)
    y = x * 2
    assert gt.detach(y).requires_grad is False
    assert gt.detach_(y).requires_grad is False
    assert gt.fill_(gt.zeros(2), 3).tolist() == [3, 3]
    assert gt.zero_(gt.ones(2)).tolist() == [0, 0]
    assert gt.fill(gt.zeros(2), gt.tensor(4.0)).tolist() == [4, 4]


def test_memory_is_not_pinned():
    x = gt.arange(3)
    assert x.pin_memory() is x
    assert not x.is_pinned()
    assert x.is_cpu
    assert x.storage_type() is gt.TypedStorage
    assert isinstance(x.storage(), x.storage_type())
    assert isinstance(x.layout, gt.layout)
    assert isinstance(gt.channels_last, gt.memory_format)


def test_clones_keep_the_order_of_the_dims_or_take_the_one_asked_for():
    x = gt.arange(6).reshape(2, 3).T
    assert x.clone(memory_format=gt.preserve_format).stride() == x.clone().stride() == (1, 3)
    assert x.clone(memory_format=gt.contiguous_format).stride() == (2, 1)
