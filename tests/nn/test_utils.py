"""Clipping gradients; parameters as one vector."""

import math

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn import utils


@pytest.fixture
def rng():
    return np.random.default_rng(4)


@pytest.fixture
def with_gradients(rng):
    """Parameters with gradients: small ones, one of float64, a large one; the last has none."""

    def make():
        shapes = [((2, 3), "float32"), ((), "float32"), ((5,), "float64"), ((200, 100), "float32"), ((0,), "float32")]
        params = []
        for shape, dtype in shapes:
            p = nn.Parameter(gt.zeros(shape, dtype=dtype))
            p.grad = gt.tensor(rng.standard_normal(shape), dtype=dtype)
            params.append(p)
        return [*params, nn.Parameter(gt.zeros(2))]

    return make


def joined(params):
    return np.concatenate([p.grad.double().numpy().ravel() for p in params if p.grad is not None])


@pytest.mark.parametrize("order", [2.0, 1.0, 3.0, math.inf, "inf"])
def test_the_norm_is_that_of_one_vector(with_gradients, order):
    params = with_gradients()
    total = utils.get_total_norm([p.grad for p in params if p.grad is not None and p.numel()], order)
    assert total.dtype == gt.float64
    assert total.item() == pytest.approx(np.linalg.norm(joined(params), float(order)), rel=1e-5)


def test_the_norm_of_one_tensor_and_of_none():
    assert utils.get_total_norm(gt.tensor([3.0, 4.0])).item() == 5.0
    assert utils.get_total_norm([]).item() == 0.0


def test_gradients_are_scaled_to_the_norm(with_gradients):
    params = with_gradients()
    before = joined(params)
    total = utils.clip_grad_norm_(params, 2.0)
    assert total.item() == pytest.approx(np.linalg.norm(before), rel=1e-5)
    assert np.linalg.norm(joined(params)) == pytest.approx(2.0, rel=1e-5)
    np.testing.assert_allclose(joined(params), before * (2.0 / np.linalg.norm(before)), rtol=1e-5)
    assert params[-1].grad is None


def test_small_gradients_stay(with_gradients):
    params = with_gradients()
    before = joined(params)
    utils.clip_grad_norm_(params, 1e6)
    np.testing.assert_array_equal(joined(params), before)


def test_the_gradient_tensors_stay_the_same_objects():
    w = nn.Parameter(gt.ones(2))
    w.grad = g = gt.tensor([3.0, 4.0])
    utils.clip_grad_norm_(w, 1.0)
    assert w.grad is g


def test_a_norm_that_is_not_finite_may_be_refused():
    w = nn.Parameter(gt.ones(2))
    w.grad = gt.tensor([math.inf, 1.0])
    with pytest.raises(RuntimeError, match="non-finite"):
        utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True)
    assert w.grad.tolist() == [math.inf, 1.0]
    assert utils.clip_grad_norm_([w], 1.0).item() == math.inf


def test_an_empty_generator_is_a_warning():
    with pytest.warns(UserWarning, match="empty generator"):
        assert utils.clip_grad_norm_((p for p in []), 1.0).item() == 0.0
    assert utils.clip_grad_norm_([], 1.0).item() == 0.0


def test_values_are_clamped(with_gradients):
    params = with_gradients()
    before = joined(params)
    utils.clip_grad_value_(params, 0.5)
    np.testing.assert_allclose(joined(params), np.clip(before, -0.5, 0.5))


def test_parameters_become_a_vector_and_back(rng):
    params = [nn.Parameter(gt.tensor(rng.standard_normal(s))) for s in [(2, 3), (), (4,)]]
    vector = utils.parameters_to_vector(params)
    assert vector.shape == (11,)
    (g,) = gt.autograd.grad((vector * vector).sum(), params[0])
    np.testing.assert_allclose(g.numpy(), 2 * params[0].detach().numpy())
    fresh = gt.arange(11, dtype=gt.float64)
    utils.vector_to_parameters(fresh, params)
    assert params[0].tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert params[1].item() == 6.0
    fresh[6] = 99.0
    assert params[1].item() == 99.0
    assert all(p.requires_grad and p.is_leaf for p in params)


def test_a_vector_that_does_not_fit_changes_nothing():
    params = [nn.Parameter(gt.ones(2)), nn.Parameter(gt.ones(2))]
    with pytest.raises(gt.errors.ShapeError, match="have 4 elements, the vector has 3"):
        utils.vector_to_parameters(gt.zeros(3), params)
    with pytest.raises(TypeError, match="expected a Tensor, got list"):
        utils.vector_to_parameters([0.0] * 4, params)
    assert params[0].tolist() == [1.0, 1.0]


@pytest.mark.torch
@pytest.mark.parametrize("order", [2.0, 1.0, math.inf])
def test_clipping_is_pytorchs(rng, order):
    torch = pytest.importorskip("torch")
    gradients = [rng.standard_normal(s) * 3 for s in [(3, 4), (5,), ()]]
    results = []
    for lib in (gt, torch):
        params = [lib.nn.Parameter(lib.zeros(g.shape, dtype=lib.float64)) for g in gradients]
        for p, g in zip(params, gradients, strict=True):
            p.grad = lib.tensor(g, dtype=lib.float64)
        total = lib.nn.utils.clip_grad_norm_(params, 1.0, norm_type=order)
        results.append(np.concatenate([[total.item()], *[p.grad.numpy().ravel() for p in params]]))
    np.testing.assert_allclose(results[0], results[1], rtol=1e-12)


def test_clipping_is_a_write_that_backward_sees():
    w = nn.Parameter(gt.ones(2))
    w.grad = gt.tensor([3.0, 4.0])
    seen = gt.ones(2, requires_grad=True)
    loss = (seen * w.grad).sum()
    utils.clip_grad_norm_(w, 1.0)
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        loss.backward()


def test_gradients_that_cannot_be_written_are_refused_with_words():
    w = nn.Parameter(gt.ones(3))
    w.grad = gt.ones(1).expand(3)
    with pytest.raises((RuntimeError, ValueError), match="clone"):
        utils.clip_grad_norm_(w, 0.5)
