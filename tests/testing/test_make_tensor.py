"""make_tensor: bounds, dtypes, layouts and refusals."""

import pytest

import gputensor as gt
from gputensor.testing import make_tensor


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("float32", -9, 9), ("bfloat16", -9, 9), ("int64", -9, 9), ("int8", -9, 9), ("uint8", 0, 9), ("bool", 0, 1)],
)
def test_the_usual_bounds_are_reached_and_kept(dtype, low, high):
    gt.manual_seed(0)
    x = make_tensor(500, dtype=getattr(gt, dtype)).double()
    assert low <= x.min() < low + 0.5 * (high - low)
    assert low + 0.5 * (high - low) <= x.max() <= high


def test_given_bounds_are_kept():
    x = make_tensor((20, 30), dtype=gt.float64, low=2.5, high=2.75)
    assert x.shape == (20, 30)
    assert bool(((x >= 2.5) & (x <= 2.75)).all())
    z = make_tensor(4, dtype=gt.complex64, low=1, high=2, requires_grad=True)
    assert z.requires_grad
    assert bool(((z.real >= 1) & (z.imag <= 2)).all())
    assert make_tensor(50, dtype=gt.uint8, low=-5, high=2).max() <= 1
    wide = make_tensor(50, dtype=gt.float16, low=-1e9, high=1e9)
    assert bool(gt.isfinite(wide).all())


def test_layouts_and_zeros():
    x = make_tensor(3, 4, dtype=gt.float32, noncontiguous=True)
    assert x.shape == (3, 4)
    assert not x.is_contiguous()
    assert bool((make_tensor(200, dtype=gt.int64, low=-1, high=2, exclude_zero=True) != 0).all())
    y = make_tensor(1, 2, 3, 4, dtype=gt.float32, memory_format=gt.channels_last)
    assert y.is_contiguous(memory_format=gt.channels_last)
    assert make_tensor((), dtype=gt.float32).shape == ()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="low must be below high"):
        make_tensor(2, dtype=gt.float32, low=3, high=1)
    with pytest.raises(ValueError, match="noncontiguous"):
        make_tensor(2, dtype=gt.float32, noncontiguous=True, memory_format=gt.contiguous_format)
    with pytest.raises(RuntimeError, match="int64 cannot require"):
        make_tensor(2, dtype=gt.int64, requires_grad=True)
    with pytest.raises(ValueError, match="numbers"):
        make_tensor(2, dtype=gt.float32, low=float("nan"))
