"""Reading and writing by flat places with standard words alone: equality with every place, and a choice.

Quadratic, which is fine for the sizes of tests. Places are host integers: they are no data of the computation.
"""

import math

import array_api_strict as std
import numpy as np


def flat_places(shape):
    return np.arange(math.prod(shape)).reshape(shape)


def gathered(x, places):
    flat = std.reshape(x, (-1,))
    if places.size == 0:
        return std.reshape(flat[:0], places.shape)
    return std.reshape(std.take(flat, std.asarray(places.reshape(-1)), axis=0), places.shape)


def written(x, places, values):
    """A copy of x with values at flat places; the last of several wins."""
    flat, values, hits = _prepared(x, places, values)
    if hits is None:
        return std.asarray(x, copy=True)
    order = std.expand_dims(std.arange(1, places.size + 1, dtype=std.int64), axis=(1,))
    last = std.max(std.where(hits, order, std.zeros_like(order)), axis=(0,))
    chosen = std.take(std.concat([flat[:1], values], axis=0), last, axis=0)
    return std.reshape(std.where(last > 0, chosen, flat), x.shape)


def added(x, places, values):
    """A copy of x with values added at flat places; repeated places add up."""
    flat, values, hits = _prepared(x, places, values)
    if hits is None:
        return std.asarray(x, copy=True)
    column = std.expand_dims(values, axis=(1,))
    if x.dtype == std.bool:
        return std.reshape(flat | std.any(hits & column, axis=(0,)), x.shape)
    parts = std.where(hits, column, std.zeros_like(column))
    return std.reshape(flat + std.sum(parts, axis=(0,), dtype=x.dtype), x.shape)


def _prepared(x, places, values):
    if not isinstance(values, type(x)):
        values = std.asarray(values, dtype=x.dtype)
    values = std.reshape(std.broadcast_to(std.astype(values, x.dtype), places.shape), (-1,))
    flat = std.reshape(x, (-1,))
    if places.size == 0:
        return flat, values, None
    column = std.expand_dims(std.asarray(places.reshape(-1)), axis=(1,))
    return flat, values, column == std.expand_dims(std.arange(math.prod(x.shape), dtype=std.int64), axis=(0,))
