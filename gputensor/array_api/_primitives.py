"""Primitives that answer special cases as the standard does, where those of the other door follow PyTorch or NumPy."""

from __future__ import annotations

from typing import Any

from gputensor.core.primitive import Primitive


class FloorDivide(Primitive):
    """floor(x / y) where an operand is infinite; NumPy, CuPy and PyTorch answer nan or -1 there, as Python does."""

    __slots__ = ()
    wide = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        out = xp.floor_divide(x, y)
        if x.dtype.kind in "biu":
            return out
        return xp.where(xp.isfinite(x) & xp.isfinite(y), out, xp.floor(x / y))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)


class Sign(Primitive):
    """-1, 0 or 1 of real numbers, and nan for nan; PyTorch answers 0 there."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(xp.isnan(x), x, xp.sign(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Expm1Complex(Primitive):
    """exp(x) - 1 as ever; where x is not finite by C99's rules for exp, which NumPy's expm1 does not follow, and with
    +0 as real part for -0."""

    __slots__ = ()
    name = "expm1"
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        near = xp.expm1(x)
        return xp.where(xp.isfinite(x), xp.make_complex(xp.real(near) + 0, xp.imag(near)), xp.exp(x) - 1)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (out + 1)


class Log1pComplex(Primitive):
    """log(1 + x), exact for small x: NumPy's and CuPy's add the 1 first and lose the digits of x."""

    __slots__ = ()
    name = "log1p"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        a, b = xp.real(x), xp.imag(x)
        small = xp.abs(a) + xp.abs(b) < 0.5
        # |1 + x|² - 1 without the cancellation; 0 in place of large numbers, whose squares would overflow
        p, q = xp.where(small, a, 0), xp.where(small, b, 0)
        close = xp.make_complex(xp.log1p(p * (p + 2) + q * q) / 2, xp.atan2(q, p + 1))
        return xp.where(small, close, xp.log1p(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (x + 1)


class TanhComplex(Primitive):
    """tanh, whose imaginary part far out is a zero with the sign of x's, where C99 gives it that of sin(2 imag)."""

    __slots__ = ()
    name = "tanh"
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        a, b = xp.real(x), xp.imag(x)
        far = xp.isinf(a) & xp.isfinite(b)
        zero = xp.zeros_like(b)
        limit = xp.make_complex(xp.where(far, xp.sign(a), zero), xp.where(far, xp.copysign(zero, b), zero))
        return xp.where(far, limit, xp.tanh(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (1 - out * out)


FLOOR_DIVIDE, SIGN, EXPM1_COMPLEX, LOG1P_COMPLEX = FloorDivide(), Sign(), Expm1Complex(), Log1pComplex()
TANH_COMPLEX = TanhComplex()
