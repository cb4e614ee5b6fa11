"""`torch.overrides`: `__torch_function__` is never called, and so nothing overrides a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gputensor import Tensor
from gputensor.errors import MissingError


def is_tensor_like(inp: Any) -> bool:
    """Whether inp is a tensor."""
    return isinstance(inp, Tensor)


def has_torch_function(relevant_args: Iterable[Any]) -> bool:
    """False: no argument overrides a function."""
    return False


def has_torch_function_unary(x: Any) -> bool:
    """False. See `has_torch_function`."""
    return False


def has_torch_function_variadic(*xs: Any) -> bool:
    """False. See `has_torch_function`."""
    return False


def handle_torch_function(public_api: Callable[..., Any], relevant_args: Iterable[Any], *args: Any, **kw: Any) -> Any:
    """Raises MissingError: nobody overrides a function, so that nobody should ask for this."""
    raise MissingError("torch.overrides.handle_torch_function does not exist: __torch_function__ is never called")
