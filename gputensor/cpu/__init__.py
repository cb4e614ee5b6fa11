"""The CPU, asked as `gputensor.cuda` is asked for GPUs; operations on it are done when they return."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gputensor.cpu import amp as amp


def is_available() -> bool:
    """True.

    >>> import gputensor as gt
    >>> gt.cpu.is_available(), gt.cpu.device_count(), gt.cpu.current_device()
    (True, 1, 'cpu')
    """
    return True


def is_initialized() -> bool:
    """True."""
    return True


def device_count() -> int:
    """1: all cores are one device."""
    return 1


def current_device() -> str:
    """ "cpu"."""
    return "cpu"


def set_device(device: Any) -> None:
    """Does nothing: there is one CPU device."""


def synchronize(device: Any = None) -> None:
    """Does nothing: operations on the CPU are done when they return."""


class Stream:
    """The order of work on the CPU, which is always that of the program.

    >>> import gputensor as gt
    >>> with gt.cpu.stream(gt.cpu.Stream()):
    ...     pass
    """

    def __init__(self, priority: int = -1) -> None:
        self.priority = priority

    def wait_stream(self, stream: Any) -> None:
        """Does nothing: the work is done already."""

    def record_event(self) -> None:
        """Does nothing: the work is done already."""

    def wait_event(self, event: Any) -> None:
        """Does nothing: the work is done already."""


class StreamContext:
    """A ``with`` block for programs that name a stream on every device; it changes nothing."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        return None


_STREAM = Stream()


def current_stream(device: Any = None) -> Stream:
    """The one stream of the CPU."""
    return _STREAM


def stream(stream: Stream | None) -> StreamContext:
    """A ``with`` block for programs that name a stream on every device; it changes nothing."""
    return StreamContext(stream)
