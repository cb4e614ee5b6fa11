"""Singular values of large matrices of low rank, by random projections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.devices import device_of
from gputensor.core.dtypes import FROM_NUMPY
from gputensor.errors import ArgumentError
from gputensor.ops.dims import one_int
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import matrices
from gputensor.ops.orthogonal import linalg_qr
from gputensor.ops.random import randn
from gputensor.ops.reduction import mean
from gputensor.ops.singular_values import linalg_svd
from gputensor.ops.solving import mH

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """U, S and V with A - M close to U diag(S) Vᴴ: the q largest singular values of a matrix of about that rank.

    A: (..., m, n) -> (..., m, q), (..., q), (..., n, q). niter: iterations of the subspace; 2 are nearly always enough.
    M: what to subtract first, of A's shape or to be broadcast to it. Random, from the default generator. For matrices
    of full rank `gputensor.linalg.svd` is better. Raises ShapeError for fewer than 2 dims, ArgumentError unless 0 <= q
    <= min(m, n), DtypeError unless float32, float64 or complex. Source: Halko, Martinsson and Tropp 2011, SIAM Rev. 53,
    algorithms 4.4 and 5.1.

    >>> import gputensor as gt
    >>> U, S, V = gt.svd_lowrank(gt.ones(4, 3), q=1)
    >>> (S * S).round(decimals=3)
    tensor([12.])
    """
    a = matrices("svd_lowrank", A)
    return _projected("svd_lowrank", a, 6 if q is None else q, 2 if niter is None else niter, M)


def _projected(name: str, a: Any, q: Any, niter: Any, subtracted: Any) -> tuple[Any, Any, Any]:
    m, n = a.array.shape[-2:]
    q, niter = one_int(name, "q", q), one_int(name, "niter", niter)
    if q < 0:
        raise ArgumentError(f"{name}: q must not be negative, got {q}")
    if niter < 0:
        raise ArgumentError(f"{name}: niter must not be negative, got {niter}")
    if subtracted is not None:
        a = a - subtracted
    wide = m < n
    tall = mH(a) if wide else a
    basis = _range(tall, q, niter)
    u, s, vh = linalg_svd(matmul(mH(basis), tall), full_matrices=False)
    u = matmul(basis, u)
    return (mH(vh), s, u) if wide else (u, s, mH(vh))


def _range(a: Any, q: int, niter: int) -> Any:
    """Q, (..., m, q), whose columns span about the range of a."""
    d = a.array.dtype
    start = randn(*a.array.shape[:-2], a.array.shape[-1], q, dtype=FROM_NUMPY[d], device=device_of(a.xp))
    basis = linalg_qr(matmul(a, start))[0]
    for _ in range(niter):
        basis = linalg_qr(matmul(mH(a), basis))[0]
        basis = linalg_qr(matmul(a, basis))[0]
    return basis


def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """`svd_lowrank` of A less the means of its columns: principal directions are the columns of V.

    A: (..., m, n), m samples -> (..., m, q), (..., q), (..., n, q). q: min(6, m, n) unless given. center=False: A as it
    is. Raises as `svd_lowrank`, and for a q above
    min(m, n).

    >>> import gputensor as gt
    >>> U, S, V = gt.pca_lowrank(gt.tensor([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]), q=1)
    >>> V.abs().round(decimals=3)
    tensor([[0.7070],
            [0.7070]])
    """
    a = matrices("pca_lowrank", A)
    most = min(a.array.shape[-2:])
    q = min(6, most) if q is None else one_int("pca_lowrank", "q", q)
    if not 0 <= q <= most:
        raise ArgumentError(f"pca_lowrank: q must lie between 0 and min(m, n) = {most}, got {q}")
    return _projected("pca_lowrank", a, q, niter, mean(a, -2, keepdim=True) if center else None)
