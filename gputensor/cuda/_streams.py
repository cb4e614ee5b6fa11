"""Streams and events: the order of work on a GPU, and its times."""

from __future__ import annotations

from typing import Any

from gputensor.cuda._devices import index_of, runtime


class Stream:
    """A queue of work on a GPU. Work in one stream runs in order; streams run beside each other.

    device: the GPU, by default the current one. priority: lower runs first. Raises DeviceError without a usable GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.Stream()
    """

    def __init__(self, device: Any = None, priority: int = 0, *, _raw: Any = None) -> None:
        self.device_index = index_of(device)
        self.raw = runtime().new_stream(self.device_index, priority) if _raw is None else _raw

    @property
    def cuda_stream(self) -> int:
        """The address of the CUDA stream."""
        return int(self.raw.ptr)

    def synchronize(self) -> None:
        """Wait until everything in this stream is done."""
        self.raw.synchronize()

    def query(self) -> bool:
        """Whether everything in this stream is done."""
        return bool(self.raw.done)

    def record_event(self, event: Event | None = None) -> Event:
        """Record an event at this place of the stream; a new one unless given."""
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event: Event) -> None:
        """Let what comes later in this stream wait for an event."""
        self.raw.wait_event(event.raw)

    def wait_stream(self, stream: Stream) -> None:
        """Let what comes later in this stream wait for everything that is in another one now."""
        self.wait_event(stream.record_event())

    def __enter__(self) -> Stream:
        self.raw.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.raw.__exit__(*error)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Stream)
            and self.cuda_stream == other.cuda_stream
            and self.device_index == other.device_index
        )

    def __hash__(self) -> int:
        return hash((self.cuda_stream, self.device_index))

    def __repr__(self) -> str:
        return f"<gputensor.cuda.Stream device=cuda:{self.device_index} cuda_stream={self.cuda_stream:#x}>"


class Event:
    """A mark in a stream that can be waited for and, with enable_timing, measured. Raises DeviceError without a usable
    GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.Event(enable_timing=True)
    """

    def __init__(self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False) -> None:
        if interprocess:
            raise NotImplementedError("Event: interprocess=True is not supported; use events within one process")
        self.raw = runtime().new_event(index_of(None), enable_timing, blocking)

    def record(self, stream: Stream | None = None) -> None:
        """Set the mark in a stream, by default the current one."""
        self.raw.record((current_stream() if stream is None else stream).raw)

    def synchronize(self) -> None:
        """Wait until the work before the mark is done."""
        self.raw.synchronize()

    def query(self) -> bool:
        """Whether the work before the mark is done."""
        return bool(self.raw.done)

    def wait(self, stream: Stream | None = None) -> None:
        """Let a stream, by default the current one, wait for the mark."""
        (current_stream() if stream is None else stream).wait_event(self)

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds from this mark to another; both need enable_timing and must be done."""
        return runtime().elapsed_ms(self.raw, end_event.raw)


def current_stream(device: Any = None) -> Stream:
    """The stream that work goes to.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.current_stream()
    """
    index = index_of(device)
    return Stream(index, _raw=runtime().current_stream(index))


def default_stream(device: Any = None) -> Stream:
    """The stream that work goes to unless another is chosen.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.default_stream()
    """
    return Stream(index_of(device), _raw=runtime().default_stream())


def set_stream(stream: Stream | None) -> None:
    """Let work on the stream's GPU go to it from now on; None changes nothing. Prefer ``with stream(…):``.

    >>> import gputensor as gt
    >>> gt.cuda.set_stream(None)
    """
    if stream is not None:
        runtime().use_stream(stream.device_index, stream.raw)


class StreamContext:
    """A ``with`` block whose work goes to a stream; None changes nothing.

    >>> import gputensor as gt
    >>> with gt.cuda.StreamContext(None):
    ...     pass
    """

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> Stream | None:
        return None if self.stream is None else self.stream.__enter__()

    def __exit__(self, *error: Any) -> None:
        if self.stream is not None:
            self.stream.__exit__(*error)


def stream(stream: Stream | None) -> StreamContext:
    """A ``with`` block whose work goes to a stream; None changes nothing.

    >>> import gputensor as gt
    >>> with gt.cuda.stream(None):
    ...     pass
    """
    return StreamContext(stream)
