"""What the functions that take modules ask of them."""

from __future__ import annotations

from typing import Any

from gputensor.core.explain import describe
from gputensor.nn.modules.module import Module


def check_module(name: str, module: Any, what: str = "module") -> None:
    """Raise TypeError naming the function and the argument unless it is a Module."""
    if not isinstance(module, Module):
        raise TypeError(f"{name}: {what} must be a Module, got {describe(module)}")
