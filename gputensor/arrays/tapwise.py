"""Convolution and pooling tap by tap, out of the simplest words: for libraries that have no better, and for tests.

Every function takes the namespace whose word it is. A tap is one element of a window; what it sees of all windows is
one strided slice.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from gputensor.arrays.windows import Windows

Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

_BLOCK = 1 << 28  # bytes of the columns of one block of images

_FLOAT32 = np.dtype(np.float32)


class _Part:
    """Basic indexing in the form of a view primitive, as `view_put` takes it."""

    __slots__ = ("index",)

    def __init__(self, index: tuple[Any, ...]) -> None:
        self.index = index

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.getitem(x, self.index)


def conv(xp: Any, x: Any, w: Any, bias: Any, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Any:
    if _is_half(x):
        wide: list[Any] = [None if a is None else xp.astype(a, _FLOAT32) for a in (x, w, bias)]
        return xp.astype(conv(xp, wide[0], wide[1], wide[2], stride, padding, dilation, groups), x.dtype)
    out = _results(x.shape[2:], w.shape[2:], stride, padding, dilation)
    o, depth = w.shape[0], w.shape[1] * prod(w.shape[2:])
    matrix = xp.reshape(w, (groups, o // groups, depth))
    parts = []
    for part in _blocks(xp, x, prod(w.shape[2:]) * prod(out)):
        columns = _columns(xp, part, w.shape[2:], out, stride, padding, dilation, groups)
        parts.append(xp.reshape(xp.matmul(matrix, columns), (part.shape[0], o, *out)))
    result = parts[0] if len(parts) == 1 else xp.concat(parts, 0)
    return result if bias is None else result + xp.reshape(bias, (o, *[1] * len(out)))


def conv_transpose(
    xp: Any, y: Any, w: Any, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
) -> Any:
    if _is_half(y):
        wide: list[Any] = [xp.astype(a, _FLOAT32) for a in (y, w)]
        return xp.astype(conv_transpose(xp, wide[0], wide[1], size, stride, padding, dilation, groups), y.dtype)
    o, few, kernel, out = w.shape[0], w.shape[1], w.shape[2:], y.shape[2:]
    n, c = y.shape[0], few * groups
    matrix = xp.reshape(w, (groups, o // groups, few * prod(kernel)))
    columns = xp.matmul(xp.permute_dims(matrix, (0, 2, 1)), xp.reshape(y, (n, groups, o // groups, prod(out))))
    columns = xp.reshape(columns, (n, c, prod(kernel), *out))
    padded = tuple([k + before + after for k, (before, after) in zip(size, padding, strict=True)])
    image = xp.zeros_for(y, (n, c, *padded))
    for number, tap in enumerate(_slices(kernel, out, stride, dilation)):
        seen = xp.getitem(image, (slice(None), slice(None), *tap))
        xp.copy_into(seen, seen + xp.getitem(columns, (slice(None), slice(None), number)))
    inner = [slice(before, before + k) for k, (before, _) in zip(size, padding, strict=True)]
    return xp.copy(xp.getitem(image, (slice(None), slice(None), *inner)), "C")


def conv_weight(
    xp: Any, x: Any, y: Any, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
) -> Any:
    if _is_half(x):
        wide: list[Any] = [xp.astype(a, _FLOAT32) for a in (x, y)]
        return xp.astype(conv_weight(xp, wide[0], wide[1], kernel, stride, padding, dilation, groups), x.dtype)
    out, o, c = y.shape[2:], y.shape[1], x.shape[1]
    total = xp.zeros_for(x, (groups, o // groups, c // groups * prod(kernel)))
    start = 0
    for part in _blocks(xp, x, prod(kernel) * prod(out)):
        count = part.shape[0]
        columns = _columns(xp, part, kernel, out, stride, padding, dilation, groups)
        rows = xp.reshape(xp.getitem(y, (slice(start, start + count),)), (count, groups, o // groups, prod(out)))
        total = total + xp.sum(xp.matmul(rows, xp.permute_dims(columns, (0, 1, 3, 2))), (0,), False)
        start += count
    return xp.reshape(total, (o, c // groups, *kernel))


def max_pool(xp: Any, x: Any, windows: Windows) -> Any:
    out = xp.full((*x.shape[:2], *windows.count), least(x.dtype), x.dtype)
    for inside, elements in _taps(windows, x.shape[2:]):
        seen = xp.getitem(out, inside)
        xp.copy_into(seen, xp.maximum(seen, xp.getitem(x, elements)))
    return out


def max_pool_offsets(xp: Any, x: Any, windows: Windows) -> Any:
    shape = (*x.shape[:2], *windows.count)
    best = xp.full(shape, least(x.dtype), x.dtype)
    offsets = xp.full(shape, 0, windows.offset_dtype())
    begun = xp.full(shape, False, np.dtype(np.bool_))
    for number, (inside, elements) in _numbered_taps(windows, x.shape[2:]):
        seen, top, place, old = xp.getitem(x, elements), *[xp.getitem(a, inside) for a in (best, offsets, begun)]
        # the first element of a window, a larger one, or nan
        better = xp.logical_or(xp.logical_or(seen > top, seen != seen), xp.logical_not(old))
        xp.copy_into(top, xp.where(better, seen, top))
        xp.copy_into(place, xp.where(better, xp.full((), number, windows.offset_dtype()), place))
        xp.copy_into(old, xp.ones_like(old))
    return offsets


def window_take(xp: Any, x: Any, offsets: Any, windows: Windows) -> Any:
    out = xp.zeros_for(x, offsets.shape)
    for number, (inside, elements) in _numbered_taps(windows, x.shape[2:]):
        seen = xp.getitem(out, inside)
        xp.copy_into(seen, xp.where(xp.getitem(offsets, inside) == number, xp.getitem(x, elements), seen))
    return out


def window_put(xp: Any, g: Any, offsets: Any, size: Shape, windows: Windows) -> Any:
    wide = xp.astype(g, _FLOAT32) if _is_half(g) else g
    out = xp.zeros_for(wide, (*g.shape[:2], *size))
    zero = xp.zeros_for(wide, ())
    for number, (inside, elements) in _numbered_taps(windows, size):
        seen = xp.getitem(out, elements)
        xp.copy_into(seen, seen + xp.where(xp.getitem(offsets, inside) == number, xp.getitem(wide, inside), zero))
    return xp.astype(out, g.dtype) if wide is not g else out


def window_sum(xp: Any, x: Any, windows: Windows) -> Any:
    wide = xp.astype(x, _FLOAT32) if _is_half(x) else x
    out = xp.zeros_for(wide, (*x.shape[:2], *windows.count))
    for inside, elements in _taps(windows, x.shape[2:]):
        seen = xp.getitem(out, inside)
        xp.copy_into(seen, seen + xp.getitem(wide, elements))
    return xp.astype(out, x.dtype) if wide is not x else out


def window_spread(xp: Any, g: Any, size: Shape, windows: Windows) -> Any:
    wide = xp.astype(g, _FLOAT32) if _is_half(g) else g
    out = xp.zeros_for(wide, (*g.shape[:2], *size))
    for inside, elements in _taps(windows, size):
        seen = xp.getitem(out, elements)
        xp.copy_into(seen, seen + xp.getitem(wide, inside))
    return xp.astype(out, g.dtype) if wide is not g else out


def least(dtype: Any) -> Any:
    """What every element of this dtype is at least."""
    d = np.dtype(str(dtype).split(".")[-1]) if not isinstance(dtype, np.dtype) else dtype
    return float("-inf") if d.kind in "fV" else int(np.iinfo(d).min)


def _is_half(x: Any) -> bool:
    return getattr(x.dtype, "itemsize", 4) == 2 and x.dtype.kind in "fV"


def _results(size: Shape, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape) -> Shape:
    return tuple(
        [
            (n + before + after - d * (k - 1) - 1) // s + 1
            for n, k, s, (before, after), d in zip(size, kernel, stride, padding, dilation, strict=True)
        ]
    )


def _slices(kernel: Shape, out: Shape, stride: Shape, dilation: Shape) -> list[tuple[slice, ...]]:
    """What each tap sees of a padded image, in row-major order."""
    return [
        tuple([slice(k * d, k * d + (m - 1) * s + 1, s) for k, d, m, s in zip(tap, dilation, out, stride, strict=True)])
        for tap in product(*map(range, kernel))
    ]


def _columns(
    xp: Any, x: Any, kernel: Shape, out: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
) -> Any:
    """(image, group, channel * tap, place)."""
    n, c, *size = x.shape
    if any([max(pair) for pair in padding]):
        padded = tuple([k + before + after for k, (before, after) in zip(size, padding, strict=True)])
        inner = tuple([slice(before, before + k) for k, (before, _) in zip(size, padding, strict=True)])
        x = xp.view_put(x, (n, c, *padded), x.dtype, (_Part((slice(None), slice(None), *inner)),))
    taps = [xp.getitem(x, (slice(None), slice(None), *tap)) for tap in _slices(kernel, out, stride, dilation)]
    return xp.reshape(xp.stack(taps, 2), (n, groups, c // groups * len(taps), prod(out)))


def _blocks(xp: Any, x: Any, elements: int) -> list[Any]:
    """Parts of the batch whose columns, so many elements a channel, stay below the limit."""
    step = max(1, _BLOCK // max(x.shape[1] * elements * 8, 1))
    n = x.shape[0]
    return [x] if n <= step else [xp.getitem(x, (slice(k, k + step),)) for k in range(0, n, step)]


def _numbered_taps(windows: Windows, size: Shape) -> list[tuple[int, tuple[Any, Any]]]:
    """For each tap that exists, its number in row-major order, the windows that have it and the elements that it is."""
    found = []
    for number, place in enumerate(product(*map(range, windows.kernel))):
        pairs = [windows.seen(dim, tap, n) for dim, (tap, n) in enumerate(zip(place, size, strict=True))]
        known = [p for p in pairs if p is not None]
        if len(known) == len(pairs):
            found.append((number, ((..., *[p[0] for p in known]), (..., *[p[1] for p in known]))))
    return found


def _taps(windows: Windows, size: Shape) -> list[tuple[Any, Any]]:
    return [pair for _, pair in _numbered_taps(windows, size)]
