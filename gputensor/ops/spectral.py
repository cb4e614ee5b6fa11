"""Eigenvalues and eigenvectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, applyn
from gputensor.core.autocasting import autocasts
from gputensor.core.history import node_of
from gputensor.core.linalg_return_types import linalg_eig as LinalgEig, linalg_eigh as LinalgEigh
from gputensor.core.modes import records
from gputensor.core.primitive import Primitive
from gputensor.errors import ArgumentError
from gputensor.ops.matrix_arguments import square
from gputensor.ops.matrix_rules import adjoint, columns, diagonal_of, divided, identity, on_diagonal, rows
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.solving import mH

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Eigh(Primitive):
    """Values and vectors of Hermitian matrices, an iteration. Source of the gradient: Giles 2008, 3.1, over C."""

    __slots__ = ()
    nout = 2
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.eigh(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        (values, vectors), (gl, gv) = out, g
        turned = xp.matmul(adjoint(xp, vectors), gv)
        # only its skew part turns the vectors; with it alone the gradient is Hermitian, as the matrices are
        turned = (turned - adjoint(xp, turned)) / 2
        one = identity(xp, turned)
        gaps = xp.astype(columns(xp, values) - rows(xp, values), turned.dtype)
        inner = divided(xp, turned * (1 - one), gaps) + on_diagonal(xp, xp.astype(gl, turned.dtype), turned)
        return xp.matmul(xp.matmul(vectors, inner), adjoint(xp, vectors))


class Eig(Primitive):
    """Values and vectors of any square matrices, an iteration. The vectors have length 1, and nothing fixes their
    phase.

    Source of the gradient: Giles 2008, 3.1, projected onto what keeps the vectors' length; Boeddeker et al. 2019, arXiv
    1701.00392, 4.77.
    """

    __slots__ = ()
    nout = 2
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.eig(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        (values, vectors), (gl, gv) = out, g
        turned = xp.matmul(adjoint(xp, vectors), gv)
        lengths = xp.astype(xp.real(diagonal_of(xp, turned)), turned.dtype)
        turned = turned - xp.matmul(adjoint(xp, vectors), vectors * columns(xp, lengths))
        one = identity(xp, turned)
        gaps = xp.conj(columns(xp, values) - rows(xp, values))
        inner = divided(xp, turned * (1 - one), gaps) + on_diagonal(xp, gl, turned)
        return xp.solve(adjoint(xp, vectors), xp.matmul(inner, adjoint(xp, vectors)))[0]


class Eigvals(Primitive):
    """`Eig` without vectors, half the work; used where no gradient is wanted."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.eigvals(x)


class Eigvalsh(Primitive):
    """`Eigh` without vectors, a third of the work; used where no gradient is wanted."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.eigvalsh(x)


EIGH, EIG, EIGVALS, EIGVALSH = Eigh(), Eig(), Eigvals(), Eigvalsh()


def recorded(x: Any) -> bool:
    """Whether what is computed of x is recorded."""
    return records() and node_of(x) is not None


def _hermitian(name: str, a: Any, uplo: Any) -> Any:
    """The matrices whose lower triangle is to be read."""
    square(name, a)
    if not isinstance(uplo, str) or uplo.upper() not in ("L", "U"):
        raise ArgumentError(f"{name}: UPLO must be 'L' or 'U', got {uplo!r}")
    return a if uplo.upper() == "L" else mH(a)


@autocasts("eigh")
def eigh(input: Tensor, UPLO: str = "L", *, out: Any = None) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors of symmetric (Hermitian) matrices: A = V diag(L) Vᴴ.

    input (A): (..., n, n), of which the triangle UPLO ("L" or "U") is read, and the gradient is as if both were ->
    eigenvalues (..., n), real, rising; eigenvectors (..., n, n), orthonormal columns. The gradient of vectors is not
    finite where values are equal, and defined only for what does not depend on the vectors' phases. Raises ShapeError
    unless square, DtypeError unless float32, float64 or complex, LinAlgError without convergence. Source of the
    gradient: Giles 2008, 3.1.

    >>> import gputensor as gt
    >>> gt.linalg.eigh(gt.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    result = LinalgEigh(*applyn(EIGH, (_hermitian("linalg.eigh", input, UPLO),)))
    return result if out is None else into_each("linalg.eigh", out, result, exact=True)


@autocasts("eigvalsh")
def eigvalsh(input: Tensor, UPLO: str = "L", *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of `eigh` alone. Their gradient is finite where they are equal, too.

    >>> import gputensor as gt
    >>> gt.linalg.eigvalsh(gt.tensor([[2.0, 1.0], [1.0, 2.0]]))
    tensor([1., 3.])
    """
    a = _hermitian("linalg.eigvalsh", input, UPLO)
    values = applyn(EIGH, (a,))[0] if recorded(a) else apply1(EIGVALSH, a)
    return values if out is None else into("linalg.eigvalsh", out, values, exact=True)


@autocasts("eig")
def eig(input: Tensor, *, out: Any = None) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors of square matrices: A V = V diag(L), both complex.

    input (A): (..., n, n) -> eigenvalues (..., n) in no order, eigenvectors (..., n, n), columns of length 1. Computed
    on the CPU, as in PyTorch. The gradient is not finite where values are equal, and defined only for what does not
    depend on the vectors' phases. Raises ShapeError unless square, DtypeError unless float32, float64 or complex,
    LinAlgError for NaN, infinity, and without convergence. Source of the gradient: Boeddeker et al. 2019, arXiv
    1701.00392.

    >>> import gputensor as gt
    >>> gt.linalg.eig(gt.tensor([[2.0, 0.0], [0.0, 3.0]])).eigenvalues
    tensor([2.+0.j, 3.+0.j])
    """
    result = LinalgEig(*applyn(EIG, (square("linalg.eig", input),)))
    return result if out is None else into_each("linalg.eig", out, result)


@autocasts("eigvals")
def eigvals(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of `eig` alone.

    Unlike torch: LinAlgError where a matrix holds NaN or infinity, which can end the process in PyTorch.

    >>> import gputensor as gt
    >>> gt.linalg.eigvals(gt.tensor([[0.0, -1.0], [1.0, 0.0]])).imag.sort().values
    tensor([-1.,  1.])
    """
    a = square("linalg.eigvals", input)
    values = applyn(EIG, (a,))[0] if recorded(a) else apply1(EIGVALS, a)
    return values if out is None else into("linalg.eigvals", out, values)
