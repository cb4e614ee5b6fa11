"""Pooling over NumPy, one dim and one tap after the other: every step is a whole-array operation on shifted slices.

x: (image, channel, *size) with results (image, channel, *count), channels-last in memory where x is. The work is done
in blocks that stay in the cache, over (plane, *size) or, channels last, (image, *size, channel). Few large windows are
taken one by one instead.
"""

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

import numpy as np

from gputensor.arrays.numpy_.channels import from_last, is_last, to_last
from gputensor.arrays.numpy_.few_windows import (
    few,
    maximum_of_each,
    offsets_of_each,
    places_of,
    spread_of_each,
    sum_of_each,
)
from gputensor.arrays.windows import Windows

Array = np.ndarray
Shape = tuple[int, ...]

_BLOCK = 1 << 19  # bytes of the input of one block


def max_pool(x: Array, windows: Windows) -> Array:
    """The maximum of each window; NaN where it holds one. A window without elements gives the dtype's least value."""
    return _blockwise(x, x.dtype, lambda part, out: _maximum(part, windows, out), windows.count)


def max_pool_offsets(x: Array, windows: Windows) -> Array:
    """Which tap of each window, counted in row-major order, is its maximum: the first of several, the last NaN."""
    return _blockwise(x, windows.offset_dtype(), lambda part, out: _offsets(part, windows, out), windows.count)


def window_take(x: Array, offsets: Array, windows: Windows) -> Array:
    """The element of each window that `offsets` names; 0 where it does not exist."""
    out = np.zeros(offsets.shape, x.dtype)
    if few(windows):
        at, exists = places_of(offsets, windows, x.shape[2:])
        where = np.nonzero(exists)
        out[where] = x[(*where[:2], *[a[where] for a in at])]
        return out
    for number, (inside, elements) in enumerate(_taps(windows, x.shape[2:])):
        if inside is not None:
            chosen = (..., *inside)
            np.copyto(out[chosen], x[(..., *elements)], where=offsets[chosen] == number)
    return out


def window_put(g: Array, offsets: Array, size: Shape, windows: Windows) -> Array:
    """g added, in zeros of spatial shape `size`, to the element of each window that `offsets` names: the transpose of
    `window_take`."""
    if _half(g):
        return window_put(g.astype(np.float32), offsets, size, windows).astype(g.dtype)
    if few(windows):
        at, exists = places_of(offsets, windows, size)
        where = np.nonzero(exists)
        whole = np.zeros((*g.shape[:2], *size), g.dtype)
        np.add.at(whole, (*where[:2], *[a[where] for a in at]), g[where])
        return whole
    taps = list(_taps(windows, size))
    alone = windows.disjoint()

    def spread(part: Array, chosen: Array, out: Array) -> None:
        bits = part.view(f"i{part.itemsize}")
        out[...] = 0
        for number, (inside, elements) in enumerate(taps):
            if inside is None:
                continue
            # the bits of g or of 0: a product with 0 or 1 would turn an infinite g into nan elsewhere
            keep = np.negative((chosen[(slice(None), *inside)] == number).view(np.int8)).astype(bits.dtype)
            keep &= bits[(slice(None), *inside)]
            target = out[(slice(None), *elements)]
            if alone:
                target[...] = keep.view(part.dtype)
            else:
                target += keep.view(part.dtype)

    return _blockwise(g, g.dtype, spread, size, offsets)


def window_sum(x: Array, windows: Windows) -> Array:
    """The sum of each window."""

    def add(part: Array, out: Array) -> None:
        if few(windows):
            return sum_of_each(part, windows, out)
        dims = len(windows.kernel)
        for dim in range(dims):
            target = out if dim == dims - 1 else np.empty(_resized(part.shape, dim, windows.count[dim]), part.dtype)
            target[...] = 0
            for tap in range(windows.kernel[dim]):
                seen = windows.seen(dim, tap, part.shape[1 + dim])
                if seen is not None:
                    before = (slice(None),) * (1 + dim)
                    target[(*before, seen[0])] += part[(*before, seen[1])]
            part = target

    if _half(x):
        return window_sum(x.astype(np.float32), windows).astype(x.dtype)
    return _blockwise(x, x.dtype, add, windows.count)


def window_spread(g: Array, size: Shape, windows: Windows) -> Array:
    """g added, in zeros of spatial shape `size`, to every element of its window: the transpose of `window_sum`."""

    def spread(part: Array, out: Array) -> None:
        if few(windows):
            return spread_of_each(part, windows, out)
        dims = len(windows.kernel)
        for dim in range(dims - 1, -1, -1):
            target = np.empty(_resized(part.shape, dim, size[dim]), part.dtype) if dim else out
            target[...] = 0
            for tap in range(windows.kernel[dim]):
                seen = windows.seen(dim, tap, size[dim])
                if seen is not None:
                    before = (slice(None),) * (1 + dim)
                    target[(*before, seen[1])] += part[(*before, seen[0])]
            part = target

    if _half(g):
        return window_spread(g.astype(np.float32), size, windows).astype(g.dtype)
    return _blockwise(g, g.dtype, spread, size)


def _blockwise(x: Array, dtype: np.dtype, work: Callable[..., None], size: Shape, beside: Array | None = None) -> Array:
    """work(block of x, [block of beside,] block of the result) for all blocks; the result has spatial shape `size`."""
    last = is_last(x)
    n, c = x.shape[:2]
    if last:
        arrays = [np.ascontiguousarray(to_last(a)) for a in (x, beside) if a is not None]
        out = np.empty((n, *size, c), dtype)
        flat = out
    else:
        arrays = [np.ascontiguousarray(a).reshape(n * c, *a.shape[2:]) for a in (x, beside) if a is not None]
        out = np.empty((n, c, *size), dtype)
        flat = out.reshape(n * c, *size)
    if out.size:
        each = max(prod(flat.shape[1:]), prod(arrays[0].shape[1:]), 1) * x.itemsize
        step = max(1, _BLOCK // each)
        for a in range(0, len(flat), step):
            work(*[array[a : a + step] for array in arrays], flat[a : a + step])
    return from_last(out) if last else out


def _maximum(part: Array, windows: Windows, out: Array) -> None:
    dims = len(windows.kernel)
    wide = part.astype(np.float32) if _half(part) else part
    if few(windows):
        return maximum_of_each(wide, windows, out, _least(wide.dtype))
    for dim in range(dims):
        target = np.empty(_resized(wide.shape, dim, windows.count[dim]), wide.dtype)
        before = (slice(None),) * (1 + dim)
        taps = [windows.seen(dim, tap, wide.shape[1 + dim]) for tap in range(windows.kernel[dim])]
        pairs = [s for s in taps if s is not None]
        # begin with a tap that all windows have, if there is one
        whole = [s for s in pairs if s[0] == slice(0, windows.count[dim])]
        if len(whole) > 1:
            np.maximum(wide[(*before, whole[0][1])], wide[(*before, whole[1][1])], out=target)
            pairs = [s for s in pairs if s is not whole[0] and s is not whole[1]]
        elif whole:
            target[...] = wide[(*before, whole[0][1])]
            pairs.remove(whole[0])
        else:
            target[...] = _least(wide.dtype)
        for inside, elements in pairs:
            seen = target[(*before, inside)]
            np.maximum(seen, wide[(*before, elements)], out=seen)
        wide = target
    out[...] = wide


def _offsets(part: Array, windows: Windows, out: Array) -> None:
    wide = part.astype(np.float32) if _half(part) else part
    if few(windows):
        return offsets_of_each(wide, windows, out)
    missing = wide.dtype.kind == "f" and bool(np.isnan(np.max(wide, initial=-np.inf)))
    dims = len(windows.kernel)
    inner: Any = None  # the offset inside the dims done so far
    unit = 1
    # the last dim first: of equal maxima the first in row-major order is wanted
    for dim in range(dims - 1, -1, -1):
        shape = _resized(wide.shape, dim, windows.count[dim])
        before = (slice(None),) * (1 + dim)
        best = np.full(shape, _least(wide.dtype))
        offset = np.zeros(shape, out.dtype)
        reached = windows.count[dim]  # windows from here on had a tap already
        for tap in range(windows.kernel[dim]):
            pair = windows.seen(dim, tap, wide.shape[1 + dim])
            if pair is None:
                continue
            inside, elements = (*before, pair[0]), (*before, pair[1])
            seen, top, place = wide[elements], best[inside], offset[inside]
            better = seen > top
            if missing:
                better |= seen != seen
            # the first tap of a window is its maximum so far, be it the least value there is
            better[(*before, slice(0, max(0, reached - pair[0].start)))] = True
            reached = min(reached, pair[0].start)
            np.maximum(top, seen, out=top)
            # later taps have larger offsets, so the maximum of the offsets is that of the last better one
            here = np.multiply(better.view(np.uint8), out.dtype.type(tap * unit), dtype=out.dtype)
            if inner is not None:
                here += np.multiply(better.view(np.uint8), inner[elements], dtype=out.dtype)
            np.maximum(place, here, out=place)
        wide, inner = best, offset
        unit *= windows.kernel[dim]
    out[...] = inner


def _taps(windows: Windows, size: Shape) -> Any:
    """For each tap in row-major order: the windows that have it and the elements that it is; (None, None) if there are
    none."""
    for place in product(*map(range, windows.kernel)):
        pairs = [windows.seen(dim, tap, n) for dim, (tap, n) in enumerate(zip(place, size, strict=True))]
        if any([s is None for s in pairs]):
            yield None, None
        else:
            yield tuple([s[0] for s in pairs if s]), tuple([s[1] for s in pairs if s])


def _resized(shape: Shape, dim: int, size: int) -> Shape:
    return (*shape[: 1 + dim], size, *shape[2 + dim :])


def _least(dtype: np.dtype) -> Any:
    return dtype.type(-np.inf) if dtype.kind == "f" else dtype.type(0) if dtype.kind == "b" else np.iinfo(dtype).min


def _half(x: Array) -> bool:
    return x.dtype.itemsize == 2 and x.dtype.kind in "fV"
