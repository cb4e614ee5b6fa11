"""New tensors of evenly spaced numbers."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.batched.level import levels_of
from gputensor.core import dtypes
from gputensor.core.apply import cast, wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import describe, out_of_memory
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError, NumberRangeError, ShapeError
from gputensor.ops.from_data import number_for
from gputensor.ops.gradients import recording
from gputensor.ops.out_argument import into, of_out
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Number = int | float


def arange(
    *limits: Any, start: Any = None, end: Any = None, step: Any = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The numbers from start on, a step apart, end left out.

    ``arange(end)``, ``arange(start, end)`` or ``arange(start, end, step)``.

    There are ceil((end - start) / step) of them. dtype: int64 if all arguments are ints, the default dtype if one is a
    float, unless given; ints are exact, floats computed in float64 and rounded once. Raises ArgumentError for a step of
    0 and for one that leads away from end, TypeError for arguments that are no numbers, DtypeError for bool and
    complex.

    >>> import gputensor as gt
    >>> gt.arange(3), gt.arange(1, 2, 0.5)
    (tensor([0, 1, 2]), tensor([1.0000, 1.5000]))
    """
    dtype, device = of_out("arange", out, dtype, device)
    first, last, apart = _arguments(limits, start, end, step)
    whole = all([isinstance(v, int) for v in (first, last, apart)])
    inferred = dtypes.int64 if whole else dtypes.get_default_dtype()
    d = inferred.numpy if dtype is None else numpy_dtype(dtype)
    if d.kind in "bc":
        raise DtypeError(f"arange: not defined for {d.name}; use an integer or floating-point dtype")
    if not whole and not (math.isfinite(first) and math.isfinite(last) and math.isfinite(apart)):
        raise ArgumentError(f"arange: the numbers must be finite, got start {first}, end {last}, step {apart}")
    if d == np.int64:
        first, last, apart = int(first), int(last), int(apart)
        whole = True
        if not all([-(2**63) <= v < 2**63 for v in (first, last, apart)]):
            raise NumberRangeError(f"arange: start {first}, end {last} or step {apart} does not fit into int64")
    if apart == 0:
        raise ArgumentError("arange: step must not be 0")
    if (last - first) * (1 if apart > 0 else -1) < 0:
        raise ArgumentError(f"arange: step {apart} leads from start {first} away from end {last}; change its sign")
    count = -((first - last) // apart) if whole else math.ceil((last - first) / apart)
    if d.kind in "iu":
        first, apart = int(first), int(apart)
    xp = namespace_of(device)
    try:
        made = wrap(xp.arange(first, count, apart, d), xp)
    except (MemoryError, ValueError, OverflowError):
        raise out_of_memory("arange", d, (count,)) from None
    result = recording("arange", made, requires_grad) if requires_grad else made
    return result if out is None else into("arange", out, result)


def linspace(
    start: Any, end: Any, steps: int, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, layout:
    Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """steps numbers from start to end, both included, evenly spaced.

    start and end: numbers or 0-d tensors, in `vmap` each example's own. dtype: the default dtype unless given; integers
    are cut towards zero. Unlike torch: so it is in vmap, too (there, of a tensor and a number, float64).
    Computed from both ends, so that the last number is end exactly. Raises ArgumentError for a negative number of
    steps, TypeError for one that is no int, DtypeError for bool, NumberRangeError for a start or an end that does not
    fit the dtype.

    >>> import gputensor as gt
    >>> gt.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    dtype, device = of_out("linspace", out, dtype, device)
    if _differs(start) or _differs(end):
        result = _each_its_own("linspace", start, end, steps, dtype, requires_grad)
    else:
        values, d = _spaced("linspace", start, end, steps, dtype)
        result = _placed("linspace", values, d, device, requires_grad)
    return result if out is None else into("linspace", out, result)


def logspace(
    start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Any = None, device: Any = None, requires_grad:
    bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """steps numbers from base**start to base**end, both included, evenly spaced in their logarithms.

    dtype: the default dtype unless given; integers are cut towards zero. Raises as `linspace` does.
    Unlike torch: the default dtype in vmap, too.

    >>> import gputensor as gt
    >>> gt.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    dtype, device = of_out("logspace", out, dtype, device)
    if _differs(start) or _differs(end):
        result = _each_its_own("logspace", start, end, steps, dtype, requires_grad, base)
        return result if out is None else into("logspace", out, result)
    values, d = _spaced("logspace", start, end, steps, dtype)
    with np.errstate(all="ignore"):
        result = _placed("logspace", np.power(np.asarray(base, values.dtype), values), d, device, requires_grad)
        return result if out is None else into("logspace", out, result)


def _arguments(limits: tuple[Any, ...], start: Any, end: Any, step: Any) -> tuple[Any, Any, Any]:
    """start, end and step as Python numbers, from every way to give them."""
    if len(limits) > 3:
        raise TypeError(f"arange: expected at most start, end and step, got {len(limits)} numbers")
    named = {"start": start, "end": end, "step": step}
    order = ("end",) if len(limits) == 1 and end is None else ("start", "end", "step")
    for name, value in zip(order, limits):  # noqa: B905  the numbers given are the first ones
        if named[name] is not None:
            raise TypeError(f"arange: {name} was given twice")
        named[name] = value
    if named["end"] is None:
        raise TypeError("arange: end is missing")
    return (
        _number("arange", "start", 0 if named["start"] is None else named["start"]),
        _number("arange", "end", named["end"]),
        _number("arange", "step", 1 if named["step"] is None else named["step"]),
    )


def _number(name: str, argument: str, value: Any, complex_too: bool = False) -> Any:
    """A Python number; of a tensor or array of one element, that one."""
    if hasattr(value, "array"):
        if value.array.ndim:
            raise ShapeError(
                f"{name}: {argument} must be a number or a 0-d tensor, got shape {tuple(value.array.shape)}"
            )
        value = value.item()
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, complex):
        if complex_too:
            return value
        raise NumberRangeError(f"{name}: {argument} must be real, got {value}")
    raise TypeError(f"{name}: {argument} must be a number, got {type(value).__name__} {value!r:.40}")


def _differs(x: Any) -> bool:
    """Whether each example of a vmap has a number of its own."""
    return isinstance(x, TensorBase) and bool(levels_of(x.xp))


def _each_its_own(
    name: str, start: Any, end: Any, steps: Any, dtype: Any, requires_grad: bool, base: float | None = None
) -> Any:
    """`_spaced` and `_placed` over tensors that no Python number can be asked of."""
    like = start if _differs(start) else end
    pair = []
    for argument, value in (("start", start), ("end", end)):
        if not isinstance(value, TensorBase):
            value = _number(name, argument, value)
        elif value.array.ndim or value.array.dtype.kind == "c":
            raise ShapeError(f"{name}: {argument} must be a real number or a 0-d tensor, got {describe(value)}")
        pair.append(value)
    zero: Any = wrap(like.xp.zeros_like(like.array), like.xp).double()
    _, d = _spaced(name, 0, 0, steps, dtype)
    n = operator.index(steps)
    first, last = [(_value(value) if isinstance(value, TensorBase) else value) + zero for value in pair]
    if d.kind in "iu":
        first, last = first.trunc(), last.trunc()
    k: Any = wrap(like.xp.asarray(like.xp.arange_for(like.array, n)), like.xp).double()
    step = (last - first) / (n - 1) if n > 1 else zero
    values = where(k < n // 2, first + step * k, last - step * (n - 1 - k)) if n != 1 else first.reshape(1)
    values = cast(values if base is None else base**values, d)
    return recording(name, values, requires_grad) if requires_grad else values


def _value(x: TensorBase) -> Any:
    return wrap(x.array, x.xp)


def _spaced(name: str, start: Any, end: Any, steps: Any, dtype: Any) -> tuple[np.ndarray, np.dtype]:
    """The numbers in float64 or complex128, and the dtype that they shall have."""
    first, last = _number(name, "start", start, True), _number(name, "end", end, True)
    try:
        n = operator.index(steps)
    except TypeError:
        raise TypeError(f"{name}: steps must be an int, got {type(steps).__name__} {steps!r:.40}") from None
    if n < 0:
        raise ArgumentError(f"{name}: steps must not be negative, got {n}")
    complex_ends = any([isinstance(v, complex) for v in (first, last)])
    if dtype is None:
        default = dtypes.get_default_dtype()
        d = (default.to_complex() if complex_ends else default).numpy
    else:
        d = numpy_dtype(dtype)
    if d.kind == "b" or (complex_ends and d.kind != "c"):
        raise DtypeError(f"{name}: not defined for {d.name} from {first} to {last}")
    # an end that no number is made of may be anything, as in PyTorch
    if n:
        first = number_for(name, first, d)
    last = number_for(name, last, d) if n > 1 else first
    # the second half counts from the end, so that the numbers are symmetric and the last one is end itself
    try:
        k = np.arange(n)
    except (MemoryError, ValueError, OverflowError):
        raise out_of_memory(name, d, (n,)) from None
    step = (last - first) / (n - 1) if n > 1 else 0.0
    values = np.where(k < n // 2, first + step * k, last - step * (n - 1 - k)) if n != 1 else np.array([first])
    return values.astype(np.complex128 if complex_ends else np.float64, copy=False), d


def _placed(name: str, values: np.ndarray, d: np.dtype, device: Any, requires_grad: bool) -> Any:
    xp = namespace_of(device)
    with np.errstate(all="ignore"):
        out = wrap(xp.from_host(values.astype(d)), xp)
    return recording(name, out, requires_grad) if requires_grad else out
