"""Reading PyTorch's files: zip archives since 1.6, and the stream of pickles and storages before."""

from __future__ import annotations

import sys
from typing import Any

from gputensor.io.faults import Budget, Fault
from gputensor.io.finished import check_finished
from gputensor.io.interpreter import Machine, shown
from gputensor.io.known_names import known_name, named
from gputensor.io.locations import Locations
from gputensor.io.opcodes import opcodes
from gputensor.io.source import Source
from gputensor.io.storages import Storage, Storages, ZipStorages
from gputensor.io.zip_reader import Archive

# PyTorch's, at the start of a file of the old format: a pickled number of ten bytes
MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
_VERSION = 1001
_COUNT = 8  # the bytes before each storage that say how many elements it has


def pickle_prefix(archive: Archive) -> str | None:
    """What stands before ``data.pkl`` in the names of a PyTorch file, None for another archive."""
    found = [
        name[: -len("data.pkl")] for name in archive.entries if name.endswith("/data.pkl") and name.count("/") == 1
    ]
    if len(found) > 1:
        raise Fault(f"has {len(found)} members data.pkl")
    if not found:
        return "" if "data.pkl" in archive.entries else None
    return found[0]


def read_zip(archive: Archive, prefix: str, locations: Locations, budget: Budget, mapped: bool) -> Any:
    """The value that a PyTorch archive holds."""
    _refuse_programs(archive, prefix)
    # PyTorch finds a member in any spelling, and of two the first
    if len({name.casefold() for name in archive.entries}) < len(archive.entries):
        raise Fault("has two members whose names differ in upper and lower case alone")
    order = _small(archive, f"{prefix}byteorder", b"little")
    if order not in (b"little", b"big"):
        raise Fault(f"says that its byte order is {order!r}")
    swapped = order.decode() != sys.byteorder
    data = archive.read(archive.find(f"{prefix}data.pkl"), crc_may_be_zero=True)
    storages = ZipStorages(locations, budget, archive, prefix, swapped, mapped)
    value, end = Machine(named, storages, budget).run(data)
    if end != len(data):
        raise Fault(f"has {len(data) - end:,} bytes after the end of its pickle")
    del data
    check_finished(value, budget)
    return value


def _small(archive: Archive, name: str, default: bytes) -> bytes:
    entry = archive.entries.get(name)
    if entry is None:
        return default
    if entry.size > 100:
        raise Fault(f"has a member {name!r} of {entry.size:,} bytes, for one word")
    return bytes(archive.read(entry, crc_may_be_zero=True)).strip()


def _refuse_programs(archive: Archive, prefix: str) -> None:
    if f"{prefix}constants.pkl" in archive.entries or any(
        name.startswith(f"{prefix}code/") for name in archive.entries
    ):
        raise Fault(
            "is a TorchScript archive: a compiled program, which is not run; "
            "in PyTorch, save torch.jit.load(…).state_dict()"
        )


class _StreamStorages(Storages):
    """The storages of a file of the old format: they follow the pickle, which says how large they are."""

    def __init__(self, locations: Locations, budget: Budget, data: bytearray) -> None:
        super().__init__(locations, budget)
        self._data = data
        self._places: dict[str, int] = {}

    def connect(self, m: Machine, storage: Storage) -> None:
        if storage.nbytes > len(self._data):
            raise m.fail(f"a storage {storage.key!r} of {storage.nbytes:,} bytes, more than the file has")

    def find(self, keys: Any, at: int) -> int:
        """Find where the storages are, in the order of `keys`; gives the place behind the last."""
        if (
            type(keys) is not list
            or not all(type(key) in (str, int) for key in keys)
            or len(set(map(str, keys))) != len(keys)
            or {*map(str, keys)} != self.by_key.keys()
        ):
            raise Fault("has a list of storages that is not the list of those that its pickle uses")
        for key in map(str, keys):
            storage = self.by_key[key]
            end = at + _COUNT + storage.nbytes
            if end > len(self._data):
                raise Fault(
                    f"is truncated: the storage {key!r} ends at byte {end:,}, and the file has {len(self._data):,}"
                )
            # the file as a whole lies in memory, and the storages again
            self.budget.position = self.budget.total
            self.budget.charge(storage.nbytes, "storages")
            itemsize = storage.kind.itemsize if storage.kind is not None else 1
            count = int.from_bytes(self._data[at : at + _COUNT], "little")
            if count * itemsize != storage.nbytes:
                raise Fault(
                    f"has a storage {key!r} of {count:,} elements, and its pickle says {storage.nbytes // itemsize:,}"
                )
            self._places[key] = at + _COUNT
            at = end
        return at

    def fill(self, storage: Storage, room: memoryview) -> None:
        """Copy the bytes, to where they are aligned."""
        start = self._places[storage.key]
        room[:] = memoryview(self._data)[start : start + storage.nbytes]

    def again(self) -> None:
        """Forget the storages, but not where they are: the pickle is read once more."""
        self.by_key.clear()
        self.only_looking = False


def read_stream(source: Source, locations: Locations, budget: Budget) -> Any:
    """The value of a PyTorch file of the format before 1.6: five pickles, then the storages."""
    data = source.read(0, source.size, "the file")
    storages = _StreamStorages(locations, budget, data)
    at = len(MAGIC)

    def plain() -> Machine:
        return Machine(named, Storages(locations, budget), budget)

    version, at = plain().run(data, at)
    if type(version) is not int or version != _VERSION:
        raise Fault(f"is of version {shown(version)} of PyTorch's old format; version {_VERSION} is read")
    system, at = plain().run(data, at)
    if type(system) is not dict or system.get("little_endian", True) is not True:
        raise Fault("was written on a machine of other byte order, in PyTorch's old format")
    start = at
    # once for what storages there are, as they come after; then again, for their tensors
    storages.only_looking = True
    left = budget.left
    at = Machine(named, storages, budget).run(data, start)[1]
    budget.left = left
    keys, at = plain().run(data, at)
    end = storages.find(keys, at)
    if end != len(data):
        raise Fault(f"has {len(data) - end:,} bytes after its last storage")
    storages.again()
    value, _ = Machine(named, storages, budget).run(data, start)
    check_finished(value, budget)
    return value


def unknown_names(data: bytes | bytearray) -> list[str]:
    """The names of a pickle that `load` would refuse, without running more of it than its words."""
    found: dict[str, None] = {}
    last: list[Any] = [None, None]
    memo: dict[int, Any] = {}
    for name, argument, _ in opcodes(data):
        if name == "GLOBAL" and known_name(*argument) is None:
            found[".".join(argument)] = None
        elif name == "STACK_GLOBAL" and all(isinstance(text, str) for text in last) and known_name(*last) is None:
            found[".".join(last)] = None
        elif name == "MEMOIZE":
            memo[len(memo)] = last[1]
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = last[1]
        elif name in ("BINGET", "LONG_BINGET"):
            last = [last[1], memo.get(argument)]
        elif name not in ("FRAME", "PROTO"):
            last = [last[1], argument if isinstance(argument, str) else None]
    return list(found)
