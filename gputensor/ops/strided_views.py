"""Parts of a tensor as views: ranges, sliding windows, and views by strides."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.explain import MAX_DIMS, too_many_dims
from gputensor.core.history import node_of
from gputensor.core.primitive import Primitive
from gputensor.core.restructure import restructure
from gputensor.core.tensor_base import TensorBase
from gputensor.core.views import as_view
from gputensor.errors import DtypeError, GradError, ShapeError
from gputensor.ops.dims import NEEDED, DimError, checked, listed, numpy_dim, one_dim
from gputensor.ops.indexing import getitem

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class SlidingWindow(Primitive):
    """x: (..., n, ...) -> (..., windows, ..., size)."""

    __slots__ = ("axis", "size", "step")
    name = "unfold"
    grad_name = "UnfoldBackward0"
    view = True

    def __init__(self, axis: int, size: int, step: int) -> None:
        self.axis, self.size, self.step = axis, size, step

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sliding_window(x, self.axis, self.size, self.step)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.window_add(g, self.axis, x.shape[self.axis], self.step)


class WindowAdd(Primitive):
    """(..., windows, ..., size) -> (..., length, ...), overlapping windows added up: SlidingWindow's transpose."""

    __slots__ = ("axis", "length", "step")

    def __init__(self, axis: int, length: int, step: int) -> None:
        self.axis, self.length, self.step = axis, length, step

    def forward(self, xp: Any, v: Any) -> Any:
        return xp.window_add(v, self.axis, self.length, self.step)

    def vjp_v(self, xp: Any, g: Any, out: Any, v: Any) -> Any:
        return xp.sliding_window(g, self.axis, v.shape[-1], self.step)


class AsStrided(Primitive):
    """A view by strides, of an operand whose own strides are given: another operand is first laid out as that one was.

    All strides and offsets are in elements; offset counts from the operand's first element.
    """

    __slots__ = ("offset", "shape", "source", "strides")
    view = True

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, source: tuple[int, ...]) -> None:
        self.shape, self.strides, self.offset = shape, strides, offset
        self.source = source

    def forward(self, xp: Any, x: Any) -> Any:
        offset = self.offset
        if xp.strides(x) != self.source:
            low, high = extent(x.shape, self.source)
            x = xp.strided_add(x, self.source, -low, high - low + 1)
            offset -= low
        return xp.as_strided(x, self.shape, self.strides, offset)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # elements that x itself does not have get no gradient, as in PyTorch
        low, high = [f(a, b) for f, a, b in zip((min, max), extent(x.shape, self.source), self.span(), strict=True)]
        flat = xp.strided_add(g, self.strides, self.offset - low, high - low + 1)
        part = xp.as_strided(flat, x.shape, self.source, -low)
        # where x itself shows one element several times, they share its gradient
        shown = math.prod([n for n, s in zip(x.shape, self.source, strict=True) if not s])
        return part / shown if shown > 1 else part

    def span(self) -> tuple[int, int]:
        """The first and last element that the view reaches, counted from the operand's first."""
        low, high = extent(self.shape, self.strides)
        return self.offset + low, self.offset + high


class StridedAdd(Primitive):
    """Zeros (count,) with every value added at offset + sum(index * stride): the transpose of a view by strides."""

    __slots__ = ("count", "offset", "strides")

    def __init__(self, strides: tuple[int, ...], offset: int, count: int) -> None:
        self.strides, self.offset, self.count = strides, offset, count

    def forward(self, xp: Any, v: Any) -> Any:
        return xp.strided_add(v, self.strides, self.offset, self.count)

    def vjp_v(self, xp: Any, g: Any, out: Any, v: Any) -> Any:
        return xp.as_strided(xp.copy(g, "C"), v.shape, self.strides, self.offset)


def narrow(
    input: Tensor, dim: int = NEEDED, start: int | Tensor = NEEDED, length: int = NEEDED, *, axis: int | None = None
) -> Tensor:
    """length elements of dim, from start on; a view.

    start: an int or an integer tensor of one element; negative ones count from the end. Raises ShapeError when the
    range does not lie in the dim, DimError (an IndexError) for a dim or a start out of range.

    >>> import gputensor as gt
    >>> gt.narrow(gt.arange(5), 0, 1, 3)
    tensor([1, 2, 3])
    """
    if axis is not None:
        dim = numpy_dim("narrow", dim, axis)
    shape = checked("narrow", input).array.shape
    if not shape:
        raise ShapeError("narrow: a 0-d tensor has no dim to narrow; use .reshape(1)")
    axis = one_dim("narrow", dim, len(shape), shape)
    if isinstance(start, TensorBase) and start.array.dtype.kind == "b":
        raise DtypeError("narrow: start must be an integer, got a tensor of booleans; convert it with .long()")
    n = shape[axis]
    first, count = _int("narrow", "start", start), _int("narrow", "length", length)
    if count < 0:
        raise ShapeError(f"narrow: length must not be negative, got {count}")
    if not -n <= first <= n:
        raise DimError(
            f"narrow: start {first} is out of range for dim {axis} of x of shape {tuple(shape)}; use {-n} <= "
            f"start <= {n}"
        )
    if first < 0:
        first += n
    if first + count > n:
        raise ShapeError(
            f"narrow: start {first} and length {count} reach beyond dim {axis} of x of shape {tuple(shape)}"
        )
    return getitem(input, (*(slice(None),) * axis, slice(first, first + count)))


def as_strided(input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
    """A view of input's memory by sizes and strides, both counted in elements.

    storage_offset: the first element, counted from the start of the memory; default: input's own. Gradients of
    elements reached several times add up; elements that input does not have get none. Raises ShapeError for negative
    strides, for as many strides as do not fit the sizes, and for a view that reaches out of the memory.

    >>> import gputensor as gt
    >>> gt.as_strided(gt.arange(4), (3, 2), (1, 1))
    tensor([[0, 1],
            [1, 2],
            [2, 3]])
    """
    prim, inside = strided_view("as_strided", input, size, stride, storage_offset)
    out = as_view(prim, input, input.xp.as_strided(input.array, prim.shape, prim.strides, prim.offset))
    if not inside and type(out._how) is not str:
        out._how = "by strides beyond its base"
    return out


def as_strided_(input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
    """input made such a view of its own memory, in place; arguments and errors as in `as_strided`.

    Raises GradError for a leaf that requires grad while gradients are recorded, and where the view shows elements of
    the memory that an input with a history does not have.

    >>> import gputensor as gt
    >>> gt.as_strided_(gt.arange(4), (2,), (3,))
    tensor([0, 3])
    """
    prim, inside = strided_view("as_strided", input, size, stride, storage_offset)
    if not inside and node_of(input) is not None:
        raise GradError("as_strided_: the view shows elements that this tensor, which has a history, does not have")
    out = restructure(input, prim)
    if not inside and out._parent is not None and type(out._how) is not str:
        out._how = "by strides beyond its base"
    return out


def strided_view(name: str, input: Any, size: Any, stride: Any, storage_offset: Any) -> tuple[AsStrided, bool]:
    """The primitive for checked sizes and strides, and whether it shows only what lies among input's own elements."""
    a = checked(name, input).array
    xp = input.xp
    shape = tuple([_int(name, "size", n) for n in listed(name, "size", size)])
    strides = tuple([_int(name, "stride", n) for n in listed(name, "stride", stride)])
    if len(shape) != len(strides):
        raise ShapeError(f"{name}: size {shape} and stride {strides} must have the same length")
    if any([n < 0 for n in (*shape, *strides)]):
        raise ShapeError(f"{name}: sizes and strides must not be negative, got size {shape} and stride {strides}")
    if len(shape) > MAX_DIMS:
        raise too_many_dims(name, len(shape))
    start, end = xp.memory_bounds(a)
    first = 0 if storage_offset is None else start + _int(name, "storage_offset", storage_offset)
    if storage_offset is not None and storage_offset < 0:
        raise ShapeError(f"{name}: storage_offset must not be negative, got {storage_offset}")
    prim = AsStrided(shape, strides, first, xp.strides(a))
    low, high = prim.span()
    if not math.prod(shape):
        prim.offset = 0
        return prim, True
    if not (start <= low and high < end):
        raise ShapeError(
            f"{name}: size {shape}, stride {strides} and storage_offset {first - start} reach element {high - start} "
            f"of a memory of {end - start} elements"
        )
    mine = extent(a.shape, prim.source)
    return prim, mine[0] <= low <= high <= mine[1]


def extent(shape: Sequence[int], strides: Sequence[int]) -> tuple[int, int]:
    """The lowest and the highest place of the elements of such an array, counted from its first."""
    ends = [(n - 1) * s for n, s in zip(shape, strides, strict=True) if n]
    return sum([e for e in ends if e < 0]), sum([e for e in ends if e > 0])


def _int(name: str, argument: str, value: Any) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: {argument} must be an int, got {type(value).__name__} {value!r:.40}") from None


class StridedViewMethods:
    """The partial views of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def narrow(
        self, dim: int = NEEDED, start: int | Tensor = NEEDED, length: int = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.narrow`."""
        return narrow(self, dim, start, length, axis=axis)  # type: ignore[arg-type]

    def unfold(self, dimension: int, size: int, step: int) -> Tensor:
        """All windows of `size` elements along a dim, `step` apart, as a view with their elements in a new last dim.

        (..., n, ...) -> (..., (n - size) // step + 1, ..., size). Arithmetic in place goes from window to window, so
        that what several share is changed several times; functions that are no operation of single elements see what
        was there before. Unlike torch: gradients of such writes are right. Raises ShapeError for a size larger than the
        dim and for a step below 1, DimError (an IndexError) for a dim out of range.

        >>> import gputensor as gt
        >>> gt.arange(5).unfold(0, 3, 2)
        tensor([[0, 1, 2],
                [2, 3, 4]])
        """
        x = self if self.array.ndim else self.reshape(1)  # type: ignore[attr-defined]
        axis = one_dim("unfold", dimension, self.array.ndim, self.array.shape)
        n = x.array.shape[axis]
        width, apart = _int("unfold", "size", size), _int("unfold", "step", step)
        if x.array.ndim >= MAX_DIMS:
            raise too_many_dims("unfold", x.array.ndim + 1)
        if not 0 <= width <= n:
            raise ShapeError(
                f"unfold: size must lie between 0 and {n}, the size of dim {axis} of x of shape "
                f"{tuple(self.array.shape)}; got {width}"
            )
        if apart < 1:
            raise ShapeError(f"unfold: step must be positive, got {apart}")
        prim = SlidingWindow(axis, width, apart)
        out = as_view(prim, x, prim.forward(self.xp, x.array))
        return out if self.array.ndim else out[0]

    def as_strided(self, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
        """See `gputensor.as_strided`."""
        return as_strided(self, size, stride, storage_offset)  # type: ignore[arg-type]

    def as_strided_(self, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
        """See `gputensor.as_strided_`."""
        return as_strided_(self, size, stride, storage_offset)  # type: ignore[arg-type]
