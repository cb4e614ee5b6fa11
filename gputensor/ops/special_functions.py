"""The error function and the logarithm of gamma, with their kin. On the CPU SciPy computes them, loaded at need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.primitive import Primitive
from gputensor.ops.dims import one_int
from gputensor.ops.operands import as_real, rewrite
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


class Erf(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.erf(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (xp.exp(-x * x) * TWO_OVER_ROOT_PI)


class Erfc(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.erfc(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g * (xp.exp(-x * x) * TWO_OVER_ROOT_PI)


class Erfinv(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.erfinv(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        y = xp.erfinv(x)
        return g * (xp.exp(y * y) / TWO_OVER_ROOT_PI)


class Lgamma(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.lgamma(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.polygamma(0, x)


class Polygamma(Primitive):
    """The n-th derivative of digamma, itself for n = 0: its own derivative is one of them too."""

    __slots__ = ("n",)
    saves = ("x",)

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.polygamma(self.n, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.polygamma(self.n + 1, x)


ERF, ERFC, ERFINV, LGAMMA, DIGAMMA = Erf(), Erfc(), Erfinv(), Lgamma(), Polygamma(0)


def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function, element by element: 2/sqrt(pi) times the integral of exp(-t*t) from 0 to input.

    Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.erf(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8427])
    """
    result = apply1(ERF, as_real("erf", input))
    return result if out is None else into("erf", out, result)


def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 - erf(input), element by element, exact where the difference would be 0. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.erfc(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 0.1573])
    """
    result = apply1(ERFC, as_real("erfc", input))
    return result if out is None else into("erfc", out, result)


def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The number whose error function is input, element by element; infinite at -1 and 1, nan outside.

    Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.erfinv(gt.tensor([0.0, 0.5]))
    tensor([0.0000, 0.4769])
    """
    result = apply1(ERFINV, as_real("erfinv", input))
    return result if out is None else into("erfinv", out, result)


def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log |gamma(input)|, element by element; inf at 0 and the negative integers.

    Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.lgamma(gt.tensor([1.0, 5.0]))
    tensor([0.0000, 3.1781])
    """
    result = apply1(LGAMMA, as_real("lgamma", input))
    return result if out is None else into("lgamma", out, result)


def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of lgamma, element by element; infinite at 0, nan at the negative integers.

    Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.digamma(gt.tensor([1.0, 2.0]))
    tensor([-0.5772,  0.4228])
    """
    result = apply1(DIGAMMA, as_real("digamma", input))
    return result if out is None else into("digamma", out, result)


def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of digamma, element by element; digamma itself for n = 0.

    Raises ValueError for a negative n, DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.polygamma(1, gt.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])
    """
    order = one_int("polygamma", "n", n)
    if order < 0:
        raise ValueError(f"polygamma: n must not be negative, got {n}")
    result = apply1(Polygamma(order), as_real("polygamma", input))
    return result if out is None else into("polygamma", out, result)


gammaln = lgamma
psi = digamma


class SpecialFunctionMethods:
    """The special functions of a tensor."""

    __slots__ = ()

    def erf(self) -> Tensor:
        """See `gputensor.erf`."""
        return erf(self)  # type: ignore[arg-type]

    def erf_(self) -> Tensor:
        """`erf` in place."""
        return rewrite(self, erf)

    def erfc(self) -> Tensor:
        """See `gputensor.erfc`."""
        return erfc(self)  # type: ignore[arg-type]

    def erfc_(self) -> Tensor:
        """`erfc` in place."""
        return rewrite(self, erfc)

    def erfinv(self) -> Tensor:
        """See `gputensor.erfinv`."""
        return erfinv(self)  # type: ignore[arg-type]

    def erfinv_(self) -> Tensor:
        """`erfinv` in place."""
        return rewrite(self, erfinv)

    def lgamma(self) -> Tensor:
        """See `gputensor.lgamma`."""
        return lgamma(self)  # type: ignore[arg-type]

    def lgamma_(self) -> Tensor:
        """`lgamma` in place."""
        return rewrite(self, lgamma)

    def digamma(self) -> Tensor:
        """See `gputensor.digamma`."""
        return digamma(self)  # type: ignore[arg-type]

    def digamma_(self) -> Tensor:
        """`digamma` in place."""
        return rewrite(self, digamma)

    def polygamma(self, n: int) -> Tensor:
        """See `gputensor.polygamma`."""
        return polygamma(n, self)  # type: ignore[arg-type]

    def polygamma_(self, n: int) -> Tensor:
        """`polygamma` in place."""

        def polygamma_of(t: Tensor) -> Tensor:
            return polygamma(n, t)

        return rewrite(self, polygamma_of)
