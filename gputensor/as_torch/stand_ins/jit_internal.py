"""`torch._jit_internal`, as far as libraries that can be scripted take names from it."""

# ruff: noqa: UP035
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Dict, Final, List, Optional, Tuple, Union

from gputensor.as_torch.stand_ins.jit import (
    export as export,
    ignore as ignore,
    is_scripting as is_scripting,
    unused as unused,
)
from gputensor.futures import Future as Future

__all__ = ["Dict", "Final", "List", "Optional", "Tuple", "Union", "boolean_dispatch"]

BroadcastingList1 = BroadcastingList2 = BroadcastingList3 = list


def boolean_dispatch(
    arg_name: str,
    arg_index: int,
    default: bool,
    if_true: Callable[..., Any],
    if_false: Callable[..., Any],
    module_name: str | None,
    func_name: str | None,
) -> Callable[..., Any]:
    """A function that calls one of two, by the value of one of its arguments."""

    def fn(*args: Any, **kwargs: Any) -> Any:
        value = kwargs.get(arg_name, args[arg_index] if arg_index < len(args) else default)
        return (if_true if value else if_false)(*args, **kwargs)

    return fn


def _overload(func: Any) -> Any:
    """func itself."""
    return func


def _overload_method(func: Any) -> Any:
    """func itself."""
    return func


def _copy_to_script_wrapper(fn: Any) -> Any:
    """fn itself."""
    return fn
