"""Resampling of images to another size."""

from __future__ import annotations

from collections.abc import Sequence

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module

Size = int | Sequence[int] | None
Scale = float | Sequence[float] | None


class Upsample(Module):
    """input on a grid of another size; see `gputensor.nn.functional.interpolate`.

    input: (batch, channels, length), (batch, channels, height, width) or (batch, channels, depth, height, width). size:
    the result's, or scale_factor. mode: "nearest", "linear", "bilinear", "bicubic", "trilinear".

    >>> import gputensor as gt
    >>> gt.nn.Upsample(scale_factor=2)(gt.tensor([[[1.0, 3.0]]]))
    tensor([[[1., 1., 3., 3.]]])
    """

    def __init__(
        self,
        size: Size = None,
        scale_factor: Scale = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        self.size = size
        self.scale_factor: Scale = None
        if isinstance(scale_factor, Sequence):
            self.scale_factor = tuple([float(s) for s in scale_factor])
        elif scale_factor:
            self.scale_factor = float(scale_factor)
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        given = f"size={self.size!r}" if self.scale_factor is None else f"scale_factor={self.scale_factor!r}"
        return f"{given}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """`Upsample` of images with mode "nearest".

    >>> import gputensor as gt
    >>> gt.nn.UpsamplingNearest2d(scale_factor=2)(gt.ones(1, 1, 2, 2)).shape
    gputensor.Size([1, 1, 4, 4])
    """

    def __init__(self, size: Size = None, scale_factor: Scale = None) -> None:
        super().__init__(size, scale_factor, "nearest")


class UpsamplingBilinear2d(Upsample):
    """`Upsample` of images with mode "bilinear" and align_corners.

    >>> import gputensor as gt
    >>> gt.nn.UpsamplingBilinear2d((1, 3))(gt.tensor([[[[1.0, 3.0]]]]))
    tensor([[[[1., 2., 3.]]]])
    """

    def __init__(self, size: Size = None, scale_factor: Scale = None) -> None:
        super().__init__(size, scale_factor, "bilinear", True)
