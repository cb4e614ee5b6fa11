"""Values by rank or frequency along a dim: medians, the k-th smallest, the most frequent."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING, INT64
from gputensor.core.return_types import kthvalue as KthValue, median as Median, mode as Mode, nanmedian as NanMedian
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import ABSENT, DimError, array_of, check_keepdim, numpy_dim, numpy_names, one_dim
from gputensor.ops.extreme_values import pluck, share
from gputensor.ops.out_argument import into_each
from gputensor.ops.reduction import kept_shape

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class MedianAll(Primitive):
    """The lower median of all elements; the gradient is spread evenly over ties, as in PyTorch."""

    __slots__ = ("skip_nan",)
    name = "median"
    saves = ("x", "out")
    axes, keepdims = None, False

    def __init__(self, skip_nan: bool) -> None:
        self.skip_nan = skip_nan

    def called(self, node: Any) -> str:
        return "NanmedianBackward1" if self.skip_nan else "MedianBackward1"

    def forward(self, xp: Any, x: Any) -> Any:
        n = x.size
        if not n:
            return xp.mean(x)  # nan
        ordered = xp.sort(xp.reshape(x, (n,)), 0, False)
        return xp.reshape(xp.index_get(ordered, (_middle(xp, ordered, 0, self.skip_nan),)), ())

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return share(self, xp, g, out, x, nan=True)


class MedianPlace(Primitive):
    """Where the lower median along an axis is; the first NaN if there is one and it is not skipped."""

    __slots__ = ("axis", "keepdims", "skip_nan")
    name = "median"

    def __init__(self, axis: int, keepdims: bool, skip_nan: bool) -> None:
        self.axis = axis
        self.keepdims = keepdims
        self.skip_nan = skip_nan

    def called(self, node: Any) -> str:
        return "NanmedianBackward1" if self.skip_nan else "MedianBackward1"

    def forward(self, xp: Any, x: Any) -> Any:
        order = xp.argsort(x, self.axis, False)
        return _picked(xp, order, _middle(xp, x, self.axis, self.skip_nan), self)


class KthPlace(Primitive):
    """Where the k-th smallest element along an axis is, from 0."""

    __slots__ = ("axis", "k", "keepdims")
    name = "kthvalue"
    grad_name = "KthvalueBackward0"

    def __init__(self, axis: int, keepdims: bool, k: int) -> None:
        self.axis = axis
        self.keepdims = keepdims
        self.k = k

    def forward(self, xp: Any, x: Any) -> Any:
        order = xp.argsort(x, self.axis, False)
        found = xp.getitem(order, (*(slice(None),) * self.axis, slice(self.k, self.k + 1)))
        return xp.copy(found if self.keepdims else xp.squeeze(found, (self.axis,)), "C")


class ModePlace(Primitive):
    """Where the most frequent element along an axis is: the last one of the smallest such value."""

    __slots__ = ("axis", "keepdims")
    name = "mode"
    grad_name = "ModeBackward0"

    def __init__(self, axis: int, keepdims: bool) -> None:
        self.axis = axis
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        axis, n = self.axis, x.shape[self.axis]
        order = xp.argsort(x, axis, False)
        ordered = xp.take_along_axis(x, order, axis)
        before = (slice(None),) * axis
        same = xp.equal(xp.getitem(ordered, (*before, slice(1, None))), xp.getitem(ordered, (*before, slice(n - 1))))
        shape = [1] * x.ndim
        shape[axis] = n
        place = xp.broadcast_to(xp.reshape(xp.arange_for(x, n), tuple(shape)), x.shape)
        # where each run of equal values starts, then how far into its run every element is: the longest run ends at the
        # largest
        later = xp.getitem(place, (*before, slice(1, None)))
        starts = xp.concat(
            (xp.zeros(kept_shape(x.shape, (axis,)), INT64), xp.where(same, xp.zeros_like(later), later)), axis
        )
        into = place - xp.cumulative_extreme(starts, axis, True)
        return _picked(xp, order, xp.argmax(into, axis, True), self)


def _middle(xp: Any, x: Any, axis: int, skip_nan: bool) -> Any:
    """The place of the lower median in the sorted order along axis, with size 1 there."""
    n = x.shape[axis]
    # NaN is sorted to the end
    nans = xp.sum(xp.not_equal(x, x), (axis,), True, INT64)
    if skip_nan:
        return xp.maximum((n - nans - 1) // 2, xp.zeros_like(nans))
    return xp.where(nans > 0, n - nans, xp.zeros_like(nans) + (n - 1) // 2)


def _picked(xp: Any, order: Any, place: Any, prim: Any) -> Any:
    found = xp.take_along_axis(order, place, prim.axis)
    return found if prim.keepdims else xp.squeeze(found, (prim.axis,))


MEDIAN_ALL, NANMEDIAN_ALL = MedianAll(False), MedianAll(True)


def median(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | None = None,
) -> Any:
    """The median of all elements, or the medians along a dim and where they are; the lower one of two.

    ``median(input)``: 0-d; the gradient is spread evenly over ties. With a dim: a named tuple (values, indices); the
    gradient goes to the place. NaN if there is one. Raises DtypeError for complex numbers and booleans, DimError (an
    IndexError) for a dim out of range or empty.

    >>> import gputensor as gt
    >>> gt.median(gt.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    >>> gt.median(gt.tensor([[4, 1, 3]]), dim=1).indices
    tensor([2])
    """
    dim, keepdim = numpy_names("median", dim, keepdim, axis, keepdims)
    if dim is None:
        return _of_all("median", MEDIAN_ALL, input, keepdim, out)
    one = _axis("median", input, dim, keepdim)
    result = Median(*pluck(input, one, keepdim, MedianPlace(one, keepdim, False)))
    return result if out is None else into_each("median", out, result, exact=True)


def nanmedian(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | None = None,
) -> Any:
    """`median` of the elements that are not NaN; NaN where there are none.

    >>> import gputensor as gt
    >>> gt.nanmedian(gt.tensor([4.0, float("nan"), 3.0, 2.0]))
    tensor(3.)
    """
    dim, keepdim = numpy_names("nanmedian", dim, keepdim, axis, keepdims)
    if dim is None:
        return _of_all("nanmedian", NANMEDIAN_ALL, input, keepdim, out)
    one = _axis("nanmedian", input, dim, keepdim)
    result = NanMedian(*pluck(input, one, keepdim, MedianPlace(one, keepdim, True)))
    return result if out is None else into_each("nanmedian", out, result, exact=True)


def kthvalue(
    input: Tensor,
    k: int,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = ABSENT,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | None = None,
) -> KthValue:
    """The k-th smallest elements along a dim (the last one by default), and where they are: a named tuple (values,
    indices).

    1 <= k <= size. NaN counts as larger than every number. The gradient goes to the place. Raises ShapeError for
    another k, and as `median`.

    >>> import gputensor as gt
    >>> gt.kthvalue(gt.tensor([40, 10, 30]), 2)
    gputensor.return_types.kthvalue(
    values=tensor(30),
    indices=tensor(2))
    """
    if axis is not ABSENT:
        dim = numpy_dim("kthvalue", dim, axis)
    dim, keepdim = numpy_names("kthvalue", dim, keepdim, None, keepdims)
    one = _axis("kthvalue", input, -1 if dim is None else dim, keepdim)
    try:
        k = operator.index(k)
    except TypeError:
        raise TypeError(f"kthvalue: k must be an int, got {type(k).__name__} {k!r}") from None
    n = input.array.shape[one] if input.array.ndim else 1
    if not 1 <= k <= n:
        raise ShapeError(
            f"kthvalue: k={k} is out of range for dim {one} of x of shape {tuple(input.array.shape)}; use 1 <= k <= {n}"
        )
    result = KthValue(*pluck(input, one, keepdim, KthPlace(one, keepdim, k - 1)))
    return result if out is None else into_each("kthvalue", out, result, reads=(input,), exact=True)


def mode(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = ABSENT,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | None = None,
) -> Mode:
    """The most frequent elements along a dim (the last one by default), and where they are: a named tuple (values,
    indices).

    The smallest of equally frequent ones, and its last place, to which the gradient goes. Every NaN is a value of its
    own, larger than all numbers. Raises as `median`, but takes booleans. Unlike torch: where NaN lies does not matter.

    >>> import gputensor as gt
    >>> gt.mode(gt.tensor([3, 1, 3, 2]))
    gputensor.return_types.mode(
    values=tensor(3),
    indices=tensor(2))
    """
    if axis is not ABSENT:
        dim = numpy_dim("mode", dim, axis)
    dim, keepdim = numpy_names("mode", dim, keepdim, None, keepdims)
    one = _axis("mode", input, -1 if dim is None else dim, keepdim, "c")
    result = Mode(*pluck(input, one, keepdim, ModePlace(one, keepdim)))
    return result if out is None else into_each("mode", out, result, exact=True)


def _of_all(name: str, prim: Primitive, input: Any, keepdim: Any, out: Any) -> Any:
    a = _real(name, input, "bc")
    if keepdim or out is not None:
        raise TypeError(f"{name}: {'keepdim' if keepdim else 'out'} needs a dim")
    if not a.size and a.dtype not in FLOATING:
        raise ShapeError(f"{name}: x of shape {tuple(a.shape)} has no elements, and {a.dtype.name} has no nan")
    return apply1(prim, input)


def _axis(name: str, input: Any, dim: Any, keepdim: Any, refused: str = "bc") -> int:
    a = _real(name, input, refused)
    check_keepdim(name, keepdim)
    one = one_dim(name, dim, a.ndim, a.shape)
    if a.ndim and not a.shape[one]:
        raise DimError(f"{name}: dim {one} of x of shape {tuple(a.shape)} is empty; choose another dim")
    return one


def _real(name: str, input: Any, refused: str) -> Any:
    a = array_of(name, input)
    if a.dtype.kind in refused:
        raise DtypeError(
            f"{name}: not defined for {a.dtype.name}; convert booleans with .int(), take .abs() of complex numbers"
        )
    return a


class RankMethods:
    """Values of a tensor by rank or frequency."""

    __slots__ = ()

    def median(
        self, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool | None = None
    ) -> Any:
        """See `gputensor.median`."""
        return median(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def nanmedian(
        self, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool | None = None
    ) -> Any:
        """See `gputensor.nanmedian`."""
        return nanmedian(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def kthvalue(
        self,
        k: int,
        dim: int | None = None,
        keepdim: bool = False,
        *,
        axis: int | None = ABSENT,
        keepdims: bool | None = None,
    ) -> KthValue:
        """See `gputensor.kthvalue`."""
        return kthvalue(self, k, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def mode(
        self, dim: int | None = None, keepdim: bool = False, *, axis: int | None = ABSENT, keepdims: bool | None = None
    ) -> Mode:
        """See `gputensor.mode`."""
        return mode(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]
