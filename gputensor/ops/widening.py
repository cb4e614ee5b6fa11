"""16-bit floats computed in float32 inside a primitive, and rounded once."""

from __future__ import annotations

from typing import Any

from gputensor.core.promotion import F32, HALF


def is_half(x: Any) -> bool:
    """Whether an array (of any library) or tensor holds 16-bit floats."""
    d = x.dtype
    return getattr(d, "numpy", d) in HALF


def widened(xp: Any, x: Any) -> Any:
    """16-bit floats as float32; everything else as it is."""
    return xp.astype(x, F32) if is_half(x) else x


def narrowed(xp: Any, out: Any, x: Any) -> Any:
    """A result that was computed from `widened(xp, x)`, in the dtype of a 16-bit x."""
    return xp.astype(out, x.dtype) if is_half(x) else out
