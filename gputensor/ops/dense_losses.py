"""The cross entropy of a linear layer's logits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.errors import ShapeError
from gputensor.ops.classification_losses import cross_entropy
from gputensor.ops.dense import linear
from gputensor.ops.loss_reduction import tensors

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Tensor:
    """The cross entropy of ``linear(input, linear_weight, linear_bias)`` against target.

    input: (batch, in) or (in,); linear_weight: (class, in), or (class, …, in) for input with a batch; linear_bias:
    linear_weight's shape without its last dim. target, weight, reduction, label_smoothing as in `cross_entropy`, for
    logits (batch, class, …). ignore_index: -100 unless given, and only for class numbers. Unlike torch: options, which
    cut the computation into chunks there, are accepted and have no effect. Raises ShapeError for shapes that do not
    fit.

    >>> import gputensor as gt
    >>> x, w = gt.tensor([[1.0, 0.0]]), gt.tensor([[2.0, 0.0], [0.0, 1.0]])
    >>> gt.nn.functional.linear_cross_entropy(x, w, gt.tensor([0]))
    tensor(0.1269)
    """
    name = "linear_cross_entropy"
    tensors(name, input=input, linear_weight=linear_weight, target=target)
    have, table = tuple(input.array.shape), tuple(linear_weight.array.shape)
    if len(have) not in (1, 2) or len(table) < 2 or have[-1] != table[-1]:
        raise ShapeError(
            f"{name}: expected input (batch, in) or (in,) and linear_weight (class, …, in), got shapes {have} and "
            f"{table}"
        )
    classes, rest = table[0], table[1:-1]
    if linear_bias is not None and tuple(linear_bias.array.shape) != table[:-1]:
        raise ShapeError(f"{name}: linear_bias must have shape {table[:-1]}, got {tuple(linear_bias.array.shape)}")
    if rest and len(have) == 1:
        raise ShapeError(f"{name}: linear_weight of shape {table} needs input with a batch, got shape {have}")
    shape = (*have[:-1], classes, *rest)
    if tuple(target.array.shape) == shape and ignore_index is not None:
        raise ShapeError(f"{name}: ignore_index is for class numbers, but target of shape {shape} holds probabilities")
    rows = math.prod(table[:-1])
    bias = None if linear_bias is None else linear_bias.reshape(rows)
    logits = linear(input, linear_weight.reshape((rows, table[-1])), bias).reshape(shape)
    return cross_entropy(
        logits,
        target,
        weight,
        ignore_index=-100 if ignore_index is None else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
