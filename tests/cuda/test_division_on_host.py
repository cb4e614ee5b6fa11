"""The source of the division kernels, compiled as C++ and run on the host, gives NumPy's quotients and remainders.

What this cannot show: NVRTC's own division and fmod, and the 16-bit types.
"""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

from tests import doubles

SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.1, -0.1, 3.0, -2.5, 1e-3, 1e10])
TYPES = {
    "float": np.float32,
    "double": np.float64,
    "long long": np.int64,
    "unsigned char": np.uint8,
    "signed char": np.int8,
}

SHELL = """
#include <cmath>
using namespace std;
template <typename T> void one(const T& x, const T& y, T& out) { %s; }
extern "C" void run(const %s* x, const %s* y, %s* out, long n) { for (long i = 0; i < n; ++i) one(x[i], y[i], out[i]); }
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function (kernel's name, C type, x, y) -> what the kernel's source computes."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.skip("needs g++ to compile the kernels for the host")
    with doubles.installed():
        from gputensor.arrays.cupy_ import division

        sources = {name: getattr(division, name).operation for name in ("FLOOR_DIVIDE", "REMAINDER", "FMOD")}

    def compute(name, c_type, x, y):
        folder = tmp_path_factory.mktemp("division")
        (folder / "k.cpp").write_text(SHELL % (sources[name], c_type, c_type, c_type))
        flags = ["-std=c++17", "-O1", "-ffp-contract=off", "-Wall", "-Werror", "-shared", "-fPIC"]
        subprocess.run([compiler, *flags, folder / "k.cpp", "-o", folder / "k.so"], check=True, timeout=120)
        x, y = np.ascontiguousarray(x, TYPES[c_type]), np.ascontiguousarray(y, TYPES[c_type])
        out = np.empty_like(x)
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (x, y, out)]
        ctypes.CDLL(str(folder / "k.so")).run(*pointers, ctypes.c_long(x.size))
        return x, y, out

    return compute


def pairs(rng):
    """Every pair of special values, and many ordinary ones, multiples of each other among them."""
    x = np.concatenate(
        [np.repeat(SPECIAL, len(SPECIAL)), rng.normal(size=5000) * 10, rng.integers(-50, 50, 5000) * 0.1]
    )
    y = np.concatenate([np.tile(SPECIAL, len(SPECIAL)), rng.normal(size=5000), np.full(5000, 0.1)])
    return x, y


@pytest.mark.parametrize("c_type", ["float", "double"])
@pytest.mark.parametrize(("name", "reference"), [("FLOOR_DIVIDE", np.floor_divide), ("REMAINDER", np.remainder)])
def test_quotients_and_remainders_are_numpys(run, name, reference, c_type):
    x, y, out = run(name, c_type, *pairs(np.random.default_rng(3)))
    with np.errstate(all="ignore"):
        expected = reference(x, y)
    np.testing.assert_array_equal(out, expected)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(out)[numbers], np.signbit(expected)[numbers])


@pytest.mark.parametrize("c_type", ["long long", "unsigned char", "signed char"])
def test_integer_fmod_is_numpys_and_zero_for_zero(run, c_type):
    rng = np.random.default_rng(4)
    low = 0 if c_type.startswith("unsigned") else -100
    x, y, out = run(
        "FMOD", c_type, rng.integers(low, 100, 2000), rng.integers(low, 100, 2000) * rng.integers(0, 2, 2000)
    )
    assert (out[y == 0] == 0).all()
    assert (out[y != 0] == np.fmod(x[y != 0], y[y != 0])).all()


def test_integer_fmod_is_exact_beyond_float64(run):
    _, _, out = run("FMOD", "long long", [2**60 + 3, -(2**60) - 3], [1000, 1000])
    assert out.tolist() == [(2**60 + 3) % 1000, -((2**60 + 3) % 1000)]
