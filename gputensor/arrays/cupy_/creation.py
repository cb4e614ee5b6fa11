"""New arrays on the namespace's device, and the doors to and from the host. Nothing crosses them implicitly."""

from typing import Any

import cupy
import numpy as np
from cupy import ndarray
from cupy.cuda import Device, get_current_stream

from gputensor.arrays.cupy_.dtypes import BFLOAT16, BITS16
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Scalar, Shape


class CreationWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def arange(self, start: float, count: int, step: float, dtype: Any) -> ndarray:
        if isinstance(start, int) and isinstance(step, int):
            return (cupy.arange(count, dtype=cupy.int64) * step + start).astype(dtype, copy=False)
        return (cupy.arange(count, dtype=cupy.float64) * step + start).astype(dtype, copy=False)

    @placed
    def arange_for(self, x: ndarray, count: int) -> ndarray:
        return cupy.arange(count, dtype=cupy.int64)

    @placed
    def asarray(self, x: Any, dtype: Any = None) -> ndarray:
        return cupy.asarray(x, dtype)

    @placed
    def empty(self, shape: Shape, dtype: Any) -> ndarray:
        return cupy.empty(shape, dtype)

    @placed
    def from_host(self, x: np.ndarray) -> ndarray:
        return cupy.asarray(x)

    @placed
    def full(self, shape: Shape, value: Scalar, dtype: Any) -> ndarray:
        return cupy.full(shape, value, dtype)

    @placed
    def full_like(self, x: ndarray, value: Scalar) -> ndarray:
        return cupy.full(x.shape, value, x.dtype)

    @placed
    def item(self, x: ndarray) -> Any:
        return x.item()

    def moved(self, x: ndarray, source: Any, target: Any) -> Any:
        if target.library != "cupy":
            return target.from_host(self.to_host(x))
        # each device has streams of its own: the copy waits for what was queued before it, and the memory of x is not
        # used again before the copy has been made
        with Device(source.device_index):
            here = get_current_stream()
            ready = here.record()
        with Device(target.device_index):
            there = get_current_stream()
            there.wait_event(ready)
            out = x.copy()
            done = there.record()
        with Device(source.device_index):
            here.wait_event(done)
        return out

    @placed
    def ones(self, shape: Shape, dtype: Any) -> ndarray:
        return cupy.ones(shape, dtype)

    @placed
    def ones_like(self, x: ndarray) -> ndarray:
        return cupy.ones(x.shape, x.dtype)

    def scalar(self, y: Scalar, dtype: Any, /) -> Any:
        # NumPy's scalar goes to the kernel as an argument: no memory, no launch, nothing to order between streams
        return dtype.type(y)

    @placed
    def to_host(self, x: ndarray) -> np.ndarray:
        return cupy.asnumpy(x)

    @placed
    def tril(self, x: ndarray, k: int) -> ndarray:
        if x.dtype == BFLOAT16:
            # cupy.tril chooses with cupy.where, which knows no bfloat16
            return cupy.tril(x.view(BITS16), k).view(BFLOAT16)
        return cupy.tril(x, k)

    @placed
    def triu(self, x: ndarray, k: int) -> ndarray:
        if x.dtype == BFLOAT16:
            return cupy.triu(x.view(BITS16), k).view(BFLOAT16)
        return cupy.triu(x, k)

    @placed
    def zeros(self, shape: Shape, dtype: Any) -> ndarray:
        return cupy.zeros(shape, dtype)

    @placed
    def zeros_for(self, x: ndarray, shape: Shape) -> ndarray:
        return cupy.zeros(shape, x.dtype)

    @placed
    def zeros_like(self, x: ndarray) -> ndarray:
        return cupy.zeros(x.shape, x.dtype)
