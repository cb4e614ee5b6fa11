"""Reading zip archives, strictly: what programs read differently, which is where attacks hide, is refused.

Members lie side by side from the first byte on, followed by the directory and nothing else; both headers of a member
agree; names are unique. Source: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gputensor.io.faults import Budget, Fault
from gputensor.io.source import CHUNK, Source

STORED, DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_DESCRIPTOR, _UTF8 = 1 << 3, 1 << 11
# how to deflate, sizes after the data, names in UTF-8; encryption and patches are refused
_KNOWN_FLAGS = 0b110 | _DESCRIPTOR | _UTF8
# an Entry, its name and its place in the table
_ENTRY_COST = 500
# for advice alone: the tensor of a member takes so many times as much as its Entry
_OBJECTS_PER_ENTRY = 6
# deflate makes no more than this of one byte
_BEST_RATIO = 1032


@dataclass(slots=True)
class Entry:
    """One member of an archive: where its data lie, how long they are, packed and unpacked."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    start: int = 0


class Archive:
    """The members of a zip archive, by name. Raises Fault for anything that is not as it should be."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self.source = source
        self.budget = budget
        self.entries: dict[str, Entry] = {}
        start, size, count = _directory(source)
        budget.position, budget.total = 1, _OBJECTS_PER_ENTRY
        budget.charge(2 * size + _ENTRY_COST * count, "the directory of the zip archive")
        for entry in _listed(bytes(source.read(start, size, "the zip's directory")), count):
            if entry.name in self.entries:
                raise Fault(f"has two members of the name {entry.name!r}")
            self.entries[entry.name] = entry
        _check_places(source, list(self.entries.values()), start)

    def find(self, name: str) -> Entry:
        """The member of this name. Raises Fault where there is none."""
        entry = self.entries.get(name)
        if entry is None:
            raise Fault(f"lacks the member {name!r}, to which it refers")
        return entry

    def read(self, entry: Entry, crc_may_be_zero: bool = False) -> bytearray:
        """All bytes of a member, unpacked."""
        self.reserve(entry)
        out = bytearray(entry.size)
        self.read_into(entry, memoryview(out), crc_may_be_zero)
        return out

    def reserve(self, entry: Entry) -> None:
        """Raise Fault where a member unpacks to more than it can, or than it may."""
        if entry.method == DEFLATED:
            if entry.size > _BEST_RATIO * entry.packed:
                raise Fault(
                    f"says that the {entry.packed:,} bytes of {entry.name!r} unpack to {entry.size:,}, "
                    "which is more than they can"
                )
            self.budget.inflate(entry.size, entry.name)

    def read_into(self, entry: Entry, room: memoryview, crc_may_be_zero: bool = False) -> None:
        """Fill `room`, which is `entry.size` bytes long, with the member's bytes, and check their sum."""
        crc = done = 0
        if entry.method == STORED:
            for k in range(0, entry.size, CHUNK):
                part = room[k : k + CHUNK]
                self.source.read_into(part, entry.start + k, f"the member {entry.name!r}")
                crc = zlib.crc32(part, crc)
        else:
            for unpacked in self._unpacked(entry):
                room[done : done + len(unpacked)] = unpacked
                crc = zlib.crc32(unpacked, crc)
                done += len(unpacked)
        # PyTorch leaves sums out on request (set_crc32_options) and writes 0
        if crc != entry.crc and not (crc_may_be_zero and entry.crc == 0):
            raise Fault(
                f"is damaged: the bytes of {entry.name!r} have the sum {crc:08x} and should have {entry.crc:08x}; "
                "fetch or save it again"
            )

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        """A deflated member's bytes, piece by piece; exactly `entry.size` of them."""
        what = f"the member {entry.name!r}"
        inflater = zlib.decompressobj(-15)
        left, taken = entry.size, 0
        pending: bytes | bytearray = b""
        while not inflater.eof:
            if not pending:
                count = min(CHUNK // 16, entry.packed - taken)
                if not count:
                    raise Fault(f"is damaged: the compressed bytes of {entry.name!r} end early")
                pending = self.source.read(entry.start + taken, count, what)
                taken += count
            try:
                # one byte more than there should be shows a member that is longer than it says
                part = inflater.decompress(pending, min(CHUNK, left + 1))
            except zlib.error as error:
                raise Fault(f"is damaged: {entry.name!r} does not unpack ({error})") from None
            pending = inflater.unconsumed_tail
            left -= len(part)
            if left < 0:
                break
            yield part
        if left or inflater.unused_data or pending or taken != entry.packed:
            raise Fault(f"lies about {entry.name!r}: it does not unpack to the {entry.size:,} bytes that it says")

    def mapped(self, entry: Entry) -> np.ndarray:
        """A stored member's bytes, memory-mapped; their sum is not checked."""
        return self.source.mapped(entry.start, entry.size, f"the member {entry.name!r}")


def _directory(source: Source) -> tuple[int, int, int]:
    """Where the directory starts, its size, and the number of its members."""
    span = min(source.size, _END.size + _MAX16)
    tail = bytes(source.read(source.size - span, span, "the end of the zip archive"))
    at = len(tail)
    while True:
        at = tail.rfind(b"PK\5\6", 0, at)
        if at < 0:
            raise Fault("is truncated: a zip archive ends with its directory, and there is none; fetch it again")
        if at + _END.size <= len(tail) and _END.unpack_from(tail, at)[-1] == len(tail) - at - _END.size:
            break
    _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(tail, at)
    end = source.size - span + at
    found = [count, size, start]
    if (disk, first_disk, here) != (0, 0, count):
        raise Fault("is a part of a zip archive over several files, which is not read")
    if at >= _LOCATOR.size and tail[at - _LOCATOR.size : at - _LOCATOR.size + 4] == b"PK\6\7":
        _, disk, place, disks = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)
        end -= _LOCATOR.size + _END64.size
        if disk or disks > 1 or place != end:
            raise Fault("has a zip directory (zip64) that is not where it should be")
        signature, rest, _, _, disk, first_disk, here, *wide = _END64.unpack(
            source.read(place, _END64.size, "the zip's directory")
        )
        if signature != b"PK\6\6" or rest != _END64.size - 12 or (disk, first_disk, here) != (0, 0, wide[0]):
            raise Fault("has a damaged zip directory (zip64)")
        for narrow, large, most in zip(found, wide, (_MAX16, _MAX32, _MAX32), strict=True):
            if narrow not in (large, most):
                raise Fault(f"has two zip directories that contradict each other ({narrow:,} and {large:,})")
        found = wide
    count, size, start = found
    if start + size != end:
        raise Fault(
            f"has a zip directory that says it is bytes {start:,} to {start + size:,}, and ends at {end:,}; "
            "the file is truncated, or something was put before or into it"
        )
    if count * _CENTRAL.size > size:
        raise Fault(f"has a zip directory of {size:,} bytes that says it lists {count:,} members")
    return start, size, count


def _listed(table: bytes, count: int) -> Iterator[Entry]:
    """The members that the directory lists."""
    at = 0
    for k in range(count):
        if len(table) - at < _CENTRAL.size or table[at : at + 4] != b"PK\1\2":
            raise Fault(f"has a damaged zip directory: no member {k} at its byte {at}")
        fields = _CENTRAL.unpack_from(table, at)
        _, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, comment, disk, _, _, header = fields
        at += _CENTRAL.size
        raw_name, extra = table[at : at + name_size], table[at + name_size : at + name_size + extra_size]
        at += name_size + extra_size + comment
        if at > len(table):
            raise Fault(f"has a damaged zip directory: member {k} is longer than the directory")
        name = _name(raw_name, flags)
        size, packed, header, disk = _wide(name, extra, (size, packed, header), disk)
        if disk:
            raise Fault(f"keeps {name!r} in another file of a split zip archive, which is not read")
        if flags & ~_KNOWN_FLAGS:
            raise Fault(f"has a member {name!r} that is encrypted or uses a rare feature (flags {flags:#06x})")
        if method not in (STORED, DEFLATED):
            raise Fault(f"has a member {name!r} packed by method {method}; only stored and deflated ones are read")
        if method == STORED and packed != size:
            raise Fault(f"says that the stored member {name!r} has {size:,} bytes, and {packed:,} in the file")
        yield Entry(name, raw_name, flags, method, crc, packed, size, header)
    if at != len(table):
        raise Fault(f"has {len(table) - at} bytes in its zip directory that belong to no member")


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        raise Fault(f"has a member whose name is no text: {raw[:60]!r}") from None
    if not name or "\0" in name or "\\" in name or name[0] == "/" or ".." in name.split("/"):
        raise Fault(f"has a member with a name that leads elsewhere: {name[:60]!r}")
    return name


def _wide(name: str, extra: bytes, narrow: tuple[int, int, int], disk: int) -> tuple[int, int, int, int]:
    """(size, packed size, place, disk) with the zip64 numbers for those that did not fit."""
    at, numbers = 0, b""
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if at + 4 + size > len(extra):
            raise Fault(f"has a damaged header of the member {name!r}")
        if kind == 1:
            if numbers:
                raise Fault(f"says the sizes of the member {name!r} twice")
            numbers = extra[at + 4 : at + 4 + size]
        at += 4 + size
    wanted = [*(("Q", v) if v == _MAX32 else ("", v) for v in narrow), ("I", disk) if disk == _MAX16 else ("", disk)]
    form = "<" + "".join(letter for letter, _ in wanted)
    if struct.calcsize(form) > len(numbers):
        raise Fault(f"says that the member {name!r} is large, and not how large")
    given = iter(struct.unpack_from(form, numbers))
    out = [next(given) if letter else value for letter, value in wanted]
    return out[0], out[1], out[2], out[3]


def _check_places(source: Source, entries: list[Entry], end: int) -> None:
    """Set where each member's data start. Raises Fault for holes, overlaps, and headers that contradict each other."""
    entries.sort(key=lambda entry: entry.header)
    at = 0
    for entry, following in zip(entries, [*(e.header for e in entries[1:]), end], strict=True):
        if entry.header != at:
            word = "overlaps the member before it" if entry.header < at else f"leaves {entry.header - at:,} bytes free"
            raise Fault(f"has a member {entry.name!r} at byte {entry.header:,} that {word}")
        entry.start = _after_local_header(source, entry)
        at = entry.start + entry.packed
        if entry.flags & _DESCRIPTOR:
            at += _descriptor(source, entry, at, following - at)
    if at != end:
        raise Fault(f"has {end - at:,} bytes between its last member and the directory")


def _after_local_header(source: Source, entry: Entry) -> int:
    head = source.read(entry.header, _LOCAL.size, f"the header of {entry.name!r}")
    signature, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack(head)
    start = entry.header + _LOCAL.size
    if signature != b"PK\3\4":
        raise Fault(f"has no member at byte {entry.header:,}, where {entry.name!r} should be")
    rest = source.read(start, name_size + extra_size, f"the header of {entry.name!r}")
    name, extra = bytes(rest[:name_size]), bytes(rest[name_size:])
    later = bool(flags & _DESCRIPTOR)
    known = (entry.crc, entry.packed, entry.size)
    if _MAX32 in (size, packed):
        size, packed, _, _ = _wide(entry.name, extra, (size, packed, 0), 0)
    same = (crc, packed, size) == known or (later and (crc in (0, entry.crc)) and (packed, size) in ((0, 0), known[1:]))
    if (name, flags, method) != (entry.raw_name, entry.flags, entry.method) or not same:
        raise Fault(f"has two headers of {entry.name!r} that contradict each other")
    return start + name_size + extra_size


def _descriptor(source: Source, entry: Entry, at: int, space: int) -> int:
    """The size of the sum and sizes that follow a member's data, checked."""
    wanted = (entry.crc, entry.packed, entry.size)
    for form in ("<III", "<4sIII", "<IQQ", "<4sIQQ"):
        if struct.calcsize(form) == space:
            found = struct.unpack(form, source.read(at, space, f"the sizes after {entry.name!r}"))
            if found[-3:] == wanted and (len(found) == 3 or found[0] == b"PK\7\x08"):
                return space
    raise Fault(f"has sizes after {entry.name!r} that contradict its header, or bytes that belong to no member")
