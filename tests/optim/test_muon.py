"""Muon: nearly orthogonal steps, and PyTorch's."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.optim.muon import orthogonalized

from .conftest import give, parameters


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4)])
def test_the_step_has_the_singular_vectors_of_the_momentum_and_values_near_one(shape, rng):
    g = rng.standard_normal(shape)
    step = orthogonalized(gt.ones(1).xp, g, (3.4445, -4.775, 2.0315), 5, 1e-7)
    u, s, v = np.linalg.svd(g, full_matrices=False)
    values = np.diag(u.T @ step @ v.T)
    np.testing.assert_allclose(u * values @ v, step, atol=1e-5)
    assert ((values > 0.5) & (values < 1.5))[s > 0.1].all()


def test_a_step_by_hand():
    (w,) = parameters([np.eye(3)])
    give([w], [2 * np.eye(3)])
    optimizer = gt.optim.Muon([w], lr=0.1, weight_decay=0.5, momentum=0.0)
    optimizer.step()
    step = orthogonalized(w.xp, np.eye(3), (3.4445, -4.775, 2.0315), 5, 1e-7)
    np.testing.assert_allclose(w.detach().numpy(), np.eye(3) * 0.95 - 0.1 * step, rtol=1e-5)
    assert list(optimizer.state[w]) == ["momentum_buffer"]


def test_what_is_no_matrix_is_refused():
    with pytest.raises(ValueError, match="Muon only supports 2D parameters"):
        gt.optim.Muon(parameters([np.ones(3)]))
    with pytest.raises(ValueError, match="momentum should be >= 0"):
        gt.optim.Muon(parameters([np.eye(3)]), momentum=-1.0)
    with pytest.raises(ValueError, match="adjust_lr_fn must be None, 'original' or 'match_rms_adamw'"):
        gt.optim.Muon(parameters([np.eye(3)]), adjust_lr_fn="other")


@pytest.mark.torch
@pytest.mark.parametrize(
    "options", [{}, {"lr": 0.02, "nesterov": False, "adjust_lr_fn": "match_rms_adamw"}, {"ns_steps": 3}]
)
def test_steps_are_pytorchs(options, trained, assert_same):
    one, two, ours, theirs = trained(
        lambda lib, params: lib.optim.Muon(params, **options), [(3, 4), (20, 12), (12, 30)], steps=4
    )
    # PyTorch iterates in bfloat16, which has three digits, and we in float32
    assert_same(ours, theirs, rtol=0, atol=0.02 * 4 * options.get("lr", 1e-3) * 30**0.5)
    assert set(one.param_groups[0]) == set(two.param_groups[0])
