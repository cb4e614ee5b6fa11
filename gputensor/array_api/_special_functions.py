"""Special functions under the names that SciPy's have: `scipy.special` finds them here and gives Arrays back.

Element by element; shapes broadcast, of two operands one may be a Python number. Integers are computed in the dtype of
the other operand, or in the default one; results follow the gradient where the function has one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._promotion import REAL, as_tensor as _as_tensor, both, check_kind
from gputensor.core.apply import as_floating, cast
from gputensor.core.tensor_base import TensorBase

Operand = gt.Tensor | int | float


def digamma(x: gt.Tensor, /) -> Array:
    """The derivative of `gammaln`.

    >>> from gputensor import array_api as xp
    >>> xp.special.digamma(xp.asarray([1.0]))
    Array([-0.5772])
    """
    return made(gt.special.digamma(plain(x)))


def entr(x: gt.Tensor, /) -> Array:
    """-x log(x); 0 at 0, -inf below.

    >>> from gputensor import array_api as xp
    >>> xp.special.entr(xp.asarray([1.0]))
    Array([-0.])
    """
    return made(gt.special.entr(plain(x)))


def erf(x: gt.Tensor, /) -> Array:
    """Error function.

    >>> from gputensor import array_api as xp
    >>> xp.special.erf(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.special.erf(plain(x)))


def erfc(x: gt.Tensor, /) -> Array:
    """1 - erf(x), exact for large x.

    >>> from gputensor import array_api as xp
    >>> xp.special.erfc(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.erfc(plain(x)))


def erfcx(x: gt.Tensor, /) -> Array:
    """exp(x²) erfc(x), without underflow on the way.

    >>> from gputensor import array_api as xp
    >>> xp.special.erfcx(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.erfcx(plain(x)))


def erfinv(x: gt.Tensor, /) -> Array:
    """Inverse of the error function.

    >>> from gputensor import array_api as xp
    >>> xp.special.erfinv(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.special.erfinv(plain(x)))


def exp2(x: gt.Tensor, /) -> Array:
    """2 to the power of x.

    >>> from gputensor import array_api as xp
    >>> xp.special.exp2(xp.asarray([3.0]))
    Array([8.])
    """
    return made(gt.special.exp2(plain(x)))


def expit(x: gt.Tensor, /) -> Array:
    """The logistic function 1 / (1 + exp(-x)).

    >>> from gputensor import array_api as xp
    >>> xp.special.expit(xp.asarray([0.0]))
    Array([0.5000])
    """
    return made(gt.special.expit(plain(x)))


def gammaln(x: gt.Tensor, /) -> Array:
    """Logarithm of the magnitude of the gamma function.

    >>> from gputensor import array_api as xp
    >>> xp.special.gammaln(xp.asarray([3.0]))
    Array([0.6931])
    """
    return made(gt.special.gammaln(plain(x)))


def i0(x: gt.Tensor, /) -> Array:
    """Modified Bessel function of the first kind of order 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.i0(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.i0(plain(x)))


def i0e(x: gt.Tensor, /) -> Array:
    """exp(-|x|) i0(x).

    >>> from gputensor import array_api as xp
    >>> xp.special.i0e(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.i0e(plain(x)))


def i1(x: gt.Tensor, /) -> Array:
    """Modified Bessel function of the first kind of order 1.

    >>> from gputensor import array_api as xp
    >>> xp.special.i1(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.special.i1(plain(x)))


def i1e(x: gt.Tensor, /) -> Array:
    """exp(-|x|) i1(x).

    >>> from gputensor import array_api as xp
    >>> xp.special.i1e(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.special.i1e(plain(x)))


def j0(x: gt.Tensor, /) -> Array:
    """Bessel function of the first kind of order 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.j0(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.bessel_j0(plain(x)))


def j1(x: gt.Tensor, /) -> Array:
    """Bessel function of the first kind of order 1.

    >>> from gputensor import array_api as xp
    >>> xp.special.j1(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.special.bessel_j1(plain(x)))


def k0(x: gt.Tensor, /) -> Array:
    """Modified Bessel function of the second kind of order 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.k0(xp.asarray([1.0]))
    Array([0.4210])
    """
    return made(gt.special.modified_bessel_k0(plain(x)))


def k0e(x: gt.Tensor, /) -> Array:
    """exp(x) k0(x).

    >>> from gputensor import array_api as xp
    >>> xp.special.k0e(xp.asarray([1.0]))
    Array([1.1445])
    """
    return made(gt.special.scaled_modified_bessel_k0(plain(x)))


def k1(x: gt.Tensor, /) -> Array:
    """Modified Bessel function of the second kind of order 1.

    >>> from gputensor import array_api as xp
    >>> xp.special.k1(xp.asarray([1.0]))
    Array([0.6019])
    """
    return made(gt.special.modified_bessel_k1(plain(x)))


def k1e(x: gt.Tensor, /) -> Array:
    """exp(x) k1(x).

    >>> from gputensor import array_api as xp
    >>> xp.special.k1e(xp.asarray([1.0]))
    Array([1.6362])
    """
    return made(gt.special.scaled_modified_bessel_k1(plain(x)))


def log_ndtr(x: gt.Tensor, /) -> Array:
    """Logarithm of the normal distribution function.

    >>> from gputensor import array_api as xp
    >>> xp.special.log_ndtr(xp.asarray([0.0]))
    Array([-0.6931])
    """
    return made(gt.special.log_ndtr(plain(x)))


def logit(x: gt.Tensor, /) -> Array:
    """log(x / (1 - x)), the inverse of `expit`.

    >>> from gputensor import array_api as xp
    >>> xp.special.logit(xp.asarray([0.5]))
    Array([0.])
    """
    return made(gt.special.logit(plain(x)))


def ndtr(x: gt.Tensor, /) -> Array:
    """Normal distribution function.

    >>> from gputensor import array_api as xp
    >>> xp.special.ndtr(xp.asarray([0.0]))
    Array([0.5000])
    """
    return made(gt.special.ndtr(plain(x)))


def ndtri(x: gt.Tensor, /) -> Array:
    """Inverse of the normal distribution function.

    >>> from gputensor import array_api as xp
    >>> xp.special.ndtri(xp.asarray([0.5]))
    Array([0.])
    """
    return made(gt.special.ndtri(plain(x)))


def psi(x: gt.Tensor, /) -> Array:
    """The derivative of `gammaln`.

    >>> from gputensor import array_api as xp
    >>> xp.special.psi(xp.asarray([1.0]))
    Array([-0.5772])
    """
    return made(gt.special.psi(plain(x)))


def sinc(x: gt.Tensor, /) -> Array:
    """sin(pi x) / (pi x); 1 at 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.sinc(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.special.sinc(plain(x)))


def y0(x: gt.Tensor, /) -> Array:
    """Bessel function of the second kind of order 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.y0(xp.asarray([1.0]))
    Array([0.0883])
    """
    return made(gt.special.bessel_y0(plain(x)))


def y1(x: gt.Tensor, /) -> Array:
    """Bessel function of the second kind of order 1.

    >>> from gputensor import array_api as xp
    >>> xp.special.y1(xp.asarray([1.0]))
    Array([-0.7812])
    """
    return made(gt.special.bessel_y1(plain(x)))


def gammainc(x1: Operand, x2: Operand, /) -> Array:
    """Regularised lower incomplete gamma function of shape x1 at x2.

    >>> from gputensor import array_api as xp
    >>> xp.special.gammainc(xp.asarray([1.0]), 1.0)
    Array([0.6321])
    """
    return two_real("special.gammainc", gt.special.gammainc, x1, x2)


def gammaincc(x1: Operand, x2: Operand, /) -> Array:
    """1 - gammainc(x1, x2), exact where that is small.

    >>> from gputensor import array_api as xp
    >>> xp.special.gammaincc(xp.asarray([1.0]), 1.0)
    Array([0.3679])
    """
    return two_real("special.gammaincc", gt.special.gammaincc, x1, x2)


def xlog1py(x1: Operand, x2: Operand, /) -> Array:
    """x1 log(1 + x2); 0 where x1 is 0, unless x2 is nan.

    >>> from gputensor import array_api as xp
    >>> xp.special.xlog1py(xp.asarray([0.0]), -1.0)
    Array([0.])
    """
    return two_real("special.xlog1py", gt.special.xlog1py, x1, x2)


def xlogy(x1: Operand, x2: Operand, /) -> Array:
    """x1 log(x2); 0 where x1 is 0, unless x2 is nan.

    >>> from gputensor import array_api as xp
    >>> xp.special.xlogy(xp.asarray([0.0]), 0.0)
    Array([0.])
    """
    return two_real("special.xlogy", gt.special.xlogy, x1, x2)


def zeta(x1: Operand, x2: Operand = 1, /) -> Array:
    """Hurwitz zeta function: the sum of 1 / (x2 + k)^x1 over k = 0, 1, …; with x2 = 1, Riemann's.

    >>> from gputensor import array_api as xp
    >>> xp.special.zeta(xp.asarray([2.0]), 1.0)
    Array([1.6449])
    """
    return two_real("special.zeta", gt.special.zeta, x1, x2)


def rel_entr(x1: Operand, x2: Operand, /) -> Array:
    """x1 log(x1 / x2); 0 where x1 is 0 and x2 is not negative, inf where an operand is negative or only x2 is 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.rel_entr(xp.asarray([1.0, 0.0]), xp.asarray([1.0, 1.0]))
    Array([0., 0.])
    """
    return two_real("special.rel_entr", _rel_entr, x1, x2)


def _rel_entr(x: Any, y: Any) -> Any:
    inside = (x > 0) & (y > 0)
    # numbers outside would give gradients of nan
    a, b = gt.where(inside, x, 1.0), gt.where(inside, y, 1.0)
    nothing = gt.where((x == 0) & (y >= 0), 0.0, gt.inf)
    return gt.where(gt.isnan(x) | gt.isnan(y), gt.nan, gt.where(inside, a * gt.log(a / b), nothing.to(a.dtype)))


def multigammaln(a: gt.Tensor, d: int, /) -> Array:
    """Logarithm of the gamma function of dimension d.

    >>> from gputensor import array_api as xp
    >>> xp.special.multigammaln(xp.asarray([3.0]), 1)
    Array([0.6931])
    """
    return made(gt.special.multigammaln(plain(a), int(d)))


def polygamma(n: int | gt.Tensor, x: gt.Tensor, /) -> Array:
    """The derivative number n of `digamma`. n: an int, or integers that broadcast with x.

    >>> from gputensor import array_api as xp
    >>> xp.special.polygamma(1, xp.asarray([1.0]))
    Array([1.6449])
    """
    if isinstance(n, TensorBase) and n.array.ndim:
        return two_real("special.polygamma", _polygamma, n, x)
    return made(gt.special.polygamma(int(n), plain(x)))


def _polygamma(n: Any, x: Any) -> Any:
    sign = gt.where(gt.remainder(n, 2) == 0, -1.0, 1.0).to(x.dtype)
    high = sign * gt.exp(gt.special.gammaln(n + 1)) * gt.special.zeta(gt.where(n == 0, 1.0, n) + 1, x)
    return gt.where(n == 0, gt.special.digamma(x), high)


def two_real(name: str, function: Callable[..., Any], x1: Any, x2: Any) -> Array:
    """function of two real operands, as plain tensors of one floating-point dtype. Raises DtypeError for others."""
    if isinstance(x1, TensorBase) and isinstance(x2, TensorBase):
        x1, x2 = _as_real(name, x1, x2)
    else:
        first = x1 if isinstance(x1, TensorBase) else x2
        if isinstance(first, TensorBase):
            check_kind(name, first, REAL)
            like = as_floating(first)
            x1, x2 = (like if x1 is first else x1), (like if x2 is first else x2)
        x1, x2 = both(name, x1, x2, REAL)
        x2 = _as_tensor(x2, x1)
    return made(function(plain(x1), plain(x2)))


def _as_real(name: str, x: Any, y: Any) -> tuple[Any, Any]:
    """Two real arrays of one floating-point dtype: integers take that of the other."""
    check_kind(name, x, REAL)
    check_kind(name, y, REAL)
    a, b = x.array.dtype, y.array.dtype
    if a.kind in "iu" and b.kind in "iu":
        return as_floating(x), as_floating(y)
    if a.kind in "iu":
        return cast(x, b), y
    if b.kind in "iu":
        return x, cast(y, a)
    return both(name, x, y, REAL)
