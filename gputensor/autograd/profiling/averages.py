"""Events added up by name, and their table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gputensor.autograd.profiling.function_events import Times, as_time, function_events
from gputensor.autograd.profiling.recorder import Event
from gputensor.autograd.profiling.trace import write_chrome_trace
from gputensor.errors import ArgumentError

# what a table can be sorted by: PyTorch's names -> ours
_SORTS = {
    "cpu_time": "cpu_time",
    "cuda_time": "device_time",
    "device_time": "device_time",
    "cpu_time_total": "cpu_time_total",
    "cuda_time_total": "device_time_total",
    "device_time_total": "device_time_total",
    "self_cpu_time_total": "self_cpu_time_total",
    "self_cuda_time_total": "self_device_time_total",
    "self_device_time_total": "self_device_time_total",
    "cpu_memory_usage": "cpu_memory_usage",
    "cuda_memory_usage": "device_memory_usage",
    "device_memory_usage": "device_memory_usage",
    "self_cpu_memory_usage": "self_cpu_memory_usage",
    "self_cuda_memory_usage": "self_device_memory_usage",
    "self_device_memory_usage": "self_device_memory_usage",
    "count": "count",
}


@dataclass
class FunctionEventAvg(Times):
    """All events of one name: times in microseconds, memory in bytes that results newly hold.

    What PyTorch's recorder alone knows (stacks, flops, remote calls) is empty.
    """

    key: str
    count: int = 0
    cpu_time_total: float = 0.0
    self_cpu_time_total: float = 0.0
    device_time_total: float = 0.0
    self_device_time_total: float = 0.0
    cpu_memory_usage: int = 0
    self_cpu_memory_usage: int = 0
    device_memory_usage: int = 0
    self_device_memory_usage: int = 0
    input_shapes: list[list[int]] = field(default_factory=list)
    device_type: str = "cpu"
    is_user_annotation: bool = False
    stack: list[str] = field(default_factory=list)
    flops: int = 0
    node_id: int = -1
    is_async: bool = False
    is_remote: bool = False
    is_legacy: bool = False
    overload_name: str = ""
    scope: int = 0
    use_device: str | None = None

    @property
    def cpu_time(self) -> float:
        """Mean of the total times on the CPU."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def device_time(self) -> float:
        """Mean of the total times on the GPU."""
        return self.device_time_total / self.count if self.count else 0.0

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    def add(self, event: Event) -> None:
        """Count one event more."""
        self.count += 1
        self.is_user_annotation = event.kind == "user_annotation"
        self.cpu_time_total += (event.end - event.start) / 1e3
        self.self_cpu_time_total += event.self_time / 1e3
        self.device_time_total += event.device_time / 1e3
        self.self_device_time_total += event.self_device_time / 1e3
        if event.device == "cpu":
            self.cpu_memory_usage += event.bytes
            self.self_cpu_memory_usage += event.self_bytes
        else:
            self.device_type = self.use_device = "cuda"
            self.device_memory_usage += event.bytes
            self.self_device_memory_usage += event.self_bytes


class EventList(list[Any]):
    """Averages, or single events, with their table."""

    def __init__(self, items: Iterable[Any] = (), events: list[Event] | None = None, memory: bool = False) -> None:
        super().__init__(items)
        self._events = events or []
        self._memory = memory

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all operations on the CPU, in microseconds."""
        return sum([event.self_time for event in self._events]) / 1e3

    def key_averages(self, group_by_input_shape: bool = False, group_by_stack_n: int = 0) -> EventList:
        """The events added up by name, or by name and shapes of operands."""
        return averages(self._events, group_by_input_shape, self._memory)

    def total_average(self) -> FunctionEventAvg:
        """All events as one row."""
        total = FunctionEventAvg("Total")
        for event in self._events:
            total.add(event)
        return total

    def export_chrome_trace(self, path: str) -> None:
        """Write the events as JSON for chrome://tracing or https://ui.perfetto.dev; .gz compresses."""
        write_chrome_trace(path, self._events)

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int = 55,
        max_shapes_column_width: int = 80,
        header: str | None = None,
        top_level_events_only: bool = False,
        time_unit: str | None = None,
    ) -> str:
        """The averages as text, the largest first where sort_by names a column.

        sort_by: "self_cpu_time_total", "cpu_time_total", "cpu_time", "count", "self_cpu_memory_usage", or the same with
        "cuda" or "device". row_limit: -1 for all. top_level_events_only: without what lies inside of another event.
        time_unit: "s", "ms" or "us" for all times, else each in its own. Raises ArgumentError for another sort_by or
        time_unit.
        """
        if time_unit not in (None, "s", "ms", "us"):
            raise ArgumentError(f"table: time_unit must be 's', 'ms', 'us' or None, got {time_unit!r}")
        rows = [*self] if all(isinstance(x, FunctionEventAvg) for x in self) else [*averages(self._events)]
        if top_level_events_only:
            top = {event.name for event in function_events(self._events, 0) if event.cpu_parent is None}
            rows = [row for row in rows if row.key in {_row_name(name) for name in top}]
        if sort_by is not None:
            if sort_by not in _SORTS:
                raise ArgumentError(f"table: sort_by must be one of {', '.join(_SORTS)}, got {sort_by!r}")
            rows.sort(key=lambda row: getattr(row, _SORTS[sort_by]), reverse=True)
        return _text(
            rows[: None if row_limit < 0 else row_limit], self.total_average(), self._memory, header,
            max_name_column_width, time_unit,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.table()


def averages(events: list[Event], by_shape: bool = False, memory: bool = False) -> EventList:
    """Events of one name (and shapes of operands) added up, in the order in which names came first.

    The steps of a profiler, ProfilerStep#0, ProfilerStep#1, …, are one row.
    """
    found: dict[Any, FunctionEventAvg] = {}
    for event in sorted(events, key=lambda e: e.start):
        name = _row_name(event.name)
        key = (name, str(event.shapes)) if by_shape else name
        row = found.get(key)
        if row is None:
            row = found[key] = FunctionEventAvg(name, input_shapes=event.shapes if by_shape else [])
        row.add(event)
    return EventList(found.values(), events, memory)


def _row_name(name: str) -> str:
    return "ProfilerStep*" if name.startswith("ProfilerStep#") else name


def _text(
    rows: list[FunctionEventAvg],
    total: FunctionEventAvg,
    memory: bool,
    header: str | None,
    width: int,
    unit: str | None,
) -> str:
    def as_text(us: float) -> str:
        return as_time(us, unit)

    device = total.self_device_time_total > 0
    shapes = any(row.input_shapes for row in rows)
    titles = ["Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg"]
    titles += ["Self CUDA", "Self CUDA %", "CUDA total", "CUDA time avg"] if device else []
    titles += ["CPU Mem", "Self CPU Mem"] if memory else []
    titles += ["CUDA Mem", "Self CUDA Mem"] if memory and device else []
    titles += ["# of Calls"] + (["Input Shapes"] if shapes else [])
    lines = []
    for row in rows:
        cells = [row.key if len(row.key) <= width else row.key[: width - 3] + "..."]
        cells += [_share(row.self_cpu_time_total, total.self_cpu_time_total), as_text(row.self_cpu_time_total)]
        cells += [
            _share(row.cpu_time_total, total.self_cpu_time_total),
            as_text(row.cpu_time_total),
            as_text(row.cpu_time),
        ]
        if device:
            cells += [as_text(row.self_device_time_total)]
            cells += [_share(row.self_device_time_total, total.self_device_time_total)]
            cells += [as_text(row.device_time_total), as_text(row.device_time)]
        if memory:
            cells += [_size(row.cpu_memory_usage), _size(row.self_cpu_memory_usage)]
        if memory and device:
            cells += [_size(row.device_memory_usage), _size(row.self_device_memory_usage)]
        cells += [str(row.count)] + ([str(row.input_shapes)] if shapes else [])
        lines.append(cells)
    widths = [max([len(line[k]) for line in [titles, *lines]]) for k in range(len(titles))]
    rule = "  ".join(["-" * w for w in widths])
    text = [header] if header else []
    text += [rule, "  ".join([t.rjust(w) for t, w in zip(titles, widths, strict=True)]), rule]
    text += ["  ".join([c.rjust(w) for c, w in zip(line, widths, strict=True)]) for line in lines]
    text += [rule, f"Self CPU time total: {as_text(total.self_cpu_time_total)}"]
    text += [f"Self CUDA time total: {as_text(total.self_device_time_total)}"] if device else []
    return "\n".join(text) + "\n"


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole if whole else 0.0:.2f}%"


def _size(count: int) -> str:
    for unit, name in ((2**30, "Gb"), (2**20, "Mb"), (2**10, "Kb")):
        if abs(count) >= unit:
            return f"{count / unit:.2f} {name}"
    return f"{count} b"
