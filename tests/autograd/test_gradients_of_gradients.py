"""Gradients made with create_graph have a history wherever PyTorch's have one, also where the next one is zero."""

import pytest

import gputensor as gt

FLAT = {
    "relu": lambda lib, x: lib.relu(x),
    "relu6": lambda lib, x: lib.nn.functional.relu6(x),
    "leaky_relu": lambda lib, x: lib.nn.functional.leaky_relu(x),
    "hardtanh": lambda lib, x: lib.nn.functional.hardtanh(x),
    "hardsigmoid": lambda lib, x: lib.nn.functional.hardsigmoid(x),
    "hardshrink": lambda lib, x: lib.nn.functional.hardshrink(x),
    "softshrink": lambda lib, x: lib.nn.functional.softshrink(x),
    "threshold": lambda lib, x: lib.nn.functional.threshold(x, 0.1, 0.0),
    "abs": lambda lib, x: x.abs(),
    "clamp": lambda lib, x: x.clamp(-0.5, 0.5),
    "max": lambda lib, x: x.max(),
    "norm 1": lambda lib, x: x.norm(1),
    "norm inf": lambda lib, x: x.norm(float("inf")),
    "max_pool1d": lambda lib, x: lib.nn.functional.max_pool1d(x.reshape(1, 1, 4), 2),
    "max_pool2d": lambda lib, x: lib.nn.functional.max_pool2d(x.reshape(1, 1, 2, 2), 2),
    "adaptive_max_pool1d": lambda lib, x: lib.nn.functional.adaptive_max_pool1d(x.reshape(1, 1, 4), 2),
    "multi_margin_loss": lambda lib, x: lib.nn.functional.multi_margin_loss(x.reshape(1, 4), lib.tensor([1])),
    "l1_loss": lambda lib, x: lib.nn.functional.l1_loss(x, lib.zeros(4)),
}
VALUES = [0.3, -0.2, 1.0, -2.0]


def penalty(lib, f):
    """The gradient of a function, and that of its squared size."""
    x = lib.tensor(VALUES, requires_grad=True)
    (g,) = lib.autograd.grad(f(lib, x).sum(), x, create_graph=True)
    assert g.requires_grad
    (g * g).sum().backward()
    # PyTorch's zeros may be without memory
    return g.tolist(), (x.grad + 0).tolist()


@pytest.mark.parametrize("name", FLAT)
def test_the_gradient_of_a_piecewise_linear_function_has_a_gradient_of_zero(name):
    g, second = penalty(gt, FLAT[name])
    assert any(g)
    assert second == [0.0] * 4


# PyTorch has no second derivative of these, or a gradient without a history
ALONE = {"hardsigmoid", "multi_margin_loss", "clamp", "max"}


@pytest.mark.torch
@pytest.mark.parametrize("name", sorted(FLAT.keys() - ALONE))
def test_that_gradient_is_pytorchs(name):
    torch = pytest.importorskip("torch")
    assert penalty(gt, FLAT[name]) == penalty(torch, FLAT[name])


def test_a_linear_function_has_a_gradient_without_a_history():
    x = gt.ones(2, requires_grad=True)
    (g,) = gt.autograd.grad(x.sum(), x, create_graph=True)
    assert not g.requires_grad


@pytest.mark.parametrize("write", [lambda y: y.mul_(2), lambda y: y.add_(2)])
def test_a_quotient_of_one_may_be_written_in_place(write):
    x = gt.tensor([1.0, 2.0], requires_grad=True)
    y = 1 / x
    factor = write(gt.ones(1)).item() / (1 if write(gt.zeros(1)).item() == 0 else 3)
    write(y)
    y.sum().backward()
    assert x.grad.tolist() == [-factor, -factor / 4]
