"""Pooling: the maximum or the mean of each window. A channels-last input gives a channels-last result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.windows import Windows
from gputensor.core.apply import apply1, cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BF16, F16, F32, INT64
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.arithmetic import div
from gputensor.ops.operands import REAL
from gputensor.ops.out_argument import into
from gputensor.ops.spatial import Ints, batched, per_dim, unbatched

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class MaxPool(Primitive):
    __slots__ = ("windows",)
    grad_name = "MaxPool2DWithIndicesBackward0"
    saves = ("x",)

    def __init__(self, windows: Windows) -> None:
        self.windows = windows

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.max_pool(x, self.windows)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.window_put(g, xp.max_pool_offsets(x, self.windows), x.shape[2:], self.windows)


class WindowPut(Primitive):
    """g added to one element of each window, in zeros of spatial shape `size`; offsets are an array."""

    __slots__ = ("offsets", "size", "windows")

    def __init__(self, offsets: Any, size: tuple[int, ...], windows: Windows) -> None:
        self.offsets, self.size, self.windows = offsets, size, windows

    def forward(self, xp: Any, y: Any) -> Any:
        return xp.window_put(y, self.offsets, self.size, self.windows)

    def vjp_y(self, xp: Any, g: Any, out: Any, y: Any) -> Any:
        return xp.window_take(g, self.offsets, self.windows)


class WindowTake(Primitive):
    """One element of each window: the transpose of WindowPut."""

    __slots__ = ("offsets", "windows")

    def __init__(self, offsets: Any, windows: Windows) -> None:
        self.offsets, self.windows = offsets, windows

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.window_take(x, self.offsets, self.windows)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.window_put(g, self.offsets, x.shape[2:], self.windows)


class WindowSum(Primitive):
    __slots__ = ("windows",)

    def __init__(self, windows: Windows) -> None:
        self.windows = windows

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.window_sum(x, self.windows)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.window_spread(g, x.shape[2:], self.windows)


class WindowSpread(Primitive):
    """g added to every element of its window, in zeros of spatial shape `size`: the transpose of WindowSum."""

    __slots__ = ("size", "windows")

    def __init__(self, size: tuple[int, ...], windows: Windows) -> None:
        self.size, self.windows = size, windows

    def forward(self, xp: Any, y: Any) -> Any:
        return xp.window_spread(y, self.size, self.windows)

    def vjp_y(self, xp: Any, g: Any, out: Any, y: Any) -> Any:
        return xp.window_sum(g, self.windows)


def max_pool1d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The maximum of each window over one spatial dim.

    input: (batch, channel, length) or (channel, length). The rest as in `max_pool2d`.
    Unlike torch: integers are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool1d(gt.tensor([[1.0, 3.0, 2.0, 4.0]]), 2)
    tensor([[3., 4.]])
    """
    return _max_pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The maximum of each window over two spatial dims.

    input: (batch, channel, height, width) or (channel, height, width); returns (batch, channel, …), channels last in
    memory where input is. stride: kernel_size unless given. padding: at most half the window, never a maximum.
    ceil_mode: windows that begin inside may end outside. A window with a NaN gives NaN. The gradient goes to the first
    of several equal maxima. return_indices: also the place of each maximum in height * width, int64. Raises ShapeError
    for windows that do not fit, DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool2d(gt.tensor([[[1.0, 2.0, 5.0], [3.0, 4.0, 0.0]]]), 2, stride=1)
    tensor([[[4., 5.]]])
    """
    return _max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@autocasts("max_pool3d")
def max_pool3d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The maximum of each window over three spatial dims.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `max_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.max_pool3d(gt.ones(1, 1, 4, 4, 4), 2).shape
    gputensor.Size([1, 1, 2, 2, 2])
    """
    return _max_pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool1d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window over one spatial dim.

    input: (batch, channel, length) or (channel, length). The rest as in `avg_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.avg_pool1d(gt.tensor([[1.0, 3.0, 2.0, 4.0]]), 2)
    tensor([[2., 3.]])
    """
    return _avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of each window over two spatial dims.

    input: (batch, channel, height, width) or (channel, height, width), floating-point or int64 (rounded towards 0);
    returns (batch, channel, …), channels last in memory where input is. count_include_pad: padding counts as zeros;
    else only the elements there are. divisor_override: divide the sum by this. float16 and bfloat16 are summed in
    float32. Raises ShapeError for windows that do not fit, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.nn.functional.avg_pool2d(gt.tensor([[[1.0, 2.0, 5.0], [3.0, 4.0, 1.0]]]), 2, stride=1)
    tensor([[[2.5000, 3.0000]]])
    """
    result = _avg_pool(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )
    return result if out is None else into("avg_pool2d", out, result, exact=True)


@autocasts("avg_pool3d")
def avg_pool3d(
    input: Tensor,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of each window over three spatial dims.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `avg_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.avg_pool3d(gt.ones(1, 1, 4, 4, 4), 2).shape
    gputensor.Size([1, 1, 2, 2, 2])
    """
    result = _avg_pool(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )
    return result if out is None else into("avg_pool3d", out, result, exact=True)


def _max_pool(
    name: str, dims: int, input: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool, indices: bool
) -> Any:
    x, alone = batched(name, input, dims)
    windows = _windows(name, dims, x, kernel, stride, padding, dilation, ceil)
    return max_windows(name, x, windows, indices, alone)


def max_windows(name: str, x: Any, windows: Windows, indices: bool, alone: bool) -> Any:
    """The maxima of windows over x: (batch, channel, *size), and their places if `indices`."""
    if x.array.dtype.kind in "bc":
        raise DtypeError(f"{name}: not defined for {dtype_name(x.array.dtype)}; convert with .float()")
    out = unbatched(apply1(MaxPool(windows), x), alone)
    if not indices:
        return out
    xp = x.xp
    offsets = xp.astype(xp.max_pool_offsets(x.array, windows), INT64)
    return out, unbatched(wrap(places(xp, offsets, windows, x.array.shape[2:]), xp), alone)


def places(xp: Any, offsets: Any, windows: Windows, size: tuple[int, ...]) -> Any:
    """Offsets in windows as places in the flattened spatial dims."""
    found = None
    unit = math.prod(windows.kernel)
    dims = len(size)
    for dim, n in enumerate(size):
        unit //= windows.kernel[dim]
        tap = xp.remainder(xp.floor_divide(offsets, unit), windows.kernel[dim])
        begin = xp.arange_for(offsets, windows.count[dim]) * windows.stride[dim] - windows.padding[dim]
        at = tap * windows.dilation[dim] + xp.reshape(begin, (-1, *[1] * (dims - 1 - dim)))
        found = at if found is None else found * n + at
    return found


def _avg_pool(
    name: str, dims: int, input: Any, kernel: Any, stride: Any, padding: Any, ceil: bool, pad_counts: bool, divisor: Any
) -> Any:
    x, alone = batched(name, input, dims)
    if x.array.dtype not in REAL and x.array.dtype != INT64:
        raise DtypeError(
            f"{name}: expected a floating-point tensor or int64, got {dtype_name(x.array.dtype)}; use .float()"
        )
    windows = _windows(name, dims, x, kernel, stride, padding, 1, ceil)
    if divisor == 0:
        raise ShapeError(f"{name}: divisor_override must not be 0")
    return unbatched(mean_windows(x, windows, pad_counts, divisor), alone)


def mean_windows(x: Any, windows: Windows, pad_counts: bool, divisor: Any) -> Any:
    """The means of windows over x: (batch, channel, *size)."""
    d = x.array.dtype
    if d in (F16, BF16):
        # a sum may overflow where the mean does not
        return cast(mean_windows(cast(x, F32), windows, pad_counts, divisor), d)
    sums = apply1(WindowSum(windows), x)
    if d == INT64:
        return div(sums, _divisors(x, windows, pad_counts, divisor), rounding_mode="trunc")
    return sums / _divisors(x, windows, pad_counts, divisor)


def _divisors(x: Any, windows: Windows, pad_counts: bool, divisor: Any) -> Any:
    """What the sum of each window is divided by: a number, or a tensor where windows differ."""
    if divisor is not None:
        return divisor
    counts = [_extents(windows, dim, n, pad_counts) for dim, n in enumerate(x.array.shape[2:])]
    if all([len(set(c)) <= 1 for c in counts]):
        return math.prod([c[0] for c in counts])
    xp = x.xp
    dims = len(counts)
    total: Any = 1
    for dim, c in enumerate(counts):
        shape = tuple([-1 if k == dim else 1 for k in range(dims)])
        total = xp.reshape(xp.astype(xp.from_host(np.array(c)), x.array.dtype), shape) * total
    return wrap(total, xp)


def _extents(windows: Windows, dim: int, size: int, pad_counts: bool) -> list[int]:
    """How many elements each window holds along one dim, with or without those of the padding."""
    pad = windows.padding[dim] if pad_counts else 0
    found = []
    for k in range(windows.count[dim]):
        start = k * windows.stride[dim] - windows.padding[dim]
        stop = min(start + windows.kernel[dim], size + pad)
        found.append(max(stop - max(start, -pad), 0))
    return found


def _windows(
    name: str, dims: int, x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool
) -> Windows:
    shape = x.array.shape
    taps = per_dim(name, "kernel_size", kernel, dims)
    # PyTorch's own code passes an empty list for "as the kernel"
    step = taps if stride is None or stride == [] or stride == () else per_dim(name, "stride", stride, dims)
    pad = per_dim(name, "padding", padding, dims, 0)
    spread = per_dim(name, "dilation", dilation, dims)
    if 0 in shape[1:]:
        raise ShapeError(f"{name}: only the batch may be empty, got input of shape {tuple(shape)}")
    if any([2 * p > d * (k - 1) + 1 for p, k, d in zip(pad, taps, spread, strict=True)]):
        raise ShapeError(
            f"{name}: padding {pad} must be at most half the window of kernel_size {taps} and dilation {spread}"
        )
    count = []
    for n, k, s, p, d in zip(shape[2:], taps, step, pad, spread, strict=True):
        room = n + 2 * p - d * (k - 1) - 1
        c = (room + (s - 1 if ceil else 0)) // s + 1
        # a window must begin inside the input or its left padding
        count.append(c - 1 if ceil and (c - 1) * s >= n + p else c)
    if min(count) < 1:
        raise ShapeError(
            f"{name}: windows of {taps} do not fit into input of shape {tuple(shape)} with padding {pad}; use smaller "
            "windows"
        )
    return Windows(taps, step, pad, spread, tuple(count))
