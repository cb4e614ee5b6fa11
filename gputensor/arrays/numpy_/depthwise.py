"""Depthwise convolution over NumPy, one product and one sum a tap: matrices of one row would waste everything.

Channels first, one input channel a group; w: (channel * many, 1, *tap).
"""

from collections.abc import Iterator

import numpy as np

from gputensor.arrays.numpy_.columns import BLOCK, Geometry, cropped, strided

Array = np.ndarray
Shape = tuple[int, ...]


def conv_depthwise(x: Array, w: Array, bias: Array | None, p: Geometry) -> Array:
    n, c = x.shape[:2]
    many = w.shape[0] // c
    out = np.empty((n, c, many, *p.out), x.dtype)
    lift = None if bias is None else _aligned(bias.reshape(c, many), len(p.out))
    taps = w.reshape(c, many, p.taps)
    for a, b, f, t in _planes(n, c, p, x.itemsize) if out.size else ():
        image = _padded(x[a:b, f:t], p)
        total = np.empty((b - a, t - f, many, *p.places), x.dtype)
        term = np.empty_like(total)
        for k, offset in enumerate(p.offsets):
            np.multiply(_seen(image, offset, p), _aligned(taps[f:t, :, k], len(p.places)), out=term if k else total)
            if k:
                total += term
        kept = cropped(total, p) if p.flat else total
        if lift is None:
            out[a:b, f:t] = kept
        else:
            np.add(kept, lift[f:t], out=out[a:b, f:t])
    return out.reshape(n, c * many, *p.out)


def conv_transpose_depthwise(y: Array, w: Array, size: Shape, p: Geometry, c: int) -> Array:
    n, many = y.shape[0], w.shape[0] // c
    out = np.empty((n, c, *size), y.dtype)
    taps = w.reshape(c, many, p.taps)
    y = y.reshape(n, c, many, *p.out)
    for a, b, f, t in _planes(n, c, p, y.itemsize) if out.size else ():
        image = np.zeros((b - a, t - f, *p.padded), y.dtype)
        spread = _in_places(y[a:b, f:t], p)
        for k, offset in enumerate(p.offsets):
            term = spread * _aligned(taps[f:t, :, k], len(p.places))
            _seen(image, offset, p)[:, :, 0] += term[:, :, 0] if many == 1 else term.sum(2)
        out[a:b, f:t] = image[(slice(None), slice(None), *p.inner)]
    return out


def conv_weight_depthwise(x: Array, y: Array, p: Geometry) -> Array:
    n, c = x.shape[:2]
    many = y.shape[1] // c
    total = np.zeros((c, many, p.taps), x.dtype)
    y = y.reshape(n, c, many, *p.out)
    axes = (0, *range(3, 3 + len(p.places)))
    for a, b, f, t in _planes(n, c, p, x.itemsize) if y.size and x.size else ():
        image = _padded(x[a:b, f:t], p)
        spread = _in_places(y[a:b, f:t], p)
        term = np.empty_like(spread)
        for k, offset in enumerate(p.offsets):
            np.multiply(_seen(image, offset, p), spread, out=term)
            total[f:t, :, k] += term.sum(axes)
    return total.reshape(c * many, 1, *p.kernel)


def _planes(n: int, c: int, p: Geometry, itemsize: int) -> Iterator[tuple[int, int, int, int]]:
    """Blocks of whole images, or of some channels of one image, that stay in the cache: first and last image, first and
    last channel."""
    planes = max(1, BLOCK // (4 * p.plane * itemsize))
    images, channels = max(1, planes // c), min(planes, c)
    for a in range(0, n, images):
        for f in range(0, c, channels):
            yield a, min(a + images, n), f, min(f + channels, c)


def _padded(x: Array, p: Geometry) -> Array:
    if x.shape[2:] == p.padded:
        return np.ascontiguousarray(x)
    image = np.zeros((*x.shape[:2], *p.padded), x.dtype)
    image[(slice(None), slice(None), *p.inner)] = x
    return image


def _seen(image: Array, offset: int, p: Geometry) -> Array:
    """What one tap of every window sees: (image, channel, 1, *places)."""
    m, c = image.shape[:2]
    return strided(image, offset, (m, c, 1, *p.places), (c * p.plane, p.plane, 0, *p.place_steps))


def _in_places(y: Array, p: Geometry) -> Array:
    """(image, channel, many, *out) -> (image, channel, many, *places), zeros where no window is."""
    if not p.flat:
        return y
    spread = np.zeros((*y.shape[:3], *p.places), y.dtype)
    cropped(spread, p)[...] = y
    return spread


def _aligned(values: Array, dims: int) -> Array:
    """(channel, many) beside (image, channel, many, *places)."""
    return values.reshape(*values.shape, *[1] * dims)
