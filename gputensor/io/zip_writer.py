"""Writing zip archives as a stream: stored members, their data aligned, their sums behind them.

Source: PKWARE's APPNOTE 6.3.10; PyTorch's reader asks for aligned data, which padding in the extra field gives.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

ALIGNMENT = 64
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
# sums and sizes behind the data; names in UTF-8
_FLAGS = 1 << 3 | 1 << 11
_VERSION = 45
# 1980-01-01: the same content gives the same file
_DAY = 0x21


class _Member(NamedTuple):
    name: bytes
    crc: int
    size: int
    header: int


class ZipWriter:
    """An archive in the making. write: takes a buffer; never asked to seek."""

    def __init__(self, write: Any) -> None:
        self._write = write
        self._at = 0
        self._members: list[_Member] = []

    def _put(self, data: Any) -> None:
        self._write(data)
        self._at += len(data)

    def add(self, name: str, size: int, parts: Iterable[Any]) -> None:
        """A member of `size` bytes, given in parts: buffers of bytes."""
        raw, header = name.encode(), self._at
        wide = size >= _MAX32
        extra = struct.pack("<HHQQ", 1, 16, 0, 0) if wide else b""
        # 4 bytes name the field; a name as PyTorch's writer has it, so that its readers skip it
        gap = -(header + 30 + len(raw) + len(extra) + 4) % ALIGNMENT
        extra += struct.pack("<2sH", b"FB", gap) + b"Z" * gap
        narrow = _MAX32 if wide else 0
        self._put(
            struct.pack("<4s5H3I2H", b"PK\3\4", _VERSION, _FLAGS, 0, 0, _DAY, 0, narrow, narrow, len(raw), len(extra))
            + raw
            + extra
        )
        crc = written = 0
        for part in parts:
            self._put(part)
            crc = zlib.crc32(part, crc)
            written += len(part)
        assert written == size, (name, written, size)
        self._put(struct.pack("<4sIQQ" if wide else "<4sIII", b"PK\7\x08", crc, size, size))
        self._members.append(_Member(raw, crc, size, header))

    def close(self) -> None:
        """Write the directory; the archive is whole then."""
        start = self._at
        for member in self._members:
            large = [v for v in (member.size, member.size, member.header) if v >= _MAX32]
            extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
            size, header = min(member.size, _MAX32), min(member.header, _MAX32)
            fields = (_VERSION, _VERSION, _FLAGS, 0, 0, _DAY, member.crc, size, size, len(member.name), len(extra))
            self._put(struct.pack("<4s6H3I5H2I", b"PK\1\2", *fields, 0, 0, 0, 0, header) + member.name + extra)
        end, count = self._at, len(self._members)
        size = end - start
        if count >= _MAX16 or end >= _MAX32:
            self._put(struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, _VERSION, _VERSION, 0, 0, count, count, size, start))
            self._put(struct.pack("<4sIQI", b"PK\6\7", 0, end, 1))
        few = min(count, _MAX16)
        self._put(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, few, few, min(size, _MAX32), min(start, _MAX32), 0))
