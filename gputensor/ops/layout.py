"""Layouts and memory formats: in which order the elements lie in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.errors import ShapeError
from gputensor.ops.shape import Clone

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class _Constant:
    """A named constant such as ``gputensor.strided``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"gputensor.{self.name}"

    def __reduce__(self) -> str:
        return self.name


class layout(_Constant):
    """How a tensor stores its elements; ``gputensor.strided`` is the only one."""

    __slots__ = ()


class memory_format(_Constant):
    """The order of a tensor's elements in memory: `contiguous_format`, `channels_last` (NHWC), `preserve_format`."""

    __slots__ = ()


strided = layout("strided")
contiguous_format = memory_format("contiguous_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
preserve_format = memory_format("preserve_format")

_KEEP, _ROW_MAJOR = Clone("K"), Clone("C")


def is_contiguous(a: Any, format: Any = contiguous_format) -> bool:
    """Whether the elements of an array lie in memory in the order of `format`."""
    if format is contiguous_format:
        return _dense(a.shape, a.strides, a.itemsize, range(a.ndim - 1, -1, -1))
    if format is channels_last:
        return a.ndim == 4 and _dense(a.shape, a.strides, a.itemsize, (1, 3, 2, 0))
    if format is channels_last_3d:
        return a.ndim == 5 and _dense(a.shape, a.strides, a.itemsize, (1, 4, 3, 2, 0))
    raise ValueError(f"is_contiguous: unknown memory format {format!r}")


def _dense(shape: Any, strides: Any, itemsize: int, fastest_first: Any) -> bool:
    step = itemsize
    if 0 in shape:
        return True
    for k in fastest_first:
        if shape[k] != 1:
            if strides[k] != step:
                return False
            step *= shape[k]
    return True


def ordered_clone(input: Tensor, format: Any) -> Tensor:
    """A recorded copy of input in the given memory format; None keeps the order of the strides."""
    if format is None or format is preserve_format:
        return apply1(_KEEP, input)
    if format is contiguous_format:
        return apply1(_ROW_MAJOR, input)
    if format is channels_last or format is channels_last_3d:
        n = 4 if format is channels_last else 5
        if input.array.ndim != n:
            raise ShapeError(f"{format.name}: expected {n} dims, got shape {tuple(input.array.shape)}")
        to_last = (0, *range(2, n), 1)
        back = (0, n - 1, *range(1, n - 1))
        return apply1(_ROW_MAJOR, input.permute(to_last)).permute(back)
    raise ValueError(f"clone: unknown memory format {format!r}")


class LayoutMethods:
    """Strides, layouts and memory formats of a tensor."""

    __slots__ = ()

    @property
    def layout(self) -> layout:
        """``gputensor.strided``."""
        return strided

    def stride(self, dim: int | None = None) -> Any:
        """The step in elements from one element to the next along each dim, or along one."""
        a = self.array  # type: ignore[attr-defined]
        steps = tuple([s // a.itemsize for s in a.strides])
        return steps if dim is None else steps[dim]

    def is_contiguous(self, memory_format: Any = contiguous_format) -> bool:
        """Whether the elements lie in memory in the order of `memory_format`; row-major by default."""
        return is_contiguous(self.array, memory_format)  # type: ignore[attr-defined]

    def contiguous(self, memory_format: Any = contiguous_format) -> Tensor:
        """This tensor if it is contiguous in `memory_format` already, else a copy that is."""
        if is_contiguous(self.array, memory_format):  # type: ignore[attr-defined]
            return self  # type: ignore[return-value]
        return ordered_clone(self, memory_format)  # type: ignore[arg-type]

    def storage_offset(self) -> int:
        """How many elements lie between the start of the memory and this view's first element."""
        a = self.array  # type: ignore[attr-defined]
        base = a.base
        if base is None or not hasattr(base, "ctypes"):
            return 0
        return (a.ctypes.data - base.ctypes.data) // a.itemsize
