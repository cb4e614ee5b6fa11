"""The half-Cauchy distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import AbsTransform
from gputensor.distributions.cauchy import Cauchy
from gputensor.distributions.transformed_distribution import TransformedDistribution

__all__ = ["HalfCauchy"]


class HalfCauchy(TransformedDistribution):
    """The distribution of |x| for an x of the Cauchy distribution around 0.

    >>> import gputensor as gt
    >>> gt.distributions.HalfCauchy(1.0).cdf(gt.tensor(1.0))
    tensor(0.5000)
    """

    arg_constraints: ClassVar[Any] = {"scale": constraints.positive}
    support: Any = constraints.nonnegative
    has_rsample = True
    base_dist: Cauchy

    def __init__(self, scale: Tensor | float, validate_args: bool | None = None) -> None:
        super().__init__(Cauchy(0.0, scale, validate_args=False), AbsTransform(), validate_args=validate_args)

    @property
    def scale(self) -> Tensor:
        """The scale of the Cauchy number."""
        return self.base_dist.scale

    @property
    def mean(self) -> Tensor:
        return gt.full_like(self.scale, math.inf)

    @property
    def mode(self) -> Tensor:
        return gt.zeros_like(self.scale)

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return gt.where(value >= 0, self.base_dist.log_prob(value) + math.log(2), -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return 2 / math.pi * gt.atan(value / self.scale)

    def icdf(self, value: Tensor) -> Tensor:
        return self.scale * gt.tan(math.pi / 2 * value)

    def entropy(self) -> Tensor:
        return self.base_dist.entropy() - math.log(2)
