"""Attention: every query's mixture of values, weighted by how well their keys fit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.arrays.kernels import ATTENTION as ATTENTION_KERNELS, ATTENTION_WEIGHTS as WEIGHTS_KERNELS
from gputensor.core.apply import applyn, cast, promote, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dropout import dropout
from gputensor.ops.joining import cat
from gputensor.ops.loss_reduction import tensors
from gputensor.ops.operands import wide
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class AttentionWeights(Primitive):
    """softmax along the last axis; a row of nothing but -inf gives zeros. A primitive: with `where` before and after
    the softmax, two more arrays of the size of the scores would live, the largest ones there are."""

    __slots__ = ()
    saves = ("out",)
    kernels = WEIGHTS_KERNELS

    def forward(self, xp: Any, x: Any) -> Any:
        if not x.size:
            return xp.copy(x)
        last = (len(x.shape) - 1,)
        highest = xp.max(x, last, True)
        e = xp.exp(x - xp.where(highest == float("-inf"), xp.zeros_like(highest), highest))
        total = xp.sum(e, last, True)
        return e / xp.where(total == 0, xp.ones_like(total), total)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return out * (g - xp.sum(g * out, (len(out.shape) - 1,), True))


class Attention(Primitive):
    """softmax(q @ k.T) @ v. A primitive: the weights are the largest array there is, and need not be kept.

    causal: a query sees the keys up to its own place.
    """

    __slots__ = ("causal",)
    grad_name = "ScaledDotProductFlashAttentionForCpuBackward0"
    saves = ("q", "k", "v", "out")
    kernels = ATTENTION_KERNELS

    def __init__(self, causal: bool) -> None:
        self.causal = causal

    def forward(self, xp: Any, q: Any, k: Any, v: Any) -> Any:
        return xp.matmul(self._weights(xp, q, k), v)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        q, k, v = args
        weights = self._weights(xp, q, k)
        # the sum over the keys of weight and slope is that over the result of gradient and value
        slopes = weights * (xp.matmul(g, _turned(xp, v)) - xp.sum(g * out, (len(out.shape) - 1,), True))
        return [xp.matmul(slopes, k), xp.matmul(_turned(xp, slopes), q), xp.matmul(_turned(xp, weights), g)]

    def _weights(self, xp: Any, q: Any, k: Any) -> Any:
        scores = xp.matmul(q, _turned(xp, k))
        if self.causal:
            seen = xp.tril(xp.ones_like(scores), 0)
            scores = xp.where(seen == 1, scores, xp.scalar(float("-inf"), scores.dtype))
        return ATTENTION_WEIGHTS.forward(xp, scores)


def _turned(xp: Any, x: Any) -> Any:
    n = len(x.shape)
    return xp.permute_dims(x, (*range(n - 2), n - 1, n - 2))


ATTENTION_WEIGHTS = AttentionWeights()
ATTEND, ATTEND_CAUSALLY = Attention(False), Attention(True)

# How many scores live at once where no gradient will need them.
_AT_ONCE = {"cpu": 2**22, "cuda": 2**26}


@autocasts("scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(query @ key.mT * scale + mask) @ value.

    query: (…, head, time, width); key: (…, head, source, width); value: (…, head, source, out); returns (…, head, time,
    out). scale: 1 / sqrt(width) unless given. attn_mask: (…, time, source); True takes part, False does not; a float is
    added to the scores. is_causal: a query sees the sources up to its own place. A query that sees nothing gives zeros.
    enable_gqa: fewer heads of keys and values than of queries, each used by several. dropout_p: of the weights,
    whatever the mode. Raises ShapeError for a mask beside is_causal and for shapes that do not fit. Vaswani et al.,
    https://arxiv.org/abs/1706.03762. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> x = gt.tensor([[[1.0], [3.0]]])
    >>> gt.nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)
    tensor([[[1.0000],
             [2.9951]]])
    """
    name = "scaled_dot_product_attention"
    tensors(name, query=query, key=key, value=value)
    for label, x in (("query", query), ("key", key), ("value", value)):
        if x.array.ndim < 2:
            raise ShapeError(
                f"{name}: {label} needs at least 2 dims, (…, time, width), got shape {tuple(x.array.shape)}"
            )
        if x.xp is not query.xp:
            query, key, value = together(name, (query, key, value))
            break
    if enable_gqa:
        key, value = _repeated(name, key, query), _repeated(name, value, query)
    q, k, v = [x.array.shape for x in (query, key, value)]
    if q[-1] != k[-1] or k[-2] != v[-2]:
        raise ShapeError(
            f"{name}: query of shape {tuple(q)}, key {tuple(k)} and value {tuple(v)} do not fit: query and key need "
            "one "
            "width, their last dim; key and value need one time, their second-last dim"
        )
    half = None
    if query.xp.device_type == "cpu" and query.array.dtype in HALF:
        # NumPy multiplies 16-bit matrices in float32 in any case; the scores keep that, too
        half = query.array.dtype
        query, key, value = cast(query, F32), cast(key, F32), cast(value, F32)
    if attn_mask is not None:
        if is_causal:
            raise ShapeError(f"{name}: give attn_mask or is_causal=True, not both")
        tensors(name, attn_mask=attn_mask)
        if attn_mask.array.dtype.kind not in "bfV":
            raise DtypeError(f"{name}: attn_mask must be bool or floating-point, got {attn_mask.array.dtype.name}")
    query = query * (1.0 / math.sqrt(q[-1]) if scale is None else scale)
    if _is_fused(query, attn_mask, dropout_p):
        mixed = applyn(ATTEND_CAUSALLY if is_causal else ATTEND, promote(name, (query, key, value)))
        return mixed if half is None else cast(mixed, half)
    at_once = _AT_ONCE[query.xp.device_type]
    row = max(math.prod(q[:-2]), math.prod(k[:-2])) * k[-2]
    if row * q[-2] <= at_once or dropout_p or _recorded(query, key, value, attn_mask):
        mixed = _mixed(query, key, value, attn_mask, is_causal, 0, dropout_p)
    else:
        # the scores would be the largest array by far: made and used in parts they take little memory, and stay in the
        # processor's cache. Not where they are saved for a gradient, nor where a draw would hang on the parts.
        parts, step = [], max(1, at_once // row)
        for i in range(0, q[-2], step):
            j = min(i + step, q[-2])
            mask = attn_mask
            if mask is not None and mask.array.ndim > 1 and mask.array.shape[-2] != 1:
                mask = mask[..., i:j, :]
            seen = min(j, k[-2]) if is_causal else k[-2]
            parts.append(
                _mixed(query[..., i:j, :], key[..., :seen, :], value[..., :seen, :], mask, is_causal, i, dropout_p)
            )
        mixed = cat(parts, -2)
    return mixed if half is None else cast(mixed, half)


def _is_fused(query: Any, mask: Any, dropout_p: float) -> bool:
    """Whether `Attention` does it: on a GPU the second product of queries and keys would cost more than it saves."""
    return mask is None and not dropout_p and query.xp.device_type == "cpu"


def _recorded(*tensors: Any) -> bool:
    return records() and any([x is not None and node_of(x) is not None for x in tensors])


def _mixed(query: Any, key: Any, value: Any, mask: Any, is_causal: bool, first: int, dropout_p: float) -> Any:
    """The mixtures of values for queries that are scaled already; first: the place of the first of them."""
    scores = query.matmul(key.transpose(-2, -1))
    if is_causal:
        xp = query.xp
        times, sources = query.array.shape[-2], key.array.shape[-2]
        places = xp.arange_for(query.array, max(first + times, sources))
        mine = xp.reshape(places[first : first + times], (times, 1))
        seen = xp.greater_equal(mine, xp.reshape(places[:sources], (1, sources)))
        scores = where(wrap(seen, xp), scores, float("-inf"))
    elif mask is not None:
        scores = where(mask, scores, float("-inf")) if mask.array.dtype.kind == "b" else scores + mask
    weights = wide(ATTENTION_WEIGHTS, scores)
    del scores  # as large as the weights, and no longer needed
    if dropout_p:
        weights = dropout(weights, dropout_p)
    return weights.matmul(value)


def _repeated(name: str, x: Any, query: Any) -> Any:
    """The heads of x, each as often as it is shared."""
    shape, heads = x.array.shape, query.array.shape[-3] if query.array.ndim > 2 else 0
    if len(shape) < 3 or not heads or heads % shape[-3]:
        raise ShapeError(
            f"{name}: enable_gqa needs heads of query {tuple(query.array.shape)} that are a multiple of those of "
            f"{tuple(shape)}"
        )
    share = heads // shape[-3]
    if share == 1:
        return x
    wide = x.reshape((*shape[:-2], 1, *shape[-2:])).expand((*shape[:-2], share, *shape[-2:]))
    return wide.reshape((*shape[:-3], heads, *shape[-2:]))
