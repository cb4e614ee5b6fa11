"""Elementwise words: the operands' axes are aligned behind the hidden one."""

from __future__ import annotations

from typing import Any

from gputensor.arrays.batched.rules import Rules


class ElementwiseRules(Rules):
    __slots__ = ()

    def abs(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.abs, x, out)

    def add(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.add, x, y, out=out)

    def divide(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.divide, x, y, out=out)

    def floor_divide(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.floor_divide, x, y, out=out)

    def fmod(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.fmod, x, y, out=out)

    def hypot(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.hypot, x, y, out=out)

    def multiply(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.multiply, x, y, out=out)

    def negative(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.negative, x, out)

    def pow(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.pow, x, y, out=out)

    def reciprocal(self, x: Any, /) -> Any:
        return self.one(self.inner.reciprocal, x)

    def remainder(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.remainder, x, y, out=out)

    def sign(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.sign, x, out)

    def sqrt(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.sqrt, x, out)

    def square(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.square, x, out)

    def subtract(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.subtract, x, y, out=out)

    def exp(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.exp, x, out)

    def exp2(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.exp2, x, out)

    def expm1(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.expm1, x, out)

    def log(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.log, x, out)

    def log10(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.log10, x, out)

    def log1p(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.log1p, x, out)

    def log2(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.log2, x, out)

    def logaddexp(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.logaddexp, x, y, out=out)

    def logaddexp2(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.logaddexp2, x, y, out=out)

    def acos(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.acos, x, out)

    def acosh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.acosh, x, out)

    def asin(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.asin, x, out)

    def asinh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.asinh, x, out)

    def atan(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.atan, x, out)

    def atan2(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.atan2, x, y, out=out)

    def atanh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.atanh, x, out)

    def cos(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.cos, x, out)

    def cosh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.cosh, x, out)

    def sin(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.sin, x, out)

    def sinh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.sinh, x, out)

    def tan(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.tan, x, out)

    def tanh(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.tanh, x, out)

    def ceil(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.ceil, x, out)

    def copysign(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.copysign, x, y, out=out)

    def floor(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.floor, x, out)

    def nextafter(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.nextafter, x, y, out=out)

    def round(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.round, x, out)

    def trunc(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.trunc, x, out)

    def equal(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.equal, x, y, out=out)

    def fmax(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.fmax, x, y, out=out)

    def fmin(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.fmin, x, y, out=out)

    def greater(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.greater, x, y, out=out)

    def greater_equal(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.greater_equal, x, y, out=out)

    def isfinite(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.isfinite, x, out)

    def isinf(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.isinf, x, out)

    def isnan(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.isnan, x, out)

    def less(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.less, x, y, out=out)

    def less_equal(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.less_equal, x, y, out=out)

    def maximum(self, x: Any, y: Any, /) -> Any:
        return self.several(self.inner.maximum, x, y)

    def minimum(self, x: Any, y: Any, /) -> Any:
        return self.several(self.inner.minimum, x, y)

    def not_equal(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.not_equal, x, y, out=out)

    def signbit(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.signbit, x, out)

    def where(self, condition: Any, x: Any, y: Any, /) -> Any:
        return self.several(self.inner.where, condition, x, y)

    def bitwise_and(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.bitwise_and, x, y, out=out)

    def bitwise_invert(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.bitwise_invert, x, out)

    def bitwise_left_shift(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.bitwise_left_shift, x, y, out=out)

    def bitwise_or(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.bitwise_or, x, y, out=out)

    def bitwise_right_shift(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.bitwise_right_shift, x, y, out=out)

    def bitwise_xor(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.bitwise_xor, x, y, out=out)

    def logical_and(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.logical_and, x, y, out=out)

    def logical_not(self, x: Any, out: Any = None, /) -> Any:
        return self.one(self.inner.logical_not, x, out)

    def logical_or(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.logical_or, x, y, out=out)

    def logical_xor(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.logical_xor, x, y, out=out)
