"""The Wishart distribution."""

from __future__ import annotations

import math
from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._positive_definite import OfPositiveDefinite
from gputensor.distributions.chi2 import Chi2
from gputensor.distributions.exp_family import ExponentialFamily

__all__ = ["Wishart"]


class Wishart(OfPositiveDefinite, ExponentialFamily):
    """The Wishart distribution of positive definite matrices: sums of df outer products of normal vectors.

    df: above n - 1; give exactly one of covariance_matrix, precision_matrix (its inverse) and scale_tril (its lower
    Cholesky factor): (batch…, n, n); batches broadcast. Sampling is by Bartlett's decomposition; it waits for the GPU,
    and is one of the draws by rejection, which may rarely differ between devices.

    >>> import gputensor as gt
    >>> gt.distributions.Wishart(gt.tensor(3.0), gt.eye(2)).mean
    tensor([[3., 0.],
            [0., 3.]])
    """

    support: Any = constraints.positive_definite
    has_rsample = True

    def __init__(
        self,
        df: Tensor | float,
        covariance_matrix: Tensor | None = None,
        precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        name, matrix = self._chosen(covariance_matrix, precision_matrix, scale_tril)
        freedom = df if isinstance(df, Tensor) else matrix.new_tensor(df)
        batch = gt.broadcast_shapes(freedom.shape, matrix.shape[:-2])
        n = matrix.shape[-1]
        self.df = freedom.expand(batch)
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        if self.df.numel() and not (self.df > n - 1).all():
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {n - 1}.")
        super().__init__(batch, matrix.shape[-2:], validate_args=validate_args)
        self._keep_factor(name, matrix)

    @property
    def arg_constraints(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        least = next(self.__dict__[k].shape[-1] for k in _MATRICES if k in self.__dict__) - 1
        return {
            "df": constraints.greater_than(least),
            "covariance_matrix": constraints.positive_definite,
            "precision_matrix": constraints.positive_definite,
            "scale_tril": constraints.lower_cholesky,
        }

    @property
    def mean(self) -> Tensor:
        return self.df[..., None, None] * self.covariance_matrix

    @property
    def mode(self) -> Tensor:
        factor = self.df - self._event_shape[-1] - 1
        return factor.masked_fill(factor <= 0, math.nan)[..., None, None] * self.covariance_matrix

    @property
    def variance(self) -> Tensor:
        v = self.covariance_matrix
        diagonal = v.diagonal(dim1=-2, dim2=-1)
        return self.df[..., None, None] * (v.square() + diagonal.unsqueeze(-1) * diagonal.unsqueeze(-2))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape, n = self._extended_shape(sample_shape), self._event_shape[-1]
        like = self._factor
        fewer = gt.arange(n, dtype=like.dtype, device=like.device)
        squares = Chi2(self.df.unsqueeze(-1) - fewer, validate_args=False).rsample(gt.Size(sample_shape))
        below = gt.randn(shape, dtype=like.dtype, device=like.device).tril(-1)
        root = self._factor @ (below + gt.diag_embed(squares.sqrt()))
        return root @ root.mT

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        df, n = self.df, self._event_shape[-1]
        trace = gt.cholesky_solve(value, self._factor).diagonal(dim1=-2, dim2=-1).sum(-1)
        return (
            -df * (n * math.log(2) / 2 + self._half_log_det())
            - gt.mvlgamma(df / 2, n)
            + (df - n - 1) / 2 * gt.linalg.slogdet(value)[1]
            - trace / 2
        )

    def entropy(self) -> Tensor:
        df, n = self.df, self._event_shape[-1]
        fewer = gt.arange(n, dtype=df.dtype, device=df.device) / 2
        slope = gt.digamma(df.unsqueeze(-1) / 2 - fewer).sum(-1)
        return (
            (n + 1) * (n * math.log(2) / 2 + self._half_log_det())
            + gt.mvlgamma(df / 2, n)
            - (df - n - 1) / 2 * slope
            + df * n / 2
        )

    def _half_log_det(self) -> Tensor:
        return self._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


_MATRICES = ("covariance_matrix", "precision_matrix", "scale_tril")
