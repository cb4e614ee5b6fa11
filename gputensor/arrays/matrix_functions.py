"""Functions of matrices out of simpler words: the exponential, and the cofactors."""

from __future__ import annotations

import math
from typing import Any

# numerator of the [13/13] Padé approximant of exp, and the 1-norm up to which it is good to 53 bits
_PADE = (
    64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
    10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0,
)  # fmt: skip
_THETA = 5.371920351148152


def matrix_exp(xp: Any, x: Any) -> Any:
    """The word `matrix_exp`: scaling and squaring. Source: Higham 2005, SIAM J. Matrix Anal. Appl. 26, algorithm
    2.3."""
    if not math.prod(x.shape):
        return xp.copy(x, "C")
    norm = xp.max(xp.sum(xp.abs(x), (x.ndim - 2,)), (x.ndim - 2,), True)
    norm = xp.reshape(norm, (*norm.shape, 1))
    # NaN and infinity are not scaled: they come out as NaN
    good = xp.logical_and(xp.isfinite(norm), norm > _THETA)
    halvings = xp.where(good, xp.ceil(xp.log2(xp.where(good, norm, xp.ones_like(norm)) / _THETA)), xp.zeros_like(norm))
    a = x * xp.astype(xp.exp2(-halvings), x.dtype)
    out = _pade(xp, a)
    for k in range(int(xp.item(xp.max(halvings)))):
        out = xp.where(halvings > k, xp.matmul(out, out), out)
    return out


def _pade(xp: Any, a: Any) -> Any:
    b = _PADE
    one = _identity(xp, a)
    a2 = xp.matmul(a, a)
    a4 = xp.matmul(a2, a2)
    a6 = xp.matmul(a4, a2)
    odd = xp.matmul(a6, b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * one
    odd = xp.matmul(a, odd)
    even = xp.matmul(a6, b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * one
    return xp.solve(even - odd, even + odd)[0]


def cofactors(xp: Any, x: Any) -> Any:
    """The word `cofactors`: with x = U S V^H, det(U V^H) conj(U) diag(products of the other values) conj(V^H).

    Small ones are the minors themselves. Source: Higham 2020, What Is the Adjugate of a Matrix?
    """
    n = x.shape[-1]
    if 2 <= n <= 3:
        return _minors(xp, x, n)
    u, s, vh = xp.svd(x, False)
    phase = xp.det(u) * xp.det(vh)
    others = products_of_others(xp, s)
    weights = xp.astype(others, x.dtype) * xp.reshape(phase, (*phase.shape, 1))
    return xp.matmul(xp.conj(u) * xp.reshape(weights, (*s.shape[:-1], 1, s.shape[-1])), xp.conj(vh))


def _minors(xp: Any, x: Any, n: int) -> Any:
    """The cofactors of 2 by 2 and 3 by 3 matrices, by rows and columns that follow each other in a circle."""

    def at(i: int, j: int) -> Any:
        return xp.getitem(x, (..., i % n, j % n))

    rows = []
    for i in range(n):
        if n == 2:
            row = [at(i + 1, j + 1) * (-1) ** (i + j) for j in range(n)]
        else:
            row = [at(i + 1, j + 1) * at(i + 2, j + 2) - at(i + 1, j + 2) * at(i + 2, j + 1) for j in range(n)]
        rows.append(xp.stack(row, len(x.shape) - 2))
    return xp.stack(rows, len(x.shape) - 2)


def products_of_others(xp: Any, s: Any) -> Any:
    """(..., n) -> (..., n): for each element the product of all others, zeros among them allowed."""
    zero = xp.astype(s == 0, s.dtype)
    last = (len(s.shape) - 1,)
    filled = s + zero
    alone = xp.astype(xp.sum(zero, last, True) - zero == 0, s.dtype)
    return alone * (xp.prod(filled, last, True) / filled)


def products_of_other_pairs(xp: Any, s: Any) -> Any:
    """(..., n) -> (..., n, n): for each two elements the product of all others; of the diagonal nothing is promised."""
    zero = xp.astype(s == 0, s.dtype)
    last = (len(s.shape) - 1,)
    filled = s + zero
    lead, n = s.shape[:-1], s.shape[-1]
    count = xp.reshape(xp.sum(zero, last, True), (*lead, 1, 1))
    row, column = xp.reshape(zero, (*lead, n, 1)), xp.reshape(zero, (*lead, 1, n))
    alone = xp.astype(count - row - column == 0, s.dtype)
    total = xp.reshape(xp.prod(filled, last, True), (*lead, 1, 1))
    return alone * (total / xp.reshape(filled, (*lead, n, 1)) / xp.reshape(filled, (*lead, 1, n)))


def _identity(xp: Any, x: Any) -> Any:
    return xp.tril(xp.triu(xp.ones_like(x), 0), 0)
