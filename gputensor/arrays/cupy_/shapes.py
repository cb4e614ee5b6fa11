"""Shapes over CuPy: views where CuPy can make them, joins, copies and casts.

Words that never touch the data run on any current device; the others are placed. CuPy arrays have no read-only flag.
"""

from collections.abc import Sequence
from typing import Any, Literal

import cupy
from cupy import ndarray

from gputensor.arrays.cupy_.dtypes import FLOAT32, is_half
from gputensor.arrays.cupy_.indexing import added
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Shape


class ShapeWords:
    """The family's methods."""

    __slots__ = ()

    def address(self, x: ndarray) -> int:
        return int(x.data.ptr)

    def as_strided(self, x: ndarray, shape: Shape, strides: Shape, offset: int) -> ndarray:
        unit = x.itemsize
        return ndarray(shape, x.dtype, x.data + offset * unit, tuple([s * unit for s in strides]))

    @placed
    def astype(self, x: ndarray, dtype: Any) -> ndarray:
        if x.dtype.kind == "c" and dtype.kind not in "cb":
            x = x.real
        return x.astype(dtype)

    def broadcast_to(self, x: ndarray, shape: Shape) -> ndarray:
        return cupy.broadcast_to(x, shape)

    @placed
    def concat(self, arrays: Sequence[ndarray], axis: int) -> ndarray:
        return cupy.concatenate(arrays, axis)

    @placed
    def copy(self, x: ndarray, order: Literal["K", "C"] = "K") -> ndarray:
        return x.copy(order)

    @placed
    def copy_into(self, target: ndarray, value: ndarray) -> None:
        if value.dtype.kind == "c" and target.dtype.kind not in "cb":
            value = value.real
        # two contiguous views go through one memory copy, which is undefined where they overlap
        if cupy.may_share_memory(target, value):
            value = value.copy()
        target[...] = value

    @placed
    def diagonal(self, x: ndarray, offset: int, axis1: int, axis2: int) -> ndarray:
        return x.diagonal(offset, axis1, axis2)

    def expand_dims(self, x: ndarray, axis: Shape) -> ndarray:
        return cupy.expand_dims(x, axis)

    def flip(self, x: ndarray, axis: Shape) -> ndarray:
        return cupy.flip(x, axis)

    def getitem(self, x: ndarray, index: Any) -> ndarray:
        return x[index]

    def is_view_of(self, out: ndarray, x: ndarray) -> bool:
        # views hold their base's memory object; every allocation is a new one
        return out.data.mem is x.data.mem

    def memory_bounds(self, x: ndarray) -> tuple[int, int]:
        before = x.data.ptr - x.data.mem.ptr
        return -(before // x.itemsize), (x.data.mem.size - before) // x.itemsize

    def permute_dims(self, x: ndarray, axes: Shape, /) -> ndarray:
        return x.transpose(axes)

    def reinterpret(self, x: ndarray, dtype: Any) -> ndarray:
        return x.view(dtype)

    @placed
    def reshape(self, x: ndarray, shape: Shape, /) -> ndarray:
        return x.reshape(shape)

    def shares_memory(self, x: ndarray, y: ndarray) -> bool:
        return cupy.may_share_memory(x, y)

    def sliding_window(self, x: ndarray, axis: int, size: int, step: int) -> ndarray:
        count = (x.shape[axis] - size) // step + 1
        shape = (*x.shape[:axis], count, *x.shape[axis + 1 :], size)
        strides = (*x.strides[:axis], x.strides[axis] * step, *x.strides[axis + 1 :], x.strides[axis])
        return ndarray(shape, x.dtype, x.data, strides)

    def spread(self, x: ndarray, shape: Shape) -> ndarray:
        return cupy.broadcast_to(x, shape)

    def squeeze(self, x: ndarray, axis: Shape, /) -> ndarray:
        return x.squeeze(axis)

    @placed
    def stack(self, arrays: Sequence[ndarray], axis: int) -> ndarray:
        return cupy.stack(arrays, axis)

    @placed
    def strided_add(self, values: ndarray, strides: Shape, offset: int, count: int) -> ndarray:
        places = cupy.full(values.shape, offset, cupy.int64)
        for axis, stride in enumerate(strides):
            steps = cupy.arange(values.shape[axis], dtype=cupy.int64) * stride
            places += steps.reshape([-1 if k == axis else 1 for k in range(values.ndim)])
        return added(cupy.zeros(count, values.dtype), (places,), values)

    def strides(self, x: ndarray) -> Shape:
        return tuple([s // x.itemsize for s in x.strides])

    @placed
    def view_put(self, value: ndarray, shape: Shape, dtype: Any, chain: Sequence[Any]) -> ndarray:
        out = cupy.zeros(shape, dtype)
        self._write_part(out, chain, value)
        return out

    @placed
    def view_set(self, x: ndarray, chain: Sequence[Any], value: Any) -> ndarray:
        out = x.copy("K")
        self._write_part(out, chain, value)
        return out

    @placed
    def window_add(self, values: ndarray, axis: int, length: int, step: int) -> ndarray:
        size, windows = values.shape[-1], values.shape[axis]
        wide = FLOAT32 if is_half(values) else values.dtype
        out = cupy.zeros((*values.shape[:axis], length, *values.shape[axis + 1 : -1]), wide)
        before = (slice(None),) * axis
        if size <= windows:
            # one strided addition for each place in the window
            for k in range(size):
                out[(*before, slice(k, k + (windows - 1) * step + 1, step))] += values[..., k]
        else:
            moved = cupy.moveaxis(values, -1, axis + 1)
            for k in range(windows):
                out[(*before, slice(k * step, k * step + size))] += moved[(*before, k)]
        return out.astype(values.dtype, copy=False)

    def writable(self, x: ndarray) -> bool:
        # a stride of 0 along more than one element is broadcasting's: its places are one place
        strides = x.strides
        return 0 not in strides or x.size == 0 or all([s or n == 1 for s, n in zip(strides, x.shape, strict=True)])

    def _write_part(self, out: ndarray, chain: Sequence[Any], value: Any) -> None:
        part = self._replay(out, chain)
        if part.size == 0 or self.is_view_of(part, out):
            part[...] = value
            return
        # a reshape had to copy: this array is laid out otherwise than the one the chain was made for; go by places
        places = self._replay(cupy.arange(out.size).reshape(out.shape), chain)
        flat = out.reshape(-1)
        flat[places] = value
        if not self.is_view_of(flat, out):
            out[...] = flat.reshape(out.shape)

    def _replay(self, part: ndarray, chain: Sequence[Any]) -> ndarray:
        for view in chain:
            part = view.forward(self, part)
        return part
