"""Layers' functions of `nn.functional` under the order of arguments that they have directly in `torch`.

There every argument is in C++'s order, switches among them. cudnn_enabled is accepted and has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gputensor.core.apply import together, wrap
from gputensor.core.modes import no_grad
from gputensor.core.promotion import INT64
from gputensor.errors import ArgumentError
from gputensor.ops import (
    adaptive_pooling,
    convolution as _convolution,
    dropout as _dropout,
    embedding as _embedding,
    embedding_bag as _embedding_bag,
    grid_sampling,
    normalization as _normalization,
)
from gputensor.ops.dims import checked
from gputensor.ops.padding import pad as _pad
from gputensor.ops.spatial import Ints

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def adaptive_max_pool1d(input: Tensor, output_size: Ints) -> tuple[Tensor, Tensor]:
    """`nn.functional.adaptive_max_pool1d` with the places of the maxima.

    >>> import gputensor as gt
    >>> gt.adaptive_max_pool1d(gt.tensor([[1.0, 3.0, 2.0, 0.0]]), 1)
    (tensor([[3.]]), tensor([[1]]))
    """
    return adaptive_pooling.adaptive_max_pool1d(input, output_size, True)


def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """`nn.functional.batch_norm` with its arguments in another order.

    >>> import gputensor as gt
    >>> gt.batch_norm(gt.tensor([[1.0], [3.0]]), None, None, None, None, True, 0.1, 0.0, False)
    tensor([[-1.],
            [ 1.]])
    """
    return _normalization.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """`nn.functional.instance_norm` with its arguments in another order.

    >>> import gputensor as gt
    >>> gt.instance_norm(gt.tensor([[[1.0, 3.0]]]), None, None, None, None, True, 0.1, 0.0, False)
    tensor([[[-1.,  1.]]])
    """
    return _normalization.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """`nn.functional.group_norm`.

    >>> import gputensor as gt
    >>> gt.group_norm(gt.tensor([[1.0, 3.0]]), 1, eps=0.0)
    tensor([[-1.,  1.]])
    """
    return _normalization.group_norm(input, num_groups, weight, bias, eps)


def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """`nn.functional.layer_norm`.

    >>> import gputensor as gt
    >>> gt.layer_norm(gt.tensor([[1.0, 3.0]]), (2,), eps=0.0)
    tensor([[-1.,  1.]])
    """
    return _normalization.layer_norm(input, normalized_shape, weight, bias, eps)


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """`nn.functional.dropout`; train: whether elements are dropped.

    >>> import gputensor as gt
    >>> gt.dropout(gt.ones(2), 0.5, False)
    tensor([1., 1.])
    """
    return _dropout.dropout(input, p, train)


def dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """`dropout` in place.

    >>> import gputensor as gt
    >>> gt.dropout_(gt.ones(2), 1.0, True)
    tensor([0., 0.])
    """
    return _dropout.dropout(input, p, train, True)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """`nn.functional.alpha_dropout`.

    >>> import gputensor as gt
    >>> gt.alpha_dropout(gt.ones(2), 0.5, False)
    tensor([1., 1.])
    """
    return _dropout.alpha_dropout(input, p, train)


def alpha_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """`alpha_dropout` in place.

    >>> import gputensor as gt
    >>> gt.alpha_dropout_(gt.ones(2), 0.5, False)
    tensor([1., 1.])
    """
    return _dropout.alpha_dropout(input, p, train, True)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """`nn.functional.feature_alpha_dropout`.

    >>> import gputensor as gt
    >>> gt.feature_alpha_dropout(gt.ones(1, 2, 1), 0.5, False).flatten()
    tensor([1., 1.])
    """
    return _dropout.feature_alpha_dropout(input, p, train)


def feature_alpha_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """`feature_alpha_dropout` in place.

    >>> import gputensor as gt
    >>> gt.feature_alpha_dropout_(gt.ones(1, 2, 1), 0.5, False).flatten()
    tensor([1., 1.])
    """
    return _dropout.feature_alpha_dropout(input, p, train, True)


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Dropout of whole channels, (batch, channel, …), as `nn.functional.dropout2d` for any number of dims.

    >>> import gputensor as gt
    >>> gt.feature_dropout(gt.ones(1, 2, 3), 1.0, True).sum()
    tensor(0.)
    """
    return _dropout.channel_dropout("feature_dropout", input, p, train, False)


def feature_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """`feature_dropout` in place.

    >>> import gputensor as gt
    >>> gt.feature_dropout_(gt.ones(1, 2, 3), 1.0, True).sum()
    tensor(0.)
    """
    return _dropout.channel_dropout("feature_dropout_", input, p, train, True)


def native_dropout(input: Tensor, p: float, train: bool | None) -> tuple[Tensor, Tensor]:
    """`dropout` and the mask of what it kept, a boolean tensor.

    >>> import gputensor as gt
    >>> gt.native_dropout(gt.ones(2), 0.5, False)
    (tensor([1., 1.]), tensor([True, True]))
    """
    checked("native_dropout", input)
    kept = _dropout.dropout(input.detach() * 0 + 1, p, train is None or train)
    return input * kept, kept != 0


def embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: int = -1,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """`nn.functional.embedding` with weight first; padding_idx -1 is none.

    >>> import gputensor as gt
    >>> gt.embedding(gt.tensor([[1.0], [2.0]]), gt.tensor([1, 0]))
    tensor([[2.],
            [1.]])
    """
    padding = None if padding_idx < 0 else padding_idx
    return _embedding.embedding(indices, weight, padding, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


def embedding_renorm_(input: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> Tensor:
    """The rows of input that indices name, scaled down to max_norm in place; returns input.

    >>> import gputensor as gt
    >>> gt.embedding_renorm_(gt.tensor([[3.0, 4.0], [3.0, 4.0]]), gt.tensor([0]), 1.0, 2.0)
    tensor([[0.6000, 0.8000],
            [3.0000, 4.0000]])
    """
    with no_grad():
        _embedding.embedding(indices, input, max_norm=max_norm, norm_type=norm_type)
    return input


def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: bool = False,
    mode: int = 0,
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`nn.functional.embedding_bag` with weight first; mode: 0 sum, 1 mean, 2 max.

    Returns the result, the bag of every index, the sizes of the bags (padding left out), and for the maxima an empty
    tensor. Unlike torch: the last three are always computed in full.

    >>> import gputensor as gt
    >>> gt.embedding_bag(gt.tensor([[1.0], [2.0]]), gt.tensor([1, 0]), gt.tensor([0]))[0]
    tensor([[3.]])
    """
    names = ("sum", "mean", "max")
    if mode not in (0, 1, 2):
        raise ArgumentError(f"embedding_bag: mode must be 0 (sum), 1 (mean) or 2 (max), got {mode!r}")
    out = _embedding_bag.embedding_bag(
        indices, weight, offsets, None, 2.0, scale_grad_by_freq, names[mode], sparse, per_sample_weights,
        include_last_offset, padding_idx,
    )  # fmt: skip
    if offsets is not None and offsets.xp is not indices.xp:
        indices, offsets = together("embedding_bag", (indices, offsets))
    bag, bags, dropped = _embedding_bag.bags_of(indices, offsets, include_last_offset)
    xp, counted = indices.xp, None
    if padding_idx is not None:
        numbers = xp.getitem(xp.reshape(indices.array, (-1,)), (slice(0, bag.array.shape[0]),))
        counted = wrap(numbers != padding_idx % weight.array.shape[0], xp)
    sizes = _embedding_bag.counts_of(xp, bag.array, bags, counted, INT64)
    sizes = xp.getitem(sizes, (slice(0, bags - 1),)) if dropped else sizes
    return out, bag, wrap(sizes, xp), wrap(xp.zeros((0,), sizes.dtype), xp)


def constant_pad_nd(input: Tensor, pad: Sequence[int], value: float = 0) -> Tensor:
    """`nn.functional.pad` with a constant.

    >>> import gputensor as gt
    >>> gt.constant_pad_nd(gt.tensor([1.0]), (1, 0), 5.0)
    tensor([5., 1.])
    """
    return _pad(input, pad, "constant", value)


def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Tensor:
    """`nn.functional.conv1d`, `conv2d`, `conv3d` or a transposed one, by the number of dims of weight.

    >>> import gputensor as gt
    >>> gt.convolution(gt.ones(1, 1, 4), gt.ones(1, 1, 3), None, [1], [0], [1], False, [0], 1)
    tensor([[[3., 3.]]])
    """
    dims = checked("convolution", weight).array.ndim - 2
    if not 1 <= dims <= 3:
        raise ArgumentError(f"convolution: weight must have 3 to 5 dims, got shape {tuple(weight.array.shape)}")
    if transposed:
        function = (_convolution.conv_transpose1d, _convolution.conv_transpose2d, _convolution.conv_transpose3d)
        return function[dims - 1](input, weight, bias, stride, padding, output_padding, groups, dilation)
    plain = (_convolution.conv1d, _convolution.conv2d, _convolution.conv3d)[dims - 1]
    return plain(input, weight, bias, stride, padding, dilation, groups)


def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`nn.functional.grid_sample` with its modes as numbers, in the order in which that function lists them.

    >>> import gputensor as gt
    >>> gt.grid_sampler(gt.tensor([[[[1.0, 3.0]]]]), gt.zeros(1, 1, 1, 2), 0, 0, False)
    tensor([[[[2.]]]])
    """
    if interpolation_mode not in (0, 1, 2) or padding_mode not in (0, 1, 2):
        raise ArgumentError(
            f"grid_sampler: interpolation_mode and padding_mode must be 0, 1 or 2, got {interpolation_mode!r} and "
            f"{padding_mode!r}"
        )
    mode = ("bilinear", "nearest", "bicubic")[interpolation_mode]
    return grid_sampling.grid_sample(input, grid, mode, ("zeros", "border", "reflection")[padding_mode], align_corners)


def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`grid_sampler` of images.

    >>> import gputensor as gt
    >>> gt.grid_sampler_2d(gt.tensor([[[[1.0, 3.0]]]]), gt.zeros(1, 1, 1, 2), 0, 0, False)
    tensor([[[[2.]]]])
    """
    return grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)


def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`grid_sampler` of volumes.

    >>> import gputensor as gt
    >>> gt.grid_sampler_3d(gt.tensor([[[[[1.0, 3.0]]]]]), gt.zeros(1, 1, 1, 1, 3), 0, 0, False)
    tensor([[[[[2.]]]]])
    """
    return grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)


def affine_grid_generator(theta: Tensor, size: Sequence[int], align_corners: bool) -> Tensor:
    """`nn.functional.affine_grid`.

    >>> import gputensor as gt
    >>> gt.affine_grid_generator(gt.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), (1, 1, 1, 1), False)
    tensor([[[[0., 0.]]]])
    """
    return grid_sampling.affine_grid(theta, size, align_corners)
