"""Channels moved: into space and back, and between groups. Copies; a channels-last input gives a channels-last
result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.explain import describe
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ShapeError
from gputensor.ops.dims import one_int
from gputensor.ops.layout import channels_last, contiguous_format, suggested_format

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Channels into space: (…, channel * r * r, height, width) -> (…, channel, height * r, width * r).

    Channel c * r² + i * r + j becomes row i and column j of every block of r by r. Any dtype. Raises ShapeError where
    the channels are no multiple of r². Source: Shi et al. 2016, arXiv:1609.05158.

    >>> import gputensor as gt
    >>> gt.nn.functional.pixel_shuffle(gt.tensor([[[1]], [[2]], [[3]], [[4]]]), 2)
    tensor([[[1, 2],
             [3, 4]]])
    """
    r = _factor("pixel_shuffle", "upscale_factor", input, upscale_factor)
    *lead, c, h, w = input.array.shape
    if c % (r * r):
        raise ShapeError(
            f"pixel_shuffle: input of shape {tuple(input.array.shape)} must have a multiple of {r * r} channels"
        )
    few = c // (r * r)
    if suggested_format(input.array) is channels_last:
        x = input.permute(0, 2, 3, 1).reshape((*lead, h, w, few, r, r)).permute(0, 1, 4, 2, 5, 3)
        return _owned(x.reshape((*lead, h * r, w * r, few)), input).permute(0, 3, 1, 2)
    n = len(lead)
    x = input.reshape((*lead, few, r, r, h, w)).permute((*range(n), n, n + 3, n + 1, n + 4, n + 2))
    return _owned(x.reshape((*lead, few, h * r, w * r)), input)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Space into channels: (…, channel, height * r, width * r) -> (…, channel * r * r, height, width).

    The inverse of `pixel_shuffle`. Raises ShapeError where height or width is no multiple of r.
    Unlike torch: an empty batch has the channels of any other.

    >>> import gputensor as gt
    >>> gt.nn.functional.pixel_unshuffle(gt.tensor([[[1, 2], [3, 4]]]), 2)
    tensor([[[1]],
    <BLANKLINE>
            [[2]],
    <BLANKLINE>
            [[3]],
    <BLANKLINE>
            [[4]]])
    """
    r = _factor("pixel_unshuffle", "downscale_factor", input, downscale_factor)
    *lead, c, h, w = input.array.shape
    if h % r or w % r:
        raise ShapeError(
            f"pixel_unshuffle: height and width must be multiples of {r}, got shape {tuple(input.array.shape)}"
        )
    h, w = h // r, w // r
    if suggested_format(input.array) is channels_last:
        x = input.permute(0, 2, 3, 1).reshape((*lead, h, r, w, r, c)).permute(0, 1, 3, 5, 2, 4)
        return _owned(x.reshape((*lead, h, w, c * r * r)), input).permute(0, 3, 1, 2)
    n = len(lead)
    x = input.reshape((*lead, c, h, r, w, r)).permute((*range(n), n, n + 2, n + 4, n + 1, n + 3))
    return _owned(x.reshape((*lead, c * r * r, h, w)), input)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Channels dealt out to groups: channel g * (channels / groups) + i moves to i * groups + g.

    input: (batch, channel, …) with at least one more dim; any dtype; returns the same shape. Raises ShapeError where
    the channels are no multiple of groups. Source: Zhang et al. 2017, arXiv:1707.01083.

    >>> import gputensor as gt
    >>> gt.nn.functional.channel_shuffle(gt.arange(4).reshape(1, 4, 1), 2).flatten()
    tensor([0, 2, 1, 3])
    """
    x = _tensor("channel_shuffle", input)
    shape = tuple(x.array.shape)
    g = one_int("channel_shuffle", "groups", groups)
    if len(shape) < 3:
        raise ShapeError(f"channel_shuffle: expected (batch, channel, …), at least 3 dims, got shape {shape}")
    if g < 1 or shape[1] % g:
        raise ShapeError(f"channel_shuffle: {shape[1]} channels of input {shape} must be a multiple of groups={groups}")
    format = suggested_format(x.array)
    if format is contiguous_format:
        parts = x.reshape((shape[0], g, shape[1] // g, *shape[2:])).transpose(1, 2)
        return _owned(parts.reshape(shape), x)
    last = x.permute((0, *range(2, len(shape)), 1))
    parts = last.reshape((*last.array.shape[:-1], g, shape[1] // g)).transpose(-1, -2)
    return _owned(parts.reshape(last.array.shape), x).permute((0, len(shape) - 1, *range(1, len(shape) - 1)))


def native_channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """`channel_shuffle` under the name of PyTorch's kernel.

    >>> import gputensor as gt
    >>> gt.native_channel_shuffle(gt.arange(4).reshape(1, 4, 1), 2).flatten()
    tensor([0, 2, 1, 3])
    """
    return channel_shuffle(input, groups)


def _factor(name: str, argument: str, x: Any, factor: Any) -> int:
    _tensor(name, x)
    r = one_int(name, argument, factor)
    if r < 1:
        raise ShapeError(f"{name}: {argument} must be positive, got {factor}")
    if x.array.ndim < 3:
        raise ShapeError(f"{name}: expected (…, channel, height, width), got shape {tuple(x.array.shape)}")
    return r


def _tensor(name: str, x: Any) -> Any:
    if not isinstance(x, TensorBase):
        raise TypeError(f"{name}: input must be a Tensor, got {describe(x)}")
    return x


def _owned(out: Any, x: Any) -> Any:
    """out, copied if all that moved were dims of size 1: a view of x otherwise."""
    return out.clone() if out._parent is not None else out
