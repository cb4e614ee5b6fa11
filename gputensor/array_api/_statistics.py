"""Numbers made of many: sums, products, means, spreads, extremes, truth, running sums, differences.

axis: an int, a tuple of ints, or None for all axes. Raises DimError (an IndexError and ValueError) for an axis out of
range, DtypeError for dtypes that the function does not take.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._manipulation import axes_of
from gputensor.array_api._promotion import ANY, FLOATING, NUMERIC, ORDERED, all_of, check_kind
from gputensor.core.apply import as_floating
from gputensor.core.dtypes import as_dtype, bool_
from gputensor.errors import ArgumentError, ShapeError

Axis = int | Sequence[int] | None


def sum(x: gt.Tensor, /, *, axis: Axis = None, dtype: Any = None, keepdims: bool = False) -> Array:
    """Sum of the elements, in all or along the axes; 0 of none.

    dtype: unless given, int64 for booleans and signed integers, uint64 for unsigned ones, x's own for floats; float16
    and bfloat16 accumulate in float32.

    >>> from gputensor import array_api as xp
    >>> xp.sum(xp.asarray([[1, 2], [3, 4]]), axis=0)
    Array([4, 6])
    """
    t, axes = _operand("sum", x, axis, ANY)
    if dtype is None and axes != () and t.array.dtype.kind in FLOATING:
        return made(gt.sum(t, axes, keepdims))
    d = _wide(t) if dtype is None else as_dtype(dtype)
    if axes == ():
        return made(t.to(d, copy=True))
    return made(gt.sum(t, axes, keepdims, dtype=d))


def prod(x: gt.Tensor, /, *, axis: Axis = None, dtype: Any = None, keepdims: bool = False) -> Array:
    """Product of the elements, in all or along the axes; 1 of none. dtype: as for `sum`.

    >>> from gputensor import array_api as xp
    >>> xp.prod(xp.asarray([2, 3]))
    Array(6)
    """
    t, axes = _operand("prod", x, axis, ANY)
    d = _wide(t) if dtype is None else as_dtype(dtype)
    if axes is None:
        out = _own(gt.prod(t, dtype=d))
        return made(out.reshape((1,) * t.ndim) if keepdims else out)
    t = t.to(d, copy=not axes)
    for k in reversed(axes):  # the last one first, so that the others keep their places
        t = gt.prod(t, k, keepdims, dtype=d)
    return made(_own(t))


def _own(reduced: Any) -> Any:
    """The result of a reduction whose gradient needs that result, free to be written.

    SciPy's logsumexp and others write into the maximum that they took; a copy so small costs little.
    """
    return reduced.clone() if reduced.requires_grad else reduced


def _wide(t: Any) -> Any:
    kind = t.array.dtype.kind
    return gt.uint64 if kind == "u" else gt.int64 if kind in "bi" else t.dtype


def mean(x: gt.Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Array:
    """Arithmetic mean of the elements, in all or along the axes; nan of none. Integers in the default dtype.

    >>> from gputensor import array_api as xp
    >>> xp.mean(xp.asarray([1.0, 2.0, 6.0]))
    Array(3.)
    """
    t, axes = _operand("mean", x, axis, ANY)
    t = as_floating(t)
    return made(t.clone() if axes == () else gt.mean(t, axes, keepdims))


def var(x: gt.Tensor, /, *, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Array:
    """Variance of the elements, in all or along the axes: squared distances from the mean, divided by their number
    minus correction.

    >>> from gputensor import array_api as xp
    >>> xp.var(xp.asarray([1.0, 3.0])), xp.var(xp.asarray([1.0, 3.0]), correction=1)
    (Array(1.), Array(2.))
    """
    return made(_spread(gt.var, *_operand("var", x, axis, ANY), correction, keepdims))


def std(x: gt.Tensor, /, *, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Array:
    """Standard deviation: the square root of the variance, see `var`.

    >>> from gputensor import array_api as xp
    >>> xp.std(xp.asarray([1.0, 3.0]))
    Array(1.)
    """
    return made(_own(_spread(gt.std, *_operand("std", x, axis, ANY), correction, keepdims)))


def _spread(function: Any, t: Any, axes: Any, correction: float, keepdims: bool) -> Any:
    t = as_floating(t)
    if axes == ():  # every element is alone with its mean
        return function(t.unsqueeze(0), 0, correction=correction)
    return function(t, axes, correction=correction, keepdim=keepdims)


def max(x: gt.Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Array:
    """The largest element, in all or along the axes; nan where one is nan. Raises ShapeError for no elements.

    >>> from gputensor import array_api as xp
    >>> xp.max(xp.asarray([[1, 4], [3, 2]]), axis=1)
    Array([4, 3])
    """
    t, axes = _operand("max", x, axis, ORDERED)
    return made(t.clone() if axes == () else _own(gt.amax(t, axes or (), keepdims)))


def min(x: gt.Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Array:
    """The smallest element, in all or along the axes; nan where one is nan. Raises ShapeError for no elements.

    >>> from gputensor import array_api as xp
    >>> xp.min(xp.asarray([[1, 4], [3, 2]]), axis=1)
    Array([1, 2])
    """
    t, axes = _operand("min", x, axis, ORDERED)
    return made(t.clone() if axes == () else _own(gt.amin(t, axes or (), keepdims)))


def all(x: gt.Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Array:
    """Whether all elements are true (not 0), in all or along the axes; True of none.

    >>> from gputensor import array_api as xp
    >>> xp.all(xp.asarray([True, False]))
    Array(False)
    """
    t, axes = _operand("all", x, axis, ANY)
    return made(t.to(bool_, copy=True) if axes == () else gt.all(t, axes, keepdims).to(bool_))


def any(x: gt.Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Array:
    """Whether any element is true (not 0), in all or along the axes; False of none.

    >>> from gputensor import array_api as xp
    >>> xp.any(xp.asarray([True, False]))
    Array(True)
    """
    t, axes = _operand("any", x, axis, ANY)
    return made(t.to(bool_, copy=True) if axes == () else gt.any(t, axes, keepdims).to(bool_))


def cumulative_sum(
    x: gt.Tensor, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False
) -> Array:
    """Sums of the elements up to each one, along an axis, which only a 1-d x may leave out.

    dtype: as for `sum`. include_initial: begin with the 0 of no elements, one place more.

    >>> from gputensor import array_api as xp
    >>> xp.cumulative_sum(xp.asarray([1, 2, 3]), include_initial=True)
    Array([0, 1, 3, 6])
    """
    check_kind("cumulative_sum", x, NUMERIC)
    return made(_running("cumulative_sum", gt.cumsum, x, axis, dtype, 0 if include_initial else None))


def cumulative_prod(
    x: gt.Tensor, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False
) -> Array:
    """Products of the elements up to each one, along an axis, which only a 1-d x may leave out.

    dtype: as for `sum`. include_initial: begin with the 1 of no elements, one place more.

    >>> from gputensor import array_api as xp
    >>> xp.cumulative_prod(xp.asarray([1, 2, 3]))
    Array([1, 2, 6])
    """
    check_kind("cumulative_prod", x, NUMERIC)
    return made(_running("cumulative_prod", gt.cumprod, x, axis, dtype, 1 if include_initial else None))


def _running(name: str, function: Callable[..., Any], x: Any, axis: Any, dtype: Any, initial: int | None) -> Any:
    t = plain(x)
    if axis is None:
        if t.ndim > 1:
            raise ShapeError(f"{name}: axis may be left out for 1 dim only, and x has shape {tuple(t.shape)}")
        axis = 0
        t = t.reshape(-1)
    (k,) = axes_of(name, t, axis)
    out = function(t, k, dtype=_wide(t) if dtype is None else as_dtype(dtype))
    if initial is None:
        return out
    shape = [1 if axis == k else n for axis, n in enumerate(t.shape)]
    return gt.cat([gt.full(shape, initial, dtype=out.dtype, device=out.device), out], k)


def diff(
    x: gt.Tensor, /, n: int = 1, *, axis: int = -1, prepend: gt.Tensor | None = None, append: gt.Tensor | None = None
) -> Array:
    """Differences of neighbours along an axis, n times over. prepend, append: arrays put before and behind x first.

    Raises ArgumentError (a ValueError) for n below 0.

    >>> from gputensor import array_api as xp
    >>> xp.diff(xp.asarray([1, 4, 9, 16])), xp.diff(xp.asarray([1, 4, 9, 16]), 2)
    (Array([3, 5, 7]), Array([2, 2]))
    """
    check_kind("diff", x, ANY)
    if n < 0:
        raise ArgumentError(f"diff: n must not be negative, got {n}")
    parts = [part for part in (prepend, x, append) if part is not None]
    tensors = [plain(part) for part in all_of("diff", parts)]
    (k,) = axes_of("diff", tensors[0], axis)
    joined = gt.cat(tensors, k) if len(tensors) > 1 else tensors[0]
    return made(gt.diff(joined, n, k) if n else joined.clone())


def _operand(name: str, x: Any, axis: Any, kinds: str) -> tuple[Any, tuple[int, ...] | None]:
    """x as a Tensor, and axes as non-negative ints, None for all."""
    check_kind(name, x, kinds)
    t = plain(x)
    if axis is None:
        return t, None
    axes = axes_of(name, t, axis)
    return t, axes if len(axes) == 1 else tuple(sorted(axes))
