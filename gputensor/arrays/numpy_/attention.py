"""Attention over NumPy, in blocks: of several matrices where these are small, of a few queries where one is large.

The weights of a block are made, used and forgotten; of each query the logarithm of its sum is kept, from which the
gradient makes them again. Source: Dao et al., FlashAttention, https://arxiv.org/abs/2205.14135, without its tiles of
keys.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.arrays.kernels import ATTENTION, ATTENTION_WEIGHTS
from gputensor.arrays.numpy_ import threads
from gputensor.arrays.numpy_.blocks import each_block
from gputensor.arrays.numpy_.softmaxes import softmax_gradient

Array = np.ndarray


_SCORES = 1 << 16  # scores of a block of small matrices: what is made of them stays in the cache
_QUERIES = 64  # at least so many of a matrix at a time: fewer make narrow products
_LARGE = 1 << 18  # scores from which matrices are split over threads


# --- the weights alone ------------------------------------------------------------------------------------------------


def _fits(prim: Any, x: Array) -> bool:
    return x.dtype.kind == "f" and x.itemsize > 2 and x.size > 0 and x.flags.c_contiguous


def _forward(prim: Any, recorded: bool, x: Array) -> tuple[Array, Any]:
    width = x.shape[-1]
    flat = x.reshape(-1, width)
    out = np.empty_like(flat)
    ones = np.ones(width, x.dtype)

    def block(start: int, stop: int) -> None:
        part, made = flat[start:stop], out[start:stop]
        highest = np.maximum.reduce(part, 1, keepdims=True)
        highest[highest == -np.inf] = 0
        np.subtract(part, highest, made)
        np.exp(made, made)
        total = np.matmul(made, ones)
        total[total == 0] = 1
        np.divide(1, total, total)
        made *= total[:, None]

    each_block(block, len(flat), width)
    result = out.reshape(x.shape)
    return result, result if recorded else None


def _vjp(prim: Any, g: Array, out: Array, edges: Any) -> tuple[Array]:
    return softmax_gradient(g, out)


ATTENTION_WEIGHTS["numpy"] = (_fits, _forward, _vjp)


# --- scores, weights and mixtures in one ------------------------------------------------------------------------------


def _attends(prim: Any, q: Array, k: Array, v: Array) -> bool:
    return (
        q.dtype.kind == "f"
        and q.itemsize > 2
        and q.dtype is k.dtype is v.dtype
        and q.shape[:-2] == k.shape[:-2] == v.shape[:-2]
        and q.size * k.size * v.size > 0
    )


def _each(function: Callable[[slice, slice, int], Any], count: int, queries: int, keys: int, causal: bool) -> None:
    """Call ``function(matrices, queries, keys)`` for blocks: which matrices, which queries, how many keys these see."""
    scores = queries * keys
    together = max(1, _SCORES // scores)
    rows = queries if scores <= _SCORES else min(queries, max(_QUERIES, _SCORES // keys))

    def part(start: int, stop: int) -> None:
        for a in range(start * together, min(stop * together, count), together):
            some = slice(a, min(a + together, count))
            for i in range(0, queries, rows):
                j = min(i + rows, queries)
                function(some, slice(i, j), min(j, keys) if causal else keys)

    blocks = -(-count // together)
    if blocks == 1 or count * scores < _LARGE:
        part(0, blocks)
        return
    with threads.split_products():
        threads.split(part, blocks)


def _scores(q: Array, k: Array, first: int, causal: bool) -> Array:
    """q @ k.T, -inf for the keys behind a query's place; first: the place of the first query."""
    scores = np.matmul(q, k.swapaxes(1, 2))
    rows, keys = scores.shape[1:]
    if causal and keys > first + 1:
        here = np.arange(first, first + rows)[:, None]
        places = np.arange(first + 1, keys)
        scores[:, :, first + 1 :] += np.where(places > here, -np.inf, 0).astype(scores.dtype)
    return scores


def _attention(prim: Any, recorded: bool, q: Array, k: Array, v: Array) -> tuple[Array, Any]:
    causal: bool = prim.causal
    qs, ks, vs = [x.reshape(-1, *x.shape[-2:]) for x in (q, k, v)]
    out = np.empty((*q.shape[:-1], v.shape[-1]), q.dtype)
    outs = out.reshape(-1, *out.shape[-2:])
    logs = np.empty((len(qs), q.shape[-2], 1), q.dtype)

    def block(some: slice, rows: slice, keys: int) -> None:
        e = _scores(qs[some, rows], ks[some, :keys], rows.start, causal)
        highest = np.maximum.reduce(e, 2, keepdims=True)
        highest[highest == -np.inf] = 0
        e -= highest
        np.exp(e, e)
        total = np.add.reduce(e, 2, keepdims=True)
        total[total == 0] = 1
        np.matmul(e, vs[some, :keys], out=outs[some, rows])
        outs[some, rows] /= total
        logs[some, rows] = np.log(total, total) + highest

    _each(block, len(qs), q.shape[-2], k.shape[-2], causal)
    return out, (q, k, v, out, logs) if recorded else None


def _attention_vjp(prim: Any, g: Array, residue: Any, edges: Any) -> list[Array]:
    causal: bool = prim.causal
    q, k, v, out, logs = residue
    qs, ks, vs, outs, gs = [x.reshape(-1, *x.shape[-2:]) for x in (q, k, v, out, g)]
    dq, dk, dv = np.empty_like(qs), np.zeros_like(ks), np.zeros_like(vs)

    def block(some: slice, rows: slice, keys: int) -> None:
        weights = _scores(qs[some, rows], ks[some, :keys], rows.start, causal)
        weights -= logs[some, rows]
        np.exp(weights, weights)
        up = gs[some, rows]
        dv[some, :keys] += np.matmul(weights.swapaxes(1, 2), up)
        slopes = np.matmul(up, vs[some, :keys].swapaxes(1, 2))
        slopes -= np.einsum("mtd,mtd->mt", up, outs[some, rows])[..., None]
        slopes *= weights
        np.matmul(slopes, ks[some, :keys], out=dq[some, rows])
        dk[some, :keys] += np.matmul(slopes.swapaxes(1, 2), qs[some, rows])

    _each(block, len(qs), q.shape[-2], k.shape[-2], causal)
    return [dq.reshape(q.shape), dk.reshape(k.shape), dv.reshape(v.shape)]


ATTENTION["numpy"] = (_attends, _attention, _attention_vjp)
