"""The profiler as a context, for a whole block or for the steps that a schedule chooses."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable
from enum import Enum
from types import TracebackType
from typing import Any

from gputensor.autograd.profiling.averages import EventList, averages
from gputensor.autograd.profiling.function_events import function_events
from gputensor.autograd.profiling.recorder import Recorder, record_function
from gputensor.autograd.profiling.trace import write_chrome_trace
from gputensor.cuda import is_available
from gputensor.profiler._schedule import ProfilerAction


class ProfilerActivity(Enum):
    """What a profiler measures.

    >>> import gputensor as gt
    >>> gt.profiler.ProfilerActivity.CPU.name
    'CPU'
    """

    CPU = 0
    XPU = 1
    MTIA = 2
    CUDA = 3
    HPU = 4
    PrivateUse1 = 6


def supported_activities() -> set[ProfilerActivity]:
    """CPU, and CUDA where there is a GPU.

    >>> import gputensor as gt
    >>> gt.profiler.ProfilerActivity.CPU in gt.profiler.supported_activities()
    True
    """
    return {ProfilerActivity.CPU, ProfilerActivity.CUDA} if is_available() else {ProfilerActivity.CPU}


class profile:
    """Records every operation of a ``with`` block, backward steps included: calls, time and memory by name.

    activities: `ProfilerActivity.CPU` and `.CUDA`; CUDA measures on the GPU, too, by events in its stream; by default
    both, where there is a GPU. schedule: a function that says for each step what to do, as `profiler.schedule` makes;
    the program then calls ``step()`` after each. on_trace_ready: called with the profiler when a recording is complete.
    record_shapes: of operands, for ``key_averages(group_by_input_shape=True)`` and traces. profile_memory: show the
    bytes that results newly hold, views not counted. with_stack, with_flops, with_modules, acc_events and
    experimental_config are accepted without an effect. Unlike torch: the names are this library's operations ("mul",
    "linear"), and backward steps have those of their nodes ("MulBackward0").

    >>> import gputensor as gt
    >>> w = gt.ones(3, requires_grad=True)
    >>> with gt.profiler.profile(profile_memory=True) as prof:
    ...     (w * 2).sum().backward()
    >>> {row.key: row.count for row in prof.key_averages()}
    {'mul': 1, 'sum': 1, 'SumBackward0': 1, 'MulBackward0': 1}
    """

    def __init__(
        self,
        *,
        activities: Iterable[ProfilerActivity] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[[profile], Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
        experimental_config: Any = None,
        execution_trace_observer: Any = None,
        acc_events: bool = False,
        use_cuda: bool | None = None,
        **others: Any,
    ) -> None:
        self.activities = set(activities) if activities is not None else supported_activities()
        if not self.activities:
            raise ValueError("profile: activities is empty; give ProfilerActivity.CPU, .CUDA or both")
        self.record_shapes = record_shapes
        self.profile_memory = profile_memory
        self.on_trace_ready = on_trace_ready
        self.step_num = 0
        self._cuda = bool(use_cuda) or ProfilerActivity.CUDA in self.activities
        self.use_device = "cuda" if self._cuda else None
        self.with_stack, self.with_flops, self.with_modules = with_stack, with_flops, with_modules
        self.acc_events, self.experimental_config = acc_events, experimental_config
        self.schedule = schedule
        self.current_action = ProfilerAction.NONE
        self._recorder: Recorder | None = None
        self._step: record_function | None = None
        self._metadata: dict[str, Any] = {}

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; the context does it."""
        self.step_num = 0
        self._follow(self._planned())

    def stop(self) -> None:
        """End; the context does it. A recording that is under way is complete with it."""
        self._follow(ProfilerAction.NONE, ready=True)

    def step(self) -> None:
        """Say that a step of the program is done, for the schedule."""
        self.step_num += 1
        self._follow(self._planned())

    def events(self) -> EventList:
        """The events one by one, in the order of their beginnings; times in microseconds.

        Each has name (key), time_range, cpu_time_total, self_cpu_time_total, device_time_total, count, thread,
        input_shapes, cpu_memory_usage, cpu_parent and cpu_children. Raises RuntimeError before anything was recorded.
        """
        recorder = self._recorded()
        events = recorder.events
        return EventList(function_events(events, recorder.began), events, self.profile_memory)

    def key_averages(
        self, group_by_input_shape: bool = False, group_by_stack_n: int = 0, group_by_overload_name: bool = False
    ) -> EventList:
        """The events added up by name, or by name and shapes of operands; its ``table(sort_by=…)`` is text."""
        return averages(self._recorded().events, group_by_input_shape, self.profile_memory)

    def export_chrome_trace(self, path: str) -> None:
        """Write the events as JSON for chrome://tracing or https://ui.perfetto.dev; .gz compresses."""
        write_chrome_trace(path, self._recorded().events, self._metadata)

    def export_stacks(self, path: str, metric: str = "self_cpu_time_total") -> None:
        """Raises NotImplementedError: stacks are not recorded."""
        raise NotImplementedError(
            "export_stacks: stacks are not recorded; use export_chrome_trace, or Python's cProfile for its functions"
        )

    def add_metadata(self, key: str, value: str) -> None:
        """Put a note into traces."""
        self._metadata[key] = value

    def add_metadata_json(self, key: str, value: str) -> None:
        """Put a note into traces."""
        self._metadata[key] = value

    def _planned(self) -> ProfilerAction:
        return ProfilerAction.RECORD if self.schedule is None else self.schedule(self.step_num)

    def _follow(self, action: ProfilerAction, ready: bool = False) -> None:
        """Go from what the last step did to what the next one does."""
        before, self.current_action = self.current_action, action
        recording = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)
        if self._step is not None:
            self._step.__exit__(None, None, None)
            self._step = None
        # a saved recording ends, and the next step may begin another one
        if before in recording and (before is ProfilerAction.RECORD_AND_SAVE or action not in recording):
            self._recorded().stop()
            if self.on_trace_ready is not None and (before is ProfilerAction.RECORD_AND_SAVE or ready):
                self.on_trace_ready(self)
            before = ProfilerAction.NONE
        if action in recording:
            if before not in recording:
                self._recorder = Recorder(self.record_shapes, self._cuda)
                self._recorder.start()
            if self.schedule is not None:
                self._step = record_function(f"ProfilerStep#{self.step_num}")
                self._step.__enter__()

    def _recorded(self) -> Recorder:
        if self._recorder is None:
            raise RuntimeError("profile: nothing was recorded; use it as a context, and see that the schedule records")
        return self._recorder


def tensorboard_trace_handler(
    dir_name: str, worker_name: str | None = None, use_gzip: bool = False
) -> Callable[[profile], None]:
    """A function for on_trace_ready that writes each recording as a Chrome trace into a folder.

    The file is called ``<worker_name>.<time>.pt.trace.json``, with .gz where use_gzip is set; worker_name is the host
    and the process unless given. The folder is made if it is not there.

    >>> import gputensor as gt
    >>> callable(gt.profiler.tensorboard_trace_handler("log"))
    True
    """

    def handle(prof: profile) -> None:
        os.makedirs(dir_name, exist_ok=True)
        worker = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        name = f"{worker}.{time.time_ns()}.pt.trace.json" + (".gz" if use_gzip else "")
        prof.export_chrome_trace(os.path.join(dir_name, name))

    return handle
