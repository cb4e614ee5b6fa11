"""The random kernels, compiled as C++ and run on the host, give NumPy's bits.

A stand-in for CuPy compiles philox.cu with g++ and launches its kernels thread after thread, so that the launching
Python code runs as it is. What this cannot show: NVRTC's own arithmetic, launch limits, the device's log, sin and cos.
"""

import ctypes
import importlib.util
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

import gputensor.arrays
from gputensor.arrays.numpy_ import random_bits as numpy_bits

CUPY_FILES = Path(gputensor.arrays.__file__).with_name("cupy_")
INT64, UINT64, BOOL = np.dtype(np.int64), np.dtype(np.uint64), np.dtype(np.bool_)
FLOATS = [np.dtype(d) for d in (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)]
OFFSETS = [0, 1, 2, 3, 4, 1001, 2**40 + 3, 2**63 + 2]
COUNTS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 1025]
C_TYPES = {
    "u64": ["uint64"],
    "u64*": ["uint64", "int64"],
    "u16*": ["float16", "bfloat16"],
    "bool*": ["bool"],
    "float*": ["float32"],
    "double*": ["float64"],
    "const double*": ["float64"],
}


class HostKernel:
    """A kernel of a compiled library: called as CuPy's RawKernel is, with every argument's type checked."""

    def __init__(self, library, name, parameters):
        self.library, self.function, self.parameters = library, getattr(library, name), parameters
        self.launches = []

    def __call__(self, grid, block, arguments):
        self.launches.append((grid, block))
        assert len(arguments) == len(self.parameters)
        passed = []
        for argument, parameter in zip(arguments, self.parameters, strict=True):
            assert argument.dtype.name in C_TYPES[parameter]
            if parameter.endswith("*"):
                assert isinstance(argument, np.ndarray)
                assert argument.flags.c_contiguous
                passed.append(ctypes.c_void_p(argument.ctypes.data))
            else:
                assert isinstance(argument, np.uint64)
                passed.append(ctypes.c_uint64(int(argument)))
        dims = {
            d: (ctypes.c_uint * 3).in_dll(self.library, d) for d in ("gridDim", "blockDim", "blockIdx", "threadIdx")
        }
        dims["gridDim"][:], dims["blockDim"][:] = (*grid, 1, 1), (*block, 1, 1)
        for dims["blockIdx"][0] in range(grid[0]):
            for dims["threadIdx"][0] in range(block[0]):
                self.function(*passed)


@pytest.fixture(scope="module")
def compile_on_host(tmp_path_factory):
    """A function that compiles CUDA C++ with g++ and returns the library."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.skip("needs g++ to compile the kernels for the host")

    def compile_source(code):
        folder = tmp_path_factory.mktemp("philox")
        source, library = folder / "philox.cpp", folder / "philox.so"
        source.write_text(code)
        shim = Path(__file__).with_name("cuda_on_host.h")
        flags = ["-std=c++17", "-O1", "-ffp-contract=off", "-Wall", "-Werror", "-shared", "-fPIC"]
        subprocess.run([compiler, *flags, "-include", shim, source, "-o", library], check=True, timeout=120)
        return ctypes.CDLL(str(library))

    return compile_source


@pytest.fixture(scope="module")
def module_on_host(compile_on_host):
    """The module arrays/cupy_/random_bits.py over the stand-in for CuPy."""

    class RawModule:
        def __init__(self, *, code, options):
            assert "-fmad=false" in options
            self.code, self.library = code, compile_on_host(code)

        def get_function(self, name):
            declared = re.search(rf'extern "C" __global__ void {name}\((.*?)\)', self.code, re.DOTALL).group(1)
            parameters = [p.strip().rsplit(" ", 1)[0] for p in declared.split(",")]
            return HostKernel(self.library, name, parameters)

    cupy = types.ModuleType("cupy")
    cupy.ndarray, cupy.empty, cupy.ascontiguousarray = np.ndarray, np.empty, np.ascontiguousarray
    cupy.argsort = lambda x: np.argsort(x, kind="stable")
    cupy.RawKernel, cupy.RawModule = HostKernel, RawModule

    placement = types.ModuleType("gputensor.arrays.cupy_.placement")
    placement.placed = lambda word: word

    spec = importlib.util.spec_from_file_location("random_bits_on_host", CUPY_FILES / "random_bits.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cupy", cupy)
        patch.setitem(sys.modules, placement.__name__, placement)
        spec.loader.exec_module(module)
    # Few threads, so that one of them takes several turns of its loop.
    module._THREADS, module._MOST_BLOCKS = 3, 4
    return module


@pytest.fixture
def cuda_bits(module_on_host):
    return module_on_host.RandomWords()


def same_bits(x, y):
    return x.dtype == y.dtype and x.tobytes() == y.tobytes()


@pytest.mark.parametrize("key", [0, 2**64 - 1, (7 << 64) + 5])
@pytest.mark.parametrize("offset", OFFSETS)
def test_words_and_what_is_exact_have_the_bits_of_numpy(cuda_bits, key, offset):
    for count in COUNTS:
        probabilities = np.linspace(0, 1, count, dtype=np.float32)
        for name, arguments in (
            ("random_words", ()),
            ("random_integers", (0, 10, INT64)),
            ("random_integers", (-7, 2**40, INT64)),
            ("random_integers", (-(2**63), 2**63, INT64)),
            ("random_integers", (0, 2**64, UINT64)),
            ("random_integers", (0, 2, BOOL)),
            ("bernoulli", (0.0,)),
            ("bernoulli", (2.0**-33,)),
            ("bernoulli", (0.3,)),
            ("bernoulli", (1.0,)),
            ("bernoulli", (probabilities,)),
            ("permutation", ()),
            *(("uniform01", (dtype,)) for dtype in FLOATS),
        ):
            expected = getattr(numpy_bits, name)(key, offset, count, *arguments)
            assert same_bits(getattr(cuda_bits, name)(key, offset, count, *arguments), expected), (name, count)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["standard_normal", "exponential"])
@pytest.mark.parametrize("offset", OFFSETS)
def test_normals_and_exponentials_agree_with_numpy_to_a_few_ulp(cuda_bits, dtype, name, offset):
    for count in COUNTS:
        expected = getattr(numpy_bits, name)(3, offset, count, dtype)
        got = getattr(cuda_bits, name)(3, offset, count, dtype)
        assert got.dtype == dtype
        if dtype.name == "bfloat16":
            # An ulp of the float32 may tip the rounding: then neighbours.
            np.testing.assert_allclose(got.astype(np.float32), expected.astype(np.float32), rtol=2.0**-7)
        else:
            # log, cos and sin of two libraries differ by an ulp or two.
            np.testing.assert_array_max_ulp(got, expected, 6)


def test_pairs_that_span_two_counters_are_whole(cuda_bits):
    whole = cuda_bits.standard_normal(0, 3, 64, np.dtype(np.float64))
    assert (whole[4:] == cuda_bits.standard_normal(0, 7, 60, np.dtype(np.float64))).all()


def test_every_thread_of_a_launch_takes_part_and_none_twice(module_on_host):
    # A word that two threads made, or none, would show as a difference from one thread alone.
    kernel = module_on_host._kernel("random_words")
    start = np.array([5, 0, 2, 1003], np.uint64)
    alone, together = np.zeros((2, 1003), np.uint64)
    kernel((1,), (1,), (*start, alone))
    kernel((7,), (32,), (*start, together))
    assert same_bits(alone, together)
    assert same_bits(alone, numpy_bits.random_words(5, 2, 1003))


def test_nothing_is_launched_for_nothing(module_on_host, cuda_bits):
    kernel = module_on_host._kernel("random_words")
    before = len(kernel.launches)
    assert cuda_bits.random_words(0, 0, 0).shape == (0,)
    assert len(kernel.launches) == before
