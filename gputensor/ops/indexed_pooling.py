"""Max pooling with the places of the maxima, under names of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gputensor.ops.adaptive_pooling import Sizes, adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d
from gputensor.ops.pooling import max_pool1d, max_pool2d, max_pool3d
from gputensor.ops.spatial import Ints

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool1d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool1d_with_indices(gt.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)[1]
    tensor([[1, 2]])
    """
    return max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool2d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool2d_with_indices(gt.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 2)[1]
    tensor([[[1]]])
    """
    return max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool3d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool3d_with_indices(gt.tensor([[[[1.0, 3.0]], [[2.0, 0.0]]]]), (2, 1, 2))[1]
    tensor([[[[1]]]])
    """
    return max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, True)


def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: Sizes, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool1d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool1d_with_indices(gt.tensor([[1.0, 3.0, 2.0, 0.0]]), 1)[1]
    tensor([[1]])
    """
    return adaptive_max_pool1d(input, output_size, True)


def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: Sizes, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool2d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool2d_with_indices(gt.tensor([[[1.0, 3.0], [2.0, 0.0]]]), 1)[1]
    tensor([[[1]]])
    """
    return adaptive_max_pool2d(input, output_size, True)


def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: Sizes, return_indices: bool = False
) -> tuple[Tensor, Tensor]:
    """`adaptive_max_pool3d` with the places of the maxima, whatever return_indices says.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool3d_with_indices(gt.tensor([[[[1.0, 3.0]], [[2.0, 0.0]]]]), 1)[1]
    tensor([[[[1]]]])
    """
    return adaptive_max_pool3d(input, output_size, True)
