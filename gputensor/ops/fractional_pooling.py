"""Fractional max pooling: the maxima of windows at pseudo-random places, so that sizes shrink by any ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.devices import device_of
from gputensor.core.dtypes import as_dtype
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.gathering import Gather
from gputensor.ops.operands import REAL
from gputensor.ops.random import rand
from gputensor.ops.spatial import Ints, batched, in_format_of, per_dim, unbatched

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Ratios = float | Sequence[float] | None


@autocasts("fractional_max_pool2d")
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratios = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The maxima of windows at pseudo-random places over two spatial dims.

    input: (batch, channel, height, width) or (channel, height, width), floating-point; returns (batch, channel, *size),
    size being output_size or input's size times output_ratio, rounded down. Window i of m begins at
    floor((i + u) * a) - floor(u * a) with a = (n - kernel) / (m - 1), the last one ends at the border; u is one number
    an image, channel and dim: _random_samples (batch, channel, 2), in column, row order, else drawn from the default
    generator. return_indices: also the places of the maxima in height * width, int64. A window with a nan gives nan.
    Raises ShapeError for windows that do not fit, ValueError without a size. Source: Graham 2014, arXiv:1412.6071.

    >>> import gputensor as gt
    >>> gt.nn.functional.fractional_max_pool2d(gt.arange(25.0).reshape(1, 5, 5), 2, output_size=(3, 3)).shape
    gputensor.Size([1, 3, 3])
    """
    return _pooled(
        "fractional_max_pool2d", 2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


@autocasts("fractional_max_pool3d")
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratios = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The maxima of windows at pseudo-random places over three spatial dims.

    input: (batch, channel, depth, height, width) or without batch; _random_samples: (batch, channel, 3), in depth, row,
    column order. The rest as in `fractional_max_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.fractional_max_pool3d(gt.ones(1, 4, 4, 4), 2, output_ratio=0.5).shape
    gputensor.Size([1, 2, 2, 2])
    """
    return _pooled(
        "fractional_max_pool3d", 3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples
    )


def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratios = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool2d` with its indices, whatever return_indices says.

    >>> import gputensor as gt
    >>> values, places = gt.nn.functional.fractional_max_pool2d_with_indices(gt.arange(4.0).reshape(1, 2, 2), 1, 2)
    >>> places
    tensor([[[0, 1],
             [2, 3]]])
    """
    return fractional_max_pool2d(input, kernel_size, output_size, output_ratio, True, _random_samples)


def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratios = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`fractional_max_pool3d` with its indices, whatever return_indices says.

    >>> import gputensor as gt
    >>> values, places = gt.nn.functional.fractional_max_pool3d_with_indices(gt.ones(1, 3, 3, 3), 2, 1)
    >>> places
    tensor([[[[13]]]])
    """
    return fractional_max_pool3d(input, kernel_size, output_size, output_ratio, True, _random_samples)


def _pooled(
    name: str, dims: int, input: Any, kernel: Any, output_size: Any, ratio: Any, indices: bool, samples: Any
) -> Any:
    x, alone = batched(name, input, dims)
    shape, xp = tuple(x.array.shape), x.xp
    if x.array.dtype not in REAL:
        raise DtypeError(f"{name}: expected a floating-point tensor, got {dtype_name(x.array.dtype)}; use .float()")
    taps = per_dim(name, "kernel_size", kernel, dims)
    count = _counts(name, dims, shape[2:], output_size, ratio)
    if 0 in shape[1:]:
        raise ShapeError(f"{name}: only the batch may be empty, got input of shape {tuple(input.array.shape)}")
    # in volumes PyTorch wants room for one more
    room = 0 if dims == 2 else 1
    if any([m + k - 1 + room > n for n, m, k in zip(shape[2:], count, taps, strict=True)]):
        raise ShapeError(
            f"{name}: {count} windows of {taps} do not fit into input of shape {tuple(input.array.shape)}; use smaller "
            "ones"
        )
    if samples is None:
        samples = rand((*shape[:2], dims), dtype=as_dtype(x.array.dtype), device=device_of(xp))
    elif not isinstance(samples, TensorBase):
        raise TypeError(f"{name}: _random_samples must be a Tensor, got {describe(samples)}")
    else:
        have = tuple(samples.array.shape)
        if have[1:] != (shape[1], dims) or have[0] < shape[0] or samples.array.dtype != x.array.dtype:
            raise ShapeError(
                f"{name}: _random_samples must have shape {(*shape[:2], dims)} and the dtype of input, got "
                f"{describe(samples)}"
            )
        given: Any = samples
        samples = given.narrow(0, 0, shape[0])  # there may be more rows than the batch has, as in PyTorch
    if samples.xp is not xp:
        x, samples = together(name, (x, samples))
        xp = x.xp
    places = None
    for k, (n, m, tap) in enumerate(zip(shape[2:], count, taps, strict=True)):
        # of an image's two numbers the first belongs to the columns, of a volume's three to the depth
        begin = _begins(xp, xp.getitem(samples.array, (..., 1 - k if dims == 2 else k)), n, m, tap)
        at = xp.expand_dims(begin, (3,)) + xp.arange_for(begin, tap)  # (batch, channel, window, tap)
        wide = [1] * (2 * dims)
        wide[k], wide[dims + k] = m, tap
        at = xp.reshape(at, (*shape[:2], *wide))
        places = at if places is None else places * n + at
    assert places is not None
    flat = (*shape[:2], math.prod(shape[2:]))
    tapped = xp.reshape(places, (*shape[:2], *count, math.prod(taps)))
    seen = xp.take_along_axis(
        xp.reshape(x.array, flat), xp.reshape(tapped, (*shape[:2], math.prod((*count, *taps)))), 2
    )
    best = xp.argmax(xp.reshape(seen, tapped.shape), len(tapped.shape) - 1, True)
    where = xp.reshape(xp.take_along_axis(tapped, best, len(tapped.shape) - 1), (*shape[:2], math.prod(count)))
    out = applyn(Gather(2), (x.reshape(flat), wrap(where, xp)))
    out = unbatched(in_format_of(out.reshape((*shape[:2], *count)), x), alone)
    if not indices:
        return out
    return out, unbatched(in_format_of(wrap(xp.reshape(where, (*shape[:2], *count)), xp), x), alone)


def _begins(xp: Any, u: Any, n: int, m: int, tap: int) -> Any:
    """Where m windows begin on n elements: (batch, channel, window)."""
    u = xp.expand_dims(u, (2,))
    if m == 1:
        return xp.astype(xp.zeros_like(u), INT64) + (n - tap)
    ratio = (n - tap) / (m - 1)
    k = xp.arange_for(u, m)
    begin = xp.astype(xp.floor((xp.astype(k, u.dtype) + u) * ratio), INT64)
    begin = begin - xp.astype(xp.floor(u * ratio), INT64)
    return xp.where(xp.reshape(k == m - 1, (1, 1, m)), xp.zeros_like(begin) + (n - tap), begin)


def _counts(name: str, dims: int, have: tuple[int, ...], size: Any, ratio: Any) -> tuple[int, ...]:
    if size is not None:
        return per_dim(name, "output_size", size, dims)
    if ratio is None:
        raise ValueError(f"{name}: give output_size or output_ratio")
    several = tuple(ratio) if isinstance(ratio, (tuple, list)) else (ratio,) * dims
    if len(several) != dims:
        raise ShapeError(f"{name}: output_ratio must be a number or {dims} numbers, got {ratio!r}")
    count = tuple([int(n * r) for n, r in zip(have, several, strict=True)])
    if min(count) < 1:
        raise ShapeError(f"{name}: output_ratio {ratio} leaves nothing of size {have}")
    return count
