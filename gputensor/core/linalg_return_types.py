"""The named tuples of linear algebra; they print as PyTorch's. `gputensor.return_types` collects them.

>>> import gputensor as gt
>>> gt.linalg.slogdet(gt.eye(2))
gputensor.return_types.linalg_slogdet(
sign=tensor(1.),
logabsdet=tensor(0.))
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gputensor.core.return_types import printed


class geqrf(NamedTuple):
    """The reflectors below R, and their factors."""

    a: Any
    tau: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_cholesky_ex(NamedTuple):
    """The Cholesky factor, and where it failed."""

    L: Any
    info: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_eig(NamedTuple):
    """Eigenvalues, and eigenvectors as columns."""

    eigenvalues: Any
    eigenvectors: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_eigh(NamedTuple):
    """Eigenvalues in rising order, and eigenvectors as columns."""

    eigenvalues: Any
    eigenvectors: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_inv_ex(NamedTuple):
    """The inverse, and where it failed."""

    inverse: Any
    info: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_ldl_factor(NamedTuple):
    """The packed factors of LDL, and the interchanges."""

    LD: Any
    pivots: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_ldl_factor_ex(NamedTuple):
    """The packed factors of LDL, the interchanges, and where it failed."""

    LD: Any
    pivots: Any
    info: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_lstsq(NamedTuple):
    """A least-squares solution and what is known of it."""

    solution: Any
    residuals: Any
    rank: Any
    singular_values: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_lu(NamedTuple):
    """The permutation and the two triangles."""

    P: Any
    L: Any
    U: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_lu_factor(NamedTuple):
    """The packed triangles, and the interchanges."""

    LU: Any
    pivots: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_lu_factor_ex(NamedTuple):
    """The packed triangles, the interchanges, and where the pivot is zero."""

    LU: Any
    pivots: Any
    info: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_qr(NamedTuple):
    """An orthonormal matrix and an upper triangle."""

    Q: Any
    R: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_slogdet(NamedTuple):
    """The sign of a determinant and the log of its absolute value."""

    sign: Any
    logabsdet: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_solve_ex(NamedTuple):
    """The solution, and where it failed."""

    result: Any
    info: Any

    def __repr__(self) -> str:
        return printed(self)


class linalg_svd(NamedTuple):
    """Singular vectors, values, and conjugated right vectors as rows."""

    U: Any
    S: Any
    Vh: Any

    def __repr__(self) -> str:
        return printed(self)


class lu_unpack(NamedTuple):
    """The permutation and the two triangles."""

    P: Any
    L: Any
    U: Any

    def __repr__(self) -> str:
        return printed(self)


class qr(NamedTuple):
    """An orthonormal matrix and an upper triangle."""

    Q: Any
    R: Any

    def __repr__(self) -> str:
        return printed(self)


class slogdet(NamedTuple):
    """The sign of a determinant and the log of its absolute value."""

    sign: Any
    logabsdet: Any

    def __repr__(self) -> str:
        return printed(self)


class svd(NamedTuple):
    """Singular vectors, values, and right vectors as columns."""

    U: Any
    S: Any
    V: Any

    def __repr__(self) -> str:
        return printed(self)


class triangular_solve(NamedTuple):
    """The solution, and a copy of the triangle."""

    solution: Any
    cloned_coefficient: Any

    def __repr__(self) -> str:
        return printed(self)
