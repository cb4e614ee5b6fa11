"""The multinomial distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.categorical import Categorical
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import as_size

__all__ = ["Multinomial"]


_DRAWS = 2**22  # draws held at once


class Multinomial(Distribution):
    """The distribution of how often each of n indices came in total_count draws of `Categorical`.

    total_count: one int for all. Parameters as `Categorical`. Values: (…, n), counts in the dtype of the parameter.
    Raises NotImplementedError for a total_count that is no int.

    >>> import gputensor as gt
    >>> gt.distributions.Multinomial(3, gt.tensor([0.0, 1.0])).sample()
    tensor([0., 3.])
    """

    arg_constraints: ClassVar[Any] = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(
        self,
        total_count: int = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        if total_count < 0:
            raise ValueError(f"Multinomial: total_count must not be negative, got {total_count}")
        self.total_count = total_count
        self._categorical = Categorical(probs, logits)
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new.total_count = self.total_count
        new._categorical = self._categorical.expand(as_size(batch_shape))
        return new

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        return constraints.multinomial(self.total_count)

    @property
    def probs(self) -> Tensor:
        """The probabilities; they add up to 1."""
        return self._categorical.probs

    @property
    def logits(self) -> Tensor:
        """Logarithms of the probabilities."""
        return self._categorical.logits

    @property
    def param_shape(self) -> gt.Size:
        """The shape of the parameter."""
        return self._categorical.param_shape

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = gt.Size(sample_shape)
        many = self.total_count * gt.Size(self._extended_shape(shape)[:-1]).numel()
        if many > _DRAWS and self.total_count > self.probs.shape[-1]:
            return self._counted(shape)
        indices = self._categorical.sample(gt.Size((self.total_count,)) + shape).movedim(0, -1)
        counts = gt.zeros(self._extended_shape(shape), dtype=gt.int64, device=indices.device)
        return counts.scatter_add(-1, indices, gt.ones_like(indices)).to(self.probs.dtype)

    def _counted(self, shape: gt.Size) -> Tensor:
        """Index by index, each the binomial share of what is left: no draw is held by itself."""
        with gt.no_grad():
            probs = self.probs.double().expand(self._extended_shape(shape))
            left = probs.new_full(probs.shape[:-1], float(self.total_count))
            # of the probability that is left; exactly 1 at the last index that has any
            rest = probs.flip(-1).cumsum(-1).flip(-1)
            share = gt.where(rest > 0, probs / rest, 0.0).clamp(0, 1)
            counts = []
            for part in share.unbind(-1):
                counts.append(gt.binomial(left, part))
                left = left - counts[-1]
            return gt.stack(counts, -1).to(self.probs.dtype)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        value = value.to(self.probs.dtype)
        # an impossible index that did not come adds nothing, where 0 times -inf would be nan
        chances = gt.where(value == 0, 0.0, self.logits * value).sum(-1)
        return gt.lgamma(value.sum(-1) + 1) - gt.lgamma(value + 1).sum(-1) + chances

    def entropy(self) -> Tensor:
        n = self.total_count
        like = self.probs
        counts = gt.arange(n + 1, dtype=like.dtype, device=like.device)
        ways = gt.lgamma(counts.new_tensor(n + 1.0)) - gt.lgamma(counts + 1) - gt.lgamma(n - counts + 1)
        # the probability that an index comes so often: (batch…, n, counts)
        p = like.unsqueeze(-1)
        chances = (ways + gt.xlogy(counts, p) + gt.xlogy(n - counts, 1 - p)).exp()
        repeated = (chances * gt.lgamma(counts + 1)).sum((-2, -1))
        return n * self._categorical.entropy() - gt.lgamma(counts.new_tensor(n + 1.0)) + repeated
