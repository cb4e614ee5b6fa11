"""Shapes: the hidden axis stays in front, so every view of an example is a view of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import ALL, Rules

Shape = tuple[int, ...]
INT64 = np.dtype(np.int64)


class ShapeRules(Rules):
    __slots__ = ()

    def reshape(self, x: Any, shape: Any, /) -> Batched:
        x = self.of(x)
        if not x.batched:
            return self.made(self.inner.reshape(x.value, shape), False)
        shape = tuple(shape)
        if shape.count(-1) == 1:
            known = -math.prod(shape)
            if known and x.size % known == 0:
                shape = tuple([x.size // known if n == -1 else n for n in shape])
        return self.made(self.inner.reshape(x.value, (self.size, *shape)), True)

    def permute_dims(self, x: Any, axes: Shape, /) -> Batched:
        x = self.of(x)
        axes = (0, *[k + 1 for k in axes]) if x.batched else tuple(axes)
        return self.made(self.inner.permute_dims(x.value, axes), x.batched)

    def squeeze(self, x: Any, axis: Shape, /) -> Batched:
        return self._shifted(self.inner.squeeze, x, axis)

    def expand_dims(self, x: Any, axis: Shape) -> Batched:
        return self._shifted(self.inner.expand_dims, x, axis)

    def flip(self, x: Any, axis: Shape) -> Batched:
        return self._shifted(self.inner.flip, x, axis)

    def _shifted(self, word: Any, x: Any, axis: Shape) -> Batched:
        x = self.of(x)
        return self.made(word(x.value, tuple([k + x.batched for k in axis])), x.batched)

    def broadcast_to(self, x: Any, shape: Shape) -> Batched:
        return self._spread(self.inner.broadcast_to, x, shape)

    def spread(self, x: Any, shape: Shape) -> Batched:
        return self._spread(self.inner.spread, x, shape)

    def _spread(self, word: Any, x: Any, shape: Shape) -> Batched:
        x = self.of(x)
        if not x.batched:
            return self.made(word(x.value, shape), False)
        return self.made(word(self.deepened(x, len(shape)), (self.size, *shape)), True)

    def getitem(self, x: Any, index: Any) -> Batched:
        x = self.of(x)
        if not x.batched:
            return self.made(self.inner.getitem(x.value, index), False)
        parts = index if isinstance(index, tuple) else (index,)
        return self.made(self.inner.getitem(x.value, (ALL, *parts)), True)

    def diagonal(self, x: Any, offset: int, axis1: int, axis2: int) -> Batched:
        x = self.of(x)
        return self.made(self.inner.diagonal(x.value, offset, axis1 + x.batched, axis2 + x.batched), x.batched)

    def sliding_window(self, x: Any, axis: int, size: int, step: int) -> Batched:
        x = self.of(x)
        return self.made(self.inner.sliding_window(x.value, axis + x.batched, size, step), x.batched)

    def window_add(self, values: Any, axis: int, length: int, step: int) -> Batched:
        v = self.of(values)
        return self.made(self.inner.window_add(v.value, axis + v.batched, length, step), v.batched)

    def as_strided(self, x: Any, shape: Shape, strides: Shape, offset: int) -> Batched:
        x = self.of(x)
        if x.batched:
            shape, strides = (self.size, *shape), (self.inner.strides(x.value)[0], *strides)
        return self.made(self.inner.as_strided(x.value, shape, strides, offset), x.batched)

    def strided_add(self, values: Any, strides: Shape, offset: int, count: int) -> Batched:
        v = self.of(values)
        if not v.batched:
            return self.made(self.inner.strided_add(v.value, strides, offset, count), False)
        flat = self.inner.strided_add(v.value, (count, *strides), offset, self.size * count)
        return self.made(self.inner.reshape(flat, (self.size, count)), True)

    def concat(self, arrays: Sequence[Any], axis: int) -> Batched:
        return self._joined(self.inner.concat, arrays, axis)

    def stack(self, arrays: Sequence[Any], axis: int) -> Batched:
        return self._joined(self.inner.stack, arrays, axis)

    def _joined(self, word: Any, arrays: Sequence[Any], axis: int) -> Batched:
        made = [self.of(x) for x in arrays]
        if not any([x.batched for x in made]):
            return self.made(word([x.value for x in made], axis), False)
        return self.made(word([self.full_size(x) for x in made], axis + 1), True)

    def copy(self, x: Any, order: Literal["K", "C"] = "K") -> Batched:
        x = self.of(x)
        return self.made(self.inner.copy(x.value, order), x.batched)

    def reinterpret(self, x: Any, dtype: np.dtype) -> Batched:
        x = self.of(x)
        return self.made(self.inner.reinterpret(x.value, dtype), x.batched)

    # ------------------------------------------------------------ writes through views

    def view_put(self, value: Any, shape: Shape, dtype: np.dtype, chain: Sequence[Any]) -> Batched:
        value = self.of(value)
        out = Batched(self, self.inner.zeros((self.size, *shape) if value.batched else shape, dtype), value.batched)
        return self._written(out, chain, value)

    def view_set(self, x: Any, chain: Sequence[Any], value: Any) -> Batched:
        x, value = self.of(x), self.of(value)
        given = self.full_size(x) if value.batched else x.value
        out = Batched(self, self.inner.copy(given, "C"), x.batched or value.batched)
        return self._written(out, chain, value)

    def _written(self, out: Batched, chain: Sequence[Any], value: Any) -> Batched:
        part: Any = out
        for view in chain:
            part = view.forward(self, part)
        if part.size == 0 or self.is_view_of(part, out):
            self.copy_into(part, value)
            return out
        # a reshape had to copy, as this array is laid out otherwise than the one the chain was made for: by places
        places: Any = self.reshape(self.arange(0, out.size, 1, INT64), out.shape)
        for view in chain:
            places = view.forward(self, places)
        flat = self.reshape(out, (out.size,))
        flat_value = self.reshape(self.broadcast_to(value, part.shape), (-1,))
        self.index_write(flat, (self.reshape(places, (-1,)),), flat_value)
        return out

    # ------------------------------------------------------------ questions about memory

    def strides(self, x: Any) -> Shape:
        x = self.of(x)
        steps: Shape = self.inner.strides(x.value)
        return steps[1:] if x.batched else steps

    def address(self, x: Any) -> int:
        where: int = self.inner.address(self.of(x).value)
        return where

    def memory_bounds(self, x: Any) -> tuple[int, int]:
        x = self.of(x)
        if not x.batched:
            bounds: tuple[int, int] = self.inner.memory_bounds(x.value)
            return bounds
        # an example may look at its own part only
        reach = [(n - 1) * s for n, s in zip(x.shape, self.strides(x), strict=True)]
        low, high = sum([r for r in reach if r < 0]), sum([r for r in reach if r > 0])
        return (low, high + 1) if x.size else (0, 0)

    def is_view_of(self, out: Any, x: Any) -> bool:
        return bool(self.inner.is_view_of(self.of(out).value, self.of(x).value))

    def shares_memory(self, x: Any, y: Any) -> bool:
        return bool(self.inner.shares_memory(self.of(x).value, self.of(y).value))

    def writable(self, x: Any) -> bool:
        return bool(self.inner.writable(self.of(x).value))
