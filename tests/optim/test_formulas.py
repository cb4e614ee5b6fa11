"""One formula, four ways to run it: NumPy, the array standard's strict library, Tensors, and the class."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import _tensor_namespace
from gputensor.optim.adam import Adam, AdamRates, adam
from gputensor.optim.sgd import SGD, SGDRates, sgd

SIZE = 7


def sgd_rates(**changed):
    rates = {"lr": 0.1, "momentum": 0.9, "keep": None, "weight_decay": None, "nesterov": False, "maximize": False}
    return SGDRates(**{**rates, **changed})


def adam_rates(**changed):
    # of the third step of Adam(lr=0.1, betas=(0.8, 0.9), eps=1e-3)
    root = (1 - 0.9**3) ** 0.5
    rates = {
        "beta2": 0.9, "new1": 0.2, "new2": 0.1, "step_size": 0.1 * root / (1 - 0.8**3), "eps": 1e-3 * root,
        "weight_decay": None, "shrink": None, "maximize": False,
    }  # fmt: skip
    return AdamRates(**{**rates, **changed})


FORMULAS = {
    "sgd": (sgd, sgd_rates(), 2, lambda ps: SGD(ps, lr=0.1)),
    "sgd decay": (
        sgd,
        sgd_rates(weight_decay=0.2, maximize=True),
        2,
        lambda ps: SGD(ps, lr=0.1, weight_decay=0.2, maximize=True),
    ),
    "momentum": (sgd, sgd_rates(), 3, lambda ps: SGD(ps, lr=0.1, momentum=0.9)),
    "dampening": (sgd, sgd_rates(keep=0.25), 3, lambda ps: SGD(ps, lr=0.1, momentum=0.9, dampening=0.75)),
    "nesterov": (sgd, sgd_rates(nesterov=True), 3, lambda ps: SGD(ps, lr=0.1, momentum=0.9, nesterov=True)),
    "adam": (adam, adam_rates(), 4, lambda ps: Adam(ps, lr=0.1, betas=(0.8, 0.9), eps=1e-3)),
    "amsgrad": (adam, adam_rates(), 5, lambda ps: Adam(ps, lr=0.1, betas=(0.8, 0.9), eps=1e-3, amsgrad=True)),
    "adam decay": (
        adam,
        adam_rates(weight_decay=0.2, maximize=True),
        4,
        lambda ps: Adam(ps, lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.2, maximize=True),
    ),
    "adamw": (
        adam,
        adam_rates(shrink=1 - 0.1 * 0.2),
        4,
        lambda ps: Adam(ps, lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.2, decoupled_weight_decay=True),
    ),
}


@pytest.fixture(params=FORMULAS)
def case(request, rng):
    """The formula, its rates, what it works on (parameter, gradient, states), and what makes the optimizer."""
    formula, rates, count, make = FORMULAS[request.param]
    arrays = [rng.standard_normal(SIZE) for _ in range(count)]
    arrays[2:] = [np.abs(a) for a in arrays[2:]]  # second moments are not negative
    return formula, rates, arrays, make


def by_numpy(formula, rates, arrays):
    arrays = [a.copy() for a in arrays]
    formula(np, rates, *arrays)
    return arrays


def test_the_gradient_is_left_alone(case):
    formula, rates, arrays, _ = case
    after = by_numpy(formula, rates, arrays)
    np.testing.assert_array_equal(after[1], arrays[1])
    assert not np.array_equal(after[0], arrays[0])


def test_the_strict_library_gives_the_same(case):
    strict = pytest.importorskip("array_api_strict")
    formula, rates, arrays, _ = case
    given = [strict.asarray(a.copy()) for a in arrays]
    formula(strict, rates, *given)
    for a, b in zip(by_numpy(formula, rates, arrays), given, strict=True):
        np.testing.assert_allclose(a, np.asarray(b), rtol=1e-15)


def test_tensors_give_the_same_and_gradients(case):
    formula, rates, arrays, _ = case
    leaves = [gt.tensor(a, requires_grad=k < 2) for k, a in enumerate(arrays)]
    given = [leaf.clone() for leaf in leaves]
    formula(_tensor_namespace, rates, *given)
    for a, b in zip(by_numpy(formula, rates, arrays), given, strict=True):
        np.testing.assert_allclose(a, b.detach().numpy(), rtol=1e-15)
    gradients = gt.autograd.grad(given[0].sum(), leaves[:2])
    for k, g in enumerate(gradients):
        # every element for itself: central differences
        moved = []
        for sign in (1, -1):
            shifted = [a + sign * 1e-6 if n == k else a for n, a in enumerate(arrays)]
            moved.append(by_numpy(formula, rates, shifted)[0])
        np.testing.assert_allclose(g.numpy(), (moved[0] - moved[1]) / 2e-6, rtol=1e-6, atol=1e-8)


def test_the_class_gives_the_same(case):
    formula, rates, arrays, make = case
    p = gt.nn.Parameter(gt.tensor(arrays[0]))
    other = gt.nn.Parameter(gt.ones(3, dtype=gt.float64))
    optimizer = make([p, other])
    names = ("momentum_buffer",) if formula is sgd else ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    for name, a in zip(names, arrays[2:], strict=False):
        optimizer.state[p][name] = gt.tensor(a)
    if formula is adam:
        optimizer.state[p]["step"] = gt.tensor(2.0)
    p.grad, other.grad = gt.tensor(arrays[1]), gt.ones(3, dtype=gt.float64)
    optimizer.step()
    after = by_numpy(formula, rates, arrays)
    np.testing.assert_allclose(p.detach().numpy(), after[0], rtol=1e-14)
    for name, a in zip(names, after[2:], strict=False):
        np.testing.assert_allclose(optimizer.state[p][name].numpy(), a, rtol=1e-14)
