"""Distributions with one probability, which is given itself or as its logit."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all, lazy_property, logits_to_probs, probs_to_logits


class ProbsOrLogits(Distribution):
    """A distribution over a probability p, given as probs or as logits, log(p / (1 - p)).

    The other one is computed from it when asked for.
    """

    def _take(self, probs: Any, logits: Any, *others: Any) -> list[Tensor]:
        """Keep the one that was given; returns the other parameters, all broadcast together."""
        if (probs is None) == (logits is None):
            raise ValueError(f"{type(self).__name__}: Either `probs` or `logits` must be specified, but not both.")
        *rest, given = broadcast_all(*others, probs if logits is None else logits)
        if logits is None:
            self.probs = given
        else:
            self.logits = given
        return rest

    @property
    def _param(self) -> Tensor:
        """The parameter that was given."""
        return self.probs if "probs" in self.__dict__ else self.logits

    @property
    def param_shape(self) -> gt.Size:
        """The shape of the parameter."""
        return self._param.shape

    @lazy_property
    def logits(self) -> Tensor:
        """log(probs / (1 - probs)), of probabilities clamped away from 0 and 1."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Tensor:
        """The probability of a 1, or of a success."""
        return logits_to_probs(self.logits, is_binary=True)
