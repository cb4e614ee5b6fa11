"""The optimizers beside SGD and Adam: their formulas by hand, their state, and PyTorch's."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt

from .conftest import give, parameters

SHAPES = [(3, 4), (4,), (), (2, 0), (120, 120)]
# name, options, what the state holds
CASES = [
    ("RMSprop", {}, "step square_avg"),
    (
        "RMSprop", {"momentum": 0.9, "centered": True, "weight_decay": 0.1, "alpha": 0.8},
        "grad_avg momentum_buffer square_avg step",
    ),
    ("RMSprop", {"centered": True, "maximize": True}, "grad_avg square_avg step"),
    ("Adagrad", {}, "step sum"),
    ("Adagrad", {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "maximize": True}, "step sum"),
    ("Adadelta", {}, "acc_delta square_avg step"),
    ("Adadelta", {"rho": 0.8, "weight_decay": 0.1, "lr": 0.5, "maximize": True}, "acc_delta square_avg step"),
    ("Adamax", {}, "exp_avg exp_inf step"),
    ("Adamax", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}, "exp_avg exp_inf step"),
    ("NAdam", {}, "exp_avg exp_avg_sq mu_product step"),
    ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "momentum_decay": 0.1}, "exp_avg exp_avg_sq mu_product step"),
    (
        "NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True},
        "exp_avg exp_avg_sq mu_product step",
    ),
    ("RAdam", {}, "exp_avg exp_avg_sq step"),
    ("RAdam", {"lr": 0.1, "weight_decay": 0.1}, "exp_avg exp_avg_sq step"),
    (
        "RAdam", {"decoupled_weight_decay": True, "weight_decay": 0.1, "betas": (0.8, 0.9), "maximize": True},
        "exp_avg exp_avg_sq step",
    ),
    ("Rprop", {}, "prev step step_size"),
    ("Rprop", {"lr": 0.1, "etas": (0.3, 1.5), "step_sizes": (0.05, 0.15), "maximize": True}, "prev step step_size"),
    ("ASGD", {}, "ax eta mu step"),
    ("ASGD", {"t0": 2, "lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1, "lr": 0.1, "maximize": True}, "ax eta mu step"),
]  # fmt: skip
NAMES = sorted({name for name, _, _ in CASES})


def by_hand(name, p, gradients):
    """The default formula as its paper writes it, over float64 NumPy arrays."""
    if name == "RMSprop":
        v = 0.0
        for g in gradients:
            v = 0.99 * v + 0.01 * g * g
            p = p - 0.01 * g / (np.sqrt(v) + 1e-8)
    elif name == "Adagrad":
        total = 0.0
        for g in gradients:
            total = total + g * g
            p = p - 0.01 * g / (np.sqrt(total) + 1e-10)
    elif name == "Adadelta":
        v = u = 0.0
        for g in gradients:
            v = 0.9 * v + 0.1 * g * g
            step = np.sqrt(u + 1e-6) / np.sqrt(v + 1e-6) * g
            u = 0.9 * u + 0.1 * step * step
            p = p - step
    elif name == "Adamax":
        m = u = 0.0
        for t, g in enumerate(gradients, 1):
            m = 0.9 * m + 0.1 * g
            u = np.maximum(0.999 * u, np.abs(g) + 1e-8)
            p = p - 0.002 / (1 - 0.9**t) * m / u
    elif name in ("NAdam", "RAdam"):
        m = v = 0.0
        product = 1.0
        for t, g in enumerate(gradients, 1):
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            if name == "NAdam":
                now, after = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
                product *= now
                ahead = (1 - now) / (1 - product) * g + after / (1 - product * after) * m
                p = p - 0.002 * ahead / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
                continue
            most = 2 / (1 - 0.999) - 1
            rho = most - 2 * t * 0.999**t / (1 - 0.999**t)
            step = 0.001 * m / (1 - 0.9**t)
            if rho > 5:
                known = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)
                step = step * np.sqrt(known) * np.sqrt(1 - 0.999**t) / (np.sqrt(v) + 1e-8)
            p = p - step
    elif name == "Rprop":
        before, size = 0.0 * p, 0.01 + 0.0 * p
        for g in gradients:
            same = np.sign(g * before)
            size = np.clip(size * np.where(same > 0, 1.2, np.where(same < 0, 0.5, 1)), 1e-6, 50)
            g = np.where(same < 0, 0, g)
            p = p - np.sign(g) * size
            before = g
    else:
        for t, g in enumerate(gradients):
            eta = 0.01 / (1 + 1e-4 * 0.01 * t) ** 0.75
            p = p * (1 - 1e-4 * eta) - eta * g
    return p


@pytest.mark.parametrize("name", NAMES)
def test_steps_follow_the_paper(name, rng):
    values = [rng.standard_normal(s) for s in SHAPES]
    gradients = [[rng.standard_normal(s) for s in SHAPES] for _ in range(8)]
    params = parameters(values)
    optimizer = getattr(gt.optim, name)(params)
    for g in gradients:
        give(params, g)
        optimizer.step()
    # eta of ASGD and the product of NAdam's momenta are kept in float32, as PyTorch keeps them
    rounded = 1e-7 if name in ("ASGD", "NAdam") else 0
    for n, p in enumerate(params):
        want = by_hand(name, values[n], [g[n] for g in gradients])
        np.testing.assert_allclose(p.detach().numpy(), want, rtol=1e-12 + rounded, atol=1e-12 + rounded)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_minimised(name):
    (p,) = parameters([np.array([2.0, -1.0])])
    lr = {"Adadelta": 20.0, "Adagrad": 0.5, "Adamax": 0.1, "NAdam": 0.1, "RAdam": 0.1}.get(name, 0.05)
    optimizer = getattr(gt.optim, name)([p], lr=lr)
    for _ in range(300):
        optimizer.zero_grad()
        loss = ((p - gt.tensor([0.5, 0.25])) ** 2).sum()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.02


@pytest.mark.parametrize(("name", "options", "state"), CASES)
def test_the_state_has_pytorchs_names_and_survives_copies(name, options, state, drawn):
    values, gradients = drawn(*SHAPES)
    params = parameters(values)
    optimizer = getattr(gt.optim, name)(params, **options)
    give(params, gradients)
    optimizer.step()
    for p in params:
        assert " ".join(sorted(optimizer.state[p])) == " ".join(sorted(state.split()))
    others = [gt.nn.Parameter(p.detach().clone()) for p in params]
    other = getattr(gt.optim, name)(others, **options)
    other.load_state_dict(pickle.loads(pickle.dumps(optimizer.state_dict())))
    for pair in ((optimizer, params), (other, others)):
        give(pair[1], gradients)
        pair[0].step()
    # loading gives NAdam's product the dtype of its parameter, as in PyTorch: float64, which then rounds less
    rtol = 1e-9 if name == "NAdam" else 0
    for p, q in zip(params, others, strict=True):
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=rtol, atol=rtol)
    assert repr(copy.deepcopy(optimizer)) == repr(optimizer)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("options", [{"lr": -1.0}, {"weight_decay": -0.1}, {"eps": -1e-3}, {"lr": "a"}])
def test_rates_out_of_range_are_refused(name, options):
    make = getattr(gt.optim, name)
    if next(iter(options)) not in make.__init__.__code__.co_varnames:
        return
    with pytest.raises((ValueError, TypeError), match=r"lr|learning rate|weight_decay|epsilon"):
        make(parameters([np.ones(2)]), **options)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("RMSprop", {"momentum": -1}, "Invalid momentum value: -1"),
        ("RMSprop", {"alpha": -1}, "Invalid alpha value: -1"),
        ("Adagrad", {"lr_decay": -1}, "Invalid lr_decay value: -1"),
        ("Adagrad", {"initial_accumulator_value": -1}, "Invalid initial_accumulator_value value: -1"),
        ("Adadelta", {"rho": 2.0}, "Invalid rho value: 2.0"),
        ("NAdam", {"momentum_decay": -1}, "Invalid momentum_decay value: -1"),
        ("Rprop", {"etas": (1.5, 1.2)}, "Invalid eta values: 1.5, 1.2"),
        ("Adamax", {"betas": (0.9, 1.0)}, "Invalid beta parameter at index 1: 1.0"),
    ],
)
def test_other_options_out_of_range_are_refused(name, options, words):
    with pytest.raises(ValueError, match=words):
        getattr(gt.optim, name)(parameters([np.ones(2)]), **options)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "Rprop"])
def test_a_step_can_be_recorded(name):
    lr = gt.tensor(0.1, requires_grad=True, dtype=gt.float64)
    start = gt.nn.Parameter(gt.tensor([1.0, 2.0], dtype=gt.float64))
    w = start.clone()
    optimizer = getattr(gt.optim, name)([w], lr=lr if name != "ASGD" else 0.1, differentiable=True)
    w.grad = gt.tensor([0.5, -0.25], dtype=gt.float64)
    optimizer.step()
    w.sum().backward()
    np.testing.assert_allclose(start.grad.numpy(), [1.0, 1.0], rtol=1e-4)
    if name != "ASGD":
        assert abs(lr.grad.item()) >= 0


@pytest.mark.torch
@pytest.mark.parametrize(("name", "options", "state"), CASES)
def test_steps_are_pytorchs(name, options, state, trained, assert_same):
    one, two, ours, theirs = trained(
        lambda lib, params: getattr(lib.optim, name)(params, **options), SHAPES, steps=12, missing={(3, 1), (4, 0)}
    )
    # PyTorch multiplies NAdam's momenta in float32 before it rounds them
    assert_same(ours, theirs, rtol=1e-6 if name == "NAdam" else 1e-10)
    assert set(one.param_groups[0]) == set(two.param_groups[0])
    for p, q in zip(ours, theirs, strict=True):
        for key, value in two.state[q].items():
            np.testing.assert_allclose(one.state[p][key].numpy(), value.numpy(), rtol=1e-6, atol=1e-12)
            assert str(one.state[p][key].dtype).split(".")[1] == str(value.dtype).split(".")[1]


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_complex_parameters_step_as_pairs_of_numbers(name, torch, rng):
    z = rng.standard_normal((6, 3)) + 1j * rng.standard_normal((6, 3))
    p, q = gt.nn.Parameter(gt.tensor(z)), torch.nn.Parameter(torch.tensor(z))
    one, two = getattr(gt.optim, name)([p]), getattr(torch.optim, name)([q], foreach=False)
    for _ in range(4):
        g = rng.standard_normal((6, 3)) + 1j * rng.standard_normal((6, 3))
        p.grad, q.grad = gt.tensor(g), torch.tensor(g)
        one.step()
        two.step()
    np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=1e-7)


@pytest.mark.torch
@pytest.mark.parametrize(("name", "options", "state"), CASES)
def test_state_dicts_load_into_pytorchs_optimizer_and_back(name, options, state, trained, assert_same, rng):
    import torch

    one, two, ours, theirs = trained(lambda lib, params: getattr(lib.optim, name)(params, **options), SHAPES, steps=3)

    def plain(value, to):
        if isinstance(value, dict):
            return {k: plain(v, to) for k, v in value.items()}
        return to(value.numpy()) if hasattr(value, "numpy") else value

    three = getattr(torch.optim, name)(theirs, **options)
    three.load_state_dict(plain(one.state_dict(), lambda a: torch.tensor(np.asarray(a))))
    four = getattr(gt.optim, name)(ours, **options)
    four.load_state_dict(plain(two.state_dict(), gt.tensor))
    gradients = [rng.standard_normal(s) for s in SHAPES]
    give(ours, gradients)
    for p, g in zip(theirs, gradients, strict=True):
        p.grad = torch.tensor(np.asarray(g))
    three.step()
    four.step()
    assert_same(ours, theirs, rtol=1e-6 if name == "NAdam" else 1e-10)


@pytest.mark.parametrize("name", [*NAMES, "Adam"])
def test_a_state_of_another_optimizer_is_refused_and_nothing_changes(name):
    (p,) = parameters([np.ones(2)])
    optimizer = getattr(gt.optim, name)([p])
    saved = optimizer.state_dict()
    before = repr(saved)
    saved["state"] = {0: {"foo": gt.tensor(3.0)}}
    with pytest.raises(ValueError, match=r"the state of parameter 0 of group 0 lacks \[.*'step'.*it has \['foo'\]"):
        optimizer.load_state_dict(saved)
    assert repr(optimizer.state_dict()) == before
