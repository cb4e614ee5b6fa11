"""Products and factorizations over array-api-strict: the standard's where it has them, else through NumPy's words."""

import array_api_strict as std
import numpy as np

from gputensor.arrays import elimination, matrix_functions, numpy_


def _through(word, *arguments):
    out = getattr(numpy_, word)(*[np.asarray(a) if isinstance(a, std.asarray([]).__class__) else a for a in arguments])
    return tuple([std.asarray(o) for o in out]) if isinstance(out, tuple) else std.asarray(out)


class LinalgWords:
    __slots__ = ()

    def cholesky(self, x):
        factor, info = _through("cholesky", x)
        return (factor if bool(std.any(info != 0)) else std.linalg.cholesky(x)), info

    def cofactors(self, x):
        return matrix_functions.cofactors(self, x)

    def det(self, x):
        return std.linalg.det(x)

    def eig(self, x):
        return _through("eig", x)

    def eigh(self, x):
        return tuple(std.linalg.eigh(x))

    def eigvals(self, x):
        return _through("eigvals", x)

    def eigvalsh(self, x):
        return std.linalg.eigvalsh(x)

    def geqrf(self, x):
        return _through("geqrf", x)

    def ldl_factor(self, x, hermitian):
        return _through("ldl_factor", x, hermitian)

    def ldl_solve(self, packed, pivots, b, hermitian):
        return _through("ldl_solve", packed, pivots, b, hermitian)

    def lu_factor(self, x, pivot):
        return elimination.lu_factor(self, x, pivot)

    def matmul(self, x, y):
        return std.matmul(x, y)

    def matrix_exp(self, x):
        return matrix_functions.matrix_exp(self, x)

    def qr(self, x, complete):
        return tuple(std.linalg.qr(x, mode="complete" if complete else "reduced"))

    def row_order(self, pivots, n):
        return _through("row_order", pivots, n)

    def slogdet(self, x):
        return tuple(std.linalg.slogdet(x))

    def solve(self, a, b):
        return _through("solve", a, b)

    def solve_triangular(self, a, b, upper, unit):
        return elimination.solve_triangular(self, a, b, upper, unit)

    def svd(self, x, full):
        return tuple(std.linalg.svd(x, full_matrices=full))

    def svdvals(self, x):
        return std.linalg.svdvals(x)
