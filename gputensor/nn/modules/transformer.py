"""The transformer: encoder and decoder, of layers of attention and small dense networks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError, ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.attention import MultiheadAttention
from gputensor.nn.modules.container import ModuleList
from gputensor.nn.modules.dropout import Dropout
from gputensor.nn.modules.linear import Linear
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.normalization import LayerNorm
from gputensor.ops.creation import full

Activation = str | Callable[[Tensor], Tensor]


class TransformerEncoderLayer(Module):
    """Self-attention, then two dense layers; each added to its input and normalized.

    norm1(x + attention(x)), then norm2(x + linear2(activation(linear1(x)))); with norm_first x + attention(norm1(x)),
    and so on. src: (time, batch, d_model), or (batch, time, d_model) with batch_first, or without batch; gives the
    same shape. src_mask: (time, time); src_key_padding_mask: (batch, time); True or -inf is left out. activation:
    "relu", "gelu" or a function. Source: Vaswani et al. 2017, arXiv:1706.03762.

    >>> import gputensor as gt
    >>> gt.nn.TransformerEncoderLayer(4, nhead=2, dim_feedforward=8)(gt.ones(5, 3, 4)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place: dict[str, Any] = {"device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, **place)
        self.linear1 = Linear(d_model, dim_feedforward, bias, **place)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **place)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.activation = _activation(activation)

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        _check_width(self, src=src)
        x = src
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), src_mask, src_key_padding_mask, is_causal)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, src_mask, src_key_padding_mask, is_causal))
        return self.norm2(x + self._ff_block(x))

    def _sa_block(self, x: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool) -> Tensor:
        mask, padding = _same_kind(x, mask, padding)
        return self.dropout1(
            self.self_attn(x, x, x, padding, need_weights=False, attn_mask=mask, is_causal=is_causal)[0]
        )

    def _ff_block(self, x: Tensor) -> Tensor:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerDecoderLayer(Module):
    """Self-attention, attention to the encoder's memory, then two dense layers; each added to its input and normalized.

    tgt: (time, batch, d_model), memory: (source, batch, d_model), or with batch_first, or without batch; gives the
    shape of tgt. Masks as in `TransformerEncoderLayer`; memory_mask: (time, source). Source: see there.

    >>> import gputensor as gt
    >>> gt.nn.TransformerDecoderLayer(4, nhead=2, dim_feedforward=8)(gt.ones(5, 3, 4), gt.ones(6, 3, 4)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place: dict[str, Any] = {"device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, **place)
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, **place)
        self.linear1 = Linear(d_model, dim_feedforward, bias, **place)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **place)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
        self.norm3 = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        self.activation = _activation(activation)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        _check_width(self, tgt=tgt, memory=memory)
        x = tgt
        of_tgt = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        of_memory = (memory_mask, memory_key_padding_mask, memory_is_causal)
        if self.norm_first:
            x = x + self._sa_block(self.norm1(x), *of_tgt)
            x = x + self._mha_block(self.norm2(x), memory, *of_memory)
            return x + self._ff_block(self.norm3(x))
        x = self.norm1(x + self._sa_block(x, *of_tgt))
        x = self.norm2(x + self._mha_block(x, memory, *of_memory))
        return self.norm3(x + self._ff_block(x))

    def _sa_block(self, x: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool = False) -> Tensor:
        return self.dropout1(
            self.self_attn(x, x, x, padding, need_weights=False, attn_mask=mask, is_causal=is_causal)[0]
        )

    def _mha_block(
        self, x: Tensor, mem: Tensor, mask: Tensor | None, padding: Tensor | None, is_causal: bool = False
    ) -> Tensor:
        return self.dropout2(
            self.multihead_attn(x, mem, mem, padding, need_weights=False, attn_mask=mask, is_causal=is_causal)[0]
        )

    def _ff_block(self, x: Tensor) -> Tensor:
        return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerEncoder(Module):
    """Copies of one encoder layer after each other, and a last norm.

    encoder_layer is copied num_layers times, values included. mask, src_key_padding_mask: for every layer. is_causal:
    None finds out whether mask is the causal one. enable_nested_tensor and mask_check are accepted and have no effect.
    Unlike torch: places that src_key_padding_mask leaves out hold what the formula gives in evaluation too, where
    PyTorch's fast path sets them to zero.

    >>> import gputensor as gt
    >>> layer = gt.nn.TransformerEncoderLayer(4, nhead=2, dim_feedforward=8)
    >>> gt.nn.TransformerEncoder(layer, num_layers=2)(gt.ones(5, 3, 4)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        mask, padding = _same_kind(src, mask, src_key_padding_mask)
        causal = _is_causal(mask, is_causal, src, self.layers[0])
        output = src
        for layer in self.layers:
            output = layer(output, src_mask=mask, is_causal=causal, src_key_padding_mask=padding)
        return output if self.norm is None else self.norm(output)


class TransformerDecoder(Module):
    """Copies of one decoder layer after each other, and a last norm. See `TransformerEncoder`.

    >>> import gputensor as gt
    >>> layer = gt.nn.TransformerDecoderLayer(4, nhead=2, dim_feedforward=8)
    >>> gt.nn.TransformerDecoder(layer, num_layers=2)(gt.ones(5, 3, 4), gt.ones(6, 3, 4)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        causal = _is_causal(tgt_mask, tgt_is_causal, tgt, self.layers[0])
        output = tgt
        for layer in self.layers:
            output = layer(
                output,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=causal,
                memory_is_causal=memory_is_causal,
            )
        return output if self.norm is None else self.norm(output)


class Transformer(Module):
    """An encoder of one sequence and a decoder of another.

    src: (source, batch, d_model), tgt: (time, batch, d_model), or with batch_first, or without batch; gives the shape
    of tgt. Masks as in the layers. custom_encoder, custom_decoder: instead of the usual ones. Raises ShapeError for
    another width or different batches. Source: Vaswani et al. 2017, arXiv:1706.03762.

    >>> import gputensor as gt
    >>> net = gt.nn.Transformer(4, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=8)
    >>> net(gt.ones(6, 3, 4), gt.ones(5, 3, 4)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        place: dict[str, Any] = {"device": device, "dtype": dtype}
        settings = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        if custom_encoder is None:
            layer = TransformerEncoderLayer(*settings, **place)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
            custom_encoder = TransformerEncoder(layer, num_encoder_layers, norm)
        if custom_decoder is None:
            other = TransformerDecoderLayer(*settings, **place)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, **place)
            custom_decoder = TransformerDecoder(other, num_decoder_layers, norm)
        self.encoder = custom_encoder
        self.decoder = custom_decoder
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def _reset_parameters(self) -> None:
        for parameter in self.parameters():
            if parameter.dim() > 1:
                init.xavier_uniform_(parameter)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        dim = 0 if self.batch_first else 1
        if src.dim() == 3 and src.shape[dim] != tgt.shape[dim]:
            raise ShapeError(
                f"{self._get_name()}(d_model={self.d_model}, nhead={self.nhead}): the batch number of src and tgt must "
                f"be equal, got shapes {tuple(src.shape)} and {tuple(tgt.shape)}"
            )
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ShapeError(
                f"{self._get_name()}(d_model={self.d_model}, nhead={self.nhead}): expected {self.d_model} in the last "
                f"dim of src and tgt, got shapes {tuple(src.shape)} and {tuple(tgt.shape)}"
            )
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Tensor:
        """The causal mask: (sz, sz), -inf where a place would see a later one, else 0.

        >>> import gputensor as gt
        >>> gt.nn.Transformer.generate_square_subsequent_mask(2)
        tensor([[0., -inf],
                [0., 0.]])
        """
        return full((sz, sz), float("-inf"), device=device, dtype=dtype).triu(1)


def _check_width(layer: Any, **inputs: Tensor) -> None:
    """Raise ShapeError for an input that has not the width of the layer."""
    width = layer.self_attn.embed_dim
    for label, x in inputs.items():
        if x.shape[-1:] != (width,):
            raise ShapeError(
                f"{layer._get_name()}(d_model={width}, nhead={layer.self_attn.num_heads}): expected {width} in the "
                f"last dim of {label}, got shape {tuple(x.shape)}"
            )


def _activation(activation: Activation) -> Callable[[Tensor], Tensor]:
    if not isinstance(activation, str):
        return activation
    if activation == "relu":
        return F.relu
    if activation == "gelu":
        return F.gelu
    raise ArgumentError(f"activation should be relu/gelu, not {activation!r}")


def _clones(layer: Module, count: int) -> ModuleList:
    return ModuleList([copy.deepcopy(layer) for _ in range(count)])


def _same_kind(x: Tensor, mask: Tensor | None, padding: Tensor | None) -> tuple[Tensor | None, Tensor | None]:
    """Both masks as floats where only one of them is."""
    if mask is None or padding is None or mask.dtype is padding.dtype:
        return mask, padding
    mask, padding = [
        x.new_zeros(m.shape).masked_fill_(m, float("-inf")) if not m.is_floating_point() else m for m in (mask, padding)
    ]
    return mask, padding


def _is_causal(mask: Tensor | None, is_causal: bool | None, x: Tensor, layer: Any) -> bool:
    """What is said, or else whether mask is the causal one of the length of x."""
    if is_causal is not None or mask is None:
        return is_causal is True
    size = x.shape[1 if x.dim() == 3 and layer.self_attn.batch_first else 0]
    if tuple(mask.shape) != (size, size):
        return False
    causal = Transformer.generate_square_subsequent_mask(size, mask.device)
    return bool((mask == causal.to(mask.dtype)).all())
