"""Adaptive pooling: so many windows that the result has a given size, whatever the size of the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.windows import Windows
from gputensor.core.apply import apply1, applyn, cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import dtype_name
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.promotion import BF16, F16, F32, INT64
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import several
from gputensor.ops.gathering import Gather
from gputensor.ops.indexing import getitem
from gputensor.ops.operands import REAL
from gputensor.ops.padding import pad
from gputensor.ops.pooling import WindowSum, max_windows, mean_windows
from gputensor.ops.shape import reshape
from gputensor.ops.spatial import batched, in_format_of, unbatched

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Sizes = int | None | Sequence[int | None]


def adaptive_avg_pool1d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of `output_size` windows over one spatial dim.

    input: (batch, channel, length) or (channel, length). The rest as in `adaptive_avg_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_avg_pool1d(gt.tensor([[1.0, 2.0, 3.0]]), 2)
    tensor([[1.5000, 2.5000]])
    """
    return _adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of windows over two spatial dims, as many as `output_size` says.

    Window i of m over n elements is ``i * n // m`` up to ``ceil((i + 1) * n / m)``; neighbours may overlap by one
    element. input: (batch, channel, height, width) or (channel, height, width), floating-point; output_size: an int or
    two; None keeps a size. float16 and bfloat16 are summed in float32. Raises ShapeError for an empty spatial dim or a
    wrong output_size.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_avg_pool2d(gt.tensor([[[1.0, 2.0, 5.0], [3.0, 4.0, 1.0]]]), 1)
    tensor([[[2.6667]]])
    """
    return _adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


@autocasts("adaptive_avg_pool3d")
def adaptive_avg_pool3d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of windows over three spatial dims, as many as `output_size` says.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `adaptive_avg_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_avg_pool3d(gt.ones(1, 1, 4, 4, 4), (None, 2, 1)).shape
    gputensor.Size([1, 1, 4, 2, 1])
    """
    return _adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


def adaptive_max_pool1d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The maxima of `output_size` windows over one spatial dim.

    input: (batch, channel, length) or (channel, length). The rest as in `adaptive_max_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool1d(gt.tensor([[1.0, 2.0, 3.0]]), 2)
    tensor([[2., 3.]])
    """
    return _adaptive_max("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The maxima of windows over two spatial dims, as many as `output_size` says.

    The windows are those of `adaptive_avg_pool2d`; NaN, ties and return_indices as in `max_pool2d`.
    Raises ShapeError for an empty spatial dim or a wrong output_size.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool2d(gt.tensor([[[1.0, 2.0, 5.0], [3.0, 4.0, 1.0]]]), (1, 2))
    tensor([[[4., 5.]]])
    """
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size, return_indices)


@autocasts("adaptive_max_pool3d")
def adaptive_max_pool3d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any:
    """The maxima of windows over three spatial dims, as many as `output_size` says.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `adaptive_max_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.adaptive_max_pool3d(gt.ones(1, 1, 4, 4, 4), 2).shape
    gputensor.Size([1, 1, 2, 2, 2])
    """
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size, return_indices)


def _adaptive_avg(name: str, dims: int, input: Any, output_size: Any) -> Any:
    x, alone = batched(name, input, dims)
    d = x.array.dtype
    if d not in REAL:
        raise DtypeError(f"{name}: expected a floating-point tensor, got {dtype_name(d)}; convert it with .float()")
    count = _counts(name, dims, x, output_size)
    size = x.array.shape[2:]
    if 0 in count:
        return unbatched(_nothing(x, count), alone)
    if max(count) == 1 == min(count):
        return unbatched(x.mean(tuple(range(2, 2 + dims)), True), alone)
    even = _even(size, count)
    if even is not None:
        return unbatched(mean_windows(x, even, True, None), alone)
    if d in (F16, BF16):
        x = cast(x, F32)
    sums, counts = x, []
    for dim, (n, m) in enumerate(zip(size, count, strict=True)):
        wide, lengths = _ragged(n, m)
        # a zero after the last element stands for those that a shorter window lacks
        index = np.where(wide < lengths[:, 1:], wide + lengths[:, :1], n)
        sums = _gathered(_with_zero(sums, 2 + dim), 2 + dim, index)
        counts.append(lengths[:, 1])
    taps = tuple([s // m for s, m in zip(sums.array.shape[2:], count, strict=True)])
    total: Any = counts[0]
    for c in counts[1:]:
        total = total[..., None] * c
    xp = x.xp
    out = apply1(WindowSum(Windows(taps, taps, (0,) * dims, (1,) * dims, count)), sums)
    out = out / wrap(xp.astype(xp.from_host(total), x.array.dtype), xp)
    return unbatched(in_format_of(cast(out, d), input), alone)


def _adaptive_max(name: str, dims: int, input: Any, output_size: Any, indices: bool) -> Any:
    x, alone = batched(name, input, dims)
    count = _counts(name, dims, x, output_size)
    size = x.array.shape[2:]
    if 0 in count:
        nothing = unbatched(_nothing(x, count), alone)
        return (nothing, cast(nothing, INT64)) if indices else nothing
    even = _even(size, count)
    if even is not None:
        return max_windows(name, x, even, indices, alone)
    rows = []
    recorded = node_of(x) is not None and records()
    # the gradient goes straight to the places of the maxima, not back through the gathered elements
    taken = wrap(x.array, x.xp) if recorded else x
    for dim, (n, m) in enumerate(zip(size, count, strict=True)):
        wide, lengths = _ragged(n, m)
        # a shorter window repeats its last element: no maximum changes, and the first of equals still comes first
        index = np.minimum(wide, lengths[:, 1:] - 1) + lengths[:, :1]
        taken = _gathered(taken, 2 + dim, index)
        rows.append(index)
    taps = tuple([index.shape[1] for index in rows])
    windows = Windows(taps, taps, (0,) * dims, (1,) * dims, count)
    if not (indices or recorded):
        return unbatched(in_format_of(max_windows(name, taken, windows, False, False), input), alone)
    out, at = max_windows(name, taken, windows, True, False)
    at = _original(at, rows, taken.array.shape[2:], size)
    if recorded:
        flat = (*x.array.shape[:2], -1)
        out = applyn(Gather(2), (reshape(x, flat), reshape(at, flat))).reshape(out.array.shape)
    out = unbatched(in_format_of(out, input), alone)
    return (out, unbatched(in_format_of(at, input), alone)) if indices else out


def _original(at: Any, rows: list[np.ndarray], taken: tuple[int, ...], size: tuple[int, ...]) -> Any:
    """Places among the gathered elements as places in the input."""
    xp = at.xp
    rest, found, unit = at.array, None, 1
    for dim in range(len(size) - 1, -1, -1):
        here = xp.remainder(rest, taken[dim])
        rest = xp.floor_divide(rest, taken[dim])
        term = xp.index_get(xp.from_host(rows[dim].reshape(-1).astype(INT64)), (here,)) * unit
        found = term if found is None else found + term
        unit *= size[dim]
    return wrap(found, xp)


def _nothing(x: Any, count: tuple[int, ...]) -> Any:
    return getitem(x, (slice(None), slice(None), slice(0, 0))).reshape((*x.array.shape[:2], *count))


def _even(size: tuple[int, ...], count: tuple[int, ...]) -> Windows | None:
    """The windows where all are alike: every size is a multiple of its count."""
    if any([n % m for n, m in zip(size, count, strict=True)]):
        return None
    taps = tuple([n // m for n, m in zip(size, count, strict=True)])
    return Windows(taps, taps, (0,) * len(size), (1,) * len(size), count)


def _ragged(n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers 0, 1, … up to the longest window: (1, longest); begin and length of each of the m windows: (m, 2)."""
    starts = np.arange(m) * n // m
    lengths = -(-(np.arange(m) + 1) * n // m) - starts
    return np.arange(max(lengths))[None], np.stack([starts, lengths], 1)


def _gathered(x: Any, axis: int, index: np.ndarray) -> Any:
    """The elements along one axis in the order of a table of places."""
    return getitem(x, (*(slice(None),) * axis, wrap(x.xp.from_host(index.reshape(-1)), x.xp)))


def _with_zero(x: Any, axis: int) -> Any:
    """x with a zero after the last element along one axis."""
    return pad(x, (0, 0) * (x.array.ndim - 1 - axis) + (0, 1))


def _counts(name: str, dims: int, x: Any, output_size: Any) -> tuple[int, ...]:
    shape = x.array.shape
    if 0 in shape[1:]:
        raise ShapeError(f"{name}: only the batch may be empty, got input of shape {tuple(shape)}")
    given = (
        (output_size,) * dims
        if output_size is None or isinstance(output_size, int)
        else several(name, "output_size", output_size)
    )
    if len(given) != dims or not all([m is None or (isinstance(m, int) and m >= 0) for m in given]):
        raise ShapeError(f"{name}: output_size must be a size, None, or {dims} of them, got {output_size!r}")
    return tuple([n if m is None else m for n, m in zip(shape[2:], given, strict=True)])
