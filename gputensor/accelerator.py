"""The accelerator of this machine, whichever it is: here CUDA, or none.

What needs one raises DeviceError with the way to mend it; numbers of bytes are 0 without one.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from gputensor import cuda, device
from gputensor._left_out import left_out as _left_out
from gputensor.core.dtypes import ALL
from gputensor.cuda import (
    current_stream as current_stream,
    device_count as device_count,
    empty_cache as empty_cache,
    is_available as is_available,
    max_memory_allocated as max_memory_allocated,
    max_memory_reserved as max_memory_reserved,
    mem_get_info as get_memory_info,
    memory_allocated as memory_allocated,
    memory_reserved as memory_reserved,
    memory_stats as memory_stats,
    reset_accumulated_memory_stats as reset_accumulated_memory_stats,
    reset_peak_memory_stats as reset_peak_memory_stats,
    set_stream as set_stream,
    synchronize as synchronize,
)

__all__ = [
    "current_accelerator",
    "current_device_idx",
    "current_device_index",
    "current_stream",
    "device_count",
    "device_index",
    "empty_cache",
    "get_device_capability",
    "get_memory_info",
    "is_available",
    "max_memory_allocated",
    "max_memory_reserved",
    "memory_allocated",
    "memory_reserved",
    "memory_stats",
    "reset_accumulated_memory_stats",
    "reset_peak_memory_stats",
    "set_device_idx",
    "set_device_index",
    "set_stream",
    "synchronize",
]


def current_accelerator(check_available: bool = False) -> device | None:
    """``device("cuda")`` where a GPU can be used, else None. check_available: accepted, for it is always checked.

    >>> import gputensor as gt
    >>> gt.accelerator.current_accelerator() in (None, gt.device("cuda"))
    True
    """
    return device("cuda") if is_available() else None


def current_device_index() -> int:
    """The number of the current GPU. Raises DeviceError without one.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.accelerator.current_device_index()
    """
    return cuda.current_device()


def set_device_index(device: Any) -> None:
    """Make a GPU the current one of this thread; a negative number changes nothing. Raises DeviceError for others.

    >>> import gputensor as gt
    >>> gt.accelerator.set_device_index(-1)
    """
    if isinstance(device, int) and device < 0:
        return
    cuda.set_device(device)


current_device_idx = current_device_index
set_device_idx = set_device_index


def get_device_capability(device: Any = None) -> dict[str, Any]:
    """What the accelerator computes with: {"supported_dtypes": a set of dtypes}. Raises DeviceError without one.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.accelerator.get_device_capability()
    """
    cuda.get_device_capability(device)
    return {"supported_dtypes": set(ALL)}


class device_index:
    """A ``with`` block in which another GPU is the current one; None changes nothing.

    >>> import gputensor as gt
    >>> with gt.accelerator.device_index(None):
    ...     pass
    """

    def __init__(self, device: int | None) -> None:
        self._inside = cuda.device(device)

    def __enter__(self) -> None:
        self._inside.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._inside.__exit__(kind, error, where)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.accelerator", name)
