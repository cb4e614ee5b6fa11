"""Singular values and vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, applyn, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.linalg_return_types import linalg_svd as LinalgSvd, svd as SvdResult
from gputensor.core.primitive import Primitive
from gputensor.errors import ArgumentError, ShapeError
from gputensor.ops.axes import movedim
from gputensor.ops.dims import one_dim
from gputensor.ops.matrix_arguments import matrices, precise
from gputensor.ops.matrix_rules import adjoint, columns, divided, identity, on_diagonal, part, rows
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.reduction import sum as sum_of
from gputensor.ops.shape import unsqueeze
from gputensor.ops.solving import mH
from gputensor.ops.spectral import recorded

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Svd(Primitive):
    """U, S, V^H with x = U diag(S) V^H, an iteration.

    Source of the gradient: Townsend 2016, Differentiating the singular value decomposition; over C as Wan and Zhang
    2019, arXiv 1909.02659.
    """

    __slots__ = ("full",)
    nout = 3
    saves = ("out",)

    def __init__(self, full: bool) -> None:
        self.full = full

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.svd(x, self.full)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        (u, s, vh), (gu, gs, gvh) = out, g
        m, n = x.shape[-2:]
        k = min(m, n)
        if self.full and m != n:
            u, vh, gu, gvh = _reduced(xp, k, u, vh, gu, gvh)
        wide = xp.astype(s, u.dtype)
        left = _skew(xp, xp.matmul(adjoint(xp, u), gu))
        right = _skew(xp, xp.matmul(vh, adjoint(xp, gvh)))
        one = identity(xp, left)
        # against the largest value, so that no square leaves the range
        top = xp.max(s, (len(s.shape) - 1,), True) if k else s
        top = xp.where(top > 0, top, xp.ones_like(top))
        ratio = xp.astype(s / top, u.dtype)
        squares = ratio * ratio
        gaps = (columns(xp, squares) - rows(xp, squares) + one) * columns(xp, xp.astype(top, u.dtype))
        inner = divided(xp, (left * columns(xp, ratio) + right * rows(xp, ratio)) * (1 - one), gaps)
        # of a complex matrix the diagonal has a phase, too; for a real one this is 0
        phase = divided(xp, left * one, 2 * columns(xp, wide) + 0 * left)
        inner = inner + phase + on_diagonal(xp, xp.astype(gs, u.dtype), inner)
        if m > k:
            scaled = divided(xp, gu, columns(xp, wide) + 0 * gu)
            return xp.matmul(xp.matmul(u, inner) + scaled - xp.matmul(u, xp.matmul(adjoint(xp, u), scaled)), vh)
        if n > k:
            scaled = divided(xp, gvh, rows(xp, wide) + 0 * gvh)
            beyond = scaled - xp.matmul(xp.matmul(scaled, adjoint(xp, vh)), vh)
            return xp.matmul(u, xp.matmul(inner, vh) + beyond)
        return xp.matmul(xp.matmul(u, inner), vh)


def _reduced(xp: Any, k: int, u: Any, vh: Any, gu: Any, gvh: Any) -> tuple[Any, Any, Any, Any]:
    """The first k vectors and their gradients; nothing fixes the others, so they can have none."""
    first, everything = slice(0, k), slice(None)
    left = part(xp, u, everything, first), part(xp, gu, everything, first)
    right = part(xp, vh, first, everything), part(xp, gvh, first, everything)
    return left[0], right[0], left[1], right[1]


def _skew(xp: Any, x: Any) -> Any:
    return x - adjoint(xp, x)


class Svdvals(Primitive):
    """`Svd` without vectors, a fraction of the work; used where no gradient is wanted."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.svdvals(x)


SVDVALS = Svdvals()


@autocasts("svd")
def linalg_svd(
    A: Tensor, full_matrices: bool = True, *, driver: str | None = None, out: Any = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Singular values and vectors: A = U diag(S) Vh.

    A: (..., m, n) -> U (..., m, m), S (..., k), Vh (..., n, n), k = min(m, n), S real and falling; with
    full_matrices=False U (..., m, k) and Vh (..., k, n). The gradient of vectors is not finite where values are equal,
    and defined only for what does not depend on the vectors' phases; with full_matrices the vectors beyond the k-th
    have none. driver: accepted, as in PyTorch only with a GPU; without effect. Raises ShapeError for fewer than 2 dims,
    DtypeError unless float32, float64 or complex, LinAlgError without convergence. Source of the gradient: Townsend
    2016, Differentiating the singular value decomposition.
    Unlike torch: no error for a complex loss that hangs on the phases of the vectors; its gradient means nothing.

    >>> import gputensor as gt
    >>> U, S, Vh = gt.linalg.svd(gt.tensor([[3.0, 0.0], [0.0, 2.0], [0.0, 0.0]]), full_matrices=False)
    >>> S, U.shape
    (tensor([3., 2.]), gputensor.Size([3, 2]))
    """
    a = matrices("linalg.svd", A)
    _check_driver("linalg.svd", a, driver)
    result = LinalgSvd(*applyn(Svd(bool(full_matrices)), (a,)))
    return result if out is None else into_each("linalg.svd", out, result, exact=True)


@autocasts("svdvals")
def svdvals(A: Tensor, *, driver: str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values of `svd` alone. Their gradient is finite where they are equal, too.

    >>> import gputensor as gt
    >>> gt.linalg.svdvals(gt.tensor([[0.0, 2.0], [1.0, 0.0]]))
    tensor([2., 1.])
    """
    a = matrices("linalg.svdvals", A)
    _check_driver("linalg.svdvals", a, driver)
    values = singular(a)
    return values if out is None else into("linalg.svdvals", out, values, exact=True)


def singular(a: Any) -> Any:
    """`svdvals` without checks."""
    return applyn(Svd(False), (a,))[1] if recorded(a) else apply1(SVDVALS, a)


def _check_driver(name: str, a: Any, driver: Any) -> None:
    if driver is None:
        return
    if a.xp.device_type == "cpu":
        raise ArgumentError(f"{name}: driver= selects among cuSOLVER's; leave it away for tensors on the CPU")
    if driver not in ("gesvd", "gesvdj", "gesvda"):
        raise ArgumentError(f"{name}: driver must be 'gesvd', 'gesvdj' or 'gesvda', got {driver!r}")


@autocasts("svd")
def svd(input: Tensor, some: bool = True, compute_uv: bool = True, *, out: Any = None) -> tuple[Tensor, Tensor, Tensor]:
    """U, S and V with input = U diag(S) Vᴴ: PyTorch's old form of `gputensor.linalg.svd`, with V for Vh.

    some: reduced; compute_uv=False: zeros for U and V.

    >>> import gputensor as gt
    >>> gt.svd(gt.tensor([[3.0, 0.0], [0.0, 2.0]])).S
    tensor([3., 2.])
    """
    a = matrices("svd", input, "input")
    if compute_uv:
        u, s, vh = linalg_svd(a, not some)
        result = SvdResult(u, s, mH(vh))
    else:
        (m, n), lead, xp, d = a.array.shape[-2:], a.array.shape[:-2], a.xp, a.array.dtype
        nothing = [wrap(xp.zeros((*lead, size, size), d), xp) for size in (m, n)]
        result = SvdResult(nothing[0], singular(a), nothing[1])
    return result if out is None else into_each("svd", out, result, exact=True)


def nuclear_norm(name: str, x: Any, dims: Any, keepdim: bool) -> Any:
    """The sum of the singular values of the matrices in two dims, or of a matrix."""
    shape = tuple(precise(name, x, "x").array.shape)
    if dims is None and len(shape) == 2:
        dims = (0, 1)
    if not isinstance(dims, (tuple, list)) or len(dims) != 2:
        raise ShapeError(f"{name}: 'nuc' needs two dims, got dim={dims!r} for shape {shape}")
    i, j = [one_dim(name, d, len(shape), shape) for d in dims]
    if i == j:
        raise ShapeError(f"{name}: the two dims must be different, got {dims!r}")
    result = sum_of(singular(movedim(x, (i, j), (-2, -1))), -1)
    return unsqueeze(unsqueeze(result, min(i, j)), max(i, j)) if keepdim else result


class SingularValueMethods:
    """The singular values of a tensor."""

    __slots__ = ()

    def svd(self, some: bool = True, compute_uv: bool = True) -> tuple[Tensor, Tensor, Tensor]:
        """See `gputensor.svd`."""
        return svd(self, some, compute_uv)  # type: ignore[arg-type]
