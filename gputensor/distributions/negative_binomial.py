"""The negative binomial distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._probs_or_logits import ProbsOrLogits
from gputensor.nn.functional import logsigmoid
from gputensor.ops.gamma_samples import standard_gamma

__all__ = ["NegativeBinomial"]


class NegativeBinomial(ProbsOrLogits):
    """The distribution of the number of successes before total_count failures, each success having probability probs.

    Give probs or logits, log(p / (1 - p)). total_count: at least 0, any real number. Samples are Poisson numbers of
    gamma rates; sampling waits for the GPU, and is one of the draws by rejection, which may rarely differ between
    devices.

    >>> import gputensor as gt
    >>> gt.distributions.NegativeBinomial(3.0, gt.tensor([0.5])).mean
    tensor([3.])
    """

    arg_constraints: ClassVar[Any] = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support: Any = constraints.nonnegative_integer

    def __init__(
        self,
        total_count: Tensor | float,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        (count,) = self._take(probs, logits, total_count)
        self.total_count = count.to(self._param.dtype)
        super().__init__(self._param.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.total_count * gt.exp(self.logits)

    @property
    def mode(self) -> Tensor:
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.mean / gt.sigmoid(-self.logits)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with gt.no_grad():
            return gt.poisson(standard_gamma(self.total_count.expand(shape)) * gt.exp(self.logits))

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        n = self.total_count
        chances = n * logsigmoid(-self.logits) + value * logsigmoid(self.logits)
        ways = gt.lgamma(n + value) - gt.lgamma(1 + value) - gt.lgamma(n)
        # of no failures and no successes there is one way, where inf - inf would be nan
        return chances + ways.masked_fill(n + value == 0, 0.0)
