"""Sorting, searching and counting over NumPy. NaN counts as larger than every number."""

import numpy as np

from gputensor.arrays.numpy_.stable_order import stable_order

Array = np.ndarray


def sort(x: Array, axis: int, descending: bool) -> Array:
    """The values in order; equal ones cannot be told apart, so nothing is said of stability."""
    out = np.sort(_ordered(x), axis).astype(x.dtype, copy=False)
    return np.ascontiguousarray(np.flip(out, axis)) if descending else out


def argsort(x: Array, axis: int, descending: bool) -> Array:
    """Stable in both directions."""
    return stable_order(_ordered(x), axis % max(x.ndim, 1), descending)


def top_k(x: Array, k: int, axis: int, largest: bool) -> Array:
    """Places of the k largest (or smallest) values along axis, best first.

    Of equal values at the border any are taken; those that are taken are ordered by position.
    """
    n = x.shape[axis]
    x = _ordered(x)
    before = (slice(None),) * axis
    if k == 0 or k * 8 > n or n < 64:
        return argsort(x, axis, largest)[(*before, slice(k))].copy()
    if largest:
        part = np.argpartition(x, n - k, axis)[(*before, slice(n - k, None))]
    else:
        part = np.argpartition(x, k - 1, axis)[(*before, slice(k))]
    part = np.sort(part, axis)
    order = argsort(np.take_along_axis(x, part, axis), axis, largest)
    return np.take_along_axis(part, order, axis)


def searchsorted(x: Array, values: Array, right: bool) -> Array:
    """x: (n,) ascending -> for every value the place at which it keeps the order."""
    return np.asarray(_ordered(x).searchsorted(_ordered(values), "right" if right else "left"))


def unique(x: Array) -> tuple[Array, Array, Array, Array]:
    """Sorted values, first index, inverse (shape of x) and counts; every NaN is a value of its own."""
    values, first, inverse, counts = np.unique(
        _ordered(x), return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    return values.astype(x.dtype, copy=False), first, inverse.reshape(x.shape), counts


def bincount(x: Array, weights: Array | None, minlength: int) -> Array:
    """How often each non-negative integer occurs, or the float64 sum of its weights."""
    out = np.bincount(x, weights, minlength)
    # nothing to count gives integers whatever the weights
    return out if weights is None else out.astype(np.float64, copy=False)


def _ordered(x: Array) -> Array:
    # bfloat16 compares NaN as equal to everything, which leaves its sorts in disorder; float32 holds all its values
    return x.astype(np.float32) if x.dtype.kind == "V" else x
