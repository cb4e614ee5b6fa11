"""Reductions over NumPy. 16-bit floats accumulate in float32: of itself the sum of 4,096 bfloat16 ones is 256."""

import builtins
from typing import Any

import numpy as np

from gputensor.arrays.numpy_.accumulating import accumulate
from gputensor.arrays.numpy_.cascade import add as _add
from gputensor.arrays.numpy_.large import has_many_rows, over_rows

Array = np.ndarray
Axis = tuple[int, ...] | None

# bound once, and by position: both are felt in small reductions. NumPy's annotations do not know the positions.
_multiply: Any = np.multiply.reduce
_maximum: Any = np.maximum.reduce
_minimum: Any = np.minimum.reduce
_and: Any = np.logical_and.reduce
_or: Any = np.logical_or.reduce


_LONG_ROW = 256  # elements whose work costs more than a call of NumPy


def sum(x: Array, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> Array:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(_add(x, axis, np.float32, keepdims), dtype or x.dtype)
    return _add(x, axis, dtype, keepdims)


def prod(x: Array, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> Array:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(_multiply(x, axis, np.float32, None, keepdims), dtype or x.dtype)
    return _multiply(x, axis, dtype, None, keepdims)


def mean(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    """Sum over count, divided before rounding to the 16-bit dtypes, so that float16 does not overflow on the way."""
    count = x.size if axis is None else _count(x.shape, axis)
    scale = 1.0 / count if count else np.nan
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(_add(x, axis, np.float32, keepdims) * np.float32(scale), x.dtype)
    total = _add(x, axis, None, keepdims)
    return total / count if count else total * scale


def var(x: Any, axis: Axis = None, keepdims: bool = False, correction: float = 1.0) -> Array:
    """Sum of squared deviations over (count - correction), two passes; 16-bit floats in float32."""
    wide = x.astype(np.float32) if x.dtype.itemsize == 2 else x
    count = x.size if axis is None else _count(x.shape, axis)
    deviation = wide - _add(wide, axis, None, True) / builtins.max(count, 1)
    squares = (deviation * deviation) if x.dtype.kind != "c" else (deviation * deviation.conj()).real
    total = _add(squares, axis, None, keepdims)
    freedom = count - correction
    if freedom > 0:
        return np.asarray(total / freedom, x.real.dtype)
    # PyTorch: no degrees of freedom left gives inf, and 0/0 gives nan
    with np.errstate(all="ignore"):
        return np.asarray(total / np.zeros((), total.dtype), x.real.dtype)


def max(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    if has_many_rows(x, axis):
        return _kept(over_rows(np.amax, x, x.dtype), keepdims)
    return _maximum(x, axis, None, None, keepdims)


def min(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    if has_many_rows(x, axis):
        return _kept(over_rows(np.amin, x, x.dtype), keepdims)
    return _minimum(x, axis, None, None, keepdims)


def all(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return _and(x, axis, None, None, keepdims)


def any(x: Array, axis: Axis = None, keepdims: bool = False) -> Array:
    return _or(x, axis, None, None, keepdims)


def argmax(x: Array, axis: int | None = None, keepdims: bool = False) -> Array:
    if has_many_rows(x, axis):
        return _kept(over_rows(np.argmax, x, np.intp), keepdims)
    return np.argmax(x, axis, keepdims=keepdims)


def argmin(x: Array, axis: int | None = None, keepdims: bool = False) -> Array:
    if has_many_rows(x, axis):
        return _kept(over_rows(np.argmin, x, np.intp), keepdims)
    return np.argmin(x, axis, keepdims=keepdims)


def cumulative_extreme(x: Array, axis: int, largest: bool) -> Array:
    combine = np.maximum if largest else np.minimum
    if axis or x.size < _LONG_ROW * x.shape[0]:
        return combine.accumulate(x, axis)
    # row after row: NumPy would jump from one to the next for every element
    out = np.empty_like(x, subok=False)
    out[:1] = x[:1]
    for k in range(1, len(x)):
        combine(out[k - 1], x[k], out=out[k])
    return out


def cumulative_sum(x: Array, axis: int, dtype: np.dtype | None = None) -> Array:
    return accumulate(np.add, x, axis, dtype)


def cumulative_prod(x: Array, axis: int, dtype: np.dtype | None = None) -> Array:
    return accumulate(np.multiply, x, axis, dtype)


def _kept(x: Array, keepdims: bool) -> Array:
    return x[..., None] if keepdims else x


def _count(shape: tuple[int, ...], axis: tuple[int, ...]) -> int:
    n = 1
    for k in axis:
        n *= shape[k]
    return n
