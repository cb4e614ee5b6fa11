"""The categorical distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import check_vectors, lazy_property, logits_to_probs, probs_to_logits

__all__ = ["Categorical"]


class Categorical(Distribution):
    """The distribution of an index 0 <= k < n, int64, with one probability each.

    probs: (batch…, n), not negative, divided by their sum here; or logits: (batch…, n), any real numbers, of which the
    probabilities are the softmax. Raises ValueError where both or none is given, and for a 0-d parameter.

    >>> import gputensor as gt
    >>> d = gt.distributions.Categorical(gt.tensor([1.0, 3.0]))
    >>> d.probs, d.sample((2, 3)).shape
    (tensor([0.2500, 0.7500]), gputensor.Size([2, 3]))
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(
        self, probs: Tensor | None = None, logits: Tensor | None = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError(f"{type(self).__name__}: Either `probs` or `logits` must be specified, but not both.")
        if probs is not None:
            check_vectors("probs", probs)
            self.probs = probs / probs.sum(-1, keepdim=True)
        else:
            assert logits is not None
            check_vectors("logits", logits)
            self.logits = logits - gt.logsumexp(logits, -1, keepdim=True)
        super().__init__(self._param.shape[:-1], validate_args=validate_args)

    @property
    def _param(self) -> Tensor:
        return self.probs if "probs" in self.__dict__ else self.logits

    @property
    def _num_events(self) -> int:
        return self._param.shape[-1]

    @property
    def param_shape(self) -> gt.Size:
        """The shape of the parameter."""
        return self._param.shape

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        return constraints.integer_interval(0, self._num_events - 1)

    @lazy_property
    def logits(self) -> Tensor:
        """Logarithms of the probabilities, which are clamped away from 0."""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self) -> Tensor:
        """The probabilities; they add up to 1."""
        return logits_to_probs(self.logits)

    @property
    def mean(self) -> Tensor:
        return gt.full(self._batch_shape, math.nan, dtype=self._param.dtype, device=self._param.device)

    @property
    def mode(self) -> Tensor:
        return self.probs.argmax(-1)

    @property
    def variance(self) -> Tensor:
        return gt.full(self._batch_shape, math.nan, dtype=self._param.dtype, device=self._param.device)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        sample_shape = gt.Size(sample_shape)
        shape, count = self._extended_shape(sample_shape), sample_shape.numel()
        if not shape.numel():
            return gt.empty(shape, dtype=gt.int64, device=self._param.device)
        with gt.no_grad():
            rows = gt.multinomial(self.probs.reshape(-1, self._num_events), count, True)
        return rows.t().reshape(shape)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        value = value.long().unsqueeze(-1)
        shape = gt.broadcast_shapes(value.shape[:-1], self._batch_shape)
        logits = self.logits.expand((*shape, self._num_events))
        return logits.gather(-1, value.expand((*shape, 1))).squeeze(-1)

    def entropy(self) -> Tensor:
        # an impossible index adds nothing, where 0 times -inf would be nan
        logits = self.logits.clamp(min=gt.finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        values = gt.arange(self._num_events, dtype=gt.int64, device=self._param.device)
        values = values.reshape(-1, *[1] * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values
