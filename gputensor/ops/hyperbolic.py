"""Hyperbolic functions and their inverses. Integers are computed in the default floating-point dtype."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating
from gputensor.core.primitive import Primitive
from gputensor.ops.operands import write_floating
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Sinh(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sinh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.cosh(x)


class Cosh(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cosh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.sinh(x)


class Tanh(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.tanh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (1 - out * out)

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.tanh(x, out)


class Asinh(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.asinh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / xp.sqrt(x * x + 1)


class Acosh(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.acosh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # two roots, not sqrt(x*x - 1): that one is on the wrong branch for complex x with a negative real part
        return g / (xp.sqrt(x - 1) * xp.sqrt(x + 1))


class Atanh(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.atanh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (1 - x * x)


SINH, COSH, TANH, ASINH, ACOSH, ATANH = Sinh(), Cosh(), Tanh(), Asinh(), Acosh(), Atanh()


def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Hyperbolic sine, element by element: (exp(input) - exp(-input)) / 2.

    >>> import gputensor as gt
    >>> gt.sinh(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 1.1752])
    """
    result = apply1(SINH, as_floating(input))
    return result if out is None else into("sinh", out, result)


def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Hyperbolic cosine, element by element: (exp(input) + exp(-input)) / 2.

    >>> import gputensor as gt
    >>> gt.cosh(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 1.5431])
    """
    result = apply1(COSH, as_floating(input))
    return result if out is None else into("cosh", out, result)


def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Hyperbolic tangent, element by element: sinh(input) / cosh(input), between -1 and 1.

    >>> import gputensor as gt
    >>> gt.tanh(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """
    result = apply1(TANH, as_floating(input))
    return result if out is None else into("tanh", out, result)


def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The number whose hyperbolic sine is input, element by element.

    >>> import gputensor as gt
    >>> gt.asinh(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8814])
    """
    result = apply1(ASINH, as_floating(input))
    return result if out is None else into("asinh", out, result)


def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The number from 0 on whose hyperbolic cosine is input, element by element; nan below 1.

    Unlike torch: the gradient is nan below 1 as well, and so is the second derivative at 1.

    >>> import gputensor as gt
    >>> gt.acosh(gt.tensor([1.0, 2.0]))
    tensor([0.0000, 1.3170])
    """
    result = apply1(ACOSH, as_floating(input))
    return result if out is None else into("acosh", out, result)


def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The number whose hyperbolic tangent is input, element by element; infinite at -1 and 1, nan outside.

    >>> import gputensor as gt
    >>> gt.atanh(gt.tensor([0.0, 0.5]))
    tensor([0.0000, 0.5493])
    """
    result = apply1(ATANH, as_floating(input))
    return result if out is None else into("atanh", out, result)


arcsinh = asinh
arccosh = acosh
arctanh = atanh


class HyperbolicMethods:
    """The hyperbolic functions of a tensor."""

    __slots__ = ()

    def sinh(self) -> Tensor:
        """See `gputensor.sinh`."""
        return sinh(self)  # type: ignore[arg-type]

    def sinh_(self) -> Tensor:
        """`sinh` in place."""
        return write_floating(self, SINH)

    def cosh(self) -> Tensor:
        """See `gputensor.cosh`."""
        return cosh(self)  # type: ignore[arg-type]

    def cosh_(self) -> Tensor:
        """`cosh` in place."""
        return write_floating(self, COSH)

    def tanh(self) -> Tensor:
        """See `gputensor.tanh`."""
        return tanh(self)  # type: ignore[arg-type]

    def tanh_(self) -> Tensor:
        """`tanh` in place."""
        return write_floating(self, TANH)

    def asinh(self) -> Tensor:
        """See `gputensor.asinh`."""
        return asinh(self)  # type: ignore[arg-type]

    def asinh_(self) -> Tensor:
        """`asinh` in place."""
        return write_floating(self, ASINH)

    def acosh(self) -> Tensor:
        """See `gputensor.acosh`."""
        return acosh(self)  # type: ignore[arg-type]

    def acosh_(self) -> Tensor:
        """`acosh` in place."""
        return write_floating(self, ACOSH)

    def atanh(self) -> Tensor:
        """See `gputensor.atanh`."""
        return atanh(self)  # type: ignore[arg-type]

    def atanh_(self) -> Tensor:
        """`atanh` in place."""
        return write_floating(self, ATANH)

    arcsinh, arcsinh_ = asinh, asinh_
    arccosh, arccosh_ = acosh, acosh_
    arctanh, arctanh_ = atanh, atanh_
