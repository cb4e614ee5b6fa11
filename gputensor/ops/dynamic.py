"""Results whose shape depends on the values: nonzero, masked_select, unique and their kin. On a GPU each of them waits
for the device.

They are together in this file so that whatever records a program can refuse them by name.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import constant, wrap
from gputensor.core.explain import describe, dtype_name, everywhere, host_of_all
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BOOL, F32, F64, INT64
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import DimError, array_of, numpy_names, one_dim, one_int
from gputensor.ops.index_arguments import check_same_dtype
from gputensor.ops.indexing import gather_places, getitem, index_put
from gputensor.ops.joining import cat
from gputensor.ops.operands import rewrite
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Nonzero(Primitive):
    """The places that are not zero, one a row."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        if not x.ndim:
            return xp.zeros((int(bool(xp.item(xp.not_equal(x, 0)))), 0), INT64)
        return xp.stack([xp.astype(i, INT64) for i in xp.nonzero(x)], 1)


class Unique(Primitive):
    """Sorted values; inverse (x's shape) and counts."""

    __slots__ = ()
    nout = 3

    def forward(self, xp: Any, x: Any) -> Any:
        values, _, inverse, counts = xp.unique(x)
        return values, xp.astype(inverse, INT64), xp.astype(counts, INT64)


class UniqueValues(Primitive):
    """The sorted values alone: a sort is several times as quick as knowing where everything went."""

    __slots__ = ()
    name = "unique"

    def forward(self, xp: Any, x: Any) -> Any:
        ordered = xp.sort(xp.reshape(x, (x.size,)), 0, False)
        return xp.index_get(ordered, (_new(xp, ordered),)) if x.size else ordered


class ConsecutiveValues(Primitive):
    """x: (n,) without the elements that equal the one before."""

    __slots__ = ()
    name = "unique_consecutive"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.take(x, xp.nonzero(_new(xp, x))[0], 0)


class UniqueSlices(Primitive):
    """The different rows of x, (n, m) -> (k, m), in lexicographic order or as they come; inverse (n,), counts (k,)."""

    __slots__ = ("ordered",)
    name = "unique"
    nout = 3

    def __init__(self, ordered: bool) -> None:
        self.ordered = ordered

    def forward(self, xp: Any, x: Any) -> Any:
        n, m = x.shape
        order = xp.arange_for(x, n)
        if self.ordered:
            # the last column first: stable sorts keep the order among equals
            for k in range(m - 1, -1, -1):
                column = xp.getitem(x, (slice(None), k))
                order = xp.take(order, xp.argsort(xp.take(column, order, 0), 0, False), 0)
            x = xp.take(x, order, 0)
        new = _new(xp, x)
        (starts,) = xp.nonzero(new)
        ends = xp.concat((xp.getitem(starts, (slice(1, None),)), xp.zeros((1,), INT64) + n), 0)
        group = xp.cumulative_sum(xp.astype(new, INT64), 0) - 1
        inverse = xp.scatter(xp.zeros((n,), INT64), order, group, 0)
        return xp.take(x, starts, 0), inverse, ends - starts


class BinCount(Primitive):
    __slots__ = ("minlength",)
    name = "bincount"

    def __init__(self, minlength: int) -> None:
        self.minlength = minlength

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.astype(xp.bincount(xp.astype(x, INT64), None, self.minlength), INT64)


class WeightedBinCount(Primitive):
    __slots__ = ("dtype", "minlength")
    name = "bincount"

    def __init__(self, minlength: int, dtype: Any) -> None:
        self.minlength = minlength
        self.dtype = dtype

    def forward(self, xp: Any, x: Any, weights: Any) -> Any:
        return xp.astype(xp.bincount(xp.astype(x, INT64), weights, self.minlength), self.dtype)


def nonzero(input: Tensor, *, as_tuple: bool = False, out: Tensor | None = None) -> Any:
    """The places of the elements that are not zero, in row-major order, as int64.

    input: any shape of d dims -> (count, d); with as_tuple a tuple of d tensors (count,), which can index input. NaN is
    not zero.

    >>> import gputensor as gt
    >>> gt.nonzero(gt.tensor([[1, 0], [0, 2]]))
    tensor([[0, 0],
            [1, 1]])
    >>> gt.nonzero(gt.tensor([0, 5, 7]), as_tuple=True)
    (tensor([1, 2]),)
    """
    a = array_of("nonzero", input)
    if as_tuple:
        xp = input.xp
        if out is not None:
            raise TypeError("nonzero: as_tuple=True gives several tensors, which cannot go into out; leave out away")
        return tuple([wrap(xp.astype(i, INT64), xp) for i in xp.nonzero(a if a.ndim else xp.reshape(a, (1,)))])
    result = constant(Nonzero(), (input,))
    return result if out is None else into("nonzero", out, result, exact=True)


def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1, out: Tensor | None = None) -> Tensor:
    """The places of the first `size` nonzero elements, one a row; rows that are left hold fill_value.

    (size, dims of input), int64. Raises ShapeError for a negative size.

    >>> import gputensor as gt
    >>> gt.nonzero_static(gt.tensor([1, 0, 2]), size=3)
    tensor([[ 0],
            [ 2],
            [-1]])
    """
    count = one_int("nonzero_static", "size", size)
    if count < 0:
        raise ShapeError(f"nonzero_static: size must not be negative, got {count}")
    array_of("nonzero_static", input)
    if input.xp.library == "batch":
        result = _first_nonzero(input, count, fill_value)
        return result if out is None else into("nonzero_static", out, result)
    places = nonzero(input)
    missing = count - places.shape[0]
    places = places[:count] if missing < 0 else places
    result = cat([places, places.new_full((missing, places.shape[1]), fill_value)]) if missing > 0 else places
    return result if out is None else into("nonzero_static", out, result, exact=True)


def _first_nonzero(x: Any, count: int, fill_value: int) -> Any:
    """`nonzero_static` by a stable sort: its shapes do not depend on the values, of which vmap has several."""
    xp, shape = x.xp, x.array.shape
    if not shape:
        return wrap(xp.zeros((count, 0), INT64), xp)
    zero = xp.astype(xp.equal(xp.reshape(x.array, (x.array.size,)), 0), INT64)
    size = zero.shape[0]
    found = xp.getitem(xp.argsort(zero, 0, False), (slice(0, count),))
    along = []
    for n in reversed(shape):
        along.append(found % n)
        found = found // n
    known = xp.arange(0, min(size, count), 1, INT64) < size - xp.sum(zero, (0,))
    rows = xp.where(xp.expand_dims(known, (1,)), xp.stack(along[::-1], 1), xp.full((), fill_value, INT64))
    if count > size:
        rows = xp.concat([rows, xp.full((count - size, len(shape)), fill_value, INT64)], 0)
    return wrap(xp.astype(rows, INT64), xp)


def argwhere(input: Tensor) -> Tensor:
    """The places of the elements that are not zero: ``nonzero(input)``.

    >>> import gputensor as gt
    >>> gt.argwhere(gt.tensor([0, 5]))
    tensor([[1]])
    """
    array_of("argwhere", input)
    return nonzero(input)


def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements of input where mask is true, in row-major order, as a vector.

    mask: bool; shapes broadcast. Raises DtypeError for a mask of another dtype, ShapeError when the shapes do not
    broadcast.

    >>> import gputensor as gt
    >>> x = gt.tensor([[1, 2], [3, 4]])
    >>> gt.masked_select(x, x > 2)
    tensor([3, 4])
    """
    x, m = _masked("masked_select", input, mask)
    result = gather_places(x, (0,), m)
    return result if out is None else into("masked_select", out, result, reads=(input, mask), exact=True)


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy of input in which the elements where mask is true are those of source, in row-major order.

    mask: bool; shapes broadcast. source: of input's dtype, with at least as many elements as mask has true ones. Raises
    DtypeError for other dtypes, ShapeError for too few elements or when the shapes do not broadcast.

    >>> import gputensor as gt
    >>> gt.masked_scatter(gt.zeros(4), gt.tensor([True, False, True, False]), gt.tensor([1.0, 2.0, 3.0]))
    tensor([1., 0., 2., 0.])
    """
    x, m = _masked("masked_scatter", input, mask)
    s = array_of("masked_scatter", source, "source")
    check_same_dtype("masked_scatter", "source", source, x)
    if m.xp.library == "batch":
        out = _scattered_by_count(x, m, source.reshape(-1))
        return out if input.array.ndim or mask.array.ndim else out.reshape(())
    n = int(m.xp.item(m.xp.sum(m.array, None, False, INT64)))
    if s.size < n:
        raise ShapeError(f"masked_scatter: mask has {n} true elements, source only {s.size}")
    out = index_put(x, (m,), getitem(source.reshape(-1), slice(0, n)))
    return out if input.array.ndim or mask.array.ndim else out.reshape(())


def _scattered_by_count(x: Any, mask: Any, source: Any) -> Any:
    """`masked_scatter` by counting the true elements before each: its shapes do not depend on the mask."""
    xp, shape = mask.xp, mask.array.shape
    before = xp.cumulative_sum(xp.astype(xp.reshape(mask.array, (mask.array.size,)), INT64), 0)
    count = source.array.shape[0]
    if not everywhere(xp, before <= count):
        raise ShapeError(f"masked_scatter: mask has more true elements in some example than source has, {count}")
    if not count or not before.shape[0]:
        return x.clone()
    places = xp.where(before > 0, before - 1, xp.zeros_like(before))
    return where(mask, getitem(source, wrap(places, xp)).reshape(shape), x)


def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
    *,
    axis: int | None = None,
) -> Any:
    """The different values, ascending; or the different slices along a dim, in lexicographic order.

    return_inverse: also the places in the result of every element (of input's shape; with dim of shape (n,)).
    return_counts: also how often each occurs. Several results come as a tuple. Every NaN is a value of its own. The
    result is always sorted and has no gradient. Raises DtypeError for complex numbers, DimError (an IndexError) for a
    dim out of range, ShapeError for slices without elements.

    >>> import gputensor as gt
    >>> gt.unique(gt.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    >>> gt.unique(gt.tensor([[2, 1], [0, 5], [2, 1]]), dim=0)
    tensor([[0, 5],
            [2, 1]])
    """
    dim, _ = numpy_names("unique", dim, False, axis, None)
    a = array_of("unique", input)
    if a.dtype.kind == "c":
        raise DtypeError("unique: complex numbers have no order")
    if dim is not None:
        return _unique_slices("unique", input, dim, True, return_inverse, return_counts)
    if not return_inverse and not return_counts:
        return constant(UniqueValues(), (input,))
    return _chosen(constant(Unique(), (input,)), return_inverse, return_counts)


def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
    *,
    axis: int | None = None,
) -> Any:
    """The values (or, along a dim, the slices) without those that equal the one before.

    Results and errors as `unique`, but in the order in which they come.

    >>> import gputensor as gt
    >>> gt.unique_consecutive(gt.tensor([1, 1, 2, 1]), return_counts=True)
    (tensor([1, 2, 1]), tensor([2, 1, 1]))
    """
    dim, _ = numpy_names("unique_consecutive", dim, False, axis, None)
    a = array_of("unique_consecutive", input)
    if dim is not None:
        return _unique_slices("unique_consecutive", input, dim, False, return_inverse, return_counts)
    if not (return_inverse or return_counts):
        return constant(ConsecutiveValues(), (input.detach().reshape(-1),))
    values, inverse, counts = constant(UniqueSlices(False), (input.detach().reshape(a.size, 1),))
    return _chosen((values.reshape(-1), inverse.reshape(a.shape), counts), return_inverse, return_counts)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs, or the sum of the weights of its occurrences.

    input: (n,), non-negative integers -> (max(input) + 1,), at least minlength, int64. weights: (n,) -> float32 for
    float32, else float64. Raises DtypeError for a dtype that is not integer, ShapeError for another number of dims or
    weights, ValueError for negative elements or a negative minlength.

    >>> import gputensor as gt
    >>> gt.bincount(gt.tensor([0, 2, 2])), gt.bincount(gt.tensor([0, 2, 2]), gt.tensor([0.5, 1.0, 1.0]))
    (tensor([1, 0, 2]), tensor([0.5000, 0.0000, 2.0000]))
    """
    a = array_of("bincount", input)
    if a.dtype.kind not in "iu":
        raise DtypeError(f"bincount: expected integers, got {describe(input)}; convert it with .long()")
    if a.ndim != 1:
        raise ShapeError(f"bincount: expected 1 dim, got shape {tuple(a.shape)}; use .reshape(-1)")
    try:
        least = operator.index(minlength)
    except TypeError:
        raise TypeError(f"bincount: minlength must be an int, got {minlength!r}") from None
    if least < 0:
        raise ValueError(f"bincount: minlength must not be negative, got {minlength}")
    if a.size and a.dtype.kind == "i" and host_of_all(input.xp, input.xp.min(a)).min() < 0:
        raise ValueError("bincount: the elements must not be negative")
    if weights is None:
        return constant(BinCount(least), (input,))
    w = array_of("bincount", weights, "weights")
    if tuple(w.shape) != tuple(a.shape):
        raise ShapeError(f"bincount: weights must have input's shape {tuple(a.shape)}, got {tuple(w.shape)}")
    if not a.size:
        return wrap(input.xp.zeros((least,), INT64), input.xp)  # as PyTorch: integers, whatever the weights
    return constant(WeightedBinCount(least, F32 if w.dtype == F32 else F64), (input, weights))


def _new(xp: Any, x: Any) -> Any:
    """Whether an element, or row, differs from the one before."""
    n = x.shape[0]
    if n == 0:
        return xp.zeros((0,), BOOL)
    differs = xp.not_equal(xp.getitem(x, (slice(1, None),)), xp.getitem(x, (slice(0, n - 1),)))
    if x.ndim > 1:
        differs = xp.any(differs, (1,))
    return xp.concat((xp.ones((1,), BOOL), differs), 0)


def _unique_slices(name: str, input: Any, dim: Any, ordered: bool, return_inverse: bool, return_counts: bool) -> Any:
    a = input.array
    if not a.ndim:
        raise DimError(f"{name}: a 0-d tensor has no dims")
    axis = one_dim(name, dim, a.ndim, a.shape)
    n = a.shape[axis]
    rest = tuple([m for k, m in enumerate(a.shape) if k != axis])
    size = math.prod(rest)
    if n and not size:
        raise ShapeError(f"{name}: the slices along dim {axis} of x of shape {tuple(a.shape)} have no elements")
    front = (axis, *[k for k in range(a.ndim) if k != axis])
    back = tuple([front.index(k) for k in range(a.ndim)])
    x = input.detach()
    rows = wrap(x.xp.reshape(x.xp.permute_dims(x.array, front), (n, size)), x.xp)
    values, inverse, counts = constant(UniqueSlices(ordered), (rows,))
    k = values.array.shape[0]
    values = wrap(x.xp.copy(x.xp.permute_dims(x.xp.reshape(values.array, (k, *rest)), back), "C"), x.xp)
    return _chosen((values, inverse, counts), return_inverse, return_counts)


def _chosen(results: tuple[Any, Any, Any], return_inverse: bool, return_counts: bool) -> Any:
    values, inverse, counts = results
    if return_inverse:
        return (values, inverse, counts) if return_counts else (values, inverse)
    return (values, counts) if return_counts else values


def _masked(name: str, input: Any, mask: Any) -> tuple[Any, Any]:
    """input and mask, broadcast to one shape of at least one dim."""
    a, m = array_of(name, input), array_of(name, mask, "mask")
    if m.dtype != BOOL:
        raise DtypeError(f"{name}: mask must be bool, got {dtype_name(m.dtype)}; convert it with .bool()")
    try:
        shape = np.broadcast_shapes(tuple(a.shape), tuple(m.shape))
    except ValueError:
        raise ShapeError(
            f"{name}: input of shape {tuple(a.shape)} and mask of shape {tuple(m.shape)} do not broadcast"
        ) from None
    if not shape:
        return input.reshape(1), mask.reshape(1)
    x = input if tuple(a.shape) == shape else input.expand(shape)
    return x, mask if tuple(m.shape) == shape else mask.expand(shape)


class DynamicMethods:
    """Results whose shape depends on the values of a tensor."""

    __slots__ = ()

    def nonzero(self, *, as_tuple: bool = False) -> Any:
        """See `gputensor.nonzero`."""
        return nonzero(self, as_tuple=as_tuple)  # type: ignore[arg-type]

    def nonzero_static(self, *, size: int, fill_value: int = -1) -> Tensor:
        """See `gputensor.nonzero_static`."""
        return nonzero_static(self, size=size, fill_value=fill_value)  # type: ignore[arg-type]

    def argwhere(self) -> Tensor:
        """See `gputensor.argwhere`."""
        return argwhere(self)  # type: ignore[arg-type]

    def masked_select(self, mask: Tensor) -> Tensor:
        """See `gputensor.masked_select`."""
        return masked_select(self, mask)  # type: ignore[arg-type]

    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """See `gputensor.masked_scatter`."""
        return masked_scatter(self, mask, source)  # type: ignore[arg-type]

    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Tensor:
        """`masked_scatter` in place; mask broadcasts to this tensor."""
        return rewrite(self, masked_scatter, mask, source)

    def unique(
        self,
        sorted: bool = True,
        return_inverse: bool = False,
        return_counts: bool = False,
        dim: int | None = None,
        *,
        axis: int | None = None,
    ) -> Any:
        """See `gputensor.unique`."""
        return unique(self, sorted, return_inverse, return_counts, dim, axis=axis)  # type: ignore[arg-type]

    def unique_consecutive(
        self,
        return_inverse: bool = False,
        return_counts: bool = False,
        dim: int | None = None,
        *,
        axis: int | None = None,
    ) -> Any:
        """See `gputensor.unique_consecutive`."""
        return unique_consecutive(self, return_inverse, return_counts, dim, axis=axis)  # type: ignore[arg-type]

    def bincount(self, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
        """See `gputensor.bincount`."""
        return bincount(self, weights, minlength)  # type: ignore[arg-type]
