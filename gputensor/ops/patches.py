"""Sliding windows of images as columns of a matrix, and columns added back into images: im2col and col2im."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.explain import dtype_name
from gputensor.core.promotion import BOOL, FLOATING
from gputensor.core.writes import ViewPut
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.indexing import Slice, getitem
from gputensor.ops.layout import contiguous_format
from gputensor.ops.loss_reduction import tensors
from gputensor.ops.padding import pad
from gputensor.ops.spatial import Ints, per_dim
from gputensor.ops.strided_views import WindowAdd

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def unfold(input: Tensor, kernel_size: Ints, dilation: Ints = 1, padding: Ints = 0, stride: Ints = 1) -> Tensor:
    """Every window of an image as one column.

    input: (batch, channel, height, width) or (channel, height, width), floating-point or complex; returns (batch,
    channel * tap * tap, window), windows row by row: what a convolution multiplies with its weight. kernel_size,
    dilation, padding (with zeros), stride: an int or two. A copy. Raises ShapeError for windows that do not fit,
    DtypeError for integers.

    >>> import gputensor as gt
    >>> gt.nn.functional.unfold(gt.tensor([[[1.0, 2.0, 3.0]]]), (1, 2))
    tensor([[1., 2.],
            [2., 3.]])
    """
    x, alone = _batched("unfold", input, 4)
    shape = x.array.shape
    taps, spread, pads, step = _settings("unfold", kernel_size, dilation, padding, stride)
    if 0 in shape[1:]:
        raise ShapeError(f"unfold: only the batch may be empty, got input of shape {tuple(input.array.shape)}")
    count = _counts("unfold", shape[2:], taps, spread, pads, step)
    x = pad(x, (pads[1], pads[1], pads[0], pads[0])) if max(pads) else x
    every = slice(None)
    for k in range(2):
        # (…, window, …, tap), every dilation-th element of the windows' whole extent
        x = x.unfold(2 + k, spread[k] * (taps[k] - 1) + 1, step[k])
        x = getitem(x, (*(every,) * (x.array.ndim - 1), slice(None, None, spread[k]))) if spread[k] > 1 else x
    out = x.permute(0, 1, 4, 5, 2, 3)  # (batch, channel, tap, tap, window, window)
    out = out.reshape((shape[0], shape[1] * taps[0] * taps[1], count[0] * count[1]))
    if out._parent is not None:
        out = out.clone(memory_format=contiguous_format)
    return out.reshape(out.array.shape[1:]) if alone else out


def fold(
    input: Tensor,
    output_size: Ints,
    kernel_size: Ints,
    dilation: Ints = 1,
    padding: Ints = 0,
    stride: Ints = 1,
) -> Tensor:
    """Columns added into an image, each into its window: the transpose of `unfold`.

    input: (batch, channel * tap * tap, window) or without batch; output_size: the height and width of the image;
    returns (batch, channel, height, width). The rest as in `unfold`. Where windows overlap values add up; 16-bit floats
    do so in float32. Raises ShapeError for numbers of columns or rows that do not fit, DtypeError for integers.

    >>> import gputensor as gt
    >>> gt.nn.functional.fold(gt.tensor([[1.0, 2.0], [2.0, 3.0]]), (1, 3), (1, 2))
    tensor([[[1., 4., 3.]]])
    """
    x, alone = _batched("fold", input, 3)
    batch, rows, columns = x.array.shape
    size = per_dim("fold", "output_size", output_size, 2)
    taps, spread, pads, step = _settings("fold", kernel_size, dilation, padding, stride)
    if rows == 0 or rows % (taps[0] * taps[1]):
        raise ShapeError(
            f"fold: input of shape {tuple(input.array.shape)} must have a multiple of {taps[0] * taps[1]} rows, the "
            f"taps of kernel_size {taps}"
        )
    count = _counts("fold", size, taps, spread, pads, step)
    if columns != count[0] * count[1]:
        raise ShapeError(
            f"fold: {count[0]} x {count[1]} = {count[0] * count[1]} windows of {taps} fit into {size}, input of shape "
            f"{tuple(input.array.shape)} has {columns} columns"
        )
    x = x.reshape((batch, rows // (taps[0] * taps[1]), *taps, *count)).permute(0, 1, 4, 5, 2, 3)
    for k in (1, 0):
        if spread[k] > 1:
            x = _spread(x, spread[k])
        x = apply1(WindowAdd(2 + k, size[k] + 2 * pads[k], step[k]), x)
    inner = [slice(p, p + n) for p, n in zip(pads, size, strict=True)]
    out = getitem(x, (slice(None), slice(None), *inner)).contiguous() if max(pads) else x
    return out.reshape(out.array.shape[1:]) if alone else out


def _spread(x: Any, dilation: int) -> Any:
    """The elements of the last axis with zeros between them."""
    shape = x.array.shape
    every = Slice((*(slice(None),) * (len(shape) - 1), slice(None, None, dilation)))
    return apply1(ViewPut((*shape[:-1], dilation * (shape[-1] - 1) + 1), x.array.dtype, (every,)), x)


def _batched(name: str, x: Any, ndim: int) -> tuple[Any, bool]:
    tensors(name, input=x)
    if x.array.dtype not in FLOATING and x.array.dtype != BOOL:
        raise DtypeError(
            f"{name}: expected a floating-point or complex tensor, got {dtype_name(x.array.dtype)}; use .float()"
        )
    shape = tuple(x.array.shape)
    if len(shape) not in (ndim, ndim - 1):
        words = "(batch, channel, height, width)" if ndim == 4 else "(batch, channel * taps, windows)"
        raise ShapeError(f"{name}: expected input of shape {words} or without batch, got {shape}")
    return (x, False) if len(shape) == ndim else (x.reshape((1, *shape)), True)


def _settings(name: str, kernel: Any, dilation: Any, padding: Any, stride: Any) -> list[tuple[int, ...]]:
    return [
        per_dim(name, label, value, 2, least)
        for label, value, least in (
            ("kernel_size", kernel, 1),
            ("dilation", dilation, 1),
            ("padding", padding, 0),
            ("stride", stride, 1),
        )
    ]


def _counts(name: str, size: Any, taps: Any, spread: Any, pads: Any, step: Any) -> list[int]:
    count = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, d, p, s in zip(size, taps, spread, pads, step, strict=True)
    ]
    if min(count) < 1:
        raise ShapeError(
            f"{name}: windows of {tuple(taps)} with dilation {tuple(spread)} do not fit into {tuple(size)} with "
            f"padding {tuple(pads)}"
        )
    return count
