"""On a real device the random numbers are NumPy's."""

import ml_dtypes
import numpy as np
import pytest

from gputensor.arrays.numpy_ import random_bits as numpy_bits

pytestmark = pytest.mark.gpu

INT64, BOOL = np.dtype(np.int64), np.dtype(np.bool_)
FLOATS = [np.dtype(d) for d in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)]


@pytest.fixture(scope="module")
def cuda_bits():
    cupy = pytest.importorskip("cupy", reason="needs CuPy")
    if not cupy.cuda.is_available():
        pytest.skip("needs a GPU")
    from gputensor.arrays.cupy_.random_bits import RandomWords

    return RandomWords()


@pytest.mark.parametrize("count", [0, 1, 5, 1000, 5_000_003])
@pytest.mark.parametrize("offset", [0, 3, 2**40 + 1])
def test_what_is_exact_has_the_bits_of_numpy(cuda_bits, offset, count):
    for name, arguments in (
        ("random_words", ()),
        ("random_integers", (0, 10, INT64)),
        ("random_integers", (-(2**63), 2**63, INT64)),
        ("random_integers", (0, 2, BOOL)),
        ("bernoulli", (0.3,)),
        ("bernoulli", (1.0,)),
        ("permutation", ()),
        *(("uniform01", (dtype,)) for dtype in FLOATS),
    ):
        got = getattr(cuda_bits, name)(1, offset, count, *arguments).get()
        expected = getattr(numpy_bits, name)(1, offset, count, *arguments)
        assert got.dtype == expected.dtype, name
        assert got.tobytes() == expected.tobytes(), name


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["standard_normal", "exponential"])
def test_normals_and_exponentials_agree_to_a_few_ulp(cuda_bits, dtype, name):
    for count in (1, 5, 1_000_003):
        got = getattr(cuda_bits, name)(1, 3, count, dtype).get()
        expected = getattr(numpy_bits, name)(1, 3, count, dtype)
        if dtype.itemsize == 2:
            # An ulp of the float32 may tip the rounding to the neighbour, 2**-7 away in bfloat16 and 2**-10 in float16.
            tolerance = 2.0**-7 if dtype.name == "bfloat16" else 2.0**-10
            np.testing.assert_allclose(got.astype(np.float64), expected.astype(np.float64), rtol=tolerance, atol=1e-7)
        else:
            # CUDA documents at most 2 ulp for each of log, sin and cos, NumPy 4.
            np.testing.assert_array_max_ulp(got, expected, 12)


def test_bernoulli_takes_a_probability_an_element(cuda_bits):
    import cupy

    p = np.linspace(0, 1, 1001, dtype=np.float32)
    got = cuda_bits.bernoulli(1, 7, 1001, cupy.asarray(p)).get()
    assert (got == numpy_bits.bernoulli(1, 7, 1001, p)).all()
