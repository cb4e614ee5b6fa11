"""Reductions over CuPy; they give 0-d arrays on the device, never scalars.

16-bit floats accumulate in float32: CUB adds float16 in float16, and no accelerator knows bfloat16.
"""

import builtins
import math
from typing import Any

import cupy
from cupy import ndarray

from gputensor.arrays.cupy_.dtypes import FLOAT32, is_half
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Axis


class ReductionWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def all(self, x: ndarray, axis: Axis = None, keepdims: bool = False) -> ndarray:
        return cupy.all(x, axis, None, keepdims)

    @placed
    def any(self, x: ndarray, axis: Axis = None, keepdims: bool = False) -> ndarray:
        return cupy.any(x, axis, None, keepdims)

    @placed
    def argmax(self, x: ndarray, axis: int | None = None, keepdims: bool = False) -> ndarray:
        return cupy.argmax(x, axis, None, None, keepdims)

    @placed
    def argmin(self, x: ndarray, axis: int | None = None, keepdims: bool = False) -> ndarray:
        return cupy.argmin(x, axis, None, None, keepdims)

    @placed
    def cumulative_extreme(self, x: ndarray, axis: int, largest: bool) -> ndarray:
        combine = cupy.maximum if largest else cupy.minimum
        out, step, before = x.copy(), 1, (slice(None),) * axis
        while step < x.shape[axis]:
            far, near = (*before, slice(step, None)), (*before, slice(None, -step))
            found = combine(out[far], out[near])
            out[far] = found
            step *= 2
        return out

    @placed
    def cumulative_prod(self, x: ndarray, axis: int, dtype: Any = None) -> ndarray:
        if is_half(x):
            return cupy.cumprod(x, axis, FLOAT32).astype(dtype or x.dtype)
        return cupy.cumprod(x, axis, dtype)

    @placed
    def cumulative_sum(self, x: ndarray, axis: int, dtype: Any = None) -> ndarray:
        if is_half(x):
            return cupy.cumsum(x, axis, FLOAT32).astype(dtype or x.dtype)
        return cupy.cumsum(x, axis, dtype)

    @placed
    def max(self, x: ndarray, axis: Axis = None, keepdims: bool = False) -> ndarray:
        return cupy.max(x, axis, None, keepdims)

    @placed
    def mean(self, x: ndarray, axis: Axis = None, keepdims: bool = False) -> ndarray:
        # divided before rounding to 16 bits, so that float16 does not overflow on the way
        if is_half(x):
            return cupy.mean(x, axis, FLOAT32, None, keepdims).astype(x.dtype)
        return cupy.mean(x, axis, None, None, keepdims)

    @placed
    def min(self, x: ndarray, axis: Axis = None, keepdims: bool = False) -> ndarray:
        return cupy.min(x, axis, None, keepdims)

    @placed
    def prod(self, x: ndarray, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> ndarray:
        if is_half(x):
            return cupy.prod(x, axis, FLOAT32, None, keepdims).astype(dtype or x.dtype)
        return cupy.prod(x, axis, dtype, None, keepdims)

    @placed
    def sum(self, x: ndarray, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> ndarray:
        if is_half(x):
            return cupy.sum(x, axis, FLOAT32, None, keepdims).astype(dtype or x.dtype)
        return cupy.sum(x, axis, dtype, None, keepdims)

    @placed
    def var(self, x: ndarray, axis: Axis = None, keepdims: bool = False, correction: float = 1.0) -> ndarray:
        # cupy.var takes no correction beyond the count and answers NaN where PyTorch answers inf
        wide = x.astype(FLOAT32) if is_half(x) else x
        count = x.size if axis is None else math.prod([x.shape[k] for k in axis])
        deviation = wide - cupy.sum(wide, axis, None, None, True) / builtins.max(count, 1)
        if x.dtype.kind == "c":
            squares = cupy.square(deviation.real) + cupy.square(deviation.imag)
        else:
            squares = cupy.square(deviation)
        total = cupy.sum(squares, axis, None, None, keepdims)
        # with no degrees of freedom left this is x/0 = inf, or 0/0 = NaN
        out = cupy.true_divide(total, total.dtype.type(builtins.max(count - correction, 0)))
        return out.astype(x.real.dtype, copy=False)
