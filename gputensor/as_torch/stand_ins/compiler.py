"""`torch.compiler`: there is no compiler, so that there is nothing to turn off."""

from __future__ import annotations

from typing import Any, TypeVar

from gputensor import compile as compile

_T = TypeVar("_T")


def disable(fn: Any = None, recursive: bool = True, **kwargs: Any) -> Any:
    """fn itself; without it, a decorator that changes nothing.

    >>> disable(abs)(-2), disable(recursive=False)(abs)(-2), is_compiling()
    (2, 2, False)
    """
    return allow_in_graph if fn is None else fn


def allow_in_graph(fn: _T) -> _T:
    """fn itself. See `disable`."""
    return fn


def assume_constant_result(fn: _T) -> _T:
    """fn itself. See `disable`."""
    return fn


def reset() -> None:
    """Nothing: there are no caches. See `disable`."""


def cudagraph_mark_step_begin() -> None:
    """Nothing: there are no graphs of CUDA. See `disable`."""


def set_stance(*args: Any, **kwargs: Any) -> None:
    """Nothing. See `disable`."""


def is_compiling() -> bool:
    """False. See `disable`."""
    return False


def is_dynamo_compiling() -> bool:
    """False. See `disable`."""
    return False


def is_exporting() -> bool:
    """False. See `disable`."""
    return False


def list_backends(exclude_tags: Any = ()) -> list[str]:
    """No backends. See `disable`."""
    return []
