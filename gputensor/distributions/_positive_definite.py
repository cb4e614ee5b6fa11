"""Distributions with a positive definite matrix, which is given itself, as its inverse or as its Cholesky factor."""

from __future__ import annotations

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import lazy_property


def factor_of_inverse(precision: Tensor) -> Tensor:
    """The lower Cholesky factor of the inverse of (…, n, n) positive definite matrices."""
    # the inverse of the transposed factor of the matrix read backwards is lower triangular again
    backwards = gt.linalg.cholesky(gt.flip(precision, (-2, -1)))
    upper = gt.flip(backwards, (-2, -1)).mT
    eye = gt.eye(precision.shape[-1], dtype=precision.dtype, device=precision.device)
    return gt.linalg.solve_triangular(upper, eye.expand(precision.shape), upper=False)


class OfPositiveDefinite(Distribution):
    """A distribution over a matrix given as covariance_matrix, precision_matrix or scale_tril.

    The other two are computed from it when asked for.
    """

    _factor: Tensor

    def _chosen(
        self, covariance_matrix: Tensor | None, precision_matrix: Tensor | None, scale_tril: Tensor | None
    ) -> tuple[str, Tensor]:
        """The name of the one that was given, and the matrix."""
        given = {
            "covariance_matrix": covariance_matrix,
            "precision_matrix": precision_matrix,
            "scale_tril": scale_tril,
        }
        chosen = [(name, m) for name, m in given.items() if m is not None]
        if len(chosen) != 1:
            raise ValueError(
                f"{type(self).__name__}: Exactly one of covariance_matrix or precision_matrix or scale_tril may be "
                f"specified, got {len(chosen)}"
            )
        if chosen[0][1].ndim < 2:
            raise ValueError(f"{chosen[0][0]} must be at least two-dimensional, with optional leading batch dimensions")
        return chosen[0]

    def _keep_factor(self, name: str, matrix: Tensor) -> None:
        """Keep the lower Cholesky factor of the covariance matrix, without the dims it was expanded to."""
        if name == "scale_tril":
            self._factor = matrix
        elif name == "covariance_matrix":
            self._factor = gt.linalg.cholesky(matrix)
        else:
            self._factor = factor_of_inverse(matrix)

    def _full(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._batch_shape + matrix.shape[-2:])

    @lazy_property
    def scale_tril(self) -> Tensor:
        """The lower Cholesky factor of the covariance matrix."""
        return self._full(self._factor)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """The covariance matrix; of the Wishart distribution, the scale matrix."""
        return self._full(self._factor @ self._factor.mT)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """The inverse of the covariance matrix."""
        return self._full(gt.cholesky_inverse(self._factor))
