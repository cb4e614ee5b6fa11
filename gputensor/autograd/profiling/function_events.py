"""Recorded events as programs read them: times in microseconds, and what lies inside of what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gputensor.autograd.profiling.recorder import Event
from gputensor.core.devices import device


def as_time(us: float, unit: str | None = None) -> str:
    """Microseconds as text, in the unit that suits unless one is given."""
    if unit is None:
        unit = "s" if us >= 1e6 else "ms" if us >= 1e3 else "us"
    return f"{us / {'s': 1e6, 'ms': 1e3, 'us': 1}[unit]:.3f}{unit}"


@dataclass
class Interval:
    """From start to end, in microseconds since the recording began."""

    start: float
    end: float

    def elapsed_us(self) -> float:
        """How long it took, in microseconds."""
        return self.end - self.start


class Times:
    """The times of an event or of an average under PyTorch's older names, and as text."""

    __slots__ = ()

    @property
    def cuda_time(self: Any) -> float:
        """`device_time` under its older name."""
        return float(self.device_time)

    @property
    def cuda_time_total(self: Any) -> float:
        """`device_time_total` under its older name."""
        return float(self.device_time_total)

    @property
    def self_cuda_time_total(self: Any) -> float:
        """`self_device_time_total` under its older name."""
        return float(self.self_device_time_total)

    @property
    def cpu_time_str(self: Any) -> str:
        """`cpu_time` as text."""
        return as_time(self.cpu_time)

    @property
    def cpu_time_total_str(self: Any) -> str:
        """`cpu_time_total` as text."""
        return as_time(self.cpu_time_total)

    @property
    def self_cpu_time_total_str(self: Any) -> str:
        """`self_cpu_time_total` as text."""
        return as_time(self.self_cpu_time_total)

    @property
    def device_time_str(self: Any) -> str:
        """`device_time` as text."""
        return as_time(self.device_time)

    @property
    def device_time_total_str(self: Any) -> str:
        """`device_time_total` as text."""
        return as_time(self.device_time_total)

    @property
    def self_device_time_total_str(self: Any) -> str:
        """`self_device_time_total` as text."""
        return as_time(self.self_device_time_total)


@dataclass(eq=False)
class FunctionEvent(Times):
    """One operation, backward step or labelled region: times in microseconds, memory in bytes newly held by results.

    What PyTorch's recorder alone knows (stacks, flops, kernels, remote calls) is empty.
    """

    id: int
    name: str
    thread: int
    time_range: Interval
    self_cpu_time_total: float
    device_time_total: float
    self_device_time_total: float
    input_shapes: list[list[int]]
    cpu_memory_usage: int
    self_cpu_memory_usage: int
    device_memory_usage: int
    self_device_memory_usage: int
    device_type: str
    device_index: int
    is_user_annotation: bool
    cpu_parent: FunctionEvent | None = field(default=None, repr=False)
    cpu_children: list[FunctionEvent] = field(default_factory=list, repr=False)
    stack: list[str] = field(default_factory=list, repr=False)
    count: int = 1
    flops: int = 0
    node_id: int = -1
    is_async: bool = False
    is_remote: bool = False
    is_legacy: bool = False
    use_device: str | None = None
    kernels: list[Any] = field(default_factory=list, repr=False)
    concrete_inputs: list[Any] = field(default_factory=list, repr=False)
    overload_name: str = ""
    scope: int = 0
    sequence_nr: int = -1
    is_python_function: bool = False

    @property
    def key(self) -> str:
        """The name."""
        return self.name

    @property
    def trace_name(self) -> str:
        """The name."""
        return self.name

    @property
    def cpu_time(self) -> float:
        """The time on the CPU, what lies inside it counted."""
        return self.time_range.elapsed_us()

    @property
    def cpu_time_total(self) -> float:
        """`cpu_time`: it happened once."""
        return self.cpu_time

    @property
    def device_time(self) -> float:
        """The time on the GPU, what lies inside it counted."""
        return self.device_time_total


def function_events(events: list[Event], began: int) -> list[FunctionEvent]:
    """The events in the order of their beginnings, each with what lies inside it. began: in nanoseconds."""
    found: list[FunctionEvent] = []
    around: dict[int, list[FunctionEvent]] = {}
    for k, event in enumerate(sorted(events, key=lambda e: (e.start, -e.end))):
        one = _function_event(k + 1, event, began)
        stack = around.setdefault(event.thread, [])
        while stack and stack[-1].time_range.end <= one.time_range.start:
            stack.pop()
        if stack:
            one.cpu_parent = stack[-1]
            stack[-1].cpu_children.append(one)
        stack.append(one)
        found.append(one)
    return found


def _function_event(number: int, event: Event, began: int) -> FunctionEvent:
    where: Any = device(event.device)
    on_cpu = where.type == "cpu"
    return FunctionEvent(
        id=number,
        name=event.name,
        thread=event.thread,
        time_range=Interval((event.start - began) / 1e3, (event.end - began) / 1e3),
        self_cpu_time_total=event.self_time / 1e3,
        device_time_total=event.device_time / 1e3,
        self_device_time_total=event.self_device_time / 1e3,
        input_shapes=event.shapes,
        cpu_memory_usage=event.bytes if on_cpu else 0,
        self_cpu_memory_usage=event.self_bytes if on_cpu else 0,
        device_memory_usage=0 if on_cpu else event.bytes,
        self_device_memory_usage=0 if on_cpu else event.self_bytes,
        device_type=where.type,
        device_index=where.index or 0,
        is_user_annotation=event.kind == "user_annotation",
        use_device=None if on_cpu else where.type,
    )
