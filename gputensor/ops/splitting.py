"""Splitting a tensor along a dim, into views."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn
from gputensor.core.primitive import Primitive
from gputensor.errors import ArgumentError, ShapeError
from gputensor.ops.dims import ABSENT, DimError, checked, numpy_dim, one_dim, several
from gputensor.ops.indexing import getitem, select

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Sections = int | Sequence[int]


class DimlessError(DimError):
    """An operation along a dim, on a tensor that has none."""


class Split(Primitive):
    """Parts of the given sizes along one axis, as views."""

    __slots__ = ("axis", "nout", "sizes")
    view = True

    def __init__(self, axis: int, sizes: tuple[int, ...]) -> None:
        self.axis, self.sizes = axis, sizes
        self.nout = len(sizes)

    def forward(self, xp: Any, x: Any) -> Any:
        before = (slice(None),) * self.axis
        ends = list(itertools.accumulate(self.sizes))
        return tuple([xp.getitem(x, (*before, slice(end - n, end))) for n, end in zip(self.sizes, ends, strict=True)])

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.concat(g, self.axis)


class Unbind(Primitive):
    """All slices along one axis, as views."""

    __slots__ = ("axis", "nout")
    view = True

    def __init__(self, axis: int, nout: int) -> None:
        self.axis = axis
        self.nout = nout

    def forward(self, xp: Any, x: Any) -> Any:
        before = (slice(None),) * self.axis
        return tuple([xp.getitem(x, (*before, k)) for k in range(self.nout)])

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.stack(g, self.axis)


def split(tensor: Tensor, split_size_or_sections: Sections, dim: int = 0) -> tuple[Tensor, ...]:
    """Parts along dim as views: all of one size (the last may be smaller), or of the given sizes.

    Raises ShapeError for a 0-d tensor, a size below 1, and sizes that do not add up to the dim; DimError (an
    IndexError) for a dim out of range. The views cannot be written in place while gradients are recorded.

    >>> import gputensor as gt
    >>> gt.split(gt.arange(5), 2), gt.split(gt.arange(5), [1, 4])
    ((tensor([0, 1]), tensor([2, 3]), tensor([4])), (tensor([0]), tensor([1, 2, 3, 4])))
    """
    axis, n = _along("split", tensor, dim)
    if isinstance(split_size_or_sections, (tuple, list)):
        sizes = _ints("split", split_size_or_sections)
        if any([s < 0 for s in sizes]):
            raise ArgumentError(f"split: sizes must not be negative, got {sizes}")
        if sum(sizes) != n:
            raise ShapeError(
                f"split: sizes {sizes} add up to {sum(sizes)}, but dim {axis} of x of shape {_shape(tensor)} has {n}"
            )
        return _parts(tensor, axis, sizes)
    (size,) = _ints("split", (split_size_or_sections,))
    if size < 0 or (size == 0 and n):
        raise ArgumentError(f"split: the size of the parts must be positive, got {size}")
    if n <= size:
        return _parts(tensor, axis, (n,))
    return _parts(tensor, axis, (size,) * (n // size) + ((n % size,) if n % size else ()))


def split_with_sizes(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0, *, axis: int | None = ABSENT
) -> tuple[Tensor, ...]:
    """Parts of the given sizes along dim, as views: `split` with a list.

    >>> import gputensor as gt
    >>> gt.split_with_sizes(gt.arange(3), [1, 2])
    (tensor([0]), tensor([1, 2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("split_with_sizes", dim, axis, 0)
    return split(input, list(several("split_with_sizes", "split_sizes", split_sizes)), dim)


def unsafe_split(input: Tensor, split_size: Sections, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
    """`split`, but every part is a view of its own, which may be written in place while gradients are recorded.

    >>> import gputensor as gt
    >>> gt.unsafe_split(gt.arange(3), 2)
    (tensor([0, 1]), tensor([2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("unsafe_split", dim, axis, 0)
    return _apart(input, split(checked("unsafe_split", input).detach(), split_size, dim), dim)


def unsafe_split_with_sizes(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0, *, axis: int | None = ABSENT
) -> tuple[Tensor, ...]:
    """`split_with_sizes`, but every part is a view of its own, as those of `unsafe_split`.

    >>> import gputensor as gt
    >>> gt.unsafe_split_with_sizes(gt.arange(3), [1, 2])
    (tensor([0]), tensor([1, 2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("unsafe_split_with_sizes", dim, axis, 0)
    return unsafe_split(input, list(several("unsafe_split_with_sizes", "split_sizes", split_sizes)), dim)


def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
    """`chunk`, but every part is a view of its own, as those of `unsafe_split`.

    >>> import gputensor as gt
    >>> gt.unsafe_chunk(gt.arange(3), 2)
    (tensor([0, 1]), tensor([2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("unsafe_chunk", dim, axis, 0)
    return _apart(input, chunk(checked("unsafe_chunk", input).detach(), chunks, dim), dim)


def chunk(input: Tensor, chunks: int, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
    """At most so many parts of equal size along dim (the last may be smaller), as views.

    The size of a part is ceil(n / chunks), so there may be fewer. Raises ShapeError for a 0-d tensor and for chunks
    below 1, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.chunk(gt.arange(5), 3)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("chunk", dim, axis, 0)
    axis, n = _along("chunk", input, dim)
    (count,) = _ints("chunk", (chunks,))
    if count < 1:
        raise ArgumentError(f"chunk: chunks must be positive, got {count}")
    if not n:
        return _parts(input, axis, (0,) * count)
    return split(input, -(-n // count), axis)


def tensor_split(
    input: Tensor,
    indices_or_sections: int | Sequence[int] | Tensor | None = None,
    dim: int = 0,
    *,
    sections: Any = None,
    indices: Any = None,
    axis: int | None = ABSENT,
) -> tuple[Tensor, ...]:
    """So many parts along dim, sizes differing by at most 1, or the parts between the given indices; views.

    indices may be an integer tensor on the CPU. Raises ShapeError for a 0-d tensor and for fewer than 1 section,
    DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.tensor_split(gt.arange(5), 3), gt.tensor_split(gt.arange(5), (1, 3))
    ((tensor([0, 1]), tensor([2, 3]), tensor([4])), (tensor([0]), tensor([1, 2]), tensor([3, 4])))
    """
    if axis is not ABSENT:
        dim = numpy_dim("tensor_split", dim, axis, 0)
    return _split_at("tensor_split", input, _one_of("tensor_split", indices_or_sections, sections, indices), dim)


def hsplit(
    input: Tensor, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
) -> tuple[Tensor, ...]:
    """Parts along dim 1, of vectors along dim 0: so many of equal size, or between indices; views.

    Raises ShapeError for a 0-d tensor and where the size of the dim is not divisible.

    >>> import gputensor as gt
    >>> gt.hsplit(gt.tensor([[1, 2], [3, 4]]), 2)
    (tensor([[1],
            [3]]), tensor([[2],
            [4]]))
    """
    ndim = checked("hsplit", input).array.ndim
    return _even("hsplit", input, _one_of("hsplit", indices_or_sections, sections, indices), 1 if ndim > 1 else 0, 1)


def vsplit(
    input: Tensor, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
) -> tuple[Tensor, ...]:
    """Parts along dim 0 of a tensor with at least two dims: so many of equal size, or between indices; views.

    Raises ShapeError for fewer dims and where the size of the dim is not divisible.

    >>> import gputensor as gt
    >>> gt.vsplit(gt.tensor([[1, 2], [3, 4]]), 2)
    (tensor([[1, 2]]), tensor([[3, 4]]))
    """
    return _even("vsplit", input, _one_of("vsplit", indices_or_sections, sections, indices), 0, 2)


def dsplit(
    input: Tensor, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
) -> tuple[Tensor, ...]:
    """Parts along dim 2: so many of equal size, or between indices; views.

    Raises ShapeError for fewer than three dims and where the size of the dim is not divisible.

    >>> import gputensor as gt
    >>> [part.shape for part in gt.dsplit(gt.zeros(1, 2, 4), 2)]
    [gputensor.Size([1, 2, 2]), gputensor.Size([1, 2, 2])]
    """
    return _even("dsplit", input, _one_of("dsplit", indices_or_sections, sections, indices), 2, 3)


def unbind(input: Tensor, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
    """All slices along dim, as a tuple of views without that dim.

    Raises DimError (an IndexError) for a dim out of range and for a 0-d tensor. The views cannot be written in place
    while gradients are recorded.

    >>> import gputensor as gt
    >>> gt.unbind(gt.tensor([1, 2]))
    (tensor(1), tensor(2))
    """
    if axis is not ABSENT:
        dim = numpy_dim("unbind", dim, axis, 0)
    a = checked("unbind", input).array
    if not a.ndim:
        raise DimlessError("unbind: a 0-d tensor has no dim to unbind; use .reshape(1)")
    axis = one_dim("unbind", dim, a.ndim, a.shape)
    n = a.shape[axis]
    if n == 0:
        return ()
    if n == 1:
        return (select(input, axis, 0),)
    return applyn(Unbind(axis, n), (input,))


def _along(name: str, x: Any, dim: Any) -> tuple[int, int]:
    """The axis meant by dim, and its size."""
    shape = checked(name, x).array.shape
    if not shape:
        raise ShapeError(f"{name}: a 0-d tensor has no dim to split; use .reshape(1)")
    axis = one_dim(name, dim, len(shape), shape)
    return axis, shape[axis]


def _parts(x: Any, axis: int, sizes: tuple[int, ...]) -> tuple[Any, ...]:
    if not sizes:
        return ()
    if len(sizes) == 1:
        return (getitem(x, (*(slice(None),) * axis, slice(0, sizes[0]))),)
    return applyn(Split(axis, sizes), (x,))


def _apart(x: Any, parts: Sequence[Any], dim: int) -> tuple[Any, ...]:
    """The same parts of x, each as one view."""
    axis, _ = _along("unsafe_split", x, dim)
    before = (slice(None),) * axis
    ends = list(itertools.accumulate([part.array.shape[axis] for part in parts]))
    return tuple([getitem(x, (*before, slice(a, b))) for a, b in zip([0, *ends], ends, strict=False)])


def _split_at(name: str, x: Any, given: Any, dim: Any) -> tuple[Any, ...]:
    axis, n = _along(name, x, dim)
    if hasattr(given, "array"):
        if given.array.ndim > 1 or given.array.dtype.kind not in "iu":
            raise ShapeError(
                f"{name}: indices must be integers in at most 1 dim, got {given.dtype} of shape {_shape(given)}"
            )
        given = given.tolist()
    if isinstance(given, (tuple, list)):
        ends = _ints(name, given)
        cuts = [slice(start, end) for start, end in zip((0, *ends), (*ends, n), strict=True)]
    else:
        (count,) = _ints(name, (given,))
        if count < 1:
            raise ArgumentError(f"{name}: the number of sections must be positive, got {count}")
        ends = tuple(itertools.accumulate([n // count + (k < n % count) for k in range(count)]))
        cuts = [slice(start, end) for start, end in zip((0, *ends[:-1]), ends, strict=True)]
    before = (slice(None),) * axis
    return tuple([getitem(x, (*before, cut)) for cut in cuts])


def _one_of(name: str, *forms: Any) -> Any:
    """The number of sections or the indices, under whichever name they were given."""
    given = [g for g in forms if g is not None]
    if len(given) != 1:
        raise TypeError(f"{name}: give one of a number of sections and indices")
    return given[0]


def _even(name: str, x: Any, given: Any, dim: int, needed: int) -> tuple[Any, ...]:
    shape = _shape(checked(name, x))
    if len(shape) < needed:
        raise ShapeError(f"{name}: expected at least {needed} dims, got x of shape {shape}")
    if isinstance(given, int) and (given < 1 or shape[dim] % given):
        raise ShapeError(
            f"{name}: dim {dim} of x of shape {shape} cannot be split into {given} equal parts; use tensor_split()"
        )
    return _split_at(name, x, given, dim)


def _ints(name: str, values: Any) -> tuple[int, ...]:
    try:
        return tuple([operator.index(v) for v in values])
    except TypeError:
        raise TypeError(f"{name}: sizes must be ints, got {values!r:.60}") from None


def _shape(x: Any) -> tuple[int, ...]:
    return tuple(x.array.shape)


class SplittingMethods:
    """The parts of a tensor."""

    __slots__ = ()

    def split(self, split_size: Sections, dim: int = 0) -> tuple[Tensor, ...]:
        """See `gputensor.split`."""
        return split(self, split_size, dim)  # type: ignore[arg-type]

    def split_with_sizes(
        self, split_sizes: Sequence[int], dim: int = 0, *, axis: int | None = ABSENT
    ) -> tuple[Tensor, ...]:
        """`split` into parts of the given sizes."""
        if axis is not ABSENT:
            dim = numpy_dim("split_with_sizes", dim, axis, 0)
        return split(self, tuple(split_sizes), dim)  # type: ignore[arg-type]

    def unsafe_split(self, split_size: Sections, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
        """See `gputensor.unsafe_split`."""
        return unsafe_split(self, split_size, dim, axis=axis)  # type: ignore[arg-type]

    def unsafe_split_with_sizes(
        self, split_sizes: Sequence[int], dim: int = 0, *, axis: int | None = ABSENT
    ) -> tuple[Tensor, ...]:
        """See `gputensor.unsafe_split_with_sizes`."""
        return unsafe_split_with_sizes(self, split_sizes, dim, axis=axis)  # type: ignore[arg-type]

    def unsafe_chunk(self, chunks: int, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
        """See `gputensor.unsafe_chunk`."""
        return unsafe_chunk(self, chunks, dim, axis=axis)  # type: ignore[arg-type]

    def chunk(self, chunks: int, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
        """See `gputensor.chunk`."""
        return chunk(self, chunks, dim, axis=axis)  # type: ignore[arg-type]

    def tensor_split(
        self,
        indices_or_sections: int | Sequence[int] | Tensor | None = None,
        dim: int = 0,
        *,
        sections: Any = None,
        indices: Any = None,
        axis: int | None = ABSENT,
    ) -> tuple[Tensor, ...]:
        """See `gputensor.tensor_split`."""
        return tensor_split(self, indices_or_sections, dim, sections=sections, indices=indices, axis=axis)  # type: ignore[arg-type]

    def hsplit(
        self, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
    ) -> tuple[Tensor, ...]:
        """See `gputensor.hsplit`."""
        return hsplit(self, indices_or_sections, sections=sections, indices=indices)  # type: ignore[arg-type]

    def vsplit(
        self, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
    ) -> tuple[Tensor, ...]:
        """See `gputensor.vsplit`."""
        return vsplit(self, indices_or_sections, sections=sections, indices=indices)  # type: ignore[arg-type]

    def dsplit(
        self, indices_or_sections: Sections | None = None, *, sections: Any = None, indices: Any = None
    ) -> tuple[Tensor, ...]:
        """See `gputensor.dsplit`."""
        return dsplit(self, indices_or_sections, sections=sections, indices=indices)  # type: ignore[arg-type]

    def unbind(self, dim: int = 0, *, axis: int | None = ABSENT) -> tuple[Tensor, ...]:
        """See `gputensor.unbind`."""
        return unbind(self, dim, axis=axis)  # type: ignore[arg-type]
