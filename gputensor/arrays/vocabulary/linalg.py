"""Products, factorizations and what is solved with them, over matrices in the last two axes.

16-bit floats are multiplied and summed in float32 and rounded once; all words but `matmul` take float32, float64,
complex64 and complex128 only. Operands of one word have the same leading axes. No word raises for a singular or an
indefinite matrix: `info`, int32 of the leading axes, is 0 where all went well and else LAPACK's positive number.
LinAlgError is raised where an iteration does not converge.
"""

from typing import Protocol

from gputensor.arrays.vocabulary.terms import A


class Linalg(Protocol[A]):
    def cholesky(self, x: A) -> tuple[A, A]:
        """(L, info), read from the lower triangle; the standard's says not which matrix of a batch is indefinite."""
        ...

    def cofactors(self, x: A) -> A:
        """The gradient of `det`, finite for singular matrices too, where det(x) inv(x) is not."""
        ...

    def det(self, x: A) -> A:
        """The standard's `linalg.det`."""
        ...

    def eig(self, x: A) -> tuple[A, A]:
        """(values, vectors), complex, vectors of length 1; in this version of the standard it is missing."""
        ...

    def eigh(self, x: A) -> tuple[A, A]:
        """(values, vectors), values rising, read from the lower triangle."""
        ...

    def eigvals(self, x: A) -> A:
        """The values of `eig` alone: half the work."""
        ...

    def eigvalsh(self, x: A) -> A:
        """The values of `eigh` alone: a third of the work."""
        ...

    def geqrf(self, x: A) -> tuple[A, A]:
        """(packed, tau): the reflectors below R, as LAPACK leaves them: torch.geqrf hands them out."""
        ...

    def ldl_factor(self, x: A, hermitian: bool) -> tuple[A, A, A]:
        """(packed, pivots, info) of x = L D L^T (L D L^H), Bunch and Kaufman's, LAPACK's: no composition pivots so."""
        ...

    def ldl_solve(self, packed: A, pivots: A, b: A, hermitian: bool) -> A:
        """The solution with what `ldl_factor` gave."""
        ...

    def lu_factor(self, x: A, pivot: bool) -> tuple[A, A, A]:
        """(packed, pivots, info): L, with ones on its diagonal, below U; pivots count rows from 1, as LAPACK's."""
        ...

    def matmul(self, x: A, y: A) -> A: ...

    def matrix_exp(self, x: A) -> A:
        """A word because how often to halve and square depends on values."""
        ...

    def qr(self, x: A, complete: bool) -> tuple[A, A]:
        """(Q, R), reduced or complete, the diagonal of R real."""
        ...

    def row_order(self, pivots: A, n: int) -> A:
        """Which of n rows stands at each place (int64) after swaps as `lu_factor` counts them: they are sequential."""
        ...

    def slogdet(self, x: A) -> tuple[A, A]:
        """(sign, log of the absolute value); 0 and -inf for a singular matrix."""
        ...

    def solve(self, a: A, b: A) -> tuple[A, A]:
        """(x, info) with a x = b for matrices b; x is not finite where a is singular. The standard's raises."""
        ...

    def solve_triangular(self, a: A, b: A, upper: bool, unit: bool) -> A:
        """x with a x = b; one triangle of a is read, unit: but for its diagonal. Infinite where that has zeros."""
        ...

    def svd(self, x: A, full: bool) -> tuple[A, A, A]:
        """(U, S, V^H), S falling."""
        ...

    def svdvals(self, x: A) -> A:
        """The values of `svd` alone: a fraction of the work."""
        ...
