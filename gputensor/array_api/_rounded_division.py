"""Floor division and remainder as the standard has them at infinities and zeros.

Both differ from NumPy's, CuPy's and PyTorch's, which follow Python there: hence primitives of their own.
"""

from __future__ import annotations

from typing import Any

from gputensor.core.primitive import Primitive


class FloorDivide(Primitive):
    """floor(x / y) where an operand is infinite: NumPy answers nan or -1 there, the standard the floor of the
    quotient."""

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


class Remainder(Primitive):
    """x - y * floor(x / y), with y's sign also where it is 0."""

    __slots__ = ()
    saves = ("x", "y")
    reads_x = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.remainder(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -g * xp.floor_divide(x, y)


FLOOR_DIVIDE, REMAINDER = FloorDivide(), Remainder()
