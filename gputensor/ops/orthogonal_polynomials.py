"""Orthogonal polynomials, element by element, without gradients as in PyTorch.

Up to degree 8 all come from their recurrence; above, Chebyshev's have closed forms, and the others go on with it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import cast, constant
from gputensor.core.explain import describe, host_of_all
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, F64, HALF, floating_type
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError
from gputensor.ops.operands import REAL, Number, both, common_dtype
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

LOW = 8
HIGHEST = 100_000  # the recurrence takes a few seconds there
HERMITE_LIMIT = 128, 512  # degrees from which on Hermite's are nan, in float32 and float64, as in PyTorch


class Chebyshev(Primitive):
    """p[n+1] = 2 x p[n] - p[n-1], from p[0] = 1 and p[1], which makes the kind: x, 2x, 2x - 1 or 2x + 1."""

    __slots__ = ("kind", "shifted")

    def __init__(self, kind: str, shifted: bool) -> None:
        self.kind = kind
        self.shifted = shifted

    def forward(self, xp: Any, x: Any, n: Any) -> Any:
        x = x + x - 1 if self.shifted else x
        n = xp.trunc(n)
        before = xp.ones_like(x)
        p = x if self.kind == "t" else x + x + {"u": 0, "v": -1, "w": 1}[self.kind]
        out = xp.where(n == 0, before, p)
        for k in range(2, LOW + 1):
            before, p = p, 2 * x * p - before
            out = xp.where(n == k, p, out)
        out = xp.where(n > LOW, self._closed(xp, x, n), out)
        return xp.where(n < 0, xp.zeros_like(out), out)

    def _closed(self, xp: Any, x: Any, n: Any) -> Any:
        """With x = cos(a) inside and |x| = cosh(a) outside; the sign of x to the power n."""
        zero = xp.zeros_like(x * n)
        x, n = x + zero, n + zero
        inside = xp.abs(x) < 1
        a = xp.acos(xp.where(inside, x, zero))
        b = xp.acosh(xp.where(inside, zero + 1, xp.abs(x)))
        flip = xp.where((x < 0) & (xp.remainder(n, zero + 2) == 1), zero - 1, zero + 1)
        if self.kind == "t":
            return xp.where(inside, xp.cos(n * a), flip * xp.cosh(n * b))
        end = xp.abs(x) == 1  # the quotients below are 0/0 there
        b = xp.where(end, zero + 1, b)
        if self.kind == "u":
            out = xp.where(inside, xp.sin((n + 1) * a) / xp.sin(a), flip * xp.sinh((n + 1) * b) / xp.sinh(b))
            return xp.where(end, flip * (n + 1), out)
        m = n + 0.5
        # w(x) is v(-x) with the sign; v is near its small values on the right
        small = x > 0 if self.kind == "v" else x < 0
        growing, falling = xp.cosh(m * b) / xp.cosh(b / 2), xp.sinh(m * b) / xp.sinh(b / 2)
        outside = flip * xp.where(small, growing, falling)
        outside = xp.where(end, flip * xp.where(small, zero + 1, n + n + 1), outside)
        wave = xp.cos(m * a) / xp.cos(a / 2) if self.kind == "v" else xp.sin(m * a) / xp.sin(a / 2)
        return xp.where(inside, wave, outside)


class Recurrence(Primitive):
    """The polynomials of Hermite, Laguerre and Legendre up to the degree `top`."""

    __slots__ = ("kind", "limit", "top")

    def __init__(self, kind: str, top: int, limit: int | None) -> None:
        self.kind = kind
        self.top = top
        self.limit = limit  # degrees above it give nan

    def forward(self, xp: Any, x: Any, n: Any) -> Any:
        n = xp.trunc(n)
        before = xp.ones_like(x)
        p = x + x if self.kind == "h" else 1 - x if self.kind == "l" else x
        out = xp.where(n == 0, before, p)
        top = self.top
        if self.limit is not None:
            top = min(top, self.limit)
            out = xp.where(n > self.limit, xp.zeros_like(out) + math.nan, out)
        for k in range(1, top):
            before, p = p, self._next(x, p, before, k)
            out = xp.where(n == k + 1, p, out)
        return xp.where(n < 0, xp.zeros_like(out), out)

    def _next(self, x: Any, p: Any, before: Any, k: int) -> Any:
        if self.kind == "h":
            return 2 * x * p - 2 * k * before
        if self.kind == "he":
            return x * p - k * before
        factor = 2 * k + 1 - x if self.kind == "l" else (2 * k + 1) * x
        return (factor * p - k * before) / (k + 1)


T, U, V, W = Chebyshev("t", False), Chebyshev("u", False), Chebyshev("v", False), Chebyshev("w", False)
SHIFTED_T, SHIFTED_U = Chebyshev("t", True), Chebyshev("u", True)
SHIFTED_V, SHIFTED_W = Chebyshev("v", True), Chebyshev("w", True)


def chebyshev_polynomial_t(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the first kind and degree n: cos(n * acos(x)) for |x| <= 1.

    Shapes broadcast; dtypes promote, integers to the default dtype; n is rounded towards 0, and a negative one gives 0.
    No gradient, as in PyTorch. Raises DtypeError for complex numbers. Source: DLMF 18.3 and 18.5.

    >>> import gputensor as gt
    >>> gt.special.chebyshev_polynomial_t(gt.tensor([0.5, 2.0]), 3)
    tensor([-1., 26.])
    """
    return _polynomial("chebyshev_polynomial_t", T, x, n, out)


def chebyshev_polynomial_u(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the second kind and degree n: sin((n + 1) * a) / sin(a), x = cos(a).

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.chebyshev_polynomial_u(gt.tensor([0.5, 2.0]), 3)
    tensor([-1., 56.])
    """
    return _polynomial("chebyshev_polynomial_u", U, x, n, out)


def chebyshev_polynomial_v(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the third kind and degree n: cos((n + 1/2) * a) / cos(a / 2), x = cos(a).

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.chebyshev_polynomial_v(gt.tensor([0.5, 2.0]), 3)
    tensor([-1., 41.])
    """
    return _polynomial("chebyshev_polynomial_v", V, x, n, out)


def chebyshev_polynomial_w(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the fourth kind and degree n: sin((n + 1/2) * a) / sin(a / 2), x = cos(a).

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.chebyshev_polynomial_w(gt.tensor([0.5, 2.0]), 3)
    tensor([-1., 71.])
    """
    return _polynomial("chebyshev_polynomial_w", W, x, n, out)


def shifted_chebyshev_polynomial_t(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """`chebyshev_polynomial_t` of 2 * x - 1.

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.shifted_chebyshev_polynomial_t(gt.tensor([0.5, 1.0]), 2)
    tensor([-1.,  1.])
    """
    return _polynomial("shifted_chebyshev_polynomial_t", SHIFTED_T, x, n, out)


def shifted_chebyshev_polynomial_u(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """`chebyshev_polynomial_u` of 2 * x - 1.

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.shifted_chebyshev_polynomial_u(gt.tensor([0.5, 1.0]), 2)
    tensor([-1.,  3.])
    """
    return _polynomial("shifted_chebyshev_polynomial_u", SHIFTED_U, x, n, out)


def shifted_chebyshev_polynomial_v(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """`chebyshev_polynomial_v` of 2 * x - 1.

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.shifted_chebyshev_polynomial_v(gt.tensor([0.5, 1.0]), 2)
    tensor([-1.,  1.])
    """
    return _polynomial("shifted_chebyshev_polynomial_v", SHIFTED_V, x, n, out)


def shifted_chebyshev_polynomial_w(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """`chebyshev_polynomial_w` of 2 * x - 1.

    Operands and errors as `chebyshev_polynomial_t`.

    >>> import gputensor as gt
    >>> gt.special.shifted_chebyshev_polynomial_w(gt.tensor([0.5, 1.0]), 2)
    tensor([-1.,  5.])
    """
    return _polynomial("shifted_chebyshev_polynomial_w", SHIFTED_W, x, n, out)


def hermite_polynomial_h(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The physicists' Hermite polynomial of degree n: p[n+1] = 2 x p[n] - 2 n p[n-1], from 1 and 2 x.

    Operands and errors as `chebyshev_polynomial_t`; nan above degree 128 (512 in float64). A tensor n is read by the
    host for its largest degree. Source: DLMF 18.9.

    >>> import gputensor as gt
    >>> gt.special.hermite_polynomial_h(gt.tensor([0.5, 2.0]), 3)
    tensor([-5., 40.])
    """
    return _polynomial("hermite_polynomial_h", "h", x, n, out)


def hermite_polynomial_he(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The probabilists' Hermite polynomial of degree n: p[n+1] = x p[n] - n p[n-1], from 1 and x.

    Operands and errors as `hermite_polynomial_h`.

    >>> import gputensor as gt
    >>> gt.special.hermite_polynomial_he(gt.tensor([0.5, 2.0]), 3)
    tensor([-1.3750,  2.0000])
    """
    return _polynomial("hermite_polynomial_he", "he", x, n, out)


def laguerre_polynomial_l(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Laguerre polynomial of degree n: (n+1) p[n+1] = (2n + 1 - x) p[n] - n p[n-1], from 1 and 1 - x.

    Operands and errors as `chebyshev_polynomial_t`. A tensor n is read by the host for its largest degree. Raises
    ValueError for a degree above 100,000. Source: DLMF 18.9. Unlike torch: there is such a bound.

    >>> import gputensor as gt
    >>> gt.special.laguerre_polynomial_l(gt.tensor([0.5, 2.0]), 3)
    tensor([-0.1458, -0.3333])
    """
    return _polynomial("laguerre_polynomial_l", "l", x, n, out)


def legendre_polynomial_p(x: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Legendre polynomial of degree n: (n+1) p[n+1] = (2n + 1) x p[n] - n p[n-1], from 1 and x.

    Operands and errors as `chebyshev_polynomial_t`. A tensor n is read by the host for its largest degree. Raises
    ValueError for a degree above 100,000. Source: DLMF 18.9. Unlike torch: there is such a bound.

    >>> import gputensor as gt
    >>> gt.special.legendre_polynomial_p(gt.tensor([0.5, 2.0]), 3)
    tensor([-0.4375, 17.0000])
    """
    return _polynomial("legendre_polynomial_p", "p", x, n, out)


def _polynomial(name: str, prim: Primitive | str, x: Any, n: Any, out: Any) -> Any:
    """The operands as floats of one dtype, 16-bit ones in float32, rounded once."""
    degree = n
    x, n = both(name, x, n)
    d = floating_type(common_dtype(x, n))
    if d not in REAL:
        raise DtypeError(f"{name}: not defined for complex numbers, got {describe(x)} and {describe(n)}")
    wide = F32 if d in HALF else d
    x, n = cast(x.detach(), wide), cast(n.detach(), wide)
    if isinstance(prim, str):
        limit = HERMITE_LIMIT[wide == F64] if prim in ("h", "he") else None
        top = _top(n) if isinstance(degree, TensorBase) else _whole(degree)
        if top > HIGHEST and limit is None:
            raise ArgumentError(
                f"{name}: a degree of {top} takes as many steps over all of x; use one of at most {HIGHEST}"
            )
        prim = Recurrence(prim, top, limit)
    result = cast(constant(prim, (x, n)), d)
    return result if out is None else into(name, out, result)


def _top(n: Any) -> int:
    return _whole(host_of_all(n.xp, n.xp.max(n.array)).max()) if n.array.size else 0


def _whole(n: Any) -> int:
    return int(n) if math.isfinite(n) else 0
