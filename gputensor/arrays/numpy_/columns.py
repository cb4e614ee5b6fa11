"""Convolution as matrix products over NumPy: the windows of a block of images become the columns (or rows) of a matrix.

Two layouts: channels first, (image, channel, place…), and channels last, (image, place…, channel). The matrix of a
block stays small enough for the cache, whatever the size of the images: it is never the matrix of the whole batch.
"""

from functools import lru_cache
from math import prod

import numpy as np

from gputensor.arrays.numpy_.images import over_images, summed

Array = np.ndarray
Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

BLOCK = 1 << 21  # bytes of one block's matrix: enough work for one product, and still near the cores


class Geometry:
    """Sizes and steps of one convolution, in elements; computed once for each set of shapes.

    ``places`` are the places of the windows as the matrix has them: the shape of the result, or, where windows move in
    steps of one, one long run over the padded rows, so that a column is a single contiguous piece of memory (a few
    places of the run belong to no window).
    """

    __slots__ = (
        "block", "chunks", "flat", "inner", "kernel", "offsets", "out", "padded", "place_steps", "places", "plane",
        "taps", "unit", "window_steps",
    )  # fmt: skip

    def __init__(
        self,
        size: Shape,
        channels: int,
        kernel: Shape,
        stride: Shape,
        padding: Pads,
        dilation: Shape,
        itemsize: int,
        last: bool,
    ) -> None:
        self.kernel = kernel
        self.padded = tuple([n + before + after for n, (before, after) in zip(size, padding, strict=True)])
        self.inner = tuple([slice(before, before + n) for n, (before, _) in zip(size, padding, strict=True)])
        self.out = tuple(
            [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(self.padded, kernel, stride, dilation, strict=True)]
        )
        cell = channels if last else 1
        rows = [cell * prod(self.padded[k + 1 :]) for k in range(len(size))]
        self.plane = prod(self.padded)
        self.taps = prod(kernel)
        self.window_steps = tuple([d * r for d, r in zip(dilation, rows, strict=True)])
        self.offsets = [
            sum(k * s for k, s in zip(place, self.window_steps, strict=True)) for place in np.ndindex(*kernel)
        ]
        run = sum((n - 1) * r for n, r in zip(self.out, rows, strict=True)) + 1
        count = prod(self.out)
        self.flat = not last and len(size) > 1 and count != run and max(stride) == 1 and run <= 1.3 * count
        self.places = (run,) if self.flat else self.out
        self.place_steps = (1,) if self.flat else tuple([s * r for s, r in zip(stride, rows, strict=True)])
        # a block: several images, or a part of one
        self.unit = prod(self.places[1:])
        line = channels * self.taps * self.unit * itemsize
        lines = self.places[0]
        self.block = max(1, BLOCK // max(line * lines, 1))
        step = max(1, min(lines, BLOCK // max(line, 1)))
        self.chunks = [(k, min(k + step, lines)) for k in range(0, lines, step)]


@lru_cache(1024)
def geometry(
    size: Shape, channels: int, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, itemsize: int, last: bool
) -> Geometry:
    return Geometry(size, channels, kernel, stride, padding, dilation, itemsize, last)


def strided(memory: Array, offset: int, shape: Shape, steps: Shape) -> Array:
    """A view of contiguous memory; offset and steps in elements."""
    size = memory.itemsize
    return np.ndarray(shape, memory.dtype, memory, offset * size, tuple([s * size for s in steps]))


def blocks(count: int, block: int) -> list[tuple[int, int]]:
    return [(a, min(a + block, count)) for a in range(0, count, block)]


class _Images:
    """Blocks of images with zeros around them; the images' own memory where there is nothing to pad."""

    __slots__ = ("inner", "scratch", "x")

    def __init__(self, x: Array, p: Geometry, last: bool, block: int) -> None:
        self.scratch = None
        self.x = x
        size = x.shape[1:-1] if last else x.shape[2:]
        if size != p.padded:
            shape = (
                (min(block, x.shape[0]), *p.padded, x.shape[-1])
                if last
                else (min(block, x.shape[0]), x.shape[1], *p.padded)
            )
            self.scratch = np.zeros(shape, x.dtype)
            self.inner = (slice(None), *p.inner) if last else (slice(None), slice(None), *p.inner)
        elif not x.flags.c_contiguous:
            self.x = np.ascontiguousarray(x)

    def __call__(self, a: int, b: int) -> Array:
        if self.scratch is None:
            return self.x[a:b]
        image = self.scratch[: b - a]
        image[self.inner] = self.x[a:b]
        return image


# ---------------------------------------------------------------- channels first


def _first_columns(image: Array, p: Geometry, groups: int, start: int, stop: int, buffer: Array) -> Array:
    """Windows start to stop of a block: (group, channel * tap, image * place)."""
    m, c = image.shape[:2]
    view = strided(
        image,
        start * p.place_steps[0],
        (c, *p.kernel, m, stop - start, *p.places[1:]),
        (p.plane, *p.window_steps, c * p.plane, *p.place_steps),
    )
    columns = buffer[: view.size].reshape(view.shape)
    columns[...] = view
    return columns.reshape(groups, c // groups * p.taps, m * (stop - start) * p.unit)


def cropped(run: Array, p: Geometry) -> Array:
    """The places of contiguous runs that belong to windows: (…, run) -> (…, *out), a view."""
    leading = run.shape[:-1]
    length = run.shape[-1]
    steps = [length * prod(leading[k + 1 :]) for k in range(len(leading))]
    rows = [prod(p.padded[k + 1 :]) for k in range(len(p.padded))]
    return strided(run, 0, (*leading, *p.out), (*steps, *rows))


def _part(p: Geometry, chunk: tuple[int, int]) -> slice:
    """The columns of a chunk among those of its block: all of them, or some of a single image's."""
    return slice(None) if len(p.chunks) == 1 else slice(chunk[0] * p.unit, chunk[1] * p.unit)


def _buffer(x: Array, p: Geometry, block: int, depth: int) -> Array:
    return np.empty(block * depth * max([t - s for s, t in p.chunks]) * p.unit, x.dtype)


def conv_first(x: Array, w: Array, bias: Array | None, p: Geometry, groups: int) -> Array:
    out = np.empty((x.shape[0], w.shape[0], *p.out), x.dtype)
    if out.size:
        over_images(
            lambda start, stop: _conv_first(x[start:stop], w, bias, p, groups, out[start:stop]),
            len(x),
            out.size * w[0].size,
        )
    return out


def _conv_first(x: Array, w: Array, bias: Array | None, p: Geometry, groups: int, out: Array) -> None:
    n, o = x.shape[0], w.shape[0]
    block, count = min(p.block, n), p.places[0] * p.unit
    matrix = w.reshape(groups, o // groups, -1)
    images = _Images(x, p, False, block)
    buffer = _buffer(x, p, block, x.shape[1] * p.taps)
    products = np.empty(o * block * count, x.dtype)
    lift = None if bias is None else bias.reshape(-1, *[1] * len(p.out))
    for a, b in blocks(n, block):
        image = images(a, b)
        product = products[: o * (b - a) * count].reshape(groups, o // groups, (b - a) * count)
        for chunk in p.chunks:
            columns = _first_columns(image, p, groups, *chunk, buffer)
            np.matmul(matrix, columns, out=product[..., _part(p, chunk)])
        run = product.reshape(o, b - a, count)
        seen = (cropped(run, p) if p.flat else run.reshape(o, b - a, *p.out)).swapaxes(0, 1)
        if lift is None:
            out[a:b] = seen
        else:
            np.add(seen, lift, out=out[a:b])


def conv_transpose_first(y: Array, w: Array, size: Shape, p: Geometry, groups: int) -> Array:
    out = np.empty((y.shape[0], w.shape[1] * groups, *size), y.dtype)
    if out.size:
        over_images(
            lambda start, stop: _conv_transpose_first(y[start:stop], w, size, p, groups, out[start:stop]),
            len(y),
            y.size * w[0].size,
        )
    return out


def _conv_transpose_first(y: Array, w: Array, size: Shape, p: Geometry, groups: int, out: Array) -> None:
    n, o, few = y.shape[0], w.shape[0], w.shape[1]
    c = few * groups
    block = min(p.block, n)
    # taps before channels: what one tap adds is then contiguous
    matrix = np.ascontiguousarray(w.reshape(groups, o // groups, few, p.taps).transpose(0, 3, 2, 1))
    matrix = matrix.reshape(groups, p.taps * few, o // groups)
    spread = _Spread(y, p, block, groups)
    padded = size != p.padded
    image = np.empty((block, c, *p.padded), y.dtype) if padded else out
    steps = (few * p.plane, p.plane, c * p.plane, *p.place_steps)
    for a, b in blocks(n, block):
        part = image[: b - a] if padded else out[a:b]
        part[...] = 0
        rows = spread(a, b)
        for s, t in p.chunks:
            shape = (groups, few, b - a, t - s, *p.places[1:])
            columns = np.matmul(matrix, rows[..., _part(p, (s, t))]).reshape(groups, p.taps, *shape[1:])
            for k, offset in enumerate(p.offsets):
                seen = strided(part, offset + s * p.place_steps[0], shape, steps)
                seen += columns[:, k]
        if padded:
            out[a:b] = part[(slice(None), slice(None), *p.inner)]


def conv_weight_first(x: Array, y: Array, p: Geometry, groups: int) -> Array:
    o, c = y.shape[1], x.shape[1]
    total = summed(
        lambda start, stop: _conv_weight_first(x[start:stop], y[start:stop], p, groups),
        len(y),
        y.size * (c // groups) * p.taps,
    )
    return total.reshape(o, c // groups, *p.kernel)


def _conv_weight_first(x: Array, y: Array, p: Geometry, groups: int) -> Array:
    n, o = y.shape[:2]
    c = x.shape[1]
    total = np.zeros((groups, o // groups, c // groups * p.taps), x.dtype)
    if x.size and y.size:
        block = min(p.block, n)
        images = _Images(x, p, False, block)
        spread = _Spread(y, p, block, groups)
        buffer = _buffer(x, p, block, c * p.taps)
        for a, b in blocks(n, block):
            image, rows = images(a, b), spread(a, b)
            for chunk in p.chunks:
                columns = _first_columns(image, p, groups, *chunk, buffer)
                total += np.matmul(rows[..., _part(p, chunk)], columns.swapaxes(1, 2))
    return total


class _Spread:
    """Blocks of y as the matrix has its places: (group, out, image * place), zeros where no window is."""

    __slots__ = ("groups", "memory", "p", "y")

    def __init__(self, y: Array, p: Geometry, block: int, groups: int) -> None:
        self.y, self.p, self.groups = y, p, groups
        # every run of places has the same gaps, so that they stay zero whatever the number of images
        self.memory = np.zeros(block * y.shape[1] * p.places[0] * p.unit, y.dtype)

    def __call__(self, a: int, b: int) -> Array:
        p, o = self.p, self.y.shape[1]
        count = p.places[0] * p.unit
        run = self.memory[: (b - a) * o * count].reshape(o, b - a, count)
        seen = cropped(run, p) if p.flat else run.reshape(o, b - a, *p.out)
        seen[...] = self.y[a:b].swapaxes(0, 1)
        return run.reshape(self.groups, o // self.groups, (b - a) * count)


# ---------------------------------------------------------------- channels last, one group


def _last_rows(image: Array, p: Geometry, start: int, stop: int, buffer: Array) -> Array:
    """Windows start to stop of a block: (image * place, tap * channel)."""
    m, c = image.shape[0], image.shape[-1]
    places = (stop - start, *p.places[1:])
    view = strided(
        image,
        start * p.place_steps[0],
        (m, *places, *p.kernel, c),
        (c * p.plane, *p.place_steps, *p.window_steps, 1),
    )
    rows = buffer[: view.size].reshape(view.shape)
    rows[...] = view
    return rows.reshape(-1, p.taps * c)


def _last_matrix(w: Array) -> Array:
    """(out, channel, *tap) -> (tap * channel, out)."""
    return np.ascontiguousarray(w.transpose(*range(2, w.ndim), 1, 0)).reshape(-1, w.shape[0])


def conv_last(x: Array, w: Array, bias: Array | None, p: Geometry) -> Array:
    out = np.empty((x.shape[0], *p.out, w.shape[0]), x.dtype)
    if out.size:
        matrix = _last_matrix(w)
        over_images(
            lambda start, stop: _conv_last(x[start:stop], matrix, bias, p, out[start:stop]),
            len(x),
            out.size * len(matrix),
        )
    return out


def _conv_last(x: Array, matrix: Array, bias: Array | None, p: Geometry, out: Array) -> None:
    n, o = x.shape[0], matrix.shape[1]
    images = _Images(x, p, True, p.block)
    widest = max([t - s for s, t in p.chunks]) * p.unit
    buffer = np.empty(min(p.block, n) * matrix.shape[0] * widest, x.dtype)
    for a, b in blocks(n, p.block):
        image = images(a, b)
        for s, t in p.chunks:
            rows = _last_rows(image, p, s, t, buffer)
            # one image, or all chunks: either way the target is contiguous
            target = out[a:b, s:t].reshape(-1, o)
            np.matmul(rows, matrix, out=target)
            if bias is not None:
                target += bias


def conv_transpose_last(y: Array, w: Array, size: Shape, p: Geometry) -> Array:
    out = np.empty((y.shape[0], *size, w.shape[1]), y.dtype)
    if out.size:
        matrix = _last_matrix(w).T
        over_images(
            lambda start, stop: _conv_transpose_last(y[start:stop], matrix, size, p, out[start:stop]),
            len(y),
            y.size * matrix.shape[1],
        )
    return out


def _conv_transpose_last(y: Array, matrix: Array, size: Shape, p: Geometry, out: Array) -> None:
    n, o, c = y.shape[0], y.shape[-1], out.shape[-1]
    padded = size != p.padded
    image = np.empty((min(p.block, n), *p.padded, c), y.dtype) if padded else out
    for a, b in blocks(n, p.block):
        part = image[: b - a] if padded else out[a:b]
        part[...] = 0
        for s, t in p.chunks:
            rows = np.matmul(y[a:b, s:t].reshape(-1, o), matrix)
            rows = rows.reshape(b - a, t - s, *p.places[1:], p.taps, c)
            for k, offset in enumerate(p.offsets):
                seen = strided(
                    part,
                    offset + s * p.place_steps[0],
                    (b - a, t - s, *p.places[1:], c),
                    (c * p.plane, *p.place_steps, 1),
                )
                seen += rows[..., k, :]
        if padded:
            out[a:b] = part[(slice(None), *p.inner)]


def conv_weight_last(x: Array, y: Array, p: Geometry) -> Array:
    o, c = y.shape[-1], x.shape[-1]
    total = summed(lambda start, stop: _conv_weight_last(x[start:stop], y[start:stop], p), len(y), y.size * c * p.taps)
    kernel = total.reshape(*p.kernel, c, o)
    return np.ascontiguousarray(kernel.transpose(-1, -2, *range(len(p.kernel))))


def _conv_weight_last(x: Array, y: Array, p: Geometry) -> Array:
    n, o, c = y.shape[0], y.shape[-1], x.shape[-1]
    total = np.zeros((p.taps * c, o), x.dtype)
    if x.size and y.size:
        images = _Images(x, p, True, p.block)
        widest = max([t - s for s, t in p.chunks]) * p.unit
        buffer = np.empty(min(p.block, n) * p.taps * c * widest, x.dtype)
        for a, b in blocks(n, p.block):
            image = images(a, b)
            for s, t in p.chunks:
                rows = _last_rows(image, p, s, t, buffer)
                total += np.matmul(rows.T, y[a:b, s:t].reshape(-1, o))
    return total
