"""Student's t distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.chi2 import Chi2
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all

__all__ = ["StudentT"]


class StudentT(Distribution):
    """Student's t distribution with df degrees of freedom, moved by loc and stretched by scale.

    A normal number divided by the root of a chi-squared one over df. Sampling waits for the GPU, and is one of the
    draws by rejection, which may rarely differ between devices.

    >>> import gputensor as gt
    >>> gt.distributions.StudentT(gt.tensor([3.0])).variance
    tensor([3.])
    """

    arg_constraints: ClassVar[Any] = {
        "df": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support: Any = constraints.real
    has_rsample = True

    def __init__(
        self,
        df: Tensor | float,
        loc: Tensor | float = 0.0,
        scale: Tensor | float = 1.0,
        validate_args: bool | None = None,
    ) -> None:
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        super().__init__(self.df.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        df = self.df
        finite = self.scale.square() * df / (df - 2)
        return gt.where(df > 2, finite, gt.where(df > 1, math.inf, math.nan).to(finite.dtype))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        x = gt.randn(shape, dtype=self.df.dtype, device=self.df.device)
        z = Chi2(self.df, validate_args=False).rsample(gt.Size(sample_shape))
        return self.loc + self.scale * x * gt.rsqrt(z / self.df)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        df = self.df
        z = (value - self.loc) / self.scale
        norm = self.scale.log() + 0.5 * df.log() + 0.5 * math.log(math.pi) + gt.lgamma(df / 2) - gt.lgamma((df + 1) / 2)
        return -0.5 * (df + 1) * gt.log1p(z.square() / df) - norm

    def entropy(self) -> Tensor:
        df = self.df
        log_beta = gt.lgamma(df / 2) + math.lgamma(0.5) - gt.lgamma((df + 1) / 2)
        slope = (df + 1) / 2 * (gt.digamma((df + 1) / 2) - gt.digamma(df / 2))
        return self.scale.log() + slope + 0.5 * df.log() + log_beta
