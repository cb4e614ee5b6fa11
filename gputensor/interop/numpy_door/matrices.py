"""`numpy.linalg`: factorizations, solutions and norms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import gputensor as gt
from gputensor import Tensor, linalg
from gputensor.interop.numpy_door.arguments import axes_of, dtype_of, given, tensor, tensors
from gputensor.interop.numpy_door.products import alike
from gputensor.interop.numpy_door.reductions import floating


class EigResult(NamedTuple):
    """What `numpy.linalg.eig` and `eigh` give."""

    eigenvalues: Tensor
    eigenvectors: Tensor


class QRResult(NamedTuple):
    """What `numpy.linalg.qr` gives."""

    Q: Tensor
    R: Tensor


class SlogdetResult(NamedTuple):
    """What `numpy.linalg.slogdet` gives."""

    sign: Tensor
    logabsdet: Tensor


class SVDResult(NamedTuple):
    """What `numpy.linalg.svd` gives."""

    U: Tensor
    S: Tensor
    Vh: Tensor


def _matrix(a: Any) -> Tensor:
    return floating(tensor(a))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tensor:
    """`numpy.linalg.norm`."""
    a = _matrix(x)
    if axis is None and ord is not None and a.ndim > 2:
        raise ValueError(f"norm: ord={ord} of shape {tuple(a.shape)} needs an axis, or two")
    if axis is None and ord is None:
        out = linalg.vector_norm(a.reshape(-1))
        return out.reshape([1] * a.ndim) if keepdims else out
    dims = axis if axis is None or isinstance(axis, (tuple, list)) else (axis,)
    if dims is None:
        dims = tuple(range(a.ndim))
    if len(dims) == 1:
        return linalg.vector_norm(a, 2 if ord is None else ord, dims, keepdims)
    if len(dims) != 2:
        raise ValueError(f"norm: axis must be one dim or two, got {axis}")
    return linalg.matrix_norm(a, "fro" if ord is None else ord, (dims[0], dims[1]), keepdims)


def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Tensor:
    """`numpy.linalg.vector_norm`."""
    a = _matrix(x)
    return linalg.vector_norm(a, ord, axes_of("vector_norm", a, axis), keepdims)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    """`numpy.linalg.matrix_norm`."""
    return linalg.matrix_norm(_matrix(x), ord, (-2, -1), keepdims)


def det(a: Any) -> Tensor:
    """`numpy.linalg.det`."""
    return linalg.det(_matrix(a))


def slogdet(a: Any) -> SlogdetResult:
    """`numpy.linalg.slogdet`."""
    return SlogdetResult(*linalg.slogdet(_matrix(a)))


def inv(a: Any) -> Tensor:
    """`numpy.linalg.inv`."""
    return linalg.inv(_matrix(a))


def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Tensor:
    """`numpy.linalg.pinv`."""
    tolerance = rcond if rcond is not None else rtol if given(rtol) else 1e-15
    return linalg.pinv(_matrix(a), rtol=tolerance, hermitian=hermitian)


def solve(a: Any, b: Any) -> Tensor:
    """`numpy.linalg.solve`: b is a vector if it has one dim, else a stack of matrices."""
    x, y = alike(floating(tensors(a, b)[0]), tensors(a, b)[1])
    if y.ndim == 1:
        return linalg.solve(x, y.unsqueeze(-1)).squeeze(-1)
    if y.ndim == x.ndim - 1:  # matrices for all, not a vector for each
        y = y.expand([*x.shape[:-2], *y.shape[-2:]])
    return linalg.solve(x, y)


def lstsq(a: Any, b: Any, rcond: Any = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`numpy.linalg.lstsq`: solution, sums of squared residuals, rank, singular values."""
    x, y = alike(floating(tensors(a, b)[0]), tensors(a, b)[1])
    if x.ndim != 2 or y.ndim not in (1, 2):
        raise ValueError(f"lstsq: expected a matrix and a vector or matrix, got {tuple(x.shape)} and {tuple(y.shape)}")
    columns = y if y.ndim == 2 else y.unsqueeze(-1)
    found = linalg.lstsq(x, columns, rcond=rcond)
    singular = linalg.svdvals(x)
    cut = (max(x.shape) * gt.finfo(x.dtype).eps if rcond is None else rcond) * singular.max()
    rank = (singular > cut).sum()
    solution = found[0]
    if x.shape[0] > x.shape[1] and int(rank) == x.shape[1]:
        residuals = (columns - x @ solution).abs().square().sum(0)
    else:
        residuals = singular.new_zeros(0)
    return solution if y.ndim == 2 else solution.squeeze(-1), residuals, rank, singular


def eig(a: Any) -> EigResult:
    """`numpy.linalg.eig`; the results are complex."""
    return EigResult(*linalg.eig(_matrix(a)))


def eigh(a: Any, UPLO: str = "L") -> EigResult:
    """`numpy.linalg.eigh`."""
    return EigResult(*linalg.eigh(_matrix(a), UPLO))


def eigvals(a: Any) -> Tensor:
    """`numpy.linalg.eigvals`; they are complex."""
    return linalg.eigvals(_matrix(a))


def eigvalsh(a: Any, UPLO: str = "L") -> Tensor:
    """`numpy.linalg.eigvalsh`."""
    return linalg.eigvalsh(_matrix(a), UPLO)


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """`numpy.linalg.svd`."""
    return SVDResult(*linalg.svd(_matrix(a), full_matrices)) if compute_uv else linalg.svdvals(_matrix(a))


def svdvals(x: Any, /) -> Tensor:
    """`numpy.linalg.svdvals`."""
    return linalg.svdvals(_matrix(x))


def qr(a: Any, mode: str = "reduced") -> Any:
    """`numpy.linalg.qr`, in the modes reduced, complete and r."""
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"qr: mode must be 'reduced', 'complete' or 'r', got {mode!r}")
    found = linalg.qr(_matrix(a), mode)
    return found[1] if mode == "r" else QRResult(*found)


def cholesky(a: Any, /, *, upper: bool = False) -> Tensor:
    """`numpy.linalg.cholesky`."""
    return linalg.cholesky(_matrix(a), upper=upper)


def matrix_power(a: Any, n: int) -> Tensor:
    """`numpy.linalg.matrix_power`."""
    return linalg.matrix_power(tensor(a), n)


def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Tensor:
    """`numpy.linalg.matrix_rank`; of one dim, 1 unless all is 0."""
    x = _matrix(A)
    if x.ndim < 2:
        return (x != 0).any().long()
    if tol is not None:
        return linalg.matrix_rank(x, atol=tol, rtol=0.0, hermitian=hermitian)
    return linalg.matrix_rank(x, rtol=rtol, hermitian=hermitian)


def cond(x: Any, p: Any = None) -> Tensor:
    """`numpy.linalg.cond`."""
    return linalg.cond(_matrix(x), p)


def tensorinv(a: Any, ind: int = 2) -> Tensor:
    """`numpy.linalg.tensorinv`."""
    return linalg.tensorinv(_matrix(a), ind)


def tensorsolve(a: Any, b: Any, axes: Any = None) -> Tensor:
    """`numpy.linalg.tensorsolve`."""
    x, y = alike(floating(tensors(a, b)[0]), tensors(a, b)[1])
    return linalg.tensorsolve(x, y, axes)


def diagonal(x: Any, /, *, offset: int = 0) -> Tensor:
    """`numpy.linalg.diagonal`: of the last two dims."""
    return linalg.diagonal(tensor(x), offset=offset)


def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Tensor:
    """`numpy.linalg.trace`: of the last two dims."""
    return diagonal(x, offset=offset).sum(-1, dtype=dtype_of(dtype))


TABLE: dict[Any, Callable[..., Any]] = {
    np.linalg.cholesky: cholesky,
    np.linalg.cond: cond,
    np.linalg.det: det,
    np.linalg.diagonal: diagonal,
    np.linalg.eig: eig,
    np.linalg.eigh: eigh,
    np.linalg.eigvals: eigvals,
    np.linalg.eigvalsh: eigvalsh,
    np.linalg.inv: inv,
    np.linalg.lstsq: lstsq,
    np.linalg.matrix_norm: matrix_norm,
    np.linalg.matrix_power: matrix_power,
    np.linalg.matrix_rank: matrix_rank,
    np.linalg.norm: norm,
    np.linalg.pinv: pinv,
    np.linalg.qr: qr,
    np.linalg.slogdet: slogdet,
    np.linalg.solve: solve,
    np.linalg.svd: svd,
    np.linalg.svdvals: svdvals,
    np.linalg.tensorinv: tensorinv,
    np.linalg.tensorsolve: tensorsolve,
    np.linalg.trace: trace,
    np.linalg.vector_norm: vector_norm,
}
