"""Channels into space, and back."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module


class PixelShuffle(Module):
    """(…, channels * r * r, height, width) -> (…, channels, height * r, width * r), r = upscale_factor.

    See `gputensor.nn.functional.pixel_shuffle`.

    >>> import gputensor as gt
    >>> gt.nn.PixelShuffle(2)(gt.ones(1, 8, 3, 3)).shape
    gputensor.Size([1, 2, 6, 6])
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """(…, channels, height * r, width * r) -> (…, channels * r * r, height, width), r = downscale_factor.

    See `gputensor.nn.functional.pixel_unshuffle`.

    >>> import gputensor as gt
    >>> gt.nn.PixelUnshuffle(2)(gt.ones(1, 2, 6, 6)).shape
    gputensor.Size([1, 8, 3, 3])
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"
