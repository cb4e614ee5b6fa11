"""Pooling over windows and to fixed sizes."""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints, ntuple


class _MaxPoolNd(Module):
    """The settings of max pooling; stride None means kernel_size."""

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPoolNd):
    """The largest value of every window.

    input: (batch, channels, length) or (channels, length) -> the same with length' = (length + 2*padding -
    dilation*(kernel_size - 1) - 1) // stride + 1, rounded up with ceil_mode. return_indices: also give the places of
    the maxima.

    >>> import gputensor as gt
    >>> gt.nn.MaxPool1d(2)(gt.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[3., 2.]])
    """

    def forward(self, input: Tensor) -> Any:
        return F.max_pool1d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )


class MaxPool2d(_MaxPoolNd):
    """The largest value of every window over two dims; settings are ints or pairs. See `MaxPool1d`.

    input: (batch, channels, height, width) or without batch.

    >>> import gputensor as gt
    >>> gt.nn.MaxPool2d(2)(gt.ones(5, 3, 8, 8)).shape
    gputensor.Size([5, 3, 4, 4])
    """

    def forward(self, input: Tensor) -> Any:
        return F.max_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )


class MaxPool3d(_MaxPoolNd):
    """The largest value of every window over three dims. See `MaxPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.MaxPool3d(2)(gt.ones(5, 3, 8, 8, 8)).shape
    gputensor.Size([5, 3, 4, 4, 4])
    """

    def forward(self, input: Tensor) -> Any:
        return F.max_pool3d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            ceil_mode=self.ceil_mode,
            return_indices=self.return_indices,
        )


class _AvgPoolNd(Module):
    """The repr of average pooling."""

    kernel_size: Ints
    stride: Ints
    padding: Ints
    ceil_mode: bool
    count_include_pad: bool

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPoolNd):
    """The mean of every window.

    input: (batch, channels, length) or (channels, length); sizes as in `MaxPool1d` with dilation 1. count_include_pad:
    zeros of the padding count.

    >>> import gputensor as gt
    >>> gt.nn.AvgPool1d(2)(gt.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[2., 1.]])
    """

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        name = self._get_name()
        self.kernel_size = ntuple(name, "kernel_size", kernel_size, 1)
        self.stride = ntuple(name, "stride", kernel_size if stride is None else stride, 1)
        self.padding = ntuple(name, "padding", padding, 1)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class _AvgPoolWithDivisor(_AvgPoolNd):
    """The constructor of average pooling over two and three dims."""

    def __init__(
        self,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override


class AvgPool2d(_AvgPoolWithDivisor):
    """The mean of every window over two dims; divisor_override divides the sums by another number. See `AvgPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.AvgPool2d(2)(gt.tensor([[[1.0, 3.0], [2.0, 0.0]]]))
    tensor([[[1.5000]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


class AvgPool3d(_AvgPoolWithDivisor):
    """The mean of every window over three dims. See `AvgPool2d`.

    >>> import gputensor as gt
    >>> gt.nn.AvgPool3d(2)(gt.ones(5, 3, 8, 8, 8)).shape
    gputensor.Size([5, 3, 4, 4, 4])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool3d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


class _AdaptiveAvgPoolNd(Module):
    """The setting of adaptive average pooling."""

    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPoolNd):
    """The means of output_size windows that cover the input evenly.

    input: (batch, channels, length) or (channels, length) -> (batch, channels, output_size).

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveAvgPool1d(2)(gt.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[2., 1.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPoolNd):
    """The means of output_size windows, an int or a pair, None to keep a size. See `AdaptiveAvgPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveAvgPool2d(1)(gt.ones(5, 3, 8, 8)).shape
    gputensor.Size([5, 3, 1, 1])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptiveAvgPoolNd):
    """The means of output_size windows over three dims. See `AdaptiveAvgPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveAvgPool3d(1)(gt.ones(5, 3, 8, 8, 8)).shape
    gputensor.Size([5, 3, 1, 1, 1])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool3d(input, self.output_size)


class _AdaptiveMaxPoolNd(Module):
    """The settings of adaptive max pooling."""

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The maxima of output_size windows that cover the input evenly; with return_indices also their places.

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveMaxPool1d(2)(gt.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[3., 2.]])
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool1d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The maxima of output_size windows over two dims. See `AdaptiveMaxPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveMaxPool2d((1, 2))(gt.ones(5, 3, 8, 8)).shape
    gputensor.Size([5, 3, 1, 2])
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The maxima of output_size windows over three dims. See `AdaptiveMaxPool1d`.

    >>> import gputensor as gt
    >>> gt.nn.AdaptiveMaxPool3d(2)(gt.ones(5, 3, 8, 8, 8)).shape
    gputensor.Size([5, 3, 2, 2, 2])
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool3d(input, self.output_size, self.return_indices)
