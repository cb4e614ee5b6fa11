"""Copies of a tensor in which the part that a view would show is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, cast, together
from gputensor.core.primitive import Primitive
from gputensor.core.writes import ViewWrite
from gputensor.errors import ShapeError
from gputensor.ops.diagonals import diagonal
from gputensor.ops.dims import ABSENT, NEEDED, DimError, checked, numpy_dim, one_dim, one_int
from gputensor.ops.indexing import Slice
from gputensor.ops.out_argument import into
from gputensor.ops.strided_views import strided_view

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def select_scatter(
    input: Tensor, src: Tensor, dim: int = NEEDED, index: int = NEEDED, *, axis: int | None = None
) -> Tensor:
    """A copy of input with the slice that ``select(input, dim, index)`` shows replaced by src.

    src: of the slice's shape, cast to input's dtype. Raises ShapeError for another shape, DimError (an IndexError) for
    a dim or an index out of range.

    >>> import gputensor as gt
    >>> gt.select_scatter(gt.zeros(2, 2), gt.tensor([1.0, 2.0]), 0, 1)
    tensor([[0., 0.],
            [1., 2.]])
    """
    if axis is not None:
        dim = numpy_dim("select_scatter", dim, axis)
    shape = checked("select_scatter", input).array.shape
    if not shape:
        raise DimError("select_scatter: a 0-d tensor has no dim to select from; use .reshape(1)")
    axis, place = one_dim("select_scatter", dim, len(shape), shape), one_int("select_scatter", "index", index)
    if not -shape[axis] <= place < shape[axis]:
        raise DimError(f"select_scatter: index {place} is out of range for dim {axis} of x of shape {tuple(shape)}")
    return _replaced("select_scatter", input, Slice((*(slice(None),) * axis, place)), src)


def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input with the range ``start:end:step`` of a dim replaced by src.

    src: of the range's shape, cast to input's dtype. start and end: as in Python, cut to the dim. Raises ShapeError for
    another shape and for a step below 1, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.slice_scatter(gt.zeros(4), gt.ones(2), start=1, step=2)
    tensor([0., 1., 0., 1.])
    """
    if axis is not ABSENT:
        dim = numpy_dim("slice_scatter", dim, axis, 0)
    shape = checked("slice_scatter", input).array.shape
    if not shape:
        raise DimError("slice_scatter: a 0-d tensor has no dim to slice; use .reshape(1)")
    axis = one_dim("slice_scatter", dim, len(shape), shape)
    if one_int("slice_scatter", "step", step) < 1:
        raise ShapeError(f"slice_scatter: step must be positive, got {step}")
    result = _replaced("slice_scatter", input, Slice((*(slice(None),) * axis, slice(start, end, step))), src)
    return result if out is None else into("slice_scatter", out, result, exact=True)


def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy of input with the elements that ``diagonal(input, offset, dim1, dim2)`` shows replaced by src.

    src: of the diagonal's shape, cast to input's dtype. Raises ShapeError for another shape, and as `diagonal`.

    >>> import gputensor as gt
    >>> gt.diagonal_scatter(gt.zeros(2, 2), gt.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    view: Any = diagonal(checked("diagonal_scatter", input).detach(), offset, dim1, dim2)
    return _replaced("diagonal_scatter", input, view._how, src)


def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
) -> Tensor:
    """A copy of input with the elements that ``as_strided(input, size, stride, storage_offset)`` shows replaced by src.

    src: of that size, cast to input's dtype. Which value a place gets that the view shows several times is not defined.
    Raises ShapeError for another shape, where the view would show elements that input does not have, and as
    `as_strided`.
    Unlike torch: the gradient looks at the same places for a storage_offset, too.

    >>> import gputensor as gt
    >>> gt.as_strided_scatter(gt.zeros(2, 3), gt.ones(2), (2,), (2,), 1)
    tensor([[0., 1., 0.],
            [1., 0., 0.]])
    """
    prim, inside = strided_view("as_strided_scatter", input, size, stride, storage_offset)
    if not inside:
        raise ShapeError("as_strided_scatter: the view shows elements of the memory that input itself does not have")
    return _replaced("as_strided_scatter", input, prim, src)


def _replaced(name: str, x: Any, view: Primitive, src: Any) -> Any:
    shown = tuple(view.forward(x.xp, x.array).shape)
    if checked(name, src).xp is not x.xp:
        x, src = together(name, (x, src))
    if tuple(src.array.shape) != shown:
        raise ShapeError(f"{name}: src must have the shape of what it replaces, {shown}, got {tuple(src.array.shape)}")
    return applyn(ViewWrite((view,)), (x, cast(src, x.array.dtype)))


class ScatteredViewMethods:
    """Copies of a tensor with a part replaced."""

    __slots__ = ()

    def select_scatter(self, src: Tensor, dim: int = NEEDED, index: int = NEEDED, *, axis: int | None = None) -> Tensor:
        """See `gputensor.select_scatter`."""
        return select_scatter(self, src, dim, index, axis=axis)  # type: ignore[arg-type]

    def slice_scatter(
        self,
        src: Tensor,
        dim: int = 0,
        start: int | None = None,
        end: int | None = None,
        step: int = 1,
        *,
        axis: int | None = ABSENT,
    ) -> Tensor:
        """See `gputensor.slice_scatter`."""
        return slice_scatter(self, src, dim, start, end, step, axis=axis)  # type: ignore[arg-type]

    def diagonal_scatter(self, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
        """See `gputensor.diagonal_scatter`."""
        return diagonal_scatter(self, src, offset, dim1, dim2)  # type: ignore[arg-type]

    def as_strided_scatter(
        self, src: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
    ) -> Tensor:
        """See `gputensor.as_strided_scatter`."""
        return as_strided_scatter(self, src, size, stride, storage_offset)  # type: ignore[arg-type]
