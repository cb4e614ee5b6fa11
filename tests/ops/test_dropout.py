"""Dropout: what is dropped, by which draws, and what stays as it is."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F

EVERY = [F.dropout, F.dropout1d, F.dropout2d, F.dropout3d, F.alpha_dropout, F.feature_alpha_dropout]


def batch_for(drop, *sizes):
    """Ones of as many dims as a function takes for a batch."""
    dims = {F.dropout1d: 1, F.dropout2d: 2, F.dropout3d: 3}.get(drop, 2)
    return gt.ones(*(sizes or (40, 50)), *[2] * dims)


@pytest.mark.parametrize("drop", EVERY)
def test_without_training_or_with_p_0_the_input_comes_back_itself(drop):
    x = batch_for(drop)
    assert drop(x, 0.5, training=False) is x
    assert drop(x, 0.0, training=True) is x


@pytest.mark.parametrize("drop", EVERY)
def test_p_1_drops_everything_and_its_gradient(drop):
    x = batch_for(drop).requires_grad_()
    out = drop(x, 1.0, training=True)
    out.sum().backward()
    assert not out.any()
    assert not x.grad.any()


@pytest.mark.parametrize("drop", [F.dropout, F.dropout1d, F.dropout2d, F.dropout3d])
def test_what_is_kept_is_scaled_and_passes_its_gradient_scaled(drop):
    gt.manual_seed(1)
    x = batch_for(drop).requires_grad_()
    out = drop(x, 0.25)
    values = np.unique(out.detach().numpy())
    np.testing.assert_allclose(values, [0, 1 / 0.75], rtol=1e-6)
    assert abs(float(out.mean()) - 1) < 0.05
    out.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), out.detach().numpy())


@pytest.mark.parametrize("drop", [F.dropout1d, F.dropout2d, F.dropout3d])
def test_whole_channels_are_dropped(drop):
    gt.manual_seed(2)
    out = drop(batch_for(drop), 0.5).numpy().reshape(2000, -1)
    assert (out == out[:, :1]).all()
    assert 800 < (out[:, 0] == 0).sum() < 1200


def test_a_channel_without_a_batch_is_dropped_as_a_whole():
    gt.manual_seed(3)
    out = F.dropout1d(gt.ones(200, 5)).numpy()
    assert (out == out[:, :1]).all()
    assert 0 < out[:, 0].sum() < 400


@pytest.mark.parametrize("drop", [F.alpha_dropout, F.feature_alpha_dropout])
def test_alpha_dropout_keeps_mean_and_variance(drop):
    gt.manual_seed(4)
    x = gt.randn(500, 400)
    out = drop(x, 0.3, training=True)
    assert abs(float(out.mean())) < 0.01
    assert abs(float(out.var()) - 1) < 0.02
    # two lines: a * x + b for what is kept, one value for what is not
    assert len(np.unique(out.numpy()[x.numpy() != 0].round(4))) < x.numel()


@pytest.mark.parametrize("drop", EVERY)
def test_in_place_is_the_same_draw_in_the_memory_of_the_input(drop):
    gt.manual_seed(5)
    out = drop(batch_for(drop), 0.5, training=True)
    gt.manual_seed(5)
    x = batch_for(drop)
    assert drop(x, 0.5, training=True, inplace=True) is x
    np.testing.assert_allclose(x.numpy(), out.numpy(), rtol=1e-6)


def test_the_draws_are_bernoulli_s_of_the_generator():
    gt.manual_seed(6)
    out = F.dropout(gt.ones(1000), 0.5)
    gt.manual_seed(6)
    wanted = gt.bernoulli(gt.full((1000,), 0.5))
    np.testing.assert_array_equal((out != 0).numpy(), (wanted != 0).numpy())


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16, gt.float64])
def test_the_dtype_stays(dtype):
    assert F.dropout(gt.ones(3, dtype=dtype), 0.3).dtype is dtype
    assert F.alpha_dropout(gt.ones(3, dtype=dtype), 0.3, True).dtype is dtype


@pytest.mark.parametrize("drop", EVERY)
def test_bad_arguments_get_a_sentence(drop):
    for p in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="p must be a probability between 0 and 1"):
            drop(batch_for(drop), p)
    with pytest.raises(TypeError, match="must be a Tensor, got list"):
        drop([1.0], 0.5)
    with pytest.raises(TypeError, match="expected a floating-point tensor, got int64"):
        drop(batch_for(drop).long(), 0.5, training=True)


def test_other_numbers_of_dims_are_refused_or_warned_of():
    with pytest.raises(ValueError, match="dropout1d: expected input of shape"):
        F.dropout1d(gt.ones(3))
    with pytest.raises(ValueError, match="feature_alpha_dropout: input needs at least 2 dims"):
        F.feature_alpha_dropout(gt.ones(3), 0.5, True)
    with pytest.warns(UserWarning, match="dropout2d: expected input of shape"):
        F.dropout2d(gt.ones(3, 4))


@pytest.mark.parametrize(
    ("call", "count"),
    [(lambda x: F.rrelu(x, 0.1, 0.3, training=True), 2), (lambda x: F.gumbel_softmax(x, hard=True), None)],
)
def test_random_activations_draw_anew_each_time(call, count):
    gt.manual_seed(7)
    x = -gt.ones(50, 8)
    first, second = call(x).numpy(), call(x).numpy()
    assert (first != second).any()
    gt.manual_seed(7)
    np.testing.assert_array_equal(call(x).numpy(), first)


def test_rrelu_draws_slopes_between_its_bounds_and_takes_the_mean_outside_of_training():
    x = gt.tensor([-1.0] * 1000 + [2.0]).requires_grad_()
    out = F.rrelu(x, 0.1, 0.3, training=True)
    slopes = -out.detach().numpy()[:-1]
    assert 0.1 <= slopes.min() < 0.12
    assert 0.28 < slopes.max() <= 0.3
    out.sum().backward()
    np.testing.assert_allclose(x.grad.numpy()[:-1], slopes, rtol=1e-5)
    assert F.rrelu(x, 0.1, 0.3)[0].item() == pytest.approx(-0.2)
    with pytest.raises(ValueError, match="rrelu: lower must not be above upper"):
        F.rrelu(x, 0.3, 0.1)


def test_gumbel_softmax_samples_by_the_logits_and_a_hard_sample_has_the_soft_gradient():
    gt.manual_seed(8)
    logits = gt.tensor([0.0, np.log(3.0)]).expand(4000, 2).clone().requires_grad_()
    hard = F.gumbel_softmax(logits, hard=True)
    np.testing.assert_allclose(np.unique(hard.detach().numpy().round(6)), [0, 1])
    assert abs(float(hard[:, 1].mean()) - 0.75) < 0.03
    (hard * gt.tensor([1.0, 2.0])).sum().backward()
    assert logits.grad.abs().sum().item() > 0


def test_channels_last_is_kept():
    x = gt.ones(2, 3, 4, 5).contiguous(memory_format=gt.channels_last)
    for out in (gt.nn.functional.dropout(x), gt.nn.functional.alpha_dropout(x, training=True)):
        assert out.is_contiguous(memory_format=gt.channels_last)
        assert 0 < (out == out.flatten()[0]).sum() < 120


@pytest.mark.parametrize("drop", [F.dropout, F.dropout1d, F.alpha_dropout])
def test_a_call_that_fails_in_place_leaves_the_generator_as_it_was(drop):
    leaf = batch_for(drop, 3, 4).requires_grad_()
    gt.manual_seed(3)
    before = gt.get_rng_state().tolist()
    with pytest.raises(gt.errors.GradError, match=f"^{drop.__name__}: this tensor is a leaf that requires grad"):
        drop(leaf, 0.5, training=True, inplace=True)
    assert gt.get_rng_state().tolist() == before
    assert bool((leaf == 1).all())
