"""Incomplete and multivariate gamma functions, and the zeta function."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, binary, cast, wrap
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF
from gputensor.errors import ArgumentError, DtypeError, GradError
from gputensor.ops.arithmetic import add
from gputensor.ops.dims import one_int
from gputensor.ops.operands import REAL, Number, as_real, both, both_floating, common_dtype, rewrite
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import sum
from gputensor.ops.special_functions import lgamma

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class WithoutGradient(Primitive):
    """input itself, where a function has no formula for its gradient: better an error than a gradient of nothing."""

    __slots__ = ("function",)

    def __init__(self, function: str) -> None:
        self.function = function

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.copy(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        raise GradError(
            f"{self.function}: there is no gradient with respect to input; detach() it, or call this under no_grad()"
        )


class Gammainc(Primitive):
    __slots__ = ()
    saves = ("a", "x")

    def forward(self, xp: Any, a: Any, x: Any) -> Any:
        return xp.gammainc(a, x)

    def vjp_a(self, xp: Any, g: Any, out: Any, a: Any, x: Any) -> Any:
        return g * 0  # refused by WithoutGradient

    def vjp_x(self, xp: Any, g: Any, out: Any, a: Any, x: Any) -> Any:
        return g * xp.exp((a - 1) * xp.log(x) - x - xp.lgamma(a))


class Gammaincc(Primitive):
    __slots__ = ()
    saves = ("a", "x")

    def forward(self, xp: Any, a: Any, x: Any) -> Any:
        return xp.gammaincc(a, x)

    def vjp_a(self, xp: Any, g: Any, out: Any, a: Any, x: Any) -> Any:
        return g * 0  # refused by WithoutGradient

    def vjp_x(self, xp: Any, g: Any, out: Any, a: Any, x: Any) -> Any:
        return -g * xp.exp((a - 1) * xp.log(x) - x - xp.lgamma(a))


class Zeta(Primitive):
    __slots__ = ()
    saves = ("x", "q")

    def forward(self, xp: Any, x: Any, q: Any) -> Any:
        return xp.zeta(x, q)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, q: Any) -> Any:
        return g * 0  # refused by WithoutGradient

    def vjp_q(self, xp: Any, g: Any, out: Any, x: Any, q: Any) -> Any:
        return -g * x * xp.zeta(x + 1, q)


GAMMAINC, GAMMAINCC, ZETA = Gammainc(), Gammaincc(), Zeta()


def gammainc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized lower incomplete gamma function, element by element.

    1 / gamma(input) times the integral of t**(input-1) * exp(-t) from 0 to other. Both at least 0, nan elsewhere; 1 for
    an infinite other. Shapes broadcast; floats promote. Gradients with respect to other alone. Raises DtypeError for
    integers and complex numbers; GradError where a gradient with respect to input is asked for.

    >>> import gputensor as gt
    >>> gt.special.gammainc(gt.tensor([4.0]), gt.tensor([3.0, 4.0]))
    tensor([0.3528, 0.5665])
    """
    x, y = both("gammainc", input, other)
    result = _alike(GAMMAINC, *_floats("gammainc", x, y))
    return result if out is None else into("gammainc", out, result)


def gammaincc(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function, element by element: 1 - gammainc(input, other), exactly.

    Operands, gradients and errors as `gammainc`.

    >>> import gputensor as gt
    >>> gt.special.gammaincc(gt.tensor([4.0]), gt.tensor([3.0, 4.0]))
    tensor([0.6472, 0.4335])
    """
    x, y = both("gammaincc", input, other)
    result = _alike(GAMMAINCC, *_floats("gammaincc", x, y))
    return result if out is None else into("gammaincc", out, result)


igamma = gammainc
igammac = gammaincc


def mvlgamma(input: Tensor, p: int, *, out: Tensor | None = None) -> Tensor:
    """Logarithm of the multivariate gamma function of dimension p, element by element.

    p (p - 1) / 4 * log(pi) + the sum of lgamma(input - (i - 1) / 2) over i = 1 ... p. Integers become the default
    dtype. Raises ValueError for a p below 1, DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.mvlgamma(gt.tensor([2.0, 3.0]), 2)
    tensor([0.4516, 1.5502])
    """
    x = as_real("mvlgamma", input)
    if input.array.dtype.kind == "b":
        raise DtypeError(f"mvlgamma: not defined for booleans, got {describe(input)}; convert with .float()")
    order = one_int("mvlgamma", "p", p)
    if order < 1:
        raise ArgumentError(f"mvlgamma: p must be at least 1, got {p}")
    d = x.array.dtype
    x = cast(x, F32) if d in HALF else x
    steps = wrap(x.xp.arange(0, order, -0.5, x.array.dtype), x.xp)
    shifted = add(x.unsqueeze(-1), steps)
    result = cast(add(sum(lgamma(shifted), -1), order * (order - 1) / 4 * math.log(math.pi)), d)
    return result if out is None else into("mvlgamma", out, result)


multigammaln = mvlgamma


def zeta(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The zeta function of Hurwitz, element by element: the sum of (k + other)**-input over k = 0, 1, ...

    inf where input is 1, nan below. Shapes broadcast; dtypes promote, integers to the default dtype. Gradients with
    respect to other alone. Raises DtypeError for complex numbers, GradError where a gradient with respect to input is
    asked for.

    >>> import gputensor as gt
    >>> gt.special.zeta(gt.tensor([2.0, 4.0]), 1)
    tensor([1.6449, 1.0823])
    """
    x, y = both_floating("zeta", input, other)
    if x.array.dtype not in REAL:
        raise DtypeError(f"zeta: not defined for complex numbers, got {describe(x)} and {describe(y)}")
    result = _alike(ZETA, x, y)
    return result if out is None else into("zeta", out, result)


def _floats(name: str, x: Any, y: Any) -> tuple[Any, Any]:
    d = common_dtype(x, y)
    if d not in REAL:
        raise DtypeError(f"{name}: expected floating-point tensors, got {describe(x)} and {describe(y)}; use .float()")
    return cast(x, d), cast(y, d)


def _alike(prim: Primitive, x: Any, y: Any) -> Any:
    """`binary` of two tensors of one dtype; 16-bit floats in float32, rounded once."""
    d = x.array.dtype
    x = apply1(WithoutGradient(prim.name), x) if x.requires_grad else x
    return cast(binary(prim, cast(x, F32), cast(y, F32)), d) if d in HALF else binary(prim, x, y)


class GammaFunctionMethods:
    """The incomplete and multivariate gamma functions of a tensor."""

    __slots__ = ()

    def igamma(self, other: Tensor) -> Tensor:
        """See `gputensor.special.gammainc`."""
        return gammainc(self, other)  # type: ignore[arg-type]

    def igamma_(self, other: Tensor) -> Tensor:
        """`igamma` in place."""

        def igamma_of(t: Tensor) -> Tensor:
            return gammainc(t.clone(), other)  # the gradient reads what is overwritten

        return rewrite(self, igamma_of)

    def igammac(self, other: Tensor) -> Tensor:
        """See `gputensor.special.gammaincc`."""
        return gammaincc(self, other)  # type: ignore[arg-type]

    def igammac_(self, other: Tensor) -> Tensor:
        """`igammac` in place."""

        def igammac_of(t: Tensor) -> Tensor:
            return gammaincc(t.clone(), other)

        return rewrite(self, igammac_of)

    def mvlgamma(self, p: int) -> Tensor:
        """See `gputensor.mvlgamma`."""
        return mvlgamma(self, p)  # type: ignore[arg-type]

    def mvlgamma_(self, p: int) -> Tensor:
        """`mvlgamma` in place."""
        return rewrite(self, mvlgamma, p)
