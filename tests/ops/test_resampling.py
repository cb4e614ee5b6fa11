"""Interpolation, grids and patches: values by hand, layouts, dtypes, long axes, odd places, refusals."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F
from gputensor.ops import interpolation


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "bicubic", "area"])
def test_a_constant_image_stays_constant_at_any_size(mode):
    for size in ((1, 1), (2, 9), (7, 3)):
        out = F.interpolate(gt.full((1, 2, 4, 5), 3.0), size, mode=mode)
        np.testing.assert_allclose(out.numpy(), np.full((1, 2, *size), 3.0), rtol=1e-6)


def test_antialiasing_averages_what_a_smaller_image_covers():
    x = gt.tensor([[[[0.0, 8.0, 0.0, 8.0, 0.0, 8.0, 0.0, 8.0]]]])
    assert F.interpolate(x, (1, 4), mode="nearest").tolist() == [[[[0, 0, 0, 0]]]]
    smooth = F.interpolate(x, (1, 4), mode="bilinear", antialias=True)
    np.testing.assert_allclose(smooth[..., 1:3].numpy(), [[[[4, 4]]]], atol=1e-5)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_gathering_and_matrices_give_the_same(rng, monkeypatch, mode):
    x = gt.from_numpy(rng.standard_normal((2, 3, 6, 5))).requires_grad_()
    results = []
    for limit in (1 << 22, 0):
        monkeypatch.setattr(interpolation, "_DENSE", limit)
        out = F.interpolate(x, (9, 4), mode=mode)
        (g,) = gt.autograd.grad(out.square().sum(), x)
        results.append((out.detach().numpy(), g.numpy()))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_a_long_axis_needs_no_matrix():
    x = gt.arange(200_000.0, dtype=gt.float64).reshape(1, 1, -1)
    out = F.interpolate(x, 399_999, mode="linear", align_corners=True)
    np.testing.assert_allclose(out[0, 0, ::1000].numpy(), np.arange(399_999)[::1000] / 2, rtol=1e-12)


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic", "area"])
def test_images_with_channels_last_stay_so(rng, mode):
    x = gt.from_numpy(rng.standard_normal((2, 3, 5, 4)))
    last = x.contiguous(memory_format=gt.channels_last)
    for size in ((7, 3), (5, 4), (10, 8)):
        out = F.interpolate(last, size, mode=mode)
        assert out.is_contiguous(memory_format=gt.channels_last)
        np.testing.assert_allclose(out.numpy(), F.interpolate(x, size, mode=mode).numpy())


def test_a_result_of_the_same_size_is_a_copy():
    x = gt.ones(1, 1, 3)
    for mode in ("nearest", "linear"):
        out = F.interpolate(x, 3, mode=mode)
        out += 1
        assert x.tolist() == [[[1, 1, 1]]]


def test_bytes_are_rounded_and_kept_in_range():
    x = gt.tensor([[[[0, 255, 0, 255]]]], dtype=gt.uint8)
    assert F.interpolate(x, (1, 8)).dtype is gt.uint8
    assert F.interpolate(x, (1, 2), mode="bilinear").tolist() == [[[[128, 128]]]]
    out = F.interpolate(x, (1, 9), mode="bicubic")
    assert out.dtype is gt.uint8
    assert (out.min().item(), out.max().item()) == (0, 255)


def test_16_bit_floats_are_computed_in_float32(rng):
    x = rng.standard_normal((1, 2, 5, 6)).astype(np.float16)
    out = F.interpolate(gt.from_numpy(x), (3, 7), mode="bicubic")
    wide = F.interpolate(gt.from_numpy(x.astype(np.float32)), (3, 7), mode="bicubic")
    np.testing.assert_array_equal(out.numpy(), wide.numpy().astype(np.float16))


def test_the_gradient_of_a_repeated_element_is_its_count():
    x = gt.ones(1, 1, 2, requires_grad=True)
    F.interpolate(x, 5).sum().backward()
    assert x.grad.tolist() == [[[3, 2]]]


def test_the_identity_samples_the_image_itself(rng):
    x = gt.from_numpy(rng.standard_normal((2, 3, 4, 5)))
    same = gt.eye(2, 3, dtype=gt.float64).expand(2, 2, 3)
    for align in (True, False):
        grid = F.affine_grid(same, x.shape, align_corners=align)
        for mode in ("bilinear", "nearest", "bicubic"):
            out = F.grid_sample(x, grid, mode, align_corners=align)
            np.testing.assert_allclose(out.numpy(), x.numpy(), atol=1e-12)


def test_places_outside_are_zero_or_on_the_border_or_reflected():
    x = gt.tensor([[[[1.0, 2.0, 3.0]]]])
    grid = gt.tensor([[[[-3.0, 0.0], [3.0, 0.0]]]])
    for padding, expected in (("zeros", [0, 0]), ("border", [1, 3]), ("reflection", [3, 1])):
        out = F.grid_sample(x, grid, padding_mode=padding, align_corners=True)
        assert out.flatten().tolist() == expected


def test_odd_places_do_no_harm():
    x = gt.ones(1, 1, 3, 3, requires_grad=True)
    odd = [float("nan"), float("inf"), float("-inf"), 1e30]
    grid = gt.tensor([[[[value, 0.0] for value in odd]]])
    for mode in ("bilinear", "nearest", "bicubic"):
        for padding in ("zeros", "border", "reflection"):
            out = F.grid_sample(x, grid, mode, padding, align_corners=False)
            assert out.shape == (1, 1, 1, 4)


def test_the_gradient_of_nearest_places_is_zero():
    x, grid = gt.ones(1, 1, 2, 2), gt.zeros(1, 1, 1, 2, requires_grad=True)
    F.grid_sample(x, grid, "nearest", align_corners=False).sum().backward()
    assert grid.grad.tolist() == [[[[0, 0]]]]


def test_align_corners_left_out_is_a_warning():
    with pytest.warns(UserWarning, match="align_corners is not given"):
        F.grid_sample(gt.ones(1, 1, 2, 2), gt.zeros(1, 1, 1, 2))
    with pytest.warns(UserWarning, match="align_corners is not given"):
        F.affine_grid(gt.ones(1, 2, 3), (1, 1, 2, 2))


def test_folding_what_was_unfolded_counts_the_windows(rng):
    x = gt.from_numpy(rng.standard_normal((2, 3, 5, 6)))
    options = {"dilation": (2, 1), "padding": (1, 0), "stride": (1, 2)}
    ones = F.fold(F.unfold(gt.ones_like(x), 2, **options), (5, 6), 2, **options)
    back = F.fold(F.unfold(x, 2, **options), (5, 6), 2, **options)
    np.testing.assert_allclose(back.numpy(), (x * ones).numpy())


def test_a_convolution_is_a_product_with_the_columns(rng):
    x, w = (gt.from_numpy(rng.standard_normal(s)) for s in ((2, 3, 5, 6), (4, 3, 2, 3)))
    product = w.reshape(4, -1) @ F.unfold(x, (2, 3), padding=1, stride=2)
    wanted = F.conv2d(x, w, padding=1, stride=2)
    np.testing.assert_allclose(product.reshape(wanted.shape).numpy(), wanted.numpy(), atol=1e-12)


def test_shuffles_undo_each_other_and_own_their_memory(rng):
    x = gt.from_numpy(rng.standard_normal((2, 8, 3, 5)))
    for given in (x, x.contiguous(memory_format=gt.channels_last)):
        up = F.pixel_shuffle(given, 2)
        np.testing.assert_array_equal(F.pixel_unshuffle(up, 2).numpy(), x.numpy())
        assert up.is_contiguous() == given.is_contiguous()
        np.testing.assert_array_equal(F.channel_shuffle(F.channel_shuffle(given, 2), 4).numpy(), x.numpy())
    for out in (F.pixel_shuffle(x, 1), F.pixel_unshuffle(x, 1), F.channel_shuffle(x, 1)):
        out.zero_()
    assert (x != 0).all()


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: F.interpolate([1.0], 2), TypeError, "input must be a Tensor"),
        (lambda: F.interpolate(gt.ones(1, 1, 2), 2, mode="cubic"), ValueError, "mode must be one of"),
        (lambda: F.interpolate(gt.ones(1, 1, 2, dtype=gt.int64), 2), TypeError, "expected floating-point"),
        (lambda: F.interpolate(gt.ones(1, 1, 2), "2"), TypeError, "size must be an int"),
        (lambda: F.interpolate(gt.ones(1, 1, 2), None, "big"), TypeError, "scale_factor must be a number"),
        (lambda: F.interpolate(gt.ones(1, 0, 2), 2), ValueError, "at least one element"),
        (lambda: F.grid_sample(gt.ones(1, 1, 2, 2), [0], align_corners=True), TypeError, "grid must be a Tensor"),
        (lambda: F.affine_grid([0], (1, 1, 1, 1), True), TypeError, "theta must be a Tensor"),
        (lambda: F.affine_grid(gt.ones(1, 2, 3).long(), (1, 1, 1, 1), True), TypeError, "must be floating-point"),
        (lambda: F.unfold(3, 2), TypeError, "input must be a Tensor"),
        (lambda: F.pixel_shuffle(3, 2), TypeError, "input must be a Tensor"),
        (lambda: F.pixel_shuffle(gt.ones(1, 4, 2, 2), 2.0), TypeError, "upscale_factor"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(call, kind, words):
    with pytest.raises(kind, match=words):
        call()
