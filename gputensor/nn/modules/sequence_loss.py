"""Losses of sequences and of large vocabularies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError, ShapeError
from gputensor.nn import functional as F
from gputensor.nn.modules.linear import Linear
from gputensor.nn.modules.loss import _Loss, _WeightedLoss


class CTCLoss(_Loss):
    """The loss of a sequence over all its alignments in time; see `gputensor.nn.functional.ctc_loss`.

    log_probs: (time, batch, classes), targets: (batch, longest) or all behind one another, the lengths: (batch,).
    Source: Graves et al. 2006, Connectionist Temporal Classification.

    >>> import gputensor as gt
    >>> even = gt.log_softmax(gt.zeros(2, 1, 2), 2)
    >>> gt.nn.CTCLoss()(even, gt.tensor([[1]]), (2,), (1,)).exp()
    tensor(1.3333)
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any) -> Tensor:
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )


@dataclass(frozen=True)
class LinearCrossEntropyOptions:
    """How PyTorch cuts `linear_cross_entropy` into chunks. Unlike torch: accepted, checked, and without effect.

    >>> import gputensor as gt
    >>> gt.nn.LinearCrossEntropyOptions(batch_chunk_size=4).batch_chunk_size
    4
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: Literal["accurate", "balanced", "compact", "auto"] = "auto"
    acc_dtype: Any = None

    def __post_init__(self) -> None:
        if self.acc_policy not in ("accurate", "balanced", "compact", "auto"):
            raise ValueError(f"LinearCrossEntropyOptions: unknown acc_policy {self.acc_policy!r}")
        size = self.batch_chunk_size
        if size is not None and (not isinstance(size, int) or size < 1):
            raise ValueError(f"LinearCrossEntropyOptions: batch_chunk_size must be a positive int, got {size!r}")
        name, _, factor = (self.chunking_method or "auto").partition(":")
        if not (name == "aspect_ratio" and (factor or "1").isdigit() and int(factor or 1)) and name + factor != "auto":
            raise ValueError(f"LinearCrossEntropyOptions: unknown chunking_method {self.chunking_method!r}")


class LinearCrossEntropyLoss(_WeightedLoss):
    """Cross entropy of a linear layer of its own; see `gputensor.nn.functional.linear_cross_entropy`.

    input: (batch, in_features), target: (batch, *out_features), class numbers below num_classes, or probabilities.

    >>> import gputensor as gt
    >>> gt.nn.LinearCrossEntropyLoss(4, 10)(gt.ones(3, 4), gt.tensor([0, 1, 2])).shape
    gputensor.Size([])
    """

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: tuple[int, ...] = (),
        bias: bool = False,
        device: Any = None,
        dtype: Any = None,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: LinearCrossEntropyOptions | None = None,
    ) -> None:
        if weight is not None and tuple(weight.shape) != (num_classes,):
            raise ShapeError(
                f"LinearCrossEntropyLoss: weight must have shape {(num_classes,)}, got {tuple(weight.shape)}"
            )
        if not 0 <= label_smoothing <= 1:
            raise ArgumentError(
                f"LinearCrossEntropyLoss: label_smoothing must be between 0 and 1, got {label_smoothing}"
            )
        super().__init__(weight, reduction=reduction)
        self.num_classes = num_classes
        self.out_features = out_features
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing
        self.linear = Linear(in_features, num_classes * math.prod(out_features), bias, device=device, dtype=dtype)
        self.options = options

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        shape, bias = (self.num_classes, *self.out_features), self.linear.bias
        return F.linear_cross_entropy(
            input,
            self.linear.weight.reshape((*shape, self.linear.in_features)),
            target,
            linear_bias=None if bias is None else bias.reshape(shape),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            options=self.options,
        )

    def extra_repr(self) -> str:
        return (
            f"in_features={self.linear.in_features}, num_classes={self.num_classes}, out_features={self.out_features}, "
            f"bias={self.linear.bias is not None}, reduction={self.reduction}, ignore_index={self.ignore_index}, "
            f"label_smoothing={self.label_smoothing}, options={self.options}"
        )
