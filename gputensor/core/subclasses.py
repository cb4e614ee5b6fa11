"""Operations on instances of subclasses of Tensor give instances of the subclass.

An observer of operations sees to it, from the first such instance on: programs that have none pay nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor.core import apply as _apply
from gputensor.errors import DtypeError, MissingError


def stays_plain(func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
    """As ``__torch_function__`` of a class: operations on its instances give plain tensors. It runs func."""
    return func(*args, **(kwargs or {}))


def watch(kind: Any) -> None:
    """Let results be of class `kind` from now on, as an instance of it is being made.

    Raises MissingError for a class with a ``__torch_function__`` of its own.
    """
    if kind.__torch_function__ is stays_plain or kind is _apply.Tensor or not issubclass(kind, _apply.Tensor):
        return
    if getattr(kind.__torch_function__, "__func__", kind.__torch_function__) is not _DEFAULT[0]:
        raise MissingError(
            f"{kind.__name__}.__torch_function__ would never be called: no function here asks its operands for one; "
            "leave it out, as results are of the operands' class without it, and override methods of Tensor; to see "
            "what a program calls, use gputensor.profiler"
        )
    if _keep not in _apply.OBSERVERS:
        _apply.observe(_keep)


_DEFAULT: list[Any] = []  # Tensor's own __torch_function__


def register_default(function: Any) -> None:
    """Close the upward edge: a class with another ``__torch_function__`` than this one wants to be asked."""
    _DEFAULT[:] = [function]


def forget() -> None:
    """Give plain tensors again, and the speed from before the first instance."""
    if _keep in _apply.OBSERVERS:
        _apply.unobserve(_keep)


def of_same_class(x: Any, t: Any) -> Any:
    """t, which no operation made, as an instance of x's class."""
    _keep("", (x,), t)
    return t


def _keep(prim: Any, tensors: Sequence[Any], result: Any) -> None:
    kinds = {type(x) for x in tensors}
    kinds = {kind for kind in kinds if kind is not _apply.Tensor and kind.__torch_function__ is not stays_plain}
    if not kinds:
        return
    kind = next((one for one in kinds if all(issubclass(one, other) for other in kinds)), None)
    if kind is None:
        names = " and ".join(sorted(one.__name__ for one in kinds))
        raise DtypeError(
            f"{prim}: operands are of the classes {names}, and neither derives from the other; convert one with "
            "as_subclass"
        )
    for t in result if isinstance(result, tuple) else (result,):
        if type(t) is _apply.Tensor and all([t is not x for x in tensors]):  # not one that was written in place
            t.__class__ = kind
