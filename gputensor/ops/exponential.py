"""Exponentials and logarithms. Integers are computed in the default floating-point dtype."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating
from gputensor.core.primitive import Primitive
from gputensor.core.writes import write

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Exp(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.exp(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * out

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.exp(x, out)


class Log(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / x

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.log(x, out)


class Tanh(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.tanh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (1 - out * out)

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.tanh(x, out)


EXP, LOG, TANH = Exp(), Log(), Tanh()


def exp(input: Tensor) -> Tensor:
    """e to the power of input, element by element.

    >>> import gputensor as gt
    >>> gt.exp(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    return apply1(EXP, as_floating(input))


def log(input: Tensor) -> Tensor:
    """Natural logarithm, element by element; -inf at 0, nan below.

    >>> import gputensor as gt
    >>> gt.log(gt.tensor([1.0, 0.0]))
    tensor([0., -inf])
    """
    return apply1(LOG, as_floating(input))


def tanh(input: Tensor) -> Tensor:
    """Hyperbolic tangent, element by element.

    >>> import gputensor as gt
    >>> gt.tanh(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """
    return apply1(TANH, as_floating(input))


class ExponentialMethods:
    """The exponential methods of a tensor."""

    __slots__ = ()

    def exp(self) -> Tensor:
        """See `gputensor.exp`."""
        return exp(self)  # type: ignore[arg-type]

    def exp_(self) -> Tensor:
        """`exp` in place."""
        return write(self, EXP)

    def log(self) -> Tensor:
        """See `gputensor.log`."""
        return log(self)  # type: ignore[arg-type]

    def log_(self) -> Tensor:
        """`log` in place."""
        return write(self, LOG)

    def tanh(self) -> Tensor:
        """See `gputensor.tanh`."""
        return tanh(self)  # type: ignore[arg-type]

    def tanh_(self) -> Tensor:
        """`tanh` in place."""
        return write(self, TANH)
