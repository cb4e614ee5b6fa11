"""Factorizations over cuSOLVER and cuBLAS, through CuPy.

CuPy keeps the error numbers of cuSOLVER to itself, so `info` is read off the results. What CuPy lacks is composed
(elimination of batches) or computed on the host: general eigenvalues, as PyTorch does (cuSOLVER's need CUDA 12.6, and
a matrix at a time), and Bunch and Kaufman's factorization, which CuPy does not wrap.
"""

import warnings
from math import prod
from typing import Any

import cupy
import numpy as np
from cupy import ndarray

from gputensor.arrays import elimination, matrix_functions, numpy_ as host
from gputensor.arrays.cupy_.placement import placed

_INT32 = np.dtype(np.int32)
_INT64 = np.dtype(np.int64)


class FactorizationWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def cholesky(self, x: ndarray) -> tuple[ndarray, ndarray]:
        # the other triangle is not zeroed beforehand: cuSOLVER reads one only
        out = cupy.linalg.cholesky(x)
        return out, _first(~(cupy.diagonal(out, 0, -2, -1).real > 0))

    @placed
    def cofactors(self, x: ndarray) -> ndarray:
        return matrix_functions.cofactors(self, x)

    @placed
    def det(self, x: ndarray) -> ndarray:
        return cupy.asarray(cupy.linalg.det(x))

    @placed
    def eig(self, x: ndarray) -> tuple[ndarray, ndarray]:
        values, vectors = host.eig(cupy.asnumpy(x))
        return cupy.asarray(values), cupy.asarray(vectors)

    @placed
    def eigh(self, x: ndarray) -> tuple[ndarray, ndarray]:
        values, vectors = cupy.linalg.eigh(x)
        return values, vectors

    @placed
    def eigvals(self, x: ndarray) -> ndarray:
        return cupy.asarray(host.eigvals(cupy.asnumpy(x)))

    @placed
    def eigvalsh(self, x: ndarray) -> ndarray:
        return cupy.linalg.eigvalsh(x)

    @placed
    def geqrf(self, x: ndarray) -> tuple[ndarray, ndarray]:
        packed, tau = cupy.linalg.qr(x, "raw")
        return cupy.ascontiguousarray(packed.swapaxes(-1, -2)), tau

    @placed
    def ldl_factor(self, x: ndarray, hermitian: bool) -> tuple[ndarray, ndarray, ndarray]:
        packed, pivots, info = host.ldl_factor(cupy.asnumpy(x), hermitian)
        return cupy.asarray(packed), cupy.asarray(pivots), cupy.asarray(info)

    @placed
    def ldl_solve(self, packed: ndarray, pivots: ndarray, b: ndarray, hermitian: bool) -> ndarray:
        arrays = [cupy.asnumpy(a) for a in (packed, pivots, b)]
        return cupy.asarray(host.ldl_solve(arrays[0], arrays[1], arrays[2], hermitian))

    @placed
    def lu_factor(self, x: ndarray, pivot: bool) -> tuple[ndarray, ndarray, ndarray]:
        k = min(x.shape[-2:])
        if not pivot or not k or x.ndim > 2:
            return elimination.lu_factor(self, x, pivot)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # singular: info says so
            packed, pivots = _scipy().lu_factor(x, False, False)
        return packed, (pivots + 1).astype(_INT32), _first(cupy.diagonal(packed, 0, -2, -1) == 0)

    @placed
    def matrix_exp(self, x: ndarray) -> ndarray:
        return matrix_functions.matrix_exp(self, x)

    @placed
    def qr(self, x: ndarray, complete: bool) -> tuple[ndarray, ndarray]:
        q, r = cupy.linalg.qr(x, "complete" if complete else "reduced")
        return q, r

    @placed
    def row_order(self, pivots: ndarray, n: int) -> ndarray:
        # one swap after the other: nothing for a GPU, and little to move
        return cupy.asarray(elimination.row_order(cupy.asnumpy(pivots), n))

    @placed
    def slogdet(self, x: ndarray) -> tuple[ndarray, ndarray]:
        sign, size = cupy.linalg.slogdet(x)
        return cupy.asarray(sign), cupy.asarray(size)

    @placed
    def solve(self, a: ndarray, b: ndarray) -> tuple[ndarray, ndarray]:
        if not prod(b.shape):
            return cupy.zeros(b.shape, b.dtype), cupy.zeros(a.shape[:-2], _INT32)
        x = cupy.linalg.solve(a, b)
        # a zero pivot divides by zero; what was not finite before is no sign of one
        good = cupy.isfinite(a).all((-2, -1)) & cupy.isfinite(b).all((-2, -1))
        return x, _first(~cupy.isfinite(x).all(-1) & good[..., None])

    @placed
    def solve_triangular(self, a: ndarray, b: ndarray, upper: bool, unit: bool) -> ndarray:
        if not prod(b.shape):
            return b.copy()
        return _scipy().solve_triangular(a, b, 0, not upper, unit)

    @placed
    def svd(self, x: ndarray, full: bool) -> tuple[ndarray, ndarray, ndarray]:
        u, s, vh = cupy.linalg.svd(x, full, True)
        return u, s, vh

    @placed
    def svdvals(self, x: ndarray) -> ndarray:
        return cupy.linalg.svd(x, False, False)


def _scipy() -> Any:
    """Loaded at first need: it loads cuBLAS and cuSOLVER at once, which a machine may lack."""
    from cupyx.scipy import linalg

    return linalg


def _first(wrong: ndarray) -> ndarray:
    """(..., n) -> (...): where the first wrong entry is, counted from 1; 0 where there is none."""
    if not wrong.shape[-1]:
        return cupy.zeros(wrong.shape[:-1], _INT32)
    return cupy.where(wrong.any(-1), wrong.argmax(-1) + 1, 0).astype(_INT32)
