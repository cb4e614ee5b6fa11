"""Attention in several heads: projections, attention of each head, and the projection of what they found."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from gputensor.core.dtypes import dtype
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.activations import softmax
from gputensor.ops.attention import scaled_dot_product_attention
from gputensor.ops.dense import linear
from gputensor.ops.dropout import dropout
from gputensor.ops.joining import cat
from gputensor.ops.loss_reduction import tensors
from gputensor.ops.padding import pad

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

NAME = "multi_head_attention_forward"


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """What `gputensor.nn.MultiheadAttention` computes: its output, and the weights with need_weights, else None.

    query: (time, batch, embed), key: (source, batch, kdim), value: (source, batch, vdim), or all without batch; gives
    (time, batch, embed) and (batch, time, source), of every head (batch, head, time, source) unless
    average_attn_weights. in_proj_weight: (3 * embed, embed), or with use_separate_proj_weight the three weights apart.
    bias_k, bias_v: (1, 1, embed), one more source. static_k, static_v: (batch * head, source, embed / head) instead of
    the projections. Masks: True or -inf is left out; key_padding_mask: (batch, source), attn_mask: (time, source) or
    (batch * head, time, source). is_causal: a hint that attn_mask is the causal one, which is then not read where
    nothing else needs it. Raises ShapeError for shapes that do not fit. Vaswani et al., https://arxiv.org/abs/1706.03762.

    >>> import gputensor as gt
    >>> x, w = gt.ones(2, 1, 2), gt.ones(6, 2)
    >>> out, weights = gt.nn.functional.multi_head_attention_forward(
    ...     x, x, x, 2, 1, w, None, None, None, False, 0.0, gt.eye(2), None)
    >>> out[0], weights[0, 0]
    (tensor([[2., 2.]]), tensor([0.5000, 0.5000]))
    """
    tensors(NAME, query=query, key=key, value=value)
    alone = _checked(query, key, value, key_padding_mask, attn_mask)
    if alone:
        # one tensor given three times is to stay one
        query, key, value = _three(query, key, value, lambda t: t.unsqueeze(1))
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    times, batch, embed = query.shape
    sources = key.shape[0]
    if embed != embed_dim_to_check:
        raise ShapeError(f"{NAME}: expected query of width {embed_dim_to_check}, got {embed}")
    if embed % num_heads:
        raise ShapeError(f"{NAME}: embed_dim {embed} is not divisible by num_heads {num_heads}")
    if is_causal and attn_mask is None:
        raise ArgumentError(
            f"{NAME}: is_causal is a hint for attn_mask; give that too, by Transformer.generate_square_subsequent_mask"
        )
    padding = _additive("key_padding_mask", key_padding_mask, query.dtype, attn_mask)
    mask = None
    if not is_causal or padding is not None or need_weights:
        mask = _additive("attn_mask", attn_mask, query.dtype, None)
        is_causal = is_causal and padding is None and mask is None
    if mask is not None:
        mask = _four_dims(mask, batch, num_heads, times, sources)
    if padding is not None:
        if tuple(padding.shape) != (batch, sources):
            raise ShapeError(f"{NAME}: key_padding_mask must be ({batch}, {sources}), got {tuple(padding.shape)}")
        padding = padding.reshape(batch, 1, 1, sources)
        mask = padding if mask is None else mask + padding

    weights = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else in_proj_weight
    q, k, v = _projected(query, key, value, weights, in_proj_bias)
    if (bias_k is None) != (bias_v is None):
        raise ArgumentError(f"{NAME}: bias_k and bias_v must be given together")
    if bias_k is not None and bias_v is not None:
        if static_k is not None or static_v is not None:
            raise ArgumentError(f"{NAME}: bias_k and bias_v cannot be added to static_k and static_v")
        k = cat([k, bias_k.expand(1, batch, embed)])
        v = cat([v, bias_v.expand(1, batch, embed)])
        mask = None if mask is None else pad(mask, (0, 1))
    q, k, v = [_heads(t, num_heads) for t in (q, k, v)]
    k = k if static_k is None else _static("static_k", static_k, batch, num_heads, embed)
    v = v if static_v is None else _static("static_v", static_v, batch, num_heads, embed)
    if add_zero_attn:
        k, v = [cat([t, t.new_zeros((batch, num_heads, 1, t.shape[-1]))], 2) for t in (k, v)]
        mask = None if mask is None else pad(mask, (0, 1))
    chance = dropout_p if training else 0.0

    if need_weights:
        scores = (q * math.sqrt(num_heads / embed)).matmul(k.transpose(-2, -1))
        shares = softmax(scores if mask is None else scores + mask, -1)
        if chance:
            shares = dropout(shares, chance)
        found = shares.matmul(v)
    else:
        shares = None
        found = scaled_dot_product_attention(q, k, v, mask, chance, is_causal)
    output = linear(found.permute(2, 0, 1, 3).reshape(times, batch, embed), out_proj_weight, out_proj_bias)
    if shares is not None and average_attn_weights:
        shares = shares.mean(1)
    if alone:
        return output.squeeze(1), None if shares is None else shares.squeeze(0)
    return output, shares


def _checked(query: Any, key: Any, value: Any, padding: Any, mask: Any) -> bool:
    """Whether the operands have no batch. Raises ShapeError for numbers of dims that do not fit together."""
    dims = query.dim()
    if dims not in (2, 3):
        raise ShapeError(
            f"{NAME}: query should be unbatched 2D or batched 3D tensor but received {dims}-D query tensor"
        )
    if key.dim() != dims or value.dim() != dims:
        raise ShapeError(
            f"{NAME}: for {dims}-D query, expected key and value of {dims} dims, got {key.dim()} and {value.dim()}"
        )
    if padding is not None and padding.dim() != dims - 1:
        raise ShapeError(
            f"{NAME}: for {dims}-D query, expected key_padding_mask of {dims - 1} dims, got {padding.dim()}"
        )
    if mask is not None and mask.dim() not in (2, 3):
        raise ShapeError(f"{NAME}: expected attn_mask of 2 or 3 dims, got {mask.dim()}")
    if tuple(key.shape[:-1]) != tuple(value.shape[:-1]) or (dims == 3 and key.shape[1] != query.shape[1]):
        raise ShapeError(
            f"{NAME}: key {tuple(key.shape)} and value {tuple(value.shape)} must have the same sources and the batch "
            f"of query {tuple(query.shape)}"
        )
    return dims == 2


def _three(query: Any, key: Any, value: Any, change: Any) -> tuple[Any, Any, Any]:
    """All three changed; those that are the same tensor stay the same one."""
    q = change(query)
    k = q if key is query else change(key)
    return q, k, q if value is query else k if value is key else change(value)


def _additive(label: str, mask: Any, like: dtype, other: Any) -> Any:
    """A mask as what is added to the scores: -inf where a bool mask leaves out."""
    if mask is None:
        return None
    kind = mask.array.dtype.kind
    if kind not in "bfV":
        raise DtypeError(f"{NAME}: only bool and floating types of {label} are supported, got {mask.dtype}")
    if other is not None and other.dtype is not mask.dtype:
        warnings.warn(
            f"Support for mismatched {label} and attn_mask is deprecated. Use same type for both instead.",
            stacklevel=4,
        )
    return mask.new_zeros(mask.shape, dtype=like).masked_fill_(mask, float("-inf")) if kind == "b" else mask


def _four_dims(mask: Any, batch: int, heads: int, times: int, sources: int) -> Any:
    wanted = (times, sources) if mask.dim() == 2 else (batch * heads, times, sources)
    if tuple(mask.shape) != wanted:
        raise ShapeError(
            f"{NAME}: the shape of the {mask.dim()}D attn_mask is {tuple(mask.shape)}, but should be {wanted}"
        )
    return mask.reshape(1 if mask.dim() == 2 else batch, 1 if mask.dim() == 2 else heads, times, sources)


def _projected(query: Any, key: Any, value: Any, weights: Any, bias: Any) -> tuple[Any, Any, Any]:
    """query, key and value in the width of the model; in one product where they are one tensor."""
    embed = query.shape[-1]
    if weights is None or (isinstance(weights, tuple) and None in weights):
        raise ArgumentError(
            f"{NAME}: give in_proj_weight, or q_proj_weight, k_proj_weight and v_proj_weight with "
            "use_separate_proj_weight=True"
        )
    if not isinstance(weights, tuple):
        if query is key and key is value:
            q, k, v = linear(query, weights, bias).chunk(3, -1)
            return q, k, v
        if key is value:
            k, v = linear(key, weights[embed:], None if bias is None else bias[embed:]).chunk(2, -1)
            return linear(query, weights[:embed], None if bias is None else bias[:embed]), k, v
        weights = weights.chunk(3)
    biases = (None, None, None) if bias is None else bias.chunk(3)
    q, k, v = [linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True)]
    return q, k, v


def _heads(x: Any, heads: int) -> Any:
    """(time, batch, embed) -> (batch, head, time, embed / head)."""
    times, batch, embed = x.shape
    return x.reshape(times, batch, heads, embed // heads).permute(1, 2, 0, 3)


def _static(label: str, x: Any, batch: int, heads: int, embed: int) -> Any:
    if x.dim() != 3 or x.shape[0] != batch * heads or x.shape[2] != embed // heads:
        raise ShapeError(f"{NAME}: {label} must be ({batch * heads}, source, {embed // heads}), got {tuple(x.shape)}")
    return x.reshape(batch, heads, x.shape[1], x.shape[2])
