"""QR factorizations and products of Householder's reflectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, constant, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.linalg_return_types import geqrf as Geqrf, linalg_qr as LinalgQr, qr as Qr
from gputensor.core.primitive import Primitive
from gputensor.errors import ArgumentError, GradError, ShapeError
from gputensor.ops.diagonals import diag_embed, tril, triu
from gputensor.ops.indexing import getitem
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import matrices, precise, same_dtype
from gputensor.ops.matrix_rules import adjoint, identity, part
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.shape import unsqueeze
from gputensor.ops.solving import identity_like, mH, triangular

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class QR(Primitive):
    """Q and R with x = Q R: reflections are no composition of other words.

    Source of the gradient: Walter and Lehmann 2018, arXiv 1009.6112; for wide matrices the columns beyond the square
    part are R2 = Q^H x2.
    """

    __slots__ = ("complete",)
    nout = 2
    saves = ("out", "x")
    name = "qr"

    def __init__(self, complete: bool) -> None:
        self.complete = complete

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.qr(x, self.complete)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        (q, r), (gq, gr) = out, g
        m, n = x.shape[-2:]
        if self.complete and m > n:
            raise GradError(
                f"backward of linalg.qr: mode='complete' has no gradient for matrices with more rows than columns, "
                f"here {tuple(x.shape)}; use mode='reduced'"
            )
        everything = slice(None)
        beyond = None
        if m < n:
            first, rest = slice(0, m), slice(m, None)
            beyond = part(xp, gr, everything, rest)
            gq = gq + xp.matmul(part(xp, x, everything, rest), adjoint(xp, beyond))
            r, gr = part(xp, r, everything, first), part(xp, gr, everything, first)
        inner = xp.tril(xp.matmul(r, adjoint(xp, gr)) - xp.matmul(adjoint(xp, gq), q), 0)
        # the diagonal of R is real, so only the real part of this one's counts; once
        inner = (inner + adjoint(xp, inner)) * (1 - identity(xp, inner) / 2)
        left = gq + xp.matmul(q, inner)
        gx = adjoint(xp, xp.solve_triangular(r, adjoint(xp, left), True, False))
        return gx if m >= n else xp.concat([gx, xp.matmul(q, beyond)], len(x.shape) - 1)


class Reflectors(Primitive):
    """LAPACK's geqrf; without a gradient, as in PyTorch."""

    __slots__ = ()
    nout = 2
    name = "geqrf"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.geqrf(x)


REFLECTORS = Reflectors()


@autocasts("qr")
def linalg_qr(A: Tensor, mode: str = "reduced", *, out: Any = None) -> tuple[Tensor, Tensor]:
    """Q with orthonormal columns and an upper triangle R with A = Q R.

    A: (..., m, n); mode "reduced": Q (..., m, k), R (..., k, n), k = min(m, n); "complete": Q (..., m, m), R (..., m,
    n); "r": R alone, Q empty. The diagonal of R is real and may be negative. Gradients for "reduced", for "complete"
    where m <= n, and, unlike torch, for "r"; they are right where the first k columns are independent. Raises
    ShapeError for fewer than 2 dims, DtypeError unless float32, float64 or complex, ArgumentError for another mode.
    Source of the gradient: Walter and Lehmann 2018, arXiv 1009.6112.
    Unlike torch: mode="r" has a gradient.

    >>> import gputensor as gt
    >>> Q, R = gt.linalg.qr(gt.tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> (Q @ R).round(decimals=4)
    tensor([[3., 1.],
            [4., 2.]])
    """
    if mode not in ("reduced", "complete", "r"):
        raise ArgumentError(f"linalg.qr: mode must be 'reduced', 'complete' or 'r', got {mode!r}")
    q, r = applyn(QR(mode == "complete"), (matrices("linalg.qr", A),))
    result = LinalgQr(wrap(q.xp.zeros((0,), q.array.dtype), q.xp) if mode == "r" else q, r)
    return result if out is None else into_each("linalg.qr", out, result, exact=True)


@autocasts("qr")
def qr(input: Tensor, some: bool = True, *, out: Any = None) -> tuple[Tensor, Tensor]:
    """`gputensor.linalg.qr` in mode "reduced", with some=False "complete".

    >>> import gputensor as gt
    >>> gt.qr(gt.ones(3, 2), some=False).Q.shape
    gputensor.Size([3, 3])
    """
    result = Qr(*linalg_qr(input, "reduced" if some else "complete"))
    return result if out is None else into_each("qr", out, result, exact=True)


@autocasts("geqrf")
def geqrf(input: Tensor, *, out: Any = None) -> tuple[Tensor, Tensor]:
    """R and, below it, the vectors of Householder's reflectors, with their factors tau; see `householder_product`.

    input: (..., m, n) -> (..., m, n), (..., min(m, n)). Without a gradient, as in PyTorch; `gputensor.linalg.qr` has
    one. Raises as it does.

    >>> import gputensor as gt
    >>> a, tau = gt.geqrf(gt.tensor([[3.0], [4.0]]))
    >>> a, tau
    (tensor([[-5.0000],
            [ 0.5000]]), tensor([1.6000]))
    """
    result = Geqrf(*constant(REFLECTORS, (matrices("geqrf", input, "input"),)))
    return result if out is None else into_each("geqrf", out, result)


def _reflected(name: str, a: Any, tau: Any) -> tuple[Any, Any]:
    """V and T with H1 H2 … Hk = I - V T V^H.

    T = (I + D N)^-1 D with D = diag(tau) and N the strict upper triangle of V^H V: defined where a tau is 0, too.
    Source: Schreiber and Van Loan 1989, SIAM J. Sci. Stat. Comput. 10, with the recurrence solved at once.
    """
    matrices(name, a)
    precise(name, tau, "tau")
    same_dtype(name, a, tau, ("A", "tau"))
    shape, have = tuple(a.array.shape), tuple(tau.array.shape)
    if have[:-1] != shape[:-2] or not have or have[-1] > min(shape[-2:]):
        raise ShapeError(f"{name}: A must be (..., m, n) and tau (..., k) with k <= min(m, n), got {shape} and {have}")
    k = have[-1]
    ones = getitem(identity_like(a, shape[-2]), (Ellipsis, slice(None), slice(0, k)))
    v = tril(getitem(a, (Ellipsis, slice(None), slice(0, k))), -1) + ones
    factors = unsqueeze(tau, -1)
    inner = factors * triu(matmul(mH(v), v), 1)
    return v, triangular(inner, diag_embed(tau), True, unit=True)


@autocasts("householder_product")
def householder_product(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first n columns of the product H1 H2 … Hk of Householder's reflectors Hi = I - tau_i v_i v_iᴴ.

    input (A): (..., m, n), m >= n: v_i is 0 above row i, 1 in it, and below it column i of A, as `geqrf` leaves them;
    tau: (..., k), k <= n. Returns (..., m, n). Raises ShapeError for other sizes, DtypeError unless both are float32,
    float64 or complex alike. Source: Schreiber and Van Loan 1989, SIAM J. Sci. Stat. Comput. 10.

    >>> import gputensor as gt
    >>> gt.linalg.householder_product(*gt.geqrf(gt.tensor([[3.0], [4.0]])))
    tensor([[-0.6000],
            [-0.8000]])
    """
    m, n = matrices("linalg.householder_product", input).array.shape[-2:]
    if m < n:
        raise ShapeError(f"linalg.householder_product: A must have at least as many rows as columns, got {m} and {n}")
    v, t = _reflected("linalg.householder_product", input, tau)
    ones = getitem(identity_like(input, m), (Ellipsis, slice(None), slice(0, n)))
    top = getitem(v, (Ellipsis, slice(0, n), slice(None)))
    x = ones - matmul(matmul(v, t), mH(top))
    return x if out is None else into("linalg.householder_product", out, x)


@autocasts("orgqr")
def orgqr(input: Tensor, input2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`gputensor.linalg.householder_product`.

    >>> import gputensor as gt
    >>> gt.orgqr(*gt.geqrf(gt.tensor([[2.0]])))
    tensor([[1.]])
    """
    return householder_product(input, input2, out=out)


@autocasts("ormqr")
def ormqr(
    input: Tensor,
    input2: Tensor,
    input3: Tensor,
    left: bool = True,
    transpose: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Q input3, or with left=False input3 Q, where Q (m, m) is the product of the reflectors in input and input2.

    transpose: with Qᴴ in Q's place. input, input2: as A and tau in
    `gputensor.linalg.householder_product`; input3: (..., m, n), with
    left=False (..., n, m). Raises ShapeError for other sizes.

    >>> import gputensor as gt
    >>> a, tau = gt.geqrf(gt.tensor([[3.0], [4.0]]))
    >>> gt.ormqr(a, tau, gt.tensor([[5.0], [0.0]]))
    tensor([[-3.],
            [-4.]])
    """
    v, t = _reflected("ormqr", input, input2)
    b = matrices("ormqr", input3, "input3")
    same_dtype("ormqr", input, b, ("input", "input3"))
    if b.array.shape[-2 if left else -1] != v.array.shape[-2]:
        raise ShapeError(
            f"ormqr: input3 of shape {tuple(b.array.shape)} must have {v.array.shape[-2]} "
            f"{'rows' if left else 'columns'}"
        )
    if v.array.shape[:-2] != b.array.shape[:-2]:
        raise ShapeError(
            f"ormqr: input and input3 must have the same leading dims, got shapes {tuple(input.array.shape)} and "
            f"{tuple(b.array.shape)}"
        )
    t = mH(t) if transpose else t
    x = b - matmul(v, matmul(t, matmul(mH(v), b))) if left else b - matmul(matmul(matmul(b, v), t), mH(v))
    return x if out is None else into("ormqr", out, x, exact=True)


class OrthogonalMethods:
    """The QR factorizations of a tensor."""

    __slots__ = ()

    def qr(self, some: bool = True) -> tuple[Tensor, Tensor]:
        """See `gputensor.qr`."""
        return qr(self, some)  # type: ignore[arg-type]

    def geqrf(self) -> tuple[Tensor, Tensor]:
        """See `gputensor.geqrf`."""
        return geqrf(self)  # type: ignore[arg-type]

    def orgqr(self, input2: Tensor) -> Tensor:
        """See `gputensor.orgqr`."""
        return orgqr(self, input2)  # type: ignore[arg-type]

    def ormqr(self, input2: Tensor, input3: Tensor, left: bool = True, transpose: bool = False) -> Tensor:
        """See `gputensor.ormqr`."""
        return ormqr(self, input2, input3, left, transpose)  # type: ignore[arg-type]
