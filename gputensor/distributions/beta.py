"""The beta distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.exp_family import ExponentialFamily
from gputensor.distributions.utils import broadcast_all
from gputensor.ops.gamma_samples import log_gamma_sample

__all__ = ["Beta"]


class Beta(ExponentialFamily):
    """The beta distribution: density x**(a - 1) * (1 - x)**(b - 1) / B(a, b), a = concentration1, b = concentration0.

    Unlike torch: the gradients of rsample are those of two gamma samples, g1 / (g1 + g0), so a single one differs from
    PyTorch's, while their means agree. Sampling waits for the GPU, and is one of the draws by rejection, which may
    rarely differ between devices. Unlike torch: of two peaks, where a and b are below 1, the mode is the higher one,
    and not always 1.

    >>> import gputensor as gt
    >>> gt.distributions.Beta(gt.tensor([1.0]), gt.tensor([3.0])).mean
    tensor([0.2500])
    """

    arg_constraints: ClassVar[Any] = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support: Any = constraints.unit_interval
    has_rsample = True

    def __init__(
        self, concentration1: Tensor | float, concentration0: Tensor | float, validate_args: bool | None = None
    ) -> None:
        self.concentration1, self.concentration0 = broadcast_all(concentration1, concentration0)
        super().__init__(self.concentration1.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def mode(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        inside = (a.clamp(min=1) - 1) / (a.clamp(min=1) + b.clamp(min=1) - 2)
        # where both ends are peaks, the higher one, and 1 of equal ones
        return gt.where((a < 1) & (b < 1), (a >= b).to(a.dtype), inside)

    @property
    def variance(self) -> Tensor:
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total.square() * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape, dtype = self._extended_shape(sample_shape), self.concentration1.dtype
        # in logarithms, for small concentrations, whose gamma numbers underflow
        one = log_gamma_sample(self.concentration1.expand(shape))
        zero = log_gamma_sample(self.concentration0.expand(shape))
        limits = gt.finfo(dtype)
        return gt.sigmoid(one - zero).to(dtype).clamp(min=limits.tiny, max=1 - limits.eps / 2)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        a, b = self.concentration1, self.concentration0
        return gt.xlogy(a - 1, value) + gt.xlogy(b - 1, 1 - value) - self._log_beta()

    def entropy(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return self._log_beta() - (a - 1) * gt.digamma(a) - (b - 1) * gt.digamma(b) + (a + b - 2) * gt.digamma(a + b)

    def _log_beta(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return gt.lgamma(a) + gt.lgamma(b) - gt.lgamma(a + b)
