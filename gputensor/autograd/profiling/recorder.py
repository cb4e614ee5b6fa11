"""Recording operations: forward ones through the observers of `apply`, backward steps through those of the engine.

Nothing is installed while no recorder runs, so that nothing is paid then.
"""

from __future__ import annotations

import functools
import threading
import time
from _thread import get_ident
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from gputensor.autograd import engine
from gputensor.core.apply import observe, unobserve
from gputensor.core.tensor_base import TensorBase

RECORDERS: list[Recorder] = []  # the ones that run


@dataclass
class Event:
    """One operation, backward step or labelled region: times in nanoseconds."""

    name: str
    kind: str  # "cpu_op", "backward" or "user_annotation"
    thread: int
    start: int
    end: int
    shapes: list[list[int]] = field(default_factory=list)
    bytes: int = 0  # of new memory that its results hold
    device: str = "cpu"
    device_start: int = 0  # of the work on the GPU
    device_time: int = 0
    self_time: int = 0  # without the events inside it
    self_bytes: int = 0
    self_device_time: int = 0
    marks: Any = None  # CUDA events around the work, until their times are read


class _Open(threading.local):
    """The events of this thread that have begun: (what began, start, CUDA mark), the innermost last."""

    def __init__(self) -> None:
        self.stack: list[tuple[Any, int, Any]] = []


class Recorder:
    """Records from `start` to `stop`, in all threads."""

    def __init__(self, shapes: bool = False, cuda: bool = False) -> None:
        self.events: list[Event] = []
        self.shapes = shapes
        self.began = self.ended = 0
        self._open = _Open()
        self._runtime: Any = _runtime() if cuda else None
        self._bases: dict[int, Any] = {}  # by GPU: a CUDA event of the beginning

    def start(self) -> None:
        self.began = time.perf_counter_ns()
        observe(self._done, self._begun)
        engine.WATCHERS.append(self._watch)
        RECORDERS.append(self)

    def stop(self) -> None:
        RECORDERS.remove(self)
        engine.WATCHERS.remove(self._watch)
        unobserve(self._done, self._begun)
        self.ended = time.perf_counter_ns()
        self._read_marks()
        _fill_self_times(self.events)

    def push(self, what: Any) -> None:
        """A labelled region begins."""
        self._open.stack.append((what, time.perf_counter_ns(), None))

    def pop(self, what: Any, name: str) -> None:
        """The region ends; if it began before the recorder did, it is not recorded."""
        now = time.perf_counter_ns()
        begun = self._close(what)
        if begun is not None:
            self.events.append(Event(name, "user_annotation", get_ident(), begun[1], now))

    def _begun(self, prim: Any, tensors: Any) -> None:
        self._open.stack.append((prim, time.perf_counter_ns(), self._mark(tensors[0].xp)))

    def _done(self, prim: Any, tensors: Any, result: Any) -> None:
        now = time.perf_counter_ns()
        begun = self._close(prim)
        # operations that look at memory only have no start: they take no time worth it
        event = Event(str(prim), "cpu_op", get_ident(), begun[1] if begun else now, now)
        if self.shapes:
            event.shapes = [list(x.array.shape) for x in tensors]
        event.bytes = 0 if prim.view else _new_bytes(tensors, result)
        if begun is not None and begun[2] is not None:
            self._note_device(event, tensors[0].xp, begun[2])
        self.events.append(event)

    def _watch(self, step: Callable[..., None]) -> Callable[..., None]:
        def watched(n: Any, prim: Any, g: Any, *rest: Any) -> None:
            if prim is None:
                return step(n, prim, g, *rest)
            start, mark = time.perf_counter_ns(), self._mark(n.xp)
            step(n, prim, g, *rest)
            event = Event(n.name(), "backward", get_ident(), start, time.perf_counter_ns())
            if self.shapes:
                gradients = g if isinstance(g, list) else [g]
                event.shapes = [list(x.shape) for x in gradients if x is not None]
            if mark is not None:
                self._note_device(event, n.xp, mark)
            self.events.append(event)
            return None

        return watched

    def _close(self, what: Any) -> tuple[Any, int, Any] | None:
        """Take what ends off the stack, and with it what began inside but failed; None if it never began."""
        stack = self._open.stack
        for k in range(len(stack) - 1, -1, -1):
            if stack[k][0] is what:
                found = stack[k]
                del stack[k:]
                return found
        return None

    def _mark(self, xp: Any) -> Any:
        if self._runtime is None or xp.device_type != "cuda":
            return None
        index = xp.device_index
        if index not in self._bases:
            self._bases[index] = (self._recorded(index), time.perf_counter_ns())
        return self._recorded(index)

    def _recorded(self, index: int) -> Any:
        event = self._runtime.new_event(index, True, False)
        event.record(self._runtime.current_stream(index))
        return event

    def _note_device(self, event: Event, xp: Any, mark: Any) -> None:
        event.device = f"cuda:{xp.device_index}"
        event.marks = (xp.device_index, mark, self._recorded(xp.device_index))

    def _read_marks(self) -> None:
        """Ask CUDA for the times, once all work is done."""
        for index in self._bases:
            self._runtime.synchronize(index)
        for event in self.events:
            if event.marks is None:
                continue
            index, start, end = event.marks
            base, at = self._bases[index]
            event.device_start = at + int(1e6 * self._runtime.elapsed_ms(base, start))
            event.device_time = int(1e6 * self._runtime.elapsed_ms(start, end))
            event.marks = None


def _runtime() -> Any:
    """The CUDA runtime, None without a usable GPU."""
    from gputensor.arrays.cupy_ import loading  # CuPy is loaded on first need only

    if loading.diagnose() is not None:
        return None
    from gputensor.arrays.cupy_ import runtime

    return runtime


def _new_bytes(tensors: Any, result: Any) -> int:
    results = result if isinstance(result, tuple) else (result,)
    given = {id(x) for x in tensors}
    return sum([t.array.nbytes for t in results if isinstance(t, TensorBase) and id(t) not in given])


def _fill_self_times(events: list[Event]) -> None:
    """What each event took without those inside it: events of one thread either lie apart or inside one another."""
    threads: dict[int, list[Event]] = {}
    for event in events:
        threads.setdefault(event.thread, []).append(event)
    for mine in threads.values():
        open_events: list[Event] = []
        for event in sorted(mine, key=lambda e: (e.start, -e.end)):
            event.self_time = event.end - event.start
            event.self_bytes, event.self_device_time = event.bytes, event.device_time
            while open_events and open_events[-1].end <= event.start:
                _close_event(open_events)
            open_events.append(event)
        while open_events:
            _close_event(open_events)


def _close_event(open_events: list[Event]) -> None:
    """Take the innermost event off, and count it towards the one around it."""
    done = open_events.pop()
    if open_events:
        around = open_events[-1]
        around.self_time -= done.end - done.start
        around.bytes += done.bytes
        around.device_time += done.device_time


class record_function:
    """A labelled region of a program in the profiler's table; also a decorator. Costs next to nothing outside of one.

    >>> import gputensor as gt
    >>> with gt.profiler.profile() as prof:
    ...     with gt.profiler.record_function("forward"):
    ...         y = gt.ones(2) * 2
    >>> [event.key for event in prof.key_averages() if event.key == "forward"]
    ['forward']
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self.args = args
        self._inside: list[list[Recorder]] = []

    def __enter__(self) -> record_function:
        recorders = list(RECORDERS)
        for recorder in recorders:
            recorder.push(self)
        self._inside.append(recorders)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for recorder in self._inside.pop():
            recorder.pop(self, self.name)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name, self.args):
                return function(*args, **kwargs)

        return inside
