"""Anomaly mode: every node remembers the line that made it, which backward names when a step fails or gives NaN."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from _thread import get_ident
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from gputensor.core.apply import observe, unobserve
from gputensor.core.explain import everywhere
from gputensor.core.history import new_nodes
from gputensor.core.modes import forget_at_thread_end, is_grad_enabled
from gputensor.core.nodes import Node
from gputensor.core.promotion import FLOATING
from gputensor.errors import GradError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_LOCK = threading.Lock()
ANOMALY: dict[int, _State] = {}  # by thread; empty in the usual case


class _State:
    """What anomaly mode knows in one thread: whether NaN is looked for, and which node's step is running."""

    __slots__ = ("check_nan", "running")

    def __init__(self, check_nan: bool) -> None:
        self.check_nan = check_nan
        self.running: Node | None = None


class _Where:
    """The stack that made a node; and, for one made by a backward pass, the node whose step made it."""

    __slots__ = ("name", "outer", "stack")

    def __init__(self, stack: traceback.StackSummary, by: Node | None) -> None:
        self.stack = stack
        # not the node itself, which would keep its graph alive
        self.name = None if by is None else by.name()
        self.outer = getattr(by, "where", None)

    def __str__(self) -> str:
        lines = "".join(self.stack.format()).rstrip()
        if self.name is None:
            return lines
        inner = "" if self.outer is None else f", of which the forward operation was called here:\n{self.outer}"
        return f"{lines}\nin the backward step of {self.name}{inner}"


class set_detect_anomaly:
    """Switch anomaly mode on or off, at once as a function or for a body as a context manager; for this thread.

    In this mode every recorded operation remembers the line that called it, which is slow: for debugging only. An
    error in backward then names the line of the forward operation. With check_nan, a NaN in a gradient is such an
    error. Unlike torch: per thread.

    >>> import gputensor as gt
    >>> with gt.autograd.set_detect_anomaly(True):
    ...     gt.is_anomaly_enabled()
    True
    """

    __slots__ = ("_before", "_entered", "_new")

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._new = (bool(mode), bool(check_nan))
        self._before: list[tuple[int, _State | None]] = []
        self._entered = True
        self._switch()

    def _switch(self) -> None:
        me = get_ident()
        self._before.append((me, ANOMALY.get(me)))
        _set(me, _State(self._new[1]) if self._new[0] else None)

    def __enter__(self) -> None:
        # the call itself switched already
        if self._entered:
            self._entered = False
        else:
            self._switch()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        _set(*self._before.pop())


class detect_anomaly(set_detect_anomaly):
    """Anomaly mode for a body; see `set_detect_anomaly`.

    >>> import gputensor as gt
    >>> x = gt.zeros(1, requires_grad=True)
    >>> with gt.autograd.detect_anomaly():
    ...     y = (x / x).sum()
    ...     y.backward()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    gputensor.errors.GradError: DivBackward0 gave nan in the gradient of its input 1...
    """

    __slots__ = ()

    def __init__(self, check_nan: bool = True) -> None:
        self._new = (True, bool(check_nan))
        self._before = []
        self._entered = False


def is_anomaly_enabled() -> bool:
    """Whether anomaly mode is on in this thread.

    >>> import gputensor as gt
    >>> gt.is_anomaly_enabled()
    False
    """
    return get_ident() in ANOMALY


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly mode is on in this thread and looks for NaN.

    >>> import gputensor as gt
    >>> with gt.autograd.detect_anomaly(check_nan=False):
    ...     gt.is_anomaly_check_nan_enabled()
    False
    """
    state = ANOMALY.get(get_ident())
    return state is not None and state.check_nan


def _set(thread: int, state: _State | None) -> None:
    with _LOCK:
        watched = bool(ANOMALY)
        if state is None:
            ANOMALY.pop(thread, None)
        else:
            ANOMALY[thread] = state
            forget_at_thread_end(ANOMALY)
        if ANOMALY and not watched:
            observe(_note_line)
        elif watched and not ANOMALY:
            unobserve(_note_line)


def _note_line(prim: Any, tensors: Any, result: Any) -> None:
    """Called after each operation: tell its new nodes which line it was."""
    state = ANOMALY.get(get_ident())
    if state is None or not is_grad_enabled():
        return
    where = None
    for n in new_nodes(result):
        if not hasattr(n, "where"):
            where = where or _Where(_user_stack(), state.running)
            n.where = where


def _user_stack() -> traceback.StackSummary:
    """The frames outside this package, the innermost last; lines are read when they are printed."""
    frame: FrameType | None = sys._getframe(1)
    frames = []
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_PACKAGE):
            frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    return traceback.StackSummary.extract(reversed(frames), lookup_lines=False)


def watched(step: Callable[..., None], state: _State) -> Callable[..., None]:
    """The engine's step, with the line of the forward operation added to what it raises."""

    def watched_step(n: Any, *rest: Any) -> None:
        outer, state.running = state.running, n
        try:
            step(n, *rest)
        except Exception as error:
            where = getattr(n, "where", None)
            if (
                where is not None
                and error.args
                and isinstance(error.args[0], str)
                and not hasattr(error, "__forward_line__")
            ):
                error.args = (f"{error.args[0]}; the forward operation was called here:\n{where}", *error.args[1:])
                error.__forward_line__ = True  # type: ignore[attr-defined]  # a mark on the error
            raise
        finally:
            state.running = outer

    return watched_step


def check_nan(n: Any, k: int, g: Any) -> None:
    """Raise if the gradient g of a node's input k has a NaN."""
    if g.dtype in FLOATING and _has_nan(getattr(g, "ns", n.xp), g):
        raise GradError(f"{n.name()} gave nan in the gradient of its input {k}")


def _has_nan(xp: Any, g: Any) -> bool:
    return not everywhere(xp, xp.logical_not(xp.isnan(g)))
