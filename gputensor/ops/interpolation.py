"""Resampling of regular grids: nearest neighbour, linear, cubic, and averages. Each axis is resampled on its own.

A channels-last input gives a channels-last result.
"""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import F32, F64, HALF, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from gputensor.ops.interpolation_weights import (
    Table,
    cubic_table,
    dense,
    linear_table,
    nearest_places,
    output_size,
    smooth_table,
)
from gputensor.ops.layout import contiguous_format, suggested_format
from gputensor.ops.operands import REAL

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Sizes = int | Sequence[int] | None
Scales = float | Sequence[float] | None

# the number of spatial dims that each mode is for
_LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3, "bicubic": 2, "lanczos": 2}
_PLAIN = ("nearest", "nearest-exact", "area")
# a matrix of so many elements is quicker than gathering, and its transpose is the gradient
_DENSE = 1 << 22


@autocasts("interpolate")
def interpolate(
    input: Tensor,
    size: Sizes = None,
    scale_factor: Scales = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """input on a grid of another size, as if it were sampled from one image.

    input: (batch, channel, length), (batch, channel, height, width) or (batch, channel, depth, height, width); returns
    (batch, channel, *size), channels last in memory where input is. size: an int or one a spatial dim; or scale_factor:
    a number or one a spatial dim, then sizes are rounded down. mode: "nearest" (the element at floor(i / scale)),
    "nearest-exact" (the one whose centre is nearest), "linear", "bilinear", "trilinear" (for 1, 2, 3 spatial dims),
    "bicubic" (2; may overshoot), "area" (means of the windows of `adaptive_avg_pool2d`), "lanczos" (2, with antialias
    only). align_corners: the corners' centres stay where they are; else the corners' outer edges do.
    recompute_scale_factor: use the ratio of the sizes, rounded as they are, in place of scale_factor. antialias:
    average over all elements that a smaller result covers ("bilinear", "bicubic", "lanczos").

    Floating-point, or uint8 (computed in float32 and rounded; "area" refuses it); 16-bit floats are computed in
    float32. Derivatives of any order. Unlike torch: uint8 results are rounded once, where PyTorch's are up to
    1 off, bicubic ones by more. Raises ShapeError for another number of
    dims, an empty result or an empty input, ValueError for settings that do not fit together, DtypeError for other
    dtypes. Antialiasing as in Pillow; cubic: Keys 1981.

    >>> import gputensor as gt
    >>> gt.nn.functional.interpolate(gt.tensor([[[1.0, 3.0]]]), scale_factor=2, mode="linear")
    tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
    """
    name = "interpolate"
    if not isinstance(input, TensorBase):
        raise TypeError(f"{name}: input must be a Tensor, got {describe(input)}")
    shape = tuple(input.array.shape)
    dims = len(shape) - 2
    _check_mode(name, mode, dims, align_corners, antialias, shape)
    sizes, scales = _sizes(name, shape[2:], size, scale_factor, mode == "area" or bool(recompute_scale_factor))
    if size is not None and recompute_scale_factor:
        raise ValueError(f"{name}: recompute_scale_factor belongs to scale_factor; with size leave it away")
    if (min(sizes) < 1 and mode != "area") or 0 in shape[1:]:
        raise ShapeError(
            f"{name}: input of shape {shape} and a result of size {sizes} must have at least one element in every dim "
            "but the batch"
        )
    d = input.array.dtype
    if d not in REAL and d != np.uint8:
        raise DtypeError(f"{name}: expected floating-point numbers or uint8, got {dtype_name(d)}; use .float()")
    if mode == "area":
        return (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)[dims - 1](input, sizes)
    if mode in _PLAIN:
        exact = mode == "nearest-exact"
        steps = []
        for k, (n, m, s) in enumerate(zip(shape[2:], sizes, scales, strict=True)):
            steps.append(_Step(k, n, m, partial(_nearest, places=nearest_places(n, m, s, exact))))
        return _by_axis(input, steps)
    if d in HALF:
        return cast(_smooth(cast(input, F32), sizes, scales, mode, bool(align_corners), antialias), d)
    if d == np.uint8:
        # halves are rounded up; a cubic overshoots
        wide = _smooth(cast(input, F32), sizes, scales, mode, bool(align_corners), antialias)
        return cast((wide + 0.5).floor().clamp(0, 255), d)
    return _smooth(input, sizes, scales, mode, bool(align_corners), antialias)


def upsample(
    input: Tensor,
    size: Sizes = None,
    scale_factor: Scales = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The old name of `interpolate`, with a warning.

    >>> import gputensor as gt, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.functional.upsample(gt.tensor([[[1.0, 3.0]]]), scale_factor=2)
    tensor([[[1., 1., 3., 3.]]])
    """
    warnings.warn("upsample: the name is outdated; use interpolate", UserWarning, stacklevel=2)
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Sizes = None, scale_factor: Scales = None) -> Tensor:
    """`interpolate` with mode "nearest", with a warning.

    >>> import gputensor as gt, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.functional.upsample_nearest(gt.tensor([[[1.0, 3.0]]]), 4)
    tensor([[[1., 1., 3., 3.]]])
    """
    warnings.warn("upsample_nearest: the name is outdated; use interpolate", UserWarning, stacklevel=2)
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(input: Tensor, size: Sizes = None, scale_factor: Scales = None) -> Tensor:
    """`interpolate` with mode "bilinear" and align_corners, with a warning.

    >>> import gputensor as gt, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.functional.upsample_bilinear(gt.tensor([[[[1.0, 3.0]]]]), (1, 3))
    tensor([[[[1., 2., 3.]]]])
    """
    warnings.warn("upsample_bilinear: the name is outdated; use interpolate", UserWarning, stacklevel=2)
    return interpolate(input, size, scale_factor, "bilinear", True)


class _Step:
    """The resampling of one spatial axis from n to m elements; run(x, axis)."""

    __slots__ = ("axis", "m", "n", "run")

    def __init__(self, axis: int, n: int, m: int, run: Callable[[Any, int], Any]) -> None:
        self.axis, self.n, self.m, self.run = axis, n, m, run


def _by_axis(x: Any, steps: list[_Step]) -> Any:
    """Run the steps, those that make x smaller first; in channels-last memory with the channels as the last axis."""
    last = suggested_format(x.array) is not contiguous_format
    dims = x.array.ndim - 2
    if last:
        x = x.permute((0, *range(2, dims + 2), 1))
    out = x
    for step in sorted(steps, key=lambda s: s.m / s.n):
        out = step.run(out, step.axis + (1 if last else 2))
    if out is x:
        out = x.clone()
    return out.permute((0, dims + 1, *range(1, dims + 1))) if last else out


def _nearest(x: Any, axis: int, places: np.ndarray) -> Any:
    n, m = x.array.shape[axis], len(places)
    if np.array_equal(places, np.arange(n)):
        return x
    shape = x.array.shape
    times = m // n
    if m == n * times and np.array_equal(places, np.arange(m) // times):
        # the gradient of repeating is a sum, much quicker than adding by places
        wide = (*shape[: axis + 1], times, *shape[axis + 1 :])
        repeated = x.reshape((*shape[: axis + 1], 1, *shape[axis + 1 :])).expand(wide)
        return repeated.clone(memory_format=contiguous_format).reshape((*shape[:axis], m, *shape[axis + 1 :]))
    return _selected(x, axis, places)


def _selected(x: Any, axis: int, places: np.ndarray) -> Any:
    return x.index_select(axis, wrap(x.xp.from_host(places.astype(INT64)), x.xp))


def _smooth(x: Any, sizes: Any, scales: Any, mode: str, align: bool, antialias: bool) -> Any:
    dtype = np.float64 if x.array.dtype == F64 else np.float32
    have = tuple(x.array.shape[2:])
    steps = []
    for k, (n, m, s) in enumerate(zip(have, sizes, scales, strict=True)):
        # as in PyTorch, an axis that keeps its size is left as it is, whatever scale was given; cubic: all or none
        if have == sizes or (antialias and n == m):
            continue
        kind: Callable[..., Table]
        settings: tuple[Any, ...] = (n, m, s, align)
        if antialias:
            kind, settings = smooth_table, (*settings, mode, dtype)
        else:
            kind, settings = (cubic_table if mode == "bicubic" else linear_table), (*settings, dtype)
        steps.append(_Step(k, n, m, partial(_weighted, kind=kind, settings=settings)))
    return _by_axis(x, steps)


def _weighted(x: Any, axis: int, kind: Callable[..., Table], settings: tuple[Any, ...]) -> Any:
    """Each element of the result along one axis as a sum of weighted elements."""
    n, m = settings[:2]
    if n == m and kind is linear_table:
        return x
    shape, xp = x.array.shape, x.xp
    before, after = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
    result = (*shape[:axis], m, *shape[axis + 1 :])
    if n * m <= _DENSE:
        matrix = wrap(xp.from_host(dense(kind, *settings)), xp)
        if after == 1:
            return (x.reshape((before, n)) @ matrix.t()).reshape(result)
        return (matrix @ x.reshape((before, n, after))).reshape(result)
    places, weights = kind(*settings)
    taps = places.shape[1]
    parts = _selected(x, axis, places.reshape(-1)).reshape((before, m, taps, after))
    return (parts * wrap(xp.from_host(weights), xp).reshape((m, taps, 1))).sum(2).reshape(result)


def _check_mode(name: str, mode: str, dims: int, align: Any, antialias: bool, shape: tuple[int, ...]) -> None:
    if mode not in _PLAIN and mode not in _LINEAR:
        raise ValueError(f"{name}: mode must be one of {', '.join([*_PLAIN, *_LINEAR])}, got {mode!r}")
    if not 1 <= dims <= 3:
        raise ShapeError(f"{name}: expected (batch, channel, …) with 1 to 3 spatial dims, got shape {shape}")
    if mode in _LINEAR and _LINEAR[mode] != dims:
        raise ShapeError(
            f"{name}: mode {mode!r} is for {_LINEAR[mode]} spatial dims, input of shape {shape} has {dims}"
        )
    if mode in _PLAIN and align is not None:
        raise ValueError(f"{name}: align_corners belongs to the linear and cubic modes, not to {mode!r}")
    if antialias and mode not in ("bilinear", "bicubic", "lanczos"):
        raise ValueError(f"{name}: antialias belongs to 'bilinear', 'bicubic' and 'lanczos', not to {mode!r}")
    if mode == "lanczos" and (align or not antialias):
        raise ValueError(f"{name}: mode 'lanczos' needs antialias=True and no align_corners")


def _sizes(
    name: str, have: tuple[int, ...], size: Any, scale: Any, recompute: bool
) -> tuple[tuple[int, ...], tuple[float | None, ...]]:
    """The sizes of the result, and the scales where they are to be used."""
    dims = len(have)
    if (size is None) == (scale is None):
        raise ValueError(f"{name}: give either size or scale_factor, got {size!r} and {scale!r}")
    given = size if scale is None else scale
    several = tuple(given) if isinstance(given, (tuple, list)) else (given,) * dims
    if len(several) != dims:
        raise ShapeError(f"{name}: expected one number or {dims}, one a spatial dim, got {given!r}")
    if scale is None:
        try:
            return tuple([operator.index(m) for m in several]), (None,) * dims
        except TypeError:
            raise TypeError(f"{name}: size must be an int or {dims} ints, got {size!r}") from None
    try:
        scales = tuple([float(s) for s in several])
    except (TypeError, ValueError):
        raise TypeError(f"{name}: scale_factor must be a number or {dims} numbers, got {scale!r}") from None
    sizes = tuple([output_size(n, s) if math.isfinite(s) else 0 for n, s in zip(have, scales, strict=True)])
    return sizes, (None,) * dims if recompute else scales
