"""The attention layer."""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError, ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.linear import NonDynamicallyQuantizableLinear
from gputensor.nn.modules.module import Module
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty


class MultiheadAttention(Module):
    """Attention in several heads: softmax(q @ k.T / sqrt(width)) @ v in each, joined and projected.

    forward(query, key, value): query (time, batch, embed_dim), key (source, batch, kdim), value (source, batch, vdim),
    with batch_first (batch, time, …), or without batch. Gives the output, in the shape of query, and the weights
    (batch, time, source), averaged over the heads unless average_attn_weights is False; None unless need_weights,
    which is quicker. Masks as in `functional.multi_head_attention_forward`. in_proj_weight: (3 * embed_dim,
    embed_dim), or q_, k_ and v_proj_weight where kdim or vdim differ. Raises ShapeError for other widths. Source:
    Vaswani et al. 2017, arXiv:1706.03762.
    Unlike torch: shapes that do not fit are a ShapeError, not an AssertionError.

    >>> import gputensor as gt
    >>> x = gt.ones(5, 2, 4)
    >>> output, weights = gt.nn.MultiheadAttention(4, num_heads=2)(x, x, x); output.shape, weights.shape
    (gputensor.Size([5, 2, 4]), gputensor.Size([2, 5, 5]))
    """

    embed_dim: int
    num_heads: int
    batch_first: bool
    in_proj_weight: Tensor | None
    in_proj_bias: Tensor | None
    bias_k: Tensor | None
    bias_v: Tensor | None

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                f"{name}: embed_dim and num_heads must be greater than 0, got {embed_dim} and {num_heads} instead"
            )
        if embed_dim % num_heads:
            raise ArgumentError(f"{name}: embed_dim must be divisible by num_heads, got {embed_dim} and {num_heads}")
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        same = self._qkv_same_embed_dim
        shapes: dict[str, tuple[int, ...] | None] = {
            "q_proj_weight": None if same else (embed_dim, embed_dim),
            "k_proj_weight": None if same else (embed_dim, self.kdim),
            "v_proj_weight": None if same else (embed_dim, self.vdim),
            "in_proj_weight": (3 * embed_dim, embed_dim) if same else None,
            "in_proj_bias": (3 * embed_dim,) if bias else None,
        }
        # PyTorch's order: that of the state and of what optimizers count
        order = ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias")
        for label in order if same else (*order[1:4], "in_proj_weight", "in_proj_bias"):
            shape = shapes[label]
            self.register_parameter(
                label, None if shape is None else Parameter(empty(*shape, device=device, dtype=dtype))
            )
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)
        for label in ("bias_k", "bias_v"):
            if add_bias_kv:
                self.register_parameter(label, Parameter(empty(1, 1, embed_dim, device=device, dtype=dtype)))
            else:
                setattr(self, label, None)
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            weight = getattr(self, name)
            if weight is not None:
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None and self.out_proj.bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        if self.bias_k is not None and self.bias_v is not None:
            init.xavier_normal_(self.bias_k)
            init.xavier_normal_(self.bias_v)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        for label, x, width in (
            ("query", query, self.embed_dim),
            ("key", key, self.kdim),
            ("value", value, self.vdim),
        ):
            if x.shape[-1:] != (width,):
                raise ShapeError(
                    f"{self._get_name()}(embed_dim={self.embed_dim}, num_heads={self.num_heads}): expected {width} in "
                    f"the last dim of {label}, got shape {tuple(x.shape)}"
                )
        turned = self.batch_first and query.dim() == 3
        if turned:
            q, k, v = query, key, value
            query = q.transpose(1, 0)
            # one tensor given twice is to stay one
            key = query if k is q else k.transpose(1, 0)
            value = query if v is q else key if v is k else v.transpose(1, 0)
        output, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            self.training,
            key_padding_mask,
            need_weights,
            attn_mask,
            not self._qkv_same_embed_dim,
            self.q_proj_weight,
            self.k_proj_weight,
            self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (output.transpose(1, 0) if turned else output), weights

    def merge_masks(
        self, attn_mask: Tensor | None, key_padding_mask: Tensor | None, query: Tensor
    ) -> tuple[Tensor | None, int | None]:
        """Both masks as one of (batch, head, time, time), and its kind: 1 for padding alone, 2 with attn_mask."""
        if attn_mask is None:
            return key_padding_mask, None if key_padding_mask is None else 1
        batch, times = query.shape[0], query.shape[1]
        if attn_mask.dim() == 3:
            merged = attn_mask.reshape(batch, -1, times, times)
        else:
            merged = attn_mask.reshape(1, 1, times, times).expand(batch, self.num_heads, times, times)
        if key_padding_mask is not None:
            merged = merged + key_padding_mask.reshape(batch, 1, 1, times).expand(batch, self.num_heads, 1, times)
        return merged, 2
