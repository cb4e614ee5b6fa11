"""Running sums and products, differences and integrals, as NumPy calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import UNSET, cast, given, one_axis, sequence, tensor, tensors, written
from gputensor.interop.numpy_door.reductions import floating


def _line(name: str, a: Any, axis: Any) -> tuple[Tensor, int]:
    """a and the dim along which it is gone through; without an axis, it is flattened."""
    x = tensor(a)
    return (x, one_axis(name, x.ndim, axis)) if given(axis) else (x.reshape(-1), 0)


def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.cumsum`; without an axis, of the flattened tensor."""
    x, k = _line("cumsum", a, axis)
    return written("cumsum", out, gt.cumsum(cast(x, dtype), k))


def cumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.cumprod`; without an axis, of the flattened tensor."""
    x, k = _line("cumprod", a, axis)
    return written("cumprod", out, gt.cumprod(cast(x, dtype), k))


def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.nancumsum`: NaN counts as 0."""
    return cumsum(_nan_as(tensor(a), 0), axis, dtype, out)


def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.nancumprod`: NaN counts as 1."""
    return cumprod(_nan_as(tensor(a), 1), axis, dtype, out)


def _nan_as(x: Tensor, number: int) -> Tensor:
    return x.masked_fill(x.isnan(), number) if x.is_floating_point() or x.is_complex() else x


def cumulative_sum(
    x: Any, /, *, axis: Any = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    """`numpy.cumulative_sum`; with include_initial, a 0 comes first."""
    return written("cumulative_sum", out, _cumulative("cumulative_sum", cumsum, x, axis, dtype, include_initial, 0))


def cumulative_prod(
    x: Any, /, *, axis: Any = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    """`numpy.cumulative_prod`; with include_initial, a 1 comes first."""
    return written("cumulative_prod", out, _cumulative("cumulative_prod", cumprod, x, axis, dtype, include_initial, 1))


def _cumulative(
    name: str, run: Callable[..., Tensor], x: Any, axis: Any, dtype: Any, first: bool, start: int
) -> Tensor:
    x = tensor(x)
    if axis is None and x.ndim != 1:
        raise ValueError(f"{name}: x has shape {tuple(x.shape)}; for anything but one dim, give an axis")
    k = one_axis(name, x.ndim, 0 if axis is None else axis)
    result = run(x, k, dtype)
    if not first:
        return result
    shape = [1 if j == k else n for j, n in enumerate(x.shape)]
    return gt.cat([result.new_full(shape, start), result], k)


def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = UNSET, append: Any = UNSET) -> Any:
    """`numpy.diff`; numbers to prepend and append are one element wide."""
    x = tensor(a)
    k = one_axis("diff", x.ndim, axis)
    if n < 0:
        raise ValueError(f"diff: n must not be negative, got {n}")

    def side(value: Any) -> list[Tensor]:
        if not given(value):
            return []
        part = tensors(x, value)[1]
        return [part.expand([1 if j == k else m for j, m in enumerate(x.shape)]) if part.ndim == 0 else part]

    parts = [*side(prepend), x, *side(append)]
    return gt.diff(gt.cat(parts, k) if len(parts) > 1 else x, n, k)


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """`numpy.ediff1d`: differences of the flattened tensor, with something before and after."""
    x = tensor(ary).reshape(-1)
    parts = [gt.diff(x)]
    if to_begin is not None:
        parts.insert(0, tensors(x, to_begin)[1].reshape(-1).to(x.dtype))
    if to_end is not None:
        parts.append(tensors(x, to_end)[1].reshape(-1).to(x.dtype))
    return gt.cat(parts) if len(parts) > 1 else parts[0]


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """`numpy.gradient`: central differences; one tensor for one axis, else a tuple."""
    x = floating(tensor(f))
    if axis is None:
        axes = list(range(x.ndim))
    else:
        axes = [one_axis("gradient", x.ndim, k) for k in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    if len(varargs) not in (0, 1, len(axes)):
        raise TypeError(f"gradient: expected no spacing, one or {len(axes)}, got {len(varargs)}")
    steps = [tensors(x, s)[1] for s in (varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes))]
    found = [_slope(x, k, step, edge_order) for k, step in zip(axes, steps, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def _slope(x: Tensor, k: int, step: Tensor, edge_order: int) -> Tensor:
    """The derivative along dim k: second order inside, of edge_order at the ends."""
    n = x.shape[k]
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order must be 1 or 2, got {edge_order}")
    if n < edge_order + 1:
        raise ValueError(f"gradient: dim {k} of {tuple(x.shape)} needs at least {edge_order + 1} elements")
    if step.ndim > 1 or (step.ndim == 1 and step.shape[0] != n):
        raise ValueError(f"gradient: the coordinates for dim {k} have shape {tuple(step.shape)}, expected ({n},)")
    h = gt.diff(step.to(x.dtype)) if step.ndim else step.to(x.dtype).expand(n - 1)
    h = h.reshape([-1 if j == k else 1 for j in range(x.ndim)])

    def part(y: Tensor, start: int, stop: int) -> Tensor:
        return y.narrow(k, start, stop - start)

    d = gt.diff(x, dim=k) / h  # one-sided slopes
    pieces = []
    if n > 2:
        a, b = part(h, 0, n - 2), part(h, 1, n - 1)
        pieces.append((part(d, 0, n - 2) * b + part(d, 1, n - 1) * a) / (a + b))
    first, last = part(d, 0, 1), part(d, n - 2, n - 1)
    if edge_order == 2:
        a, b = part(h, 0, 1), part(h, 1, 2)
        first = first + (first - part(d, 1, 2)) * a / (a + b)
        a, b = part(h, n - 3, n - 2), part(h, n - 2, n - 1)
        last = last + (last - part(d, n - 3, n - 2)) * b / (a + b)
    return gt.cat([first, *pieces, last], k)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """`numpy.trapezoid`: the integral by the trapezoidal rule."""
    if x is None:
        y = tensor(y)
        pair = y.narrow(axis, 0, y.shape[axis] - 1) + y.narrow(axis, 1, y.shape[axis] - 1)
        return (pair * (dx / 2)).sum(axis)
    y, points = tensors(y, x)
    k = one_axis("trapezoid", y.ndim, axis)
    step = gt.diff(points, dim=0 if points.ndim == 1 else k)
    if step.ndim == 1:
        step = step.reshape([-1 if j == k else 1 for j in range(y.ndim)])
    n = y.shape[k]
    return ((y.narrow(k, 0, n - 1) + y.narrow(k, 1, n - 1)) * step / 2).sum(k)


def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 6.283185307179586) -> Any:
    """`numpy.unwrap`: jumps of more than half a period are taken out."""
    x = floating(tensor(p))
    steps = gt.diff(x, dim=axis).detach()
    half = period / 2
    folded = (steps + half) % period - half
    folded = gt.where((folded == -half) & (steps > 0), gt.full_like(folded, half), folded)
    repair = (folded - steps).masked_fill(steps.abs() < (half if discont is None else discont), 0)
    k = one_axis("unwrap", x.ndim, axis)
    start = repair.new_zeros([1 if j == k else n for j, n in enumerate(x.shape)])
    return x + gt.cat([start, repair], k).cumsum(k)


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """`numpy.interp`: the line through the points (xp, fp), at x. Gradients flow to all three."""
    at, places, values = tensors(x, xp, fp)
    at, places = floating(at), floating(places)
    values = floating(values)
    if places.ndim != 1 or values.shape != places.shape:
        raise ValueError(
            "interp: xp and fp must have one dim and the same length, got shapes "
            f"{tuple(places.shape)} and {tuple(values.shape)}"
        )
    if places.shape[0] == 0:
        raise ValueError("interp: xp is empty")
    if period is not None:
        at, places = at % abs(period), places % abs(period)
        order = places.argsort()
        places, values = places[order], values[order]
        places = gt.cat([places[-1:] - abs(period), places, places[:1] + abs(period)])
        values = gt.cat([values[-1:], values, values[:1]])
    n = places.shape[0]
    right_of = gt.searchsorted(places.detach().contiguous(), at.detach().contiguous(), right=True)
    low = (right_of - 1).clamp(0, max(n - 2, 0))
    high = (low + 1).clamp(max=n - 1)
    x0, y0 = places[low], values[low]
    width = places[high] - x0
    share = gt.where(width == 0, gt.zeros_like(at), (at - x0) / gt.where(width == 0, gt.ones_like(width), width))
    # at the points themselves the value is exact
    line = gt.lerp(y0, values[high], share.to(y0.dtype)) if not y0.is_complex() else y0 + (values[high] - y0) * share
    line = gt.where(at >= places[-1], values[-1], line)
    line = gt.where(at < places[0], values[0] if left is None or period is not None else _like(left, values), line)
    if right is not None and period is None:
        line = gt.where(at > places[-1], _like(right, values), line)
    return gt.where(at.isnan(), at.to(line.dtype), line)


def _like(number: Any, values: Tensor) -> Tensor:
    return tensors(values, number)[1].to(values.dtype)


def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """`numpy.apply_along_axis`: func1d of each line; it gets tensors. A loop in Python."""
    x = tensor(arr)
    k = one_axis("apply_along_axis", x.ndim, axis)
    lines = x.movedim(k, -1).reshape(-1, x.shape[k])
    rest = [n for j, n in enumerate(x.shape) if j != k]
    if not lines.shape[0]:
        raise ValueError("apply_along_axis: there is no line to apply the function to")
    out = gt.stack([tensor(func1d(line, *args, **kwargs)) for line in lines.unbind(0)])
    extra = out.ndim - 1
    out = out.reshape([*rest, *out.shape[1:]])
    return out.movedim(list(range(len(rest), len(rest) + extra)), list(range(k, k + extra))) if extra else out


def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """`numpy.apply_over_axes`: func(x, axis) over one axis after the other; each keeps its dim."""
    x = tensor(a)
    for k in axes if isinstance(axes, (tuple, list)) else (axes,):
        j = one_axis("apply_over_axes", x.ndim, k)
        y = tensor(func(x, j))
        x = y.unsqueeze(j) if y.ndim == x.ndim - 1 else y
    return x


def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """`numpy.piecewise`: each function is called on the elements for which its condition holds; numbers fill them."""
    at = tensor(x)
    single = isinstance(condlist, Tensor) and condlist.ndim == at.ndim
    conditions = [tensor(c) for c in ([condlist] if single else sequence(condlist))]
    if len(funclist) == len(conditions) + 1:
        covered = conditions[0]
        for c in conditions[1:]:
            covered = covered | c
        conditions.append(~covered)
    if len(funclist) != len(conditions):
        raise ValueError(
            f"piecewise: {len(conditions)} conditions need as many functions or one more, got {len(funclist)}"
        )
    out = gt.zeros_like(at)
    for condition, function in zip(conditions, funclist, strict=True):
        if callable(function):
            part = tensor(function(at[condition], *args, **kw)).to(out.dtype)
            out = out.masked_scatter(condition, part.expand_as(at[condition]))
        else:
            out = gt.where(condition, _like(function, out), out)
    return out


TABLE: dict[Any, Callable[..., Any]] = {
    np.apply_along_axis: apply_along_axis,
    np.apply_over_axes: apply_over_axes,
    np.cumprod: cumprod,
    np.cumsum: cumsum,
    np.diff: diff,
    np.ediff1d: ediff1d,
    np.gradient: gradient,
    np.interp: interp,
    np.nancumprod: nancumprod,
    np.nancumsum: nancumsum,
    np.piecewise: piecewise,
    np.trapezoid: trapezoid,
    np.unwrap: unwrap,
}
if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
    TABLE |= {np.cumulative_sum: cumulative_sum, np.cumulative_prod: cumulative_prod}
