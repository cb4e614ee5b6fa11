"""The views of a tensor as copies: what they return shares no memory with their input. One line each over the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.ops.axes import permute, t, transpose
from gputensor.ops.complex_numbers import view_as_complex, view_as_real
from gputensor.ops.diagonals import diagonal
from gputensor.ops.dims import ABSENT, NEEDED, checked, numpy_dim, one_dim
from gputensor.ops.indexing import getitem, select
from gputensor.ops.layout import clone, contiguous_format
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.shape import squeeze, unsqueeze
from gputensor.ops.splitting import split, split_with_sizes, unbind
from gputensor.ops.strided_views import as_strided, narrow

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of input, in its own memory.

    >>> import gputensor as gt
    >>> gt.alias_copy(gt.tensor([1, 2]))
    tensor([1, 2])
    """
    return _copied("alias_copy", checked("alias_copy", input), out)


def as_strided_copy(
    input: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of what `as_strided` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.as_strided_copy(gt.arange(3), (2, 2), (1, 1))
    tensor([[0, 1],
            [1, 2]])
    """
    return _copied("as_strided_copy", as_strided(input, size, stride, storage_offset), out)


def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `Tensor.detach` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.detach_copy(gt.tensor([1.0], requires_grad=True))
    tensor([1.])
    """
    return _copied("detach_copy", checked("detach_copy", input).detach(), out)


def diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `diagonal` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.diagonal_copy(gt.eye(2))
    tensor([1., 1.])
    """
    return _copied("diagonal_copy", diagonal(input, offset, dim1, dim2), out)


def expand_copy(input: Tensor, size: Sequence[int], *, implicit: bool = False, out: Tensor | None = None) -> Tensor:
    """A copy of what `Tensor.expand` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.expand_copy(gt.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    return _copied("expand_copy", checked("expand_copy", input).expand(size), out)


def narrow_copy(
    input: Tensor,
    dim: int = NEEDED,
    start: int | Tensor = NEEDED,
    length: int = NEEDED,
    *,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of what `narrow` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.narrow_copy(gt.arange(5), 0, 1, 3)
    tensor([1, 2, 3])
    """
    if axis is not None:
        dim = numpy_dim("narrow_copy", dim, axis)
    return _copied("narrow_copy", narrow(input, dim, start, length), out)


def permute_copy(input: Tensor, dims: Sequence[int], *, out: Tensor | None = None) -> Tensor:
    """A copy of what `permute` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.permute_copy(gt.zeros(2, 3), (1, 0)).shape
    gputensor.Size([3, 2])
    """
    return _copied("permute_copy", permute(input, dims), out)


def select_copy(
    input: Tensor, dim: int = NEEDED, index: int = NEEDED, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """A copy of what `select` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.select_copy(gt.eye(2), 0, 1)
    tensor([0., 1.])
    """
    if axis is not None:
        dim = numpy_dim("select_copy", dim, axis)
    return _copied("select_copy", select(input, dim, index), out)


def slice_copy(
    input: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the range ``start:end:step`` of a dim, as Python slices.

    Raises DimError (an IndexError) for a dim out of range, ValueError for a step below 1.

    >>> import gputensor as gt
    >>> gt.slice_copy(gt.arange(6), 0, 1, 5, 2)
    tensor([1, 3])
    """
    if axis is not ABSENT:
        dim = numpy_dim("slice_copy", dim, axis, 0)
    return _copied("slice_copy", _sliced(input, dim, start, end, step), out)


def squeeze_copy(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    axis: int | Sequence[int] | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of what `squeeze` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.squeeze_copy(gt.zeros(1, 2)).shape
    gputensor.Size([2])
    """
    if axis is not None:
        dim = numpy_dim("squeeze_copy", dim, axis)
    return _copied("squeeze_copy", squeeze(input, dim), out)


def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `t` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.t_copy(gt.zeros(2, 3)).shape
    gputensor.Size([3, 2])
    """
    return _copied("t_copy", t(input), out)


def transpose_copy(input: Tensor, dim0: int, dim1: int, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `transpose` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.transpose_copy(gt.zeros(2, 3), 0, 1).shape
    gputensor.Size([3, 2])
    """
    return _copied("transpose_copy", transpose(input, dim0, dim1), out)


def unfold_copy(input: Tensor, dimension: int, size: int, step: int, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `Tensor.unfold` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.unfold_copy(gt.arange(4), 0, 2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    return _copied("unfold_copy", checked("unfold_copy", input).unfold(dimension, size, step), out)


def unsqueeze_copy(input: Tensor, dim: int = NEEDED, *, axis: int | None = None, out: Tensor | None = None) -> Tensor:
    """A copy of what `unsqueeze` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.unsqueeze_copy(gt.tensor([1, 2]), 0)
    tensor([[1, 2]])
    """
    if axis is not None:
        dim = numpy_dim("unsqueeze_copy", dim, axis)
    return _copied("unsqueeze_copy", unsqueeze(input, dim), out)


def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `view_as_complex` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.view_as_complex_copy(gt.tensor([1.0, 2.0]))
    tensor(1.+2.j)
    """
    return _copied("view_as_complex_copy", view_as_complex(input), out)


def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `view_as_real` gives, in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.view_as_real_copy(gt.tensor(1 + 2j))
    tensor([1., 2.])
    """
    return _copied("view_as_real_copy", view_as_real(input), out)


def split_copy(
    input: Tensor,
    split_size: int | Sequence[int],
    dim: int = 0,
    *,
    axis: int | None = ABSENT,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """Copies of what `split` gives, each in its own memory; arguments, gradients and errors are its.

    Unlike torch: a list of sizes is taken as by `split`.

    >>> import gputensor as gt
    >>> gt.split_copy(gt.arange(3), 2)
    (tensor([0, 1]), tensor([2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("split_copy", dim, axis, 0)
    return _all_copied("split_copy", split(input, split_size, dim), out)


def split_with_sizes_copy(
    input: Tensor,
    split_sizes: Sequence[int],
    dim: int = 0,
    *,
    axis: int | None = ABSENT,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """Copies of what `split_with_sizes` gives, each in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.split_with_sizes_copy(gt.arange(3), [1, 2])
    (tensor([0]), tensor([1, 2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("split_with_sizes_copy", dim, axis, 0)
    return _all_copied("split_with_sizes_copy", split_with_sizes(input, split_sizes, dim), out)


def unbind_copy(
    input: Tensor, dim: int = 0, *, axis: int | None = ABSENT, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """Copies of what `unbind` gives, each in its own memory; arguments, gradients and errors are its.

    >>> import gputensor as gt
    >>> gt.unbind_copy(gt.arange(2))
    (tensor(0), tensor(1))
    """
    if axis is not ABSENT:
        dim = numpy_dim("unbind_copy", dim, axis, 0)
    return _all_copied("unbind_copy", unbind(input, dim), out)


def view_copy(input: Tensor, size: Any, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `Tensor.view` gives, in its own memory; size: a shape or a dtype. Errors as there.

    >>> import gputensor as gt
    >>> gt.view_copy(gt.arange(4), (2, 2))
    tensor([[0, 1],
            [2, 3]])
    """
    return _copied("view_copy", checked("view_copy", input).view(size), out)


def _sliced(x: Any, dim: int, start: int | None, end: int | None, step: int) -> Any:
    shape = checked("slice_copy", x).array.shape
    axis = one_dim("slice_copy", dim, len(shape), shape)
    if step < 1:
        raise ValueError(f"slice_copy: step must be positive, got {step}")
    return getitem(x, (*(slice(None),) * axis, slice(start, end, step)))


def _copied(name: str, view: Any, out: Any) -> Any:
    return clone(view, memory_format=contiguous_format) if out is None else into(name, out, view, exact=True)


def _all_copied(name: str, views: Sequence[Any], out: Any) -> Any:
    if out is not None:
        return into_each(name, out, views, exact=True)
    return tuple([clone(view, memory_format=contiguous_format) for view in views])


class ViewCopyMethods:
    """The copy of a view that PyTorch has as a method."""

    __slots__ = ()

    def narrow_copy(
        self, dim: int = NEEDED, start: int | Tensor = NEEDED, length: int = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.narrow_copy`."""
        return narrow_copy(self, dim, start, length, axis=axis)  # type: ignore[arg-type]
