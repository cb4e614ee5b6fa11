"""Distributions of transformed values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._transform import ComposeTransform, Transform, sum_rightmost
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.independent import Independent
from gputensor.distributions.utils import as_size

__all__ = ["TransformedDistribution"]


class TransformedDistribution(Distribution):
    """The distribution of y = t_n(… t_1(x)) for an x of a base distribution.

    log_prob(y) = base.log_prob(x) - log |det dy/dx|. transforms: one or a list, the first one first; all must be
    bijective for log_prob. Raises ValueError for anything else and where the base has too few dims.

    >>> import gputensor as gt
    >>> D = gt.distributions
    >>> d = D.TransformedDistribution(D.Normal(0.0, 1.0), [D.ExpTransform()])
    >>> d.log_prob(gt.tensor(1.0))
    tensor(-0.9189)
    """

    arg_constraints: ClassVar[Any] = {}

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | Sequence[Transform],
        validate_args: bool | None = None,
    ) -> None:
        parts = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(parts, (list, tuple)) or not all([isinstance(t, Transform) for t in parts]):
            raise ValueError(f"transforms must be a Transform or a list of Transforms, but was {transforms!r}")
        self.transforms = list(parts)
        whole = ComposeTransform(self.transforms)
        base_shape = base_distribution.batch_shape + base_distribution.event_shape
        base_dims, domain_dims = len(base_distribution.event_shape), whole.domain.event_dim
        if len(base_shape) < domain_dims:
            raise ValueError(
                f"base_distribution needs to have shape with size at least {domain_dims}, but got {tuple(base_shape)}."
            )
        shape = as_size(whole.forward_shape(base_shape))
        needed = as_size(whole.inverse_shape(shape))
        if needed != base_shape:
            base_distribution = base_distribution.expand(needed[: len(needed) - base_dims])
        if domain_dims > base_dims:
            base_distribution = Independent(base_distribution, domain_dims - base_dims)
        self.base_dist = base_distribution
        self.has_rsample = base_distribution.has_rsample
        event_dims = whole.codomain.event_dim + max(base_dims - domain_dims, 0)
        cut = len(shape) - event_dims
        super().__init__(shape[:cut], shape[cut:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        batch = as_size(batch_shape)
        new = super().expand(batch, _instance)
        new.transforms = self.transforms
        shape = as_size(ComposeTransform(self.transforms).inverse_shape(batch + self._event_shape))
        new.base_dist = self.base_dist.expand(shape[: len(shape) - len(self.base_dist.event_shape)])
        return new

    def _expandable(self) -> Any:
        return {}  # the parameters are those of the base

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Any:
        if not self.transforms:
            return self.base_dist.support
        region = self.transforms[-1].codomain
        more = len(self._event_shape) - region.event_dim
        return constraints.independent(region, more) if more > 0 else region

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with gt.no_grad():
            return self._forward(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._forward(self.base_dist.rsample(sample_shape))

    def _forward(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        event_dims = len(self._event_shape)
        total: Any = 0.0
        y = value
        for t in reversed(self.transforms):
            x = t.inv(y)
            event_dims += t.domain.event_dim - t.codomain.event_dim
            total = total - sum_rightmost(t.log_abs_det_jacobian(x, y), event_dims - t.domain.event_dim)
            y = x
        return total + sum_rightmost(self.base_dist.log_prob(y), event_dims - len(self.base_dist.event_shape))

    def _mirrored(self, probability: Tensor) -> Tensor:
        """1 - probability where the transforms decrease."""
        sign: Any = 1
        for t in self.transforms:
            sign = sign * t.sign
        return probability if isinstance(sign, int) and sign == 1 else sign * (probability - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of a value at most this one; the transforms must be monotone."""
        for t in reversed(self.transforms):
            value = t.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._mirrored(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        """The inverse of `cdf`."""
        return self._forward(self.base_dist.icdf(self._mirrored(value)))
