"""Distances between vectors."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module


class PairwiseDistance(Module):
    """The p-norm of the differences of two sets of vectors: |x1 - x2 + eps|_p over the last dim.

    x1, x2: (..., width), broadcast -> (...), or (..., 1) with keepdim.

    >>> import gputensor as gt
    >>> gt.nn.PairwiseDistance(eps=0.0)(gt.zeros(1, 2), gt.tensor([[3.0, 4.0]]))
    tensor([5.])
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """The cosine of the angle between vectors along dim: x1 . x2 / (max(|x1|, eps) * max(|x2|, eps)).

    >>> import gputensor as gt
    >>> gt.nn.CosineSimilarity()(gt.tensor([[1.0, 0.0]]), gt.tensor([[2.0, 0.0]]))
    tensor([1.])
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
