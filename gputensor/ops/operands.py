"""How elementwise functions take operands: numbers beside tensors, integers where floats are computed, in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gputensor.core.apply import apply1, as_floating, binary, cast, compare, operand, together, wrap
from gputensor.core.autocasting import stays_wide
from gputensor.core.devices import device, namespace_of
from gputensor.core.explain import describe, dtype_name, explain, remedy
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import (
    BF16,
    BOOL,
    C64,
    C128,
    F16,
    F32,
    F64,
    FLOATING,
    HALF,
    floating_type,
    result_type,
    scalar_type,
)
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import assign, write
from gputensor.errors import DtypeError
from gputensor.ops.dims import array_of

Number = bool | int | float | complex

_NUMBERS = (bool, int, float, complex, np.number, np.bool_)
REAL = frozenset((F16, BF16, F32, F64))
COMPLEX = frozenset((C64, C128))


def two(prim: Primitive, x: Any, y: Any) -> Any:
    """`binary` for functions: the first operand may be a number too, and nothing is left to another operand."""
    if not isinstance(x, TensorBase):
        prim.admit(x, y)
        x, y = both(prim, x, y)
    out = binary(prim, x, y)
    if out is NotImplemented:
        raise explain(prim, (x, y), TypeError())
    return out


def two_floating(prim: Primitive, x: Any, y: Any) -> Any:
    """`two`, where two integers are computed in the default floating-point dtype."""
    if isinstance(x, TensorBase) and x.array.dtype in FLOATING:
        return two(prim, x, y)
    return binary(prim, *both_floating(prim, x, y))


def two_floats(prim: Primitive, x: Any, y: Any) -> Any:
    """`two`, where two integers are refused."""
    if not (isinstance(x, TensorBase) and x.array.dtype in FLOATING):
        x, y = both(prim, x, y)
        if common_dtype(x, y) not in FLOATING:
            raise DtypeError(
                f"{prim}: expected at least one floating-point operand, got {describe(x)} and {describe(y)}; "
                "convert one with .float()"
            )
    return two(prim, x, y)


def compared(prim: Primitive, x: Any, y: Any) -> Any:
    """`compare` for functions: nothing is left to another operand."""
    out = compare(prim, x, y)
    if out is NotImplemented:
        raise explain(prim, (x, y), TypeError())
    return out


def both(prim: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Two operands as tensors; one of them has to be one already, unless the primitive is also of numbers."""
    if getattr(prim, "of_numbers", False) and isinstance(x, _NUMBERS) and isinstance(y, _NUMBERS):
        x = wrap(np.asarray(x, scalar_type(x, BOOL)), namespace_of(device("cpu")))
    first = x if isinstance(x, TensorBase) else y
    if not isinstance(first, TensorBase):
        raise explain(prim, (x, y), TypeError())
    a, b = operand(x, first), operand(y, first)
    if a is NotImplemented or b is NotImplemented:
        raise explain(prim, (x, y), TypeError())
    return a, b


def both_floating(prim: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """`both` in one floating-point dtype.

    A number beside integers is taken as the float it will be: as one of the integers it might not fit.
    """
    if not isinstance(x, (TensorBase, np.ndarray)) and isinstance(y, TensorBase):
        y = as_floating(y)
    elif not isinstance(y, (TensorBase, np.ndarray)) and isinstance(x, TensorBase):
        x = as_floating(x)
    x, y = both(prim, x, y)
    d = floating_type(common_dtype(x, y))
    return cast(x, d), cast(y, d)


def check_fits(name: str, argument: str, value: Any, d: np.dtype) -> None:
    """Raise DtypeError for an int that integers of dtype `d` cannot hold; unsigned ones wrap around below zero."""
    if d.kind in "iu" and isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_)):
        limits = np.iinfo(d)
        low = -limits.max if d.kind == "u" else limits.min
        if not low <= value <= limits.max:
            raise DtypeError(
                f"{name}: {argument} {value} does not fit into {dtype_name(d)}; use {limits.min} to {limits.max}, or "
                "convert the tensor"
            )


def common_dtype(x: Any, y: Any) -> Any:
    """The NumPy dtype that two tensors are promoted to."""
    a, b = x.array, y.array
    return result_type(a.dtype, a.ndim > 0, b.dtype, b.ndim > 0)


def wide(prim: Primitive, x: Any) -> Any:
    """`apply1` for formulas of several steps: integers as floats; 16-bit floats in float32, rounded once."""
    try:
        d = x.array.dtype
    except AttributeError:
        return apply1(prim, x)  # says what x is
    if d is F32:
        return apply1(prim, x)
    if d in HALF:
        out = apply1(prim, cast(x, F32))
        return out if stays_wide(prim.name, x) else cast(out, d)
    return apply1(prim, as_floating(x))


def rounded_once(function: Callable[..., Any], x: Any, *args: Any) -> Any:
    """function(x, ...) of a 16-bit x, computed in float32 and rounded once, where each step would round."""
    return cast(function(cast(x, F32), *args), x.array.dtype)


def in_float32(function: Callable[..., Any], *xs: Any, **options: Any) -> Any:
    """function(*xs) where all tensors are 16-bit of one dtype, computed in float32 and rounded once; None elsewhere."""
    tensors = [x for x in xs if isinstance(x, TensorBase)]
    d = tensors[0].array.dtype
    if d not in HALF or any([x.array.dtype != d for x in tensors]):
        return None
    return cast(function(*[cast(x, F32) if isinstance(x, TensorBase) else x for x in xs], **options), d)


def is_half(x: Any) -> bool:
    """Whether x is a tensor of 16-bit floats."""
    return isinstance(x, TensorBase) and x.array.dtype in HALF


def tensor_operand(name: str, x: Any, argument: str = "") -> Any:
    """x, which has to be a tensor; argument: what the function calls it."""
    if not isinstance(x, TensorBase):
        if argument:
            array_of(name, x, argument)
        raise explain(name, (x,), TypeError())
    return x


def only_tensors(name: str, x: Any, y: Any) -> None:
    """Raise TypeError unless both operands are tensors: PyTorch's signature has no number here."""
    if not (isinstance(x, TensorBase) and isinstance(y, TensorBase)):
        wrong = y if isinstance(x, TensorBase) else x
        raise TypeError(f"{name}: both operands must be Tensors, got {describe(wrong)}; {remedy(wrong)}")


def as_real(name: str, x: Any) -> Any:
    """x as a real floating-point tensor; integers become the default dtype. Raises DtypeError for complex numbers."""
    if tensor_operand(name, x).array.dtype in COMPLEX:
        raise DtypeError(
            f"{name}: not defined for complex numbers, got {describe(x)}; take .real, .imag or .abs() first"
        )
    return as_floating(x)


def real_floating(name: str, x: Any) -> Any:
    """x, which has to be real and floating-point."""
    if tensor_operand(name, x).array.dtype not in REAL:
        repair = "take .real, .imag or .abs() first" if x.array.dtype in COMPLEX else "convert it with .float()"
        raise DtypeError(f"{name}: expected a real floating-point tensor, got {describe(x)}; {repair}")
    return x


def beside(name: str, *xs: Any) -> Sequence[Any]:
    """Tensors of one device in one namespace, which inside vmap they may not have. Raises DeviceError for several."""
    return xs if all([x.xp is xs[0].xp for x in xs]) else together(name, xs)


def not_bool(name: str, x: Any) -> Any:
    """x, which must not be boolean."""
    if tensor_operand(name, x).array.dtype.kind == "b":
        raise DtypeError(f"{name}: not defined for booleans, got {describe(x)}; convert with .int() or .float()")
    return x


def refuse_two_bools(name: Any, x: Any, y: Any) -> None:
    """Raise DtypeError where both operands are boolean: NumPy would answer in int8."""
    if _is_bool(x) and _is_bool(y):
        raise DtypeError(f"{name}: not defined for two booleans; convert one with .int() or .float()")


def _is_bool(x: Any) -> bool:
    return x.array.dtype.kind == "b" if isinstance(x, TensorBase) else isinstance(x, bool)


def write_floating(x: Any, prim: Primitive, *ys: Any) -> Any:
    """`write` of a primitive whose result is floating-point, which an integer x cannot hold."""
    d = x.array.dtype
    if d not in FLOATING:
        raise DtypeError(
            f"{prim}_: the result is {dtype_name(floating_type(d))}, which cannot be written into a tensor of "
            f"{dtype_name(d)}; use the form without the underscore"
        )
    return write(x, prim, *ys)


def rewrite(x: Any, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """x <- function(x, ...) in place, for functions that are not one primitive."""
    if not isinstance(x, TensorBase):
        raise explain(f"{function.__name__}_", (x,), TypeError())

    def computed(t: Any) -> Any:
        return function(t, *args, **options)

    computed.__name__ = function.__name__
    return assign(x, computed, (*args, *options.values()))
