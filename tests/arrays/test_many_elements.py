"""Words that go another way where there are many elements: the numbers are those of the short way."""

import numpy as np
import pytest

from gputensor.arrays import numpy_ as words
from gputensor.arrays.numpy_ import rational, rests
from gputensor.arrays.numpy_.stable_order import stable_order

ENDS = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1.5, 1e-40, -1e-30, 8.0, -91.0, 300.0], np.float32)
HALF_ULP = 2.0**-24


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def many(rng, low, high):
    """float32 numbers in the range and, at the end, the special ones."""
    spread = rng.uniform(low, high, 3 * rational.MANY)
    return np.concatenate([spread.astype(np.float32), ENDS])


def agrees(found, expected):
    with np.errstate(over="ignore"):
        expected = expected.astype(np.float32)
    assert found.dtype == np.float32
    # one rounding of the result, and that of the coefficients
    np.testing.assert_allclose(found, expected, rtol=2.1 * HALF_ULP, atol=1e-44)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", ["i0", "i0e", "i1", "i1e"])
@pytest.mark.parametrize("width", [7.9, 20.0, 85.0])
def test_bessel_functions_of_many_numbers_are_rounded_once(rng, kind, width):
    special = pytest.importorskip("scipy.special")
    x = many(rng, -width, width)
    assert rational.takes(x)
    agrees(words.bessel(kind, x), getattr(special, kind)(x.astype(np.float64)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_erfinv_of_many_numbers_is_rounded_once(rng):
    special = pytest.importorskip("scipy.special")
    x = many(rng, -1.0, 1.0)
    x = np.concatenate([x, np.float32(1) - np.float32(2.0) ** -np.arange(1, 25, dtype=np.float32)])
    agrees(words.erfinv(x), special.erfinv(x.astype(np.float64)))
    assert words.erfinv(x[::-2]).tolist()[1:9] == words.erfinv(x).tolist()[::-2][1:9]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("divisor", [0.7, -0.7, 3, 1e-3, 1e30, -1e-30, np.float32(0.3), 0.0, np.inf, np.nan])
@pytest.mark.parametrize("scale", [1.0, 1e4, 1e-38, 1e20])
@pytest.mark.parametrize("name", ["fmod", "remainder"])
def test_rests_of_many_numbers_are_those_of_single_ones(rng, name, divisor, scale):
    x = (rng.standard_normal(3 * 8192) * scale).astype(np.float32)
    x[:5] = 0.0, -0.0, 1.4, -1.4, 2.1
    x[8192 : 8192 + len(ENDS)] = ENDS
    assert rests.takes(x, divisor)
    found, expected = getattr(words, name)(x, divisor), getattr(np, name)(x, divisor)
    np.testing.assert_array_equal(found, expected)
    known = ~np.isnan(found)
    np.testing.assert_array_equal(np.signbit(found[known]), np.signbit(expected[known]))
    here = x.copy()
    assert getattr(words, name)(here, divisor, here) is here
    np.testing.assert_array_equal(here, expected)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4", "i8", "u4", "u8", "i2", "u1", "?"])
@pytest.mark.parametrize(
    ("shape", "axis"), [((40, 50), 1), ((40, 50), 0), ((3, 7, 40), 1), ((3000,), 0), ((300, 3), 1)]
)
@pytest.mark.parametrize("descending", [False, True])
def test_stable_orders_of_many_elements_keep_equal_ones_in_place(rng, dtype, shape, axis, descending):
    wide = np.array([2**31, -(2**31) - 5, 7, 7], np.int64) if dtype == "i8" else np.array([1, 0, 0, 1])
    drawn = [
        rng.choice(ENDS[:8] if dtype[0] == "f" else wide, shape).astype(dtype),
        rng.integers(-9 if dtype[0] in "fi" else 0, 20, shape).astype(dtype),
    ]
    for x in drawn:
        # all nan are one value, the largest
        ranks = np.unique(x.astype(np.float64), return_inverse=True)[1].reshape(shape)
        expected = np.argsort(-ranks if descending else ranks, axis, kind="stable")
        found = stable_order(x, axis, descending)
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, expected)
        strided = np.swapaxes(np.swapaxes(x, 0, -1).copy(), 0, -1)
        np.testing.assert_array_equal(stable_order(strided, axis, descending), expected)
