"""Random numbers for CuPy arrays: the words of ``arrays.numpy_.random_bits``, with the same bits.

`gputensor.arrays.random_layout` says which words of a stream a number is made of. Nothing waits for the device.
Exponential and normal numbers agree with NumPy's to a few units in the last place, everything else bit for bit.
"""

from functools import cache
from pathlib import Path
from typing import Any

import cupy
import numpy as np
from cupy import ndarray

from gputensor.arrays.cupy_.placement import placed

_THREADS = 256
_MOST_BLOCKS = 1 << 14  # the kernels loop over what is left


class RandomWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def random_words(self, key: int, offset: int, count: int) -> ndarray:
        out = cupy.empty(count, np.uint64)
        _launch("random_words", key, offset, count, out)
        return out

    @placed
    def uniform01(self, key: int, offset: int, count: int, dtype: np.dtype) -> ndarray:
        out = cupy.empty(count, dtype)
        _launch(f"uniform_{dtype.name}", key, offset, count, out)
        return out

    @placed
    def random_integers(self, key: int, offset: int, count: int, low: int, high: int, dtype: np.dtype) -> ndarray:
        out = cupy.empty(count, np.int64)
        _launch("random_integers", key, offset, count, np.uint64(low % 2**64), np.uint64((high - low) % 2**64), out)
        return out.astype(dtype, copy=False)

    @placed
    def bernoulli(self, key: int, offset: int, count: int, p: float | ndarray) -> ndarray:
        out = cupy.empty(count, np.bool_)
        if isinstance(p, ndarray):
            _launch("bernoulli_each", key, offset, count, cupy.ascontiguousarray(p, np.float64), out)
        else:
            bound = min(max(round(p * 2.0**32), 0), 2**32)
            _launch("bernoulli", key, offset, count, np.uint64(bound), out)
        return out

    @placed
    def exponential(self, key: int, offset: int, count: int, dtype: np.dtype) -> ndarray:
        return _by_wide_type("exponential", key, offset, count, dtype)

    @placed
    def standard_normal(self, key: int, offset: int, count: int, dtype: np.dtype) -> ndarray:
        return _by_wide_type("normal", key, offset, count, dtype)

    @placed
    def permutation(self, key: int, offset: int, count: int) -> ndarray:
        # CuPy's argsort keeps the order of equal words.
        return cupy.argsort(self.random_words(key, offset, count)).astype(np.int64, copy=False)


def _by_wide_type(name: str, key: int, offset: int, count: int, dtype: np.dtype) -> ndarray:
    """Run the float64 kernel, or the float32 one and round its results to `dtype`."""
    wide = np.dtype(np.float64 if dtype.itemsize == 8 else np.float32)
    out = cupy.empty(count, wide)
    _launch(f"{name}_{wide.name}", key, offset, count, out)
    return out.astype(dtype, copy=False)


def _launch(name: str, key: int, offset: int, count: int, *arguments: Any) -> None:
    """Run the kernel `name` of philox.cu; its arguments begin with key, offset and count."""
    if count == 0:
        return
    # A thread makes at least two elements; more threads than work do no harm.
    blocks = min(-(-count // (2 * _THREADS)), _MOST_BLOCKS)
    first = (key & 0xFFFFFFFFFFFFFFFF, key >> 64, offset, count)
    _kernel(name)((blocks,), (_THREADS,), (*map(np.uint64, first), *arguments))


@cache
def _kernel(name: str) -> cupy.RawKernel:
    return _module().get_function(name)


@cache
def _module() -> cupy.RawModule:
    """philox.cu, compiled at the first launch; CuPy keeps one binary a device, and a cache on disk."""
    source = Path(__file__).with_name("philox.cu").read_text(encoding="utf-8")
    return cupy.RawModule(code=source, options=("-std=c++17", "-fmad=false"))
