"""The Weibull distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import AffineTransform, PowerTransform
from gputensor.distributions.exponential import Exponential
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.utils import broadcast_all, euler_constant

__all__ = ["Weibull"]


class Weibull(TransformedDistribution):
    """The Weibull distribution: cdf 1 - exp(-(x / scale)**concentration) for x > 0.

    Unlike torch: the log of the density at 0 is the formula's, and nan below unless concentration is 1.

    >>> import gputensor as gt
    >>> gt.distributions.Weibull(2.0, 1.0).mean
    tensor(2.)
    """

    arg_constraints: ClassVar[Any] = {"scale": constraints.positive, "concentration": constraints.positive}
    support: Any = constraints.positive

    def __init__(self, scale: Tensor | float, concentration: Tensor | float, validate_args: bool | None = None) -> None:
        self.scale, self.concentration = broadcast_all(scale, concentration)
        self.concentration_reciprocal = self.concentration.reciprocal()
        base = Exponential(gt.ones_like(self.scale), validate_args=validate_args)
        steps = [PowerTransform(self.concentration_reciprocal), AffineTransform(0.0, self.scale)]
        super().__init__(base, steps, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        return Weibull(self.scale.expand(batch_shape), self.concentration.expand(batch_shape), self._validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * gt.exp(gt.lgamma(1 + 1 / self.concentration))

    @property
    def mode(self) -> Tensor:
        c = self.concentration
        return self.scale * ((c - 1) / c).clamp(min=0) ** (1 / c)

    @property
    def variance(self) -> Tensor:
        c = self.concentration
        return self.scale.square() * (gt.exp(gt.lgamma(1 + 2 / c)) - gt.exp(2 * gt.lgamma(1 + 1 / c)))

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        c, z = self.concentration, value / self.scale
        return c.log() - self.scale.log() + gt.xlogy(c - 1, z) - z.pow(c)

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return -gt.expm1(-(value / self.scale).pow(self.concentration))

    def icdf(self, value: Tensor) -> Tensor:
        return self.scale * (-gt.log1p(-value)).pow(1 / self.concentration)

    def entropy(self) -> Tensor:
        c = self.concentration
        return euler_constant * (1 - 1 / c) + gt.log(self.scale / c) + 1
