"""The CPU, asked as `gputensor.cuda` is asked for GPUs; operations on it are done when they return."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gputensor._left_out import left_out as _left_out
from gputensor.arrays.numpy_.memory import give_back as _give_back
from gputensor.cpu import amp as amp

__all__ = [
    "Stream",
    "StreamContext",
    "amp",
    "current_device",
    "current_stream",
    "device_count",
    "empty_cache",
    "is_available",
    "is_initialized",
    "set_device",
    "stream",
    "synchronize",
]


def is_available() -> bool:
    """True.

    >>> import gputensor as gt
    >>> gt.cpu.is_available(), gt.cpu.device_count(), gt.cpu.current_device()
    (True, 1, 'cpu')
    """
    return True


def is_initialized() -> bool:
    """True.

    >>> import gputensor as gt
    >>> gt.cpu.is_initialized()
    True
    """
    return True


def device_count() -> int:
    """1: all cores are one device.

    >>> import gputensor as gt
    >>> gt.cpu.device_count()
    1
    """
    return 1


def current_device() -> str:
    """ "cpu".

    >>> import gputensor as gt
    >>> gt.cpu.current_device()
    'cpu'
    """
    return "cpu"


def empty_cache() -> None:
    """Give memory that no tensor uses back to the system, where the C library can: glibc.

    Freed memory is kept otherwise, so that new results cost no page faults; see docs/cpu.md. Our own: PyTorch has no
    such function for the CPU.

    >>> import gputensor as gt
    >>> gt.cpu.empty_cache()
    """
    _give_back()


def set_device(device: Any) -> None:
    """Does nothing: there is one CPU device.

    >>> import gputensor as gt
    >>> gt.cpu.set_device("cpu")
    """


def synchronize(device: Any = None) -> None:
    """Does nothing: operations on the CPU are done when they return.

    >>> import gputensor as gt
    >>> gt.cpu.synchronize()
    """


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
    """A ``with`` block for programs that name a stream on every device; it changes nothing.

    >>> import gputensor as gt
    >>> with gt.cpu.StreamContext(None):
    ...     pass
    """

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
    """The one stream of the CPU.

    >>> import gputensor as gt
    >>> type(gt.cpu.current_stream()).__name__
    'Stream'
    """
    return _STREAM


def stream(stream: Stream | None) -> StreamContext:
    """A ``with`` block for programs that name a stream on every device; it changes nothing.

    >>> import gputensor as gt
    >>> with gt.cpu.stream(gt.cpu.Stream()):
    ...     pass
    """
    return StreamContext(stream)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.cpu", name)
