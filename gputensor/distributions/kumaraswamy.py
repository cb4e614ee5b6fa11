"""The Kumaraswamy distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import AffineTransform, PowerTransform
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.uniform import Uniform
from gputensor.distributions.utils import broadcast_all, euler_constant

__all__ = ["Kumaraswamy"]


class Kumaraswamy(TransformedDistribution):
    """The Kumaraswamy distribution: cdf 1 - (1 - x**a)**b on [0, 1], a = concentration1, b = concentration0.

    Unlike torch: the mode is a number where a and b are above 1, and not always nan; outside of [0, 1] the cdf is 0 or
    1 and the log of the density -inf, never nan or a mirror image.

    >>> import gputensor as gt
    >>> gt.distributions.Kumaraswamy(gt.tensor([1.0]), gt.tensor([1.0])).mean
    tensor([0.5000])
    """

    arg_constraints: ClassVar[Any] = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support: Any = constraints.unit_interval
    has_rsample = True

    def __init__(
        self, concentration1: Tensor | float, concentration0: Tensor | float, validate_args: bool | None = None
    ) -> None:
        self.concentration1, self.concentration0 = broadcast_all(concentration1, concentration0)
        base = Uniform(gt.zeros_like(self.concentration0), gt.ones_like(self.concentration0), validate_args)
        steps = [
            PowerTransform(self.concentration0.reciprocal()),
            AffineTransform(1.0, -1.0),
            PowerTransform(self.concentration1.reciprocal()),
        ]
        super().__init__(base, steps, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        one, zero = self.concentration1.expand(batch_shape), self.concentration0.expand(batch_shape)
        return Kumaraswamy(one, zero, self._validate_args)

    def _moment(self, n: int) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return gt.exp(b.log() + gt.lgamma(1 + n / a) + gt.lgamma(b) - gt.lgamma(1 + n / a + b))

    @property
    def mean(self) -> Tensor:
        return self._moment(1)

    @property
    def mode(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        mode = ((a - 1) / (a * b - 1)).pow(1 / a)
        return mode.masked_fill((a < 1) | (b < 1), math.nan)

    @property
    def variance(self) -> Tensor:
        return self._moment(2) - self.mean.square()

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        a, b = self.concentration1, self.concentration0
        outside = (value < 0) | (value > 1)
        value = value.masked_fill(outside, 0.5)
        found = a.log() + b.log() + gt.xlogy(a - 1, value) + gt.xlogy(b - 1, 1 - value.pow(a))
        return found.masked_fill(outside, -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return 1 - (1 - value.clamp(0, 1).pow(self.concentration1)).pow(self.concentration0)

    def icdf(self, value: Tensor) -> Tensor:
        return (1 - (1 - value).pow(1 / self.concentration0)).pow(1 / self.concentration1)

    def entropy(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return (1 - 1 / b) + (1 - 1 / a) * (gt.digamma(b + 1) + euler_constant) - a.log() - b.log()
