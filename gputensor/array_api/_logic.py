"""Comparisons, truth, bits, and the parts of complex numbers, element by element. Shapes broadcast.

Of two operands one may be a Python number, which takes the other's dtype. Comparisons, logic and bits have no gradient.
Raises DtypeError (a TypeError) where the standard does not promote the dtypes or the function does not take them.
"""

from __future__ import annotations

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._arithmetic import Operand
from gputensor.array_api._array import Array
from gputensor.array_api._promotion import ANY, BITS, INTEGER, NUMERIC, REAL, both, check_kind
from gputensor.core.apply import binary, compare
from gputensor.ops.comparison import EQ, GE, GT, LE, LT, NE
from gputensor.ops.logic import AND, LEFT, LOGICAL_AND, LOGICAL_OR, LOGICAL_XOR, OR, RIGHT, XOR


def equal(x1: Operand, x2: Operand, /) -> Array:
    """Whether the operands are equal. nan equals nothing.

    >>> from gputensor import array_api as xp
    >>> xp.equal(xp.asarray([1, 2]), 2)
    Array([False,  True])
    """
    return made(compare(EQ, *both("equal", x1, x2, ANY)))


def not_equal(x1: Operand, x2: Operand, /) -> Array:
    """Whether the operands differ. nan differs from everything.

    >>> from gputensor import array_api as xp
    >>> xp.not_equal(xp.asarray([1, 2]), 2)
    Array([ True, False])
    """
    return made(compare(NE, *both("not_equal", x1, x2, ANY)))


def less(x1: Operand, x2: Operand, /) -> Array:
    """Whether x1 is less than x2.

    >>> from gputensor import array_api as xp
    >>> xp.less(xp.asarray([1, 2]), 2)
    Array([ True, False])
    """
    return made(compare(LT, *both("less", x1, x2, REAL)))


def less_equal(x1: Operand, x2: Operand, /) -> Array:
    """Whether x1 is less than or equal to x2.

    >>> from gputensor import array_api as xp
    >>> xp.less_equal(xp.asarray([1, 3]), 2)
    Array([ True, False])
    """
    return made(compare(LE, *both("less_equal", x1, x2, REAL)))


def greater(x1: Operand, x2: Operand, /) -> Array:
    """Whether x1 is greater than x2.

    >>> from gputensor import array_api as xp
    >>> xp.greater(xp.asarray([1, 3]), 2)
    Array([False,  True])
    """
    return made(compare(GT, *both("greater", x1, x2, REAL)))


def greater_equal(x1: Operand, x2: Operand, /) -> Array:
    """Whether x1 is greater than or equal to x2.

    >>> from gputensor import array_api as xp
    >>> xp.greater_equal(xp.asarray([1, 2]), 2)
    Array([False,  True])
    """
    return made(compare(GE, *both("greater_equal", x1, x2, REAL)))


def logical_and(x1: Operand, x2: Operand, /) -> Array:
    """Whether both operands are true (not 0).

    >>> from gputensor import array_api as xp
    >>> xp.logical_and(xp.asarray([True, False]), True)
    Array([ True, False])
    """
    return made(compare(LOGICAL_AND, *both("logical_and", x1, x2, ANY)))


def logical_or(x1: Operand, x2: Operand, /) -> Array:
    """Whether one of the operands is true (not 0).

    >>> from gputensor import array_api as xp
    >>> xp.logical_or(xp.asarray([True, False]), False)
    Array([ True, False])
    """
    return made(compare(LOGICAL_OR, *both("logical_or", x1, x2, ANY)))


def logical_xor(x1: Operand, x2: Operand, /) -> Array:
    """Whether exactly one of the operands is true (not 0).

    >>> from gputensor import array_api as xp
    >>> xp.logical_xor(xp.asarray([True, False]), True)
    Array([False,  True])
    """
    return made(compare(LOGICAL_XOR, *both("logical_xor", x1, x2, ANY)))


def logical_not(x: gt.Tensor, /) -> Array:
    """Whether x is false (0).

    >>> from gputensor import array_api as xp
    >>> xp.logical_not(xp.asarray([True, False]))
    Array([False,  True])
    """
    return made(gt.logical_not(plain(x)))


def bitwise_and(x1: Operand, x2: Operand, /) -> Array:
    """The bits set in both operands; booleans are single bits.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_and(xp.asarray([6]), 3)
    Array([2])
    """
    return made(binary(AND, *both("bitwise_and", x1, x2, BITS)))


def bitwise_or(x1: Operand, x2: Operand, /) -> Array:
    """The bits set in one of the operands; booleans are single bits.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_or(xp.asarray([6]), 3)
    Array([7])
    """
    return made(binary(OR, *both("bitwise_or", x1, x2, BITS)))


def bitwise_xor(x1: Operand, x2: Operand, /) -> Array:
    """The bits set in exactly one of the operands; booleans are single bits.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_xor(xp.asarray([6]), 3)
    Array([5])
    """
    return made(binary(XOR, *both("bitwise_xor", x1, x2, BITS)))


def bitwise_left_shift(x1: Operand, x2: Operand, /) -> Array:
    """x1 with its bits moved left by x2, which must not be negative.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_left_shift(xp.asarray([1]), 3)
    Array([8])
    """
    return made(binary(LEFT, *both("bitwise_left_shift", x1, x2, INTEGER)))


def bitwise_right_shift(x1: Operand, x2: Operand, /) -> Array:
    """x1 with its bits moved right by x2, which must not be negative; the sign stays.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_right_shift(xp.asarray([-8]), 1)
    Array([-4])
    """
    return made(binary(RIGHT, *both("bitwise_right_shift", x1, x2, INTEGER)))


def bitwise_invert(x: gt.Tensor, /) -> Array:
    """The bits that are not set; booleans are single bits.

    >>> from gputensor import array_api as xp
    >>> xp.bitwise_invert(xp.asarray([0]))
    Array([-1])
    """
    check_kind("bitwise_invert", x, BITS)
    return made(gt.bitwise_not(plain(x)))


def isfinite(x: gt.Tensor, /) -> Array:
    """Whether a number is neither infinite nor nan.

    >>> from gputensor import array_api as xp
    >>> xp.isfinite(xp.asarray([1.0, xp.inf]))
    Array([ True, False])
    """
    check_kind("isfinite", x, NUMERIC)
    return made(gt.isfinite(plain(x)))


def isinf(x: gt.Tensor, /) -> Array:
    """Whether a number is infinite.

    >>> from gputensor import array_api as xp
    >>> xp.isinf(xp.asarray([1.0, xp.inf]))
    Array([False,  True])
    """
    check_kind("isinf", x, NUMERIC)
    return made(gt.isinf(plain(x)))


def isnan(x: gt.Tensor, /) -> Array:
    """Whether a number is nan.

    >>> from gputensor import array_api as xp
    >>> xp.isnan(xp.asarray([1.0, xp.nan]))
    Array([False,  True])
    """
    check_kind("isnan", x, NUMERIC)
    return made(gt.isnan(plain(x)))


def real(x: gt.Tensor, /) -> Array:
    """The real parts, a view; a real array is itself.

    >>> from gputensor import array_api as xp
    >>> xp.real(xp.asarray([1 + 2j]))
    Array([1.])
    """
    return made(gt.real(plain(x)))


def imag(x: gt.Tensor, /) -> Array:
    """The imaginary parts, a view; zeros for a real array.

    >>> from gputensor import array_api as xp
    >>> xp.imag(xp.asarray([1 + 2j]))
    Array([2.])
    """
    check_kind("imag", x, NUMERIC)
    t = plain(x)
    return made(gt.imag(t) if t.is_complex() else gt.zeros_like(t))


def conj(x: gt.Tensor, /) -> Array:
    """The conjugates; real numbers are themselves.

    >>> from gputensor import array_api as xp
    >>> xp.conj(xp.asarray([1 + 2j]))
    Array([1.-2.j])
    """
    check_kind("conj", x, NUMERIC)
    return made(gt.conj(plain(x)))
