"""Values put back where max pooling found them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply3, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import dtype_name
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.gathering import Scatter
from gputensor.ops.loss_reduction import tensors
from gputensor.ops.operands import REAL
from gputensor.ops.spatial import Ints, batched, in_format_of, per_dim, unbatched

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


@autocasts("max_unpool2d")
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of input where `max_pool1d` found them.

    input: (batch, channel, length) or (channel, length). The rest as in `max_unpool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_unpool1d(gt.tensor([[4.0, 6.0]]), gt.tensor([[1, 2]]), 2)
    tensor([[0., 4., 6., 0.]])
    """
    return _unpooled("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


@autocasts("max_unpool2d")
def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of input where `max_pool2d` found them: its partial inverse.

    input: (batch, channel, height, width) or (channel, height, width), floating-point; indices: int64 of the same
    shape, places in height * width of the result, as max_pool2d returns them. kernel_size, stride, padding: those of
    the pooling. Each size becomes (n - 1) * stride - 2 * padding + kernel_size, or what output_size says (its last two
    entries), which may differ by less than a stride. Where a place is named twice one of the values stays. Raises
    ShapeError for shapes and sizes that do not fit, IndexError for a place outside, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> values, places = gt.nn.functional.max_pool2d(gt.tensor([[[1.0, 2.0], [4.0, 3.0]]]), 2, return_indices=True)
    >>> gt.nn.functional.max_unpool2d(values, places, 2)
    tensor([[[0., 0.],
             [4., 0.]]])
    """
    return _unpooled("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


@autocasts("max_unpool3d")
def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Zeros with the values of input where `max_pool3d` found them.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `max_unpool2d`.

    >>> import gputensor as gt
    >>> values, places = gt.nn.functional.max_pool3d(gt.ones(1, 1, 4, 4, 4), 2, return_indices=True)
    >>> gt.nn.functional.max_unpool3d(values, places, 2).sum()
    tensor(8.)
    """
    return _unpooled("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


def _unpooled(
    name: str, dims: int, input: Any, indices: Any, kernel: Any, stride: Any, padding: Any, output_size: Any
) -> Any:
    tensors(name, indices=indices)
    if isinstance(input, TensorBase) and input.xp is not indices.xp:
        input, indices = together(name, (input, indices))
    x, alone = batched(name, input, dims)
    if x.array.dtype not in REAL:
        raise DtypeError(f"{name}: expected a floating-point tensor, got {dtype_name(x.array.dtype)}; use .float()")
    if indices.array.dtype.kind != "i" or indices.array.dtype.itemsize != 8:
        raise DtypeError(f"{name}: indices must be int64, got {dtype_name(indices.array.dtype)}; use .long()")
    if input.array.shape != indices.array.shape:
        raise ShapeError(
            f"{name}: indices must have the shape of input, {tuple(input.array.shape)}, got "
            f"{tuple(indices.array.shape)}"
        )
    shape = tuple(x.array.shape)
    if 0 in shape[1:]:
        raise ShapeError(f"{name}: only the batch may be empty, got input of shape {tuple(input.array.shape)}")
    taps = per_dim(name, "kernel_size", kernel, dims)
    step = taps if stride is None else per_dim(name, "stride", stride, dims)
    pads = per_dim(name, "padding", padding, dims, 0)
    size = _size(name, shape[2:], taps, step, pads, output_size)
    xp = x.xp
    count, flat = math.prod(size), (*shape[:2], math.prod(shape[2:]))
    places = indices.reshape(flat)
    outside = xp.first_outside(places.array, count)
    if outside is not None:
        raise IndexError(f"{name}: index {outside} is out of range for a result of size {size}; use 0 <= i < {count}")
    empty = wrap(xp.zeros_for(x.array, (*shape[:2], count)), xp)
    out = apply3(Scatter(2), empty, x.reshape(flat), places)
    return unbatched(in_format_of(out.reshape((*shape[:2], *size)), x), alone)


def _size(name: str, have: Any, taps: Any, step: Any, pads: Any, given: Any) -> tuple[int, ...]:
    usual = tuple([(n - 1) * s + k - 2 * p for n, s, k, p in zip(have, step, taps, pads, strict=True)])
    if given is None:
        size = usual
    else:
        size = tuple(given)
        if len(size) == len(have) + 2:
            size = size[2:]
        if len(size) != len(have):
            raise ShapeError(f"{name}: output_size must have {len(have)} entries, or {len(have) + 2}, got {given}")
        if any([not u - s < m < u + s for u, s, m in zip(usual, step, size, strict=True)]):
            raise ShapeError(f"{name}: output_size {size} must differ from {usual} by less than the stride {step}")
    if min(size) < 1:
        raise ShapeError(f"{name}: the result would have size {size}; use less padding")
    return size
