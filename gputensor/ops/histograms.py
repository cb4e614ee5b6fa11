"""Histograms: how many elements fall into each bin, in one dim or in several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import cast, wrap
from gputensor.core.explain import describe, everywhere
from gputensor.core.promotion import F32, F64
from gputensor.core.return_types import histogram as Histogram, histogramdd as Histogramdd
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.dims import array_of, one_int
from gputensor.ops.gathering import scatter_add
from gputensor.ops.out_argument import into_each
from gputensor.ops.selection import where
from gputensor.ops.sorting import searchsorted

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def histogram(
    input: Tensor,
    bins: int | Tensor = 100,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
    out: tuple[Tensor, Tensor] | None = None,
) -> Histogram:
    """How many elements fall into each bin, as a named tuple (hist, bin_edges) in input's dtype.

    bins: how many of equal width, or their edges as a 1-d tensor that does not decrease. Every bin includes its left
    edge, the last one both; elements outside, and NaN, are not counted. range: (low, high) of a number of bins; by
    default the smallest and the largest element. weight: of input's shape, what each element counts. density: divide by
    the total and the bins' widths, so that the integral is 1. input: float32 or float64, any shape. Waits for the GPU.
    Raises DtypeError for other dtypes, ShapeError for weights of another shape, ArgumentError (a ValueError) for no
    bins, a range that is not finite or runs backwards, and a range beside edges.

    >>> import gputensor as gt
    >>> gt.histogram(gt.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0)).hist
    tensor([0., 2., 1., 0.])
    """
    name = "histogram"
    a = _floats(name, input)
    if isinstance(bins, TensorBase):
        if range is not None:
            raise ArgumentError("histogram: edges leave nothing to a range; give one of them")
        edges = [_edges(name, bins, input)]
    else:
        edges = _equal_edges(name, input.detach().reshape(-1, 1), [bins], range)
    weights = None if weight is None else _weights(name, weight, input, tuple(a.shape))
    hist = _counted(input.detach().reshape(-1, 1), edges, weights, density)
    result = Histogram(hist, edges[0])
    return result if out is None else into_each(name, out, result, exact=True)


def histogramdd(
    input: Tensor,
    bins: int | Sequence[int] | Sequence[Tensor],
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Histogramdd:
    """How many points fall into each cell of a grid, as a named tuple (hist, bin_edges) in input's dtype.

    input: (..., dims), float32 or float64: points. bins: how many along every dim (one number for all), or their edges,
    a 1-d tensor a dim. hist has a dim for each; bin_edges is a tuple of tensors. range: low and high of each dim in
    turn, 2 * dims numbers. weight: (...), what each point counts. Edges, NaN, density and errors as `histogram`.

    >>> import gputensor as gt
    >>> gt.histogramdd(gt.tensor([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]), bins=[2, 2]).hist
    tensor([[0., 1.],
            [1., 1.]])
    """
    name = "histogramdd"
    a = _floats(name, input)
    if a.ndim < 2:
        raise ShapeError(f"{name}: input needs at least 2 dims, got shape {tuple(a.shape)}")
    dims = a.shape[-1]
    given = [bins] * dims if isinstance(bins, int) and not isinstance(bins, bool) else bins
    if not isinstance(given, (tuple, list)):
        raise TypeError(f"{name}: bins must be an int, or a sequence of ints or Tensors, got {describe(bins)}")
    if len(given) != dims:
        raise ArgumentError(f"{name}: bins has {len(given)} entries for {dims} dims; give one for each")
    points = input.detach().reshape(-1, dims)
    if given and isinstance(given[0], TensorBase):
        if range is not None:
            raise ArgumentError(f"{name}: edges leave nothing to a range; give one of them")
        edges = [_edges(name, e, input) for e in given]
    else:
        edges = _equal_edges(name, points, given, range)
    weights = None if weight is None else _weights(name, weight, input, tuple(a.shape[:-1]))
    return Histogramdd(_counted(points, edges, weights, density), tuple(edges))


def _floats(name: str, input: Any) -> Any:
    a = array_of(name, input)
    if a.dtype not in (F32, F64):
        raise DtypeError(f"{name}: expected float32 or float64, got {describe(input)}; convert it with .float()")
    return a


def _edges(name: str, edges: Any, like: Any) -> Any:
    e = array_of(name, edges, "bins")
    if e.ndim != 1 or not e.shape[0]:
        raise ShapeError(f"{name}: edges need 1 dim and an element, got shape {tuple(e.shape)}")
    if e.dtype != like.array.dtype:
        raise DtypeError(f"{name}: edges need the dtype of input, got {describe(edges)} beside {describe(like)}")
    return edges.detach()


def _equal_edges(name: str, points: Any, bins: Sequence[Any], range: Any) -> list[Any]:
    """Edges of bins of equal width along every dim of points, (n, dims)."""
    counts = [one_int(name, "bins", b) for b in bins]
    for count in counts:
        if count < 1:
            raise ArgumentError(f"{name}: bins must be at least 1, got {count}")
    a, xp, dims = points.array, points.xp, len(counts)
    if range is None and xp.library == "batch" and a.shape[0]:
        return [_edges_between(name, points[:, k], n) for k, n in enumerate(counts)]
    if range is not None:
        limits = [float(r) for r in range]
        if len(limits) != 2 * dims:
            raise ArgumentError(f"{name}: range needs a low and a high for each dim, got {range!r}")
        low, high = np.array(limits[::2]), np.array(limits[1::2])
    elif a.shape[0]:
        low, high = xp.to_host(xp.min(a, (0,), False)), xp.to_host(xp.max(a, (0,), False))
    else:
        low, high = np.zeros(dims), np.ones(dims)
    low, high = low.astype(np.float64), high.astype(np.float64)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise ArgumentError(f"{name}: the range from {low.tolist()} to {high.tolist()} is not finite; give range=")
    if (low > high).any():
        raise ArgumentError(f"{name}: the range from {low.tolist()} to {high.tolist()} runs backwards")
    same = low == high
    low, high = np.where(same, low - 0.5, low), np.where(same, high + 0.5, high)
    made = [np.linspace(first, last, n + 1).astype(a.dtype) for first, last, n in zip(low, high, counts, strict=True)]
    return [wrap(xp.from_host(edges), xp) for edges in made]


def _edges_between(name: str, x: Any, count: int) -> Any:
    """Edges of bins of equal width from the smallest to the largest of x, which inside vmap differ by example."""
    low, high = x.min().double(), x.max().double()
    if not everywhere(x.xp, (low.isfinite() & high.isfinite()).array):
        raise ArgumentError(f"{name}: the range of an example is not finite; give range=")
    same = low == high
    low, high = where(same, low - 0.5, low), where(same, high + 0.5, high)
    steps = wrap(x.xp.arange(0, count + 1, 1, F64), x.xp)
    # as numpy.linspace: the last edge is exactly the largest element
    return where(steps == count, high, low + steps * ((high - low) / count)).to(x.dtype)


def _weights(name: str, weight: Any, input: Any, shape: tuple[int, ...]) -> Any:
    w = array_of(name, weight, "weight")
    if tuple(w.shape) != shape:
        raise ShapeError(f"{name}: weight needs shape {shape}, got {tuple(w.shape)}")
    if w.dtype != input.array.dtype:
        raise DtypeError(f"{name}: weight needs the dtype of input, got {describe(weight)} beside {describe(input)}")
    return weight.detach().reshape(-1)


def _counted(points: Any, edges: list[Any], weights: Any, density: bool) -> Any:
    place: Any = None
    inside: Any = None
    for k, edge in enumerate(edges):
        x, bins = points[:, k].contiguous(), edge.array.shape[0] - 1
        # the last bin includes its right edge
        found = searchsorted(edge, x, right=True) - 1 - (x == edge[bins]).long()
        within = (x >= edge[0]) & (x <= edge[bins])
        place = found if place is None else place * bins + found
        inside = within if inside is None else inside & within
    total = math.prod([e.array.shape[0] - 1 for e in edges])
    # what lies outside goes into one bin more, which is dropped
    place = where(inside, place, total)
    counts = wrap(points.xp.zeros((total + 1,), F64), points.xp)
    hist = scatter_add(counts, 0, place, cast(inside if weights is None else weights, F64))[:total]
    hist = hist.reshape([e.array.shape[0] - 1 for e in edges])
    if density:
        hist = hist / hist.sum()
        for k, e in enumerate(edges):
            widths = (e[1:] - e[:-1]).double()
            hist = hist / widths.reshape([-1 if j == k else 1 for j, _ in enumerate(edges)])
    return hist.to(points.dtype)


class HistogramMethods:
    """The histogram of a tensor."""

    __slots__ = ()

    def histogram(
        self,
        bins: int | Tensor = 100,
        *,
        range: Sequence[float] | None = None,
        weight: Tensor | None = None,
        density: bool = False,
    ) -> Histogram:
        """See `gputensor.histogram`."""
        return histogram(self, bins, range=range, weight=weight, density=density)  # type: ignore[arg-type]
