"""Medians, quantiles, statistics without NaN, correlations and histograms, as NumPy calls them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.dtypes import bool_
from gputensor.core.promotion import HALF
from gputensor.interop.numpy_door.arguments import (
    UNSET,
    axes_of,
    cast,
    given,
    over,
    refuse,
    tensor,
    tensors,
    true,
    written,
)
from gputensor.interop.numpy_door.masks import mask_over
from gputensor.interop.numpy_door.reductions import (
    floating,
    max as _max,
    min as _min,
    place_of,
    prod as _prod,
    sum as _sum,
)


def _quantile(
    name: str, find: Callable[..., Tensor], a: Any, q: Any, axis: Any, out: Any, method: str, keepdims: Any, top: float
) -> Any:
    if method not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise ValueError(
            f"{name}: method {method!r} is not supported for tensors; use 'linear', 'lower', 'higher', 'midpoint' or "
            "'nearest'"
        )
    x = floating(tensor(a))
    work = x.float() if x.array.dtype in HALF else x
    at = tensors(work, q)[1].to(work.dtype) / top
    flat = at.reshape(-1)
    result = over(name, lambda y: find(y, flat, -1, interpolation=method), work, axis, keepdims, lead=1)
    return written(name, out, result.reshape([*at.shape, *result.shape[1:]]).to(x.dtype))


def quantile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = False, *, weights: Any = None, interpolation: Any = None,
) -> Any:  # fmt: skip
    """`numpy.quantile`, by the methods linear, lower, higher, midpoint and nearest."""
    refuse("quantile", weights=weights)
    return _quantile("quantile", gt.quantile, a, q, axis, out, interpolation or method, keepdims, 1)


def percentile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = False, *, weights: Any = None, interpolation: Any = None,
) -> Any:  # fmt: skip
    """`numpy.percentile`, by the methods linear, lower, higher, midpoint and nearest."""
    refuse("percentile", weights=weights)
    return _quantile("percentile", gt.quantile, a, q, axis, out, interpolation or method, keepdims, 100)


def nanquantile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = UNSET, *, weights: Any = None, interpolation: Any = None,
) -> Any:  # fmt: skip
    """`numpy.nanquantile`: of the elements that are not NaN."""
    refuse("nanquantile", weights=weights)
    return _quantile("nanquantile", gt.nanquantile, a, q, axis, out, interpolation or method, keepdims, 1)


def nanpercentile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = UNSET, *, weights: Any = None, interpolation: Any = None,
) -> Any:  # fmt: skip
    """`numpy.nanpercentile`: of the elements that are not NaN."""
    refuse("nanpercentile", weights=weights)
    return _quantile("nanpercentile", gt.nanquantile, a, q, axis, out, interpolation or method, keepdims, 100)


def median(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    """`numpy.median`: of an even number of elements the mean of the two in the middle."""
    return _quantile("median", gt.quantile, a, 0.5, axis, out, "linear", keepdims, 1)


def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = UNSET) -> Any:
    """`numpy.nanmedian`: of the elements that are not NaN."""
    return _quantile("nanmedian", gt.nanquantile, a, 0.5, axis, out, "linear", keepdims, 1)


def _without_nan(a: Any, number: float) -> tuple[Tensor, Tensor]:
    """x with a number for NaN, and where NaN was."""
    x = tensor(a)
    if not (x.is_floating_point() or x.is_complex()):
        return x, gt.zeros_like(x, dtype=bool_)
    missing = x.isnan()
    return x.masked_fill(missing, number), missing


def nansum(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET,
    where: Any = True,
) -> Any:  # fmt: skip
    """`numpy.nansum`: NaN counts as 0."""
    return _sum(_without_nan(a, 0)[0], axis, dtype, out, keepdims, initial, where)


def nanprod(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET,
    where: Any = True,
) -> Any:  # fmt: skip
    """`numpy.nanprod`: NaN counts as 1."""
    return _prod(_without_nan(a, 1)[0], axis, dtype, out, keepdims, initial, where)


def nanmax(
    a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET, where: Any = True
) -> Any:
    """`numpy.nanmax`: of the elements that are not NaN."""
    return _nan_extreme("nanmax", _max, -gt.inf, a, axis, out, keepdims, initial, where)


def nanmin(
    a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET, where: Any = True
) -> Any:
    """`numpy.nanmin`: of the elements that are not NaN."""
    return _nan_extreme("nanmin", _min, gt.inf, a, axis, out, keepdims, initial, where)


def _nan_extreme(
    name: str,
    find: Callable[..., Any],
    number: float,
    a: Any,
    axis: Any,
    out: Any,
    keepdims: Any,
    initial: Any,
    where: Any,
) -> Any:
    x, missing = _without_nan(a, number)
    result = find(x, axis, None, keepdims, initial, where)
    if result.is_floating_point() and not given(initial):
        axes = axes_of(name, x, axis)
        nothing = missing.all(axes, true(keepdims)) if axes else missing
        result = result.masked_fill(nothing, gt.nan)
    return written(name, out, result)


def nanargmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = UNSET) -> Any:
    """`numpy.nanargmax`. Raises ValueError where everything is NaN; asks for it, and so waits for the GPU."""
    x, missing = _without_nan(a, -gt.inf)
    _check_some("nanargmax", missing, axis)
    return written("nanargmax", out, place_of(gt.argmax, x, axis, keepdims))


def nanargmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = UNSET) -> Any:
    """`numpy.nanargmin`. Raises ValueError where everything is NaN; asks for it, and so waits for the GPU."""
    x, missing = _without_nan(a, gt.inf)
    _check_some("nanargmin", missing, axis)
    return written("nanargmin", out, place_of(gt.argmin, x, axis, keepdims))


def _check_some(name: str, missing: Tensor, axis: Any) -> None:
    axes = axes_of(name, missing, axis)
    if missing.numel() and bool(missing.all(axes).any()):
        raise ValueError(f"{name}: there is a slice of nothing but NaN")


def _taking_part(name: str, x: Tensor, where: Any) -> tuple[Tensor, Tensor]:
    """x with 0 for what is NaN or left out by where=, and where that is."""
    x, missing = _without_nan(x, 0)
    mask = mask_over(name, x, where)
    return (x, missing) if mask is None else (x.masked_fill(~mask, 0), missing | ~mask)


def _count(missing: Tensor, axis: Any, keepdims: Any) -> Tensor:
    return _sum(~missing, axis, keepdims=keepdims)


def nanmean(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, *, where: Any = True
) -> Any:
    """`numpy.nanmean`: of the elements that are not NaN."""
    x, missing = _taking_part("nanmean", floating(cast(tensor(a), dtype)), where)
    return written("nanmean", out, _sum(x, axis, keepdims=keepdims) / _count(missing, axis, keepdims))


def nanvar(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = UNSET, *,
    where: Any = True, mean: Any = UNSET, correction: Any = UNSET,
) -> Any:  # fmt: skip
    """`numpy.nanvar`: of the elements that are not NaN."""
    x, missing = _taking_part("nanvar", floating(cast(tensor(a), dtype)), where)
    number = _count(missing, axis, True)
    centre = tensor(mean) if given(mean) else _sum(x, axis, keepdims=True) / number
    off = (x - centre).masked_fill(missing, 0).abs().square()
    less = correction if given(correction) else ddof
    freedom = _count(missing, axis, keepdims) - less
    result = _sum(off, axis, keepdims=keepdims) / freedom
    return written("nanvar", out, result.masked_fill(freedom <= 0, gt.nan))


def nanstd(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = UNSET, *,
    where: Any = True, mean: Any = UNSET, correction: Any = UNSET,
) -> Any:  # fmt: skip
    """`numpy.nanstd`: of the elements that are not NaN."""
    result = nanvar(a, axis, dtype, None, ddof, keepdims, where=where, mean=mean, correction=correction)
    return written("nanstd", out, result.sqrt())


def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None, fweights: Any = None,
    aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """`numpy.cov`: rows are variables unless rowvar is False."""
    x = _variables("cov", m, y, rowvar, dtype)
    weights = [None if w is None else tensors(x, w)[1] for w in (fweights, aweights)]
    correction = (0 if bias else 1) if ddof is None else int(ddof)
    if weights[1] is not None:
        weights[1] = weights[1].to(x.real.dtype)
    return gt.cov(x, correction=correction, fweights=weights[0], aweights=weights[1])


def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """`numpy.corrcoef`: correlations between rows, between columns with rowvar=False."""
    return gt.corrcoef(_variables("corrcoef", x, y, rowvar, dtype))


def _variables(name: str, m: Any, y: Any, rowvar: bool, dtype: Any) -> Tensor:
    """The variables of both, one a row; one variable alone has no row dim."""
    parts = [floating(cast(t, dtype)) for t in tensors(m, *([] if y is None else [y]))]
    if any([t.ndim > 2 for t in parts]):
        raise ValueError(f"{name}: expected at most two dims, got shapes {[tuple(t.shape) for t in parts]}")
    rows = [t if rowvar or t.ndim < 2 else t.T for t in parts]
    if len(rows) == 1:
        return rows[0] if rows[0].ndim < 2 or rows[0].shape[0] > 1 else rows[0][0]
    return gt.cat([gt.atleast_2d(t) for t in rows])


def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """`numpy.convolve`: sum over k of a[k] * v[n - k]."""
    x, y = tensors(a, v)
    x, y = gt.atleast_1d(x), gt.atleast_1d(y)
    if len(y) > len(x):
        x, y = y, x
    return _correlated("convolve", x, y.flip(0), mode)


def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """`numpy.correlate`: sum over k of a[n + k] * conj(v[k])."""
    x, y = tensors(a, v)
    x, y = gt.atleast_1d(x), gt.conj(gt.atleast_1d(y))
    if len(y) > len(x):
        return _correlated("correlate", y, x, mode).flip(0)
    return _correlated("correlate", x, y, mode)


def _correlated(name: str, x: Tensor, y: Tensor, mode: str) -> Tensor:
    """Sums of products of y with the windows of x; x is the longer one."""
    if x.ndim != 1 or y.ndim != 1:
        raise ValueError(f"{name}: expected one dim each, got shapes {tuple(x.shape)} and {tuple(y.shape)}")
    n = y.shape[0]
    if not n:
        raise ValueError(f"{name}: an operand is empty")
    sides = {"valid": (0, 0), "same": (n // 2, (n - 1) // 2), "full": (n - 1, n - 1)}.get(mode)
    if sides is None:
        raise ValueError(f"{name}: mode must be 'full', 'same' or 'valid', got {mode!r}")
    d = gt.promote_types(x.dtype, y.dtype)
    x, y = x.to(d), y.to(d)
    # of 'same', NumPy keeps the part that begins after (n - 1) // 2 of the full one's elements
    sides = (n - 1 - (n - 1) // 2, (n - 1) // 2) if mode == "same" else sides
    if x.is_floating_point():
        padded = gt.nn.functional.pad(x, sides)
        return gt.nn.functional.conv1d(padded[None, None], y[None, None])[0, 0]
    padded = gt.cat([x.new_zeros(sides[0]), x, x.new_zeros(sides[1])])
    return (padded.unfold(0, n, 1) * y).sum(-1, dtype=d)


def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """`numpy.bincount`; with weights, their sums, to which gradients flow."""
    numbers = tensor(x)
    if weights is None:
        return gt.bincount(numbers, minlength=minlength)
    w = floating(tensors(numbers, weights)[1])
    length = max(minlength, int(numbers.max()) + 1 if numbers.numel() else 0)
    if numbers.ndim != 1 or w.shape != numbers.shape:
        raise ValueError(
            f"bincount: x and weights must have one dim and the same length, got {tuple(numbers.shape)} and "
            f"{tuple(w.shape)}"
        )
    if numbers.numel() and int(numbers.min()) < 0:
        raise ValueError(f"bincount: x must not be negative, got {int(numbers.min())}")
    return w.new_zeros(length).index_add(0, numbers.long(), w)


def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """`numpy.histogram_bin_edges`, for a number of bins or the edges themselves."""
    x = tensor(a).detach()
    if isinstance(bins, str):
        raise TypeError(f"histogram: the rule bins={bins!r} is not supported for tensors; give a number or the edges")
    if not isinstance(bins, (int, np.integer)):
        edges = tensors(x, bins)[1]
        if edges.ndim != 1 or (edges.numel() and bool((gt.diff(edges) < 0).any())):
            raise ValueError("histogram: the edges must have one dim and increase")
        return floating(edges)
    if range is None:
        low, high = (float(x.min()), float(x.max())) if x.numel() else (0.0, 1.0)
    else:
        low, high = float(range[0]), float(range[1])
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        raise ValueError(f"histogram: the range [{low}, {high}] must be finite and increase; give range=")
    if low == high:
        low, high = low - 0.5, high + 0.5
    return gt.linspace(low, high, int(bins) + 1, dtype=floating(x).dtype, device=x.device)


def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """`numpy.histogram`: counts and edges; gradients flow to the weights."""
    x = tensor(a).detach().reshape(-1)
    edges = histogram_bin_edges(x, bins, range)
    counts = _counted(x.to(edges.dtype), edges, weights)
    if density:
        counts = counts.to(counts.dtype if counts.is_floating_point() else edges.dtype)
        counts = counts / gt.diff(edges) / counts.sum()
    return counts, edges


def _counted(x: Tensor, edges: Tensor, weights: Any) -> Tensor:
    n = edges.shape[0] - 1
    place = gt.searchsorted(edges, x.contiguous(), right=True) - 1
    place = gt.where(x == edges[-1], gt.full_like(place, n - 1), place)  # the last bin has both its edges
    inside = (x >= edges[0]) & (x <= edges[-1])
    # what lies outside is counted in one more bin
    place = gt.where(inside, place, gt.full_like(place, n))
    if weights is None:
        return gt.bincount(place, minlength=n + 1)[:n]
    w = tensors(x, weights)[1].reshape(-1)
    return w.new_zeros(n + 1).index_add(0, place, w)[:n]


def histogram2d(x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """`numpy.histogram2d`: counts (x bins, y bins), the edges of x and those of y."""
    first, second = (t.detach().reshape(-1) for t in tensors(x, y))
    two = isinstance(bins, (list, tuple)) and len(bins) == 2
    kinds = bins if two else (bins, bins)
    ranges = (None, None) if range is None else range
    a = histogram_bin_edges(first, kinds[0], ranges[0])
    b = histogram_bin_edges(second, kinds[1], ranges[1])
    n, m = a.shape[0] - 1, b.shape[0] - 1
    rows, columns = (_bin(t.to(e.dtype), e) for t, e in ((first, a), (second, b)))
    outside = (rows < 0) | (columns < 0)
    place = gt.where(outside, gt.full_like(rows, n * m), rows * m + columns)
    w = gt.ones_like(first, dtype=a.dtype) if weights is None else floating(tensors(first, weights)[1])
    counts = w.new_zeros(n * m + 1).index_add(0, place, w)[: n * m].reshape(n, m)
    if density:
        counts = counts / counts.sum() / gt.diff(a)[:, None] / gt.diff(b)
    return counts, a, b


def _bin(x: Tensor, edges: Tensor) -> Tensor:
    """The number of the bin of each element, -1 outside."""
    place = gt.searchsorted(edges, x.contiguous(), right=True) - 1
    place = gt.where(x == edges[-1], gt.full_like(place, edges.shape[0] - 2), place)
    return gt.where((x >= edges[0]) & (x <= edges[-1]), place, gt.full_like(place, -1))


TABLE: dict[Any, Callable[..., Any]] = {
    np.bincount: bincount,
    np.convolve: convolve,
    np.corrcoef: corrcoef,
    np.correlate: correlate,
    np.cov: cov,
    np.histogram: histogram,
    np.histogram2d: histogram2d,
    np.histogram_bin_edges: histogram_bin_edges,
    np.median: median,
    np.nanargmax: nanargmax,
    np.nanargmin: nanargmin,
    np.nanmax: nanmax,
    np.nanmean: nanmean,
    np.nanmedian: nanmedian,
    np.nanmin: nanmin,
    np.nanpercentile: nanpercentile,
    np.nanprod: nanprod,
    np.nanquantile: nanquantile,
    np.nanstd: nanstd,
    np.nansum: nansum,
    np.nanvar: nanvar,
    np.percentile: percentile,
    np.quantile: quantile,
}
