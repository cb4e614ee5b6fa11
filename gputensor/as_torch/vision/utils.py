"""`torchvision.utils`: many pictures in one, and pictures as files."""

from __future__ import annotations

import math
from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision.functional import pil


def make_grid(
    tensor: Any,
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """Pictures (batch, channels, height, width), or a list of them, side by side in rows of nrow.

    normalize: to [0, 1], from value_range or from the smallest and the largest number, of each picture if scale_each.

    >>> make_grid(gt.ones(3, 3, 4, 4), nrow=2).shape
    gputensor.Size([3, 14, 14])
    """
    x = gt.stack(list(tensor), 0) if isinstance(tensor, (list, tuple)) else tensor
    x = x.detach()
    if x.dim() < 4:
        x = x.view(*[1] * (4 - x.dim()), *x.shape) if x.dim() == 2 else x.unsqueeze(0)
    if x.shape[1] == 1:
        x = x.expand(-1, 3, -1, -1)
    if normalize:
        dims = (1, 2, 3) if scale_each else (0, 1, 2, 3)
        low, high = (x.amin(dims, keepdim=True), x.amax(dims, keepdim=True)) if value_range is None else value_range
        span: Any = high - low
        x = (x.clamp(low, high) - low) / (span.clamp(min=1e-5) if isinstance(span, Tensor) else max(span, 1e-5))
    count, channels, h, w = x.shape
    if count == 1:
        return x[0]
    columns = min(nrow, count)
    rows = math.ceil(count / columns)
    size = (channels, (h + padding) * rows + padding, (w + padding) * columns + padding)
    grid = gt.full(size, pad_value, dtype=x.dtype, device=x.device)
    for k in range(count):
        top, left = (h + padding) * (k // columns) + padding, (w + padding) * (k % columns) + padding
        grid[:, top : top + h, left : left + w] = x[k]
    return grid


def save_image(tensor: Any, fp: Any, format: str | None = None, **kwargs: Any) -> None:
    """Write pictures as one file, with `make_grid`; numbers between 0 and 1. See `make_grid`."""
    grid = make_grid(tensor, **kwargs)
    array = grid.mul(255).add(0.5).clamp(0, 255).permute(1, 2, 0).to(gt.uint8).cpu().numpy()
    pil().fromarray(array).save(fp, format=format)
