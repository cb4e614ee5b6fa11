"""PyTorch's older profiler; new code is clearer with `gputensor.profiler`, which can follow a schedule."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gputensor.autograd.profiling.averages import EventList, FunctionEventAvg, averages
from gputensor.autograd.profiling.function_events import function_events
from gputensor.autograd.profiling.recorder import Recorder, record_function as record_function

__all__ = ["EventList", "FunctionEventAvg", "profile", "record_function"]


class profile:
    """Records every operation of a ``with`` block, backward steps included: calls, time and memory by name.

    use_device="cuda" (or use_cuda): measure on the GPU, too. record_shapes: of operands; profile_memory: show the bytes
    that results newly hold. with_stack, with_modules, with_flops and the others are accepted without an effect.

    >>> import gputensor as gt
    >>> with gt.autograd.profiler.profile() as prof:
    ...     y = gt.ones(3) * 2
    >>> {row.key: row.count for row in prof.key_averages()}
    {'mul': 1}
    """

    def __init__(
        self,
        enabled: bool = True,
        *,
        use_cuda: bool = False,
        use_device: str | None = None,
        record_shapes: bool = False,
        with_flops: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_modules: bool = False,
        use_kineto: bool = True,
        use_cpu: bool = True,
        **others: Any,
    ) -> None:
        self.enabled = enabled
        self.profile_memory = profile_memory
        self._recorder = Recorder(record_shapes, cuda=use_cuda or use_device == "cuda")

    def __enter__(self) -> profile:
        if self.enabled:
            if self._recorder.events:
                raise RuntimeError("profile: a profiler cannot be entered twice; make another one")
            self._recorder.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.enabled:
            self._recorder.stop()

    @property
    def function_events(self) -> EventList:
        """The events one by one."""
        events = self._recorder.events
        return EventList(function_events(events, self._recorder.began), events, self.profile_memory)

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all operations on the CPU, in microseconds."""
        return self.function_events.self_cpu_time_total

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> EventList:
        """The events added up by name, or by name and shapes of operands."""
        return averages(self._recorder.events, group_by_input_shape, self.profile_memory)

    def total_average(self) -> FunctionEventAvg:
        """All events as one row."""
        return self.function_events.total_average()

    def table(self, sort_by: str | None = None, row_limit: int = 100, **options: Any) -> str:
        """See `EventList.table`."""
        return self.key_averages().table(sort_by=sort_by, row_limit=row_limit, **options)

    def export_chrome_trace(self, path: str) -> None:
        """Write the events as JSON for chrome://tracing or https://ui.perfetto.dev; .gz compresses."""
        self.function_events.export_chrome_trace(path)

    def __str__(self) -> str:
        return self.table()


def __dir__() -> list[str]:
    return __all__
