"""The geometric distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._probs_or_logits import ProbsOrLogits
from gputensor.distributions.utils import broadcast_all
from gputensor.nn.functional import binary_cross_entropy_with_logits

__all__ = ["Geometric"]


class Geometric(ProbsOrLogits):
    """The geometric distribution: k failures before the first success with probability (1 - p)**k * p, k >= 0.

    Give probs or logits, log(p / (1 - p)). Raises ValueError where both or none is given, and for a probability of 0.

    >>> import gputensor as gt
    >>> gt.distributions.Geometric(gt.tensor([0.5])).log_prob(gt.tensor([1.0])).exp()
    tensor([0.2500])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.unit_interval, "logits": constraints.real}
    support: Any = constraints.nonnegative_integer

    def __init__(
        self,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self._take(probs, logits)
        super().__init__(self._param.shape, validate_args=validate_args)
        if self._validate_args and probs is not None and not (self.probs > 0).all():
            raise ValueError(
                f"Expected parameter probs (Tensor of shape {tuple(self.probs.shape)}) of distribution {self!r} to be "
                f"positive but found invalid values:\n{self.probs}"
            )

    @property
    def mean(self) -> Tensor:
        return 1 / self.probs - 1

    @property
    def mode(self) -> Tensor:
        return gt.zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1 / self.probs - 1) / self.probs

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with gt.no_grad():
            # 1 - u lies in (0, 1]
            u = gt.rand(shape, dtype=self.probs.dtype, device=self.probs.device)
            return ((-u).log1p() / (-self.probs).log1p()).floor().abs()

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        value, probs = broadcast_all(value, self.probs)
        # no failure at all is certain for a probability of 1, where 0 times -inf would be nan
        failing = probs.masked_fill((probs == 1) & (value == 0), 0.0)
        return value * (-failing).log1p() + probs.log()

    def entropy(self) -> Tensor:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none") / self.probs
