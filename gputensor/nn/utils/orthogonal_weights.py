"""The parametrization of matrices with orthonormal columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.core.limits import finfo
from gputensor.core.modes import no_grad
from gputensor.nn.modules.module import Module
from gputensor.nn.utils.parametrize import register_parametrization
from gputensor.ops.comparison import allclose
from gputensor.ops.creation import eye, zeros_like
from gputensor.ops.joining import cat
from gputensor.ops.matrix_functions import matrix_exp
from gputensor.ops.orthogonal import geqrf, householder_product
from gputensor.ops.random import randn
from gputensor.ops.solving import solve

M = TypeVar("M", bound=Module)


def orthogonal(
    module: M, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> M:
    """Make a weight (…, n, k) a matrix with orthonormal columns, or rows where n < k; returns the module.

    orthogonal_map says what makes it of a free matrix X: "matrix_exp", exp(A) with A = X - Xᴴ of the lower triangle of
    X; "cayley", (I + A/2) (I - A/2)⁻¹; or "householder", the product of the reflections below X's diagonal, for real
    matrices. The first unless given, for real ones that are not square the last. use_trivialization: multiply by a
    fixed orthogonal matrix `base`, the value last assigned, so that any may be assigned; without it only "householder"
    takes assignments. A value that is assigned is made orthogonal first. Random where n differs from k: the base is
    completed by drawn columns. Raises ValueError for a name that is no tensor of the module, less than two dims, an
    unknown map, or "householder" for a complex weight; NotImplementedError for an assignment that is not possible.
    Source: Lezcano-Casado 2019, arXiv:1909.09501.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.parametrizations.orthogonal(gt.nn.Linear(3, 2))
    >>> gt.allclose(layer.weight @ layer.weight.T, gt.eye(2), atol=1e-5)
    True
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    square = weight.shape[-2] == weight.shape[-1]
    chosen = orthogonal_map or ("matrix_exp" if square or weight.is_complex() else "householder")
    if chosen not in _MAPS:
        raise ValueError(f"orthogonal_map has to be one of {', '.join(_MAPS)}; got {orthogonal_map!r}")
    if chosen == "householder" and weight.is_complex():
        raise ValueError("The householder parametrization does not support complex tensors.")
    return register_parametrization(module, name, _Orthogonal(weight, chosen, use_trivialization), unsafe=True)


class _Orthogonal(Module):
    """base @ map(X), the first k columns; transposed where the matrix is wide."""

    base: Tensor | None

    def __init__(self, weight: Tensor, orthogonal_map: str, use_trivialization: bool) -> None:
        super().__init__()
        self.shape = tuple(weight.shape)
        self.orthogonal_map = orthogonal_map
        self.use_trivialization = use_trivialization
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X: Tensor) -> Tensor:
        wide = X.shape[-2] < X.shape[-1]
        columns = _MAPS[self.orthogonal_map](X.mT if wide else X)
        if self.use_trivialization:
            assert self.base is not None
            columns = self.base @ columns
        return columns.mT if wide else columns

    @no_grad()
    def right_inverse(self, value: Tensor) -> Tensor:
        if tuple(value.shape) != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. "
                f"Got a tensor of shape {tuple(value.shape)}."
            )
        n, k = self.shape[-2:]
        tall = value.mT if n < k else value
        if self.use_trivialization:
            self.base = _completed(tall)
            start = zeros_like(value)
            # every map makes I of -I: there the diagonal of "householder" holds the signs of the columns
            start.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
            return start
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                f"orthogonal: a value cannot be assigned to the map {self.orthogonal_map!r} with "
                "use_trivialization=False; register it with use_trivialization=True"
            )
        reflectors, factors = geqrf(tall)
        diagonal = reflectors.diagonal(dim1=-2, dim2=-1)
        signs = diagonal.sign()
        # a factor of 0 stands for no reflection, where this map has one with the factor 2
        diagonal.copy_(signs.where(factors != 0, -signs))
        return reflectors.mT if n < k else reflectors


def _skew(x: Tensor) -> Tensor:
    """The skew-symmetric (n, n) matrix of the lower triangle of x (…, n, k)."""
    lower, (n, k) = x.tril(), x.shape[-2:]
    if n != k:
        lower = cat([lower, lower.new_zeros((*x.shape[:-2], n, n - k))], dim=-1)
    return lower - lower.mH


def _by_exponential(x: Tensor) -> Tensor:
    return matrix_exp(_skew(x))[..., : x.shape[-1]]


def _by_cayley(x: Tensor) -> Tensor:
    skew = _skew(x)
    identity = eye(x.shape[-2], dtype=x.dtype, device=x.device)
    return solve(identity - skew / 2, identity + skew / 2)[..., : x.shape[-1]]


def _by_householder(x: Tensor) -> Tensor:
    below = x.tril(-1)
    reflected = householder_product(below, 2 / (1 + (below * below).sum(-2)))
    # the signs are no parameters: they are fixed when a value is assigned
    return reflected * x.detach().diagonal(dim1=-2, dim2=-1).trunc().unsqueeze(-2)


_MAPS: dict[str, Callable[[Tensor], Tensor]] = {
    "matrix_exp": _by_exponential,
    "cayley": _by_cayley,
    "householder": _by_householder,
}


def _completed(tall: Tensor) -> Any:
    """An orthogonal (…, n, n) matrix that begins with the columns of `tall` (…, n, k), made orthonormal."""
    n, k = tall.shape[-2:]
    if n != k:
        drawn = randn(*tall.shape[:-2], n, n - k, dtype=tall.dtype, device=tall.device)
        return _orthonormal(cat([tall, drawn], dim=-1))
    identity = eye(n, dtype=tall.dtype, device=tall.device)
    if allclose(tall.mH @ tall, identity, atol=10 * n * finfo(tall.dtype).eps):
        return tall.clone()
    return _orthonormal(tall)


def _orthonormal(tall: Tensor) -> Tensor:
    """The Q of QR, with the signs for which R has a diagonal that is not negative."""
    reflectors, factors = geqrf(tall)
    signs = reflectors.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)
    return householder_product(reflectors, factors) * signs
