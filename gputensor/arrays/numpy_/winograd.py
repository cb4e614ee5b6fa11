"""Convolution with 3×3 taps by Winograd's minimal filtering, F(2×2, 3×3): 16 products where the direct way has 36.

Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, https://arxiv.org/abs/1509.09308, whose
matrices B, G and A these are. The padded image is kept as its four phases (even and odd rows and columns), each a long
run of memory in which the neighbour of a tile is one place on, and the tile below one row on: every transform is then a
few additions of whole runs, whatever the layout. The places at the end of a row belong to no tile; they are computed,
too, and dropped.

Errors are relative to the largest number of a tile of 4×4, which a direct sum does not have; where numbers are not
finite the direct way is taken.
"""

import math
from math import prod

import numpy as np

from gputensor.arrays.numpy_.images import over_images, summed

Array = np.ndarray
Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_BLOCK = 1 << 20  # bytes of one block's transformed input
_CHANNELS = 16  # fewer on either side, and the transforms cost more than they save
_TILES = 9  # fewer in an image, and a third of what is computed is dropped

_G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
_TAPS = np.kron(_G, _G)  # (16, 9): from the taps to the transformed taps


class Tiling:
    """The tiles of a convolution, and the phases in memory: (image, row, column, channel) or (channel, image, …)."""

    __slots__ = ("block", "cell", "channels", "columns", "last", "out", "padding", "rows", "step")

    def __init__(self, size: Shape, channels: int, padding: Pads, itemsize: int, last: bool) -> None:
        self.padding, self.last, self.channels = padding, last, channels
        self.out = tuple([n + before + after - 2 for n, (before, after) in zip(size, padding, strict=True)])
        # one more row and column than there are tiles: the second half of the last tile
        self.rows, self.columns = [(n + 1) // 2 + 1 for n in self.out]
        self.cell = channels if last else 1
        self.step = self.columns * self.cell
        places = self.rows * self.columns
        self.block = max(1, _BLOCK // (16 * channels * places * itemsize))

    def run(self, images: int, channels: int) -> int:
        """Elements of one phase of a block."""
        return images * channels * self.rows * self.columns

    def shape(self, images: int, channels: int) -> Shape:
        """A phase with its axes."""
        if self.last:
            return images, self.rows, self.columns, channels
        return channels, images, self.rows, self.columns

    def matrix(self, transformed: Array, images: int, channels: int) -> Array:
        """(16, …) as 16 matrices: (channel, place), or (place, channel)."""
        places = images * self.rows * self.columns
        return transformed.reshape(16, places, channels) if self.last else transformed.reshape(16, channels, places)


def suits(x: Array, w: Array, stride: Shape, dilation: Shape, groups: int, padding: Pads) -> bool:
    """Whether `conv` is open to these, and better than the direct way. x: (image, channel, row, column)."""
    return _fits(x, w.shape[0], w.shape[2:], stride, dilation, groups, padding) and _finite(x) and _finite(w)


def suits_weight(x: Array, y: Array, kernel: Shape, stride: Shape, dilation: Shape, groups: int, padding: Pads) -> bool:
    """The same for `conv_weight`. y: (image, out, row, column)."""
    return _fits(x, y.shape[1], kernel, stride, dilation, groups, padding) and _finite(x) and _finite(y)


def _fits(x: Array, out: int, kernel: Shape, stride: Shape, dilation: Shape, groups: int, padding: Pads) -> bool:
    return (
        kernel == (3, 3)
        and groups == max(stride) == max(dilation) == 1
        and min(x.shape[1], out) >= _CHANNELS
        and x.dtype.kind == "f"
        and x.size > 0
        and prod([max(n + sum(pair) - 2, 0) // 2 for n, pair in zip(x.shape[2:], padding, strict=True)]) >= _TILES
    )


def _finite(x: Array) -> bool:
    """Whether all numbers are finite, and their squares' sum is: one product of vectors."""
    flat = x.ravel(order="K")
    with np.errstate(all="ignore"):
        return math.isfinite(float(np.dot(flat, flat)))


def conv(x: Array, w: Array, bias: Array | None, tiling: Tiling) -> Array:
    """x: (image, channel, row, column), or with the channels last; the result lies the same way."""
    n, o = len(x), w.shape[0]
    out = np.empty((n, *tiling.out, o) if tiling.last else (n, o, *tiling.out), x.dtype)
    taps = _transformed_taps(w)
    if tiling.last:
        taps = np.ascontiguousarray(taps.swapaxes(1, 2))
    over_images(lambda a, b: _conv(x[a:b], taps, o, bias, tiling, out[a:b]), n, out.size * w[0].size)
    return out


def conv_weight(x: Array, y: Array, tiling: Tiling) -> Array:
    """The transpose of `conv` in the taps: (out, channel, 3, 3)."""
    o = y.shape[-1] if tiling.last else y.shape[1]
    c = tiling.channels
    total = summed(lambda a, b: _conv_weight(x[a:b], y[a:b], tiling, o), len(x), y.size * c * 9)
    taps = np.matmul(_TAPS.T.astype(x.dtype), total.reshape(16, o * c))
    return np.ascontiguousarray(taps.T).reshape(o, c, 3, 3)


def _transformed_taps(w: Array) -> Array:
    """(out, channel, 3, 3) -> (16, out, channel)."""
    o, c = w.shape[:2]
    return np.matmul(_TAPS.astype(w.dtype), w.reshape(o * c, 9).T).reshape(16, o, c)


def _conv(x: Array, taps: Array, o: int, bias: Array | None, tiling: Tiling, out: Array) -> None:
    n, c = len(x), tiling.channels
    block = min(n, tiling.block)
    inputs = _Inputs(x, tiling, block)
    products = np.empty(16 * tiling.run(block, o), x.dtype)
    half = np.empty(8 * tiling.run(block, o), x.dtype)
    lift = None if bias is None else bias if tiling.last else bias.reshape(-1, 1, 1)
    for a in range(0, n, block):
        m = min(block, n - a)
        run = tiling.run(m, o)
        transformed = tiling.matrix(inputs(a, m), m, c)
        product = tiling.matrix(products[: 16 * run], m, o)
        if tiling.last:
            np.matmul(transformed, taps, out=product)
        else:
            np.matmul(taps, transformed, out=product)
        p, s = product.reshape(4, 4, run), half[: 8 * run].reshape(2, 4, run)
        np.add(p[0], p[1], s[0])
        s[0] += p[2]
        np.subtract(p[1], p[2], s[1])
        s[1] -= p[3]
        y = products[: 4 * run].reshape(2, 2, run)  # the products are read already
        np.add(s[:, 0], s[:, 1], y[:, 0])
        y[:, 0] += s[:, 2]
        np.subtract(s[:, 1], s[:, 2], y[:, 1])
        y[:, 1] -= s[:, 3]
        for i in range(2):
            for j in range(2):
                target = _phase(out[a : a + m], i, j, tiling)
                seen = _within(y[i, j].reshape(tiling.shape(m, o)), target, tiling)
                if lift is None:
                    target[...] = seen
                else:
                    np.add(seen, lift, target)


def _conv_weight(x: Array, y: Array, tiling: Tiling, o: int) -> Array:
    n, c = len(x), tiling.channels
    block = min(n, tiling.block)
    inputs = _Inputs(x, tiling, block)
    gradients = _Gradients(y, tiling, block, o)
    total = np.zeros((16, o, c), x.dtype)
    for a in range(0, n, block):
        m = min(block, n - a)
        left, right = tiling.matrix(gradients(a, m), m, o), tiling.matrix(inputs(a, m), m, c)
        total += np.matmul(left.swapaxes(1, 2), right) if tiling.last else np.matmul(left, right.swapaxes(1, 2))
    return total


def _phase(image: Array, i: int, j: int, tiling: Tiling) -> Array:
    return image[:, i::2, j::2] if tiling.last else image[:, :, i::2, j::2]


def _within(phase: Array, like: Array, tiling: Tiling) -> Array:
    """The rows and columns of a phase that an image has, axes in the image's order."""
    if tiling.last:
        return phase[:, : like.shape[1], : like.shape[2]]
    return phase[:, :, : like.shape[2], : like.shape[3]].swapaxes(0, 1)


class _Inputs:
    """Blocks of images, transformed by B: (16, run)."""

    __slots__ = ("halves", "memory", "phases", "tiling", "x")

    def __init__(self, x: Array, tiling: Tiling, block: int) -> None:
        run = tiling.run(block, tiling.channels)
        self.x, self.tiling = x, tiling
        # zeros around the images, and behind the last run, where its neighbours are looked for
        self.phases = np.zeros((2, 2, run + tiling.step + tiling.cell), x.dtype)
        self.halves = np.empty((4, 2, run + tiling.cell), x.dtype)
        self.memory = np.empty(16 * run, x.dtype)

    def __call__(self, a: int, m: int) -> Array:
        tiling, x = self.tiling, self.x[a : a + m]
        run, cell, step = tiling.run(m, tiling.channels), tiling.cell, tiling.step
        space = 1 if tiling.last else 2
        for i in range(2):
            rows, at_row = _placed(i, tiling.padding[0][0], x.shape[space])
            for j in range(2):
                columns, at_column = _placed(j, tiling.padding[1][0], x.shape[space + 1])
                phase = self.phases[i, j, :run].reshape(tiling.shape(m, tiling.channels))
                if tiling.last:
                    phase[:, at_row, at_column] = x[:, rows, columns]
                else:
                    phase[:, :, at_row, at_column] = x[:, :, rows, columns].swapaxes(0, 1)
        here = self.phases[:, :, : run + cell]
        below = self.phases[:, :, step : run + cell + step]
        t = self.halves[:, :, : run + cell]
        np.subtract(here[0], below[0], t[0])
        np.add(here[1], below[0], t[1])
        np.subtract(below[0], here[1], t[2])
        np.subtract(here[1], below[1], t[3])
        t, beside = t[:, :, :run], t[:, :, cell:]
        v = self.memory[: 16 * run].reshape(4, 4, run)
        np.subtract(t[:, 0], beside[:, 0], v[:, 0])
        np.add(t[:, 1], beside[:, 0], v[:, 1])
        np.subtract(beside[:, 0], t[:, 1], v[:, 2])
        np.subtract(t[:, 1], beside[:, 1], v[:, 3])
        return self.memory[: 16 * run]


class _Gradients:
    """Blocks of the result's gradient, transformed by A: (16, run), zeros where no tile is."""

    __slots__ = ("halves", "memory", "o", "phases", "tiling", "y")

    def __init__(self, y: Array, tiling: Tiling, block: int, o: int) -> None:
        run = tiling.run(block, o)
        self.y, self.tiling, self.o = y, tiling, o
        self.phases = np.zeros((2, 2, run), y.dtype)
        self.halves = np.empty((4, 2, run), y.dtype)
        self.memory = np.empty(16 * run, y.dtype)

    def __call__(self, a: int, m: int) -> Array:
        tiling, y = self.tiling, self.y[a : a + m]
        run = tiling.run(m, self.o)
        for i in range(2):
            for j in range(2):
                part = _phase(y, i, j, tiling)
                _within(self.phases[i, j, :run].reshape(tiling.shape(m, self.o)), part, tiling)[...] = part
        g, d = self.phases[:, :, :run], self.halves[:, :, :run]
        d[0] = g[0]
        np.add(g[0], g[1], d[1])
        np.subtract(g[0], g[1], d[2])
        np.negative(g[1], d[3])
        w = self.memory[: 16 * run].reshape(4, 4, run)
        w[:, 0] = d[:, 0]
        np.add(d[:, 0], d[:, 1], w[:, 1])
        np.subtract(d[:, 0], d[:, 1], w[:, 2])
        np.negative(d[:, 1], w[:, 3])
        return self.memory[: 16 * run]


def _placed(phase: int, before: int, size: int) -> tuple[slice, slice]:
    """Which elements of an axis are in a phase of the padded axis, and where there."""
    first = (phase - before) % 2
    at = (first + before - phase) // 2
    return slice(first, None, 2), slice(at, at + len(range(first, size, 2)))
