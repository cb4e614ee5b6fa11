"""Sorting, searching and sets, as NumPy calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import one_axis, refuse, sequence, tensor, tensors


def sort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Tensor:
    """`numpy.sort`; without an axis, of the flattened tensor. Gradients flow to the sorted elements.

    Complex numbers are sorted by their real parts, those of one real part by their imaginary parts.
    """
    refuse("sort", order=order)
    x, k = _line(a, axis)
    if x.is_complex():
        return x.gather(k, _order(x, k))
    return gt.sort(x, k, stable=True)[0] if x.ndim else x.clone()


def argsort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Tensor:
    """`numpy.argsort`; without an axis, of the flattened tensor."""
    refuse("argsort", order=order)
    x, k = _line(a, axis)
    return _order(x, k)


def _order(x: Tensor, k: int) -> Tensor:
    if not x.is_complex():
        return gt.argsort(x, k, stable=True)
    by_imag = gt.argsort(x.imag, k, stable=True)
    return by_imag.gather(k, gt.argsort(x.real.gather(k, by_imag), k, stable=True))


def _line(a: Any, axis: Any) -> tuple[Tensor, int]:
    x = tensor(a)
    if axis is None or not x.ndim:
        return x.reshape(-1), 0
    return x, one_axis("sort", x.ndim, axis)


def partition(a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Tensor:
    """`numpy.partition`, which here sorts."""
    refuse("partition", order=order)
    x, k = _line(a, axis)
    _check_kth(kth, x.shape[k])
    return gt.sort(x, k, stable=True)[0]


def argpartition(a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Tensor:
    """`numpy.argpartition`, which here sorts."""
    refuse("argpartition", order=order)
    x, k = _line(a, axis)
    _check_kth(kth, x.shape[k])
    return gt.argsort(x, k, stable=True)


def _check_kth(kth: Any, n: int) -> None:
    for k in np.atleast_1d(np.asarray(kth)).tolist():
        if not -n <= k < n:
            raise ValueError(f"partition: kth {k} is out of range for {n} elements; use {-n} <= kth < {n}")


def lexsort(keys: Any, axis: int = -1) -> Tensor:
    """`numpy.lexsort`: places in the order of the last key, then of the one before it."""
    order: Any = None
    for key in sequence(keys):
        k = one_axis("lexsort", key.ndim, axis)
        if order is None:
            order = gt.argsort(key, k, stable=True)
        else:
            order = gt.take_along_dim(order, gt.argsort(gt.take_along_dim(key, order, k), k, stable=True), k)
    if order is None:
        raise TypeError("lexsort: give one key or more")
    return order


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Tensor:
    """`numpy.searchsorted`."""
    x, y = tensors(a, v)
    if x.ndim != 1:
        raise ValueError(f"searchsorted: the sorted sequence must have one dim, got shape {tuple(x.shape)}")
    d = gt.result_type(x, y)
    order = None if sorter is None else tensors(x, sorter)[1].long()
    return gt.searchsorted(x.detach().to(d), y.detach().to(d), side=side, sorter=order)


def digitize(x: Any, bins: Any, right: bool = False) -> Tensor:
    """`numpy.digitize`: the number of the bin; bins may increase or decrease."""
    at, edges = tensors(x, bins)
    if edges.ndim != 1:
        raise ValueError(f"digitize: the bins must have one dim, got shape {tuple(edges.shape)}")
    steps = gt.diff(edges)
    side = "left" if right else "right"
    if bool((steps >= 0).all()):
        return searchsorted(edges, at, side)
    if not bool((steps <= 0).all()):
        raise ValueError("digitize: the bins must increase or decrease all along")
    return edges.shape[0] - searchsorted(edges.flip(0), at, side)


class UniqueAllResult(NamedTuple):
    """What `numpy.unique_all` gives."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCountsResult(NamedTuple):
    """What `numpy.unique_counts` gives."""

    values: Tensor
    counts: Tensor


class UniqueInverseResult(NamedTuple):
    """What `numpy.unique_inverse` gives."""

    values: Tensor
    inverse_indices: Tensor


def _unique(x: Tensor, equal_nan: bool) -> UniqueAllResult:
    """The different elements in ascending order, with gradients to their first places; all NaN are one."""
    flat = x.reshape(-1)
    ordered, places = gt.sort(flat, 0, stable=True)
    n = flat.shape[0]
    if not n:
        none = places
        return UniqueAllResult(ordered, none, none.reshape(x.shape), none)
    other = ordered[1:] != ordered[:-1]
    if equal_nan and (x.is_floating_point() or x.is_complex()):
        other = other & ~(ordered[1:].isnan() & ordered[:-1].isnan())
    first = gt.cat([other.new_ones(1), other])
    starts = gt.nonzero(first).reshape(-1)
    number = first.long().cumsum(0) - 1
    inverse = gt.empty_like(places)
    inverse[places] = number
    counts = gt.diff(gt.cat([starts, starts.new_full((1,), n)]))
    return UniqueAllResult(ordered[starts], places[starts], inverse.reshape(x.shape), counts)


def unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, axis: Any = None, *,
    equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    """`numpy.unique`: in ascending order; gradients flow to the first places."""
    x = tensor(ar)
    if axis is None:
        found = _unique(x, equal_nan)
    else:
        k = one_axis("unique", x.ndim, axis)
        _, inverse, counts = gt.unique(x, return_inverse=True, return_counts=True, dim=k)
        numbers = gt.arange(inverse.shape[0], device=x.device)
        first = gt.full_like(counts, inverse.shape[0]).scatter_reduce(0, inverse, numbers, "amin")
        found = UniqueAllResult(x.index_select(k, first), first, inverse, counts)
    flags = (True, return_index, return_inverse, return_counts)
    out = tuple([part for part, wanted in zip(found, flags, strict=True) if wanted])
    return out[0] if len(out) == 1 else out


def unique_all(x: Any) -> UniqueAllResult:
    """`numpy.unique_all`: every NaN is different."""
    return _unique(tensor(x), False)


def unique_counts(x: Any) -> UniqueCountsResult:
    """`numpy.unique_counts`: every NaN is different."""
    found = _unique(tensor(x), False)
    return UniqueCountsResult(found.values, found.counts)


def unique_inverse(x: Any) -> UniqueInverseResult:
    """`numpy.unique_inverse`: every NaN is different."""
    found = _unique(tensor(x), False)
    return UniqueInverseResult(found.values, found.inverse_indices)


def unique_values(x: Any) -> Tensor:
    """`numpy.unique_values`: every NaN is different."""
    return _unique(tensor(x), False).values


def _pair(a: Any, b: Any) -> tuple[Tensor, Tensor]:
    x, y = (t.reshape(-1) for t in tensors(a, b))
    d = gt.promote_types(x.dtype, y.dtype)
    return x.to(d), y.to(d)


def isin(
    element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None
) -> Tensor:
    """`numpy.isin`."""
    x, y = tensors(element, test_elements)
    d = gt.result_type(x, y)
    return gt.isin(x.to(d), y.to(d), invert=invert)


def union1d(ar1: Any, ar2: Any) -> Tensor:
    """`numpy.union1d`."""
    return _unique(gt.cat(_pair(ar1, ar2)), True).values


def intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """`numpy.intersect1d`; with return_indices, where the elements are first found in both."""
    x, y = _pair(ar1, ar2)
    a, b = _unique(x, True), _unique(y, True)
    common = gt.isin(a.values.detach(), b.values.detach())
    values = a.values[common]
    if not return_indices:
        return values
    return values, a.indices[common], b.indices[gt.isin(b.values.detach(), a.values.detach())]


def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """`numpy.setdiff1d`: the elements of the first that are not in the second."""
    x, y = _pair(ar1, ar2)
    x = x if assume_unique else _unique(x, True).values
    return x[~gt.isin(x.detach(), y.detach())]


def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Tensor:
    """`numpy.setxor1d`: the elements of one of both alone."""
    x, y = (_unique(t, True).values for t in _pair(ar1, ar2))
    both = gt.cat([x[~gt.isin(x.detach(), y.detach())], y[~gt.isin(y.detach(), x.detach())]])
    return gt.sort(both)[0]


TABLE: dict[Any, Callable[..., Any]] = {
    np.argpartition: argpartition,
    np.argsort: argsort,
    np.digitize: digitize,
    np.intersect1d: intersect1d,
    np.isin: isin,
    np.lexsort: lexsort,
    np.partition: partition,
    np.searchsorted: searchsorted,
    np.setdiff1d: setdiff1d,
    np.setxor1d: setxor1d,
    np.sort: sort,
    np.union1d: union1d,
    np.unique: unique,
    np.unique_all: unique_all,
    np.unique_counts: unique_counts,
    np.unique_inverse: unique_inverse,
    np.unique_values: unique_values,
}
