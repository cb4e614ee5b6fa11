"""CuPy's `cupy.cuda`: devices, streams (D5), events and memory of the double. Everything runs at once, in order."""

import threading as _threading
import time as _time

import numpy as _np

from tests.doubles.cupy_double import _memory
from tests.doubles.cupy_double._memory import Memory as Memory, MemoryPointer as MemoryPointer, MemoryPool as MemoryPool
from tests.doubles.cupy_double.cuda import compiler as compiler, nvtx as nvtx, runtime

_local = _threading.local()


def is_available():
    return _memory.device_total > 0


def get_device_id():
    return runtime.getDevice()


class Device:
    """A device; as a context the current one."""

    def __init__(self, device=None):
        self.id = runtime.getDevice() if device is None else int(device)

    def __int__(self):
        return self.id

    def __eq__(self, other):
        return isinstance(other, Device) and self.id == other.id

    def __hash__(self):
        return hash(self.id)

    def __repr__(self):
        return f"<CUDA Device {self.id}>"

    def __enter__(self):
        stack = _local.__dict__.setdefault("devices", [])
        stack.append(runtime.getDevice())
        runtime.setDevice(self.id)
        return self

    def __exit__(self, *error):
        runtime.setDevice(_local.devices.pop())

    def use(self):
        runtime.setDevice(self.id)

    def synchronize(self):
        runtime.deviceSynchronize()

    @property
    def compute_capability(self):
        return "90"

    @property
    def mem_info(self):
        with self:
            return runtime.memGetInfo()

    @property
    def attributes(self):
        return {"MultiProcessorCount": 2, "MaxThreadsPerBlock": 1024, "WarpSize": 32}

    @property
    def pci_bus_id(self):
        return f"0000:{self.id:02X}:00.0"


class Stream:
    """A stream; work in it is done when it is given."""

    def __init__(self, null=False, non_blocking=False, ptds=False, priority=None):
        _memory.device_count()
        self.ptr = 0 if null else id(self)
        self.device_id = -1 if null else runtime.getDevice()
        self._non_blocking = non_blocking

    def __eq__(self, other):
        return isinstance(other, Stream) and self.ptr == other.ptr

    def __hash__(self):
        return hash(self.ptr)

    def __enter__(self):
        _streams().append(self)
        return self

    def __exit__(self, *error):
        _streams().pop()

    def use(self):
        _streams()[-1] = self
        return self

    def synchronize(self):
        pass

    @property
    def done(self):
        return True

    @property
    def is_non_blocking(self):
        return self._non_blocking

    def record(self, event=None):
        event = Event() if event is None else event
        event.record(self)
        return event

    def wait_event(self, event):
        pass


# every device's default stream, which needs no device to exist
Stream.null = object.__new__(Stream)
Stream.null.ptr, Stream.null.device_id, Stream.null._non_blocking = 0, -1, False


def _streams():
    stacks = _local.__dict__.setdefault("streams", {})
    return stacks.setdefault(runtime.getDevice(), [Stream.null])


def get_current_stream(device_id=-1):
    if device_id == -1:
        return _streams()[-1]
    with Device(device_id):
        return _streams()[-1]


class Event:
    """A point in a stream's time."""

    def __init__(self, block=False, disable_timing=False, interprocess=False):
        if interprocess and not disable_timing:
            raise ValueError("Timing must be disabled for interprocess events")
        _memory.device_count()
        self._timed = not disable_timing
        self._at = None

    def record(self, stream=None):
        self._at = _time.perf_counter()

    def synchronize(self):
        pass

    @property
    def done(self):
        return True


def get_elapsed_time(start_event, end_event):
    """Milliseconds between two recorded events."""
    if start_event._at is None or end_event._at is None or not (start_event._timed and end_event._timed):
        raise runtime.CUDARuntimeError("cudaErrorInvalidResourceHandle: invalid resource handle")
    return 1e3 * (end_event._at - start_event._at)


def get_allocator():
    return _memory.allocator[0]


def set_allocator(allocator=None):
    _memory.allocator[0] = _memory.POOL.malloc if allocator is None else allocator


class using_allocator:
    """A context in which another allocator is used; the double hands out its memory all the same."""

    def __init__(self, allocator=None):
        self._chosen = allocator

    def __enter__(self):
        self._outer = get_allocator()
        set_allocator(self._chosen)

    def __exit__(self, *error):
        set_allocator(self._outer)


class PinnedMemoryPool:
    def n_free_blocks(self):
        return 0

    def free_all_blocks(self):
        pass


def set_pinned_memory_allocator(allocator=None):
    pass


def alloc_pinned_memory(size):
    """Host memory: an object with the buffer protocol, at least `size` bytes."""
    _memory.device_count()
    return memoryview(_np.empty(size, _np.uint8))
