"""The normal distribution of vectors."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._positive_definite import OfPositiveDefinite
from gputensor.distributions.utils import check_vectors

__all__ = ["MultivariateNormal"]


def squared_distance(factor: Tensor, diff: Tensor) -> Tensor:
    """diff @ inverse(factor @ factor.mT) @ diff of every vector.

    factor: (batch…, n, n), lower triangular; diff: (…, batch…, n), at least as many dims -> (…, batch…).
    """
    n, extra = diff.shape[-1], diff.ndim - (factor.ndim - 1)
    lead, batch = diff.shape[:extra], diff.shape[extra:-1]
    # what comes before the batch is solved as columns of one system, so that factors are not repeated
    columns = diff.reshape(lead.numel(), *batch, n).movedim(0, -1)
    solved = gt.linalg.solve_triangular(factor, columns, upper=False)
    return solved.square().sum(-2).movedim(-1, 0).reshape(lead + batch)


class MultivariateNormal(OfPositiveDefinite):
    """The normal distribution of vectors, with a mean and a covariance matrix, precision matrix or Cholesky factor.

    loc: (batch…, n); the matrix: (batch…, n, n); batches broadcast. Give exactly one of covariance_matrix,
    precision_matrix (its inverse) and scale_tril (its lower Cholesky factor, the quickest), else ValueError.

    >>> import gputensor as gt
    >>> d = gt.distributions.MultivariateNormal(gt.zeros(2), gt.eye(2))
    >>> d.log_prob(gt.zeros(2))
    tensor(-1.8379)
    """

    arg_constraints: ClassVar[Any] = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support: Any = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        check_vectors("loc", loc)
        name, matrix = self._chosen(covariance_matrix, precision_matrix, scale_tril)
        if tuple(matrix.shape[-2:]) != (loc.shape[-1],) * 2:
            raise ValueError(f"{name} of shape {tuple(matrix.shape)} does not fit loc of shape {tuple(loc.shape)}")
        batch = gt.broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        self.loc = loc.expand((*batch, -1))
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        super().__init__(batch, self.loc.shape[-1:], validate_args=validate_args)
        self._keep_factor(name, matrix)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return self._factor.square().sum(-1).expand(self._batch_shape + self._event_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        eps = gt.randn(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
        if self._factor.ndim == 2:
            return self.loc + eps @ self._factor.mT
        return self.loc + (self._factor @ eps.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        diff = value - self.loc
        distance = squared_distance(self._factor, diff)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + distance) - self._half_log_det()

    def _half_log_det(self) -> Tensor:
        return self._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)

    def entropy(self) -> Tensor:
        result = 0.5 * self._event_shape[0] * (1 + math.log(2 * math.pi)) + self._half_log_det()
        return result.expand(self._batch_shape)
