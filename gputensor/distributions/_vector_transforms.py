"""Transforms of vectors and matrices."""

from __future__ import annotations

import math
from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import _Alike
from gputensor.distributions.utils import as_size, tril_matrix_to_vec, vec_to_tril_matrix
from gputensor.nn.functional import logsigmoid, pad, softplus


class SoftmaxTransform(_Alike):
    """y = softmax(x) over the last dim, onto the simplex: not bijective, the inverse gives log(y).

    >>> import gputensor as gt
    >>> gt.distributions.transforms.SoftmaxTransform()(gt.zeros(2))
    tensor([0.5000, 0.5000])
    """

    domain = constraints.real_vector
    codomain = constraints.simplex

    def _call(self, x: Tensor) -> Tensor:
        return gt.softmax(x, -1)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def forward_shape(self, shape: Any) -> Any:
        return _with_dims(self, shape, 1)

    def inverse_shape(self, shape: Any) -> Any:
        return _with_dims(self, shape, 1)


class StickBreakingTransform(_Alike):
    """From vectors of n - 1 numbers to the simplex of n: each number breaks its share off what is left of a stick.

    A vector of zeros becomes n equal parts.

    >>> import gputensor as gt
    >>> gt.distributions.transforms.StickBreakingTransform()(gt.zeros(3))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        share = gt.sigmoid(x - _log_pieces(x))
        left = (1 - share).cumprod(-1)
        return pad(share, [0, 1], value=1.0) * pad(left, [1, 0], value=1.0)

    def _inverse(self, y: Tensor) -> Tensor:
        parts = y[..., :-1]
        # what is left may round to 0 or below
        left = (1 - parts.cumsum(-1)).clamp(min=gt.finfo(y.dtype).tiny)
        return parts.log() - left.log() + _log_pieces(parts)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        x = x - _log_pieces(x)
        return (logsigmoid(x) - x + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: Any) -> Any:
        return as_size((*_with_dims(self, shape, 1)[:-1], shape[-1] + 1))

    def inverse_shape(self, shape: Any) -> Any:
        return as_size((*_with_dims(self, shape, 1)[:-1], shape[-1] - 1))


def _log_pieces(x: Tensor) -> Tensor:
    """Logarithms of how many pieces come after each."""
    n = x.shape[-1]
    return gt.arange(n, 0, -1, dtype=x.dtype, device=x.device).log()


class LowerCholeskyTransform(_Alike):
    """From square matrices to lower triangular ones with a positive diagonal, which is exp of the given one.

    >>> import gputensor as gt
    >>> gt.distributions.transforms.LowerCholeskyTransform()(gt.tensor([[0.0, 5.0], [2.0, 0.0]]))
    tensor([[1., 0.],
            [2., 1.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + gt.diag_embed(x.diagonal(dim1=-2, dim2=-1).exp())

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + gt.diag_embed(y.diagonal(dim1=-2, dim2=-1).log())


class PositiveDefiniteTransform(_Alike):
    """From square matrices to positive definite ones: L @ L.mT of their `LowerCholeskyTransform`.

    >>> import gputensor as gt
    >>> gt.distributions.transforms.PositiveDefiniteTransform()(gt.tensor([[0.0, 5.0], [2.0, 0.0]]))
    tensor([[1., 2.],
            [2., 5.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        factor = LowerCholeskyTransform()(x)
        return factor @ factor.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(gt.linalg.cholesky(y))


class CorrCholeskyTransform(_Alike):
    """From vectors of n * (n - 1) / 2 numbers to Cholesky factors of n x n correlation matrices.

    tanh makes of every number a partial correlation; in each row, stick breaking with signs makes of these entries
    whose squares add up to 1. Source: Lewandowski, Kurowicka and Joe 2009; Stan reference manual, 10.12.

    >>> import gputensor as gt
    >>> gt.distributions.transforms.CorrCholeskyTransform()(gt.zeros(1))
    tensor([[1., 0.],
            [0., 1.]])
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        eps = gt.finfo(x.dtype).eps
        partial = vec_to_tril_matrix(x.tanh().clamp(min=-1 + eps, max=1 - eps), diag=-1)
        left = (1 - partial.square()).sqrt().cumprod(-1)
        n = partial.shape[-1]
        return (partial + gt.eye(n, dtype=x.dtype, device=x.device)) * pad(left[..., :-1], [1, 0], value=1.0)

    def _inverse(self, y: Tensor) -> Tensor:
        left = pad(1 - y.square().cumsum(-1)[..., :-1], [1, 0], value=1.0)
        partial = tril_matrix_to_vec(y, diag=-1) / tril_matrix_to_vec(left, diag=-1).sqrt()
        return (partial.log1p() - (-partial).log1p()) / 2

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        left = 1 - y.square().cumsum(-1)
        # an entry is its partial correlation times the root of what is left before it: the first column has all
        stick = 0.5 * tril_matrix_to_vec(left, diag=-2).log().sum(-1) if y.shape[-1] > 2 else 0.0
        return stick - 2 * (x + softplus(-2 * x) - math.log(2.0)).sum(-1)

    def forward_shape(self, shape: Any) -> Any:
        length = _with_dims(self, shape, 1)[-1]
        n = round((0.25 + 2 * length) ** 0.5 + 0.5)
        if n * (n - 1) // 2 != length:
            raise ValueError(f"CorrCholeskyTransform: no correlation matrix has {length} entries below its diagonal")
        return as_size((*shape[:-1], n, n))

    def inverse_shape(self, shape: Any) -> Any:
        n = _with_dims(self, shape, 2)[-1]
        if shape[-2] != n:
            raise ValueError(f"CorrCholeskyTransform: expected a square matrix, got shape {tuple(shape)}")
        return as_size((*shape[:-2], n * (n - 1) // 2))


def _with_dims(transform: Any, shape: Any, dims: int) -> Any:
    if len(shape) < dims:
        raise ValueError(f"{type(transform).__name__}: expected at least {dims} dims, got shape {tuple(shape)}")
    return shape
