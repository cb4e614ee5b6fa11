"""`torch.jit` for programs that script or trace where they can: functions and modules come back as they are."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any, Final, TypeVar

from gputensor.futures import Future
from gputensor.nn import Module

Final = Final
_T = TypeVar("_T")


def script(obj: _T = None, *args: Any, **kwargs: Any) -> _T:  # type: ignore[assignment]  # None: used with parentheses
    """obj itself, which runs as it is written; a class, too. Also a decorator.

    >>> script(abs)(-2)
    2
    """
    return obj


def trace(func: _T = None, example_inputs: Any = None, *args: Any, **kwargs: Any) -> _T:  # type: ignore[assignment]  # None: used with parentheses
    """func itself: other inputs may take other ways through it. See `script`."""
    return func


def trace_module(mod: _T, inputs: Any, *args: Any, **kwargs: Any) -> _T:
    """mod itself. See `script`."""
    return mod


def script_method(fn: _T) -> _T:
    """fn itself. See `script`."""
    return fn


def script_if_tracing(fn: _T) -> _T:
    """fn itself. See `script`."""
    return fn


def export(fn: _T) -> _T:
    """fn itself. See `script`."""
    return fn


def unused(fn: _T) -> _T:
    """fn itself. See `script`."""
    return fn


def interface(obj: _T) -> _T:
    """obj itself. See `script`."""
    return obj


def ignore(drop: Any = False, **kwargs: Any) -> Any:
    """A decorator, with or without arguments, that changes nothing. See `script`."""
    return drop if callable(drop) else script_method


def freeze(mod: _T, *args: Any, **kwargs: Any) -> _T:
    """mod itself. See `script`."""
    return mod


def optimize_for_inference(mod: _T, *args: Any, **kwargs: Any) -> _T:
    """mod itself. See `script`."""
    return mod


def annotate(the_type: Any, the_value: _T) -> _T:
    """The value; types are for readers. See `script`."""
    return the_value


def isinstance(obj: Any, target_type: Any) -> bool:
    """Python's own. See `script`."""
    return builtins.isinstance(obj, target_type)


def is_scripting() -> bool:
    """False. See `script`."""
    return False


def is_tracing() -> bool:
    """False. See `script`."""
    return False


def fork(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Future:
    """The result of calling func at once, in a Future.

    >>> wait(fork(abs, -2))
    2
    """
    future: Any = Future()
    future.set_result(func(*args, **kwargs))
    return future


def wait(future: Future) -> Any:
    """The result in a Future. See `fork`."""
    return future.wait()


class ScriptModule(Module):
    """A module, which runs as it is written. See `script`."""


class TracerWarning(Warning):
    """What tracing warns with; nothing is traced."""
