"""Adafactor: the paper's formula, its small state, and PyTorch's."""

import numpy as np
import pytest

import gputensor as gt

from .conftest import give, parameters

SHAPES = [(3, 4), (4,), (), (5, 2, 6), (20, 12)]


def by_hand(p, gradients, lr=0.01, eps2=1e-3, d=1.0):
    """Adafactor over one float64 matrix."""
    eps1 = np.finfo(np.float64).eps
    row, column = np.zeros((len(p), 1)), np.zeros((1, p.shape[1]))
    for t, g in enumerate(gradients, 1):
        keep = 1 - t**-0.8
        row = keep * row + (1 - keep) * (g * g).mean(1, keepdims=True)
        column = keep * column + (1 - keep) * (g * g).mean(0, keepdims=True)
        estimate = row * column / max(row.mean(), eps1)
        step = g / np.sqrt(np.maximum(estimate, eps1**2))
        size = max(eps2, np.sqrt((p * p).mean())) * min(lr, 1 / np.sqrt(t))
        p = p - size * step / max(1.0, np.sqrt((step * step).mean()) / d)
    return p


def test_steps_follow_the_paper(rng):
    value = rng.standard_normal((6, 4))
    gradients = [rng.standard_normal((6, 4)) for _ in range(4)]
    (p,) = parameters([value])
    optimizer = gt.optim.Adafactor([p])
    for g in gradients:
        give([p], [g])
        optimizer.step()
    np.testing.assert_allclose(p.detach().numpy(), by_hand(value, gradients), rtol=1e-12)


def test_a_matrix_keeps_its_rows_and_columns_alone():
    params = parameters([np.ones((30, 20)), np.ones(5)])
    give(params, [np.ones((30, 20)), np.ones(5)])
    optimizer = gt.optim.Adafactor(params)
    optimizer.step()
    first, second = (optimizer.state[p] for p in params)
    assert {name: tuple(t.shape) for name, t in first.items()} == {"step": (), "row_var": (30, 1), "col_var": (1, 20)}
    assert {name: tuple(t.shape) for name, t in second.items()} == {"step": (), "variance": (5,)}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"beta2_decay": 0.5}, "beta2_decay should be <= 0"),
        ({"eps": (-1.0, 1e-3)}, "epsilon1 should be >= 0"),
        ({"eps": (None, -1.0)}, "epsilon2 should be >= 0"),
        ({"d": 0.5}, "Clipping threshold d should be >= 1"),
        ({"lr": -1.0}, "Invalid learning rate"),
    ],
)
def test_options_out_of_range_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        gt.optim.Adafactor(parameters([np.ones(2)]), **options)


def test_complex_parameters_are_refused():
    with pytest.raises(gt.errors.DtypeError, match="complex parameters are not supported"):
        gt.optim.Adafactor([gt.nn.Parameter(gt.ones(2, dtype=gt.complex64))])


@pytest.mark.torch
@pytest.mark.parametrize(
    "options",
    [{}, {"lr": 0.5, "weight_decay": 0.1, "eps": (1e-3, 1e-2), "d": 2.0, "maximize": True, "beta2_decay": -0.5}],
)
def test_steps_are_pytorchs(options, trained, assert_same):
    one, two, ours, theirs = trained(
        lambda lib, params: lib.optim.Adafactor(params, **options), SHAPES, steps=6, missing={(2, 0)}
    )
    assert_same(ours, theirs)
    assert set(one.param_groups[0]) == set(two.param_groups[0])
    for p, q in zip(ours, theirs, strict=True):
        assert list(one.state[p]) == list(two.state[q])
