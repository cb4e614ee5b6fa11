"""Where interpolation reads: for every element of the result the elements it is made of, and their weights.

The tables are made with NumPy on the host, as small as one axis is long, and in PyTorch's own steps, rounding included:
a place that falls on the border between two elements must fall to the same side.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

Table = tuple[np.ndarray, np.ndarray]  # places: (result, tap), int64; weights: (result, tap)

# a smooth kernel and half its width, in elements
_KEYS = {"bilinear": 1.0, "bicubic": 2.0, "lanczos": 3.0}


@lru_cache(64)
def nearest_places(n: int, m: int, scale: float | None, exact: bool) -> np.ndarray:
    """The element nearest to each of m places on n elements: (result,); `exact` takes the centres of elements."""
    k = np.arange(m)
    ratio = np.float32(1.0 / scale) if scale is not None and scale > 0 else np.float32(n) / np.float32(m)
    at = k.astype(np.float32)
    return np.minimum(np.floor((at + np.float32(0.5)) * ratio if exact else at * ratio).astype(np.int64), n - 1)


@lru_cache(64)
def linear_table(n: int, m: int, scale: float | None, align: bool, dtype: type) -> Table:
    """Two neighbours each, by their distance."""
    if n == m:
        k = np.arange(m)[:, None]
        return k, np.ones((m, 1), dtype)
    at = np.maximum(_sources(n, m, scale, align, dtype), dtype(0))
    low = np.minimum(np.floor(at).astype(np.int64), n - 1)
    part = np.clip(at - low.astype(dtype), 0, 1).astype(dtype)
    return np.stack([low, np.minimum(low + 1, n - 1)], 1), np.stack([1 - part, part], 1)


@lru_cache(64)
def cubic_table(n: int, m: int, scale: float | None, align: bool, dtype: type) -> Table:
    """Four neighbours each, by the cubic convolution kernel with a = -0.75; beyond the ends the last one is repeated.

    Source: Keys 1981, Cubic Convolution Interpolation for Digital Image Processing.
    """
    at = _sources(n, m, scale, align, dtype)
    low = np.minimum(np.floor(at).astype(np.int64), n - 1)
    t = np.clip(at - low.astype(dtype), 0, 1).astype(dtype)
    places = np.clip(low[:, None] + np.arange(-1, 3), 0, n - 1)
    return places, np.stack(cubic_weights(t), 1).astype(dtype)


def cubic_weights(t: Any, a: float = -0.75) -> list[Any]:
    """Keys' weights of the elements at -1, 0, 1 and 2, for a place at 0 <= t < 1. t: any namespace's array."""
    u = 1 - t
    far, near = 1 + t, 1 + u

    def outer(x: Any) -> Any:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    def inner(x: Any) -> Any:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    return [outer(far), inner(t), inner(u), outer(near)]


@lru_cache(64)
def smooth_table(n: int, m: int, scale: float | None, align: bool, mode: str, dtype: type) -> Table:
    """All elements under a kernel that is stretched when the result is smaller: antialiasing, as Pillow does it."""
    ratio = float(_ratio(n, m, scale, align, dtype))
    wide = max(ratio, 1.0)
    support = _KEYS[mode] * wide
    centre = ratio * (np.arange(m) + 0.5)
    first = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    count = np.minimum((centre + support + 0.5).astype(np.int64), n) - first
    taps = np.arange(max(int(count.max(initial=1)), 1))
    weights = _FILTERS[mode]((taps + first[:, None] - centre[:, None] + 0.5) / wide)
    weights = np.where(taps < count[:, None], weights, 0.0)
    total = weights.sum(1, keepdims=True)
    weights = weights / np.where(total == 0, 1.0, total)
    return np.minimum(first[:, None] + taps, n - 1), weights.astype(dtype)


@lru_cache(16)
def dense(kind: Callable[..., Table], *settings: object) -> np.ndarray:
    """A table as a matrix (result, element)."""
    places, weights = kind(*settings)
    n = settings[0]
    assert isinstance(n, int)
    matrix = np.zeros((len(places), n), weights.dtype)
    np.add.at(matrix, (np.arange(len(places))[:, None], places), weights)
    return matrix


def _ratio(n: int, m: int, scale: float | None, align: bool, dtype: type) -> np.ndarray:
    """How many elements one step of the result is."""
    if align:
        return dtype(n - 1) / dtype(m - 1) if m > 1 else dtype(0)
    return dtype(1.0 / scale) if scale is not None and scale > 0 else dtype(n) / dtype(m)


def _sources(n: int, m: int, scale: float | None, align: bool, dtype: type) -> np.ndarray:
    """Where the elements of the result lie among those of the input."""
    ratio = _ratio(n, m, scale, align, dtype)
    k: Any = np.arange(m).astype(dtype)
    return ratio * k if align else ratio * (k + dtype(0.5)) - dtype(0.5)


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(1.0 - np.abs(x), 0.0)


def _cubic(x: np.ndarray) -> np.ndarray:
    a, x = -0.5, np.abs(x)
    near = ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    far = (((x - 5.0) * x + 8.0) * x - 4.0) * a
    return np.where(x < 1.0, near, np.where(x < 2.0, far, 0.0))


def _lanczos(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 3.0, np.sinc(x) * np.sinc(x / 3.0), 0.0)


_FILTERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bilinear": _triangle,
    "bicubic": _cubic,
    "lanczos": _lanczos,
}


def output_size(n: int, scale: float) -> int:
    """The size of an axis of n elements enlarged by scale, rounded down."""
    return math.floor(n * scale)
