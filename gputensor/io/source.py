"""Where a checkpoint is read from: a file by its path, or an open file object."""

from __future__ import annotations

import errno
import mmap
import os
import stat
from types import TracebackType
from typing import Any

import numpy as np

from gputensor.errors import ArgumentError
from gputensor.io.faults import MEBI, Fault

# bytes read at once: large enough for a disk, small enough for the memory that is promised
CHUNK = 4 * MEBI


class Source:
    """Bytes at any place of a file, each read checked; a context manager that closes what it opened.

    A file object is read from its position to its end. name: what messages call it.
    """

    __slots__ = ("_file", "_map", "_start", "is_path", "name", "size")

    def __init__(self, f: Any) -> None:
        self._file: Any = None
        self._map: mmap.mmap | None = None
        self._start = 0
        self.is_path = isinstance(f, (str, bytes, os.PathLike))
        if self.is_path:
            self._open(os.fspath(f))
        else:
            self._attach(f)

    def _open(self, path: str | bytes) -> None:
        self.name = f"{os.fsdecode(path)!r:.1000}"
        try:
            self._file = open(path, "rb", buffering=0, opener=_open_at_once)  # noqa: SIM115
        except ValueError:  # a zero in it
            raise ArgumentError(_no_path(path)) from None
        except FileNotFoundError as error:
            folder = os.path.dirname(os.path.abspath(path))
            known = "its folder is there" if os.path.isdir(folder) else f"nor is its folder {os.fsdecode(folder)!r}"
            raise FileNotFoundError(error.errno, f"load: there is no such file, {known}", os.fsdecode(path)) from None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise ArgumentError(_no_path(path)) from None
            raise type(error)(error.errno, f"load: {error.strerror}", os.fsdecode(path)) from None
        found = os.fstat(self._file.fileno())
        if not stat.S_ISREG(found.st_mode):
            self.close()
            raise ArgumentError(
                f"load: {self.name} is no regular file but a pipe or a device; "
                "read it into an io.BytesIO, and load that"
            )
        self.size = found.st_size

    def _attach(self, f: Any) -> None:
        self.name = f"a {type(f).__name__}"
        if not (hasattr(f, "read") and hasattr(f, "seek") and hasattr(f, "tell")):
            raise TypeError(
                f"load: expected a path or a file object that can read and seek, got {type(f).__name__}; "
                "read a stream into an io.BytesIO first"
            )
        try:
            self._start = f.tell()
            self.size = max(f.seek(0, 2) - self._start, 0)
            f.seek(self._start)
        except OSError as error:
            raise ArgumentError(
                f"load: {self.name} cannot seek ({error}); read it into an io.BytesIO, and load that"
            ) from None
        if not isinstance(f.read(0), (bytes, bytearray)):
            raise TypeError("load: the file is open as text; open it with mode 'rb'")
        self._file = f

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if this opened it; maps of it stay."""
        if self.is_path:
            self._file.close()

    def read(self, offset: int, count: int, what: str) -> bytearray:
        """`count` bytes from `offset` on. Raises Fault where the file ends before."""
        self.check(offset, count, what)
        out = bytearray(count)
        self.read_into(memoryview(out), offset, what)
        return out

    def check(self, offset: int, count: int, what: str) -> None:
        """Raise Fault where the file has no `count` bytes at `offset`."""
        if offset < 0 or count < 0 or offset + count > self.size:
            raise Fault(
                f"is truncated or damaged: {what} should be bytes {offset:,} to {offset + count:,}, "
                f"and the file has {self.size:,}"
            )

    def read_into(self, room: memoryview, offset: int, what: str) -> None:
        """Fill `room`, of bytes, from `offset` on. Raises Fault where the file ends before."""
        self.check(offset, len(room), what)
        done = 0
        while done < len(room):
            part = room[done : done + CHUNK]
            self._file.seek(self._start + offset + done)
            if self.is_path:
                count = self._file.readinto(part)
            else:
                data = self._file.read(len(part))
                count = len(data)
                if count > len(part):
                    raise Fault(f"cannot be read: the file object gave {count} bytes where {len(part)} were asked for")
                part[:count] = data
            if count <= 0:
                raise Fault(f"became shorter while it was read: {what} ends at byte {offset + done:,}")
            done += count

    def mapped(self, offset: int, count: int, what: str) -> np.ndarray:
        """`count` bytes from `offset` on, as memory that the operating system reads when it is looked at.

        It may be written: the file does not change. Raises Fault where the file ends before.
        """
        self.check(offset, count, what)
        if not count:
            return np.empty(0, np.uint8)
        if self._map is None:
            self._map = mmap.mmap(self._file.fileno(), self.size, access=mmap.ACCESS_COPY)
        return np.frombuffer(self._map, np.uint8, count, offset)


def _no_path(path: str | bytes) -> str:
    return f"load: {path!r:.40} is no path; to load the content of a file, give io.BytesIO(content)"


def _open_at_once(path: str, flags: int) -> int:
    # a pipe would wait for its writer
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
