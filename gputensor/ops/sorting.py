"""Sorting, which is always stable, the k best, and searching. NaN counts as larger than every number."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import cast, constant, operand, wrap
from gputensor.core.explain import describe, everywhere
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BOOL, F16, F64, INT64, result_type
from gputensor.core.return_types import sort as Sorted, topk as TopK
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import ABSENT, array_of, numpy_dim, one_dim
from gputensor.ops.gathering import along
from gputensor.ops.out_argument import into, into_each

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Number = bool | int | float


class ArgSort(Primitive):
    __slots__ = ("axis", "descending")
    name = "argsort"

    def __init__(self, axis: int, descending: bool) -> None:
        self.axis = axis
        self.descending = descending

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.argsort(x, self.axis, self.descending)


class BestPlaces(Primitive):
    """Where the k largest or smallest elements are, best first."""

    __slots__ = ("axis", "k", "largest")

    def __init__(self, axis: int, k: int, largest: bool) -> None:
        self.axis = axis
        self.k = k
        self.largest = largest

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.top_k(x, self.k, self.axis, self.largest)


class SearchSorted(Primitive):
    """sequence: (n,), or (..., n) with the leading dims of values (..., m)."""

    __slots__ = ("right",)
    name = "searchsorted"

    def __init__(self, right: bool) -> None:
        self.right = right

    def forward(self, xp: Any, sequence: Any, values: Any) -> Any:
        n = sequence.shape[-1]
        if sequence.ndim == 1:
            return xp.searchsorted(sequence, values, self.right)
        # bisection of all values at once
        low = xp.zeros(values.shape, INT64)
        high = low + n
        for _ in range(n.bit_length()):
            middle = (low + high) // 2
            found = xp.take_along_axis(sequence, xp.minimum(middle, low * 0 + n - 1), sequence.ndim - 1)
            # written so that a NaN among the values goes to the end
            after = xp.logical_not(xp.greater(found, values) if self.right else xp.greater_equal(found, values))
            after = xp.logical_and(after, xp.less(low, high))
            low = xp.where(after, middle + 1, low)
            high = xp.where(after, high, middle)
        return low


class IsIn(Primitive):
    __slots__ = ("invert",)
    name = "isin"

    def __init__(self, invert: bool) -> None:
        self.invert = invert

    def forward(self, xp: Any, elements: Any, test: Any) -> Any:
        if not test.size:
            found = xp.zeros(elements.shape, BOOL)
        else:
            ordered = xp.sort(xp.reshape(test, (test.size,)), 0, False)
            flat = xp.reshape(elements, (elements.size,))
            place = xp.searchsorted(ordered, flat, False)
            place = xp.minimum(place, xp.zeros_like(place) + test.size - 1)
            found = xp.reshape(xp.equal(xp.take(ordered, place, 0), flat), elements.shape)
        return xp.logical_not(found) if self.invert else found


class Histogram(Primitive):
    """dtype: what is computed in, None for x's own, where numbers times bins do not overflow."""

    __slots__ = ("bins", "dtype", "high", "low")

    def __init__(self, bins: int, low: Any, high: Any, dtype: Any) -> None:
        self.bins, self.low, self.high, self.dtype = bins, low, high, dtype

    def forward(self, xp: Any, x: Any) -> Any:
        # in x's dtype and in this order, as in PyTorch: an element on the edge of two bins falls into the second
        d = self.dtype or x.dtype
        low, high = xp.asarray(self.low, d), xp.asarray(self.high, d)
        flat = xp.reshape(xp.astype(x, d), (x.size,))
        inside = xp.logical_and(xp.greater_equal(flat, low), xp.less_equal(flat, high))
        place = (xp.where(inside, flat, low) - low) * xp.scalar(self.bins, d) / (high - low)
        # the last bin includes its upper edge
        place = xp.minimum(xp.astype(place, INT64), xp.zeros(flat.shape, INT64) + self.bins - 1)
        counts = xp.scatter_add(xp.zeros((self.bins,), F64), place, xp.astype(inside, F64), 0)
        return xp.astype(counts, x.dtype)


def sort(
    input: Tensor,
    dim: int = -1,
    descending: bool = False,
    *,
    stable: bool = False,
    axis: int | None = ABSENT,
    out: Sequence[Tensor] | None = None,
) -> Sorted:
    """The elements in order along dim, and where they were: a named tuple (values, indices).

    Equal elements keep their order, whatever stable says. NaN is last, first when descending. Gradients go to where the
    elements were. Raises DimError (an IndexError) for a dim out of range, DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.sort(gt.tensor([3.0, 1.0, 2.0]))
    gputensor.return_types.sort(
    values=tensor([1., 2., 3.]),
    indices=tensor([1, 2, 0]))
    """
    one = _axis("sort", input, dim, axis)
    if not input.array.ndim:
        result = Sorted(input.clone(), wrap(input.xp.zeros((), INT64), input.xp))
        return result if out is None else into_each("sort", out, result, exact=True)
    order = constant(ArgSort(one, descending), (input,))
    result = Sorted(along(input, one, order, "sort", once=True), order)
    return result if out is None else into_each("sort", out, result, exact=True)


def argsort(
    input: Tensor,
    dim: int = -1,
    descending: bool = False,
    *,
    stable: bool = False,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The places that put the elements in order along dim, as int64. As `sort`.

    >>> import gputensor as gt
    >>> gt.argsort(gt.tensor([3.0, 1.0, 2.0]), descending=True)
    tensor([0, 2, 1])
    """
    one = _axis("argsort", input, dim, axis)
    if not input.array.ndim:
        result = wrap(input.xp.zeros((), INT64), input.xp)
    else:
        result = constant(ArgSort(one, descending), (input,))
    return result if out is None else into("argsort", out, result, exact=True)


def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in order along the first dim: ``sort(input, 0).values``.

    >>> import gputensor as gt
    >>> gt.msort(gt.tensor([3.0, 1.0, 2.0]))
    tensor([1., 2., 3.])
    """
    array_of("msort", input)
    result = sort(input, 0).values
    return result if out is None else into("msort", out, result, exact=True)


def topk(
    input: Tensor,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    axis: int | None = ABSENT,
    out: Sequence[Tensor] | None = None,
) -> TopK:
    """The k largest (or smallest) elements along dim, and where they are: a named tuple (values, indices).

    They are in order, best first, whatever sorted says; NaN counts as the largest. Of equal elements at the border any
    may be taken. Gradients go to the places. Raises ShapeError for k < 0 or k larger than the dim, DtypeError for
    complex numbers and booleans, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.topk(gt.tensor([3.0, 1.0, 2.0]), 2)
    gputensor.return_types.topk(
    values=tensor([3., 2.]),
    indices=tensor([0, 2]))
    """
    one = _axis("topk", input, dim, axis)
    a = input.array
    if a.dtype.kind == "b":
        raise DtypeError("topk: not defined for bool; convert with .int()")
    try:
        k = operator.index(k)
    except TypeError:
        raise TypeError(f"topk: k must be an int, got {type(k).__name__} {k!r}") from None
    n = a.shape[one] if a.ndim else 1
    if not 0 <= k <= n:
        raise ShapeError(f"topk: k={k} is out of range for dim {one} of x of shape {tuple(a.shape)}; use 0 <= k <= {n}")
    if not a.ndim:
        result = TopK(input.clone(), wrap(input.xp.zeros((), INT64), input.xp))
        return result if out is None else into_each("topk", out, result, exact=True)
    places = constant(BestPlaces(one, k, largest), (input,))
    result = TopK(along(input, one, places, "topk", once=True), places)
    return result if out is None else into_each("topk", out, result, exact=True)


def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The places at which input would keep sorted sequences in order.

    sorted_sequence: (n,), or (..., n) with the leading dims of input (..., m), ascending along the last dim, or made so
    by the index tensor sorter. Before equal elements, or after them with right=True or side="right". Returns input's
    shape, int64 or int32. Raises ShapeError when the shapes do not fit, ValueError for another side.
    Unlike torch: sorter may be int32.

    >>> import gputensor as gt
    >>> gt.searchsorted(gt.tensor([1, 3, 5]), gt.tensor([3, 6])), gt.searchsorted(gt.tensor([1, 3, 5]), 3, right=True)
    (tensor([1, 3]), tensor(2))
    """
    s = array_of("searchsorted", sorted_sequence, "sorted_sequence")
    if side is not None:
        if side not in ("left", "right"):
            raise ValueError(f"searchsorted: side must be 'left' or 'right', got {side!r}")
        if side == "left" and right:
            raise ValueError("searchsorted: side='left' and right=True contradict each other")
        right = side == "right"
    values = operand(input, sorted_sequence)
    if not isinstance(values, _apply.Tensor):
        raise TypeError(f"searchsorted: input must be a Tensor or a number, got {describe(input)}")
    v = values.array
    if not s.ndim:
        raise ShapeError("searchsorted: sorted_sequence needs at least 1 dim, got a 0-d tensor")
    if s.ndim > 1 and s.shape[:-1] != v.shape[:-1]:
        raise ShapeError(
            "searchsorted: sorted_sequence must have 1 dim, or the leading dims of input: "
            f"got shapes {tuple(s.shape)} and {tuple(v.shape)}"
        )
    if sorter is not None:
        if tuple(array_of("searchsorted", sorter, "sorter").shape) != tuple(s.shape):
            raise ShapeError(
                f"searchsorted: sorter has shape {tuple(sorter.array.shape)}, sorted_sequence {tuple(s.shape)}; "
                "they must be equal"
            )
        sorted_sequence = along(sorted_sequence, s.ndim - 1, sorter, "searchsorted")
    result = _searched("searchsorted", sorted_sequence, values, right, out_int32)
    return result if out is None else into("searchsorted", out, result, exact=True)


def bucketize(
    input: Tensor | Number,
    boundaries: Tensor,
    *,
    out_int32: bool = False,
    right: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Which bucket each element of input falls into: ``searchsorted(boundaries, input)`` for 1-d boundaries.

    boundaries[i-1] < x <= boundaries[i], or with right=True boundaries[i-1] <= x < boundaries[i], gives i. Raises
    ShapeError for boundaries of several dims.

    >>> import gputensor as gt
    >>> gt.bucketize(gt.tensor([0.5, 3.0, 9.0]), gt.tensor([1.0, 3.0, 5.0]))
    tensor([0, 1, 3])
    """
    b = array_of("bucketize", boundaries, "boundaries")
    if b.ndim != 1:
        raise ShapeError(f"bucketize: boundaries must have 1 dim, got shape {tuple(b.shape)}")
    values = operand(input, boundaries)
    if not isinstance(values, _apply.Tensor):
        raise TypeError(f"bucketize: input must be a Tensor or a number, got {describe(input)}")
    result = _searched("bucketize", boundaries, values, right, out_int32)
    return result if out is None else into("bucketize", out, result, exact=True)


def isin(
    elements: Tensor | Number | None = None,
    test_elements: Tensor | Number | None = None,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Tensor | None = None,
    element: Number | None = None,
    test_element: Number | None = None,
) -> Tensor:
    """Whether each element is one of test_elements.

    elements, test_elements: tensors, or one of them a number; dtypes promote. NaN is in nothing. invert: the opposite.
    assume_unique is accepted and has no effect; element and test_element are PyTorch's names of single numbers. Raises
    DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.isin(gt.tensor([1, 2, 3]), gt.tensor([3, 1]))
    tensor([ True, False,  True])
    """
    elements = elements if element is None else element
    test_elements = test_elements if test_element is None else test_element
    if elements is None or test_elements is None:
        raise TypeError("isin: two arguments are needed, elements and test_elements")
    like: Any = elements if isinstance(elements, _apply.Tensor) else test_elements
    array_of("isin", like, "elements")
    e, t = operand(elements, like), operand(test_elements, like)
    for what in (e, t):
        if not isinstance(what, _apply.Tensor):
            raise TypeError("isin: elements and test_elements must be Tensors or numbers")
        if what.array.dtype.kind in "bc":
            raise DtypeError(f"isin: not defined for {what.array.dtype.name}; convert booleans with .int()")
    d = result_type(e.array.dtype, e.array.ndim > 0, t.array.dtype, t.array.ndim > 0)
    result = constant(IsIn(invert), (cast(e, d), cast(t, d)))
    return result if out is None else into("isin", out, result, exact=True)


def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0, *, out: Tensor | None = None) -> Tensor:
    """How many elements fall into each of `bins` equal intervals from min to max, in input's dtype.

    The last interval includes max; elements outside, and NaN, are not counted. min = max = 0: from the smallest to the
    largest element (waits for the GPU). Raises DtypeError for tensors that are not floating-point, ValueError for min >
    max, a range that is not finite, or bins < 1. Unlike torch: a range wider than the largest float is counted right.

    >>> import gputensor as gt
    >>> gt.histc(gt.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    a = array_of("histc", input)
    if a.dtype.kind not in "fV":
        raise DtypeError(f"histc: expected a floating-point tensor, got {describe(input)}; convert it with .float()")
    if bins < 1:
        raise ValueError(f"histc: bins must be at least 1, got {bins}")
    low, high = float(min), float(max)
    if low == high and a.size and input.xp.library == "batch":
        result = constant(Histogram(bins, *_ranges(input.xp, a), F64 if a.dtype == F16 else None), (input,))
        return result if out is None else into("histc", out, result)
    if low == high and a.size:
        low, high = float(input.xp.item(input.xp.min(a))), float(input.xp.item(input.xp.max(a)))
    if low == high:
        low, high = low - 1, high + 1
    if not -float("inf") < low < high < float("inf"):
        raise ValueError(f"histc: min must be smaller than max and both finite, got a range from {low} to {high}")
    wide = (high - low) * bins > (6e4 if a.dtype == F16 else 3e38)
    result = constant(Histogram(bins, low, high, F64 if wide else None), (input,))
    return result if out is None else into("histc", out, result, exact=True)


def _ranges(xp: Any, a: Any) -> tuple[Any, Any]:
    """The smallest and the largest element of each example of a vmap, or what lies around them where they are one."""
    low, high = xp.astype(xp.min(a), F64), xp.astype(xp.max(a), F64)
    if not everywhere(xp, xp.isfinite(low) & xp.isfinite(high)):
        raise ValueError("histc: min must be smaller than max and both finite; some example's elements are not")
    same = low == high
    return xp.where(same, low - 1, low), xp.where(same, high + 1, high)


def _axis(name: str, input: Any, dim: Any, axis: Any) -> int:
    a = array_of(name, input)
    if axis is not ABSENT:
        dim = numpy_dim(name, dim, axis, -1)
    if a.dtype.kind == "c":
        raise DtypeError(f"{name}: complex numbers have no order; take .abs() first")
    return one_dim(name, dim, a.ndim, a.shape)


def _searched(name: str, sequence: Any, values: Any, right: Any, out_int32: bool) -> Any:
    s, v = sequence.array, values.array
    for what in (s, v):
        if what.dtype.kind == "c":
            raise DtypeError(f"{name}: complex numbers have no order; take .abs() first")
    d = result_type(s.dtype, s.ndim > 0, v.dtype, v.ndim > 0)
    out = constant(SearchSorted(bool(right)), (cast(sequence, d), cast(values, d)))
    return out.int() if out_int32 else out


class SortingMethods:
    """Sorting a tensor, and searching in it."""

    __slots__ = ()

    def sort(
        self, dim: int = -1, descending: bool = False, *, stable: bool = False, axis: int | None = ABSENT
    ) -> Sorted:
        """See `gputensor.sort`."""
        return sort(self, dim, descending, stable=stable, axis=axis)  # type: ignore[arg-type]

    def argsort(
        self, dim: int = -1, descending: bool = False, *, stable: bool = False, axis: int | None = ABSENT
    ) -> Tensor:
        """See `gputensor.argsort`."""
        return argsort(self, dim, descending, stable=stable, axis=axis)  # type: ignore[arg-type]

    def msort(self) -> Tensor:
        """See `gputensor.msort`."""
        return msort(self)  # type: ignore[arg-type]

    def topk(
        self, k: int, dim: int = -1, largest: bool = True, sorted: bool = True, *, axis: int | None = ABSENT
    ) -> TopK:
        """See `gputensor.topk`."""
        return topk(self, k, dim, largest, sorted, axis=axis)  # type: ignore[arg-type]

    def isin(self, test_elements: Tensor | Number, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
        """See `gputensor.isin`."""
        return isin(self, test_elements, assume_unique=assume_unique, invert=invert)  # type: ignore[arg-type]

    def histc(self, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
        """See `gputensor.histc`."""
        return histc(self, bins, min, max)  # type: ignore[arg-type]
