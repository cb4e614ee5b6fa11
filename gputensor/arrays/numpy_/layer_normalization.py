"""Layer normalization over NumPy, block by block: each block's passes stay in the cache, halves of the rows on two
threads, sums over rows and columns as products with vectors.

The backward pass keeps the two statistics of each row alone, and moves x by its mean again.
"""

from typing import Any

import numpy as np

from gputensor.arrays.kernels import LAYER_NORM
from gputensor.arrays.numpy_.blocks import each_block, rows_of_a_block

Array = np.ndarray


def _fits(prim: Any, x: Array, weight: Array, bias: Array) -> bool:
    axes = prim.axes
    if x.dtype.kind != "f" or x.itemsize == 2 or not x.size or not x.flags.c_contiguous:
        return False
    if axes != tuple(range(x.ndim - len(axes), x.ndim)):
        return False
    inner = x.shape[axes[0] :]
    return weight.shape == inner and bias.shape == inner and weight.dtype is x.dtype and bias.dtype is x.dtype


def _forward(prim: Any, recorded: bool, x: Array, weight: Array, bias: Array) -> tuple[Array, Any]:
    width = weight.size
    flat = x.reshape(-1, width)
    w, b = weight.reshape(-1), bias.reshape(-1)
    rows = len(flat)
    out = np.empty_like(flat)
    mean, scale = np.empty((rows, 1), x.dtype), np.empty((rows, 1), x.dtype)
    share = np.full(width, 1 / width, x.dtype)

    def block(start: int, stop: int) -> None:
        part, made = flat[start:stop], out[start:stop]
        mean[start:stop, 0] = np.matmul(part, share)
        np.subtract(part, mean[start:stop], made)
        var = np.einsum("ij,ij->i", made, made)
        var /= width
        var += prim.eps
        np.sqrt(var, var)
        np.divide(1, var, scale[start:stop, 0])
        made *= scale[start:stop]
        made *= w
        made += b

    each_block(block, rows, width)
    return out.reshape(x.shape), (x, weight, mean, scale) if recorded else None


def _vjp(prim: Any, g: Array, residue: Any, edges: Any) -> list[Array | None]:
    x, weight, mean, scale = residue
    width = weight.size
    flat, given, w = x.reshape(-1, width), np.ascontiguousarray(g).reshape(-1, width), weight.reshape(-1)
    rows = len(flat)
    dx = np.empty_like(flat)
    ones = np.ones(min(rows, rows_of_a_block(rows, width)), x.dtype)
    parts: list[tuple[int, Array, Array]] = []

    def block(start: int, stop: int) -> None:
        part, up, made, s = flat[start:stop], given[start:stop], dx[start:stop], scale[start:stop, 0]
        centred = part - mean[start:stop]
        np.multiply(up, centred, made)
        parts.append((start, np.matmul(s, made), np.matmul(ones[: stop - start], up)))
        across = np.matmul(
            made, w
        )  # with the unit row: times s; moved along it: times s again, and times its own scale
        across *= s
        across *= s * s / width
        along = np.matmul(up, w)
        along *= s / width
        np.multiply(up, w, made)
        made *= s[:, None]
        centred *= across[:, None]
        centred += along[:, None]
        made -= centred

    each_block(block, rows, width)
    # in the order of the rows, whichever thread was first: the same bits in every run
    parts.sort(key=lambda part: part[0])
    dw = np.add.reduce(np.stack([part for _, part, _ in parts])).reshape(weight.shape)
    db = np.add.reduce(np.stack([part for _, _, part in parts])).reshape(weight.shape)
    return [dx.reshape(x.shape), dw, db]


LAYER_NORM["numpy"] = (_fits, _forward, _vjp)
