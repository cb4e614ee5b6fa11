"""Reading and writing by index arrays, sorting and searching over NumPy. Out-of-range indices raise IndexError here."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray
Shape = tuple[int, ...]


def take(x: Array, index: Array, axis: int) -> Array:
    """x: (..., n, ...), index: (m,) -> (..., m, ...)."""
    return x.take(index, axis)


def take_along_axis(x: Array, index: Array, axis: int) -> Array:
    """out[i, j, k] = x[i, index[i, j, k], k] for axis 1; index may be smaller than x in the other axes."""
    return x[_along(index, axis)]


def scatter_add(x: Array, index: Array, values: Array, axis: int) -> Array:
    """A copy of x with values added at the places `take_along_axis(x, index, axis)` reads; repeated places add up."""
    out = x.copy()
    _add_at(out, _along(index, axis), values)
    return out


def scatter(x: Array, index: Array, values: Array, axis: int) -> Array:
    """A copy of x with values written at the places `take_along_axis(x, index, axis)` reads."""
    out = x.copy()
    out[_along(index, axis)] = values
    return out


def index_get(x: Array, index: tuple[Any, ...]) -> Array:
    """x[index] with index arrays, masks, slices, None and Ellipsis mixed as NumPy does; a copy."""
    return np.asarray(x[index])


def index_put(x: Array, index: tuple[Any, ...], values: Array) -> Array:
    """A copy of x with x[index] = values."""
    out = x.copy()
    out[index] = values
    return out


def index_add(values: Array, shape: Shape, index: tuple[Any, ...]) -> Array:
    """Zeros of `shape` with values added at index; repeated places add up."""
    out = np.zeros(shape, values.dtype)
    _add_at(out, index, values)
    return out


def index_write(x: Array, index: tuple[Any, ...], values: Array, accumulate: bool = False) -> None:
    """x[index] = values (or += with repeats added up) in the memory of x."""
    if accumulate:
        _add_at(x, index, values)
    else:
        x[index] = values


def nonzero(x: Array) -> tuple[Array, ...]:
    return x.nonzero() if x.ndim else np.atleast_1d(x).nonzero()[:0]


def sort(x: Array, axis: int, descending: bool) -> Array:
    if descending:
        return take_along_axis(x, argsort(x, axis, descending), axis)
    return np.sort(_ordered(x), axis, kind="stable").astype(x.dtype, copy=False)


def argsort(x: Array, axis: int, descending: bool) -> Array:
    """Stable in both directions; NaN counts as the largest value."""
    x = _ordered(x)
    if not descending:
        return np.argsort(x, axis, kind="stable")
    # stable descending order is the reverse of the stable ascending order of the reversed array
    flipped = np.argsort(np.flip(x, axis), axis, kind="stable")
    return np.flip(x.shape[axis] - 1 - flipped, axis)


def top_k(x: Array, k: int, axis: int, largest: bool) -> Array:
    """Places of the k largest (or smallest) values along axis, best first; NaN counts as the largest.

    Of equal values at the border any are taken; those that are taken are ordered by position.
    """
    n = x.shape[axis]
    x = _ordered(x)
    if k == 0 or k * 8 > n or n < 64:
        return np.take(argsort(x, axis, largest), np.arange(k), axis)
    if largest:
        part = np.take(np.argpartition(x, n - k, axis), np.arange(n - k, n), axis)
    else:
        part = np.take(np.argpartition(x, max(k - 1, 0), axis), np.arange(k), axis)
    part = np.sort(part, axis)
    order = argsort(take_along_axis(x, part, axis), axis, largest)
    return take_along_axis(part, order, axis)


def searchsorted(x: Array, values: Array, right: bool) -> Array:
    """x: (n,) ascending -> for every value the place at which it keeps the order."""
    return np.asarray(_ordered(x).searchsorted(_ordered(values), "right" if right else "left"))


def unique(x: Array) -> tuple[Array, Array, Array, Array]:
    """Sorted values, first index, inverse (shape of x) and counts."""
    values, first, inverse, counts = np.unique(
        _ordered(x), return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    return values.astype(x.dtype, copy=False), first, inverse.reshape(x.shape), counts


def bincount(x: Array, weights: Array | None, minlength: int) -> Array:
    out = np.bincount(x, weights, minlength)
    # nothing to count gives integers whatever the weights
    return out if weights is None else out.astype(np.float64, copy=False)


def _ordered(x: Array) -> Array:
    # bfloat16 compares NaN as equal to everything, which leaves its sorts in disorder; float32 holds all its values
    return x.astype(np.float32) if x.dtype.kind == "V" else x


def _along(index: Array, axis: int) -> tuple[Array, ...]:
    grid: list[Array] = []
    for k, n in enumerate(index.shape):
        if k == axis:
            grid.append(index)
        else:
            grid.append(np.arange(n).reshape([n if j == k else 1 for j in range(index.ndim)]))
    return tuple(grid)


def _add_at(out: Array, index: Sequence[Any], values: Array) -> None:
    if out.dtype.itemsize == 2 and out.dtype.kind in "fV":
        # 16-bit sums of many repeats lose everything: add in float32
        wide = out.astype(np.float32)
        np.add.at(wide, tuple(index), values.astype(np.float32))
        out[...] = wide
        return
    arrays = [i for i in index if isinstance(i, np.ndarray)]
    integers = len(arrays) == len(index) == out.ndim and all(i.dtype.kind in "iu" for i in arrays)
    if integers and out.dtype in (np.float64, np.float32) and out.size and values.size > 64:
        # bincount over flat places is several times np.add.at, and exact in float64
        for k, i in enumerate(arrays):
            if i.size and (int(i.min()) < -out.shape[k] or int(i.max()) >= out.shape[k]):
                raise IndexError(f"index out of bounds for axis {k} with size {out.shape[k]}")
        places = np.ravel_multi_index(
            tuple(np.where(i < 0, i + n, i) for i, n in zip(np.broadcast_arrays(*arrays), out.shape, strict=True)),
            out.shape,
        )
        weights = np.broadcast_to(values, places.shape)
        if math.prod(places.shape) * 4 > out.size:
            out += (
                np.bincount(places.ravel(), weights.ravel(), out.size).reshape(out.shape).astype(out.dtype, copy=False)
            )
            return
    np.add.at(out, tuple(index), values)
