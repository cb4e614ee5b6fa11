"""einops on tensors: its operations find the backend without anybody's doing, its layers are modules."""

import doctest
import pickle
import subprocess
import sys

import numpy as np
import pytest

import gputensor as gt

einops = pytest.importorskip("einops")

ORDERS = {
    "einops first": "import einops, gputensor as gt",
    "gputensor first": "import gputensor as gt, einops",
    "a function of einops": "import gputensor as gt; from einops import rearrange; import einops",
    "a layer first": "import gputensor as gt; from gputensor.interop.einops import Rearrange; import einops",
    "einops' packing": "import gputensor as gt, einops.packing",
}


@pytest.mark.parametrize("order", ORDERS)
def test_tensors_are_found_in_every_order_of_imports(order):
    code = (
        f"{ORDERS[order]}\nimport sys\n"
        "assert einops.rearrange(gt.zeros(2, 3), 'a b -> b a').shape == (3, 2)\n"
        "assert not [f for f in sys.meta_path if type(f).__module__ == 'gputensor._when_imported']\n"
        "assert einops.reduce([gt.ones(2), gt.ones(2)], 'a b -> b', 'sum').tolist() == [2.0, 2.0]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_of_einops_is_loaded_by_gputensor():
    code = (
        "import sys, gputensor; assert 'einops' not in sys.modules; assert 'gputensor.interop' not in sys.modules\n"
        "import importlib; importlib.reload(gputensor)\n"
        "assert len([f for f in sys.meta_path if type(f).__module__ == 'gputensor._when_imported']) == 1\n"
        "import json.tool, csv  # other imports pass by\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


REARRANGEMENTS = [
    ("b c h w -> b (c h w)", {}),
    ("b (g c) h w -> g b c (h w)", {"g": 3}),
    ("b c (h h2) (w w2) -> b (h2 w2 c) h w", {"h2": 2, "w2": 2}),
    ("... h w -> ... w h", {}),
    ("b c h w -> b c 1 h w", {}),
]


@pytest.mark.parametrize(("pattern", "sizes"), REARRANGEMENTS)
def test_rearrange_agrees_with_arrays_and_has_gradients(pattern, sizes):
    a = np.random.default_rng(0).normal(size=(2, 6, 4, 2))
    x = gt.tensor(a, requires_grad=True)
    out = einops.rearrange(x, pattern, **sizes)
    np.testing.assert_array_equal(out.detach().numpy(), einops.rearrange(a, pattern, **sizes))
    (out * out).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * a)


@pytest.mark.parametrize("reduction", ["min", "max", "sum", "mean", "prod"])
def test_reduce_agrees_with_arrays_and_has_gradients(reduction):
    a = np.random.default_rng(0).normal(size=(2, 3, 4, 6))
    x = gt.tensor(a, requires_grad=True)
    for pattern, sizes in (("b c h w -> b c", {}), ("b c (h h2) w -> c h", {"h2": 2}), ("a b c d ->", {})):
        out = einops.reduce(x, pattern, reduction, **sizes)
        np.testing.assert_allclose(out.detach().numpy(), einops.reduce(a, pattern, reduction, **sizes), rtol=1e-12)
    assert gt.autograd.gradcheck(
        lambda t: einops.reduce(t, "a b c d -> a c", reduction), (x[:, :2, :2, :2].detach().requires_grad_(),)
    )


def test_truth_is_reduced_too():
    a = np.array([[True, False], [True, True]])
    x = gt.tensor(a)
    for reduction in ("any", "all"):
        assert einops.reduce(x, "a b -> a", reduction).tolist() == einops.reduce(a, "a b -> a", reduction).tolist()


def test_repeat_einsum_pack_and_the_rest():
    a = np.arange(6.0).reshape(2, 3)
    x = gt.tensor(a, requires_grad=True)
    np.testing.assert_array_equal(
        einops.repeat(x, "h w -> h (w 2) c", c=3).detach().numpy(), einops.repeat(a, "h w -> h (w 2) c", c=3)
    )
    np.testing.assert_allclose(
        einops.einsum(x, x, "i j, k j -> i k").detach().numpy(), einops.einsum(a, a, "i j, k j -> i k")
    )
    packed, shapes = einops.pack([x, x[0]], "* w")
    assert packed.shape == (3, 3)
    first, second = einops.unpack(packed, shapes, "* w")
    assert first.equal(x)
    assert second.equal(x[0])
    assert einops.parse_shape(x, "h w") == {"h": 2, "w": 3}
    assert isinstance(einops.asnumpy(x), np.ndarray)
    assert einops.rearrange([x, x], "t h w -> h t w").shape == (2, 2, 3)
    (packed * 2).sum().backward()
    assert x.grad.tolist() == [[4.0] * 3, [2.0] * 3]
    with pytest.raises(einops.EinopsError, match="pattern"):
        einops.rearrange(x, "a b c -> a")


def test_the_backend_has_all_that_einops_may_ask():
    from einops._backends import AbstractBackend, get_backend

    backend = get_backend(gt.ones(1))
    assert backend.framework_name == "gputensor"
    assert get_backend(gt.nn.Parameter(gt.ones(1))) is backend
    assert backend.layers().__name__ == "gputensor.interop.einops"
    assert backend.arange(1, 4).tolist() == [1, 2, 3]
    assert backend.from_numpy(np.ones(2)).requires_grad
    assert not backend.from_numpy(np.ones(2, int)).requires_grad
    assert backend.tile(gt.tensor([1, 2]), (2,)).tolist() == [1, 2, 1, 2]
    with pytest.raises(NotImplementedError, match="median"):
        backend.reduce(gt.ones(2), "median", (0,))
    missing = [
        n
        for n in dir(AbstractBackend)
        if not n.startswith("_") and getattr(type(backend), n) is getattr(AbstractBackend, n)
    ]
    # symbols are for frameworks that build graphs before they run them
    assert set(missing) <= {"create_symbol", "eval_symbol", "reshape", "supports_symbolic"}


def test_the_layers_are_modules():
    from gputensor.interop.einops import EinMix, Rearrange, Reduce

    net = gt.nn.Sequential(
        Rearrange("b c h w -> b h w c"),
        EinMix("b h w c -> b h w d", weight_shape="c d", bias_shape="d", c=3, d=5),
        Reduce("b (h h2) (w w2) d -> b (d h w)", "mean", h2=2, w2=2),
        gt.nn.Linear(20, 2),
    )
    assert [name for name, _ in net.named_parameters()] == ["1.weight", "1.bias", "3.weight", "3.bias"]
    x = gt.randn(2, 3, 4, 4)
    net(x).sum().backward()
    assert net[1].weight.grad.shape == (3, 5)
    twin = pickle.loads(pickle.dumps(net[0]))
    assert twin(x).equal(net[0](x))
    assert repr(net[2]) == "Reduce('b (h h2) (w w2) d -> b (d h w)', 'mean', h2=2, w2=2)"
    grouped = EinMix("t (g c) -> t (g d)", weight_shape="g c d", g=2, c=3, d=4)
    assert grouped.bias is None
    out = grouped(gt.ones(5, 6))
    expected = einops.einsum(gt.ones(5, 2, 3), grouped.weight, "t g c, g c d -> t g d").reshape(5, 8)
    assert out.allclose(expected)
    with pytest.raises(einops.EinopsError, match="Error while preparing"):
        Rearrange("a b -> (a b")


@pytest.mark.torch
def test_the_layers_compute_what_pytorchs_do():
    torch = pytest.importorskip("torch")
    from einops.layers.torch import EinMix as Theirs

    from gputensor.interop.einops import EinMix

    options = {"weight_shape": "h c d", "bias_shape": "d", "h": 2, "c": 3, "d": 4}
    theirs = Theirs("b (h c) t -> b t (h d)", **{**options, "bias_shape": "h d"})
    ours = EinMix("b (h c) t -> b t (h d)", **{**options, "bias_shape": "h d"})
    ours.load_state_dict({name: gt.tensor(value.detach().numpy()) for name, value in theirs.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(2, 6, 5)).astype(np.float32)
    np.testing.assert_allclose(
        ours(gt.tensor(x)).detach().numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-5, atol=1e-6
    )


def test_the_examples_run():
    from gputensor.interop import einops as layers

    assert doctest.testmod(layers) == (0, 10)


def test_arrays_of_the_standard_stay_arrays():
    Array, a = gt.array_api.Array, np.arange(24.0).reshape(2, 3, 4)
    leaf = gt.tensor(a, requires_grad=True)
    x = gt.array_api.asarray(leaf)
    for pattern, sizes in (("a b c -> c (a b)", {}), ("a b (c d) -> a d b c", {"d": 2}), ("a b c -> a b c", {})):
        out = einops.rearrange(x, pattern, **sizes)
        assert type(out) is Array
        np.testing.assert_array_equal(out.detach().numpy(), einops.rearrange(a, pattern, **sizes))
    results = [
        (einops.reduce(x, "a b c -> a c", how), einops.reduce(a, "a b c -> a c", how)) for how in ("max", "sum", "mean")
    ]
    results += [
        (einops.reduce(x, "a b c -> ()", "min"), a.min().reshape(1)),
        (einops.repeat(x, "a b c -> a r b (c s)", r=2, s=3), einops.repeat(a, "a b c -> a r b (c s)", r=2, s=3)),
        (einops.rearrange([x, x], "n a b c -> a (n b c)"), einops.rearrange([a, a], "n a b c -> a (n b c)")),
        (einops.einsum(x, x, "a b c, a b d -> c d"), einops.einsum(a, a, "a b c, a b d -> c d")),
        (einops.pack([x, x], "a * c")[0], einops.pack([a, a], "a * c")[0]),
        (einops.unpack(x, [[1], [2]], "a * c")[1], a[:, 1:]),
    ]
    for out, expected in results:
        assert type(out) is Array
        np.testing.assert_allclose(out.detach().numpy(), expected)
    (einops.rearrange(x, "a b c -> (a b c)") * 3).sum().backward()
    assert leaf.grad.unique().tolist() == [3.0]
    einops.rearrange(gt.array_api.asarray(gt.zeros(2, 3)), "a b -> b a")
    assert type(einops.rearrange(leaf, "a b c -> c a b")) is gt.Tensor


@pytest.mark.parametrize("first", ["gt.array_api.zeros((2, 3))", "gt.zeros(2, 3)"])
def test_whichever_kind_comes_first_stays_its_kind(first):
    code = (
        f"import einops, gputensor as gt; einops.rearrange({first}, 'a b -> b a')\n"
        "array = einops.rearrange(gt.array_api.zeros((2, 3)), 'a b -> b a')\n"
        "tensor = einops.rearrange(gt.zeros(2, 3), 'a b -> b a')\n"
        "assert (type(array), type(tensor)) == (gt.array_api.Array, gt.Tensor)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
