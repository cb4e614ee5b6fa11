"""Random numbers look like their distributions: fixed seeds, so that a test that passes once passes always.

Bounds of five standard deviations would fail one time in 1.7 million, were the seeds free.
"""

import ml_dtypes
import numpy as np
import pytest
from scipy import stats

from gputensor.arrays.numpy_ import random_bits

COUNT = 400_000
INT64 = np.dtype(np.int64)
FLOATS = [np.dtype(d) for d in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)]


def assert_moments(sample, mean, variance, fourth):
    """Mean and variance lie within five standard deviations; `fourth`: the fourth central moment."""
    sample = sample.astype(np.float64)
    n = len(sample)
    assert abs(sample.mean() - mean) < 5 * (variance / n) ** 0.5
    assert abs(((sample - mean) ** 2).mean() - variance) < 5 * ((fourth - variance**2) / n) ** 0.5


@pytest.mark.parametrize("key", [0, 1, 2**64 - 1])
@pytest.mark.parametrize("offset", [0, 2**40])
def test_every_byte_of_the_words_is_as_likely_as_another(key, offset):
    bytes_ = random_bits.random_words(key, offset, COUNT).view(np.uint8).reshape(-1, 8)
    for j in range(8):
        counts = np.bincount(bytes_[:, j], minlength=256)
        assert 1e-5 < stats.chisquare(counts).pvalue < 1 - 1e-5


def test_keys_next_to_each_other_give_unrelated_words():
    x, y = (random_bits.random_words(key, 0, 100_000) for key in (5, 6))
    differing = np.bitwise_count(x ^ y)
    assert_moments(differing, 32, 16, 16 * (3 * 16 - 0.5))


@pytest.mark.parametrize("dtype", FLOATS)
def test_uniforms_are_uniform(dtype):
    sample = random_bits.uniform01(3, 1, COUNT, dtype).astype(np.float64)
    step = {2: 2.0**-11, 4: 2.0**-24, 8: 2.0**-53}[dtype.itemsize] if dtype.name != "bfloat16" else 2.0**-8
    assert sample.min() >= 0
    assert sample.max() <= 1 - step
    # Rounding down moves the mean by half a step.
    assert_moments(sample + step / 2, 0.5, 1 / 12, 1 / 80)
    if step < 2.0**-20:
        assert stats.kstest(sample, "uniform").pvalue > 1e-5
        assert abs(np.corrcoef(sample[:-1], sample[1:])[0, 1]) < 5 / COUNT**0.5
    else:
        counts = np.bincount((sample / step).astype(int), minlength=int(1 / step))
        assert stats.chisquare(counts).pvalue > 1e-5


@pytest.mark.parametrize("dtype", FLOATS)
def test_normals_are_normal(dtype):
    sample = random_bits.standard_normal(3, 1, COUNT, dtype)
    assert_moments(sample, 0, 1, 3)
    if dtype.itemsize > 2:
        assert stats.kstest(sample, "norm").pvalue > 1e-5
        # The two numbers of a pair share their radius, and must not show it.
        cosines, sines = sample[0::2].astype(np.float64), sample[1::2].astype(np.float64)
        assert abs(np.corrcoef(cosines, sines)[0, 1]) < 5 / (COUNT / 2) ** 0.5
        assert abs(np.corrcoef(cosines**2, sines**2)[0, 1]) < 5 / (COUNT / 2) ** 0.5


@pytest.mark.parametrize("dtype", FLOATS)
def test_exponentials_are_exponential(dtype):
    sample = random_bits.exponential(3, 1, COUNT, dtype)
    assert (sample > 0).all()
    assert_moments(sample, 1, 1, 9)
    if dtype.itemsize > 2:
        assert stats.kstest(sample, "expon").pvalue > 1e-5


@pytest.mark.parametrize("sides", [2, 6, 1000])
def test_integers_are_equally_likely(sides):
    counts = np.bincount(random_bits.random_integers(4, 2, COUNT, 0, sides, INT64), minlength=sides)
    assert len(counts) == sides
    assert stats.chisquare(counts).pvalue > 1e-5


def test_integers_of_a_wide_range_are_equally_likely():
    sample = random_bits.random_integers(4, 2, COUNT, -(2**62), 2**62, INT64)
    assert stats.kstest(sample / 2.0**63 + 0.5, "uniform").pvalue > 1e-5


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.9])
def test_bernoulli_happens_as_often_as_asked(p):
    for draw in (random_bits.bernoulli(6, 1, COUNT, p), random_bits.bernoulli(6, 1, COUNT, np.full(COUNT, p))):
        assert abs(draw.mean() - p) < 5 * (p * (1 - p) / COUNT) ** 0.5


def test_every_order_of_four_is_as_likely_as_another():
    orders = np.array([random_bits.permutation(0, 4 * i, 4) for i in range(24_000)])
    _, counts = np.unique(orders @ [64, 16, 4, 1], return_counts=True)
    assert len(counts) == 24
    assert stats.chisquare(counts).pvalue > 1e-5


def test_permutation_moves_everything_everywhere():
    order = random_bits.permutation(1, 0, COUNT)
    assert (np.bincount(order, minlength=COUNT) == 1).all()
    assert abs(np.corrcoef(order, np.arange(COUNT))[0, 1]) < 5 / COUNT**0.5
