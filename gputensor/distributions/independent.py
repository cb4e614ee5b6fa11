"""Batch dims that count as event dims."""

from __future__ import annotations

from typing import Any, ClassVar

from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._transform import sum_rightmost
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import as_size

__all__ = ["Independent"]


class Independent(Distribution):
    """A distribution whose last batch dims count as event dims: one value consists of independent numbers.

    Log densities and entropies are summed over these dims. Raises ValueError where the base has fewer batch dims.

    >>> import gputensor as gt
    >>> d = gt.distributions.Independent(gt.distributions.Normal(gt.zeros(3), gt.ones(3)), 1)
    >>> d.event_shape, d.log_prob(gt.zeros(3)).shape
    (gputensor.Size([3]), gputensor.Size([]))
    """

    arg_constraints: ClassVar[Any] = {}

    def __init__(
        self, base_distribution: Distribution, reinterpreted_batch_ndims: int, validate_args: bool | None = None
    ) -> None:
        batch = base_distribution.batch_shape
        if reinterpreted_batch_ndims > len(batch):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual "
                f"{reinterpreted_batch_ndims} vs {len(batch)}"
            )
        cut = len(batch) - reinterpreted_batch_ndims
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        super().__init__(batch[:cut], batch[cut:] + base_distribution.event_shape, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        cut = len(self._event_shape) - len(self.base_dist.event_shape)
        new.base_dist = self.base_dist.expand(as_size(batch_shape) + self._event_shape[:cut])
        return new

    @property
    def has_rsample(self) -> bool:
        return self.base_dist.has_rsample

    @property
    def has_enumerate_support(self) -> bool:
        return self.reinterpreted_batch_ndims == 0 and self.base_dist.has_enumerate_support

    @constraints.dependent_property
    def support(self) -> Any:
        region, n = self.base_dist.support, self.reinterpreted_batch_ndims
        return constraints.independent(region, n) if n else region

    @property
    def mean(self) -> Tensor:
        return self.base_dist.mean

    @property
    def mode(self) -> Tensor:
        return self.base_dist.mode

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance

    def sample(self, sample_shape: Any = ()) -> Tensor:
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self.base_dist.rsample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        return sum_rightmost(self.base_dist.log_prob(value), self.reinterpreted_batch_ndims)

    def entropy(self) -> Tensor:
        return sum_rightmost(self.base_dist.entropy(), self.reinterpreted_batch_ndims)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        if self.reinterpreted_batch_ndims > 0:
            raise NotImplementedError("Enumeration over cartesian product is not implemented")
        return self.base_dist.enumerate_support(expand=expand)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_dist}, {self.reinterpreted_batch_ndims})"
