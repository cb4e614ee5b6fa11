"""Pooling over NumPy where the windows are few and large: one window after the other, instead of one tap.

Arrays are blocks as in `pooling`: (plane, *size) or (image, *size, channel), the spatial dims from 1 on.
"""

from itertools import product
from math import prod
from typing import Any

import numpy as np

from gputensor.arrays.windows import Windows

Array = np.ndarray
Shape = tuple[int, ...]

TAPS = 64  # so many steps tap by tap cost nothing


def few(windows: Windows) -> bool:
    """Whether there are fewer windows than taps, which are worked on dim by dim."""
    return sum(windows.kernel) > max(TAPS, prod(windows.count))


def maximum_of_each(part: Array, windows: Windows, out: Array, least: Any) -> None:
    """The maximum of each window into out."""
    axes = tuple(range(1, 1 + len(windows.kernel)))
    for place, elements, _ in _each(windows, part.shape[1:]):
        out[place] = np.max(part[elements], axes, initial=least)


def offsets_of_each(part: Array, windows: Windows, out: Array) -> None:
    """Which tap of each window is its maximum: the first of several, the last NaN."""
    for place, elements, first in _each(windows, part.shape[1:]):
        seen = part[elements]
        shape = seen.shape[1 : 1 + len(windows.kernel)]
        flat = seen.reshape(len(seen), prod(shape), *seen.shape[1 + len(shape) :])
        if not flat.shape[1]:
            out[place] = 0
            continue
        found = np.argmax(flat, 1)
        if flat.dtype.kind == "f":
            missing = np.isnan(flat)
            if missing.any():
                last = flat.shape[1] - 1 - np.argmax(missing[:, ::-1], 1)
                found = np.where(missing.any(1), last, found)
        total: Any = 0
        for tap, begin, kernel in zip(np.unravel_index(found, shape), first, windows.kernel, strict=True):
            total = total * kernel + tap + begin
        out[place] = total


def sum_of_each(part: Array, windows: Windows, out: Array) -> None:
    """The sum of each window into out."""
    axes = tuple(range(1, 1 + len(windows.kernel)))
    for place, elements, _ in _each(windows, part.shape[1:]):
        out[place] = np.add.reduce(part[elements], axes)


def spread_of_each(part: Array, windows: Windows, out: Array) -> None:
    """The transpose of `sum_of_each`: out is overwritten."""
    dims = len(windows.kernel)
    out[...] = 0
    for place, elements, _ in _each(windows, out.shape[1:]):
        g = part[place]
        out[elements] += g.reshape(len(g), *[1] * dims, *g.shape[1:])


def places_of(offsets: Array, windows: Windows, size: Shape) -> tuple[tuple[Array, ...], Array]:
    """The element that each offset names, by its place in every spatial dim, and whether it exists.

    offsets: (…, *count).
    """
    dims = len(size)
    taps = np.unravel_index(offsets.astype(np.int64), windows.kernel)
    found, exists = [], np.ones(offsets.shape, np.bool_)
    for dim, (tap, n) in enumerate(zip(taps, size, strict=True)):
        begin = np.arange(windows.count[dim]) * windows.stride[dim] - windows.padding[dim]
        at = tap * windows.dilation[dim] + begin.reshape(-1, *[1] * (dims - 1 - dim))
        exists &= (at >= 0) & (at < n)
        found.append(at)
    return tuple(found), exists


def _each(windows: Windows, size: Shape) -> Any:
    """For each window its place in the result, the elements it holds, and the number of its first tap in every dim."""
    spans = []
    for dim, (kernel, count) in enumerate(zip(windows.kernel, windows.count, strict=True)):
        step, found = windows.dilation[dim], []
        for k in range(count):
            begin = k * windows.stride[dim] - windows.padding[dim]
            first = max(0, -(begin // step))
            last = min(kernel - 1, (size[dim] - 1 - begin) // step)
            start = begin + first * step
            found.append((k, slice(start, max(start, begin + last * step + 1), step), first))
        spans.append(found)
    for chosen in product(*spans):
        yield (
            (slice(None), *[k for k, _, _ in chosen]),
            (slice(None), *[s for _, s, _ in chosen]),
            tuple([f for _, _, f in chosen]),
        )
