"""The gradients of a convolution for its input and for its weight, as functions of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import binary
from gputensor.core.explain import describe
from gputensor.errors import ShapeError
from gputensor.ops.convolution import ConvolutionTranspose, ConvolutionWeight
from gputensor.ops.dims import array_of
from gputensor.ops.spatial import Ints, per_dim

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def conv1d_input(
    input_size: Sequence[int], weight: Tensor, grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv1d` for an input of shape input_size, given that for its result.

    weight: (channels_out, channels_in / groups, length); grad_output: the shape of the result, (batch, channels_out,
    length). The other arguments are those of the convolution. Raises ShapeError for shapes that do not belong together.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv1d_input((1, 1, 3), gt.tensor([[[1.0, 2.0]]]), gt.tensor([[[1.0, 10.0]]]))
    tensor([[[ 1., 12., 20.]]])
    """
    return _input("conv1d_input", 1, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv1d_weight(
    input: Tensor, weight_size: Sequence[int], grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv1d` for a weight of shape weight_size, given that for its result; shapes as `conv1d_input`.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv1d_weight(gt.tensor([[[1.0, 2.0, 3.0]]]), (1, 1, 2), gt.tensor([[[1.0, 10.0]]]))
    tensor([[[21., 32.]]])
    """
    return _weight("conv1d_weight", 1, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv2d_input(
    input_size: Sequence[int], weight: Tensor, grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv2d` for an input of shape input_size; otherwise as `conv1d_input`.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv2d_input((1, 1, 2, 2), gt.tensor([[[[3.0]]]]), gt.ones(1, 1, 1, 1), stride=2)
    tensor([[[[3., 0.],
              [0., 0.]]]])
    """
    return _input("conv2d_input", 2, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv2d_weight(
    input: Tensor, weight_size: Sequence[int], grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv2d` for a weight of shape weight_size; otherwise as `conv1d_weight`.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv2d_weight(gt.ones(1, 1, 3, 3), (1, 1, 2, 2), gt.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """
    return _weight("conv2d_weight", 2, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv3d_input(
    input_size: Sequence[int], weight: Tensor, grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv3d` for an input of shape input_size; otherwise as `conv1d_input`.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv3d_input((1, 1, 1, 1, 2), gt.full((1, 1, 1, 1, 1), 3.0), gt.ones(1, 1, 1, 1, 2))
    tensor([[[[[3., 3.]]]]])
    """
    return _input("conv3d_input", 3, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv3d_weight(
    input: Tensor, weight_size: Sequence[int], grad_output: Tensor, stride: Ints = 1, padding: Ints = 0,
    dilation: Ints = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `conv3d` for a weight of shape weight_size; otherwise as `conv1d_weight`.

    >>> import gputensor as gt
    >>> gt.nn.grad.conv3d_weight(gt.ones(1, 1, 2, 2, 2), (1, 1, 1, 1, 1), gt.ones(1, 1, 2, 2, 2))
    tensor([[[[[8.]]]]])
    """
    return _weight("conv3d_weight", 3, input, weight_size, grad_output, stride, padding, dilation, groups)


def _input(
    name: str, dims: int, size: Any, weight: Any, g: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    step, pads, spread, size = _settings(name, dims, "input_size", size, stride, padding, dilation)
    array_of(name, weight, "weight")
    _check(name, dims, size, tuple(weight.array.shape), g, step, pads, spread, groups)
    return binary(ConvolutionTranspose(size[2:], step, pads, spread, groups), g, weight)


def _weight(
    name: str, dims: int, input: Any, size: Any, g: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    step, pads, spread, size = _settings(name, dims, "weight_size", size, stride, padding, dilation)
    array_of(name, input)
    _check(name, dims, tuple(input.array.shape), size, g, step, pads, spread, groups)
    return binary(ConvolutionWeight(size[2:], step, pads, spread, groups), input, g)


def _settings(name: str, dims: int, argument: str, size: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    size = tuple(size)
    if len(size) != dims + 2:
        raise ShapeError(f"{name}: {argument} must have {dims + 2} sizes, got {size}")
    pads = tuple([(p, p) for p in per_dim(name, "padding", padding, dims, 0)])
    return per_dim(name, "stride", stride, dims), pads, per_dim(name, "dilation", dilation, dims), size


def _check(
    name: str, dims: int, size: tuple[int, ...], kernel: tuple[int, ...], g: Any, stride: tuple[int, ...],
    pads: tuple[tuple[int, int], ...], dilation: tuple[int, ...], groups: int,
) -> None:  # fmt: skip
    """Raise ShapeError unless grad_output has the shape of the convolution's result."""
    array_of(name, g, "grad_output")
    if len(size) != dims + 2 or len(kernel) != dims + 2 or min(kernel) < 1:
        raise ShapeError(f"{name}: input and weight must have {dims + 2} dims, got shapes {size} and {kernel}")
    if type(groups) is not int or groups < 1 or kernel[0] % groups or size[1] != kernel[1] * groups:
        raise ShapeError(f"{name}: channels of input {size} and weight {kernel} do not fit with groups={groups!r}")
    out = [
        (n + sum(p) - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size[2:], kernel[2:], stride, pads, dilation, strict=True)
    ]
    want = (size[0], kernel[0], *out)
    if tuple(g.array.shape) != want:
        raise ShapeError(f"{name}: grad_output must have shape {want}, that of the convolution, got {describe(g)}")
