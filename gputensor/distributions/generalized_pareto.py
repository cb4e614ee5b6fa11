"""The generalized Pareto distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all

__all__ = ["GeneralizedPareto"]


class GeneralizedPareto(Distribution):
    """The generalized Pareto distribution: cdf 1 - (1 + concentration * z)**(-1 / concentration).

    z = (x - loc) / scale >= 0, and z <= -1 / concentration for a negative one; exponential where it is 0. Unlike
    torch: the cdf below loc is 0, and not nan.

    >>> import gputensor as gt
    >>> gt.distributions.GeneralizedPareto(0.0, 1.0, 0.0).cdf(gt.tensor(1.0))
    tensor(0.6321)
    """

    arg_constraints: ClassVar[Any] = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "concentration": constraints.real,
    }
    has_rsample = True

    def __init__(
        self,
        loc: Tensor | float,
        scale: Tensor | float,
        concentration: Tensor | float,
        validate_args: bool | None = None,
    ) -> None:
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        negative = self.concentration < 0
        divisor = gt.where(negative, self.concentration, -1.0)
        return constraints.interval(self.loc, gt.where(negative, self.loc - self.scale / divisor, math.inf))

    @property
    def mean(self) -> Tensor:
        c = self.concentration
        return gt.where(c < 1, self.loc + self.scale / (1 - c), math.inf)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        c = self.concentration
        return gt.where(c < 0.5, self.scale.square() / ((1 - c).square() * (1 - 2 * c)), math.inf)

    def _exponential(self) -> tuple[Tensor, Tensor]:
        """Whether the concentration is as good as 0, and the others, harmless there."""
        near = gt.isclose(self.concentration, gt.zeros_like(self.concentration))
        return near, self.concentration.masked_fill(near, 1.0)

    def _log_survival(self, value: Tensor) -> Tensor:
        # nothing is below loc
        z = ((value - self.loc) / self.scale).clamp(min=0)
        near, c = self._exponential()
        return gt.where(near, -z, -gt.log1p((c * z).clamp(min=-1)) / c)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(gt.rand(shape, dtype=self.loc.dtype, device=self.loc.device))

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        # the density is survival ** (1 + concentration) / scale
        inside = self.support.check(value)
        log_prob = (1 + self.concentration) * self._log_survival(value) - self.scale.log()
        return gt.where(inside, log_prob, -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return -gt.expm1(self._log_survival(value))

    def log_cdf(self, value: Tensor) -> Tensor:
        """The logarithm of `cdf`."""
        self._check_value(value)
        return gt.log1p(-gt.exp(self._log_survival(value)))

    def log_survival_function(self, value: Tensor) -> Tensor:
        """The logarithm of 1 - `cdf`, exact in the upper tail."""
        self._check_value(value)
        return self._log_survival(value)

    def icdf(self, value: Tensor) -> Tensor:
        log_survival = gt.log1p(-value)
        near, c = self._exponential()
        return self.loc + self.scale * gt.where(near, -log_survival, gt.expm1(-c * log_survival) / c)

    def entropy(self) -> Tensor:
        return self.scale.log() + self.concentration + 1
