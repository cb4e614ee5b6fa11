"""The LKJ distribution of Cholesky factors of correlation matrices."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.beta import Beta
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all

__all__ = ["LKJCholesky"]


class LKJCholesky(Distribution):
    """Lower Cholesky factors of correlation matrices C of dim x dim with density proportional to det(C)**(η - 1).

    concentration: η; 1 makes all correlation matrices equally likely, more draws them towards the identity. Raises
    ValueError for a dim below 2. Sampling is by the onion method; it waits for the GPU, and is one of the draws by
    rejection, which may rarely differ between devices. Source: Lewandowski, Kurowicka and Joe 2009, Generating random
    correlation matrices based on vines and extended onion method.

    >>> import gputensor as gt
    >>> d = gt.distributions.LKJCholesky(2, 1.0)
    >>> d.log_prob(gt.eye(2)).exp()
    tensor(0.5000)
    """

    arg_constraints: ClassVar[Any] = {"concentration": constraints.positive}
    support: Any = constraints.corr_cholesky

    def __init__(self, dim: int, concentration: Tensor | float = 1.0, validate_args: bool | None = None) -> None:
        if dim < 2:
            raise ValueError(f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        super().__init__(self.concentration.shape, (dim, dim), validate_args=validate_args)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape, like, n = self._extended_shape(sample_shape), self.concentration, self.dim
        with gt.no_grad():
            # row k has a direction that is uniform on the sphere, and a squared length of Beta(k / 2, η + (n-1-k) / 2)
            k = gt.arange(1, n, dtype=like.dtype, device=like.device)
            lengths = Beta(k / 2, like.unsqueeze(-1) + (n - 1 - k) / 2, False).sample(gt.Size(sample_shape))
            normals = gt.randn(shape, dtype=like.dtype, device=like.device).tril(-1)[..., 1:, :]
            rows = lengths.sqrt().unsqueeze(-1) * normals / gt.linalg.vector_norm(normals, dim=-1, keepdim=True)
            w = gt.cat([gt.zeros_like(rows[..., :1, :]), rows], -2)
            left = (1 - w.square().sum(-1)).clamp(min=gt.finfo(w.dtype).tiny)
            return w + gt.diag_embed(left.sqrt())

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        n, c = self.dim, self.concentration
        order = gt.arange(2, n + 1, dtype=c.dtype, device=c.device)
        powers = 2 * (c - 1).unsqueeze(-1) + n - order
        density = (powers * value.diagonal(dim1=-2, dim2=-1)[..., 1:].log()).sum(-1)
        alpha = c + 0.5 * (n - 1)
        return density - (
            0.5 * (n - 1) * math.log(math.pi) + gt.mvlgamma(alpha - 0.5, n - 1) - (n - 1) * gt.lgamma(alpha)
        )
