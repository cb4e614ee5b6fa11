"""The memory of GPUs."""

from __future__ import annotations

from typing import Any

from gputensor.cuda._devices import index_of, is_available, runtime


def memory_allocated(device: Any = None) -> int:
    """Bytes that live tensors hold on a GPU; 0 without one.

    >>> import gputensor as gt
    >>> gt.cuda.memory_allocated() >= 0
    True
    """
    return runtime().used_bytes(index_of(device)) if is_available() else 0


def memory_reserved(device: Any = None) -> int:
    """Bytes that the memory pool holds on a GPU, free blocks included; 0 without one.

    >>> import gputensor as gt
    >>> gt.cuda.memory_reserved() >= 0
    True
    """
    return runtime().held_bytes(index_of(device)) if is_available() else 0


def max_memory_allocated(device: Any = None) -> int:
    """The largest number of bytes that live tensors held on a GPU at one time; 0 without one.

    Unlike torch: counted from the first `reset_peak_memory_stats`, because counting costs a little at every allocation;
    before that, what the pool has come to hold, which is never less.

    >>> import gputensor as gt
    >>> gt.cuda.max_memory_allocated() >= 0
    True
    """
    return runtime().peak.largest(index_of(device)) if is_available() else 0


def reset_peak_memory_stats(device: Any = None) -> None:
    """Count the peak of `max_memory_allocated` from now on.

    >>> import gputensor as gt
    >>> gt.cuda.reset_peak_memory_stats()
    """
    if is_available():
        runtime().peak.start(index_of(device))


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """Free and total bytes of a GPU. Raises DeviceError without one.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.mem_get_info()
    """
    return runtime().memory_info(index_of(device))


def empty_cache() -> None:
    """Give the pool's unused blocks back to the GPUs; does nothing without one.

    >>> import gputensor as gt
    >>> gt.cuda.empty_cache()
    """
    if is_available():
        runtime().free_blocks()


def max_memory_reserved(device: Any = None) -> int:
    """The largest number of bytes that the memory pool held, which is what it holds: it gives back on request only.

    Unlike torch: not counted from `reset_peak_memory_stats`.

    >>> import gputensor as gt
    >>> gt.cuda.max_memory_reserved() >= 0
    True
    """
    return memory_reserved(device)


def memory_cached(device: Any = None) -> int:
    """PyTorch's older name of `memory_reserved`.

    >>> import gputensor as gt
    >>> gt.cuda.memory_cached() >= 0
    True
    """
    return memory_reserved(device)


def max_memory_cached(device: Any = None) -> int:
    """PyTorch's older name of `max_memory_reserved`.

    >>> import gputensor as gt
    >>> gt.cuda.max_memory_cached() >= 0
    True
    """
    return max_memory_reserved(device)


def reset_max_memory_allocated(device: Any = None) -> None:
    """PyTorch's older name of `reset_peak_memory_stats`.

    >>> import gputensor as gt
    >>> gt.cuda.reset_max_memory_allocated()
    """
    reset_peak_memory_stats(device)


def reset_max_memory_cached(device: Any = None) -> None:
    """PyTorch's older name of `reset_peak_memory_stats`.

    >>> import gputensor as gt
    >>> gt.cuda.reset_max_memory_cached()
    """
    reset_peak_memory_stats(device)


def reset_accumulated_memory_stats(device: Any = None) -> None:
    """Does nothing: no sums over all allocations are kept.

    >>> import gputensor as gt
    >>> gt.cuda.reset_accumulated_memory_stats()
    """


def memory_stats(device: Any = None) -> dict[str, int]:
    """The numbers of this module under PyTorch's keys, such as "allocated_bytes.all.current"; empty without a GPU.

    >>> import gputensor as gt
    >>> isinstance(gt.cuda.memory_stats(), dict)
    True
    """
    if not is_available():
        return {}
    return {
        "allocated_bytes.all.current": memory_allocated(device),
        "allocated_bytes.all.peak": max_memory_allocated(device),
        "reserved_bytes.all.current": memory_reserved(device),
        "reserved_bytes.all.peak": max_memory_reserved(device),
    }


def memory_summary(device: Any = None, abbreviated: bool = False) -> str:
    """The memory of a GPU as a small table. Raises DeviceError without a GPU.

    abbreviated: accepted; the table is short.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.memory_summary()
    """
    free, total = mem_get_info(device)
    rows = [
        ("allocated by tensors", memory_allocated(device)),
        ("its peak", max_memory_allocated(device)),
        ("held by the pool", memory_reserved(device)),
        ("free on the device", free),
        ("total of the device", total),
    ]
    lines = [f"| {name:<20} | {size / 2**20:>12,.1f} MiB |" for name, size in rows]
    rule = "=" * len(lines[0])
    return "\n".join(
        [rule, f"| gputensor memory, cuda:{index_of(device)}".ljust(len(rule) - 1) + "|", rule, *lines, rule]
    )


def set_per_process_memory_fraction(fraction: float, device: Any = None) -> None:
    """Let the memory pool hold at most this part of a GPU; beyond it allocations raise OutOfMemoryError.

    Raises ValueError outside of 0 to 1, DeviceError without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.set_per_process_memory_fraction(1.0)
    """
    if isinstance(fraction, bool) or not isinstance(fraction, (int, float)):
        raise TypeError(f"set_per_process_memory_fraction: fraction must be a number, got {fraction!r}")
    if not 0 <= fraction <= 1:
        raise ValueError(f"set_per_process_memory_fraction: fraction must be from 0 to 1, got {fraction}")
    runtime().limit_memory(index_of(device), float(fraction))


def get_per_process_memory_fraction(device: Any = None) -> float:
    """What `set_per_process_memory_fraction` set, 1.0 without a limit. Raises DeviceError without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.get_per_process_memory_fraction()
    """
    index = index_of(device)
    limit = runtime().memory_limit(index)
    return limit / runtime().memory_info(index)[1] if limit else 1.0


def device_memory_used(device: Any = None) -> int:
    """Bytes of a GPU in use by all programs. Raises DeviceError without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.device_memory_used()
    """
    free, total = mem_get_info(device)
    return total - free


def ipc_collect() -> None:
    """Does nothing: tensors are not shared between processes on a GPU.

    >>> import gputensor as gt
    >>> gt.cuda.ipc_collect()
    """
