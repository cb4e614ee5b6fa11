"""Elimination over batches of matrices, a column at a time for the whole batch, out of the simplest words.

For libraries that have no better, for large batches of small matrices, and for tests. Every function takes the
namespace whose word it is.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

_INT32 = np.dtype(np.int32)
_INT64 = np.dtype(np.int64)
_ALL = slice(None)


def lu_factor(xp: Any, x: Any, pivot: bool) -> tuple[Any, Any, Any]:
    """The word `lu_factor`: Gauss's elimination with the largest element of each column as its pivot."""
    lead, (m, n) = x.shape[:-2], x.shape[-2:]
    count, k = prod(lead), min(m, n)
    lu = xp.copy(xp.reshape(x, (count, m, n)), "C")
    pivots = xp.zeros((count, k), _INT32)
    info = xp.zeros((count,), _INT32)
    rows = xp.arange(0, count, 1, _INT64)
    for j in range(k if count else 0):
        at = (_ALL, j)
        if pivot:
            best = xp.argmax(_size(xp, xp.getitem(lu, (_ALL, slice(j, None), j))), 1) + j
            mine, other = xp.copy(xp.getitem(lu, at)), xp.index_get(lu, (rows, best))
            xp.index_write(lu, (rows, best), mine)
            xp.copy_into(xp.getitem(lu, at), other)
            xp.copy_into(xp.getitem(pivots, at), xp.astype(best + 1, _INT32))
        else:
            xp.copy_into(xp.getitem(pivots, at), xp.full((count,), j + 1, _INT32))
        d = xp.getitem(lu, (_ALL, slice(j, j + 1), j))
        zero = xp.equal(d, xp.zeros_like(d))
        new = xp.logical_and(xp.reshape(zero, (count,)), xp.equal(info, xp.zeros_like(info)))
        info = xp.where(new, xp.full((count,), j + 1, _INT32), info)
        below = xp.getitem(lu, (_ALL, slice(j + 1, None), j))
        xp.copy_into(below, below / xp.where(zero, xp.ones_like(d), d))
        rest = xp.getitem(lu, (_ALL, slice(j + 1, None), slice(j + 1, None)))
        right = xp.getitem(lu, (_ALL, slice(j, j + 1), slice(j + 1, None)))
        xp.copy_into(rest, rest - xp.reshape(below, (count, m - j - 1, 1)) * right)
    return xp.reshape(lu, (*lead, m, n)), xp.reshape(pivots, (*lead, k)), xp.reshape(info, lead)


def _size(xp: Any, x: Any) -> Any:
    """What LAPACK compares: of complex numbers |re| + |im|."""
    size = xp.abs(x)
    return size if size.dtype == x.dtype else xp.abs(xp.real(x)) + xp.abs(xp.imag(x))


def solve_triangular(xp: Any, a: Any, b: Any, upper: bool, unit: bool) -> Any:
    """The word `solve_triangular`: substitution, a row at a time for the whole batch."""
    lead, n, m = a.shape[:-2], a.shape[-1], b.shape[-1]
    count = prod(lead)
    x = xp.copy(xp.reshape(b, (count, n, m)), "C")
    a = xp.reshape(a, (count, n, n))
    for i in reversed(range(n)) if upper else range(n):
        row = xp.getitem(x, (_ALL, slice(i, i + 1)))
        done = slice(i + 1, None) if upper else slice(0, i)
        if n > 1:
            known = xp.matmul(xp.getitem(a, (_ALL, slice(i, i + 1), done)), xp.getitem(x, (_ALL, done)))
            row = row - known
        if not unit:
            row = row / xp.getitem(a, (_ALL, slice(i, i + 1), slice(i, i + 1)))
        xp.copy_into(xp.getitem(x, (_ALL, slice(i, i + 1))), row)
    return xp.reshape(x, (*lead, n, m))


def row_order(pivots: np.ndarray, n: int) -> np.ndarray:
    """The word `row_order` over NumPy: the swaps one after the other, each for the whole batch."""
    lead, k = pivots.shape[:-1], pivots.shape[-1]
    swaps = np.reshape(pivots, (prod(lead), k)).astype(np.int64) - 1
    order = np.broadcast_to(np.arange(n), (prod(lead), n)).copy()
    rows = np.arange(prod(lead))
    for j in range(k):
        other = swaps[:, j]
        mine = order[:, j].copy()
        order[:, j] = order[rows, other]
        order[rows, other] = mine
    return order.reshape(*lead, n)
