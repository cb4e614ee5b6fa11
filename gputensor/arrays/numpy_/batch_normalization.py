"""Batch normalization over NumPy, images in blocks, NCHW and NHWC alike.

The moments of each image come first and are joined by Chan, Golub and LeVeque's rule (1979): a block is read once. Then
out = x * A + B with one A and one B a channel; and the gradient of x is a sum of the same form over x and g.
"""

from typing import Any

import numpy as np

from gputensor.arrays.kernels import BATCH_NORM
from gputensor.arrays.numpy_.blocks import each_block

Array = np.ndarray

_LEAST_SPACE = 16  # places of a channel in an image; below, the general lines have fewer calls


def _fits(prim: Any, x: Array, weight: Array, bias: Array) -> bool:
    if x.dtype.kind != "f" or x.itemsize == 2 or x.ndim < 3 or not x.size:
        return False
    n, channels = x.shape[:2]
    space = x.size // (n * channels)
    return (
        prim.axes == (0, *range(2, x.ndim))
        and space >= _LEAST_SPACE
        and (x.flags.c_contiguous or _lies_last(x))
        and weight.size == bias.size == channels
        and weight.dtype is bias.dtype is x.dtype
    )


def _lies_last(x: Array) -> bool:
    """Whether the channels are the innermost axis in memory, without gaps."""
    return bool(np.moveaxis(x, 1, -1).flags.c_contiguous)


class _Images:
    """x as (image, channel, place), or as (image, place, channel) where the channels lie last."""

    def __init__(self, x: Array) -> None:
        n, channels = x.shape[:2]
        self.count, self.channels, self.space = n, channels, x.size // (n * channels)
        self.last = not x.flags.c_contiguous
        self.shape = x.shape
        self.ones = np.ones(self.space, x.dtype)
        self.pairs = "nsc,nsc->nc" if self.last else "ncs,ncs->nc"

    def view(self, x: Array) -> Array:
        """x with the places as one axis; a copy where it lies otherwise than the input."""
        if self.last:
            return np.ascontiguousarray(np.moveaxis(x, 1, -1)).reshape(self.count, self.space, self.channels)
        return np.ascontiguousarray(x).reshape(self.count, self.channels, self.space)

    def back(self, made: Array) -> Array:
        """The shape of the input again, over the same memory."""
        if self.last:
            return np.moveaxis(made.reshape(self.count, *self.shape[2:], self.channels), -1, 1)
        return made.reshape(self.shape)

    def sums(self, part: Array) -> Array:
        """(image, channel): the sums over the places."""
        return np.matmul(self.ones, part) if self.last else np.matmul(part, self.ones)

    def spread(self, rates: Array) -> Array:
        """(…, channel) beside images."""
        return rates[..., None, :] if self.last else rates[..., None]


def _forward(prim: Any, recorded: bool, x: Array, weight: Array, bias: Array) -> tuple[Any, Any]:
    images = _Images(x)
    flat = images.view(x)
    out = np.empty_like(flat)
    means, squares = (np.empty((images.count, images.channels), x.dtype) for _ in range(2))

    def moments(start: int, stop: int) -> None:
        part = flat[start:stop]
        mean = images.sums(part)
        mean /= images.space
        means[start:stop] = mean
        centred = part - images.spread(mean)
        squares[start:stop] = np.einsum(images.pairs, centred, centred)

    each_block(moments, images.count, images.channels * images.space)
    wide = means.astype(np.float64)
    middle = wide.mean(0)
    wide -= middle
    spread = squares.sum(0, dtype=np.float64) + images.space * np.einsum("nc,nc->c", wide, wide)
    mean, var = middle.astype(x.dtype), (spread / (images.count * images.space)).astype(x.dtype)
    scale = 1 / np.sqrt(var + prim.eps)
    rate = weight.reshape(-1) * scale
    shift = bias.reshape(-1) - mean * rate
    rates, shifts = images.spread(rate), images.spread(shift)

    def scaled(start: int, stop: int) -> None:
        made = out[start:stop]
        np.multiply(flat[start:stop], rates, made)
        made += shifts

    each_block(scaled, images.count, images.channels * images.space)
    statistics = (1, images.channels, *[1] * (x.ndim - 2))
    result = images.back(out), mean.reshape(statistics), var.reshape(statistics)
    return result, (x, weight, mean, scale) if recorded else None


def _vjp(prim: Any, g: Any, residue: Any, edges: Any) -> list[Array | None]:
    x, weight, mean, scale = residue
    g, g_mean, g_var = g
    images = _Images(x)
    flat, given = images.view(x), images.view(g)
    middle = images.spread(mean)
    sums, products = (np.empty((images.count, images.channels), x.dtype) for _ in range(2))

    def moments(start: int, stop: int) -> None:
        up = given[start:stop]
        sums[start:stop] = images.sums(up)
        products[start:stop] = np.einsum(images.pairs, up, flat[start:stop] - middle)

    each_block(moments, images.count, images.channels * images.space)
    bias_g = sums.sum(0)
    weight_g = products.sum(0) * scale
    parameters = [weight_g.reshape(weight.shape), bias_g.reshape(weight.shape)]
    if edges[0] is None:
        return [None, *parameters]
    count = images.count * images.space
    rate = weight.reshape(-1) * scale
    rates = images.spread(rate)
    alongs = images.spread((g_mean.reshape(-1) - rate * bias_g) / count)
    acrosses = images.spread((2 * g_var.reshape(-1) - rate * scale * weight_g) / count)
    dx = np.empty_like(flat)

    def joined(start: int, stop: int) -> None:
        made = dx[start:stop]
        centred = flat[start:stop] - middle
        centred *= acrosses
        np.multiply(given[start:stop], rates, made)
        made += centred
        made += alongs

    each_block(joined, images.count, images.channels * images.space)
    return [images.back(dx), *parameters]


BATCH_NORM["numpy"] = (_fits, _forward, _vjp)
