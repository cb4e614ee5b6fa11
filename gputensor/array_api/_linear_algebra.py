"""Linear algebra: the standard's extension `linalg`. Matrices stand in the last two dims, the others are a batch.

Raises ShapeError (a ValueError) for shapes that do not fit, DtypeError (a TypeError) for dtypes that the function does
not take, LinAlgError where a matrix has no answer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._manipulation import axes_of
from gputensor.array_api._products import pair
from gputensor.array_api._promotion import FLOATING, check_kind
from gputensor.array_api._statistics import sum as _sum
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ShapeError
from gputensor.ops.dims import DimError

Tolerance = float | gt.Tensor | None


class EighResult(NamedTuple):
    """What `eigh` gives."""

    eigenvalues: Array
    eigenvectors: Array


class EigResult(NamedTuple):
    """What `eig` gives."""

    eigenvalues: Array
    eigenvectors: Array


class QRResult(NamedTuple):
    """What `qr` gives."""

    Q: Array
    R: Array


class SlogdetResult(NamedTuple):
    """What `slogdet` gives."""

    sign: Array
    logabsdet: Array


class SVDResult(NamedTuple):
    """What `svd` gives."""

    U: Array
    S: Array
    Vh: Array


def cholesky(x: gt.Tensor, /, *, upper: bool = False) -> Array:
    """L with L L^H = x for positive definite x, or with upper U with U^H U = x: (..., n, n) -> (..., n, n).

    Only one triangle of x is read. Raises LinAlgError for a matrix that is not positive definite.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.cholesky(xp.asarray([[4.0]]))
    Array([[2.]])
    """
    return made(gt.linalg.cholesky(_floats("linalg.cholesky", x), upper=upper))


def cross(x1: gt.Tensor, x2: gt.Tensor, /, *, axis: int = -1) -> Array:
    """Vector products in three dimensions, along an axis of size 3, counted from the end; the other axes broadcast.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.cross(xp.asarray([1, 0, 0]), xp.asarray([0, 1, 0]))
    Array([0, 0, 1])
    """
    x, y = pair("linalg.cross", x1, x2)
    n = min(x.ndim, y.ndim)
    if axis >= 0 and x.ndim == y.ndim:
        axis -= n
    if not -n <= axis < 0:
        raise DimError(f"linalg.cross: axis {axis} is out of range for {n} dims; use {-n} <= axis < 0")
    if x.shape[axis] != 3 or y.shape[axis] != 3:
        raise ShapeError(f"linalg.cross: axis {axis} of shapes {tuple(x.shape)} and {tuple(y.shape)} must have size 3")
    x, y = gt.broadcast_tensors(x, y)
    return made(gt.cross(x, y, dim=axis))


def det(x: gt.Tensor, /) -> Array:
    """Determinants: (..., n, n) -> (...).

    >>> from gputensor import array_api as xp
    >>> xp.linalg.det(xp.asarray([[2.0, 0.0], [0.0, 3.0]]))
    Array(6.)
    """
    return made(gt.linalg.det(_floats("linalg.det", x)))


def diagonal(x: gt.Tensor, /, *, offset: int = 0) -> Array:
    """The diagonal number offset of the matrices (above 0: to the right of the main one), a view: (..., m, n) ->
    (..., k).

    >>> from gputensor import array_api as xp
    >>> xp.linalg.diagonal(xp.asarray([[1, 2], [3, 4]]))
    Array([1, 4])
    """
    return made(gt.diagonal(_matrix("linalg.diagonal", x), offset, -2, -1))


def eigh(x: gt.Tensor, /) -> EighResult:
    """Eigenvalues in rising order (..., n) and eigenvectors as columns (..., n, n) of symmetric or Hermitian matrices.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.eigh(xp.asarray([[1.0, 0.0], [0.0, 3.0]])).eigenvalues
    Array([1., 3.])
    """
    values, vectors = gt.linalg.eigh(_floats("linalg.eigh", x))
    return EighResult(made(values), made(vectors))


def eigvalsh(x: gt.Tensor, /) -> Array:
    """Eigenvalues in rising order of symmetric or Hermitian matrices: (..., n, n) -> (..., n), real.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.eigvalsh(xp.asarray([[1.0, 0.0], [0.0, 3.0]]))
    Array([1., 3.])
    """
    return made(gt.linalg.eigvalsh(_floats("linalg.eigvalsh", x)))


def eig(x: gt.Tensor, /) -> EigResult:
    """Eigenvalues (..., n) and eigenvectors as columns (..., n, n) of square matrices: complex.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.eig(xp.asarray([[2.0]])).eigenvalues
    Array([2.+0.j])
    """
    values, vectors = gt.linalg.eig(_floats("linalg.eig", x))
    return EigResult(made(values), made(vectors))


def eigvals(x: gt.Tensor, /) -> Array:
    """Eigenvalues of square matrices: (..., n, n) -> (..., n), complex.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.eigvals(xp.asarray([[2.0]]))
    Array([2.+0.j])
    """
    return made(gt.linalg.eigvals(_floats("linalg.eigvals", x)))


def inv(x: gt.Tensor, /) -> Array:
    """Inverses of square matrices. Raises LinAlgError for a singular one.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.inv(xp.asarray([[4.0]]))
    Array([[0.2500]])
    """
    return made(gt.linalg.inv(_floats("linalg.inv", x)))


def matrix_norm(x: gt.Tensor, /, *, keepdims: bool = False, ord: Any = "fro") -> Array:
    """Norms of matrices: (..., m, n) -> (...) or, with keepdims, (..., 1, 1); real.

    ord: "fro" (root of the sum of squares), "nuc" (sum of the singular values), inf and -inf (largest and smallest sum
    of a row), 1 and -1 (of a column), 2 and -2 (largest and smallest singular value).

    >>> from gputensor import array_api as xp
    >>> xp.linalg.matrix_norm(xp.asarray([[3.0, 4.0]]))
    Array(5.)
    """
    t = _floats("linalg.matrix_norm", x)
    if not t.array.size:  # the other door refuses most of these
        shape = (*t.shape[:-2], 1, 1) if keepdims else t.shape[:-2]
        return made(gt.zeros(shape, dtype=t.dtype.to_real(), device=t.device))
    return made(gt.linalg.matrix_norm(t, ord, (-2, -1), keepdims))


def matrix_power(x: gt.Tensor, n: int, /) -> Array:
    """Square matrices to an integer power; 0 gives the identity, negative ones powers of the inverse.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.matrix_power(xp.asarray([[2.0]]), 3)
    Array([[8.]])
    """
    return made(gt.linalg.matrix_power(_floats("linalg.matrix_power", x), n))


def matrix_rank(x: gt.Tensor, /, *, rtol: Tolerance = None) -> Array:
    """How many singular values are above rtol times the largest: (..., m, n) -> (...), int64.

    rtol: eps * max(m, n) unless given; a number or an array of the leading dims.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.matrix_rank(xp.asarray([[1.0, 2.0], [2.0, 4.0]]))
    Array(1)
    """
    return made(gt.linalg.matrix_rank(_floats("linalg.matrix_rank", x), rtol=plain(rtol)))


def outer(x1: gt.Tensor, x2: gt.Tensor, /) -> Array:
    """All products of an element of x1 and one of x2: (n,), (m,) -> (n, m); dtypes promote.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.outer(xp.asarray([1, 2]), xp.asarray([1, 10]))
    Array([[ 1, 10],
           [ 2, 20]])
    """
    return made(gt.outer(*pair("linalg.outer", x1, x2)))


def pinv(x: gt.Tensor, /, *, rtol: Tolerance = None) -> Array:
    """Moore-Penrose pseudo-inverses: (..., m, n) -> (..., n, m).

    Singular values up to rtol times the largest count as 0. rtol: eps * max(m, n) unless given; a number or an array of
    the leading dims.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.pinv(xp.asarray([[4.0]]))
    Array([[0.2500]])
    """
    return made(gt.linalg.pinv(_floats("linalg.pinv", x), rtol=plain(rtol)))


def qr(x: gt.Tensor, /, *, mode: str = "reduced") -> QRResult:
    """Q with orthonormal columns and R upper triangular, Q R = x: (..., m, k), (..., k, n) with k = min(m, n), or with
    mode "complete" k = m.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.qr(xp.ones((3, 2))).R.shape
    gputensor.Size([2, 2])
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(f"linalg.qr: mode must be 'reduced' or 'complete', got {mode!r}")
    q, r = gt.linalg.qr(_floats("linalg.qr", x), mode)
    return QRResult(made(q), made(r))


def slogdet(x: gt.Tensor, /) -> SlogdetResult:
    """Sign and logarithm of the magnitude of determinants, which neither overflow nor underflow: (..., n, n) -> (...).

    >>> from gputensor import array_api as xp
    >>> xp.linalg.slogdet(xp.asarray([[-1.0]])).sign
    Array(-1.)
    """
    sign, logabsdet = gt.linalg.slogdet(_floats("linalg.slogdet", x))
    return SlogdetResult(made(sign), made(logabsdet))


def solve(x1: gt.Tensor, x2: gt.Tensor, /) -> Array:
    """The solutions of x1 @ x = x2. x1: (..., n, n); x2: (n,) or (..., n, k), leading dims broadcast.

    Unlike torch: only a 1-d x2 is a vector. Raises LinAlgError for a singular matrix.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.solve(xp.asarray([[2.0]]), xp.asarray([4.0]))
    Array([2.])
    """
    a, b = pair("linalg.solve", x1, x2)
    check_kind("linalg.solve", a, FLOATING)
    if b.ndim == 1:
        return made(gt.squeeze(gt.linalg.solve(a, gt.unsqueeze(b, 1)), -1))
    while 1 < b.ndim < a.ndim:  # the other door might take it for a batch of vectors
        b = gt.unsqueeze(b, 0)
    return made(gt.linalg.solve(a, b))


def svd(x: gt.Tensor, /, *, full_matrices: bool = True) -> SVDResult:
    """U, S, Vh with U diag(S) Vh = x and S in falling order: (..., m, m), (..., k), (..., n, n) with k = min(m, n);
    without full_matrices (..., m, k), (..., k), (..., k, n).

    >>> from gputensor import array_api as xp
    >>> xp.linalg.svd(xp.asarray([[2.0, 0.0], [0.0, 3.0]])).S
    Array([3., 2.])
    """
    u, s, vh = gt.linalg.svd(_floats("linalg.svd", x), full_matrices)
    return SVDResult(made(u), made(s), made(vh))


def svdvals(x: gt.Tensor, /) -> Array:
    """Singular values in falling order: (..., m, n) -> (..., min(m, n)), real.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.svdvals(xp.asarray([[2.0, 0.0], [0.0, 3.0]]))
    Array([3., 2.])
    """
    return made(gt.linalg.svdvals(_floats("linalg.svdvals", x)))


def trace(x: gt.Tensor, /, *, offset: int = 0, dtype: Any = None) -> Array:
    """Sums of the diagonal number offset: (..., m, n) -> (...). dtype: as for `sum`.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.trace(xp.asarray([[1, 2], [3, 4]]))
    Array(5)
    """
    return _sum(diagonal(x, offset=offset), axis=-1, dtype=dtype)


def vector_norm(x: gt.Tensor, /, *, axis: Any = None, keepdims: bool = False, ord: float = 2) -> Array:
    """Norms of vectors along the axes, or of all elements: (sum |x|^ord)^(1/ord), real.

    ord: inf and -inf give the largest and smallest magnitude, 0 the number of elements that are not 0.

    >>> from gputensor import array_api as xp
    >>> xp.linalg.vector_norm(xp.asarray([3.0, 4.0]))
    Array(5.)
    """
    check_kind("linalg.vector_norm", x, FLOATING)
    t = plain(x)
    axes = None if axis is None else axes_of("linalg.vector_norm", t, axis)
    if axes == ():
        out = gt.abs(t)
        return made((out != 0).to(out.dtype) if ord == 0 else out)
    return made(gt.linalg.vector_norm(t, ord, axes, keepdims))


def _matrix(name: str, x: Any) -> Any:
    t = plain(x)
    if isinstance(t, TensorBase) and t.array.ndim < 2:
        raise ShapeError(f"{name}: expected at least 2 dims, got shape {tuple(t.array.shape)}")
    return t


def _floats(name: str, x: Any) -> Any:
    check_kind(name, x, FLOATING)
    return _matrix(name, x)
