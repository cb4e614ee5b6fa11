"""Mixtures of distributions of one family."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.categorical import Categorical
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import as_size

__all__ = ["MixtureSameFamily"]


class MixtureSameFamily(Distribution):
    """A mixture: a `Categorical` chooses one of the distributions along the last batch dim of another object.

    Raises ValueError where the two do not fit.

    >>> import gputensor as gt
    >>> D = gt.distributions
    >>> d = D.MixtureSameFamily(D.Categorical(gt.ones(2)), D.Normal(gt.tensor([-1.0, 1.0]), gt.ones(2)))
    >>> d.batch_shape, d.mean
    (gputensor.Size([]), tensor(0.))
    """

    arg_constraints: ClassVar[Any] = {}

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError("The mixture distribution needs to be an instance of gputensor.distributions.Categorical")
        if not isinstance(component_distribution, Distribution):
            raise ValueError(
                "The component distribution needs to be an instance of gputensor.distributions.Distribution"
            )
        chosen, batch = mixture_distribution.batch_shape, component_distribution.batch_shape
        for n, m in zip(reversed(chosen), reversed(batch[:-1]), strict=False):
            if 1 not in (n, m) and n != m:
                raise ValueError(
                    f"mixture batch shape {tuple(chosen)} is not compatible with components {tuple(batch)}"
                )
        count = mixture_distribution.param_shape[-1]
        if not batch or batch[-1] != count:
            raise ValueError(f"{count} components are chosen from, but the component batch shape is {tuple(batch)}")
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        event = component_distribution.event_shape
        self._event_ndims = len(event)
        super().__init__(batch[:-1], event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        batch = as_size(batch_shape)
        new = super().expand(batch, _instance)
        new._event_ndims = self._event_ndims
        count = self._mixture_distribution.param_shape[-1:]
        new._component_distribution = self._component_distribution.expand(batch + count)
        new._mixture_distribution = self._mixture_distribution.expand(batch)
        return new

    @constraints.dependent_property
    def support(self) -> Any:
        return constraints.MixtureSameFamilyConstraint(self._component_distribution.support)

    @property
    def mixture_distribution(self) -> Categorical:
        """Which component is chosen."""
        return self._mixture_distribution

    @property
    def component_distribution(self) -> Distribution:
        """The components, along the last batch dim."""
        return self._component_distribution

    def _weights(self) -> Tensor:
        """Probabilities of the components with a dim of size 1 for every event dim."""
        probs = self._mixture_distribution.probs
        return probs.reshape((*probs.shape, *[1] * self._event_ndims))

    @property
    def mean(self) -> Tensor:
        return (self._weights() * self._component_distribution.mean).sum(-1 - self._event_ndims)

    @property
    def variance(self) -> Tensor:
        weights, dim = self._weights(), -1 - self._event_ndims
        spread = self._component_distribution.mean - self.mean.unsqueeze(dim)
        return (weights * (self._component_distribution.variance + spread.square())).sum(dim)

    def cdf(self, x: Tensor) -> Tensor:
        self._check_value(x)
        return (self._component_distribution.cdf(x.unsqueeze(-1)) * self._mixture_distribution.probs).sum(-1)

    def log_prob(self, x: Tensor) -> Tensor:
        self._check_value(x)
        log_prob = self._component_distribution.log_prob(x.unsqueeze(-1 - self._event_ndims))
        return gt.logsumexp(log_prob + gt.log_softmax(self._mixture_distribution.logits, -1), -1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape, event = gt.Size(sample_shape), self._event_shape
        with gt.no_grad():
            chosen = self._mixture_distribution.expand(self._batch_shape).sample(shape)
            samples = self._component_distribution.sample(shape)
            index = chosen.reshape((*chosen.shape, *[1] * (self._event_ndims + 1)))
            found = samples.gather(-1 - self._event_ndims, index.expand((*chosen.shape, 1, *event)))
            return found.squeeze(-1 - self._event_ndims)

    def __repr__(self) -> str:
        return f"MixtureSameFamily(\n  {self._mixture_distribution},\n  {self._component_distribution})"
