"""Sums, products, extremes and truth along axes, as NumPy calls them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.promotion import HALF
from gputensor.interop.numpy_door.arguments import (
    UNSET,
    axes_of,
    cast,
    dtype_of,
    given,
    one_axis,
    over,
    tensor,
    tensors,
    true,
    written,
)
from gputensor.interop.numpy_door.masks import mask_over, taking_part


def sum(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET,
    where: Any = True,
) -> Any:  # fmt: skip
    """`numpy.sum`; booleans and integers give int64."""
    x = taking_part("sum", tensor(a), where, 0)
    axes = axes_of("sum", x, axis)
    result = x.sum(axes, true(keepdims), dtype=dtype_of(dtype)) if axes else _untouched(x, dtype)
    return written("sum", out, result + initial if given(initial) else result)


def prod(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET,
    where: Any = True,
) -> Any:  # fmt: skip
    """`numpy.prod`; booleans and integers give int64."""
    x = taking_part("prod", tensor(a), where, 1)
    result = over("prod", lambda y: y.prod(-1, dtype=dtype_of(dtype)), x, axis, keepdims)
    return written("prod", out, result * initial if given(initial) else result)


def _untouched(x: Tensor, dtype: Any) -> Tensor:
    """A sum over no axis."""
    return cast(x, dtype) if given(dtype) else x.clone() if x.is_floating_point() or x.is_complex() else x.long()


def max(
    a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET, where: Any = True
) -> Any:
    """`numpy.max`; equal maxima share the gradient."""
    x = _at_most_initial("max", tensor(a), initial, where)
    return written("max", out, _extreme("max", gt.amax, gt.maximum, x, axis, keepdims, initial))


def min(
    a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, initial: Any = UNSET, where: Any = True
) -> Any:
    """`numpy.min`; equal minima share the gradient."""
    x = _at_most_initial("min", tensor(a), initial, where)
    return written("min", out, _extreme("min", gt.amin, gt.minimum, x, axis, keepdims, initial))


def _at_most_initial(name: str, x: Tensor, initial: Any, where: Any) -> Tensor:
    """x, in which `initial` stands for what does not take part."""
    mask = mask_over(name, x, where)
    if mask is None:
        return x
    if not given(initial):
        raise ValueError(f"{name}: where= needs a number for the case that no element takes part; give initial=")
    return gt.where(mask, x, tensors(x, initial)[1])


def _extreme(
    name: str,
    reduce: Callable[..., Tensor],
    pair: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    axis: Any,
    keepdims: Any,
    initial: Any,
) -> Tensor:
    axes = axes_of(name, x, axis)
    if not given(initial):
        return reduce(x, axes, true(keepdims)) if axes else x.clone()
    start = tensors(x, initial)[1]
    if not math.prod([x.shape[k] for k in axes]):
        keep = true(keepdims)
        shape = [1 if k in axes else n for k, n in enumerate(x.shape) if keep or k not in axes]
        return start.expand(shape).clone()
    return pair(*_same(reduce(x, axes, true(keepdims)) if axes else x, start))


def _same(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    d = gt.result_type(x, y)
    return x.to(d), y.to(d)


def all(a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, *, where: Any = True) -> Any:
    """`numpy.all`."""
    x = _true_or("all", tensor(a), where, True)
    axes = axes_of("all", x, axis)
    return written("all", out, gt.all(x, axes, true(keepdims)) if axes else x.bool())


def any(a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET, *, where: Any = True) -> Any:
    """`numpy.any`."""
    x = _true_or("any", tensor(a), where, False)
    axes = axes_of("any", x, axis)
    return written("any", out, gt.any(x, axes, true(keepdims)) if axes else x.bool())


def _true_or(name: str, x: Tensor, where: Any, neutral: bool) -> Tensor:
    return x if where is True else taking_part(name, x.bool(), where, neutral)


def count_nonzero(a: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    """`numpy.count_nonzero`."""
    x = tensor(a)
    return sum(x != 0, axis, keepdims=keepdims)


def argmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = UNSET) -> Any:
    """`numpy.argmax`: the first place of the maximum; without axis, in the flattened tensor."""
    return written("argmax", out, place_of(gt.argmax, tensor(a), axis, keepdims))


def argmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = UNSET) -> Any:
    """`numpy.argmin`: the first place of the minimum; without axis, in the flattened tensor."""
    return written("argmin", out, place_of(gt.argmin, tensor(a), axis, keepdims))


def place_of(find: Callable[..., Tensor], x: Tensor, axis: Any, keepdims: Any) -> Tensor:
    if given(axis):
        return find(x, one_axis(find.__name__, x.ndim, axis), true(keepdims))
    place = find(x.reshape(-1), 0)
    return place.reshape([1] * x.ndim) if true(keepdims) else place


def floating(x: Tensor) -> Tensor:
    """x itself if it is floating-point or complex, else in the default dtype."""
    return x if x.is_floating_point() or x.is_complex() else x.to(gt.get_default_dtype())


def mean(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = UNSET, *, where: Any = True
) -> Any:
    """`numpy.mean`; integers give the default dtype."""
    x = floating(cast(tensor(a), dtype))
    axes = axes_of("mean", x, axis)
    mask = mask_over("mean", x, where)
    if mask is not None:
        return written("mean", out, _masked_mean(_wide(x), mask, axes, true(keepdims)).to(x.dtype))
    return written("mean", out, x.mean(axes, true(keepdims)) if axes else x.clone())


def _wide(x: Tensor) -> Tensor:
    """16-bit floats as float32, whose sums do not overflow."""
    return x.float() if x.array.dtype in HALF else x


def _masked_mean(x: Tensor, mask: Tensor, axes: tuple[int, ...], keep: bool) -> Tensor:
    total, count = x.masked_fill(~mask, 0), mask.long()
    return total.sum(axes, keep) / count.sum(axes, keep) if axes else total / count


def _masked_variance(name: str, x: Tensor, mask: Tensor, axis: Any, less: Any, keepdims: Any, mean: Any) -> Tensor:
    axes, keep, y = axes_of(name, x, axis), true(keepdims), _wide(x)
    centre = tensor(mean) if given(mean) else _masked_mean(y, mask, axes, True)
    off = (y - centre).masked_fill(~mask, 0).abs().square()
    count = mask.long()
    if axes:
        off, count = off.sum(axes, keep), count.sum(axes, keep)
    return (off / (count - less).clamp(min=0)).to(x.real.dtype)


def var(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = UNSET, *,
    where: Any = True, mean: Any = UNSET, correction: Any = UNSET,
) -> Any:  # fmt: skip
    """`numpy.var`: divided by the number of elements, less `ddof`."""
    x = floating(cast(tensor(a), dtype))
    mask = mask_over("var", x, where)
    if mask is not None:
        return written("var", out, _masked_variance("var", x, mask, axis, _less(ddof, correction), keepdims, mean))
    return written("var", out, _variance("var", x, axis, ddof, keepdims, mean, correction))


def std(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = UNSET, *,
    where: Any = True, mean: Any = UNSET, correction: Any = UNSET,
) -> Any:  # fmt: skip
    """`numpy.std`: the root of the variance, which is divided by the number of elements, less `ddof`."""
    x = floating(cast(tensor(a), dtype))
    mask = mask_over("std", x, where)
    if mask is not None:
        less = _less(ddof, correction)
        return written("std", out, _masked_variance("std", x, mask, axis, less, keepdims, mean).sqrt())
    if given(mean):
        return written("std", out, _variance("std", x, axis, ddof, keepdims, mean, correction).sqrt())
    axes, less = axes_of("std", x, axis), _less(ddof, correction)
    result = gt.std(x, axes, correction=less, keepdim=true(keepdims)) if axes else gt.zeros_like(x.abs())
    return written("std", out, result)


def _less(ddof: Any, correction: Any) -> Any:
    if given(correction) and ddof != 0:
        raise ValueError("ddof and correction are two names of the same; give one")
    return correction if given(correction) else ddof


def _variance(name: str, x: Tensor, axis: Any, ddof: Any, keepdims: Any, mean: Any, correction: Any) -> Tensor:
    x = floating(x)
    axes, less = axes_of(name, x, axis), _less(ddof, correction)
    if given(mean):
        count = math.prod([x.shape[k] for k in axes])
        return (x - tensor(mean)).abs().square().sum(axes, true(keepdims)) / (count - less)
    return gt.var(x, axes, correction=less, keepdim=true(keepdims)) if axes else gt.zeros_like(x.abs())


def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = UNSET) -> Any:
    """`numpy.ptp`: maximum less minimum."""
    return written("ptp", out, max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims))


def average(a: Any, axis: Any = None, weights: Any = None, returned: Any = False, *, keepdims: Any = UNSET) -> Any:
    """`numpy.average`; with `returned`, the sum of the weights, too."""
    x = tensor(a)
    axes = axes_of("average", x, axis)
    if weights is None:
        result = mean(x, axis, keepdims=keepdims)
        total = gt.full_like(result, math.prod([x.shape[k] for k in axes]))
    else:
        x, w = tensors(x, weights)
        if w.shape != x.shape:
            if not given(axis):
                raise TypeError(f"average: weights of shape {tuple(w.shape)} for {tuple(x.shape)} need an axis")
            if tuple(w.shape) != tuple([x.shape[k] for k in axes]):
                raise ValueError(
                    f"average: weights have shape {tuple(w.shape)}, and axis {axis} of {tuple(x.shape)} has another"
                )
            w = w.reshape([n if k in axes else 1 for k, n in enumerate(x.shape)])
        total = floating(w.expand(x.shape).sum(axes, true(keepdims)))
        result = floating(x * w).sum(axes, true(keepdims)) / total
    return (result, total.to(result.dtype)) if returned else result


REDUCTIONS: dict[Any, Callable[..., Any]] = {
    np.add: sum,
    np.multiply: prod,
    np.maximum: max,
    np.minimum: min,
    np.logical_and: all,
    np.logical_or: any,
}

TABLE: dict[Any, Callable[..., Any]] = {
    np.all: all,
    np.any: any,
    np.argmax: argmax,
    np.argmin: argmin,
    np.average: average,
    np.count_nonzero: count_nonzero,
    np.max: max,
    np.amax: max,
    np.mean: mean,
    np.min: min,
    np.amin: min,
    np.prod: prod,
    np.ptp: ptp,
    np.std: std,
    np.sum: sum,
    np.var: var,
}
