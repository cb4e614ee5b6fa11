"""Factorizations over NumPy and LAPACK. SciPy is loaded for what NumPy lacks, on first need."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import prod
from typing import Any

import numpy as np

from gputensor.arrays import elimination, matrix_functions, numpy_ as _words
from gputensor.errors import LinAlgError

Array = np.ndarray

# matrices of a batch from which on a column at a time for all is quicker than LAPACK matrix by matrix
_MANY = 64


def cholesky(x: Array) -> tuple[Array, Array]:
    info = np.zeros(x.shape[:-2], np.int32)
    try:
        out = np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        potrf = _lapack("potrf", x.dtype)
        out = np.array(x, order="C")
        for at in np.ndindex(x.shape[:-2]):
            factor, info[at] = potrf(x[at], lower=1)
            out[at] = np.tril(factor)
    # NaN and infinities are not always noticed
    pivots = np.diagonal(out, 0, -2, -1).real
    wrong = ~((pivots > 0) & (pivots < np.inf))
    if wrong.any():
        info = np.where(wrong.any(-1) & (info == 0), wrong.argmax(-1) + 1, info).astype(np.int32)
    return out, info


def cofactors(x: Array) -> Array:
    finite = np.logical_and.reduce(np.isfinite(x), (-2, -1), keepdims=True)
    if finite.all():
        return matrix_functions.cofactors(_words, x)
    # no singular values of NaN or infinity are found
    return np.where(finite, matrix_functions.cofactors(_words, np.where(finite, x, 0)), np.asarray(np.nan, x.dtype))


def det(x: Array) -> Array:
    # NumPy would warn of NaN from a file of its own, which no filter for this package keeps quiet
    with np.errstate(all="ignore"):
        return np.asarray(np.linalg.det(x))


def eig(x: Array) -> tuple[Array, Array]:
    values, vectors = _converging("eig", np.linalg.eig, x)
    return _complex(values), _complex(vectors)


def eigvals(x: Array) -> Array:
    return _complex(_converging("eigvals", np.linalg.eigvals, x))


def eigh(x: Array) -> tuple[Array, Array]:
    values, vectors = _converging("eigh", np.linalg.eigh, x)
    return values, vectors


def eigvalsh(x: Array) -> Array:
    return _converging("eigvalsh", np.linalg.eigvalsh, x)


def geqrf(x: Array) -> tuple[Array, Array]:
    packed, tau = np.linalg.qr(x, mode="raw")
    return np.ascontiguousarray(packed.swapaxes(-1, -2)), tau


def ldl_factor(x: Array, hermitian: bool) -> tuple[Array, Array, Array]:
    sytrf = _lapack(_ldl_name(x, hermitian) + "trf", x.dtype)
    out = np.array(x, order="C")
    pivots = np.zeros(x.shape[:-1], np.int32)
    info = np.zeros(x.shape[:-2], np.int32)
    for at in np.ndindex(x.shape[:-2]) if x.shape[-1] else ():
        out[at], pivots[at], info[at] = sytrf(x[at], lower=1)
    # SciPy counts the pivots of LAPACK from 1 here, as we do
    return np.tril(out), pivots, info


def ldl_solve(packed: Array, pivots: Array, b: Array, hermitian: bool) -> Array:
    """By the definition of LAPACK's pivots: x = P L D L^T P^T, one interchange and one block after the other."""
    out = np.array(b, order="C")
    for at in np.ndindex(packed.shape[:-2]) if b.size else ():
        out[at] = _ldl_solved(packed[at], pivots[at], out[at], hermitian)
    return out


def _ldl_solved(packed: Array, pivots: Array, x: Array, hermitian: bool) -> Array:
    n = len(pivots)
    steps = []
    k = 0
    while k < n:
        steps.append((k, 1 if pivots[k] > 0 else 2))
        k += steps[-1][1]
    for k, size in steps:
        _swap(x, k + size - 1, abs(int(pivots[k])) - 1)
        x[k + size :] -= packed[k + size :, k : k + size] @ x[k : k + size]
        if size == 1:
            x[k] /= np.real(packed[k, k]) if hermitian else packed[k, k]
        else:
            block = packed[k : k + 2, k : k + 2].copy()
            block[0, 1] = block[1, 0].conj() if hermitian else block[1, 0]
            x[k : k + 2] = np.linalg.solve(block, x[k : k + 2])
    for k, size in reversed(steps):
        below = packed[k + size :, k : k + size]
        x[k : k + size] -= (below.conj() if hermitian else below).T @ x[k + size :]
        _swap(x, k + size - 1, abs(int(pivots[k])) - 1)
    return x


def _swap(x: Array, i: int, j: int) -> None:
    if i != j:
        x[[i, j]] = x[[j, i]]


def lu_factor(x: Array, pivot: bool) -> tuple[Array, Array, Array]:
    count, k = prod(x.shape[:-2]), min(x.shape[-2:])
    if not pivot or not k or count > max(_MANY, k):
        return elimination.lu_factor(_words, x, pivot)
    getrf = _lapack("getrf", x.dtype)
    out = np.array(x, order="C")
    pivots = np.zeros((*x.shape[:-2], k), np.int32)
    info = np.zeros(x.shape[:-2], np.int32)
    for at in np.ndindex(x.shape[:-2]):
        out[at], places, info[at] = getrf(x[at])
        pivots[at] = places + 1  # SciPy counts these from 0
    return out, pivots, info


def matrix_exp(x: Array) -> Array:
    return matrix_functions.matrix_exp(_words, x)


def qr(x: Array, complete: bool) -> tuple[Array, Array]:
    q, r = np.linalg.qr(x, mode="complete" if complete else "reduced")
    return q, r


def row_order(pivots: Array, n: int) -> Array:
    return elimination.row_order(pivots, n)


def slogdet(x: Array) -> tuple[Array, Array]:
    with np.errstate(all="ignore"):
        sign, size = np.linalg.slogdet(x)
    return np.asarray(sign), np.asarray(size)


def solve(a: Array, b: Array) -> tuple[Array, Array]:
    info = np.zeros(a.shape[:-2], np.int32)
    try:
        return np.linalg.solve(a, b), info
    except np.linalg.LinAlgError:
        packed, pivots, info = lu_factor(a, True)
    order = np.broadcast_to(row_order(pivots, a.shape[-1])[..., None], b.shape)
    half = solve_triangular(packed, np.take_along_axis(b, order, -2), False, True)
    return solve_triangular(packed, half, True, False), info


def solve_triangular(a: Array, b: Array, upper: bool, unit: bool) -> Array:
    count, n = prod(a.shape[:-2]), a.shape[-1]
    if not b.size or count > max(_MANY, n):
        return elimination.solve_triangular(_words, a, b, upper, unit)
    trsm = _blas("trsm", a.dtype)
    out = np.empty(b.shape, b.dtype)
    for at in np.ndindex(a.shape[:-2]):
        # BLAS reads columns first: a row-major a is its own transpose there
        if a[at].flags.c_contiguous:
            out[at] = trsm(1.0, a[at].T, b[at], lower=upper, trans_a=1, diag=unit)
        else:
            out[at] = trsm(1.0, a[at], b[at], lower=not upper, diag=unit)
    return out


def svd(x: Array, full: bool) -> tuple[Array, Array, Array]:
    u, s, vh = _converging("svd", np.linalg.svd, x, full)
    return u, s, vh


def svdvals(x: Array) -> Array:
    if not x.size:
        return np.zeros((*x.shape[:-2], min(x.shape[-2:])), np.real(x).dtype)
    return _converging("svdvals", np.linalg.svd, x, False, False)


def _converging(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """function(*args); LinAlgError names the first matrix of the batch that fails."""
    try:
        return function(*args)
    except np.linalg.LinAlgError as error:
        x = args[0]
        for at in np.ndindex(x.shape[:-2]):
            try:
                function(x[at], *args[1:])
            except np.linalg.LinAlgError:
                place = f" (batch element {at[0] if len(at) == 1 else at})" if at else ""
                why = "it contains NaN or infinity" if not np.isfinite(x[at]).all() else "it is ill-conditioned"
                raise LinAlgError(
                    f"{name}: the algorithm did not converge for the matrix{place}: {why}; check the input with "
                    "gputensor.isfinite"
                ) from None
        raise LinAlgError(f"{name}: the algorithm did not converge: {error}") from None


def _complex(x: Array) -> Array:
    return x if x.dtype.kind == "c" else x.astype(np.result_type(x.dtype, np.complex64))


def _ldl_name(x: Array, hermitian: bool) -> str:
    return "he" if hermitian and x.dtype.kind == "c" else "sy"


@cache
def _lapack(name: str, dtype: np.dtype) -> Callable[..., Any]:
    from scipy.linalg import get_lapack_funcs

    found: Any = get_lapack_funcs(name, dtype=dtype)
    return found


@cache
def _blas(name: str, dtype: np.dtype) -> Callable[..., Any]:
    from scipy.linalg import get_blas_funcs

    found: Any = get_blas_funcs(name, dtype=dtype)
    return found
