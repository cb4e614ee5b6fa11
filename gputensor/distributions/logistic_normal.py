"""The logistic-normal distribution."""

from __future__ import annotations

from typing import Any, ClassVar

from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions._vector_transforms import StickBreakingTransform
from gputensor.distributions.normal import Normal
from gputensor.distributions.transformed_distribution import TransformedDistribution

__all__ = ["LogisticNormal"]


class LogisticNormal(TransformedDistribution):
    """Vectors of n + 1 numbers that add up to 1, made of n normal numbers by `StickBreakingTransform`.

    loc, scale: (batch…, n); of numbers n is 1.

    >>> import gputensor as gt
    >>> gt.distributions.LogisticNormal(gt.zeros(3), gt.ones(3)).sample().shape
    gputensor.Size([4])
    """

    arg_constraints: ClassVar[Any] = {"loc": constraints.real, "scale": constraints.positive}
    support: Any = constraints.simplex
    has_rsample = True
    base_dist: Any

    def __init__(self, loc: Tensor | float, scale: Tensor | float, validate_args: bool | None = None) -> None:
        base = Normal(loc, scale, validate_args=validate_args)
        if not base.batch_shape:
            base = base.expand((1,))
        super().__init__(base, StickBreakingTransform(), validate_args=validate_args)

    @property
    def loc(self) -> Tensor:
        """The means of the normal numbers."""
        return self.base_dist.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """The standard deviations of the normal numbers."""
        return self.base_dist.base_dist.scale
