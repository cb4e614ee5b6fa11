"""Convolution over one, two or three spatial dims. A channels-last operand gives a channels-last result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply3, binary, promote
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.padding import pad as constant_pad
from gputensor.ops.spatial import Ints, batched, per_dim, unbatched

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Pads = tuple[tuple[int, int], ...]


class _Windows(Primitive):
    """What the three primitives share; padding is (before, after) for every spatial dim."""

    __slots__ = ("dilation", "groups", "padding", "stride")

    def __init__(self, stride: tuple[int, ...], padding: Pads, dilation: tuple[int, ...], groups: int) -> None:
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups


class Convolution(_Windows):
    __slots__ = ()
    saves = ("x", "weight")
    cross = True

    def forward(self, xp: Any, x: Any, weight: Any) -> Any:
        return xp.conv(x, weight, None, self.stride, self.padding, self.dilation, self.groups)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, weight: Any) -> Any:
        return xp.conv_transpose(g, weight, x.shape[2:], self.stride, self.padding, self.dilation, self.groups)

    def vjp_weight(self, xp: Any, g: Any, out: Any, x: Any, weight: Any) -> Any:
        return xp.conv_weight(x, g, weight.shape[2:], self.stride, self.padding, self.dilation, self.groups)


class ConvolutionBias(_Windows):
    """With the bias in the same pass over the result."""

    __slots__ = ()
    grad_name = "ConvolutionBackward0"
    saves = ("x", "weight")

    def forward(self, xp: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.conv(x, weight, bias, self.stride, self.padding, self.dilation, self.groups)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.conv_transpose(g, weight, x.shape[2:], self.stride, self.padding, self.dilation, self.groups)

    def vjp_weight(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.conv_weight(x, g, weight.shape[2:], self.stride, self.padding, self.dilation, self.groups)

    def vjp_bias(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.sum(g, (0, *range(2, len(g.shape))), False)


class ConvolutionTranspose(_Windows):
    """The transpose of the convolution in x, for an x of spatial shape `size`."""

    __slots__ = ("size",)
    saves = ("y", "weight")
    cross = True

    def __init__(
        self, size: tuple[int, ...], stride: tuple[int, ...], padding: Pads, dilation: tuple[int, ...], groups: int
    ) -> None:
        super().__init__(stride, padding, dilation, groups)
        self.size = size

    def forward(self, xp: Any, y: Any, weight: Any) -> Any:
        return xp.conv_transpose(y, weight, self.size, self.stride, self.padding, self.dilation, self.groups)

    def vjp_y(self, xp: Any, g: Any, out: Any, y: Any, weight: Any) -> Any:
        return xp.conv(g, weight, None, self.stride, self.padding, self.dilation, self.groups)

    def vjp_weight(self, xp: Any, g: Any, out: Any, y: Any, weight: Any) -> Any:
        return xp.conv_weight(g, y, weight.shape[2:], self.stride, self.padding, self.dilation, self.groups)


class ConvolutionWeight(_Windows):
    """The transpose of the convolution in its weight, for a weight of taps `kernel`."""

    __slots__ = ("kernel",)
    saves = ("x", "y")
    cross = True

    def __init__(
        self, kernel: tuple[int, ...], stride: tuple[int, ...], padding: Pads, dilation: tuple[int, ...], groups: int
    ) -> None:
        super().__init__(stride, padding, dilation, groups)
        self.kernel = kernel

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.conv_weight(x, y, self.kernel, self.stride, self.padding, self.dilation, self.groups)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.conv_transpose(y, g, x.shape[2:], self.stride, self.padding, self.dilation, self.groups)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.conv(x, g, None, self.stride, self.padding, self.dilation, self.groups)


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) over one spatial dim.

    out[n, o, t] = bias[o] + sum over c, k of input[n, c, t * stride + k * dilation - padding] * weight[o, c, k].
    input: (batch, channel, length) or (channel, length); weight: (out, channel / groups, tap); bias: (out,).
    The rest, errors included, as in `conv2d`.
    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv1d(gt.ones(1, 1, 4), gt.ones(1, 1, 3))
    tensor([[[3., 3.]]])
    """
    return _conv("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) over two spatial dims.

    out[n, o, i, j] = bias[o] + sum over c, k, l of input[n, c, i * stride + k * dilation - padding, …] * weight[o, c,
    k, l]. input: (batch, channel, height, width) or (channel, height, width); weight: (out, channel / groups, tap,
    tap); bias: (out,); returns (batch, out, …), channels last in memory where input or weight is. padding: ints,
    "valid" (none) or "same" (a result of the input's size, stride 1 only). groups: the channels are split into so many
    parts that do not see each other. Dtypes promote; 16-bit floats are summed in float32. Unlike torch: operands of
    different floating-point dtypes promote. Raises ShapeError for shapes that do not fit, DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv2d(gt.ones(1, 1, 3, 3), gt.ones(1, 1, 2, 2), padding=1)
    tensor([[[[1., 2., 2., 1.],
              [2., 4., 4., 2.],
              [2., 4., 4., 2.],
              [1., 2., 2., 1.]]]])
    """
    return _conv("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints | str = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) over three spatial dims.

    input: (batch, channel, depth, height, width) or without batch; weight: (out, channel / groups, tap, tap, tap);
    bias: (out,). The rest, errors included, as in `conv2d`. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv3d(gt.ones(1, 2, 3, 3, 3), gt.ones(4, 2, 3, 3, 3)).shape
    gputensor.Size([1, 4, 1, 1, 1])
    """
    return _conv("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


@autocasts("conv_transpose1d")
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """The transpose of `conv1d`: every element of input adds its multiple of the kernel to the result.

    input: (batch, channel, length) or (channel, length); weight: (channel, out / groups, tap). The rest as in
    `conv_transpose2d`. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv_transpose1d(gt.ones(1, 1, 2), gt.ones(1, 1, 3))
    tensor([[[1., 2., 2., 1.]]])
    """
    return _conv_transpose(
        "conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@autocasts("conv_transpose2d")
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """The transpose of `conv2d`: every element of input adds its multiple of the kernel to the result.

    input: (batch, channel, height, width) or (channel, height, width); weight: (channel, out / groups, tap, tap); bias:
    (out,). Each size becomes (n - 1) * stride - 2 * padding + dilation * (taps - 1) + output_padding + 1;
    output_padding chooses among the sizes that `conv2d` with this stride would map to n. Dtypes as in `conv2d`. Raises
    ShapeError for shapes that do not fit, and where output_padding is not below stride or dilation.
    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv_transpose2d(gt.ones(1, 1, 2, 2), gt.ones(1, 1, 1, 2), stride=2)
    tensor([[[[1., 1., 1., 1.],
              [0., 0., 0., 0.],
              [1., 1., 1., 1.]]]])
    """
    return _conv_transpose(
        "conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


@autocasts("conv_transpose3d")
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    """The transpose of `conv3d`: every element of input adds its multiple of the kernel to the result.

    input: (batch, channel, depth, height, width) or without batch; weight: (channel, out / groups, tap, tap, tap). The
    rest as in `conv_transpose2d`. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv_transpose3d(gt.ones(1, 2, 2, 2, 2), gt.ones(2, 3, 3, 3, 3)).shape
    gputensor.Size([1, 3, 4, 4, 4])
    """
    return _conv_transpose(
        "conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """Convolution over time of sequences with time first and channels last.

    input: (time, batch, channel); weight: (tap, channel, out); bias: (out,); pad: zeros at both ends; returns (time',
    batch, out). Errors as in `conv1d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.conv_tbc(gt.ones(3, 1, 1), gt.ones(2, 1, 1), gt.zeros(1)).flatten()
    tensor([2., 2.])
    """
    for label, value, ndim in (("input", input, 3), ("weight", weight, 3), ("bias", bias, 1)):
        if not isinstance(value, _apply.Tensor):
            raise TypeError(f"conv_tbc: {label} must be a Tensor, got {describe(value)}")
        if value.array.ndim != ndim:
            raise ShapeError(f"conv_tbc: {label} must have {ndim} dims, got shape {tuple(value.array.shape)}")
    out = _conv("conv_tbc", 1, input.permute(1, 2, 0), weight.permute(2, 1, 0), bias, 1, pad, 1, 1)
    return out.permute(2, 0, 1).contiguous()


def _conv(
    name: str, dims: int, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    x, alone = batched(name, input, dims)
    step, spread = per_dim(name, "stride", stride, dims), per_dim(name, "dilation", dilation, dims)
    size, kernel = _checked(name, dims, x, weight, bias, groups, 1)
    if isinstance(padding, str):
        pads = _named_padding(name, padding, step, spread, kernel)
    else:
        pads = tuple([(p, p) for p in per_dim(name, "padding", padding, dims, 0)])
    for n, (before, after), k, d in zip(size, pads, kernel, spread, strict=True):
        if n + before + after < d * (k - 1) + 1:
            raise ShapeError(
                f"{name}: a kernel of {kernel} (dilation {spread}) does not fit into input of shape "
                f"{tuple(input.array.shape)} with padding {padding}; use a smaller kernel or more padding"
            )
    if bias is None:
        out = binary(Convolution(step, pads, spread, groups), x, weight)
    else:
        if not x.array.dtype == weight.array.dtype == bias.array.dtype:
            x, weight, bias = promote(name, (x, weight, bias))
        out = apply3(ConvolutionBias(step, pads, spread, groups), x, weight, bias)
    return unbatched(out, alone)


def _conv_transpose(
    name: str,
    dims: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Any:
    x, alone = batched(name, input, dims)
    step, spread = per_dim(name, "stride", stride, dims), per_dim(name, "dilation", dilation, dims)
    pad = per_dim(name, "padding", padding, dims, 0)
    extra = per_dim(name, "output_padding", output_padding, dims, 0)
    size, kernel = _checked(name, dims, x, weight, bias, groups, 0)
    if any([e >= max(s, d) for e, s, d in zip(extra, step, spread, strict=True)]):
        raise ShapeError(
            f"{name}: output_padding {extra} must be below stride {step} or dilation {spread} in every dim"
        )
    full = tuple(
        [
            (n - 1) * s - 2 * p + d * (k - 1) + e + 1
            for n, s, p, d, k, e in zip(size, step, pad, spread, kernel, extra, strict=True)
        ]
    )
    if min(full) < 1:
        raise ShapeError(
            f"{name}: the result would have spatial shape {full} for input of shape {tuple(input.array.shape)}; use "
            "less padding"
        )
    # more rows at the end than a stride would be windows of their own: first those that padding took away, then zeros
    back = tuple([min(e, p) if e >= s else 0 for e, p, s in zip(extra, pad, step, strict=True)])
    zeros = tuple([e - b if e >= s else 0 for e, b, s in zip(extra, back, step, strict=True)])
    pads = tuple([(p, p - b) for p, b in zip(pad, back, strict=True)])
    size = tuple([n - z for n, z in zip(full, zeros, strict=True)])
    out = binary(ConvolutionTranspose(size, step, pads, spread, groups), x, weight)
    if max(zeros):
        out = constant_pad(out, [n for z in reversed(zeros) for n in (0, z)])
    if bias is not None:
        out = out + bias.reshape((-1, *[1] * dims))
    return unbatched(out, alone)


def _checked(
    name: str, dims: int, x: Any, weight: Any, bias: Any, groups: int, channel: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The spatial shapes of x and weight, once their channels fit; `channel`: the dim of weight that belongs to x's
    channels."""
    for label, value in (("weight", weight), ("bias", bias)):
        if not isinstance(value, _apply.Tensor) and not (value is None and label == "bias"):
            raise TypeError(f"{name}: {label} must be a Tensor, got {describe(value)}")
    shape, have = x.array.shape, weight.array.shape
    if type(groups) is not int or groups < 1:
        raise ShapeError(f"{name}: groups must be a positive int, got {groups!r}")
    if len(have) != dims + 2:
        raise ShapeError(f"{name}: weight must have {dims + 2} dims, got shape {tuple(have)}")
    if have[0] % groups:
        raise ShapeError(f"{name}: the first dim of weight {tuple(have)} must be divisible by groups={groups}")
    expected = have[1] * groups if channel else have[0]
    if shape[1] != expected:
        raise ShapeError(
            f"{name}: input of shape {tuple(shape)} has {shape[1]} channels, weight {tuple(have)} with groups={groups} "
            f"expects {expected}"
        )
    if 0 in have[2:]:
        raise ShapeError(f"{name}: weight must have at least one tap in every dim, got shape {tuple(have)}")
    if bias is not None:
        channels = have[0] if channel else have[1] * groups
        if bias.array.shape != (channels,):
            raise ShapeError(
                f"{name}: bias must have shape ({channels},) for weight {tuple(have)}, got {tuple(bias.array.shape)}"
            )
    if x.array.dtype.kind == "b" or weight.array.dtype.kind == "b":
        raise DtypeError(f"{name}: not defined for bool; convert with .float()")
    return shape[2:], have[2:]


def _named_padding(
    name: str, padding: str, stride: tuple[int, ...], dilation: tuple[int, ...], kernel: tuple[int, ...]
) -> Pads:
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding != "same":
        raise ShapeError(f"{name}: padding must be ints, 'valid' or 'same', got {padding!r}")
    if max(stride) > 1:
        raise ShapeError(f"{name}: padding='same' needs stride 1, got stride {stride}")
    totals = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
    return tuple([(t // 2, t - t // 2) for t in totals])
