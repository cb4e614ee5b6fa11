"""Determinants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.arrays.matrix_functions import products_of_other_pairs
from gputensor.core.apply import apply1, applyn
from gputensor.core.linalg_return_types import linalg_slogdet as LinalgSlogdet, slogdet as Slogdet
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase
from gputensor.ops.exponential import log
from gputensor.ops.matrix_arguments import check_info, square
from gputensor.ops.matrix_rules import adjoint, columns, diagonal_of, identity, on_diagonal, rows
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.selection import where
from gputensor.ops.solving import SINGULAR

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Det(Primitive):
    """The determinant: a composite over factors would have no gradient where the matrix is singular."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.det(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.reshape(g, (*g.shape, 1, 1)) * xp.cofactors(x)


class Cofactors(Primitive):
    """The gradient of the determinant, with its own: in the singular vectors' axes cofactors are products of values."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cofactors(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        u, s, vh = xp.svd(x, False)
        phase = xp.det(u) * xp.det(vh)
        inner = xp.matmul(xp.matmul(adjoint(xp, u), g), adjoint(xp, vh))
        one = xp.real(identity(xp, x))
        pairs = xp.astype(xp.where(one == 0, products_of_other_pairs(xp, s), xp.zeros_like(one)), x.dtype)
        straight = xp.sum(rows(xp, diagonal_of(xp, inner)) * pairs, (len(x.shape) - 2,), False)
        n = len(x.shape)
        crossed = xp.permute_dims(inner * pairs, (*range(n - 2), n - 1, n - 2))
        middle = (on_diagonal(xp, straight, x) - crossed) * columns(xp, xp.reshape(phase, (*phase.shape, 1)))
        return xp.matmul(xp.matmul(xp.conj(u), middle), xp.conj(vh))


class SignAndLog(Primitive):
    """Sign and log of the absolute value of the determinant, which itself overflows soon; of a real matrix."""

    __slots__ = ()
    nout = 2
    saves = ("x",)
    name = "slogdet"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.slogdet(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return _inverse_times(xp, g[1], x)


class PhaseAndLog(Primitive):
    """`SignAndLog` of a complex matrix, whose sign has a gradient."""

    __slots__ = ()
    nout = 2
    saves = ("out", "x")
    name = "slogdet"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.slogdet(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        turned = xp.conj(g[0]) * out[0]
        # only turning changes a phase: the imaginary part, as a complex number
        return _inverse_times(xp, xp.astype(g[1], x.dtype) - (turned - xp.conj(turned)) / 2, x)


def _inverse_times(xp: Any, d: Any, x: Any) -> Any:
    """d inv(x)^H, a number d for each matrix."""
    found, info = xp.solve(adjoint(xp, x), identity(xp, x))
    if isinstance(info, TensorBase):
        # infinities are an answer, but they have no gradient
        check_info("the gradient of slogdet", info, SINGULAR, "without create_graph=True its gradient is infinite")
    return xp.reshape(d, (*d.shape, 1, 1)) * found


DET, COFACTORS, SIGN_AND_LOG, PHASE_AND_LOG = Det(), Cofactors(), SignAndLog(), PhaseAndLog()


def linalg_det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinants of square matrices: (..., n, n) -> (...).

    float32, float64 and complex. The gradient is right for singular matrices too, at the price of a singular value
    decomposition. Raises ShapeError unless square, DtypeError for other dtypes. For large matrices use `slogdet`, which
    does not overflow. Source of the gradient: Giles 2008, 2.2.4; Higham 2020, What Is the Adjugate of a Matrix?

    >>> import gputensor as gt
    >>> gt.linalg.det(gt.tensor([[2.0, 1.0], [0.0, 3.0]]))
    tensor(6.)
    """
    x = apply1(DET, square("linalg.det", A))
    return x if out is None else into("linalg.det", out, x, exact=True)


def det(input: Tensor) -> Tensor:
    """`gputensor.linalg.det`.

    >>> import gputensor as gt
    >>> gt.det(gt.eye(2))
    tensor(1.)
    """
    return linalg_det(input)


def linalg_slogdet(A: Tensor, *, out: Any = None) -> tuple[Tensor, Tensor]:
    """Sign and logarithm of the absolute value of determinants: (..., n, n) -> (...), (...).

    The sign is 1, -1 or 0, for complex matrices a number of absolute value 1 or 0; the logarithm is real, -inf for a
    singular matrix, whose gradient is infinite or nan, and LinAlgError with create_graph. Raises ShapeError unless
    square, DtypeError unless float32, float64 or complex.
    Unlike torch: the sign is 1 where a matrix holds NaN.

    >>> import gputensor as gt
    >>> sign, logabsdet = gt.linalg.slogdet(gt.tensor([[0.0, 1.0], [1.0, 0.0]]))
    >>> sign, logabsdet
    (tensor(-1.), tensor(0.))
    """
    result = LinalgSlogdet(*_sign_and_log("linalg.slogdet", A))
    return result if out is None else into_each("linalg.slogdet", out, result, exact=True)


def slogdet(input: Tensor, *, out: Any = None) -> tuple[Tensor, Tensor]:
    """`gputensor.linalg.slogdet`.

    >>> import gputensor as gt
    >>> gt.slogdet(gt.eye(2)).sign
    tensor(1.)
    """
    result = Slogdet(*linalg_slogdet(input))
    return result if out is None else into_each("slogdet", out, result, exact=True)


def _sign_and_log(name: str, x: Any) -> tuple[Any, Any]:
    is_complex = square(name, x).array.dtype.kind == "c"
    return applyn(PHASE_AND_LOG if is_complex else SIGN_AND_LOG, (x,))


def logdet(input: Tensor) -> Tensor:
    """The logarithms of determinants: (..., n, n) -> (...); NaN where they are negative, -inf where they are 0.

    Raises as `slogdet`.

    >>> import gputensor as gt
    >>> gt.logdet(gt.eye(2)), gt.logdet(gt.tensor([[-1.0]]))
    (tensor(0.), tensor(nan))
    """
    sign, size = _sign_and_log("logdet", input)
    if sign.array.dtype.kind == "c":
        return log(sign) + size
    return where(sign == -1, float("nan"), size)


class DeterminantMethods:
    """The determinants of a tensor."""

    __slots__ = ()

    def det(self) -> Tensor:
        """See `gputensor.det`."""
        return det(self)  # type: ignore[arg-type]

    def slogdet(self) -> tuple[Tensor, Tensor]:
        """See `gputensor.slogdet`."""
        return slogdet(self)  # type: ignore[arg-type]

    def logdet(self) -> Tensor:
        """See `gputensor.logdet`."""
        return logdet(self)  # type: ignore[arg-type]
