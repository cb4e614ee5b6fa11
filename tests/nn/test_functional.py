"""nn.functional: the forms in place, the dim that PyTorch guesses, and what is not there."""

import inspect

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F

IN_PLACE = {
    "relu": {}, "relu6": {}, "elu": {"alpha": 0.5}, "selu": {}, "celu": {"alpha": 0.5}, "rrelu": {}, "mish": {},
    "leaky_relu": {"negative_slope": 0.3}, "threshold": {"threshold": 0.1, "value": 7.0}, "hardsigmoid": {},
    "hardtanh": {"min_val": -0.5, "max_val": 0.25}, "hardswish": {}, "silu": {},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(IN_PLACE))
def test_in_place_is_the_same_in_the_memory_of_the_input(name):
    values = np.linspace(-4, 4, 23)
    function, arguments = getattr(F, name), IN_PLACE[name]
    leaf = gt.from_numpy(values.copy()).requires_grad_()
    wanted = function(leaf, **arguments)
    (wanted_grad,) = gt.autograd.grad(wanted.sum(), leaf)
    x = leaf * 1
    assert function(x, **arguments, inplace=True) is x
    np.testing.assert_array_equal(x.detach().numpy(), wanted.detach().numpy())
    (g,) = gt.autograd.grad(x.sum(), leaf)
    np.testing.assert_allclose(g.numpy(), wanted_grad.numpy())
    if hasattr(F, name + "_"):
        y = gt.from_numpy(values.copy())
        assert getattr(F, name + "_")(y, **arguments) is y
        np.testing.assert_array_equal(y.numpy(), wanted.detach().numpy())


def test_a_leaf_that_requires_grad_is_not_written_in_place():
    with pytest.raises(gt.errors.GradError, match="leaf"):
        F.relu(gt.ones(2, requires_grad=True), inplace=True)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_without_a_dim_the_softmaxes_take_pytorch_s_and_warn(name):
    function = getattr(F, name)
    for shape, dim in (((4,), 0), ((2, 3), 1), ((2, 3, 2), 0), ((2, 3, 2, 2), 1)):
        x = gt.randn(*shape)
        with pytest.warns(UserWarning, match=f"{name}: the choice of a dim is outdated; give dim={dim}"):
            out = function(x)
        np.testing.assert_array_equal(out.numpy(), function(x, dim=dim).numpy())
    assert function(gt.ones(2), dim=0, dtype=gt.float64).dtype is gt.float64


def test_what_pytorch_has_and_this_has_not_says_what_to_use_instead():
    with pytest.raises(gt.errors.MissingError, match="grouped_mm does not exist: use matmul"):
        F.grouped_mm  # noqa: B018
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        F.nonsense  # noqa: B018


@pytest.mark.torch
def test_every_function_of_pytorch_is_here_or_says_what_to_use_instead():
    torch = pytest.importorskip("torch")
    private = {"assert_int_or_pair", "boolean_dispatch", "has_torch_function", "handle_torch_function"}
    theirs = torch.nn.functional
    names = {n for n in dir(theirs) if not n.startswith("_") and callable(getattr(theirs, n)) and n[0].islower()}
    names = {n for n in names if not n.startswith("has_torch")} - private
    missing = []
    for name in sorted(names):
        try:
            getattr(F, name)
        except gt.errors.MissingError:
            continue
        except AttributeError:
            missing.append(name)
    assert missing == []


@pytest.mark.torch
def test_the_names_and_defaults_of_arguments_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    compared = 0
    for name, ours in vars(F).items():
        theirs = getattr(torch.nn.functional, name, None)
        if name.startswith("_") or not inspect.isfunction(ours) or not inspect.isfunction(theirs):
            continue
        wanted, given = inspect.signature(theirs).parameters, inspect.signature(ours).parameters
        if "args" in wanted:
            continue
        expected = [(p.name, p.default) for p in wanted.values() if p.name != "out"]
        assert [(p.name, p.default) for p in given.values() if p.name != "out"] == expected, name
        compared += 1
    assert compared > 40


def test_activations_in_place_write_their_input():
    for call, expected in (
        (lambda x: F.elu_(x, 2.0), [2 * np.expm1(-1.0), 3.0]),
        (lambda x: F.hardtanh_(x, -0.5, 2.0), [-0.5, 2.0]),
        (lambda x: F.leaky_relu_(x, 0.1), [-0.1, 3.0]),
    ):
        x = gt.tensor([-1.0, 3.0])
        assert call(x) is x
        np.testing.assert_allclose(x.numpy(), expected, rtol=1e-6)
