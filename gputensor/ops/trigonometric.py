"""Circular functions, their inverses, and angles. Integers are computed in the default floating-point dtype."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating, binary
from gputensor.core.primitive import Primitive
from gputensor.ops.arithmetic import MUL
from gputensor.ops.operands import (
    Number,
    as_real,
    only_tensors,
    rewrite,
    two_floating,
    two_floats,
    wide,
    write_floating,
)
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Sin(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sin(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.cos(x)


class Cos(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cos(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g * xp.sin(x)


class Tan(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.tan(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (1 + out * out)


class Asin(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.asin(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / xp.sqrt(1 - x * x)


class Acos(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.acos(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g / xp.sqrt(1 - x * x)


class Atan(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.atan(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (1 + x * x)


class Atan2(Primitive):
    """The angle of the point (y, x); at the origin its gradient counts as 0, as in PyTorch."""

    __slots__ = ()
    saves = ("y", "x")

    def forward(self, xp: Any, y: Any, x: Any) -> Any:
        return xp.atan2(y, x)

    def vjp_y(self, xp: Any, g: Any, out: Any, y: Any, x: Any) -> Any:
        size = _nonzero_size(xp, y, x)
        return g * (x / size / size)

    def vjp_x(self, xp: Any, g: Any, out: Any, y: Any, x: Any) -> Any:
        size = _nonzero_size(xp, y, x)
        return -g * (y / size / size)


def _nonzero_size(xp: Any, y: Any, x: Any) -> Any:
    # through hypot: x*x + y*y would round tiny and huge points to 0 and infinity
    size = xp.hypot(y, x)
    return xp.where(size == 0, xp.ones_like(size), size)


class Hypot(Primitive):
    """A primitive: the squares would overflow where the result does not."""

    __slots__ = ()
    saves = ("x", "y", "out")
    reads_x = ("x",)
    reads_y = ("y",)

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.hypot(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * (x / out)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * (y / out)


class Sinc(Primitive):
    """sin(pi x) / (pi x)."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        t = xp.where(x == 0, xp.ones_like(x), x * math.pi)
        return xp.where(x == 0, xp.ones_like(x), xp.sin(t) / t)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        t = x * math.pi
        small = xp.abs(t) < 0.1
        # near 0 the difference below cancels, and at 0 it is 0/0: there the series, which has the right derivatives too
        near = xp.where(small, t, 0)
        s = near * near
        series = -near * (1 / 3 - s * (1 / 30 - s * (1 / 840 - s / 45360)))
        u = xp.where(small, xp.ones_like(t), t)
        return g * (math.pi * xp.where(small, series, (xp.cos(u) - xp.sin(u) / u) / u))


SIN, COS, TAN, ASIN, ACOS, ATAN = Sin(), Cos(), Tan(), Asin(), Acos(), Atan()
ATAN2, HYPOT, SINC = Atan2(), Hypot(), Sinc()


def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sine of an angle in radians, element by element.

    >>> import gputensor as gt
    >>> gt.sin(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8415])
    """
    result = apply1(SIN, as_floating(input))
    return result if out is None else into("sin", out, result)


def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Cosine of an angle in radians, element by element.

    >>> import gputensor as gt
    >>> gt.cos(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 0.5403])
    """
    result = apply1(COS, as_floating(input))
    return result if out is None else into("cos", out, result)


def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Tangent of an angle in radians, element by element.

    >>> import gputensor as gt
    >>> gt.tan(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5574])
    """
    result = apply1(TAN, as_floating(input))
    return result if out is None else into("tan", out, result)


def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle between -pi/2 and pi/2 whose sine is input, element by element; nan outside -1 ... 1.

    >>> import gputensor as gt
    >>> gt.asin(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5708])
    """
    result = apply1(ASIN, as_floating(input))
    return result if out is None else into("asin", out, result)


def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle between 0 and pi whose cosine is input, element by element; nan outside -1 ... 1.

    >>> import gputensor as gt
    >>> gt.acos(gt.tensor([1.0, 0.0]))
    tensor([0.0000, 1.5708])
    """
    result = apply1(ACOS, as_floating(input))
    return result if out is None else into("acos", out, result)


def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle between -pi/2 and pi/2 whose tangent is input, element by element.

    >>> import gputensor as gt
    >>> gt.atan(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7854])
    """
    result = apply1(ATAN, as_floating(input))
    return result if out is None else into("atan", out, result)


def atan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (other, input) seen from the origin, between -pi and pi, element by element.

    input: the y coordinate, other: the x coordinate. Shapes broadcast; dtypes promote, integers to the default dtype.
    The gradient at the origin is 0. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.atan2(gt.tensor([1.0, -1.0]), gt.tensor([0.0, -1.0]))
    tensor([ 1.5708, -2.3562])
    """
    only_tensors("atan2", input, other)
    result = two_floating(ATAN2, input, other)
    return result if out is None else into("atan2", out, result)


def hypot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sqrt(input**2 + other**2), element by element, without overflow.

    Shapes broadcast; dtypes promote. Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.hypot(gt.tensor([3.0]), gt.tensor([4.0]))
    tensor([5.])
    """
    result = two_floats(HYPOT, input, other)
    return result if out is None else into("hypot", out, result)


def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(pi * input) / (pi * input), element by element, and 1 at 0.

    Unlike torch: the derivatives near 0 keep their digits.

    >>> import gputensor as gt
    >>> gt.sinc(gt.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """
    result = wide(SINC, input)
    return result if out is None else into("sinc", out, result)


def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Degrees as radians: input * pi / 180. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.deg2rad(gt.tensor([180.0]))
    tensor([3.1416])
    """
    result = binary(MUL, as_real("deg2rad", input), math.pi / 180)
    return result if out is None else into("deg2rad", out, result)


def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Radians as degrees: input * 180 / pi. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.rad2deg(gt.tensor([3.14159265]))
    tensor([180.])
    """
    result = binary(MUL, as_real("rad2deg", input), 180 / math.pi)
    return result if out is None else into("rad2deg", out, result)


arcsin = asin
arccos = acos
arctan = atan
arctan2 = atan2


class TrigonometricMethods:
    """The circular functions of a tensor."""

    __slots__ = ()

    def sin(self) -> Tensor:
        """See `gputensor.sin`."""
        return sin(self)  # type: ignore[arg-type]

    def sin_(self) -> Tensor:
        """`sin` in place."""
        return write_floating(self, SIN)

    def cos(self) -> Tensor:
        """See `gputensor.cos`."""
        return cos(self)  # type: ignore[arg-type]

    def cos_(self) -> Tensor:
        """`cos` in place."""
        return write_floating(self, COS)

    def tan(self) -> Tensor:
        """See `gputensor.tan`."""
        return tan(self)  # type: ignore[arg-type]

    def tan_(self) -> Tensor:
        """`tan` in place."""
        return write_floating(self, TAN)

    def asin(self) -> Tensor:
        """See `gputensor.asin`."""
        return asin(self)  # type: ignore[arg-type]

    def asin_(self) -> Tensor:
        """`asin` in place."""
        return write_floating(self, ASIN)

    def acos(self) -> Tensor:
        """See `gputensor.acos`."""
        return acos(self)  # type: ignore[arg-type]

    def acos_(self) -> Tensor:
        """`acos` in place."""
        return write_floating(self, ACOS)

    def atan(self) -> Tensor:
        """See `gputensor.atan`."""
        return atan(self)  # type: ignore[arg-type]

    def atan_(self) -> Tensor:
        """`atan` in place."""
        return write_floating(self, ATAN)

    def atan2(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.atan2`."""
        return atan2(self, other)  # type: ignore[arg-type]

    def atan2_(self, other: Tensor | Number) -> Tensor:
        """`atan2` in place."""
        return write_floating(self, ATAN2, other)

    def hypot(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.hypot`."""
        return hypot(self, other)  # type: ignore[arg-type]

    def hypot_(self, other: Tensor | Number) -> Tensor:
        """`hypot` in place."""
        return write_floating(self, HYPOT, other)

    def sinc(self) -> Tensor:
        """See `gputensor.sinc`."""
        return sinc(self)  # type: ignore[arg-type]

    def sinc_(self) -> Tensor:
        """`sinc` in place."""
        return rewrite(self, sinc)

    def deg2rad(self) -> Tensor:
        """See `gputensor.deg2rad`."""
        return deg2rad(self)  # type: ignore[arg-type]

    def deg2rad_(self) -> Tensor:
        """`deg2rad` in place."""
        return rewrite(self, deg2rad)

    def rad2deg(self) -> Tensor:
        """See `gputensor.rad2deg`."""
        return rad2deg(self)  # type: ignore[arg-type]

    def rad2deg_(self) -> Tensor:
        """`rad2deg` in place."""
        return rewrite(self, rad2deg)

    arcsin, arcsin_ = asin, asin_
    arccos, arccos_ = acos, acos_
    arctan, arctan_ = atan, atan_
    arctan2, arctan2_ = atan2, atan2_
