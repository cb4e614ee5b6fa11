"""New arrays over NumPy. Rules of gradients create arrays only through the forms that take one."""

from typing import Any

import numpy as np

Array = np.ndarray
Shape = tuple[int, ...]


def asarray(x: Any, dtype: np.dtype | None = None) -> Array:
    return np.asarray(x, dtype)


# a Python number as an operand beside arrays of dtype `dtype`; on the hot path, hence no frame of our own
scalar = np.asarray


def empty(shape: Shape, dtype: np.dtype) -> Array:
    return np.empty(shape, dtype)


def zeros(shape: Shape, dtype: np.dtype) -> Array:
    return np.zeros(shape, dtype)


def ones(shape: Shape, dtype: np.dtype) -> Array:
    return np.ones(shape, dtype)


def full(shape: Shape, value: Any, dtype: np.dtype) -> Array:
    return np.full(shape, value, dtype)


def zeros_like(x: Array) -> Array:
    return np.zeros(x.shape, x.dtype)


def ones_like(x: Array) -> Array:
    # half of what np.ones costs, and every backward pass begins here
    out = np.empty(x.shape, x.dtype)
    out.fill(1)
    return out


def full_like(x: Array, value: Any) -> Array:
    return np.full(x.shape, value, x.dtype)


def zeros_for(x: Array, shape: Shape) -> Array:
    """Zeros of `shape` with the dtype and device of x."""
    return np.zeros(shape, x.dtype)


def arange(start: float, count: int, step: float, dtype: np.dtype) -> Array:
    """start, start + step, … : count values, computed in float64 or int64 and rounded once."""
    if isinstance(start, int) and isinstance(step, int):
        return np.arange(start, start + step * count, step, dtype=np.int64).astype(dtype, copy=False)
    return (start + step * np.arange(count, dtype=np.float64)).astype(dtype)


def arange_for(x: Array, count: int) -> Array:
    """0, 1, …, count - 1 as int64 on the device of x."""
    return np.arange(count)


def from_host(x: np.ndarray) -> Array:
    """A NumPy array as an array of this device."""
    return x


def to_host(x: Array) -> np.ndarray:
    return x


def moved(x: Array, source: Any, target: Any) -> Any:
    """x on the device of the namespace `target`."""
    return target.from_host(x)


def item(x: Array) -> Any:
    return x.item()


def tril(x: Array, k: int) -> Array:
    return np.tril(x, k)


def triu(x: Array, k: int) -> Array:
    return np.triu(x, k)
