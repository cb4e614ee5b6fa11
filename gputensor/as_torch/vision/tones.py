"""Pictures in other tones, and with a part wiped out: what `torchvision.transforms.functional` has for augmentation."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision.functional import _floating, blend, on_tensors
from gputensor.nn import functional as F


def _top(x: Tensor) -> int:
    return 1 if x.is_floating_point() else 255


def invert(img: Any) -> Any:
    """The negative.

    >>> invert(gt.tensor([[[0, 55]]], dtype=gt.uint8))
    tensor([[[255, 200]]], dtype=gputensor.uint8)
    """
    return on_tensors(lambda x: _top(x) - x, img)


def solarize(img: Any, threshold: float) -> Any:
    """The negative where the picture is as bright as threshold, or brighter. See `invert`."""
    return on_tensors(lambda x: gt.where(x >= threshold, _top(x) - x, x), img)


def posterize(img: Any, bits: int) -> Any:
    """The highest bits of each byte. See `invert`."""
    return on_tensors(lambda x: x & (256 - (1 << (8 - bits))), img)


def adjust_gamma(img: Any, gamma: float, gain: float = 1) -> Any:
    """gain * x ** gamma for numbers between 0 and 1.

    >>> adjust_gamma(gt.full((1, 1, 1), 0.5), 2)
    tensor([[[0.2500]]])
    """
    if gamma < 0:
        raise ValueError(f"adjust_gamma: gamma must not be negative, got {gamma}")
    return on_tensors(lambda x: _floating(lambda y: (gain * y**gamma).clamp(0, 1), x), img)


def autocontrast(img: Any) -> Any:
    """Each channel, stretched so that its darkest place is black and its brightest white. See `invert`."""

    def stretched(y: Tensor) -> Tensor:
        low, high = y.amin((-2, -1), keepdim=True), y.amax((-2, -1), keepdim=True)
        flat = low == high
        return gt.where(flat, y, (y - low) / gt.where(flat, 1, high - low)).clamp(0, 1)

    return on_tensors(lambda x: _floating(stretched, x), img)


def adjust_sharpness(img: Any, sharpness_factor: float) -> Any:
    """0 gives a smoothed picture, 1 the picture, 2 a sharper one; the outermost line stays. See `invert`."""

    def smooth(y: Tensor) -> Tensor:
        kernel = gt.tensor([[1.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 1.0]], dtype=y.dtype) / 13
        if min(y.shape[-2:]) < 3:
            return y
        out = y.clone()
        inner = F.conv2d(y.reshape(-1, 1, *y.shape[-2:]), kernel[None, None])
        out[..., 1:-1, 1:-1] = inner.reshape(*y.shape[:-2], *inner.shape[-2:])
        return out

    return blend(img, smooth, sharpness_factor)


def erase(img: Tensor, i: int, j: int, h: int, w: int, v: Any, inplace: bool = False) -> Tensor:
    """The picture with v in its h lines from i on and its w columns from j on.

    >>> erase(gt.ones(1, 1, 3), 0, 1, 1, 2, 0)
    tensor([[[1., 0., 0.]]])
    """
    out = img if inplace else img.clone()
    out[..., i : i + h, j : j + w] = v
    return out
