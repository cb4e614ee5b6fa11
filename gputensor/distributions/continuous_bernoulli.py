"""The continuous Bernoulli distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._probs_or_logits import ProbsOrLogits
from gputensor.distributions.exp_family import ExponentialFamily
from gputensor.distributions.utils import (
    broadcast_all,
    clamp_probs,
    lazy_property,
    logits_to_probs,
)
from gputensor.nn.functional import binary_cross_entropy_with_logits

__all__ = ["ContinuousBernoulli"]


class ContinuousBernoulli(ProbsOrLogits, ExponentialFamily):
    """The continuous Bernoulli distribution: density C(p) * p**x * (1 - p)**(1 - x) for 0 <= x <= 1.

    C(p) = 2 * atanh(1 - 2 * p) / (1 - 2 * p). Give probs, which are clamped away from 0 and 1, or logits. lims: between
    them series around p = 1/2 are used, where the formulas would divide 0 by 0. Source: Loaiza-Ganem and Cunningham
    2019, The continuous Bernoulli: fixing a pervasive error in variational autoencoders.

    >>> import gputensor as gt
    >>> gt.distributions.ContinuousBernoulli(gt.tensor([0.5])).mean
    tensor([0.5000])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.unit_interval, "logits": constraints.real}
    support: Any = constraints.unit_interval
    has_rsample = True

    def __init__(
        self,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        lims: tuple[float, float] = (0.499, 0.501),
        validate_args: bool | None = None,
    ) -> None:
        self._lims = lims
        self._take(probs, logits)
        super().__init__(self._param.shape, validate_args=validate_args)
        if probs is not None:
            # checked before, so that a probability outside of [0, 1] does not go unnoticed
            self.probs = clamp_probs(self.probs)

    @lazy_property
    def probs(self) -> Tensor:
        """The parameter p."""
        return clamp_probs(logits_to_probs(self.logits, is_binary=True))

    def _outside(self) -> tuple[Tensor, Tensor]:
        """Whether p is outside of lims, and p there, a harmless value elsewhere."""
        outside = (self.probs <= self._lims[0]) | (self.probs > self._lims[1])
        return outside, gt.where(outside, self.probs, self._lims[0])

    def _log_norm(self) -> Tensor:
        """log C(p)."""
        outside, p = self._outside()
        exact = gt.log(2 * gt.atanh(1 - 2 * p).abs()) - gt.log((1 - 2 * p).abs())
        x = (self.probs - 0.5).square()
        return gt.where(outside, exact, math.log(2) + (4 / 3 + 104 / 45 * x) * x)

    @property
    def mean(self) -> Tensor:
        outside, p = self._outside()
        exact = p / (2 * p - 1) + 1 / (2 * gt.atanh(1 - 2 * p))
        x = self.probs - 0.5
        return gt.where(outside, exact, 0.5 + (1 / 3 + 16 / 45 * x.square()) * x)

    @property
    def stddev(self) -> Tensor:
        return self.variance.sqrt()

    @property
    def variance(self) -> Tensor:
        outside, p = self._outside()
        exact = p * (p - 1) / (1 - 2 * p).square() + 1 / (2 * gt.atanh(1 - 2 * p)).square()
        x = (self.probs - 0.5).square()
        return gt.where(outside, exact, 1 / 12 - (1 / 15 - 128 / 945 * x) * x)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(gt.rand(shape, dtype=self.probs.dtype, device=self.probs.device))

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        logits, value = broadcast_all(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none") + self._log_norm()

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        outside, p = self._outside()
        exact = (p.pow(value) * (1 - p).pow(1 - value) + p - 1) / (2 * p - 1)
        found = gt.where(outside, exact, value)
        return gt.where(value <= 0, 0.0, gt.where(value >= 1, 1.0, found))

    def icdf(self, value: Tensor) -> Tensor:
        outside, p = self._outside()
        exact = (gt.log1p(-p + value * (2 * p - 1)) - gt.log1p(-p)) / (p.log() - gt.log1p(-p))
        return gt.where(outside, exact, value)

    def entropy(self) -> Tensor:
        zero, one = gt.log1p(-self.probs), self.probs.log()
        return self.mean * (zero - one) - self._log_norm() - zero
