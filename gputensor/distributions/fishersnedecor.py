"""The F distribution of Fisher and Snedecor."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.gamma import Gamma
from gputensor.distributions.utils import broadcast_all

__all__ = ["FisherSnedecor"]


class FisherSnedecor(Distribution):
    """The F distribution: of (x1 / df1) / (x2 / df2) for chi-squared x1 and x2 with df1 and df2 degrees of freedom.

    Sampling waits for the GPU, and is one of the draws by rejection, which may rarely differ between devices.

    >>> import gputensor as gt
    >>> gt.distributions.FisherSnedecor(gt.tensor([1.0]), gt.tensor([4.0])).mean
    tensor([2.])
    """

    arg_constraints: ClassVar[Any] = {"df1": constraints.positive, "df2": constraints.positive}
    support: Any = constraints.positive
    has_rsample = True

    def __init__(self, df1: Tensor | float, df2: Tensor | float, validate_args: bool | None = None) -> None:
        self.df1, self.df2 = broadcast_all(df1, df2)
        super().__init__(self.df1.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return (self.df2 / (self.df2 - 2)).masked_fill(self.df2 <= 2, math.nan)

    @property
    def mode(self) -> Tensor:
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        return mode.masked_fill(self.df1 <= 2, math.nan)

    @property
    def variance(self) -> Tensor:
        m, n = self.df1, self.df2
        variance = 2 * n.square() * (m + n - 2) / (m * (n - 2).square() * (n - 4))
        return variance.masked_fill(n <= 4, math.nan)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = gt.Size(sample_shape)
        one = Gamma(self.df1 * 0.5, self.df1, validate_args=False).rsample(shape)
        two = Gamma(self.df2 * 0.5, self.df2, validate_args=False).rsample(shape)
        return (one / two).clamp(min=gt.finfo(one.dtype).tiny)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        a, b, ratio = self.df1 * 0.5, self.df2 * 0.5, self.df1 / self.df2
        norm = gt.lgamma(a + b) - gt.lgamma(a) - gt.lgamma(b)
        return norm + a * ratio.log() + (a - 1) * value.log() - (a + b) * gt.log1p(ratio * value)
