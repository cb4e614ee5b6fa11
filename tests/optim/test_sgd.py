"""SGD: the formula, its options, and PyTorch's."""

import itertools

import numpy as np
import pytest

import gputensor as gt

from .conftest import give, parameters

SHAPES = [(3, 4), (4,), (), (2, 0), (5, 1)]


def test_a_step_goes_down_the_gradient(drawn):
    values, gradients = drawn(*SHAPES)
    params = parameters(values)
    give(params, gradients)
    gt.optim.SGD(params, lr=0.5).step()
    for p, v, g in zip(params, values, gradients, strict=True):
        np.testing.assert_allclose(p.detach().numpy(), v - 0.5 * g)


def test_momentum_gathers_gradients():
    (p,) = parameters([np.array([1.0])])
    optimizer = gt.optim.SGD([p], lr=1.0, momentum=0.5, dampening=0.25)
    for _ in range(2):
        give([p], [np.array([2.0])])
        optimizer.step()
    # 1 - 2, then - (0.5 * 2 + 0.75 * 2)
    assert p.item() == -3.5
    assert optimizer.state[p]["momentum_buffer"].item() == 2.5


def test_without_momentum_there_is_no_state(drawn):
    values, gradients = drawn((2,))
    params = parameters(values)
    give(params, gradients)
    optimizer = gt.optim.SGD(params, lr=0.5)
    optimizer.step()
    assert dict(optimizer.state) == {}


def test_the_gradient_is_left_alone(drawn):
    values, gradients = drawn(*SHAPES, (200, 200))
    params = parameters(values)
    give(params, gradients)
    gt.optim.SGD(params, lr=0.5, momentum=0.9, nesterov=True, weight_decay=0.1, maximize=True).step()
    for p, g in zip(params, gradients, strict=True):
        np.testing.assert_array_equal(p.grad.numpy(), g)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lr": -1.0}, "Invalid learning rate: -1.0"),
        ({"lr": float("nan")}, "Invalid learning rate: nan"),
        ({"momentum": -0.1}, "Invalid momentum value: -0.1"),
        ({"weight_decay": -1}, "Invalid weight_decay value: -1"),
        ({"nesterov": True}, "Nesterov momentum requires a momentum and zero dampening"),
        ({"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "Nesterov momentum requires"),
        ({"lr": gt.ones(2)}, "Tensor lr must be 1-element"),
    ],
)
def test_bad_options_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        gt.optim.SGD(parameters([np.ones(1)]), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fused": True, "foreach": True}, "cannot be `True` together"),
        ({"fused": True, "differentiable": True}, "does not support `differentiable`"),
    ],
)
def test_flags_that_exclude_each_other_are_refused(options, words):
    with pytest.raises(RuntimeError, match=words):
        gt.optim.SGD(parameters([np.ones(1)]), **options)


def test_a_rate_may_be_a_tensor():
    (p,) = parameters([np.ones(1)])
    rate = gt.tensor(0.5)
    optimizer = gt.optim.SGD([p], lr=rate)
    give([p], [np.ones(1)])
    optimizer.step()
    rate.fill_(0.25)
    optimizer.step()
    assert p.item() == 0.25


def test_a_differentiable_step_is_recorded():
    lr = gt.tensor(0.5, requires_grad=True)
    p = gt.ones(2, requires_grad=True) * 1
    p.retain_grad()
    optimizer = gt.optim.SGD([p], lr=lr, momentum=0.9, differentiable=True)
    p.grad = gt.tensor([2.0, 3.0])
    optimizer.step()
    (g,) = gt.autograd.grad(p.sum(), lr)
    assert g.item() == -5.0


OPTIONS = [
    dict(zip(("momentum", "dampening", "nesterov", "weight_decay", "maximize"), values, strict=True))
    for values in itertools.product((0.0, 0.9), (0.0, 0.3), (False, True), (0.0, 0.1), (False, True))
    if not (values[2] and (values[0] == 0 or values[1] != 0))
]


@pytest.mark.torch
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_five_steps_are_pytorchs(trained, assert_same, options):
    _, _, ours, theirs = trained(lambda lib, ps: lib.optim.SGD(ps, lr=0.1, **options), SHAPES)
    assert_same(ours, theirs)


@pytest.mark.torch
def test_parameters_without_gradient_wait_as_pytorchs(trained, assert_same):
    one, two, ours, theirs = trained(
        lambda lib, ps: lib.optim.SGD(ps, lr=0.1, momentum=0.9, dampening=0.5),
        SHAPES,
        missing={(0, 0), (0, 3), (2, 1), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)},
    )
    assert_same(ours, theirs)
    for p, q in zip(ours, theirs, strict=True):
        assert_same([one.state[p]["momentum_buffer"]], [two.state[q]["momentum_buffer"]])


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_other_dtypes_are_near_pytorchs(trained, assert_same, dtype):
    # PyTorch rounds to the parameter's dtype after every operation, we once a step
    step = {"float32": 2**-23, "float16": 2**-10, "bfloat16": 2**-7}[dtype]
    _, _, ours, theirs = trained(
        lambda lib, ps: lib.optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True), [(3, 4), (4,)], dtype=dtype, steps=3
    )
    assert ours[0].dtype == getattr(gt, dtype)
    assert_same(ours, theirs, rtol=0, atol=4 * step)
