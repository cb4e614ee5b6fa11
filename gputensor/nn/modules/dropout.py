"""Dropout: in training, random elements or channels become zero; in evaluation nothing happens."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module


class _DropoutNd(Module):
    """The settings of dropout. Raises ValueError for a p that is no probability."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not isinstance(p, (int, float)) or not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: dropout probability has to be between 0 and 1, but got {p!r}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """In training, every element becomes 0 with probability p, and the others are divided by 1 - p. Random.

    Source: Hinton et al. 2012, arXiv:1207.0580.

    >>> import gputensor as gt
    >>> gt.nn.Dropout(0.5).eval()(gt.ones(3))
    tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """In training, whole channels become 0 with probability p.

    input: (batch, channels, length) or (channels, length). Random.

    >>> import gputensor as gt
    >>> gt.nn.Dropout1d(1.0)(gt.ones(1, 2, 2))
    tensor([[[0., 0.],
             [0., 0.]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """In training, whole channels become 0 with probability p. input: (batch, channels, height, width). Random.

    >>> import gputensor as gt
    >>> gt.nn.Dropout2d(1.0)(gt.ones(1, 1, 2, 2))
    tensor([[[[0., 0.],
              [0., 0.]]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """In training, whole channels become 0 with probability p.

    input: (batch, channels, depth, height, width). Random.

    >>> import gputensor as gt
    >>> gt.nn.Dropout3d(0.5)(gt.ones(2, 3, 4, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """Dropout to SELU's negative saturation that keeps mean and variance.

    Random. Source: Klambauer et al. 2017, arXiv:1706.02515.

    >>> import gputensor as gt
    >>> gt.nn.AlphaDropout(0.5).eval()(gt.ones(2))
    tensor([1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """`AlphaDropout` of whole channels. Random.

    >>> import gputensor as gt
    >>> gt.nn.FeatureAlphaDropout(0.5).eval()(gt.ones(1, 2))
    tensor([[1., 1.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training)
