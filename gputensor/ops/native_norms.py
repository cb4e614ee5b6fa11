"""Normalizations that give their statistics too, under the names of PyTorch's kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.ops import normalization as _normalization
from gputensor.ops.reduction import mean as _mean

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def native_layer_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None, bias: Tensor | None, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`layer_norm`, the means, and one over the standard deviations: the last two with dims of size 1.

    >>> import gputensor as gt
    >>> gt.native_layer_norm(gt.tensor([[1.0, 5.0]]), (2,), None, None, 0.0)
    (tensor([[-1.,  1.]]), tensor([[3.]]), tensor([[0.5000]]))
    """
    out = _normalization.layer_norm(input, normalized_shape, weight, bias, eps)
    # PyTorch gives these two no gradient
    centre, scale = _statistics(input.detach(), tuple(range(-len(normalized_shape), 0)), eps)
    return out, centre, scale


def native_group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, N: int, C: int, HxW: int, group: int, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """`group_norm`, the means and one over the standard deviations, (batch, group). N, C, HxW: the sizes of input.

    >>> import gputensor as gt
    >>> gt.native_group_norm(gt.tensor([[[1.0], [5.0]]]), None, None, 1, 2, 1, 1, 0.0)[1:]
    (tensor([[3.]]), tensor([[0.5000]]))
    """
    out = _normalization.group_norm(input, group, weight, bias, eps)
    centre, scale = _statistics(input.reshape((N, group, C // group * HxW)), (2,), eps)
    return out, centre.reshape((N, group)), scale.reshape((N, group))


def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`batch_norm`, the means and one over the standard deviations of the batch, (channel,); unless training empty.

    >>> import gputensor as gt
    >>> gt.native_batch_norm(gt.tensor([[1.0], [5.0]]), None, None, None, None, True, 0.1, 0.0)[1:]
    (tensor([3.]), tensor([0.5000]))
    """
    out = _normalization.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    if not training:
        nothing = input.detach().reshape((math.prod(input.array.shape),))[:0]
        return out, nothing, nothing.clone()
    centre, scale = _statistics(input.detach(), (0, *range(2, input.array.ndim)), eps)
    channels = (input.array.shape[1],)
    return out, centre.reshape(channels), scale.reshape(channels)


def _statistics(x: Any, dims: tuple[int, ...], eps: float) -> tuple[Any, Any]:
    """The mean, and one over the standard deviation, biased, over dims of size 1 from then on."""
    centre = _mean(x, dims, True)
    away = x - centre
    return centre, (_mean(away * away, dims, True) + eps) ** -0.5
