"""Arithmetic, element by element. Shapes broadcast, dtypes promote by the standard's rules.

Of two operands one may be a Python number, which takes the other's dtype. Raises DtypeError (a TypeError) where the
standard does not promote the dtypes or the function does not take them, ShapeError where shapes do not broadcast.
"""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array, quotient
from gputensor.array_api._primitives import FLOOR_DIVIDE, SIGN
from gputensor.array_api._promotion import NUMERIC, REAL, REAL_FLOATING, both, check_kind, tensors
from gputensor.core.apply import apply1, binary
from gputensor.ops.arithmetic import ADD, MUL, SUB
from gputensor.ops.clamping import MAXIMUM, MINIMUM
from gputensor.ops.division import REMAINDER
from gputensor.ops.signs import COPYSIGN, NEXTAFTER

Operand = gt.Tensor | int | float | complex


def abs(x: gt.Tensor, /) -> Array:
    """Absolute values; of complex numbers the real magnitude.

    >>> from gputensor import array_api as xp
    >>> xp.abs(xp.asarray([-1, 2]))
    Array([1, 2])
    """
    return made(gt.abs(plain(x)))


def add(x1: Operand, x2: Operand, /) -> Array:
    """Sum of two operands.

    >>> from gputensor import array_api as xp
    >>> xp.add(xp.asarray([1, 2]), 3)
    Array([4, 5])
    """
    return made(binary(ADD, *both("add", x1, x2, NUMERIC)))


def ceil(x: gt.Tensor, /) -> Array:
    """Numbers rounded up. Integers are themselves.

    >>> from gputensor import array_api as xp
    >>> xp.ceil(xp.asarray([1.5, -1.5]))
    Array([ 2., -1.])
    """
    check_kind("ceil", x, REAL)
    return made(gt.ceil(plain(x)))


def clip(x: gt.Tensor, /, min: Any = None, max: Any = None) -> Array:
    """Numbers below min set to min, and those above max to max; nan stays. min, max: numbers, arrays or None.

    The result has the dtype of x. Where min is above max, the result is max.

    >>> from gputensor import array_api as xp
    >>> xp.clip(xp.asarray([-1, 5, 9]), 0, 6)
    Array([0, 5, 6])
    """
    check_kind("clip", x, REAL)
    out: Any = x
    if min is not None:
        out = binary(MAXIMUM, *_bound(out, min))
    if max is not None:
        out = binary(MINIMUM, *_bound(out, max))
    return made(gt.clone(plain(x)) if out is x else out)


def _bound(x: Any, bound: Any) -> Any:
    x, y = tensors("clip", x, bound, REAL)
    return x, y


def copysign(x1: Operand, x2: Operand, /) -> Array:
    """Numbers with the magnitude of x1 and the sign of x2, zeros included.

    >>> from gputensor import array_api as xp
    >>> xp.copysign(xp.asarray([1.0, 2.0]), -0.0)
    Array([-1., -2.])
    """
    return made(binary(COPYSIGN, *tensors("copysign", x1, x2, REAL_FLOATING)))


def divide(x1: Operand, x2: Operand, /) -> Array:
    """Quotient of two operands; of integers in the default floating-point dtype.

    >>> from gputensor import array_api as xp
    >>> xp.divide(xp.asarray([1.0, 2.0]), 4)
    Array([0.2500, 0.5000])
    """
    return made(quotient(*both("divide", x1, x2, NUMERIC)))


def floor(x: gt.Tensor, /) -> Array:
    """Numbers rounded down. Integers are themselves.

    >>> from gputensor import array_api as xp
    >>> xp.floor(xp.asarray([1.5, -1.5]))
    Array([ 1., -2.])
    """
    check_kind("floor", x, REAL)
    return made(gt.floor(plain(x)))


def floor_divide(x1: Operand, x2: Operand, /) -> Array:
    """Quotient of two operands rounded down: floor(x1 / x2), also where an operand is infinite.

    The gradient is 0. Raises IntegerDivisionError (a ZeroDivisionError) for a zero among integer divisors (on the CPU).

    >>> from gputensor import array_api as xp
    >>> xp.floor_divide(xp.asarray([7.0, -7.0, xp.inf]), 2)
    Array([ 3., -4., inf])
    """
    return made(binary(FLOOR_DIVIDE, *both("floor_divide", x1, x2, REAL)))


def hypot(x1: Operand, x2: Operand, /) -> Array:
    """Length of the vector (x1, x2), sqrt(x1² + x2²), without overflow on the way.

    >>> from gputensor import array_api as xp
    >>> xp.hypot(xp.asarray([3.0]), 4.0)
    Array([5.])
    """
    return _two(gt.hypot, "hypot", x1, x2, REAL_FLOATING)


def maximum(x1: Operand, x2: Operand, /) -> Array:
    """The larger of two operands; nan where one is nan.

    >>> from gputensor import array_api as xp
    >>> xp.maximum(xp.asarray([1, 5]), 3)
    Array([3, 5])
    """
    return made(binary(MAXIMUM, *tensors("maximum", x1, x2, REAL)))


def minimum(x1: Operand, x2: Operand, /) -> Array:
    """The smaller of two operands; nan where one is nan.

    >>> from gputensor import array_api as xp
    >>> xp.minimum(xp.asarray([1, 5]), 3)
    Array([1, 3])
    """
    return made(binary(MINIMUM, *tensors("minimum", x1, x2, REAL)))


def multiply(x1: Operand, x2: Operand, /) -> Array:
    """Product of two operands.

    >>> from gputensor import array_api as xp
    >>> xp.multiply(xp.asarray([1, 2]), 3)
    Array([3, 6])
    """
    return made(binary(MUL, *both("multiply", x1, x2, NUMERIC)))


def negative(x: gt.Tensor, /) -> Array:
    """Numbers with the other sign.

    >>> from gputensor import array_api as xp
    >>> xp.negative(xp.asarray([1, -2]))
    Array([-1,  2])
    """
    check_kind("negative", x, NUMERIC)
    return made(gt.neg(plain(x)))


def nextafter(x1: Operand, x2: Operand, /) -> Array:
    """The next number of the dtype after x1 in the direction of x2.

    >>> from gputensor import array_api as xp
    >>> xp.nextafter(xp.asarray([0.0]), 1.0) > 0
    Array([True])
    """
    return made(binary(NEXTAFTER, *tensors("nextafter", x1, x2, REAL_FLOATING)))


def positive(x: gt.Tensor, /) -> Array:
    """The numbers themselves.

    >>> from gputensor import array_api as xp
    >>> xp.positive(xp.asarray([1, -2]))
    Array([ 1, -2])
    """
    check_kind("positive", x, NUMERIC)
    return made(gt.positive(plain(x)))


def pow(x1: Operand, x2: Operand, /) -> Array:
    """x1 to the power of x2.

    >>> from gputensor import array_api as xp
    >>> xp.pow(xp.asarray([2, 3]), 2)
    Array([4, 9])
    """
    return _two(gt.pow, "pow", x1, x2, NUMERIC)


def reciprocal(x: gt.Tensor, /) -> Array:
    """1 / x.

    >>> from gputensor import array_api as xp
    >>> xp.reciprocal(xp.asarray([2.0]))
    Array([0.5000])
    """
    return made(gt.reciprocal(plain(x)))


def remainder(x1: Operand, x2: Operand, /) -> Array:
    """Remainder of the division rounded down, with the sign of x2, as Python's %.

    Raises IntegerDivisionError (a ZeroDivisionError) for a zero among integer divisors (on the CPU).

    >>> from gputensor import array_api as xp
    >>> xp.remainder(xp.asarray([7, -7]), 3)
    Array([1, 2])
    """
    return made(binary(REMAINDER, *both("remainder", x1, x2, REAL)))


def round(x: gt.Tensor, /) -> Array:
    """Numbers rounded to the nearest integer, halves to the even one; of complex numbers both parts.

    >>> from gputensor import array_api as xp
    >>> xp.round(xp.asarray([0.5, 1.5, -2.7]))
    Array([ 0.,  2., -3.])
    """
    check_kind("round", x, NUMERIC)
    t = plain(x)
    if t.is_complex():
        return made(gt.complex(gt.round(t.real), gt.round(t.imag)))
    return made(gt.round(t))


def sign(x: gt.Tensor, /) -> Array:
    """-1, 0 or 1 by the sign; x / |x| for complex numbers; nan for nan.

    >>> from gputensor import array_api as xp
    >>> xp.sign(xp.asarray([-2.5, 0.0, 3.0]))
    Array([-1.,  0.,  1.])
    """
    check_kind("sign", x, NUMERIC)
    t = plain(x)
    return made(apply1(SIGN, t) if t.array.dtype.kind in REAL_FLOATING else gt.sgn(t))


def signbit(x: gt.Tensor, /) -> Array:
    """Whether the sign bit is set: below 0, or -0.

    >>> from gputensor import array_api as xp
    >>> xp.signbit(xp.asarray([-0.0, 1.0]))
    Array([ True, False])
    """
    check_kind("signbit", x, REAL_FLOATING)
    return made(gt.signbit(plain(x)))


def square(x: gt.Tensor, /) -> Array:
    """x².

    >>> from gputensor import array_api as xp
    >>> xp.square(xp.asarray([2, -3]))
    Array([4, 9])
    """
    check_kind("square", x, NUMERIC)
    return made(gt.square(plain(x)))


def sqrt(x: gt.Tensor, /) -> Array:
    """Square root; nan below 0.

    >>> from gputensor import array_api as xp
    >>> xp.sqrt(xp.asarray([4.0]))
    Array([2.])
    """
    return made(gt.sqrt(plain(x)))


def subtract(x1: Operand, x2: Operand, /) -> Array:
    """Difference of two operands.

    >>> from gputensor import array_api as xp
    >>> xp.subtract(xp.asarray([1, 2]), 3)
    Array([-2, -1])
    """
    return made(binary(SUB, *both("subtract", x1, x2, NUMERIC)))


def trunc(x: gt.Tensor, /) -> Array:
    """Numbers rounded towards zero. Integers are themselves.

    >>> from gputensor import array_api as xp
    >>> xp.trunc(xp.asarray([1.5, -1.5]))
    Array([ 1., -1.])
    """
    check_kind("trunc", x, REAL)
    return made(gt.trunc(plain(x)))


def _two(function: Any, name: str, x1: Any, x2: Any, kinds: str) -> Array:
    x1, x2 = tensors(name, x1, x2, kinds)
    return made(function(plain(x1), plain(x2)))
