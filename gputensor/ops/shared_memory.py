"""Memory that several processes see: parts of files that are in memory alone and have no name.

A forked process has it as it is. One that is started anew is given the file's descriptor, by `multiprocessing`, and
maps it. Nothing is left behind when processes are killed.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from typing import Any

import numpy as np

from gputensor.errors import DeviceError

# A descriptor for many tensors, as a process commonly has 1024 of them. What is not written takes no memory.
_CHUNK = 1 << 26
_ALIGNMENT = 64


class Mapping(mmap.mmap):
    """A mapped file that other processes can map, too; file: its descriptor, None where there is no such file."""

    file: int | None
    used: int
    process: int


_last: list[weakref.ref[Mapping]] = []


def room(nbytes: int) -> np.ndarray:
    """That many bytes of shared memory, all zero."""
    mapping = _last[0]() if _last else None
    # a forked process must not give away what its parent may give away, too
    if mapping is None or mapping.process != os.getpid() or mapping.used + nbytes > len(mapping):
        mapping = _new(max(nbytes, _CHUNK))
        _last[:] = [weakref.ref(mapping)]
        _let_processes_share()
    start = mapping.used
    mapping.used = start + -(-max(nbytes, 1) // _ALIGNMENT) * _ALIGNMENT
    return np.frombuffer(mapping, np.uint8, nbytes, start)


def mapping_under(array: Any) -> Mapping | None:
    """The mapping that an array looks into."""
    found = mapped(array)
    return found if isinstance(found, Mapping) else None


def mapped(array: Any) -> mmap.mmap | None:
    """The mapped file that an array looks into, of whatever kind."""
    owner = array
    while owner is not None and not isinstance(owner, mmap.mmap):
        # an array's base, a memoryview's object, the owner of a view by strides
        owner = next((v for v in (getattr(owner, n, None) for n in ("base", "obj", "owner")) if v is not None), None)
    return owner


def _new(size: int) -> Mapping:
    if os.name != "posix":
        mapping = Mapping(-1, size)
        mapping.file = None
    else:
        mapping = _map(_file(size), size)
    mapping.used, mapping.process = 0, os.getpid()
    return mapping


def _file(size: int) -> int:
    """A descriptor of a new file without a name."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("gputensor")
    else:
        with tempfile.TemporaryFile() as temporary:
            file = os.dup(temporary.fileno())
    os.ftruncate(file, size)
    return file


def _map(file: int, size: int) -> Mapping:
    mapping = Mapping(file, size)
    mapping.file = file
    weakref.finalize(mapping, os.close, file).atexit = False
    return mapping


class Part:
    """A vector in shared memory, in a pickle: the memory itself where `multiprocessing` sends it, else a copy."""

    __slots__ = ("flat",)

    def __init__(self, flat: np.ndarray) -> None:
        self.flat = flat

    def __reduce__(self) -> tuple[Any, ...]:
        return np.asarray, (self.flat,)


def _let_processes_share() -> None:
    from multiprocessing.reduction import ForkingPickler

    ForkingPickler.register(Mapping, _send)
    ForkingPickler.register(Part, _send_part)


def _send_part(part: Part) -> tuple[Any, ...]:
    mapping: Any = mapping_under(part.flat)
    start = _address(part.flat) - _address(np.frombuffer(mapping, np.uint8))
    return _receive_part, (mapping, part.flat.dtype, part.flat.size, start)


def _receive_part(mapping: Mapping, dtype: np.dtype, size: int, start: int) -> np.ndarray:
    return np.frombuffer(mapping, dtype, size, start)


def _send(mapping: Mapping) -> tuple[Any, ...]:
    from multiprocessing import reduction

    if mapping.file is None:
        raise DeviceError(
            "share_memory_: this system has no files that are in memory alone, so that no other process can share this "
            "tensor; send x.clone() for a copy"
        )
    return _receive, (reduction.DupFd(mapping.file), len(mapping))


def _receive(file: Any, size: int) -> Mapping:
    mapping = _map(file.detach(), size)
    mapping.used, mapping.process = size, os.getpid()
    _let_processes_share()
    return mapping


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])
