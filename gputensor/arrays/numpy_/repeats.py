"""Adding where places repeat, over NumPy. `np.add.at` handles any index, at 50 to 100 times the cost of an addition.

Scalars go through `bincount`, whole rows are sorted by place and added in rounds: the first row of every place, then
the second of those that have one, and so on. 16-bit floats are added up in float32 and rounded once.
"""

import math
from typing import Any

import numpy as np

Array = np.ndarray


def add_at(out: Array, index: tuple[Any, ...], values: Array) -> None:
    """out[index] += values in the memory of out, repeated places adding up."""
    axes = [k for k, i in enumerate(index) if not (type(i) is slice and i == slice(None))]
    arrays = [index[k] for k in axes]
    if len(arrays) == 1 and type(arrays[0]) is np.ndarray and arrays[0].dtype.kind == "b":
        out[index] += values  # the places of a mask do not repeat
        return
    if not arrays or any([type(i) is not np.ndarray or i.dtype.kind not in "iu" for i in arrays]):
        if _is_half(out):
            wide = out.astype(np.float32)
            np.add.at(wide, index, np.asarray(values, np.float32))
            out[...] = wide
            return
        np.add.at(out, index, values)
        return
    shape = np.broadcast_shapes(*[i.shape for i in arrays])
    keys = _keys(arrays, [out.shape[k] for k in axes], shape)
    rest = [n for k, n in enumerate(out.shape) if k not in axes]
    # NumPy puts the index's axes where the first index array stands if the arrays are neighbours, else in front
    at = axes[0] if axes[-1] - axes[0] == len(axes) - 1 else 0
    values = np.broadcast_to(values, (*rest[:at], *shape, *rest[at:]))
    if at and shape:
        values = values.transpose((*range(at, at + len(shape)), *range(at), *range(at + len(shape), values.ndim)))
    _add(out, tuple(axes), keys, values.reshape(len(keys), *rest))


def add_rows(out: Array, axes: tuple[int, ...], index: Array, values: Array) -> None:
    """out[:, index] += values for axis 1: index is 1-D, values has the shape of out but for that axis."""
    (axis,) = axes
    keys = _keys([index], [out.shape[axis]], index.shape)
    shape = (*out.shape[:axis], len(keys), *out.shape[axis + 1 :])
    _add(out, axes, keys, np.moveaxis(np.broadcast_to(values, shape), axis, 0))


def add_flat(out: Array, places: Array, values: Array) -> None:
    """Add values at row-major places of out; places and values have one shape."""
    _add_scalars(out, tuple(range(out.ndim)), places.reshape(-1), values.reshape(-1))


def _add(out: Array, axes: tuple[int, ...], keys: Array, rows: Array) -> None:
    """Add row number i to the part of out that keys[i] names, a row-major place among `axes`."""
    if rows.size == 0:
        return
    if rows.size == len(rows):
        _add_scalars(out, axes, keys, rows.reshape(-1))
        return
    part, sizes = _front(out, axes)
    keys, sums = _sums_by_key(keys, rows, np.dtype(np.float32) if _is_half(out) else out.dtype)
    places = keys if len(axes) == 1 else np.unravel_index(keys, sizes)
    part[places] = np.asarray(part[places] + sums, out.dtype)


def _front(out: Array, axes: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
    """out with `axes` first, a view; and their sizes."""
    others = [k for k in range(out.ndim) if k not in axes]
    return out.transpose((*axes, *others)), tuple([out.shape[k] for k in axes])


def _add_scalars(out: Array, axes: tuple[int, ...], keys: Array, values: Array) -> None:
    if not keys.size:
        return
    part, sizes = _front(out, axes)
    rest: Any = (..., *(0,) * (part.ndim - len(sizes)))
    part = part[rest]  # what remains are axes of size 1
    places = keys if len(axes) == 1 else np.unravel_index(keys, sizes)
    if out.dtype.kind in "biu":
        np.add.at(part, places, values)
        return
    size = math.prod(sizes)
    if keys.size * 4 < size:
        # few places in a large array: count among those alone
        known, keys = np.unique(keys, return_inverse=True)
        keys, size = keys.reshape(-1), known.size
        places = known if len(axes) == 1 else np.unravel_index(known, sizes)
        part[places] = np.asarray(part[places] + _counted(keys, values, size), out.dtype)
    else:
        part[...] = np.asarray(part + _counted(keys, values, size).reshape(sizes), out.dtype)


def _counted(keys: Array, values: Any, size: int) -> Array:
    """The sums of values by key, in float64."""
    if values.dtype.kind != "c":
        return np.bincount(keys, values, size)
    out = np.empty(size, np.complex128)
    out.real, out.imag = np.bincount(keys, values.real, size), np.bincount(keys, values.imag, size)
    return out


def _sums_by_key(keys: Array, rows: Array, dtype: np.dtype) -> tuple[Array, Array]:
    """The different keys, ascending, and for each the sum of its rows."""
    # sorting 16-bit keys is several times quicker
    order = np.argsort(keys.astype(np.uint16) if int(keys.max()) < 65536 else keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(starts, append=len(keys))
    sums = rows[order[starts]].astype(dtype, copy=False)
    if len(starts) == len(keys):
        return ordered, sums
    # a round costs about three times as much as finishing one key by itself: stop where the two together are cheapest
    with_more = len(starts) - np.cumsum(np.bincount(counts))  # with_more[r] keys have more than r rows
    rounds = 1 + int(np.argmin(10 * np.arange(1, len(with_more)) + 3 * with_more[1:]))
    for r in range(1, rounds):
        more = np.flatnonzero(counts > r)
        sums[more] += rows[order[starts[more] + r]]
    for k in np.flatnonzero(counts > rounds):
        sums[k] += np.add.reduce(rows[order[starts[k] + rounds : starts[k] + counts[k]]], 0, dtype)
    return ordered[starts], sums


def _keys(arrays: list[Array], sizes: list[int], shape: tuple[int, ...]) -> Array:
    """Index arrays as one row-major key a place; raises IndexError for one out of range."""
    keys: Any = 0
    for axis, (i, n) in enumerate(zip(arrays, sizes, strict=True)):
        low, high = (int(i.min()), int(i.max())) if i.size else (0, -1)
        if low < -n or high >= n:
            raise IndexError(f"index {low if low < -n else high} is out of bounds for axis {axis} with size {n}")
        i = i.astype(np.int64, copy=False)
        keys = keys * n + (np.where(i < 0, i + n, i) if low < 0 else i)
    return np.broadcast_to(keys, shape).reshape(-1)


def _is_half(x: Array) -> bool:
    return x.dtype.itemsize == 2 and x.dtype.kind in "fV"
