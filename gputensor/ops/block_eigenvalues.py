"""The largest or smallest eigenvalues of a large symmetric positive-definite matrix, by a block iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.devices import device_of
from gputensor.core.dtypes import FROM_NUMPY
from gputensor.core.explain import everywhere
from gputensor.core.modes import no_grad
from gputensor.errors import ArgumentError, ShapeError
from gputensor.ops.diagonals import diag_embed
from gputensor.ops.dims import one_int
from gputensor.ops.flipping import flip
from gputensor.ops.indexing import getitem
from gputensor.ops.joining import cat
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import same_dtype, square
from gputensor.ops.norms import norm
from gputensor.ops.positive_definite import cholesky_ex
from gputensor.ops.random import randn
from gputensor.ops.solving import mH, mT, triangular
from gputensor.ops.spectral import eigh

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def lobpcg(
    A: Tensor,
    k: int | None = None,
    B: Tensor | None = None,
    X: Tensor | None = None,
    n: int | None = None,
    iK: Tensor | None = None,
    niter: int | None = None,
    tol: float | None = None,
    largest: bool | None = None,
    method: str | None = None,
    tracker: Any = None,
    ortho_iparams: Any = None,
    ortho_fparams: Any = None,
    ortho_bparams: Any = None,
) -> tuple[Tensor, Tensor]:
    """The k largest, or with largest=False smallest, values L and vectors X with A X = B X diag(L).

    A: (..., m, m), symmetric (Hermitian) positive-definite, m at least 3 n; B: the same, the identity unless given; X:
    a first guess (..., m, n), random unless given; n: columns of the block, k unless given; iK: an approximate inverse
    of A as preconditioner; niter: iterations at most, 1000 unless given; tol: residuals relative to A and to the
    values, the root of eps unless given. Returns L (..., k) and X (..., m, k). Unlike torch: both methods, "ortho" and
    "basic", run the same iteration; tracker and the ortho parameters are not accepted; the result has no gradient
    (`eigh` has). Raises ShapeError for sizes that do not fit, ArgumentError for another method. Source: Knyazev 2001,
    SIAM J. Sci. Comput. 23; Duersch et al. 2018, SIAM J. Sci. Comput. 40, for the basis.

    >>> import gputensor as gt
    >>> L, X = gt.lobpcg(gt.diag(gt.arange(1.0, 10.0)), k=1)
    >>> L.round(decimals=3)
    tensor([9.])
    """
    name = "lobpcg"
    a = square(name, A)
    if method not in (None, "ortho", "basic"):
        raise ArgumentError(f"{name}: method must be 'ortho' or 'basic', got {method!r}")
    if not (tracker is None and ortho_iparams is None and ortho_fparams is None and ortho_bparams is None):
        raise ArgumentError(f"{name}: tracker and the ortho parameters are not supported; leave them away")
    if B is not None:
        same_dtype(name, a, square(name, B, "B"))
    m = a.array.shape[-1]
    given = None if X is None else int(X.array.shape[-1])
    k = one_int(name, "k", (1 if given is None else given) if k is None else k)
    n = one_int(name, "n", (k if given is None else given) if n is None else n)
    if not 0 < k <= n or m < 3 * n:
        raise ShapeError(
            f"{name}: A of shape {tuple(a.array.shape)} must have at least 3 n = {3 * n} rows, and 1 <= k <= n"
        )
    with no_grad():
        if X is None:
            X = randn(*a.array.shape[:-2], m, n, dtype=FROM_NUMPY[a.array.dtype], device=device_of(a.xp))
        elif tuple(X.array.shape) != (*a.array.shape[:-2], m, n):
            raise ShapeError(f"{name}: X must have shape {(*a.array.shape[:-2], m, n)}, got {tuple(X.array.shape)}")
        tolerance = float(np.finfo(a.array.dtype).eps) ** 0.5 if tol is None else tol
        steps = 1000 if niter is None else niter
        values, vectors = _iterated(a, B, X.detach(), iK, steps, tolerance, largest is not False)
    return getitem(values, (Ellipsis, slice(0, k))), getitem(vectors, (Ellipsis, slice(None), slice(0, k)))


def _iterated(a: Any, b: Any, x: Any, inverse: Any, steps: int, tol: float, largest: bool) -> tuple[Any, Any]:
    n = x.array.shape[-1]
    values, x = _best(a, b, x, n, largest)
    size = norm(a, dim=(-2, -1), keepdim=True)
    scale = 1.0 if b is None else norm(b, dim=(-2, -1), keepdim=True)
    direction = None
    for _ in range(steps):
        bx = x if b is None else matmul(b, x)
        residual = matmul(a, x) - matmul(bx, diag_embed(values).to(x.dtype))
        bound = (size + values.abs().unsqueeze(-2) * scale) * norm(x, dim=-2, keepdim=True) * tol
        small = norm(residual, dim=-2, keepdim=True) <= bound
        if everywhere(small.xp, small.array):
            break
        step = residual if inverse is None else matmul(inverse, residual)
        basis = cat((x, step), -1) if direction is None else cat((x, step, direction), -1)
        values, new = _best(a, b, basis, n, largest)
        # the direction is what the step added to x
        direction = new - matmul(x, matmul(mH(bx), new))
        x = new
    return values, x


def _best(a: Any, b: Any, basis: Any, n: int, largest: bool) -> tuple[Any, Any]:
    """The n best values and vectors in the span of a basis, by Rayleigh and Ritz."""
    basis = _orthonormal(b, _orthonormal(b, basis))
    values, vectors = eigh(matmul(mH(basis), matmul(a, basis)))
    if largest:
        values, vectors = flip(values, (-1,)), flip(vectors, (-1,))
    chosen = getitem(vectors, (Ellipsis, slice(None), slice(0, n)))
    return getitem(values, (Ellipsis, slice(0, n))), matmul(basis, chosen)


def _orthonormal(b: Any, basis: Any) -> Any:
    """The same span with columns that are orthonormal under b; columns that depend on others become small noise."""
    basis = basis / norm(basis, dim=-2, keepdim=True).clamp(min=float(np.finfo(basis.array.dtype).tiny))
    gram = matmul(mH(basis), basis if b is None else matmul(b, basis))
    eps = float(np.finfo(basis.array.dtype).eps)
    shift = eps * 10 * gram.array.shape[-1]
    size = norm(gram, dim=(-2, -1), keepdim=True)
    identity = diag_embed(norm(basis, dim=-2) * 0 + 1).to(gram.dtype)
    lower, _ = cholesky_ex(gram + identity * (shift * size).to(gram.dtype))
    return mT(triangular(lower.conj(), mT(basis), False))
