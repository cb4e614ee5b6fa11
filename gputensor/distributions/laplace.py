"""The Laplace distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all

__all__ = ["Laplace"]


class Laplace(Distribution):
    """The Laplace distribution: density exp(-|x - loc| / scale) / (2 * scale).

    >>> import gputensor as gt
    >>> gt.distributions.Laplace(0.0, 1.0).cdf(gt.tensor(0.0))
    tensor(0.5000)
    """

    arg_constraints: ClassVar[Any] = {"loc": constraints.real, "scale": constraints.positive}
    support: Any = constraints.real
    has_rsample = True

    def __init__(self, loc: Tensor | float, scale: Tensor | float, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return 2 * self.scale.square()

    @property
    def stddev(self) -> Tensor:
        return math.sqrt(2) * self.scale

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape, like = self._extended_shape(sample_shape), self.loc
        u = gt.rand(shape, dtype=like.dtype, device=like.device) * 2 - 1
        # -1 itself would become infinite
        u = u.clamp(min=gt.finfo(like.dtype).eps - 1)
        return self.loc - self.scale * u.sign() * gt.log1p(-u.abs())

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        return -gt.log(2 * self.scale) - (value - self.loc).abs() / self.scale

    def cdf(self, value: Tensor) -> Tensor:
        self._check_value(value)
        z = (value - self.loc) / self.scale
        tail = 0.5 * gt.exp(-z.abs())
        return gt.where(z < 0, tail, 1 - tail)

    def icdf(self, value: Tensor) -> Tensor:
        term = value - 0.5
        return self.loc - self.scale * term.sign() * gt.log1p(-2 * term.abs())

    def entropy(self) -> Tensor:
        return 1 + gt.log(2 * self.scale)
