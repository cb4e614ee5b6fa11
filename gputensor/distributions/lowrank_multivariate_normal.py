"""The normal distribution of vectors with a covariance of low rank and a diagonal."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.multivariate_normal import squared_distance
from gputensor.distributions.utils import lazy_property

__all__ = ["LowRankMultivariateNormal"]


def capacitance_factor(w: Tensor, d: Tensor) -> Tensor:
    """The Cholesky factor of 1 + w.mT @ diag(1 / d) @ w: (…, n, rank), (…, n) -> (…, rank, rank)."""
    inner = w.mT @ (w / d.unsqueeze(-1))
    return gt.linalg.cholesky(inner + gt.eye(w.shape[-1], dtype=w.dtype, device=w.device))


def low_rank_log_det(d: Tensor, capacitance: Tensor) -> Tensor:
    """log det(w @ w.mT + diag(d)), by the matrix determinant lemma."""
    return 2 * capacitance.diagonal(dim1=-2, dim2=-1).log().sum(-1) + d.log().sum(-1)


def low_rank_distance(w: Tensor, d: Tensor, diff: Tensor, capacitance: Tensor) -> Tensor:
    """diff @ inverse(w @ w.mT + diag(d)) @ diff, by the Woodbury matrix identity."""
    inner = ((diff / d).unsqueeze(-2) @ w).squeeze(-2)
    return (diff.square() / d).sum(-1) - squared_distance(capacitance, inner)


class LowRankMultivariateNormal(Distribution):
    """The normal distribution of vectors with covariance cov_factor @ cov_factor.mT + diag(cov_diag).

    loc: (batch…, n), cov_factor: (batch…, n, rank), cov_diag: (batch…, n), positive. Only matrices of rank x rank are
    factorized. Raises ValueError for shapes that do not fit.

    >>> import gputensor as gt
    >>> d = gt.distributions.LowRankMultivariateNormal(gt.zeros(2), gt.tensor([[1.0], [0.0]]), gt.ones(2))
    >>> d.covariance_matrix
    tensor([[2., 0.],
            [0., 1.]])
    """

    arg_constraints: ClassVar[Any] = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1),
    }
    support: Any = constraints.real_vector
    has_rsample = True

    def __init__(self, loc: Tensor, cov_factor: Tensor, cov_diag: Tensor, validate_args: bool | None = None) -> None:
        if loc.ndim < 1:
            raise ValueError("loc must be at least one-dimensional.")
        n = loc.shape[-1]
        if cov_factor.ndim < 2 or cov_factor.shape[-2] != n:
            raise ValueError(f"cov_factor must be a batch of matrices with shape {n} x m")
        if cov_diag.ndim < 1 or cov_diag.shape[-1] != n:
            raise ValueError(f"cov_diag must be a batch of vectors with shape ({n},)")
        batch = gt.broadcast_shapes(loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1])
        self.loc = loc.expand((*batch, -1))
        self.cov_diag = cov_diag.expand((*batch, -1))
        self.cov_factor = cov_factor.expand((*batch, -1, -1))
        super().__init__(batch, loc.shape[-1:], validate_args=validate_args)
        # those without the batch's copies
        self._w, self._d = cov_factor, cov_diag
        self._capacitance = capacitance_factor(cov_factor, cov_diag)

    def _full(self, matrix: Tensor) -> Tensor:
        return matrix.expand((*self._batch_shape, *self._event_shape, *self._event_shape))

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance matrix."""
        # of diag(root) @ (1 + r @ r.mT) @ diag(root), which stays well conditioned for a small diagonal
        root = self._d.sqrt()
        r = self._w / root.unsqueeze(-1)
        inner = r @ r.mT + gt.eye(r.shape[-2], dtype=r.dtype, device=r.device)
        return self._full(root.unsqueeze(-1) * gt.linalg.cholesky(inner))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance matrix."""
        return self._full(self._w @ self._w.mT + gt.diag_embed(self._d))

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance matrix."""
        # Woodbury: 1 / d - a.mT @ a with a = inverse(capacitance) @ w.mT / d
        a = gt.linalg.solve_triangular(self._capacitance, self._w.mT / self._d.unsqueeze(-2), upper=False)
        return self._full(gt.diag_embed(self._d.reciprocal()) - a.mT @ a)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return (self._w.square().sum(-1) + self._d).expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape, like = self._extended_shape(sample_shape), self.loc
        low = gt.randn((*shape[:-1], self._w.shape[-1], 1), dtype=like.dtype, device=like.device)
        own = gt.randn(shape, dtype=like.dtype, device=like.device)
        return self.loc + (self._w @ low).squeeze(-1) + self._d.sqrt() * own

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        distance = low_rank_distance(self._w, self._d, value - self.loc, self._capacitance)
        log_det = low_rank_log_det(self._d, self._capacitance)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + log_det + distance)

    def entropy(self) -> Tensor:
        log_det = low_rank_log_det(self._d, self._capacitance)
        return (0.5 * (self._event_shape[0] * (1 + math.log(2 * math.pi)) + log_det)).expand(self._batch_shape)
