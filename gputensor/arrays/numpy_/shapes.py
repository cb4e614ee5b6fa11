"""Shapes over NumPy: views where NumPy can make them, joins, copies and casts.

The methods are used: `np.reshape` costs six times `x.reshape`.
"""

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from gputensor.arrays.numpy_ import transposing

Array = np.ndarray[Any, Any]  # Any for the dtype: real and imag have types for known dtypes alone
Shape = tuple[int, ...]


def reshape(x: Array, shape: Shape, /) -> Array:
    return x.reshape(shape)


def permute_dims(x: Array, axes: Shape, /) -> Array:
    return x.transpose(axes)


def squeeze(x: Array, axis: Shape, /) -> Array:
    return x.squeeze(axis)


def broadcast_to(x: Array, shape: Shape) -> Array:
    """A view with stride 0 where x is repeated, no copy (`np.broadcast_to` costs ten times as much)."""
    extra = len(shape) - x.ndim
    try:
        if extra == len(shape):
            return np.ndarray(shape, x.dtype, x, 0, (0,) * extra)
        steps = (0,) * extra + tuple(
            [
                0 if have == 1 and want != 1 else _step(have, want, s)
                for have, want, s in zip(x.shape, shape[extra:], x.strides, strict=True)
            ]
        )
        return np.ndarray(shape, x.dtype, x, 0, steps)
    except (TypeError, ValueError, BufferError):
        # read-only, bfloat16 and oddly strided arrays offer no plain buffer
        out: Array = np.broadcast_to(x, shape)
    return as_strided(x, out.shape, strides(out), 0) if x.flags.writeable else out


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


def expand_dims(x: Array, axis: Shape) -> Array:
    """New axes of size 1, at these places of the result (`np.expand_dims` costs ten times `x.reshape`)."""
    shape = list(x.shape)
    for k in sorted(axis):
        shape.insert(k, 1)
    return x.reshape(shape)


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
    steps = strides(x)
    return as_strided(x, shape, (*steps[:axis], steps[axis] * step, *steps[axis + 1 :], steps[axis]), 0)


def as_strided(x: Array, shape: Shape, strides: Shape, offset: int) -> Array:
    """A view of x's memory; strides and offset in elements, from x's first element. Bounds are the caller's."""
    memory = _Memory()
    memory.owner = x
    pointer, read_only = x.__array_interface__["data"]
    # as broadcast_to: what shows one element several times is not written
    read_only = read_only or any([not s and n > 1 for n, s in zip(shape, strides, strict=True)])
    unit = x.itemsize
    memory.__array_interface__ = {
        "version": 3,
        # the bytes go through as they are: bfloat16 has no name in this protocol
        "typestr": f"|V{unit}",
        "shape": shape,
        "strides": tuple([s * unit for s in strides]),
        "data": (pointer + offset * unit, read_only),
    }
    return np.asarray(memory).view(x.dtype)


class _Memory:
    """Where an array lies; keeps its owner alive."""

    __slots__ = ("__array_interface__", "owner")
    __array_interface__: dict[str, Any]
    owner: Array


def strides(x: Array) -> Shape:
    """The steps from one element to the next along each axis, in elements."""
    unit = x.itemsize
    return tuple([s // unit for s in x.strides])


def memory_bounds(x: Array) -> tuple[int, int]:
    """The elements from x's first one to the start and to the end of the memory that x looks into."""
    owner: Any = x
    while owner.base is not None:
        # what as_strided makes hangs on a holder of the array, which is none itself
        base = owner.base if isinstance(owner.base, np.ndarray) else getattr(owner.base, "owner", None)
        if not isinstance(base, np.ndarray):
            break
        owner = base
    low, high = np.lib.array_utils.byte_bounds(owner)
    first = address(x)
    return -((first - low) // x.itemsize), ((high if owner.size else low) - first) // x.itemsize


def address(x: Array) -> int:
    """Where x's first element lies."""
    where: int = x.__array_interface__["data"][0]
    return where


def reinterpret(x: Array, dtype: np.dtype) -> Array:
    """The same bytes as another dtype, a view; another size of element needs a last axis without gaps."""
    return x.view(dtype)


def window_add(values: Array, axis: int, length: int, step: int) -> Array:
    """(..., windows, ..., size) -> (..., length, ...), overlapping windows added up: `sliding_window`'s transpose."""
    size = values.shape[-1]
    windows = values.shape[axis]
    shape = (*values.shape[:axis], length, *values.shape[axis + 1 : -1])
    narrow = values.dtype.itemsize == 2 and values.dtype.kind in "fV"
    out = np.zeros(shape, np.float32 if narrow else values.dtype)
    before: tuple[Any, ...] = (slice(None),) * axis
    if size <= windows:
        # one strided addition for each place in the window
        for k in range(size):
            out[(*before, slice(k, k + (windows - 1) * step + 1, step))] += values[..., k]
    else:
        moved = np.moveaxis(values, -1, axis + 1)
        for k in range(windows):
            out[(*before, slice(k * step, k * step + size))] += moved[(*before, k)]
    return out.astype(values.dtype) if narrow else out


def strided_add(values: Array, strides: Shape, offset: int, count: int) -> Array:
    """Zeros (count,) with every value added at offset + sum(index * stride), in elements: `as_strided`'s transpose."""
    narrow = values.dtype.itemsize == 2 and values.dtype.kind in "fV"
    out = np.zeros(count, np.float32 if narrow else values.dtype)
    places = np.full(values.shape, offset)
    for axis, stride in enumerate(strides):
        steps = np.arange(values.shape[axis]) * stride
        places += steps.reshape([-1 if k == axis else 1 for k in range(values.ndim)])
    np.add.at(out, places, values)
    return out.astype(values.dtype) if narrow else out


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


def copy(x: Array, order: Literal["K", "C"] = "K") -> Array:
    """order: "K" keeps the strides' order, "C" makes the last axis the fastest."""
    return transposing.copy(x) if order == "C" and transposing.is_transposed(x) else x.copy(order)


def astype(x: Array, dtype: np.dtype) -> Array:
    """A copy. Complex to real drops the imaginary part, floats beyond an integer's range are undefined: silently."""
    if x.dtype.kind == "c" and dtype.kind not in "cb":
        x = np.real(x)
    try:
        return x.astype(dtype)
    except RuntimeWarning:  # where warnings are errors
        with np.errstate(all="ignore"):
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
    if part.size == 0 or is_view_of(part, out):
        part[...] = value
        return
    # a reshape had to copy because this array is laid out otherwise than the one the chain was made for: go by places
    places = _replay(np.arange(out.size).reshape(out.shape), chain)
    flat = out.reshape(-1)
    flat[places] = value
    if not np.may_share_memory(flat, out):
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
    return out is x or (base is not None and (base is x or base is x.base or np.may_share_memory(out, x)))


def writable(x: Array) -> bool:
    if not x.flags.writeable:
        return False
    # a stride of 0 along more than one element is broadcasting's: its places are one place
    return 0 not in x.strides or not x.size or all([s or n == 1 for s, n in zip(x.strides, x.shape, strict=True)])


def copy_into(target: Array, value: Array) -> None:
    """target[...] = value, with casts between all dtypes; the one word that writes."""
    if value.dtype.kind == "c" and target.dtype.kind not in "cb":
        value = np.real(value)
    target[...] = value
