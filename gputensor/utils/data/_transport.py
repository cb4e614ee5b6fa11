"""Sending batches between processes: small ones through the connection, large ones as memory both can see.

Large arrays are written once into an anonymous memory file, and the receiver maps it: no copy on its side, nothing
under /dev/shm to run full, and nothing left behind when a process is killed, since the memory has no name.
"""

from __future__ import annotations

import io
import mmap
import os
import pickle
import weakref
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from gputensor.core.history import node_of
from gputensor.core.nodes import Node, Pick
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import GradError
from gputensor.ops.copying import each_apart

# Below this a message fits the connection's own buffer, so that its sender need not wait for the receiver.
_LARGE = 1 << 15
# Each mapping holds a file descriptor, of which a process commonly has 1024; batches kept beyond this are copied.
_MOST_MAPPINGS = 128
_ALIGNMENT = 64

_mappings = weakref.WeakSet[mmap.mmap]()


class _Pickler(pickle.Pickler):
    """Refuses tensors whose history would be lost on the way."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, TensorBase) and isinstance(node_of(obj), Node | Pick):
            raise GradError(
                "DataLoader: a tensor that was computed from others that require grad cannot be sent to another "
                "process, which has not its history; return x.detach()"
            )
        return NotImplemented


def pack(value: Any) -> tuple[bytes, list[memoryview]]:
    """A value as its pickle and the memory of its arrays, which still belongs to them."""
    buffers: list[pickle.PickleBuffer] = []
    file = io.BytesIO()
    with each_apart():  # an example is sent, not the data set that it is a view of
        _Pickler(file, protocol=5, buffer_callback=buffers.append).dump(value)
    return file.getvalue(), [buffer.raw() for buffer in buffers]


def send(connection: Connection, label: Any, packed: tuple[bytes, list[memoryview]]) -> None:
    """Send a label (any small value) and a packed value."""
    head, buffers = packed
    sizes = [len(head), *(buffer.nbytes for buffer in buffers)]
    file = _memory_file() if sum(sizes) >= _LARGE else None
    if file is None:
        # As bytearrays, because arrays over bytes could not be written.
        connection.send((label, None, (head, [bytearray(buffer) for buffer in buffers])))
        return
    try:
        for part, start in zip((memoryview(head), *buffers), _starts(sizes), strict=False):
            _write(file, part, start)
        connection.send((label, sizes, None))
        reduction.send_handle(connection, file, None)
    finally:
        os.close(file)


def receive(connection: Connection) -> tuple[Any, Any]:
    """The next label and value. EOFError or OSError where the sender has gone."""
    label, sizes, content = connection.recv()
    if sizes is None:
        head, buffers = content
        return label, pickle.loads(head, buffers=buffers)
    try:
        file = reduction.recv_handle(connection)
    except RuntimeError as error:  # no descriptor came
        raise EOFError(str(error)) from None
    starts = _starts(sizes)
    try:
        memory = _map(file, starts[-1])
    finally:
        os.close(file)
    parts = [memory[start : start + size] for start, size in zip(starts, sizes, strict=False)]
    return label, pickle.loads(parts[0], buffers=parts[1:])


def _starts(sizes: list[int]) -> list[int]:
    """Where parts of the given sizes start, and where the last one ends: aligned for arrays of any dtype."""
    starts = [0]
    for size in sizes:
        starts.append(-(-(starts[-1] + size) // _ALIGNMENT) * _ALIGNMENT)
    return starts


def _memory_file() -> int | None:
    """A new anonymous file in memory; None where the system has none or its descriptors cannot be sent."""
    if not hasattr(os, "memfd_create") or not reduction.HAVE_SEND_HANDLE:
        return None
    try:
        return os.memfd_create("gputensor-batch")
    except OSError:
        return None


def _write(file: int, part: memoryview, start: int) -> None:
    part = part.cast("B") if part.nbytes else part
    while part.nbytes:
        written = os.pwrite(file, part, start)  # at most 2 GiB at once
        part, start = part[written:], start + written


def _map(file: int, size: int) -> memoryview:
    """The content of a file as memory that can be written: the file's own, or a copy where many are alive."""
    os.ftruncate(file, size)  # the last part's padding was not written
    mapping = mmap.mmap(file, size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    if len(_mappings) >= _MOST_MAPPINGS:
        with mapping:
            return memoryview(bytearray(mapping))
    _mappings.add(mapping)
    return memoryview(mapping)
