"""The memory under the tensors of a PyTorch file: read when first needed, once, and shared as it was."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.core.apply import wrap
from gputensor.io.dtype_names import BYTES, Kind
from gputensor.io.faults import Budget, Fault
from gputensor.io.interpreter import Machine, Unfinished, name_of, word
from gputensor.io.locations import Locations
from gputensor.io.zip_reader import STORED, Archive, Entry

_CHUNK = 1 << 20
_LONGEST_NAME = 1000


class Storage(Unfinished):
    """Memory that tensors look into. kind: how its elements lie, None for bytes of which each tensor has its own."""

    __slots__ = ("_made", "_raw", "declared", "home", "key", "kind", "location", "nbytes")
    name = "torch.storage"

    def __init__(self, key: str, kind: Kind | None, nbytes: int, location: str, home: Storages) -> None:
        self.key = key
        self.kind = kind
        self.nbytes = self.declared = nbytes
        self.location = location
        self.home = home
        self._made: dict[str, tuple[Any, list[Any]]] = {}
        self._raw: np.ndarray | None = None

    def tensor(self, kind: Kind, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
        """A tensor that looks into this memory; the caller has checked that it stays inside."""
        xp = self.home.place(self)
        flat, cell = self._flat(kind, xp)
        if 0 in shape:
            array = flat[:0].reshape(shape)
        elif offset == 0 and flat.size == math.prod(shape) and strides == _row_major(shape):
            array = flat.reshape(shape)
        else:
            array = xp.as_strided(flat, shape, strides, offset)
        out = wrap(array, xp)
        out._cell = cell
        return out

    def _flat(self, kind: Kind, xp: Any) -> tuple[Any, list[Any]]:
        """All elements, on the device, and the write stamp that their tensors share."""
        known = self._made.get(kind.name)
        if known is None:
            if kind.eight is not None:
                # twice the bytes of the file, of which the file itself allows one, once
                self.home.budget.charge(self.nbytes * (2 if self._made else 1), "float8")
            known = self._made[kind.name] = xp.from_host(self._host(kind)), [0, None]
            if xp.device_type != "cpu" and self.kind is not None:
                self._raw = None  # one copy, on the device, is enough
        return known

    def _host(self, kind: Kind) -> np.ndarray:
        if kind.eight is not None:
            return widened(kind, self.nbytes, lambda room: self.home.fill(self, room))
        if self._raw is None:
            self._raw = self.home.read(self)
        return elements(self._raw, kind, f"storage {self.key!r}")


def elements(raw: np.ndarray, kind: Kind, what: str) -> np.ndarray:
    """The elements that lie in bytes. Raises Fault for bools that are neither 0 nor 1."""
    if kind.name == "bool" and raw.max(initial=0) > 1:
        raise Fault(f"has bools in {what} that are neither 0 nor 1")
    return raw[: raw.size // kind.itemsize * kind.itemsize].view(kind.dtype.numpy)


def widened(kind: Kind, count: int, fill: Callable[[memoryview], None]) -> np.ndarray:
    """`count` float8 numbers, which `fill` reads into bytes, as bfloat16; takes no memory but the result's."""
    assert kind.eight is not None
    table = np.arange(256, dtype=np.uint8).view(kind.eight).astype(kind.dtype.numpy)
    out = np.empty(count, kind.dtype.numpy)
    narrow = out.view(np.uint8)[count:]  # each number is read before the place where it lies is written
    fill(narrow.data)
    for k in range(0, count, _CHUNK):
        out[k : k + _CHUNK] = table[narrow[k : k + _CHUNK]]
    return out


def _row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    out: list[int] = []
    step = 1
    for n in reversed(shape):
        out.append(step)
        step *= n
    return tuple(reversed(out))


class Storages:
    """The storages of one file, by key."""

    # True while a pickle is read to learn what storages there are
    only_looking = False

    def __init__(self, locations: Locations, budget: Budget) -> None:
        self.locations = locations
        self.budget = budget
        self.by_key: dict[str, Storage] = {}
        self._homes: dict[str, Any] = {}

    def persistent(self, m: Machine, pid: Any) -> Storage:
        """The storage that a persistent id names: ("storage", class, key, location, number of elements)."""
        if type(pid) is tuple and len(pid) == 5 and word(pid[0]) in ("module", b"module"):
            raise m.fail("a whole module, which is code and not loaded; save model.state_dict() instead")
        parts = (
            pid[1:] if type(pid) is tuple and len(pid) in (5, 6) and word(pid[0]) in ("storage", b"storage") else None
        )
        if parts is None or (len(parts) == 5 and parts[4] is not None):
            raise m.fail("a persistent id that is no storage")
        kind, key, location, count = parts[:4]
        location = location.decode("latin-1") if isinstance(location, bytes) else location
        name = name_of(kind)
        found = getattr(kind, "kind", None)
        if not isinstance(found, Kind) and not name.endswith("UntypedStorage"):
            raise m.fail("a storage of an unknown type")
        if type(key) not in (str, int) or type(location) is not str or type(count) is not int or count < 0:
            raise m.fail("a storage with a damaged description")
        key = str(key)
        # they are compared each time
        if len(key) > _LONGEST_NAME or len(location) > _LONGEST_NAME:
            raise m.fail("a storage whose key or place is longer than any program's")
        nbytes = count * (found or BYTES).itemsize
        known = self.by_key.get(key)
        if known is not None:
            if (known.kind, known.location) != (found, location) or known.declared != nbytes:
                raise m.fail(f"two different descriptions of the storage {key!r}")
            return known
        m.budget.charge(800, "storages")
        made = self.by_key[key] = Storage(key, found, nbytes, location, self)
        self.connect(m, made)
        return made

    def connect(self, m: Machine, storage: Storage) -> None:
        """Find the bytes of a new storage; they must be as many as it says."""
        raise m.fail("a storage where none belongs")

    def fill(self, storage: Storage, room: memoryview) -> None:
        """Read the bytes of a storage."""
        raise NotImplementedError

    def read(self, storage: Storage) -> np.ndarray:
        """The bytes of a storage, as new memory."""
        raw = np.empty(storage.nbytes, np.uint8)
        self.fill(storage, raw.data)
        return raw

    def place(self, storage: Storage) -> Any:
        """The namespace of the device for a storage, asked for once."""
        found = self._homes.get(storage.key)
        if found is None:
            found = self._homes[storage.key] = self.locations.place(storage.nbytes, storage.location)
        return found


class ZipStorages(Storages):
    """Storages that are members of a zip archive, ``data/<key>``."""

    def __init__(
        self, locations: Locations, budget: Budget, archive: Archive, prefix: str, swapped: bool, mapped: bool
    ) -> None:
        super().__init__(locations, budget)
        self._archive = archive
        self._prefix = prefix
        self._swapped = swapped
        self._mapped = mapped

    def connect(self, m: Machine, storage: Storage) -> None:
        entry = self._entry(storage)
        # PyTorch may note a number of elements that leaves bytes at the end over
        spare = entry.size - storage.nbytes
        if not 0 <= spare < (storage.kind or BYTES).itemsize:
            raise m.fail(
                f"a storage {storage.key!r} of {storage.nbytes:,} bytes, and its member {entry.name!r} has "
                f"{entry.size:,}"
            )
        self._archive.reserve(entry)
        storage.nbytes = entry.size

    def _entry(self, storage: Storage) -> Entry:
        return self._archive.find(f"{self._prefix}data/{storage.key}")

    def fill(self, storage: Storage, room: memoryview) -> None:
        """Read the member, and check its sum."""
        self._archive.read_into(self._entry(storage), room, crc_may_be_zero=True)

    def read(self, storage: Storage) -> np.ndarray:
        """The bytes of a storage: new memory, or the file's own where it is to be mapped and can be."""
        entry = self._entry(storage)
        if self._mapped and entry.method == STORED and not self._swapped:
            raw = self._archive.mapped(entry)
            if raw.ctypes.data % 16 == 0:
                return raw
        raw = super().read(storage)
        if self._swapped:
            if storage.kind is None:
                raise Fault("was written on a machine of other byte order, with an untyped storage")
            swap(raw, storage.kind)
        return raw


def swap(raw: np.ndarray, kind: Kind) -> None:
    """Turn the bytes of each element round, in place; of complex numbers those of both parts."""
    width = kind.itemsize // 2 if kind.dtype.is_complex else kind.itemsize
    if width > 1:
        whole = raw[: raw.size // width * width]
        whole.view(f"u{width}").byteswap(inplace=True)
