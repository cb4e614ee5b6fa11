"""Shapes over NumPy: views where NumPy can make them, joins, copies and casts. The methods are used: `np.reshape` costs six times `x.reshape`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray
Shape = tuple[int, ...]


def reshape(x: Array, shape: Shape) -> Array:
    return x.reshape(shape)


def permute_dims(x: Array, axes: Shape) -> Array:
    return x.transpose(axes)


def broadcast_to(x: Array, shape: Shape) -> Array:
    """A read-only view with stride 0 where x is repeated (`np.broadcast_to` costs ten times as much)."""
    extra = len(shape) - x.ndim
    try:
        if extra == len(shape):
            out: Array = np.ndarray(shape, x.dtype, x, 0, (0,) * extra)
            out.flags.writeable = False
            return out
        strides = (0,) * extra + tuple(
            [
                0 if have == 1 and want != 1 else _step(have, want, s)
                for have, want, s in zip(x.shape, shape[extra:], x.strides, strict=True)
            ]
        )
        out = np.ndarray(shape, x.dtype, x, 0, strides)  # type: ignore[arg-type]
    except (TypeError, ValueError, BufferError):
        # read-only, bfloat16 and oddly strided arrays offer no plain buffer
        return np.broadcast_to(x, shape)
    out.flags.writeable = False
    return out


def spread(x: Array, shape: Shape) -> Array:
    """x repeated to `shape`, to be read only: an array of its own where that is quicker than a view with stride 0."""
    n = math.prod(shape)
    if n > 8192:
        return broadcast_to(x, shape)
    out = np.empty(shape, x.dtype)
    out[...] = x
    return out


def _step(have: int, want: int, stride: int) -> int:
    if have != want:
        raise ValueError("not broadcastable")
    return stride


def squeeze(x: Array, axis: Shape) -> Array:
    return x.squeeze(axis)


def expand_dims(x: Array, axis: Shape) -> Array:
    return np.expand_dims(x, axis)


def diagonal(x: Array, offset: int, axis1: int, axis2: int) -> Array:
    """A writable view (`np.diagonal` gives a read-only one)."""
    out = x.diagonal(offset, axis1, axis2)
    if x.flags.writeable:
        out.flags.writeable = True
    return out


def sliding_window(x: Array, axis: int, size: int, step: int) -> Array:
    """x: (..., n, ...) -> (..., (n - size) // step + 1, ..., size), a view."""
    count = (x.shape[axis] - size) // step + 1
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :], size)
    strides = (*x.strides[:axis], x.strides[axis] * step, *x.strides[axis + 1 :], x.strides[axis])
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def as_strided(x: Array, shape: Shape, strides: Shape, offset: int) -> Array:
    """A view of x's memory; strides and offset in bytes, offset from x's first element. The caller checks the bounds."""
    out: Array = np.ndarray(shape, x.dtype, x.data, offset, strides)
    return out


def getitem(x: Array, index: Any) -> Array:
    """Basic indexing only (ints, slices, None, Ellipsis): always a view."""
    out = x[index]
    return out if type(out) is np.ndarray else x[(*index, ...) if type(index) is tuple else (index, ...)]


def flip(x: Array, axis: Shape) -> Array:
    return np.flip(x, axis)


def concat(arrays: Sequence[Array], axis: int) -> Array:
    return np.concatenate(arrays, axis)


def stack(arrays: Sequence[Array], axis: int) -> Array:
    return np.stack(arrays, axis)


def copy(x: Array, order: str = "K") -> Array:
    """order: "K" keeps the strides' order, "C" makes the last axis the fastest."""
    return x.copy(order)  # type: ignore[call-overload]


def astype(x: Array, dtype: np.dtype) -> Array:
    return x.astype(dtype)


def view_put(value: Array, shape: Shape, dtype: np.dtype, chain: Sequence[Any]) -> Array:
    """Zeros of `shape` in which the part seen through `chain` (view primitives) holds `value`."""
    out = np.zeros(shape, dtype)
    _write_part(out, chain, value)
    return out


def view_set(x: Array, chain: Sequence[Any], value: Array | float) -> Array:
    """A copy of x in which the part seen through `chain` (view primitives) holds `value`."""
    out = np.array(x, order="K", copy=True)
    _write_part(out, chain, value)
    return out


def _write_part(out: Array, chain: Sequence[Any], value: Array | float) -> None:
    part = _replay(out, chain)
    if part.base is out or part is out:
        part[...] = value
        return
    # a reshape had to copy because this array is laid out otherwise than the one the chain was made for: go by places
    places = _replay(np.arange(out.size).reshape(out.shape), chain)
    flat = out.reshape(-1) if out.flags.c_contiguous else np.ascontiguousarray(out).reshape(-1)
    flat[places] = value
    if flat.base is not out:
        out[...] = flat.reshape(out.shape)


def _replay(part: Array, chain: Sequence[Any]) -> Array:
    import gputensor.arrays.numpy_ as xp  # the package that collects this module's words

    for view in chain:
        part = view.forward(xp, part)
    return part


def shares_memory(x: Array, y: Array) -> bool:
    return np.may_share_memory(x, y)


def is_view_of(out: Array, x: Array) -> bool:
    """Whether `out`, made from x by a shape word, looks at x's memory."""
    base = out.base
    return base is not None and (base is x or base is x.base)


def writable(x: Array) -> bool:
    return x.flags.writeable


def copy_into(target: Array, value: Array) -> None:
    """target[...] = value, with casts between all dtypes; the one word that writes."""
    if value.dtype.kind == "c" and target.dtype.kind != "c":
        value = value.real
    target[...] = value
