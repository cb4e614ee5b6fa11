"""Softmax over NumPy along the last axis, block by block, in one array.

exp(x) cannot overflow where a row's sum of squares is small: then softmax neither looks for the maximum nor subtracts
it. The sum of squares costs one pass over numbers that the exponential reads next; NaN and infinity fail the
comparison. Logarithms are always of shifted rows: x - log(sum(exp(x))) would lose digits where x is large.
"""

from typing import Any

import numpy as np

from gputensor.arrays.kernels import LOG_SOFTMAX, SOFTMAX
from gputensor.arrays.numpy_.blocks import each_block

Array = np.ndarray

# |x| < 77.5 in every place: exp stays within float32 and above its smallest normal number, sums included
_SAFE = 6000.0


def _fits(prim: Any, x: Array) -> bool:
    return (
        x.dtype.kind == "f"
        and x.itemsize > 2
        and x.size > 0
        and x.ndim > 0
        and prim.axes in ((x.ndim - 1,), (-1,))
        and x.flags.c_contiguous
    )


def _exp(x: Array, out: Array) -> None:
    """exp of each row into `out`, up to a factor of its own. x, out: (row, column)."""
    if np.einsum("ij,ij->i", x, x).max() < _SAFE:
        np.exp(x, out)
        return
    np.subtract(x, np.maximum.reduce(x, 1, keepdims=True), out)
    np.exp(out, out)


def _softmax(prim: Any, recorded: bool, x: Array) -> tuple[Array, Any]:
    width = x.shape[-1]
    flat = x.reshape(-1, width)
    out = np.empty_like(flat)
    ones = np.ones(width, x.dtype)

    def block(start: int, stop: int) -> None:
        made = out[start:stop]
        _exp(flat[start:stop], made)
        total = np.matmul(made, ones)
        np.divide(1, total, total)
        made *= total[:, None]

    each_block(block, len(flat), width)
    result = out.reshape(x.shape)
    return result, result if recorded else None


def _softmax_vjp(prim: Any, g: Array, out: Array, edges: Any) -> tuple[Array]:
    return softmax_gradient(g, out)


def softmax_gradient(g: Array, out: Array) -> tuple[Array]:
    """The gradient of a softmax along the last axis from its result."""
    width = out.shape[-1]
    flat, given = out.reshape(-1, width), np.ascontiguousarray(g).reshape(-1, width)
    dx = np.empty_like(flat)

    def block(start: int, stop: int) -> None:
        part, up, made = flat[start:stop], given[start:stop], dx[start:stop]
        along = np.einsum("ij,ij->i", part, up)
        np.subtract(up, along[:, None], made)
        made *= part

    each_block(block, len(flat), width)
    return (dx.reshape(out.shape),)


def _log_softmax(prim: Any, recorded: bool, x: Array) -> tuple[Array, Any]:
    width = x.shape[-1]
    flat = x.reshape(-1, width)
    out = np.empty_like(flat)
    ones = np.ones(width, x.dtype)

    def block(start: int, stop: int) -> None:
        part, made = flat[start:stop], out[start:stop]
        highest = np.maximum.reduce(part, 1, keepdims=True)
        np.subtract(part, highest, made)
        total = np.matmul(np.exp(made), ones)
        np.log(total, total)
        made -= total[:, None]

    each_block(block, len(flat), width)
    result = out.reshape(x.shape)
    return result, result if recorded else None


def _log_softmax_vjp(prim: Any, g: Array, out: Array, edges: Any) -> tuple[Array]:
    width = out.shape[-1]
    flat, given = out.reshape(-1, width), np.ascontiguousarray(g).reshape(-1, width)
    dx = np.empty_like(flat)
    ones = np.ones(width, out.dtype)

    def block(start: int, stop: int) -> None:
        up, made = given[start:stop], dx[start:stop]
        np.exp(flat[start:stop], made)
        made *= np.matmul(up, ones)[:, None]
        np.subtract(up, made, made)

    each_block(block, len(flat), width)
    return (dx.reshape(out.shape),)


SOFTMAX["numpy"] = (_fits, _softmax, _softmax_vjp)
LOG_SOFTMAX["numpy"] = (_fits, _log_softmax, _log_softmax_vjp)
