"""The Gumbel distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import AffineTransform, ExpTransform
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.uniform import Uniform
from gputensor.distributions.utils import broadcast_all, euler_constant

__all__ = ["Gumbel"]


class Gumbel(TransformedDistribution):
    """The Gumbel distribution: cdf exp(-exp(-(x - loc) / scale)), of the largest of many numbers.

    Unlike torch: `icdf` of 0 and 1 is -inf and inf.

    >>> import gputensor as gt
    >>> gt.distributions.Gumbel(0.0, 1.0).log_prob(gt.tensor(0.0))
    tensor(-1.)
    """

    arg_constraints: ClassVar[Any] = {"loc": constraints.real, "scale": constraints.positive}
    support: Any = constraints.real

    def __init__(self, loc: Tensor | float, scale: Tensor | float, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        limits = gt.finfo(self.loc.dtype)
        base = Uniform(gt.full_like(self.loc, limits.tiny), 1 - limits.eps, validate_args=validate_args)
        # x = loc - scale * log(-log(u))
        steps = [
            ExpTransform().inv,
            AffineTransform(0.0, -gt.ones_like(self.scale)),
            ExpTransform().inv,
            AffineTransform(self.loc, -self.scale),
        ]
        super().__init__(base, steps, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        return Gumbel(self.loc.expand(batch_shape), self.scale.expand(batch_shape), self._validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc + self.scale * euler_constant

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return math.pi / math.sqrt(6) * self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.square()

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        y = (self.loc - value) / self.scale
        return y - y.exp() - self.scale.log()

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return gt.exp(-gt.exp((self.loc - value) / self.scale))

    def icdf(self, value: Tensor) -> Tensor:
        return self.loc - self.scale * gt.log(-gt.log(value))

    def entropy(self) -> Tensor:
        return self.scale.log() + (1 + euler_constant)
