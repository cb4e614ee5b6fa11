"""Layouts and memory formats: in which order the elements lie in memory, and copies in a given order."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.naming import full_name
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError
from gputensor.ops.dims import DimError, checked, numpy_dim, one_dim

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class _Constant:
    """A named constant such as ``gputensor.strided``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return full_name(self.name)

    def __reduce__(self) -> str:
        return self.name


class layout(_Constant):
    """How a tensor stores its elements; ``gputensor.strided`` is the only one.

    >>> import gputensor as gt
    >>> gt.ones(2).layout, isinstance(gt.strided, gt.layout)
    (gputensor.strided, True)
    """

    __slots__ = ()


class memory_format(_Constant):
    """The order of a tensor's elements in memory: `contiguous_format`, `channels_last` (NHWC), `preserve_format`.

    >>> import gputensor as gt
    >>> gt.ones(1, 3, 2, 2).to(memory_format=gt.channels_last).stride()
    (12, 1, 6, 3)
    """

    __slots__ = ()


strided = layout("strided")
contiguous_format = memory_format("contiguous_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
preserve_format = memory_format("preserve_format")

_DIMS = {channels_last: 4, channels_last_3d: 5}


class Clone(Primitive):
    """A copy. order: "K" keeps the order of the strides, "C" is row-major, "L" has the second dim last in memory."""

    __slots__ = ("order",)
    passes = True

    def __init__(self, order: str) -> None:
        self.order = order

    def forward(self, xp: Any, x: Any) -> Any:
        if self.order != "L":
            return xp.copy(x, self.order)
        n = len(x.shape)
        last = xp.copy(xp.permute_dims(x, (0, *range(2, n), 1)), "C")
        return xp.permute_dims(last, (0, n - 1, *range(1, n - 1)))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


KEEP, ROW_MAJOR, CHANNELS_LAST = Clone("K"), Clone("C"), Clone("L")


def clone(input: Tensor, *, memory_format: Any = preserve_format) -> Tensor:
    """A copy that takes part in the graph.

    memory_format: `contiguous_format`, `channels_last` or `preserve_format` (default: keep the order of the strides).
    Raises ShapeError where the dims do not fit the format.

    >>> import gputensor as gt
    >>> gt.clone(gt.tensor([1.0, 2.0]))
    tensor([1., 2.])
    """
    return ordered_clone(checked("clone", input), memory_format)


def is_contiguous(a: Any, format: Any = contiguous_format) -> bool:
    """Whether the elements of an array lie in memory in the order of `format`; dims of size 1 do not count."""
    if format is contiguous_format or format is preserve_format:
        return 0 in a.shape or _dense(a.shape, a.strides, a.itemsize, range(a.ndim - 1, -1, -1))
    n = _DIMS.get(format)
    if n is None:
        raise TypeError(f"is_contiguous: memory_format must be one of gputensor's memory formats, got {format!r}")
    return a.ndim == n and _dense(a.shape, a.strides, a.itemsize, (1, *range(n - 1, 1, -1), 0))


def _dense(shape: Sequence[int], strides: Sequence[int], itemsize: int, fastest_first: Any) -> bool:
    step = itemsize
    for k in fastest_first:
        if shape[k] != 1:
            if strides[k] != step:
                return False
            step *= shape[k]
    return True


def ordered_clone(input: Tensor, format: Any) -> Tensor:
    """A recorded copy of input in the given memory format; None keeps the order of the strides."""
    if format is preserve_format or format is None:
        a = input.array
        # repeated elements have no order of their own
        repeated = 0 in a.strides and any([not s and n > 1 for s, n in zip(a.strides, a.shape, strict=True)])
        return apply1(ROW_MAJOR if repeated else KEEP, input)
    if format is contiguous_format:
        return apply1(ROW_MAJOR, input)
    check_format("clone", format, input.array.ndim)
    return apply1(CHANNELS_LAST, input)


def check_format(name: str, format: Any, ndim: int) -> None:
    """Raises where tensors of so many dims cannot have the format."""
    if not isinstance(format, memory_format):
        raise TypeError(f"{name}: memory_format must be one of gputensor's memory formats, got {format!r}")
    if format in _DIMS and _DIMS[format] != ndim:
        raise ShapeError(f"{name}: {format.name} needs {_DIMS[format]} dims, got {ndim}")


def suggested_format(a: Any) -> Any:
    """The memory format that an array has: channels last if it looks so and not row-major, else contiguous."""
    for format, n in _DIMS.items():
        if a.ndim == n and not is_contiguous(a) and is_contiguous(a, format):
            return format
    return contiguous_format


def is_row_major(format: Any, like: Any) -> bool:
    """Whether what is made in a format, like a given array, is plain row-major."""
    if format is preserve_format:
        return like is None or is_contiguous(like)
    return format is contiguous_format or format is None


def made_in(format: Any, like: Any, shape: tuple[int, ...], make: Callable[[tuple[int, ...]], Any], xp: Any) -> Any:
    """``make(shape)`` with its elements in the order of `format`; `preserve_format` is that of `like`'s strides."""
    if is_row_major(format, like):
        return make(shape)
    n = len(shape)
    order = (0, *range(2, n), 1) if format in _DIMS else slowest_first(like.shape, like.strides)
    made = make(tuple([shape[k] for k in order]))
    return xp.permute_dims(made, tuple([order.index(k) for k in range(n)]))


def slowest_first(shape: Sequence[int], strides: Sequence[int]) -> tuple[int, ...]:
    """The dims from the slowest to the fastest, as PyTorch infers them: a dim of stride 0 does not say its place."""
    order = list(range(len(shape) - 1, -1, -1))
    for i in range(1, len(order)):
        j = i
        for k in range(i - 1, -1, -1):
            d, e = order[k], order[j]
            one, other = abs(strides[d]), abs(strides[e])
            if not one or not other:
                continue
            if one > other or (one == other and shape[d] > shape[e]):
                order[k], order[j] = e, d
                j = k
            elif one < other:
                break
    return tuple(order[::-1])


class LayoutMethods:
    """Strides, layouts and memory formats of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    @property
    def layout(self) -> layout:
        """``gputensor.strided``."""
        return strided

    def stride(self, dim: int | None = None, *, axis: int | None = None) -> Any:
        """The step in elements from one element to the next along each dim, or along one.

        Raises DimError (an IndexError) for a dim out of range.

        >>> import gputensor as gt
        >>> gt.zeros(2, 3).stride(), gt.zeros(2, 3).stride(0)
        ((3, 1), 3)
        """
        if axis is not None:
            dim = numpy_dim("stride", dim, axis)
        a = self.array
        if a.size:
            steps = self.xp.strides(a)
            if 0 in steps:
                steps = _counted_steps(a.shape, steps)
        else:
            # the strides of an array without elements say nothing: those of a row-major one
            steps = tuple([math.prod([max(n, 1) for n in a.shape[k + 1 :]]) for k in range(a.ndim)])
        if dim is None:
            return steps
        if not a.ndim:
            raise DimError("stride: a 0-d tensor has no dims")
        return steps[one_dim("stride", dim, a.ndim, a.shape)]

    def is_contiguous(self, memory_format: Any = contiguous_format) -> bool:
        """Whether the elements lie in memory in the order of `memory_format`; row-major by default."""
        return is_contiguous(self.array, memory_format)

    def contiguous(self, memory_format: Any = contiguous_format) -> Tensor:
        """This tensor if it is contiguous in `memory_format` already, else a copy that is.

        Raises ShapeError where the dims do not fit the format.
        """
        if memory_format is not contiguous_format:
            check_format("contiguous", memory_format, self.array.ndim)
        if is_contiguous(self.array, memory_format):
            return self  # type: ignore[return-value]
        return ordered_clone(self, memory_format)  # type: ignore[arg-type]

    def clone(self, *, memory_format: Any = preserve_format) -> Tensor:
        """See `gputensor.clone`."""
        return ordered_clone(self, memory_format)  # type: ignore[arg-type]

    def storage_offset(self) -> int:
        """How many elements lie between the start of the memory and this view's first element."""
        return -self.xp.memory_bounds(self.array)[0]

    def data_ptr(self) -> int:
        """The address of the first element."""
        return self.xp.address(self.array)


def _counted_steps(shape: tuple[int, ...], steps: tuple[int, ...]) -> tuple[int, ...]:
    """The strides with those of new dims of size 1, which NumPy calls 0, as PyTorch has them: over all that follows."""
    out = list(steps)
    for k in range(len(out) - 1, -1, -1):
        if shape[k] == 1 and not out[k]:
            out[k] = shape[k + 1] * out[k + 1] if k + 1 < len(out) else 1
    return tuple(out)
