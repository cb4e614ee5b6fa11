"""Lazy layers: shapes from the first batch or from a loaded state."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.parameter import UninitializedBuffer, UninitializedParameter, is_lazy

LAYERS = {
    "LazyLinear": (lambda lib: lib.nn.LazyLinear(3), lambda lib: lib.nn.Linear(4, 3), (5, 4)),
    "LazyLinear without bias": (lambda lib: lib.nn.LazyLinear(3, False), lambda lib: lib.nn.Linear(4, 3, False), (4,)),
    "LazyConv1d": (
        lambda lib: lib.nn.LazyConv1d(6, 3, groups=2),
        lambda lib: lib.nn.Conv1d(4, 6, 3, groups=2),
        (2, 4, 5),
    ),
    "LazyConv2d": (lambda lib: lib.nn.LazyConv2d(3, 2), lambda lib: lib.nn.Conv2d(4, 3, 2), (4, 5, 5)),
    "LazyConv3d": (
        lambda lib: lib.nn.LazyConv3d(3, 2, bias=False),
        lambda lib: lib.nn.Conv3d(4, 3, 2, bias=False),
        (1, 4, 2, 2, 2),
    ),
    "LazyConvTranspose1d": (
        lambda lib: lib.nn.LazyConvTranspose1d(3, 2),
        lambda lib: lib.nn.ConvTranspose1d(4, 3, 2),
        (2, 4, 5),
    ),
    "LazyConvTranspose2d": (
        lambda lib: lib.nn.LazyConvTranspose2d(6, 2, groups=2),
        lambda lib: lib.nn.ConvTranspose2d(4, 6, 2, groups=2),
        (2, 4, 3, 3),
    ),
    "LazyConvTranspose3d": (
        lambda lib: lib.nn.LazyConvTranspose3d(3, 2),
        lambda lib: lib.nn.ConvTranspose3d(4, 3, 2),
        (2, 4, 2, 2, 2),
    ),
    "LazyBatchNorm1d": (lambda lib: lib.nn.LazyBatchNorm1d(), lambda lib: lib.nn.BatchNorm1d(4), (5, 4)),
    "LazyBatchNorm2d": (
        lambda lib: lib.nn.LazyBatchNorm2d(affine=False),
        lambda lib: lib.nn.BatchNorm2d(4, affine=False),
        (5, 4, 2, 2),
    ),
    "LazyBatchNorm3d": (
        lambda lib: lib.nn.LazyBatchNorm3d(track_running_stats=False),
        lambda lib: lib.nn.BatchNorm3d(4, track_running_stats=False),
        (5, 4, 2, 2, 2),
    ),
    "LazyInstanceNorm1d": (
        lambda lib: lib.nn.LazyInstanceNorm1d(),
        lambda lib: lib.nn.InstanceNorm1d(4, affine=True, track_running_stats=True),
        (2, 4, 5),
    ),
    "LazyInstanceNorm2d": (
        lambda lib: lib.nn.LazyInstanceNorm2d(bias=False),
        lambda lib: lib.nn.InstanceNorm2d(4, affine=True, track_running_stats=True, bias=False),
        (2, 4, 3, 3),
    ),
    "LazyInstanceNorm3d": (
        lambda lib: lib.nn.LazyInstanceNorm3d(affine=False),
        lambda lib: lib.nn.InstanceNorm3d(4, track_running_stats=True),
        (2, 4, 2, 2, 2),
    ),
}


def shapes(layer):
    return {name: tuple(value.shape) for name, value in layer.state_dict().items()}


@pytest.mark.parametrize("name", LAYERS)
def test_a_lazy_layer_becomes_the_ordinary_one_at_its_first_batch(name):
    make, ordinary, shape = LAYERS[name]
    lazy, plain = make(gt), ordinary(gt)
    parameters = list(lazy.parameters())
    x = gt.tensor(np.random.default_rng(1).standard_normal(shape), dtype=gt.float32)
    lazy(x)
    assert type(lazy) is type(plain)
    assert repr(lazy) == repr(plain)
    assert shapes(lazy) == shapes(plain)
    assert [type(t) for t in lazy.buffers()] == [type(t) for t in plain.buffers()]
    # the parameters are the same objects as before, and optimizers may hold them
    assert all(a is b for a, b in zip(parameters, lazy.parameters(), strict=True))
    assert all(type(p) is nn.Parameter and p.requires_grad for p in parameters)
    assert not lazy._forward_pre_hooks
    assert not lazy._load_state_dict_pre_hooks
    plain.load_state_dict(lazy.state_dict())
    np.testing.assert_array_equal(lazy.eval()(x).detach().numpy(), plain.eval()(x).detach().numpy())


@pytest.mark.parametrize("name", LAYERS)
def test_a_state_gives_the_shapes_too(name):
    make, ordinary, shape = LAYERS[name]
    lazy, plain = make(gt), ordinary(gt)
    plain.train()(gt.tensor(np.random.default_rng(1).standard_normal(shape), dtype=gt.float32))
    assert str(lazy.load_state_dict(plain.state_dict())) == "<All keys matched successfully>"
    x = gt.tensor(np.random.default_rng(2).standard_normal(shape), dtype=gt.float32)
    np.testing.assert_array_equal(lazy.eval()(x).detach().numpy(), plain.eval()(x).detach().numpy())
    assert type(lazy) is type(plain)
    assert repr(lazy) == repr(plain)


@pytest.mark.torch
@pytest.mark.parametrize("name", LAYERS)
def test_lazy_layers_are_pytorchs(name):
    torch = pytest.importorskip("torch")
    make, _, shape = LAYERS[name]
    ours, theirs = make(gt), make(torch)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs(torch.ones(shape) + torch.rand(shape))
    ours(gt.ones(*shape) + gt.rand(*shape))
    assert repr(ours) == repr(theirs)
    assert shapes(ours) == shapes(theirs)


def test_first_values_are_those_of_the_ordinary_layer():
    layer = nn.LazyLinear(100)
    layer(gt.ones(1, 400))
    assert 0.045 < float(layer.weight.detach().abs().max()) <= 0.05
    assert 0.03 < float(layer.bias.detach().abs().max()) <= 0.05
    norm = nn.LazyBatchNorm1d()
    norm.eval()(gt.ones(2, 3))
    assert [norm.weight.tolist(), norm.bias.tolist()] == [[1.0] * 3, [0.0] * 3]
    assert [norm.running_mean.tolist(), norm.running_var.tolist()] == [[0.0] * 3, [1.0] * 3]
    assert norm.num_batches_tracked.item() == 0


def test_a_net_of_lazy_layers_is_converted_copied_and_trained():
    net = nn.Sequential(nn.LazyConv2d(3, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)).double()
    other = copy.deepcopy(net)
    third = pickle.loads(pickle.dumps(nn.LazyLinear(2).double()))
    assert third(gt.ones(2, 3, dtype=gt.float64)).dtype == gt.float64
    x = gt.ones(2, 1, 5, 5, dtype=gt.float64)
    other(x)
    assert is_lazy(net[0].weight)
    assert net[0].weight.dtype == gt.float64
    net(x)
    other.load_state_dict(net.state_dict())
    optimizer = gt.optim.SGD(net.parameters(), lr=0.1)
    before = net[4].bias.tolist()
    net(x).sum().backward()
    optimizer.step()
    assert net[4].bias.tolist() != before
    np.testing.assert_allclose(other[4].bias.tolist(), before)


def test_states_of_layers_without_shapes():
    lazy = nn.LazyLinear(2)
    state = lazy.state_dict()
    assert all(is_lazy(value) for value in state.values())
    other = nn.LazyLinear(2)
    other.load_state_dict(state)
    assert other.has_uninitialized_params()
    plain = nn.Linear(3, 2)
    with pytest.raises(RuntimeError, match="the state has no values for it yet"):
        plain.load_state_dict(state)


def test_what_has_no_shape_yet_says_so():
    p, b = UninitializedParameter(dtype=gt.float64), UninitializedBuffer(persistent=False)
    assert (repr(p), repr(b)) == ("<UninitializedParameter>", "<UninitializedBuffer>")
    assert p.requires_grad
    assert not b.requires_grad
    assert not p.requires_grad_(False).requires_grad
    assert (str(p.device), p.dtype, p.is_floating_point(), b.is_complex()) == ("cpu", gt.float64, True, False)
    for use in (lambda: p.shape, lambda: p + 1, lambda: gt.ones(2) * p, lambda: p.numel(), lambda: p.sum()):
        with pytest.raises((ValueError, RuntimeError), match="UninitializedParameter"):
            use()
    with pytest.raises(RuntimeError, match="first batch"):
        b.shape  # noqa: B018
    module = nn.Module()
    module.stat = b
    assert list(module._buffers) == ["stat"]
    assert module._non_persistent_buffers_set == {"stat"}
    b.materialize((2,), dtype=gt.int64)
    assert (type(b), b.shape, b.dtype) == (gt.Tensor, (2,), gt.int64)


def test_wrong_first_batches_are_refused():
    with pytest.raises(RuntimeError, match=r"LazyConv2d: expected 3D \(unbatched\) or 4D"):
        nn.LazyConv2d(3, 2)(gt.ones(2, 2))
    with pytest.raises(ValueError, match="divisible by groups"):
        nn.LazyConv2d(4, 2, groups=2)(gt.ones(3, 5, 5))
    layer = nn.LazyLinear(2)
    layer.load_state_dict(nn.Linear(3, 2).state_dict())
    with pytest.raises(RuntimeError, match="expects 3 inputs, the first batch has 4"):
        layer(gt.ones(4))


def test_a_lazy_module_of_ones_own():
    class Scale(nn.modules.lazy.LazyModuleMixin, nn.Module):
        def __init__(self):
            super().__init__()
            self.factor = UninitializedParameter()

        def initialize_parameters(self, input):
            self.factor.materialize(input.shape[-1:])
            nn.init.ones_(self.factor)

        def forward(self, input):
            return input * self.factor

    layer = Scale()
    assert layer(gt.tensor([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert type(layer) is Scale

    class Forgetful(nn.modules.lazy.LazyModuleMixin, nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="initialize_parameters is not implemented for Forgetful"):
        Forgetful()(gt.ones(1))
