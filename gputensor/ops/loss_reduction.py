"""What all losses share: how the losses of the elements become one, and the check of shapes that broadcast by
mistake."""

from __future__ import annotations

import sys
import warnings
from types import FrameType
from typing import Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.explain import describe, explain
from gputensor.errors import ShapeError


class TargetError(ShapeError, IndexError):
    """A class number out of range."""


REDUCTIONS = frozenset(("none", "mean", "sum"))


def reduction_of(name: str, reduction: str, size_average: bool | None = None, reduce: bool | None = None) -> str:
    """The reduction meant; size_average and reduce are PyTorch's older way to say it. Raises ValueError for an unknown
    one."""
    if size_average is not None or reduce is not None:
        each = reduce is None or reduce
        reduction = ("mean" if size_average is None or size_average else "sum") if each else "none"
        warnings.warn(
            f"{name}: size_average and reduce are outdated; use reduction={reduction!r}", UserWarning, programs_level()
        )
    if reduction == "elementwise_mean":
        warnings.warn(
            f"{name}: reduction='elementwise_mean' is outdated; use reduction='mean'", UserWarning, programs_level()
        )
        reduction = "mean"
    if not isinstance(reduction, str) or reduction not in REDUCTIONS:
        raise ValueError(f"{name}: reduction must be 'none', 'mean' or 'sum', got {reduction!r}")
    return reduction


def programs_level() -> int:
    """The stacklevel of the line outside gputensor: how far up it is differs between functions, layers and autocast."""
    level = 1
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("gputensor."):
        level, frame = level + 1, frame.f_back
    return level


def reduced(loss: Any, reduction: str) -> Any:
    """The mean or the sum of the elements' losses, or these themselves."""
    return loss.mean() if reduction == "mean" else loss.sum() if reduction == "sum" else loss


def tensors(name: str, **operands: Any) -> None:
    """Raise TypeError for the first operand that is no Tensor."""
    for label, value in operands.items():
        if not isinstance(value, _apply.Tensor):
            raise TypeError(f"{name}: {label} must be a Tensor, got {describe(value)}")


def target_error(name: str, target: Any, classes: int, ignored: int | None = None) -> TargetError | None:
    """The error for class numbers out of range, None if all are in order or nobody looked."""
    xp, t = target.xp, target.array
    if ignored is not None:
        t = xp.where(xp.equal(t, ignored), xp.zeros_for(t, ()), t)
    outside = xp.first_outside(t, classes)
    if outside is None:
        return None
    return TargetError(f"{name}: Target {outside} is out of range for {classes} classes; use 0 <= target < {classes}")


def broadcast_together(name: str, *operands: Any) -> None:
    """Raise ShapeError in the words of the loss, not of a step of its formula, where shapes do not broadcast."""
    shapes = [x.array.shape for x in operands]
    if any([s != shapes[0] for s in shapes]):
        try:
            np.broadcast_shapes(*shapes)
        except ValueError as error:
            raise explain(name, operands, error) from None


def warn_if_broadcast(name: str, input: Any, target: Any) -> None:
    """Warn where sizes differ: a loss over (n, 1) and (n,) is one over n * n pairs, which nobody wants."""
    if input.array.shape != target.array.shape:
        broadcast_together(name, input, target)
        warnings.warn(
            f"{name}: target of shape {tuple(target.array.shape)} differs from input of shape "
            f"{tuple(input.array.shape)} and is broadcast; give both the same shape",
            UserWarning,
            stacklevel=programs_level(),
        )
