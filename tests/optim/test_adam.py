"""Adam and AdamW: the formula, their options, and PyTorch's."""

import itertools

import numpy as np
import pytest

import gputensor as gt

from .conftest import give, parameters

SHAPES = [(3, 4), (4,), (), (2, 0), (120, 120)]
KINDS = ["Adam", "AdamW"]


def by_hand(p, gradients, lr=0.1, b1=0.9, b2=0.999, eps=1e-8):
    """Adam as the paper writes it, over float64 NumPy arrays."""
    m = v = 0.0
    for t, g in enumerate(gradients, 1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        p = p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return p


def test_steps_follow_the_paper(rng):
    values = [rng.standard_normal(s) for s in SHAPES]
    gradients = [[rng.standard_normal(s) for s in SHAPES] for _ in range(4)]
    params = parameters(values)
    optimizer = gt.optim.Adam(params, lr=0.1)
    for g in gradients:
        give(params, g)
        optimizer.step()
    for n, p in enumerate(params):
        np.testing.assert_allclose(p.detach().numpy(), by_hand(values[n], [g[n] for g in gradients]), rtol=1e-12)


def test_decoupled_decay_shrinks_the_parameter(drawn):
    values, gradients = drawn((3,))
    params = parameters(values)
    give(params, gradients)
    gt.optim.AdamW(params, lr=0.1, weight_decay=0.5).step()
    np.testing.assert_allclose(
        params[0].detach().numpy(), by_hand(values[0] * (1 - 0.1 * 0.5), [gradients[0]]), rtol=1e-12
    )


def test_the_state_is_pytorchs(drawn):
    values, gradients = drawn(*SHAPES)
    params = parameters(values)
    give(params, gradients)
    optimizer = gt.optim.Adam(params, lr=0.1, amsgrad=True)
    optimizer.step()
    for p, g in zip(params, gradients, strict=True):
        state = optimizer.state[p]
        assert list(state) == ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
        assert repr(state["step"]) == "tensor(1.)"
        np.testing.assert_allclose(state["exp_avg"].numpy(), 0.1 * g)
        np.testing.assert_allclose(state["exp_avg_sq"].numpy(), 0.001 * g * g)
        np.testing.assert_allclose(state["max_exp_avg_sq"].numpy(), 0.001 * g * g)


def test_gradients_that_are_not_finite_are_no_warning():
    (p,) = parameters([np.ones(3)])
    give([p], [np.array([np.inf, np.nan, 0.0])])
    gt.optim.Adam([p], lr=0.1).step()
    assert np.isnan(p.detach().numpy()[:2]).all()
    assert p.detach().numpy()[2] == 1.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lr": -1.0}, "Invalid learning rate: -1.0"),
        ({"eps": -1.0}, "Invalid epsilon value: -1.0"),
        ({"betas": (1.0, 0.9)}, "Invalid beta parameter at index 0: 1.0"),
        ({"betas": (0.9, -0.5)}, "Invalid beta parameter at index 1: -0.5"),
        ({"weight_decay": -1}, "Invalid weight_decay value: -1"),
        ({"betas": (0, 0.9)}, "either both floats or both Tensors"),
        ({"lr": gt.ones(2)}, "Tensor lr must be 1-element"),
        ({"lr": gt.ones(1), "foreach": True}, "lr as a Tensor is not supported"),
    ],
)
def test_bad_options_are_refused(kind, options, words):
    with pytest.raises(ValueError, match=words):
        getattr(gt.optim, kind)(parameters([np.ones(1)]), **options)


@pytest.mark.parametrize("options", [{"fused": True}, {"foreach": True}, {"capturable": True}])
def test_flags_make_no_difference(drawn, options):
    values, gradients = drawn((3, 4))
    results = []
    for given in ({}, options):
        params = parameters(values)
        give(params, gradients)
        gt.optim.Adam(params, lr=0.1, **given).step()
        results.append(params[0].tolist())
    assert results[0] == results[1]


def test_rates_may_be_tensors(drawn):
    values, gradients = drawn((3,))
    results = []
    for lr, betas in ((0.5, (0.5, 0.75)), (gt.tensor(0.5), (gt.tensor(0.5), gt.tensor(0.75)))):
        params = parameters(values)
        give(params, gradients)
        gt.optim.Adam(params, lr=lr, betas=betas).step()
        results.append(params[0].tolist())
    assert results[0] == results[1]


def test_a_differentiable_step_is_recorded():
    lr = gt.tensor(0.5, requires_grad=True)
    p = gt.ones(2, requires_grad=True) * 1
    p.retain_grad()
    optimizer = gt.optim.Adam([p], lr=lr, amsgrad=True, weight_decay=0.1, differentiable=True)
    p.grad = gt.tensor([2.0, -3.0])
    optimizer.step()
    (g,) = gt.autograd.grad((p * gt.tensor([1.0, 10.0])).sum(), lr)
    np.testing.assert_allclose(g.item(), 9.0, rtol=1e-4)


def test_complex_parameters_are_pairs_of_real_ones(rng):
    value = rng.standard_normal(3) + 1j * rng.standard_normal(3)
    gradient = rng.standard_normal(3) + 1j * rng.standard_normal(3)
    c = gt.nn.Parameter(gt.tensor(value))
    small = gt.nn.Parameter(gt.tensor(value[:1]))
    c.grad, small.grad = gt.tensor(gradient), gt.tensor(gradient[:1])
    gt.optim.Adam([c, small], lr=0.1).step()
    expected = by_hand(value.real, [gradient.real]) + 1j * by_hand(value.imag, [gradient.imag])
    np.testing.assert_allclose(c.detach().numpy(), expected)
    np.testing.assert_allclose(small.detach().numpy(), expected[:1])


OPTIONS = [
    dict(zip(("weight_decay", "amsgrad", "maximize"), values, strict=True))
    for values in itertools.product((0.0, 0.1), (False, True), (False, True))
]


@pytest.mark.torch
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_five_steps_are_pytorchs(trained, assert_same, kind, options):
    one, two, ours, theirs = trained(
        lambda lib, ps: getattr(lib.optim, kind)(ps, lr=0.1, betas=(0.8, 0.95), eps=1e-3, **options), SHAPES
    )
    assert_same(ours, theirs)
    for p, q in zip(ours, theirs, strict=True):
        assert list(one.state[p]) == list(two.state[q])
        for name in one.state[p]:
            assert_same([one.state[p][name]], [two.state[q][name]])


@pytest.mark.torch
@pytest.mark.parametrize("kind", KINDS)
def test_parameters_without_gradient_wait_as_pytorchs(trained, assert_same, kind):
    one, two, ours, theirs = trained(
        lambda lib, ps: getattr(lib.optim, kind)(ps, lr=0.1),
        SHAPES,
        steps=6,
        missing={(0, 0), (0, 3), (2, 1), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4), (4, 0)},
    )
    assert_same(ours, theirs)
    steps = [one.state[p]["step"].item() for p in ours]
    assert steps == [two.state[q]["step"].item() for q in theirs] == [3.0, 4.0, 5.0, 4.0, 5.0]


@pytest.mark.torch
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_other_dtypes_are_near_pytorchs(trained, assert_same, kind, dtype):
    # PyTorch rounds to the parameter's dtype after every operation, we once a step
    step = {"float32": 2**-23, "float16": 2**-10, "bfloat16": 2**-7}[dtype]
    one, _, ours, theirs = trained(
        lambda lib, ps: getattr(lib.optim, kind)(ps, lr=0.1, eps=1e-3),
        [(3, 4), (4,)],
        dtype=dtype,
        steps=3,
    )
    assert one.state[ours[0]]["exp_avg"].dtype == getattr(gt, dtype)
    assert_same(ours, theirs, rtol=0, atol=8 * step)
