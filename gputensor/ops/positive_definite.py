"""Cholesky's factorization of positive-definite matrices, and what is solved with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import everywhere
from gputensor.core.linalg_return_types import linalg_cholesky_ex as CholeskyEx
from gputensor.core.primitive import Primitive
from gputensor.errors import LinAlgError, ShapeError
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import check_info, common_batch, expanded, matrices, same_dtype, square
from gputensor.ops.matrix_rules import adjoint
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.solving import identity_like, mH, triangular

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

INDEFINITE = "the matrix is not positive definite: its leading minor of order {code} is not"
INDEFINITE_REPAIR = "check that it is symmetric (Hermitian), or add a small multiple of the identity"


class Cholesky(Primitive):
    """The lower triangle L with x = L L^H, and info: elimination is no composition of other words.

    Source of the gradient: Murray 2016, Differentiation of the Cholesky decomposition, equation 10.
    """

    __slots__ = ()
    nout = 2
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cholesky(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        lower = out[0]
        inner = xp.tril(xp.matmul(adjoint(xp, lower), g[0]), 0)
        inner = (inner + adjoint(xp, xp.tril(inner, -1))) / 2
        left = xp.solve_triangular(adjoint(xp, lower), inner, True, False)
        return adjoint(xp, xp.solve_triangular(adjoint(xp, lower), adjoint(xp, left), True, False))


CHOLESKY = Cholesky()


def _factored(name: str, a: Any, upper: bool) -> tuple[Any, Any]:
    factor, info = applyn(CHOLESKY, (mH(square(name, a)) if upper else square(name, a),))
    return (mH(factor) if upper else factor), info


@autocasts("cholesky")
def linalg_cholesky(input: Tensor, *, upper: bool = False, out: Tensor | None = None) -> Tensor:
    """The lower triangle L with A = L Lᴴ, or with upper the U with A = Uᴴ U, of positive-definite matrices.

    input (A): (..., n, n), symmetric (Hermitian); one triangle is read, and the gradient is as if both were. Waits for
    a GPU. Raises LinAlgError naming the first matrix of a batch that is not positive definite, ShapeError unless
    square, DtypeError unless float32, float64 or complex. Source of the gradient: Murray 2016, arXiv 1602.07527,
    equation 10.

    >>> import gputensor as gt
    >>> gt.linalg.cholesky(gt.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    return _checked("linalg.cholesky", input, upper, out)


@autocasts("cholesky")
def cholesky(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """`gputensor.linalg.cholesky`.

    >>> import gputensor as gt
    >>> gt.cholesky(gt.tensor([[4.0]]))
    tensor([[2.]])
    """
    return _checked("cholesky", input, upper, out)


def _checked(name: str, a: Any, upper: bool, out: Any) -> Any:
    factor, info = _factored(name, a, upper)
    check_info(name, info, INDEFINITE, INDEFINITE_REPAIR)
    return factor if out is None else into(name, out, factor, exact=name != "cholesky")


@autocasts("cholesky_ex")
def cholesky_ex(
    input: Tensor, *, upper: bool = False, check_errors: bool = False, out: Any = None
) -> tuple[Tensor, Tensor]:
    """`gputensor.linalg.cholesky`, and beside the factor an int32 info of the leading dims: 0, or the order of the
    leading minor that is not positive definite. Does not wait for a GPU.

    >>> import gputensor as gt
    >>> gt.linalg.cholesky_ex(gt.tensor([[1.0, 2.0], [2.0, 1.0]])).info
    tensor(2, dtype=gputensor.int32)
    """
    factor, info = _factored("linalg.cholesky_ex", input, upper)
    if check_errors:
        check_info("linalg.cholesky_ex", info, INDEFINITE, INDEFINITE_REPAIR)
    result = CholeskyEx(factor, info)
    return result if out is None else into_each("linalg.cholesky_ex", out, result, exact=True)


@autocasts("cholesky_solve")
def cholesky_solve(input: Tensor, input2: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The X with A X = B, where input2, L, is the Cholesky factor of A.

    input (B): (..., n, k), input2 (L): (..., n, n), leading dims broadcast; upper: A = Lᴴ L rather than L Lᴴ. Raises
    ShapeError for sizes that do not fit, DtypeError unless both are float32, float64 or complex alike. Unlike torch:
    the gradient of L is 0 in the triangle that is not read.

    >>> import gputensor as gt
    >>> gt.cholesky_solve(gt.tensor([[8.0]]), gt.tensor([[2.0]]))
    tensor([[2.]])
    """
    factor, right = square("cholesky_solve", input2, "L"), matrices("cholesky_solve", input, "B")
    same_dtype("cholesky_solve", right, factor, ("B", "L"))
    if right.array.shape[-2] != factor.array.shape[-1]:
        raise ShapeError(
            f"cholesky_solve: B of shape {tuple(right.array.shape)} must have as many rows as L of shape "
            f"{tuple(factor.array.shape)}"
        )
    factor, right = common_batch("cholesky_solve", factor, right)
    x = _with_factor(factor, right, upper)
    return x if out is None else into("cholesky_solve", out, x)


def _with_factor(factor: Any, right: Any, upper: bool) -> Any:
    lower = mH(factor) if upper else factor
    return triangular(mH(lower), triangular(lower, right, False), True)


@autocasts("cholesky_inverse")
def cholesky_inverse(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A, where input, L, is the Cholesky factor of A; (..., n, n), upper as in `cholesky_solve`.

    Waits for a GPU. Raises LinAlgError where L has a zero on its diagonal, ShapeError unless square. Unlike torch: the
    gradient of L is 0 in the triangle that is not read.

    >>> import gputensor as gt
    >>> gt.cholesky_inverse(gt.tensor([[2.0]]))
    tensor([[0.2500]])
    """
    factor = square("cholesky_inverse", input, "L")
    shape, xp = tuple(factor.array.shape), factor.xp
    if not everywhere(xp, xp.diagonal(factor.array, 0, len(shape) - 2, len(shape) - 1) != 0):
        raise LinAlgError("cholesky_inverse: the matrix is singular: a factor L has a zero on its diagonal")
    half = triangular(mH(factor) if upper else factor, expanded(identity_like(factor, shape[-1]), shape[:-2]), False)
    x = matmul(mH(half), half)
    return x if out is None else into("cholesky_inverse", out, x)


class PositiveDefiniteMethods:
    """Cholesky's factorization of a tensor."""

    __slots__ = ()

    def cholesky(self, upper: bool = False) -> Tensor:
        """See `gputensor.cholesky`."""
        return cholesky(self, upper)  # type: ignore[arg-type]

    def cholesky_solve(self, input2: Tensor, upper: bool = False) -> Tensor:
        """See `gputensor.cholesky_solve`."""
        return cholesky_solve(self, input2, upper)  # type: ignore[arg-type]

    def cholesky_inverse(self, upper: bool = False) -> Tensor:
        """See `gputensor.cholesky_inverse`."""
        return cholesky_inverse(self, upper)  # type: ignore[arg-type]
