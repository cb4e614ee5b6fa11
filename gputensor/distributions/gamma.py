"""The gamma distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.exp_family import ExponentialFamily
from gputensor.distributions.utils import broadcast_all
from gputensor.ops.gamma_samples import standard_gamma

__all__ = ["Gamma"]


class Gamma(ExponentialFamily):
    """The gamma distribution: density rate**a * x**(a - 1) * exp(-rate * x) / gamma(a), where a is the concentration.

    The gradients of rsample are the implicit ones of Figurnov et al. 2018. Sampling waits for the GPU, and is one of
    the draws by rejection, which may rarely differ between devices.

    >>> import gputensor as gt
    >>> gt.distributions.Gamma(gt.tensor([1.0]), gt.tensor([2.0])).mean
    tensor([0.5000])
    """

    arg_constraints: ClassVar[Any] = {"concentration": constraints.positive, "rate": constraints.positive}
    support: Any = constraints.nonnegative
    has_rsample = True

    def __init__(self, concentration: Tensor | float, rate: Tensor | float, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_all(concentration, rate)
        super().__init__(self.concentration.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate.square()

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        value = standard_gamma(self.concentration.expand(self._extended_shape(sample_shape))) / self.rate
        # a zero would have no finite log_prob
        return value.clamp(min=gt.finfo(value.dtype).tiny)

    def log_prob(self, value: Tensor) -> Tensor:
        value = gt.as_tensor(value, dtype=self.rate.dtype, device=self.rate.device)
        self._check_value(value)
        a, rate = self.concentration, self.rate
        return gt.xlogy(a, rate) + gt.xlogy(a - 1, value) - rate * value - gt.lgamma(a)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a - self.rate.log() + gt.lgamma(a) + (1 - a) * gt.digamma(a)

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return gt.igamma(self.concentration, self.rate * value)
