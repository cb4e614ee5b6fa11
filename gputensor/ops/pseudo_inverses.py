"""What is made of singular values: pseudo-inverses, ranks, least squares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import applyn, constant, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import everywhere
from gputensor.core.linalg_return_types import linalg_lstsq as Lstsq
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import C64, C128, F32, F64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, ShapeError
from gputensor.ops.indexing import getitem
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import common_batch, matrices, precise, same_dtype, square_shape
from gputensor.ops.matrix_rules import adjoint, columns
from gputensor.ops.operands import beside
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.reduction import sum as sum_of
from gputensor.ops.shape import reshape, squeeze, unsqueeze
from gputensor.ops.signs import abs as abs_of
from gputensor.ops.singular_values import SVDVALS
from gputensor.ops.solving import mH
from gputensor.ops.spectral import EIGVALSH

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_INT64 = np.dtype(np.int64)
_REAL = {C64: F32, C128: F64}
Tolerance = Any  # None, a number, or a tensor of the leading dims


class Pinv(Primitive):
    """The pseudo-inverse: its gradient needs no distinct singular values, as one through them would.

    Operands: the matrices, and up to what size, absolute and relative to the largest, singular values count as 0.
    Source of the gradient: Golub and Pereyra 1973, SIAM J. Numer. Anal. 10, 413.
    """

    __slots__ = ("hermitian",)
    saves = ("out", "x")

    def __init__(self, hermitian: bool) -> None:
        self.hermitian = hermitian

    def forward(self, xp: Any, x: Any, absolute: Any, relative: Any) -> Any:
        if self.hermitian:
            s, u = xp.eigh(x)
            vh = adjoint(xp, u)
        else:
            u, s, vh = xp.svd(x, False)
        large = _above(xp, xp.abs(s), absolute, relative)
        inverse = xp.where(large, 1 / xp.where(large, s, xp.ones_like(s)), xp.zeros_like(s))
        return xp.matmul(adjoint(xp, vh) * columns(xp, xp.astype(inverse, x.dtype)), adjoint(xp, u))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, absolute: Any, relative: Any) -> Any:
        # a complex gradient arrives conjugated, and leaves so
        p, gh = out, adjoint(xp, xp.conj(g))
        ph = adjoint(xp, p)
        if x.shape[-2] <= x.shape[-1]:
            k = xp.matmul(gh, p)
            kph = xp.matmul(k, ph)
            gx = kph - adjoint(xp, xp.matmul(p, k)) - xp.matmul(xp.matmul(x, p), kph)
            gx = gx + xp.matmul(xp.matmul(ph, p), gh - xp.matmul(k, x))
        else:
            k = xp.matmul(p, gh)
            phk = xp.matmul(ph, k)
            gx = phk - adjoint(xp, xp.matmul(k, p)) - xp.matmul(xp.matmul(phk, p), x)
            gx = gx + xp.matmul(xp.matmul(gh - xp.matmul(x, k), p), ph)
        return xp.conj(gx)


def _tolerances(name: str, a: Any, atol: Tolerance, rtol: Tolerance) -> tuple[Any, Any]:
    """atol and rtol as real arrays; rtol is eps * max(m, n) where neither is given."""
    xp, d = a.xp, _REAL.get(a.array.dtype, a.array.dtype)
    if rtol is None:
        given = atol is not None and (isinstance(atol, TensorBase) or atol > 0)
        rtol = 0.0 if given else float(np.finfo(d).eps) * max(a.array.shape[-2:])
    return _limit(name, "atol", atol, xp, d), _limit(name, "rtol", rtol, xp, d)


def _above(xp: Any, sizes: Any, absolute: Any, relative: Any) -> Any:
    """Which of the sizes (..., k), k > 0, are above the tolerances (...)."""
    largest = xp.max(sizes, (len(sizes.shape) - 1,), True)
    absolute, relative = [xp.reshape(t, (*t.shape, 1)) for t in (absolute, relative)]
    return sizes > xp.maximum(absolute + xp.zeros_like(largest), relative * largest)


def _rank(name: str, a: Any, sizes: Any, atol: Tolerance, rtol: Tolerance) -> Any:
    """How many of the sizes (..., k) are above the tolerances, an int64 array."""
    xp = a.xp
    if not sizes.shape[-1]:
        return xp.zeros(sizes.shape[:-1], _INT64)
    large = xp.astype(_above(xp, sizes, *_tolerances(name, a, atol, rtol)), _INT64)
    return xp.asarray(xp.sum(large, (large.ndim - 1,)))


def _limit(name: str, what: str, x: Tolerance, xp: Any, d: Any) -> Any:
    if isinstance(x, TensorBase):
        if x.array.dtype.kind == "c":
            raise ArgumentError(f"{name}: {what} must be real")
        return xp.astype(x.array, d)
    return xp.full((), 0.0 if x is None else x, d)


def _beside_limits(name: str, a: Any, *limits: Tolerance) -> list[Any]:
    """a and its tolerances, those that are tensors in one namespace with it."""
    joined = iter(beside(name, a, *[t for t in limits if isinstance(t, TensorBase)]))
    return [next(joined) if isinstance(t, TensorBase) else t for t in (a, *limits)]


def _sizes(a: Any, hermitian: bool) -> Any:
    """The singular values, an array, falling or not; without history."""
    values = constant(EIGVALSH if hermitian else SVDVALS, (a,))
    return a.xp.abs(values.array)


def pinv(
    input: Tensor,
    rcond: Tolerance = None,
    hermitian: bool = False,
    *,
    atol: Tolerance = None,
    rtol: Tolerance = None,
    out: Tensor | None = None,
) -> Tensor:
    """The pseudo-inverse of Moore and Penrose: (..., m, n) -> (..., n, m).

    Singular values up to max(atol, rtol * the largest) count as 0; both are numbers or tensors of the leading dims.
    rtol: eps * max(m, n) unless given, 0 where atol is; rcond is rtol's old name. hermitian: A is, and its eigenvalues
    are used. The gradient is right where the rank does not change nearby. Raises ShapeError for fewer than 2 dims,
    DtypeError unless float32, float64 or complex. Source of the gradient: Golub and Pereyra 1973.

    >>> import gputensor as gt
    >>> gt.linalg.pinv(gt.tensor([[2.0, 0.0], [0.0, 0.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.0000]])
    """
    name = "linalg.pinv"
    a = matrices(name, input)
    if hermitian:
        square_shape(name, a)
    a, atol, rtol = _beside_limits(name, a, atol, rcond if rtol is None else rtol)
    x = _pinv(name, a, atol, rtol, bool(hermitian))
    return x if out is None else into(name, out, x)


def _pinv(name: str, a: Any, atol: Tolerance, rtol: Tolerance, hermitian: bool = False) -> Any:
    if not a.array.size:
        *lead, m, n = a.array.shape
        return reshape(mH(a), (*lead, n, m))
    limits = [wrap(t, a.xp) for t in _tolerances(name, a, atol, rtol)]
    return applyn(Pinv(hermitian), (a, *limits))


@autocasts("pinverse")
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """`gputensor.linalg.pinv` with rtol=rcond.

    >>> import gputensor as gt
    >>> gt.pinverse(gt.tensor([[2.0]]))
    tensor([[0.5000]])
    """
    return pinv(input, rtol=rcond)


@autocasts("matrix_rank")
def matrix_rank(
    input: Tensor,
    tol: Tolerance = None,
    hermitian: bool = False,
    *,
    atol: Tolerance = None,
    rtol: Tolerance = None,
    out: Tensor | None = None,
) -> Tensor:
    """How many singular values are above max(atol, rtol * the largest): (..., m, n) -> (...), int64.

    Both are numbers or tensors of the leading dims; rtol: eps * max(m, n) unless given, 0 where atol is; tol is atol's
    old name. hermitian: A is, and its eigenvalues are used. Raises ShapeError for fewer than 2 dims, DtypeError unless
    float32, float64 or complex.

    >>> import gputensor as gt
    >>> gt.linalg.matrix_rank(gt.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    name = "linalg.matrix_rank"
    a = matrices(name, input)
    if hermitian:
        square_shape(name, a)
    if tol is not None:
        atol, rtol = tol, 0.0
    a, atol, rtol = _beside_limits(name, a, atol, rtol)
    rank = wrap(_rank(name, a, _sizes(a, bool(hermitian)), atol, rtol), a.xp)
    return rank if out is None else into(name, out, rank)


@autocasts("lstsq")
def lstsq(
    input: Tensor,
    b: Tensor,
    rcond: float | None = None,
    *,
    driver: str | None = None,
    out: tuple[Tensor, Tensor, Tensor, Tensor] | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The X that makes the columns of A X - B shortest, and of several such X the shortest.

    input (A): (..., m, n); b (B): (..., m, k), or (..., m) for vectors, where B is 1-d or has A's shape without its
    last dim; leading dims broadcast. Returns solution (..., n, k), residuals (squared lengths of the columns, where m >
    n and A has full rank; else empty), rank (int64) and singular values; the last three are empty where PyTorch leaves
    them so: residuals for driver "gelsy", rank for "gels", singular values for both. Singular values up to rcond times
    the largest count as 0; rcond: eps * max(m, n) unless given. driver: "gelsy" (without a GPU the default), "gelsd",
    "gelss"; "gels" (on a GPU the only one) supposes full rank. Unlike torch: all are computed alike, through the
    pseudo-inverse, and have gradients. Raises ShapeError for sizes that do not fit, DtypeError unless both are float32,
    float64 or complex alike, ArgumentError for another driver.

    >>> import gputensor as gt
    >>> gt.linalg.lstsq(gt.tensor([[1.0], [1.0]]), gt.tensor([[1.0], [3.0]])).solution
    tensor([[2.0000]])
    """
    name = "linalg.lstsq"
    a = matrices(name, input)
    precise(name, b, "B")
    same_dtype(name, input, b)
    cpu = a.xp.device_type == "cpu"
    driver = ("gelsy" if cpu else "gels") if driver is None else driver
    if driver not in (("gels", "gelsy", "gelsd", "gelss") if cpu else ("gels",)):
        raise ArgumentError(
            f"{name}: driver must be 'gels', 'gelsy', 'gelsd' or 'gelss', on a GPU 'gels', got {driver!r}"
        )
    p, q = tuple(a.array.shape), tuple(b.array.shape)
    vector = len(q) == 1 or (len(q) == len(p) - 1 and q == p[:-1])
    b = unsqueeze(b, -1) if vector else b
    if b.array.ndim != len(p) or b.array.shape[-2] != p[-2]:
        raise ShapeError(
            f"{name}: A of shape {p} and B of shape {q} do not fit: B must have {p[-2]} rows, and as many dims as A"
        )
    a, b = common_batch(name, a, b)
    limit = None if rcond is None or rcond < 0 else rcond
    x = matmul(_pinv(name, a, None, limit), b)
    xp, values = a.xp, _sizes(a, False)
    rank = _rank(name, a, values, None, limit)
    nothing = wrap(xp.zeros((0,), values.dtype), xp)
    residuals = abs_of(
        getitem(reshape(x, (math.prod(x.array.shape),)), slice(0, 0))
    )  # empty, with the history that PyTorch's has
    if p[-2] > p[-1] and driver != "gelsy" and (driver == "gels" or everywhere(xp, rank == p[-1])):
        residuals = sum_of(abs_of(matmul(a, x) - b) ** 2, -2)
    if vector:
        x = squeeze(x, -1)
    result = Lstsq(
        x,
        residuals,
        wrap(xp.zeros((0,), rank.dtype) if driver == "gels" else rank, xp),
        nothing if driver in ("gels", "gelsy") else wrap(values, xp),
    )
    return result if out is None else into_each(name, out, result)


class PseudoInverseMethods:
    """The pseudo-inverses of a tensor."""

    __slots__ = ()

    def pinverse(self, rcond: float = 1e-15) -> Tensor:
        """See `gputensor.pinverse`."""
        return pinverse(self, rcond)  # type: ignore[arg-type]
