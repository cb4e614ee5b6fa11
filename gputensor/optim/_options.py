"""Options that every optimizer shares: their checks, and their values as numbers of a dtype."""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.explain import check_number, describe


def number(optimizer: str, name: str, value: Any) -> float:
    """An option as a Python number.

    Raises TypeError for what is no number, ValueError for a tensor of more than one element.
    """
    if isinstance(value, Tensor):
        if value.numel() != 1:
            raise ValueError(f"Tensor {name} must be 1-element, got shape {tuple(value.shape)}")
        return float(value)
    check_number(optimizer, name, value)
    return value


def check_flags(foreach: bool | None, fused: bool | None, differentiable: bool) -> None:
    """Raise RuntimeError for flags that exclude each other in PyTorch too."""
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def scalar(value: Any, xp: Any, dtype: Any) -> Any:
    """An option as a 0-d array, which costs the formula less than a Python number; itself over Tensors (xp is None)."""
    if xp is None:
        return value
    return xp.scalar(float(value) if isinstance(value, Tensor) else value, dtype)


def called(closure: Any, optimizer: Any) -> Any:
    """What a step's closure returns. Raises TypeError for what is no function, such as the loss itself."""
    if not callable(closure):
        raise TypeError(
            f"{type(optimizer).__name__}.step: closure must be a function that computes the loss and its gradients "
            f"anew, got {describe(closure)}; pass the function itself, not what it returns"
        )
    return closure()
