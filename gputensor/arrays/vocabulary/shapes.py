"""Shapes: views where the library can make them, joins, copies, casts, and the questions about memory."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

import numpy as np

from gputensor.arrays.vocabulary.terms import A, Shape


class Shapes(Protocol[A]):
    def address(self, x: A) -> int:
        """Where x's first element lies: Tensor.data_ptr."""
        ...

    def as_strided(self, x: A, shape: Shape, strides: Shape, offset: int) -> A:
        """A view by strides and offset in elements: Tensor.as_strided exists, and no other word reaches such views."""
        ...

    def astype(self, x: A, dtype: np.dtype) -> A:
        """Always a copy; complex to real drops the imaginary part silently: gradients of real operands need that."""
        ...

    def broadcast_to(self, x: A, shape: Shape) -> A: ...

    def concat(self, arrays: Sequence[A], axis: int) -> A: ...

    def copy(self, x: A, order: Literal["K", "C"] = "K") -> A:
        """A copy that owns its memory; the standard's `asarray(copy=True)` cannot ask for C order."""
        ...

    def copy_into(self, target: A, value: A) -> None:
        """target[...] = value with any cast: the one word that writes, so that all writes pass one gate."""
        ...

    def diagonal(self, x: A, offset: int, axis1: int, axis2: int) -> A:
        """A writable view on any two axes; the standard's `linalg.diagonal` knows the last two and may copy."""
        ...

    def expand_dims(self, x: A, axis: Shape) -> A: ...

    def flip(self, x: A, axis: Shape) -> A: ...

    def getitem(self, x: A, index: Any) -> A:
        """Basic indexing (int, slice, None, Ellipsis): always a view, and 0-d stays an array, no scalar."""
        ...

    def is_view_of(self, out: A, x: A) -> bool:
        """Whether `out`, made from x by a shape word, looks at x's memory: `reshape` alone does not tell."""
        ...

    def memory_bounds(self, x: A) -> tuple[int, int]:
        """The elements from x's first one to the start and the end of its memory: what `as_strided` must stay
        within."""
        ...

    def permute_dims(self, x: A, axes: Shape, /) -> A: ...

    def reinterpret(self, x: A, dtype: np.dtype) -> A:
        """The same bytes as another dtype, a view: Tensor.view(dtype) stands on it."""
        ...

    def reshape(self, x: A, shape: Shape, /) -> A: ...

    def shares_memory(self, x: A, y: A) -> bool:
        """Whether a write to one could show in the other; may say yes for interleaved views."""
        ...

    def sliding_window(self, x: A, axis: int, size: int, step: int) -> A:
        """x: (..., n, ...) -> (..., (n - size) // step + 1, ..., size), a view: unfold stands on it."""
        ...

    def spread(self, x: A, shape: Shape) -> A:
        """x repeated to `shape`, to be read only: `broadcast_to`, or a small copy where that is quicker to read."""
        ...

    def squeeze(self, x: A, axis: Shape, /) -> A: ...

    def stack(self, arrays: Sequence[A], axis: int) -> A: ...

    def strided_add(self, values: A, strides: Shape, offset: int, count: int) -> A:
        """Zeros (count,) with values added at offset + sum(index * stride), in elements: `as_strided`'s transpose."""
        ...

    def strides(self, x: A) -> Shape:
        """The steps along each axis, in elements: views by strides are made of them."""
        ...

    def view_put(self, value: A, shape: Shape, dtype: np.dtype, chain: Sequence[Any]) -> A:
        """Zeros of `shape` with value in the part seen through `chain` (view primitives): the transpose of a view."""
        ...

    def view_set(self, x: A, chain: Sequence[Any], value: A | float) -> A:
        """A copy of x with value in the part seen through `chain`: the gradient of a write through a view."""
        ...

    def window_add(self, values: A, axis: int, length: int, step: int) -> A:
        """(..., windows, ..., size) -> (..., length, ...), overlaps added up: `sliding_window`'s transpose."""
        ...

    def writable(self, x: A) -> bool:
        """Whether writing to x is defined: not for read-only memory, nor where broadcasting repeats an element."""
        ...
