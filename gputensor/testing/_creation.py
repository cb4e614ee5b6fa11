"""make_tensor: inputs for tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.core.dtypes import as_dtype, bool_, dtype


def make_tensor(
    *shape: int | Sequence[int],
    dtype: dtype,
    device: Any = "cpu",
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A tensor of uniform random numbers, low <= x < high, for tests. Random.

    low, high: by default -9 and 9 for floating-point, complex (both parts) and signed integers, 0 and 10 for unsigned,
    0 and 2 for bool; what a dtype cannot hold is clamped. noncontiguous: every second element of a larger tensor.
    exclude_zero: zeros become the smallest positive number (1 for integers). Raises ValueError where low is not below
    high or is NaN, and for noncontiguous beside memory_format; RuntimeError for requires_grad of integers.

    >>> import gputensor as gt
    >>> x = gt.testing.make_tensor(2, 3, dtype=gt.float32, low=1, high=2)
    >>> x.shape, bool(((x >= 1) & (x < 2)).all())
    (gputensor.Size([2, 3]), True)
    """
    d = as_dtype(dtype)
    sizes: Any = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
    if noncontiguous and memory_format is not None:
        raise ValueError("make_tensor: noncontiguous and memory_format cannot both be given")
    if requires_grad and not (d.is_floating_point or d.is_complex):
        raise RuntimeError(
            f"make_tensor: {d.name} cannot require gradients; only floating-point and complex dtypes can"
        )
    lowest, highest = _bounds(d, low, high)
    full = [*sizes[:-1], 2 * sizes[-1]] if noncontiguous and len(sizes) else list(sizes)
    made = _drawn(full, d, device, lowest, highest)
    if noncontiguous and len(sizes):
        made = made[..., ::2]
    elif memory_format is not None:
        made = made.clone(memory_format=memory_format)
    if exclude_zero:
        small = gt.finfo(d.to_real() if d.is_complex else d).tiny if d.is_floating_point or d.is_complex else 1
        made[made == 0] = True if d is bool_ else small
    return made.requires_grad_() if requires_grad else made


def _bounds(d: dtype, low: float | None, high: float | None) -> tuple[float, float]:
    default: tuple[float, float]
    limits: tuple[float, float]
    if d is bool_:
        default, limits = (0, 2), (0, 2)
    elif d.is_floating_point or d.is_complex:
        default, limits = (-9, 9), (float("-inf"), float("inf"))
    else:
        info = gt.iinfo(d)
        default, limits = (-9 if info.min < 0 else 0, 10), (info.min, info.max)
    lowest, highest = default[0] if low is None else low, default[1] if high is None else high
    if math.isnan(lowest) or math.isnan(highest):
        raise ValueError(f"make_tensor: low and high must be numbers, got {low} and {high}")
    if not lowest < highest:
        raise ValueError(f"make_tensor: low must be below high, got {lowest} and {highest}")
    return max(lowest, limits[0]), min(highest, limits[1])


def _drawn(sizes: list[int], d: dtype, device: Any, low: float, high: float) -> Tensor:
    if d.is_complex:
        real = d.to_real()
        return gt.complex(_uniform(sizes, real, device, low, high), _uniform(sizes, real, device, low, high))
    if d.is_floating_point:
        return _uniform(sizes, d, device, low, high)
    return gt.randint(math.ceil(low), max(math.ceil(high), math.ceil(low) + 1), sizes, device=device).to(d)


def _uniform(sizes: list[int], d: dtype, device: Any, low: float, high: float) -> Tensor:
    wide = gt.float32 if d in (gt.float16, gt.bfloat16) else d
    limit = gt.finfo(d)
    low, high = max(low, limit.min), min(high, limit.max)
    # half the width and twice the factor: the whole width of a dtype does not fit it
    drawn = gt.rand(tuple(sizes), dtype=wide, device=device)
    return (low * (1 - drawn) + high * drawn).clamp(low, high).to(d)
