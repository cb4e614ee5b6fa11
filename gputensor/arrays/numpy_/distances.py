"""Distances over NumPy: column by column into blocks of the result that stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gputensor.arrays.kernels import DISTANCES

Array = np.ndarray
INF = float("inf")
CELLS = 2**15  # of the result worked on at once
FEW = 2**11  # results below which NumPy's calls cost more than their work


def _fits(prim: Any, x: Array, y: Array) -> bool:
    if x.dtype != y.dtype or x.dtype.kind != "f" or x.dtype.itemsize == 2:
        return False
    return bool(x.shape[-1]) and x.shape[-2] * y.shape[-2] >= FEW


def _forward(prim: Any, recorded: bool, x: Array, y: Array) -> tuple[Array, Any]:
    out = np.empty((*x.shape[:-1], y.shape[-2]), x.dtype)
    p = prim.p
    for a, b, total in zip(_columns(x), _columns(y), out.reshape(-1, *out.shape[-2:]), strict=True):
        for part, d in _blocks(total):
            found = total[part]
            for k, (u, v) in enumerate(zip(a, b, strict=True)):
                grown = d if k else found
                np.subtract(u[part, None], v, grown)
                _power(p, grown)
                if k:
                    (np.maximum if p == INF else np.add)(found, d, out=found)
            if p == 2:
                np.sqrt(found, found)
            elif p not in (0, 1, INF):
                np.power(found, found.dtype.type(1 / p), found)
    return out, (x, y, out) if recorded else None


def _power(p: float, d: Array) -> None:
    if p == 2:
        np.multiply(d, d, d)
        return
    if p == 0:
        missing = np.isnan(d)
        np.not_equal(d, 0, d, casting="unsafe")
        np.copyto(d, np.nan, where=missing)
        return
    np.abs(d, d)
    if p not in (1, INF):
        np.power(d, d.dtype.type(p), d)


def _vjp(prim: Any, g: Array, residue: Any, edges: Any) -> tuple[Array | None, Array | None]:
    x, y, out = residue
    p, r = prim.p, y.shape[-2]
    dx, dy = np.zeros((*x.shape[:-2], *x.shape[:-3:-1]), x.dtype), np.zeros((*y.shape[:-2], *y.shape[:-3:-1]), y.dtype)
    if p == 0:
        return dx.swapaxes(-1, -2), dy.swapaxes(-1, -2)
    ones = np.ones(max(CELLS // r + 1, r), x.dtype)
    flat = [array.reshape(-1, *array.shape[-2:]) for array in (np.broadcast_to(g, out.shape), out, dx, dy)]
    for a, b, seed, size, ga, gb in zip(_columns(x), _columns(y), *flat, strict=True):
        for part, d in _blocks(size):
            share = _share(p, seed[part], size[part])
            height = len(d)
            for k, (u, v) in enumerate(zip(a, b, strict=True)):
                np.subtract(u[part, None], v, d)
                if p == 1:
                    np.sign(d, d)
                elif p == INF:
                    np.multiply(np.sign(d), np.abs(d) == size[part], d)
                elif p != 2:
                    sign = np.sign(d)
                    # the ratio to the distance first: neither power can overflow
                    np.divide(np.abs(d, d), size[part], d, where=d != 0)
                    np.power(d, d.dtype.type(p - 1), d, where=d != 0)
                    np.multiply(d, sign, d)
                np.multiply(d, share, d)
                if edges[0] is not None:
                    ga[k, part] = d @ ones[:r]
                if edges[1] is not None:
                    gb[k] -= ones[:height] @ d
    return dx.swapaxes(-1, -2) if edges[0] is not None else None, dy.swapaxes(-1, -2) if edges[1] is not None else None


def _share(p: float, g: Array, out: Array) -> Array:
    """What the differences are multiplied by, beside powers of their ratio to the distance; 0 where that is 0."""
    if p != 2:
        return g
    zero = out == 0
    return np.where(zero, 0, g / (out + zero))


def _columns(x: Array) -> Array:
    """(..., rows, width) as (batch, width, rows), each column contiguous."""
    return np.ascontiguousarray(x.swapaxes(-1, -2)).reshape(-1, x.shape[-1], x.shape[-2])


def _blocks(total: Array) -> Iterator[tuple[slice, Array]]:
    """Blocks of rows, each with as much memory to work in."""
    rows, width = total.shape
    step = max(CELLS // width, 1)
    memory = np.empty((min(step, rows), width), total.dtype)
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        yield slice(start, stop), memory[: stop - start]


DISTANCES["numpy"] = (_fits, _forward, _vjp)
