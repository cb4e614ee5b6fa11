"""The double's devices and memory: which device is current, what lies where, how much is in use.

The runtime raises without a device (D3); the pool counts by device and keeps limits (D4).
"""

import ctypes
import threading

import numpy as np

_local = threading.local()
device_total = 2  # set by tests.doubles.install
CAPACITY = 1 << 34  # what a device of the double says it has
copies_to_host = [0]  # how often the host waited for data: lets a test say that nothing synchronises


class CUDARuntimeError(RuntimeError):
    """What CUDA's runtime answers when it refuses."""


def current_device():
    return getattr(_local, "device", 0)


def set_current_device(index):
    if not 0 <= index < device_total:
        raise CUDARuntimeError("cudaErrorInvalidDevice: invalid device ordinal")
    _local.device = index


def device_count():
    if device_total == 0:
        raise CUDARuntimeError("cudaErrorNoDevice: no CUDA-capable device is detected")
    return device_total


class MemoryPool:
    """Counts what is in use on each device; nothing is reused, so freed blocks of the real pool do not exist here."""

    def __init__(self, allocator=None):
        self._used = {}
        self._limit = {}

    def malloc(self, size):
        backing = _local.__dict__.pop("backing", None)
        return MemoryPointer(Memory(np.empty(size, np.uint8) if backing is None else backing), 0)

    def used_bytes(self):
        device_count()
        return self._used.get(current_device(), 0)

    def total_bytes(self):
        return self.used_bytes()

    def free_bytes(self):
        return 0

    def n_free_blocks(self):
        return 0

    def free_all_blocks(self, stream=None):
        pass

    def get_limit(self):
        return self._limit.get(current_device(), 0)

    def set_limit(self, size=None, fraction=None):
        if fraction is not None:
            size = int(fraction * CAPACITY)
        self._limit[current_device()] = size or 0

    def _take(self, device, size):
        used = self._used.get(device, 0) + size
        limit = self._limit.get(device, 0) or CAPACITY
        if used > limit:
            raise OutOfMemoryError(size, used - size, limit)
        self._used[device] = used

    def _give(self, device, size):
        self._used[device] -= size


class OutOfMemoryError(MemoryError):
    def __init__(self, size, total, limit=0):
        super().__init__(
            f"Out of memory allocating {size:,} bytes "
            f"(allocated so far: {total:,} bytes, limit set to: {limit:,} bytes)."
        )


POOL = MemoryPool()
allocator = [POOL.malloc]


def allocate(backing):
    """Device memory that is the memory of a NumPy array, through whatever allocator is set."""
    _local.backing = backing
    memory = allocator[0](backing.nbytes).mem
    if memory._backing is not backing:
        raise NotImplementedError("arrays of the double come from its default pool: let the allocator ask that one")
    return memory


class Memory:
    """One allocation on one device, backed by a NumPy array that owns its memory (A4)."""

    def __init__(self, backing):
        device_count()
        self._backing = backing
        self.ptr = backing.__array_interface__["data"][0]
        self.size = backing.nbytes
        device = current_device()
        POOL._take(device, self.size)
        self.device_id = device

    @property
    def device(self):
        from tests.doubles.cupy_double.cuda import Device

        return Device(self.device_id)

    def __del__(self):
        if hasattr(self, "device_id"):
            POOL._give(self.device_id, self.size)


class MemoryPointer:
    """A place in an allocation."""

    def __init__(self, mem, offset):
        self.mem = mem
        self.ptr = mem.ptr + offset

    @property
    def device_id(self):
        return self.mem.device_id

    @property
    def device(self):
        return self.mem.device

    def __add__(self, offset):
        return MemoryPointer(self.mem, self.ptr - self.mem.ptr + offset)

    def __sub__(self, offset):
        return self + -offset

    def _bytes_from(self, low, high):
        """The bytes from ptr + low to ptr + high as a NumPy array, refused outside the allocation."""
        start, stop = self.ptr + low, self.ptr + high
        if start < self.mem.ptr or stop > self.mem.ptr + self.mem.size:
            raise ValueError(
                f"bytes {start - self.mem.ptr} to {stop - self.mem.ptr} "
                f"lie outside an allocation of {self.mem.size} bytes"
            )
        if stop == start:
            return np.empty(0, np.uint8)
        return np.frombuffer((ctypes.c_ubyte * (stop - start)).from_address(start), np.uint8)
