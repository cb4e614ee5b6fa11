"""Parametrizations, weight and spectral normalization, fusion, stateless calls: beside PyTorch's, and by value."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.utils import parametrizations, parametrize
from gputensor.nn.utils.stateless import functional_call

RNG = np.random.default_rng(6)


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def state_of(theirs):
    return {k: gt.tensor(v.detach().numpy().copy()) for k, v in theirs.state_dict().items()}


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).T

    def right_inverse(self, x):
        return x.triu()


class Twice(nn.Module):
    def forward(self, x):
        return x * 2


# --- parametrize ------------------------------------------------------------------------------------------------------


def test_a_parametrized_weight_is_computed_and_trained():
    layer = nn.Linear(3, 3)
    weight, before = layer.weight, layer.weight.detach().clone()
    parametrize.register_parametrization(layer, "weight", Symmetric())
    assert layer.parametrizations.weight.original is weight
    assert layer.weight.equal(before.triu() + before.triu(1).T)
    assert list(layer.state_dict()) == ["bias", "parametrizations.weight.original"]
    layer(gt.ones(2, 3)).sum().backward()
    assert weight.grad.triu().equal(weight.grad)
    assert repr(layer).startswith("ParametrizedLinear(\n  in_features=3")
    parametrize.register_parametrization(layer, "weight", Twice())
    assert layer.weight.equal((before.triu() + before.triu(1).T) * 2)


def test_assigning_goes_through_right_inverse():
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
    layer.weight = gt.tensor([[1.0, 2.0], [2.0, 3.0]])
    assert layer.parametrizations.weight.original.tolist() == [[1.0, 2.0], [0.0, 3.0]]
    assert layer.weight.tolist() == [[1.0, 2.0], [2.0, 3.0]]
    parametrize.register_parametrization(layer, "bias", Twice())
    with pytest.raises(RuntimeError, match="Twice does not implement right_inverse"):
        layer.bias = gt.ones(2)


@pytest.mark.parametrize("leave", [True, False])
def test_a_parametrization_is_taken_away(leave):
    layer = nn.Linear(2, 2)
    weight, before = layer.weight, layer.weight.tolist()
    parametrize.register_parametrization(layer, "weight", Twice())
    parametrize.register_parametrization(layer, "bias", Twice())
    assert parametrize.is_parametrized(layer, "weight")
    assert parametrize.type_before_parametrizations(layer) is nn.Linear
    parametrize.remove_parametrizations(layer, "bias")
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=leave)
    assert type(layer) is nn.Linear
    assert layer.weight is weight
    assert layer.weight.tolist() == [[2 * x if leave else x for x in row] for row in before]
    assert not parametrize.is_parametrized(layer)
    assert sorted(layer.state_dict()) == ["bias", "weight"]


def test_parametrized_modules_are_copied_and_pickled():
    layer = parametrizations.weight_norm(nn.Linear(3, 2))
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert other.weight.equal(layer.weight)
        with gt.no_grad():
            other.parametrizations.weight.original0.mul_(2)
        assert not other.weight.equal(layer.weight)
        assert type(parametrize.remove_parametrizations(other, "weight")) is nn.Linear


def test_values_are_kept_within_cached():
    calls = []

    class Counting(nn.Module):
        def forward(self, x):
            calls.append(1)
            return x + 0

    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Counting(), unsafe=True)
    with parametrize.cached():
        assert layer.weight is layer.weight
        assert len(calls) == 1
    assert layer.weight is not layer.weight
    assert len(calls) == 3


def test_parametrizations_move_to_another_module():
    first, second = parametrizations.weight_norm(nn.Linear(2, 3)), nn.Linear(2, 3)
    parametrize.register_parametrization(first, "bias", Twice())
    parametrize.transfer_parametrizations_and_params(first, second)
    assert second.weight.equal(first.weight)
    assert second.bias.equal(first.bias)
    assert second.parametrizations.weight.original0 is first.parametrizations.weight.original0


def test_buffers_can_be_parametrized():
    layer = nn.BatchNorm1d(2)
    parametrize.register_parametrization(layer, "running_var", Twice())
    assert layer.running_var.tolist() == [2.0, 2.0]
    assert layer.parametrizations.running_var.original.requires_grad is False
    assert "parametrizations.running_var.original" in dict(layer.named_buffers())


def test_what_a_parametrization_may_not_do():
    class Flat(nn.Module):
        def forward(self, x):
            return x.reshape(-1)

    class Wide(nn.Module):
        def forward(self, x):
            return x.double()

    layer = nn.Linear(2, 2)
    for module, words in ((Flat(), "may not change the shape"), (Wide(), "may not change the dtype")):
        with pytest.raises(ValueError, match=words):
            parametrize.register_parametrization(layer, "weight", module)
        assert type(layer) is nn.Linear
        assert type(layer.weight) is nn.Parameter
    with pytest.raises(ValueError, match="does not have a parameter, a buffer"):
        parametrize.register_parametrization(layer, "wight", Twice())
    with pytest.raises(ValueError, match="does not have a parametrization on weight"):
        parametrize.remove_parametrizations(layer, "weight")
    parametrize.register_parametrization(layer, "weight", Flat(), unsafe=True)
    assert layer.weight.shape == (4,)
    with pytest.raises(ValueError, match="has 2 originals"):
        parametrize.remove_parametrizations(parametrizations.weight_norm(nn.Linear(2, 2)), "weight", False)


@pytest.mark.torch
def test_parametrized_states_are_pytorchs(torch):
    class TheirSymmetric(torch.nn.Module):
        forward, right_inverse = Symmetric.forward, Symmetric.right_inverse

    theirs, ours = torch.nn.Linear(3, 3), nn.Linear(3, 3)
    torch.nn.utils.parametrize.register_parametrization(theirs, "weight", TheirSymmetric())
    parametrize.register_parametrization(ours, "weight", Symmetric())
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(state_of(theirs))
    np.testing.assert_allclose(ours.weight.detach().numpy(), theirs.weight.detach().numpy())


# --- weight and spectral norm -----------------------------------------------------------------------------------------

WEIGHT_NORMS = {
    "linear": (lambda lib: lib.nn.Linear(3, 4), {}, (2, 3)),
    "last dim": (lambda lib: lib.nn.Linear(3, 4), {"dim": 1}, (2, 3)),
    "one length": (lambda lib: lib.nn.Conv1d(3, 4, 2), {"dim": None}, (2, 3, 5)),
    "convolution": (lambda lib: lib.nn.Conv2d(3, 4, 2), {}, (2, 3, 5, 5)),
}


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("name", WEIGHT_NORMS)
def test_weight_norm_is_pytorchs(name, old, torch):
    make, options, shape = WEIGHT_NORMS[name]
    found, before = [], {}
    x = RNG.standard_normal(shape)
    for lib in (torch, gt):
        home = lib.nn.utils if old else lib.nn.utils.parametrizations
        layer = home.weight_norm(make(lib).double(), **options)
        if found:
            assert list(layer.state_dict()) == list(before)
            layer.load_state_dict({k: gt.tensor(v) for k, v in before.items()})
        else:
            with torch.no_grad():
                for p in layer.parameters():
                    p.mul_(1.3).add_(0.1)
            before = {k: v.numpy().copy() for k, v in layer.state_dict().items()}
        out = layer(lib.tensor(x))
        out.square().sum().backward()
        found.append([out, layer.weight, *[p.grad for p in layer.parameters()]])
        if old:
            lib.nn.utils.remove_weight_norm(layer)
        else:
            lib.nn.utils.parametrize.remove_parametrizations(layer, "weight")
        found[-1].append(layer(lib.tensor(x)))
        assert sorted(layer.state_dict()) == ["bias", "weight"]
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-10)


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
def test_weight_norm_by_value_and_its_old_states():
    layer = nn.Linear(2, 1)
    layer.weight.data = gt.tensor([[3.0, 4.0]])
    old = nn.utils.weight_norm(copy.deepcopy(layer))
    assert old.weight_g.tolist() == [[5.0]]
    with gt.no_grad():
        old.weight_g.fill_(10.0)
    old(gt.ones(1, 2))
    np.testing.assert_allclose(old.weight.tolist(), [[6.0, 8.0]], rtol=1e-6)
    new = parametrizations.weight_norm(layer)
    new.load_state_dict(old.state_dict())
    np.testing.assert_allclose(new.weight.tolist(), [[6.0, 8.0]], rtol=1e-6)
    with pytest.raises(RuntimeError, match="two WeightNorm hooks"):
        nn.utils.weight_norm(old)
    with pytest.raises(ValueError, match="not found"):
        nn.utils.remove_weight_norm(nn.Linear(2, 1))
    with pytest.raises(ValueError, match="uninitialized"):
        nn.utils.weight_norm(nn.LazyLinear(2))


def test_weight_norm_says_that_it_is_old():
    with pytest.warns(FutureWarning, match="parametrizations.weight_norm"):
        nn.utils.weight_norm(nn.Linear(2, 1))


SPECTRAL = {
    "linear": (lambda lib: lib.nn.Linear(3, 4), {}, (2, 3)),
    "transposed": (lambda lib: lib.nn.ConvTranspose1d(3, 4, 2), {"n_power_iterations": 2}, (2, 3, 5)),
    "convolution": (lambda lib: lib.nn.Conv2d(3, 4, 2), {"eps": 1e-6}, (2, 3, 5, 5)),
}


@pytest.mark.torch
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("name", SPECTRAL)
def test_spectral_norm_is_pytorchs(name, old, torch):
    make, options, shape = SPECTRAL[name]
    found, before = [], {}
    x = RNG.standard_normal(shape)
    for lib in (torch, gt):
        home = lib.nn.utils if old else lib.nn.utils.parametrizations
        layer = home.spectral_norm(make(lib).double(), **options)
        if found:
            assert list(layer.state_dict()) == list(before)
            layer.load_state_dict({k: gt.tensor(v) for k, v in before.items()})
        else:
            before = {k: v.numpy().copy() for k, v in layer.state_dict().items()}
        out = layer(lib.tensor(x))
        # two passes before the gradient, as in a GAN
        (out - layer(lib.tensor(x * 2))).square().sum().backward()
        layer.eval()
        found.append([out, layer(lib.tensor(x)), *[p.grad for p in layer.parameters()], *layer.state_dict().values()])
        if old:
            lib.nn.utils.remove_spectral_norm(layer)
        else:
            lib.nn.utils.parametrize.remove_parametrizations(layer, "weight")
        found[-1].append(layer(lib.tensor(x)))
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("old", [True, False])
def test_the_largest_singular_value_becomes_one(old):
    layer = nn.Linear(5, 4).double()
    largest = np.linalg.norm(layer.weight.detach().numpy(), 2)
    expected = layer.weight.detach().numpy() / largest
    home = nn.utils if old else parametrizations
    home.spectral_norm(layer, n_power_iterations=200)
    layer(gt.ones(1, 5, dtype=gt.float64))
    np.testing.assert_allclose(layer.weight.detach().numpy(), expected, rtol=1e-5)
    with pytest.raises(ValueError, match="n_power_iterations"):
        home.spectral_norm(nn.Linear(2, 2), n_power_iterations=0)


def test_spectral_norm_of_a_vector_is_its_direction():
    layer = parametrizations.spectral_norm(nn.Linear(2, 2), "bias")
    assert abs(float(layer.bias.detach().norm()) - 1) < 1e-6
    with pytest.raises(ValueError, match="no parameter or buffer"):
        parametrizations.spectral_norm(nn.Linear(2, 2), "wight")
    with pytest.raises(RuntimeError, match="two SpectralNorm hooks"):
        nn.utils.spectral_norm(nn.utils.spectral_norm(nn.Linear(2, 2)))
    with pytest.raises(ValueError, match="not found"):
        nn.utils.remove_spectral_norm(nn.Linear(2, 2))


# --- fusion -----------------------------------------------------------------------------------------------------------

FUSED = {
    "conv": (nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), (4, 2, 5, 5), {}),
    "conv without bias": (nn.Conv1d(2, 3, 2, bias=False), nn.BatchNorm1d(3, affine=False), (4, 2, 5), {}),
    "transposed": (nn.ConvTranspose2d(2, 3, 2), nn.BatchNorm2d(3), (4, 2, 5, 5), {"transpose": True}),
    "linear": (nn.Linear(2, 3), nn.BatchNorm1d(3), (4, 2), {}),
    "linear without bias": (nn.Linear(2, 3, bias=False), nn.BatchNorm1d(3, affine=False), (4, 2), {}),
}


@pytest.mark.parametrize("name", FUSED)
def test_a_fused_layer_computes_what_both_did(name):
    layer, norm, shape, options = FUSED[name]
    layer, norm = copy.deepcopy(layer).double(), copy.deepcopy(norm).double()
    x = gt.tensor(RNG.standard_normal(shape))
    norm(layer(x * 2 + 1))
    if norm.weight is not None:
        nn.init.uniform_(norm.weight, 0.5, 2.0)
        nn.init.uniform_(norm.bias)
    fuse = nn.utils.fuse_linear_bn_eval if isinstance(layer, nn.Linear) else nn.utils.fuse_conv_bn_eval
    with pytest.raises(RuntimeError, match="only for eval"):
        fuse(layer, norm)
    layer.eval()
    norm.eval()
    fused = fuse(layer, norm, **options)
    assert fused is not layer
    np.testing.assert_allclose(fused(x).detach().numpy(), norm(layer(x)).detach().numpy(), rtol=1e-9, atol=1e-12)


def test_what_cannot_be_fused():
    with pytest.raises(RuntimeError, match="running statistics"):
        nn.utils.fuse_conv_bn_eval(nn.Conv1d(1, 1, 1).eval(), nn.BatchNorm1d(1, track_running_stats=False).eval())
    with pytest.raises(ValueError, match="3 features or 1"):
        nn.utils.fuse_linear_bn_eval(nn.Linear(2, 3).eval(), nn.BatchNorm1d(2).eval())


# --- stateless calls, memory order, old names -------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*functional_call:FutureWarning")
def test_a_module_is_called_with_other_tensors():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    before = {k: v.tolist() for k, v in net.state_dict().items()}
    w = gt.ones(2, 2, requires_grad=True)
    out = functional_call(net.eval(), {"0.weight": w, "0.bias": gt.zeros(2)}, gt.tensor([[1.0, 2.0]]))
    np.testing.assert_allclose(out.tolist(), [[3.0, 3.0]], rtol=1e-5)
    out.sum().backward()
    np.testing.assert_allclose(w.grad.tolist(), [[1.0, 2.0], [1.0, 2.0]], rtol=1e-5)
    assert {k: v.tolist() for k, v in net.state_dict().items()} == before
    assert type(net[0].weight) is nn.Parameter
    assert net[0].weight.grad is None
    with pytest.raises(RuntimeError, match=r"Unexpected key\(s\): \['1.scale'\]"):
        functional_call(net, {"1.scale": w}, gt.ones(1, 2), strict=True)
    with pytest.raises(AttributeError, match="2"):
        functional_call(net, {"2.weight": w}, gt.ones(1, 2))
    with pytest.raises(RuntimeError, match=r"Missing key\(s\)"):
        functional_call(net, {"0.weight": w}, (gt.ones(1, 2),), strict=True)
    with pytest.raises(ValueError, match="expected 2 in the last dim"):
        functional_call(net[0], {"weight": gt.ones(2, 3)}, gt.ones(1, 4))
    assert net[0].weight.shape == (2, 2)


@pytest.mark.filterwarnings("ignore:.*functional_call:FutureWarning")
def test_names_that_a_module_has_not_are_attributes_during_the_call():
    class Scaled(nn.Linear):
        def forward(self, x):
            return super().forward(x) * getattr(self, "scale", 1.0)

    layer, x = Scaled(1, 1, bias=False), gt.ones(1, 1)
    given = {"weight": gt.full((1, 1), 3.0), "scale": gt.tensor(2.0), "bias": gt.ones(1)}
    assert gt.func.functional_call(layer, given, (x,)).tolist() == [[8.0]]
    assert functional_call(layer, given, x).tolist() == [[8.0]]
    assert not hasattr(layer, "scale")
    assert layer.bias is None
    assert list(layer.state_dict()) == ["weight"]
    for name, error in (("forward", TypeError), ("in_features", TypeError), ("", KeyError), ("a.b", AttributeError)):
        with pytest.raises(error):
            gt.func.functional_call(layer, {name: x}, (x,))
    with pytest.raises(TypeError, match="'weight' must be a Tensor, got int"):
        gt.func.functional_call(layer, {"weight": 3}, (x,))


@pytest.mark.filterwarnings("ignore:.*functional_call:FutureWarning")
def test_tied_weights_are_replaced_together():
    net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
    net[1].weight = net[0].weight
    x, two = gt.ones(1, 2), 2 * gt.eye(2)
    assert functional_call(net, {"0.weight": two}, x).tolist() == [[4.0, 4.0]]
    assert net[1].weight is net[0].weight
    with pytest.raises(ValueError, match="which are tied"):
        functional_call(net, {"0.weight": two, "1.weight": gt.eye(2)}, x)
    loose = functional_call(net, {"0.weight": two, "1.weight": gt.eye(2)}, x, tie_weights=False)
    assert loose.tolist() == [[2.0, 2.0]]


def test_the_memory_order_of_weights_is_changed():
    net = nn.Sequential(nn.Conv2d(2, 3, 2), nn.Conv3d(2, 3, 2))
    before = net[0].weight.tolist()
    nn.utils.convert_conv2d_weight_memory_format(net, gt.channels_last)
    assert net[0].weight.is_contiguous(memory_format=gt.channels_last)
    assert net[1].weight.is_contiguous()
    assert net[0].weight.tolist() == before


def test_modules_without_first_values():
    layer = nn.utils.skip_init(nn.Linear, 2, 3, dtype=gt.float64)
    assert (layer.weight.shape, layer.weight.dtype, type(layer.weight)) == ((3, 2), gt.float64, nn.Parameter)
    with pytest.raises(RuntimeError, match="must support a 'device' arg"):
        nn.utils.skip_init(nn.Identity)
    with pytest.raises(RuntimeError, match="Expected a Module"):
        nn.utils.skip_init(int)


@pytest.mark.parametrize(
    ("old", "arguments"),
    [
        ("uniform", (0.25, 0.25)),
        ("normal", (0.5, 0.0)),
        ("constant", (0.5,)),
        ("eye", ()),
        ("xavier_uniform", ()),
        ("xavier_normal", ()),
        ("kaiming_uniform", (1.0,)),
        ("kaiming_normal", (1.0,)),
        ("orthogonal", ()),
        ("sparse", (0.5,)),
    ],
)
def test_old_names_of_first_values_warn_and_do_the_same(old, arguments):
    results = []
    for name in (old, old + "_"):
        gt.manual_seed(3)
        function = getattr(nn.init, name)
        if name == old:
            with pytest.warns(FutureWarning, match=f"`nn.init.{old}` is now deprecated"):
                results.append(function(gt.empty(4, 4), *arguments).tolist())
        else:
            results.append(function(gt.empty(4, 4), *arguments).tolist())
    assert results[0] == results[1]


def test_the_old_name_of_clipping_warns_and_clips():
    w = gt.ones(2, requires_grad=True)
    w.grad = gt.tensor([3.0, 4.0])
    with pytest.warns(FutureWarning, match="clip_grad_norm_"):
        assert nn.utils.clip_grad_norm(w, 1.0).item() == 5.0
    np.testing.assert_allclose(w.grad.tolist(), [0.6, 0.8], rtol=1e-5)


def test_weights_of_two_layers_are_fused_by_hand():
    mean, var = gt.tensor([1.0]), gt.tensor([4.0])
    scale, shift = gt.tensor([3.0]), gt.tensor([0.5])
    w, b = nn.utils.fuse_conv_bn_weights(gt.full((1, 1, 1), 2.0), gt.tensor([5.0]), mean, var, 0.0, scale, shift)
    assert (w.tolist(), b.tolist()) == ([[[3.0]]], [6.5])  # (2 x + 5 - 1) / 2 * 3 + 0.5
    w, b = nn.utils.fuse_linear_bn_weights(gt.full((1, 1), 2.0), None, mean, var, 0.0, scale, shift)
    assert (w.tolist(), b.tolist()) == ([[3.0]], [-1.0])


def test_gradients_are_multiplied_by_what_a_given_norm_says():
    w = gt.ones(2, requires_grad=True)
    w.grad = gt.tensor([3.0, 4.0])
    nn.utils.clip_grads_with_norm_(w, 2.0, gt.tensor(10.0))
    np.testing.assert_allclose(w.grad.tolist(), [0.6, 0.8], rtol=1e-6)
    nn.utils.clip_grads_with_norm_(w, 2.0, gt.tensor(1.0))
    np.testing.assert_allclose(w.grad.tolist(), [0.6, 0.8], rtol=1e-6)


def test_weights_of_3d_convolutions_change_their_order_and_keep_their_values():
    layer = nn.Conv3d(2, 3, 2)
    before = layer.weight.tolist()
    nn.utils.convert_conv3d_weight_memory_format(nn.Sequential(layer), gt.channels_last_3d)
    assert layer.weight.is_contiguous(memory_format=gt.channels_last_3d)
    assert layer.weight.tolist() == before
    assert isinstance(
        parametrizations.weight_norm(nn.Linear(2, 1)).parametrizations.weight, parametrize.ParametrizationList
    )
