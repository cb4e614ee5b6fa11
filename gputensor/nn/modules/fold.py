"""Windows of images as columns, and back."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints


class Unfold(Module):
    """Every window of an image as one column; see `gputensor.nn.functional.unfold`.

    input: (batch, channels, height, width) or without batch -> (batch, channels * taps, windows).

    >>> import gputensor as gt
    >>> gt.nn.Unfold(2)(gt.ones(1, 3, 4, 5)).shape
    gputensor.Size([1, 12, 12])
    """

    def __init__(self, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Module):
    """Columns added into images of output_size; see `gputensor.nn.functional.fold`.

    input: (batch, channels * taps, windows) or without batch -> (batch, channels, height, width).

    >>> import gputensor as gt
    >>> gt.nn.Fold((4, 5), 2)(gt.ones(1, 12, 12)).shape
    gputensor.Size([1, 3, 4, 5])
    """

    def __init__(
        self, output_size: Ints, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )
