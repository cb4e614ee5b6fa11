"""Normalizations: running statistics, 16-bit floats, memory formats, arguments, second derivatives."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree


@pytest.fixture
def rng():
    return np.random.default_rng(9)


def test_training_moves_the_running_statistics_and_evaluation_uses_them(rng):
    x = rng.standard_normal((6, 3, 4)) * 2 + 5
    mean, var = gt.zeros(3, dtype=gt.float64), gt.ones(3, dtype=gt.float64)
    F.batch_norm(gt.from_numpy(x), mean, var, training=True, momentum=0.25)
    np.testing.assert_allclose(mean.numpy(), 0.25 * x.mean((0, 2)))
    np.testing.assert_allclose(var.numpy(), 0.75 + 0.25 * x.var((0, 2), ddof=1))
    kept = mean.numpy().copy()
    out = F.batch_norm(gt.from_numpy(x), mean, var, eps=0.0)
    np.testing.assert_allclose(out.numpy(), (x - kept[:, None]) / np.sqrt(var.numpy())[:, None])
    np.testing.assert_array_equal(mean.numpy(), kept)


def test_running_statistics_are_outside_of_the_graph_but_their_change_is_seen_by_it():
    x = gt.randn(4, 2, requires_grad=True)
    mean, var = gt.zeros(2), gt.ones(2)
    before = (mean * x).sum()
    F.batch_norm(x, mean, var, training=True)
    assert not mean.requires_grad
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        before.backward()


def test_instance_norm_averages_the_statistics_over_the_batch(rng):
    x = rng.standard_normal((5, 3, 8))
    mean, var = gt.zeros(3, dtype=gt.float64), gt.zeros(3, dtype=gt.float64)
    F.instance_norm(gt.from_numpy(x), mean, var, momentum=1.0)
    np.testing.assert_allclose(mean.numpy(), x.mean(2).mean(0))
    np.testing.assert_allclose(var.numpy(), x.var(2, ddof=1).mean(0))


def test_a_call_that_failed_leaves_the_running_statistics_alone():
    mean, var = gt.zeros(2), gt.ones(2)
    with pytest.raises(gt.errors.ShapeError, match=r"weight must have shape \(2,\)"):
        F.batch_norm(gt.randn(4, 2), mean, var, gt.ones(3), training=True)
    assert mean.tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16])
def test_16_bit_floats_are_computed_in_float32(rng, dtype):
    # 200 lies where neighbours of bfloat16 are 1 apart: means and differences in 16 bits would be useless
    x = gt.from_numpy((rng.standard_normal((2, 512)) * 4 + 200).astype(np.float32)).to(dtype)
    for norm in (
        lambda t: F.layer_norm(t, (512,)),
        lambda t: F.group_norm(t, 1),
        lambda t: F.batch_norm(t.reshape(1024, 1), None, None, training=True),
        lambda t: F.instance_norm(t.reshape(1, 2, 512)),
        lambda t: F.rms_norm(t, (512,)),
    ):
        out = norm(x)
        assert out.dtype is dtype
        np.testing.assert_allclose(out.float().numpy(), norm(x.float()).numpy(), rtol=0.01, atol=0.01)


def test_a_small_variance_beside_a_large_mean_is_not_lost():
    x = gt.from_numpy(np.array([[4096.0, 4096.5, 4097.0, 4097.5]], np.float32))
    out = F.layer_norm(x, (4,), eps=0.0)
    np.testing.assert_allclose(out.numpy(), [[-1.3416408, -0.4472136, 0.4472136, 1.3416408]], rtol=1e-5)


def test_parameters_in_float32_beside_16_bit_inputs_give_16_bits():
    out = F.layer_norm(gt.randn(2, 4).bfloat16(), (4,), gt.ones(4), gt.zeros(4))
    assert out.dtype is gt.bfloat16


def test_channels_last_stays_channels_last():
    x = gt.randn(2, 4, 3, 5).contiguous(memory_format=gt.channels_last)
    for out in (F.batch_norm(x, None, None, training=True), F.group_norm(x, 2)):
        assert out.is_contiguous(memory_format=gt.channels_last)


def test_a_layer_whose_parameters_have_its_input_s_shape_shares_no_gradient():
    x = gt.randn(3, requires_grad=True)
    bias = gt.zeros(3, requires_grad=True)
    out = F.layer_norm(x, (3,), None, bias)
    g = gt.ones(3)
    out.backward(g)
    bias.grad.mul_(2)
    assert g.tolist() == [1, 1, 1]


def test_values_may_be_written_after_the_norm():
    x = gt.randn(4, 3, requires_grad=True)
    w = gt.ones(3, requires_grad=True)
    F.relu(F.layer_norm(x, (3,), w, None), inplace=True).sum().backward()
    assert x.grad is not None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: F.batch_norm(gt.ones(1, 3), None, None, training=True), "more than 1 value a channel"),
        (lambda: F.batch_norm(gt.ones(2, 3), None, None), "running_mean and running_var are needed"),
        (lambda: F.batch_norm(gt.ones(3), None, None, training=True), r"\(batch, channel, …\)"),
        (lambda: F.batch_norm(gt.ones(2, 3), gt.ones(2), gt.ones(3)), r"running_mean must have shape \(3,\)"),
        (lambda: F.instance_norm(gt.ones(2, 3, 1)), "more than 1 element in space"),
        (lambda: F.instance_norm(gt.ones(2, 3, 4), use_input_stats=False), "are needed with use_input_stats=False"),
        (lambda: F.layer_norm(gt.ones(2, 3), (4,)), r"must be normalized_shape \(4,\)"),
        (lambda: F.layer_norm(gt.ones(2, 3), (3,), gt.ones(2)), r"weight must have shape \(3,\)"),
        (lambda: F.layer_norm(gt.ones(2, 3), ()), "at least one dim"),
        (lambda: F.rms_norm(gt.ones(3), (2, 3)), r"must be normalized_shape \(2, 3\)"),
        (lambda: F.group_norm(gt.ones(2, 4), 3), "does not divide the 4 channels"),
        (lambda: F.local_response_norm(gt.ones(2, 4), 3), "at least 3 dims"),
    ],
)
def test_shapes_that_do_not_fit_get_a_sentence(call, words):
    with pytest.raises(gt.errors.ShapeError, match=words):
        call()


def test_integers_and_other_types_are_refused():
    with pytest.raises(TypeError, match="layer_norm: expected a floating-point tensor, got int64"):
        F.layer_norm(gt.ones(2, 3).long(), (3,))
    with pytest.raises(TypeError, match="normalized_shape must be a tuple of ints"):
        F.layer_norm(gt.ones(2, 3), 3)
    with pytest.raises(TypeError, match="batch_norm: weight must be a Tensor or None, got float"):
        F.batch_norm(gt.ones(2, 3), None, None, 1.0, training=True)


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.batch_norm(A(24.).reshape(4, 3, 2), None, None, training=True)",
        "L.nn.functional.batch_norm(A(24.).reshape(4, 3, 2), A(3.), O(3), A(3.), O(3))",
        "L.nn.functional.batch_norm(A(24.).reshape(1, 3, 2, 4).contiguous(memory_format=L.channels_last), A(3.), O(3))",
        "L.nn.functional.batch_norm(Z(0, 3, 2), Z(3), O(3), training=True)",
        "L.nn.functional.batch_norm(O(2, 3), Z(2), O(3))",
        "L.nn.functional.batch_norm(O(2, 3).long(), Z(3), O(3))",
        "L.nn.functional.layer_norm(A(24.).reshape(4, 3, 2), (3, 2))",
        "L.nn.functional.layer_norm(O(2, 3), 3)",
        "L.nn.functional.layer_norm(O(2, 3), (2,))",
        "L.nn.functional.group_norm(A(24.).reshape(2, 4, 3), 2, A(4.), O(4))",
        "L.nn.functional.group_norm(O(2, 4), 3)",
        "L.nn.functional.instance_norm(A(16.).reshape(2, 2, 4) ** 2)",
        "L.nn.functional.instance_norm(O(2, 4, 1))",
        "L.nn.functional.rms_norm(T([1e-9, 1e-9]), (2,))",
        "L.nn.functional.rms_norm(T([1e-3, 1e-3]).bfloat16(), (2,))",
        "L.nn.functional.local_response_norm(A(12.).reshape(1, 4, 3), 2)",
    ],
)
def test_results_strides_and_errors_are_those_of_pytorch(code):
    agrees(code)


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(5, 4), (3, 4, 6), (2, 4, 3, 5)], ids=str)
def test_derivatives_are_those_of_pytorch(rng, shape):
    x, w, b = rng.standard_normal(shape), rng.standard_normal(4), rng.standard_normal(4)
    mean, var = rng.standard_normal(4), rng.random(4) + 0.5
    derivatives_agree(lambda F, x, w, b: F.batch_norm(x, None, None, w, b, True), x, w, b)
    derivatives_agree(lambda F, x, m, v, w, b: F.batch_norm(x, m.detach(), v.detach(), w, b), x, mean, var, w, b)
    derivatives_agree(lambda F, x, w, b: F.group_norm(x, 2, w, b), x, w, b, tol=1e-7)
    derivatives_agree(
        lambda F, x, w, b: F.layer_norm(x, shape[1:], w, b),
        x,
        rng.standard_normal(shape[1:]),
        rng.standard_normal(shape[1:]),
    )
    derivatives_agree(lambda F, x, w: F.rms_norm(x, shape[-1:], w), x, rng.standard_normal(shape[-1:]))
    derivatives_agree(lambda F, x: F.normalize(x), x)
    if len(shape) > 2:
        derivatives_agree(lambda F, x, w, b: F.instance_norm(x, None, None, w, b), x, w, b)
        derivatives_agree(lambda F, x: F.local_response_norm(x, 3, 0.1, 0.7, 0.8), x)


def test_parameters_of_another_dtype_are_taken_and_complex_ones_refused():
    x = gt.arange(12.0).reshape(3, 4)
    weight = gt.tensor([1.0, 2.0, 3.0, 4.0], dtype=gt.float64)
    for dtype in (gt.float16, gt.bfloat16, gt.float32):
        for call in (
            lambda x, w: F.layer_norm(x, (4,), w, w),
            lambda x, w: F.batch_norm(x, None, None, w, w, True),
            lambda x, w: F.batch_norm(x, w, w, w, w),
            lambda x, w: F.group_norm(x, 2, w, w),
        ):
            out = call(x.to(dtype), weight)
            assert out.dtype is dtype
            np.testing.assert_allclose(out.float().numpy(), call(x, weight.float()).numpy(), rtol=1e-2, atol=1e-2)
            with pytest.raises(gt.errors.DtypeError, match="and input is real"):
                call(x.to(dtype), weight + 1j)
