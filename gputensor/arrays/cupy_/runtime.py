"""The CUDA runtime as `gputensor.cuda` needs it: devices, memory, streams, events. Loaded on first need, as it imports
CuPy."""

from __future__ import annotations

import importlib
import threading
import warnings
from typing import Any

import cupy


def device_name(index: int) -> str:
    name = cupy.cuda.runtime.getDeviceProperties(index)["name"]
    return name.decode() if isinstance(name, bytes) else str(name)


def device_properties(index: int) -> dict[str, Any]:
    return dict(cupy.cuda.runtime.getDeviceProperties(index))


def can_access_peer(index: int, peer: int) -> bool:
    return bool(cupy.cuda.runtime.deviceCanAccessPeer(index, peer))


def current_device() -> int:
    return int(cupy.cuda.runtime.getDevice())


def use_device(index: int) -> None:
    cupy.cuda.Device(index).use()


def synchronize(index: int) -> None:
    cupy.cuda.Device(index).synchronize()


def memory_info(index: int) -> tuple[int, int]:
    """Free and total bytes of a device."""
    with cupy.cuda.Device(index):
        free, total = cupy.cuda.runtime.memGetInfo()
    return int(free), int(total)


def used_bytes(index: int) -> int:
    """Bytes that live arrays hold."""
    with cupy.cuda.Device(index):
        return int(cupy.get_default_memory_pool().used_bytes())


def held_bytes(index: int) -> int:
    """Bytes that the pool holds, free blocks included."""
    with cupy.cuda.Device(index):
        return int(cupy.get_default_memory_pool().total_bytes())


def free_blocks() -> None:
    """Give unused blocks of the pools back to the devices."""
    cupy.get_default_memory_pool().free_all_blocks()
    cupy.get_default_pinned_memory_pool().free_all_blocks()


class Peak:
    """The largest number of bytes in use, by device, since `start`; costs a look at the pool an allocation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._largest: dict[int, int] = {}
        self.started = False

    def start(self, index: int) -> None:
        """Count from now on this device; every allocation of the process passes through here from the first call on."""
        with self._lock:
            self._largest[index] = used_bytes(index)
            if not self.started:
                self.started = True
                cupy.cuda.set_allocator(self._malloc)

    def largest(self, index: int) -> int:
        """The peak since `start`; before it, what the pool came to hold, which is at least the peak."""
        if index not in self._largest:
            return held_bytes(index)
        return max(self._largest[index], used_bytes(index))

    def _malloc(self, size: int) -> Any:
        pool = cupy.get_default_memory_pool()
        block = pool.malloc(size)
        index = current_device()
        used = int(pool.used_bytes())
        with self._lock:
            if used > self._largest.get(index, 0):
                self._largest[index] = used
        return block


peak = Peak()


def new_stream(index: int, priority: int) -> Any:
    with cupy.cuda.Device(index):
        return cupy.cuda.Stream(non_blocking=True, priority=priority)


def current_stream(index: int) -> Any:
    with cupy.cuda.Device(index):
        return cupy.cuda.get_current_stream()


def default_stream() -> Any:
    return cupy.cuda.Stream.null


def new_event(index: int, timing: bool, blocking: bool) -> Any:
    with cupy.cuda.Device(index):
        return cupy.cuda.Event(block=blocking, disable_timing=not timing)


def elapsed_ms(start: Any, end: Any) -> float:
    return float(cupy.cuda.get_elapsed_time(start, end))


def limit_memory(index: int, fraction: float) -> None:
    """Let the pool hold at most this part of a device's memory."""
    with cupy.cuda.Device(index):
        cupy.get_default_memory_pool().set_limit(fraction=fraction)


def memory_limit(index: int) -> int:
    """The bytes that the pool may hold; 0 without a limit."""
    with cupy.cuda.Device(index):
        return int(cupy.get_default_memory_pool().get_limit())


def use_stream(index: int, stream: Any) -> None:
    """Let work on a device go to a stream from now on."""
    with cupy.cuda.Device(index):
        stream.use()


def mark(message: str) -> None:
    cupy.cuda.nvtx.Mark(message)


def push_range(message: str) -> None:
    cupy.cuda.nvtx.RangePush(message)


def pop_range() -> None:
    cupy.cuda.nvtx.RangePop()


def nccl_version() -> int | None:
    """As NCCL gives it: 21805 for 2.18.5; None where CuPy does not find the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # CuPy says at length how to install it
        nccl = importlib.import_module("cupy.cuda.nccl")
    return nccl.get_version() if nccl.available else None


def from_dlpack(array: Any) -> Any:
    """A CuPy array over the memory of another library's."""
    return cupy.from_dlpack(array)
