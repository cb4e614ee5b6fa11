"""The relaxed Bernoulli distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import SigmoidTransform
from gputensor.distributions._probs_or_logits import ProbsOrLogits
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.utils import (
    clamp_probs,
)
from gputensor.nn.functional import softplus

__all__ = ["LogitRelaxedBernoulli", "RelaxedBernoulli"]


class LogitRelaxedBernoulli(ProbsOrLogits):
    """The distribution of (logits + l) / temperature, with l logistic: the logit of a `RelaxedBernoulli`.

    Give probs or logits. Source: Maddison, Mnih and Teh 2017, The concrete distribution, appendix B.

    >>> import gputensor as gt
    >>> from gputensor.distributions.relaxed_bernoulli import LogitRelaxedBernoulli
    >>> LogitRelaxedBernoulli(gt.tensor(1.0), logits=gt.tensor([0.0])).log_prob(gt.tensor([0.0])).exp()
    tensor([0.2500])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.unit_interval, "logits": constraints.real}
    support: Any = constraints.real
    has_rsample = True

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self.temperature = temperature
        self._take(probs, logits)
        super().__init__(self._param.shape, validate_args=validate_args)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        u = clamp_probs(gt.rand(shape, dtype=self._param.dtype, device=self._param.device))
        return (u.log() - (-u).log1p() + self.logits) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        diff = self.logits - value * self.temperature
        return gt.log(_tensor(self.temperature, diff)) + diff - 2 * softplus(diff)


def _tensor(x: Any, like: Tensor) -> Tensor:
    return x if isinstance(x, Tensor) else like.new_tensor(x)


class RelaxedBernoulli(TransformedDistribution):
    """Numbers in (0, 1) that become Bernoulli's 0 and 1 as the temperature goes to 0, differentiable by rsample.

    Give probs or logits. Source: Maddison, Mnih and Teh 2017; Jang, Gu and Poole 2017.

    >>> import gputensor as gt
    >>> d = gt.distributions.RelaxedBernoulli(gt.tensor(1.0), probs=gt.tensor([0.5]))
    >>> d.log_prob(gt.tensor([0.5])).exp()
    tensor([1.])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.unit_interval, "logits": constraints.real}
    support: Any = constraints.unit_interval
    has_rsample = True
    base_dist: LogitRelaxedBernoulli

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        base = LogitRelaxedBernoulli(temperature, probs, logits)
        super().__init__(base, SigmoidTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Any:
        """The temperature."""
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        """log(probs / (1 - probs))."""
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        """The probability of a 1, at temperature 0."""
        return self.base_dist.probs
