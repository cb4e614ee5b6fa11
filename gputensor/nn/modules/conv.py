"""Convolutions and their transposes over one, two and three dims."""

from __future__ import annotations

import math
from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints, check_size, dims_in_words, ntuple
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """The settings and parameters of all convolutions: weight (out, in / groups, *kernel), bias (out,)."""

    ndim = 0
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Any  # ints, "same" or "valid"
    dilation: tuple[int, ...]
    transposed: bool
    output_padding: tuple[int, ...]
    groups: int
    padding_mode: str
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints,
        padding: Ints | str,
        dilation: Ints,
        transposed: bool,
        output_padding: Ints,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any,
        dtype: Any,
    ) -> None:
        super().__init__()
        name, n = type(self).__name__, self.ndim
        for argument, value in (("in_channels", in_channels), ("out_channels", out_channels), ("groups", groups)):
            check_size(name, argument, value)
        if groups <= 0:
            raise ValueError(f"{name}: groups must be a positive integer, got {groups}")
        if in_channels % groups != 0:
            raise ValueError(f"{name}: in_channels must be divisible by groups, got {in_channels} and {groups}")
        if out_channels % groups != 0:
            raise ValueError(f"{name}: out_channels must be divisible by groups, got {out_channels} and {groups}")
        if padding_mode not in _PADDING_MODES:
            raise ValueError(
                f"{name}: padding_mode must be one of {_PADDING_MODES}, but got padding_mode={padding_mode!r}"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = ntuple(name, "kernel_size", kernel_size, n)
        self.stride = ntuple(name, "stride", stride, n)
        self.dilation = ntuple(name, "dilation", dilation, n)
        if isinstance(padding, str):
            if padding not in ("same", "valid"):
                raise ValueError(f"{name}: Invalid padding string {padding!r}, should be one of 'same', 'valid'")
            if padding == "same" and any([s != 1 for s in self.stride]):
                raise ValueError(
                    f"{name}: padding='same' is not supported for strided convolutions, got stride {self.stride}"
                )
            self.padding = padding
        else:
            self.padding = ntuple(name, "padding", padding, n)
        self.transposed = transposed
        self.output_padding = ntuple(name, "output_padding", output_padding, n)
        self.groups = groups
        self.padding_mode = padding_mode
        channels = (in_channels, out_channels // groups) if transposed else (out_channels, in_channels // groups)
        self.weight = Parameter(empty(*channels, *self.kernel_size, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew, uniform in ±1/sqrt(in_channels / groups * kernel elements)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def _padded(self, input: Tensor) -> Tensor:
        """input with the border that padding_mode asks for; the convolution itself then pads nothing."""
        widths: list[int] = []
        for k in reversed(range(self.ndim)):
            if self.padding == "same":
                total = self.dilation[k] * (self.kernel_size[k] - 1)
                widths += [total // 2, total - total // 2]
            else:
                width = 0 if self.padding == "valid" else int(self.padding[k])
                widths += [width, width]
        return F.pad(input, widths, mode=self.padding_mode)

    def _fault(self, input: Tensor, error: ShapeError) -> ShapeError:
        """The error in the words of this layer, if the input has the wrong number of dims or channels."""
        shape, n = tuple(input.shape), self.ndim
        label = f"{self._get_name()}(in_channels={self.in_channels}, out_channels={self.out_channels})"
        if len(shape) not in (n + 1, n + 2):
            return ShapeError(
                f"{label}: expected an input of {n + 1} or {n + 2} dims, {dims_in_words(n)}, got shape {shape}"
            )
        if shape[-n - 1] != self.in_channels:
            return ShapeError(
                f"{label}: expected {self.in_channels} channels in dim {-n - 1} of the input, got shape {shape}"
            )
        return error

    def extra_repr(self) -> str:
        n = self.ndim
        words = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        if self.padding != (0,) * n:
            words.append(f"padding={self.padding}")
        if self.dilation != (1,) * n:
            words.append(f"dilation={self.dilation}")
        if self.output_padding != (0,) * n:
            words.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            words.append(f"groups={self.groups}")
        if self.bias is None:
            words.append("bias=False")
        if self.padding_mode != "zeros":
            words.append(f"padding_mode={self.padding_mode}")
        return ", ".join(words)


class _Conv(_ConvNd):
    """The constructor of the convolutions."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            False,
            0,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )


class Conv1d(_Conv):
    """Convolution over one dim (cross-correlation, as everywhere in deep learning).

    input: (batch, in_channels, length) or (in_channels, length) -> (batch, out_channels, length'), with length' =
    (length + 2*padding - dilation*(kernel_size - 1) - 1) // stride + 1. padding may be "same" or "valid"; padding_mode
    "zeros", "reflect", "replicate" or "circular". Raises ShapeError for another number of channels.

    >>> import gputensor as gt
    >>> gt.nn.Conv1d(2, 4, kernel_size=3)(gt.ones(5, 2, 10)).shape
    gputensor.Size([5, 4, 8])
    """

    ndim = 1

    def forward(self, input: Tensor) -> Tensor:
        try:
            if self.padding_mode != "zeros":
                padded = self._padded(input)
                return F.conv1d(padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
            return F.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        except ShapeError as error:
            raise self._fault(input, error) from None


class Conv2d(_Conv):
    """Convolution over two dims.

    input: (batch, in_channels, height, width) or without batch -> (batch, out_channels, height', width'), each size as
    in `Conv1d`. Settings are ints or pairs. Raises ShapeError for another number of channels.

    >>> import gputensor as gt
    >>> gt.nn.Conv2d(1, 8, kernel_size=3, padding=1)(gt.ones(5, 1, 8, 8)).shape
    gputensor.Size([5, 8, 8, 8])
    """

    ndim = 2

    def forward(self, input: Tensor) -> Tensor:
        try:
            if self.padding_mode != "zeros":
                padded = self._padded(input)
                return F.conv2d(padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
            return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        except ShapeError as error:
            raise self._fault(input, error) from None


class Conv3d(_Conv):
    """Convolution over three dims.

    input: (batch, in_channels, depth, height, width) or without batch -> the same with out_channels, each size as in
    `Conv1d`.

    >>> import gputensor as gt
    >>> gt.nn.Conv3d(1, 2, kernel_size=2)(gt.ones(5, 1, 3, 4, 4)).shape
    gputensor.Size([5, 2, 2, 3, 3])
    """

    ndim = 3

    def forward(self, input: Tensor) -> Tensor:
        try:
            if self.padding_mode != "zeros":
                padded = self._padded(input)
                return F.conv3d(padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
            return F.conv3d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        except ShapeError as error:
            raise self._fault(input, error) from None


class _ConvTransposeNd(_ConvNd):
    """What the transposed convolutions share."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}, got {padding_mode!r}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            True,
            output_padding,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _output_padding(self, input: Tensor, output_size: Any) -> tuple[int, ...]:
        """What must be added at one side to reach output_size. Raises ShapeError for a size that cannot be reached."""
        if output_size is None:
            return self.output_padding
        n = self.ndim
        wanted = tuple(output_size)
        if len(wanted) == input.dim():
            wanted = wanted[-n:]
        if len(wanted) != n:
            raise ShapeError(
                f"{self._get_name()}: for an input of {input.dim()} dims, output_size must have {n} or "
                f"{input.dim()} elements, got {len(wanted)}"
            )
        extra = []
        for k in range(n):
            least = (
                (input.shape[k - n] - 1) * self.stride[k]
                - 2 * int(self.padding[k])
                + self.dilation[k] * (self.kernel_size[k] - 1)
                + 1
            )
            if not least <= wanted[k] < least + self.stride[k]:
                raise ShapeError(
                    f"{self._get_name()}: output_size {wanted} cannot be reached from an input of shape "
                    f"{tuple(input.shape)}: "
                    f"dim {k} must be from {least} to {least + self.stride[k] - 1}"
                )
            extra.append(wanted[k] - least)
        return tuple(extra)


class ConvTranspose1d(_ConvTransposeNd):
    """The transpose of `Conv1d`: what its gradient does to an input.

    input: (batch, in_channels, length) -> (batch, out_channels, length'), with length' = (length - 1)*stride -
    2*padding + dilation*(kernel_size - 1) + output_padding + 1. weight: (in_channels, out_channels / groups,
    kernel_size). output_size chooses among the sizes that a strided convolution maps to one.

    >>> import gputensor as gt
    >>> gt.nn.ConvTranspose1d(2, 4, kernel_size=3, stride=2)(gt.ones(5, 2, 4)).shape
    gputensor.Size([5, 4, 9])
    """

    ndim = 1

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        try:
            return F.conv_transpose1d(
                input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
            )
        except ShapeError as error:
            raise self._fault(input, error) from None


class ConvTranspose2d(_ConvTransposeNd):
    """The transpose of `Conv2d`; see `ConvTranspose1d` for the sizes.

    input: (batch, in_channels, height, width) -> (batch, out_channels, height', width').

    >>> import gputensor as gt
    >>> gt.nn.ConvTranspose2d(2, 4, kernel_size=2, stride=2)(gt.ones(5, 2, 4, 4)).shape
    gputensor.Size([5, 4, 8, 8])
    """

    ndim = 2

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        try:
            return F.conv_transpose2d(
                input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
            )
        except ShapeError as error:
            raise self._fault(input, error) from None


class ConvTranspose3d(_ConvTransposeNd):
    """The transpose of `Conv3d`; see `ConvTranspose1d` for the sizes.

    >>> import gputensor as gt
    >>> gt.nn.ConvTranspose3d(2, 4, kernel_size=2)(gt.ones(5, 2, 3, 3, 3)).shape
    gputensor.Size([5, 4, 4, 4, 4])
    """

    ndim = 3

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        try:
            return F.conv_transpose3d(
                input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
            )
        except ShapeError as error:
            raise self._fault(input, error) from None
