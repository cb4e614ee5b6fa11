"""The memory of GPUs."""

from __future__ import annotations

from typing import Any

from gputensor.cuda._devices import index_of, is_available, runtime


def memory_allocated(device: Any = None) -> int:
    """Bytes that live tensors hold on a GPU; 0 without one."""
    return runtime().used_bytes(index_of(device)) if is_available() else 0


def memory_reserved(device: Any = None) -> int:
    """Bytes that the memory pool holds on a GPU, free blocks included; 0 without one."""
    return runtime().held_bytes(index_of(device)) if is_available() else 0


def max_memory_allocated(device: Any = None) -> int:
    """The largest number of bytes that live tensors held on a GPU at one time; 0 without one.

    Unlike torch: counted from the first `reset_peak_memory_stats`, because counting costs a little at every allocation;
    before that, what the pool has come to hold, which is never less.
    """
    return runtime().peak.largest(index_of(device)) if is_available() else 0


def reset_peak_memory_stats(device: Any = None) -> None:
    """Count the peak of `max_memory_allocated` from now on."""
    if is_available():
        runtime().peak.start(index_of(device))


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """Free and total bytes of a GPU. Raises DeviceError without one."""
    return runtime().memory_info(index_of(device))


def empty_cache() -> None:
    """Give the pool's unused blocks back to the GPUs; does nothing without one."""
    if is_available():
        runtime().free_blocks()
