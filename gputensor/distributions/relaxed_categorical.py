"""The relaxed categorical distribution over one-hot vectors."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._elementwise_transforms import ExpTransform
from gputensor.distributions.categorical import Categorical
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.utils import as_size, clamp_probs

__all__ = ["ExpRelaxedCategorical", "RelaxedOneHotCategorical"]


class ExpRelaxedCategorical(Distribution):
    """The distribution of log_softmax((logits + g) / temperature), with Gumbel numbers g.

    Parameters as `Categorical`. Source: Maddison, Mnih and Teh 2017, The concrete distribution, appendix C.

    >>> import gputensor as gt
    >>> from gputensor.distributions.relaxed_categorical import ExpRelaxedCategorical
    >>> ExpRelaxedCategorical(gt.tensor(1.0), logits=gt.zeros(2)).rsample().shape
    gputensor.Size([2])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.simplex, "logits": constraints.real_vector}
    # the logarithms of the simplex; that is not checked, as it would ask for exact sums of exponentials
    support: Any = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self._categorical = Categorical(probs, logits)
        self.temperature = temperature
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new.temperature = self.temperature
        new._categorical = self._categorical.expand(as_size(batch_shape))
        return new

    @property
    def param_shape(self) -> gt.Size:
        """The shape of the parameter."""
        return self._categorical.param_shape

    @property
    def logits(self) -> Tensor:
        """Logarithms of the probabilities."""
        return self._categorical.logits

    @property
    def probs(self) -> Tensor:
        """The probabilities; they add up to 1."""
        return self._categorical.probs

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        u = clamp_probs(gt.rand(shape, dtype=self.logits.dtype, device=self.logits.device))
        return gt.log_softmax((self.logits - (-u.log()).log()) / self.temperature, -1)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        n, temperature = self._event_shape[0], self.temperature
        if not isinstance(temperature, Tensor):
            temperature = self.logits.new_tensor(temperature)
        score = gt.log_softmax(self.logits - value * temperature, -1).sum(-1)
        return score + math.lgamma(n) + (n - 1) * temperature.log()


class RelaxedOneHotCategorical(TransformedDistribution):
    """Vectors that add up to 1 and become one-hot as the temperature goes to 0, differentiable by rsample.

    Parameters as `Categorical`. Source: Maddison, Mnih and Teh 2017; Jang, Gu and Poole 2017.

    >>> import gputensor as gt
    >>> gt.distributions.RelaxedOneHotCategorical(gt.tensor(1.0), probs=gt.tensor([0.2, 0.8])).rsample().shape
    gputensor.Size([2])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support: Any = constraints.simplex
    has_rsample = True
    base_dist: ExpRelaxedCategorical

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        base = ExpRelaxedCategorical(temperature, probs, logits, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    @property
    def temperature(self) -> Any:
        """The temperature."""
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        """Logarithms of the probabilities."""
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        """The probabilities; they add up to 1."""
        return self.base_dist.probs
