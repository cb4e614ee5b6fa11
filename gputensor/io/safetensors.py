"""Safetensors files: named tensors, and metadata of text. Nothing in them can be code."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.dtypes import FROM_NUMPY
from gputensor.errors import ArgumentError
from gputensor.io.dtype_names import TO_SAFETENSORS
from gputensor.io.faults import Budget, Fault
from gputensor.io.locations import Locations
from gputensor.io.safetensors_header import Entry, check_places, parsed
from gputensor.io.source import Source
from gputensor.io.storages import elements, swap, widened
from gputensor.io.stored_memory import parts_of
from gputensor.nn.parameter import is_lazy

_LITTLE = np.dtype("=i2") == np.dtype("<i2")


class SafetensorsReader:
    """The header of an open file, checked, and its tensors, read one by one."""

    def __init__(self, source: Source, locations: Locations, budget: Budget, mapped: bool, max_header: int) -> None:
        self._source = source
        self._locations = locations
        self._mapped = mapped
        (length,) = struct.unpack("<Q", source.read(0, 8, "the length of the header"))
        if length > source.size - 8:
            raise Fault(
                f"is truncated, or no safetensors file: its header should have {length:,} bytes, and "
                f"{source.size - 8:,} follow"
            )
        if length > max_header:
            raise Fault(
                f"has a header of {length:,} bytes, more than the {max_header:,} allowed; "
                "if it comes from a source you trust, allow more with max_header="
            )
        header = bytes(source.read(8, length, "the header"))
        self.entries, self.metadata = parsed(header, budget)
        self._start = 8 + length
        check_places(self.entries, source.size - self._start)

    def stored(self) -> list[str]:
        """The names, in the order in which their bytes lie in the file."""
        return sorted(self.entries, key=lambda name: (self.entries[name].start, name))

    def part(self, name: str, key: Any) -> Any:
        """What `key` picks of one tensor. Of a mapped file only that is read and copied."""
        entry = self.entries[name]
        xp = self._locations.place(entry.end - entry.start, "cpu")
        whole = self._array(entry, f"the tensor {name!r:.80}").reshape(entry.shape)
        return wrap(xp.from_host(np.array(whole[key])), xp)

    def tensor(self, name: str) -> Any:
        """One tensor."""
        entry = self.entries[name]
        xp = self._locations.place(entry.end - entry.start, "cpu")
        array = self._array(entry, f"the tensor {name!r:.80}")
        return wrap(xp.from_host(array.reshape(entry.shape)), xp)

    def _array(self, entry: Entry, what: str) -> np.ndarray:
        at, size, kind = self._start + entry.start, entry.end - entry.start, entry.kind

        def fill(room: memoryview) -> None:
            self._source.read_into(room, at, what)

        if kind.eight is not None:
            return widened(kind, size, fill)
        if self._mapped and _LITTLE:
            raw = self._source.mapped(at, size, what)
            if raw.ctypes.data % kind.itemsize == 0:
                return elements(raw, kind, what)
        raw = np.empty(size, np.uint8)
        fill(raw.data)
        if not _LITTLE:
            swap(raw, kind)
        return elements(raw, kind, what)


def write_safetensors(tensors: Any, write: Callable[[Any], Any], metadata: Mapping[str, str] | None) -> None:
    """Write a dict of named tensors. Each is written in full and in row-major order, also those that share memory."""
    named = _checked(tensors)
    # the widest first keeps every tensor aligned; then by name, so that equal content gives equal files
    order = sorted(named, key=lambda name: (-named[name].array.itemsize, name))
    header: dict[str, Any] = {}
    if metadata is not None:
        _check_metadata(metadata)
        header["__metadata__"] = dict(metadata)
    at = 0
    for name in order:
        x = named[name]
        end = at + x.array.size * x.array.itemsize
        short = TO_SAFETENSORS[FROM_NUMPY[x.array.dtype].name]
        header[name] = {"dtype": short, "shape": list(x.array.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    write(struct.pack("<Q", len(text)) + text)
    for name in order:
        for part in parts_of(named[name].array, named[name].xp):
            write(part if _LITTLE else _swapped(part, named[name].array.dtype))


def _swapped(part: memoryview, kind: np.dtype) -> memoryview:
    width = kind.itemsize // 2 if kind.kind == "c" else kind.itemsize
    return np.frombuffer(part, f"u{width}").byteswap().view(np.uint8).data


def _checked(tensors: Any) -> dict[str, Any]:
    if not isinstance(tensors, Mapping):
        raise ArgumentError(
            f"save: a safetensors file holds a dict of named tensors, got {type(tensors).__name__}; "
            "save it as a .pt file, or as {'name': tensor}"
        )
    out: dict[str, Any] = {}
    for name, x in tensors.items():
        if type(name) is not str or name == "__metadata__" or len(name.encode("utf-8", "replace")) > 60_000:
            raise ArgumentError(f"save: a safetensors file names tensors by text, and {name!r:.60} is no name for one")
        try:
            name.encode()
        except UnicodeEncodeError:
            raise ArgumentError(f"save: the name {name!r:.60} cannot be written as UTF-8") from None
        if not isinstance(x, Tensor):
            raise ArgumentError(
                f"save: a safetensors file holds tensors alone, and {name!r:.60} is a {type(x).__name__}; save it as a "
                ".pt file, flatten dicts to names such as 'model.weight', and give text as metadata="
            )
        if is_lazy(x):
            raise ArgumentError(
                f"save: {name!r:.60} has no values yet; call its module with a first batch before saving"
            )
        if FROM_NUMPY[x.array.dtype].name not in TO_SAFETENSORS:
            raise ArgumentError(f"save: safetensors has no {x.dtype}, the dtype of {name!r:.60}; save it as a .pt file")
        out[name] = x
    return out


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, Mapping) or not all(type(part) is str for item in metadata.items() for part in item):
        raise ArgumentError("save: metadata must be a dict of text by text; convert numbers with str()")


class SafeOpen:
    """An open safetensors file. See `gputensor.io.safe_open`."""

    def __init__(self, reader: SafetensorsReader, source: Source, call: Callable[[Callable[[], Any]], Any]) -> None:
        self._reader = reader
        self._source = source
        self._call = call
        self._open = True

    def __enter__(self) -> SafeOpen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._source.close()
        self._open = False

    def keys(self) -> list[str]:
        """The names of the tensors, in the order of the header."""
        return list(self._reader.entries)

    def metadata(self) -> dict[str, str]:
        """The file's own notes, text by text."""
        return dict(self._reader.metadata)

    def get_tensor(self, name: str) -> Any:
        """One tensor, read now. Raises KeyError for a name that the file has not."""
        self._check(name)
        return self._call(lambda: self._reader.tensor(name))

    def get_slice(self, name: str) -> TensorSlice:
        """A tensor to be read in parts: ``f.get_slice(name)[:10]``. Raises KeyError as `get_tensor`."""
        self._check(name)
        return TensorSlice(name, self._reader, self._read)

    def offset_keys(self) -> list[str]:
        """The names of the tensors, in the order in which they lie in the file."""
        return self._reader.stored()

    def _read(self, name: str, read: Callable[[], Any]) -> Any:
        self._check(name)
        return self._call(read)

    def _check(self, name: str) -> None:
        if not self._open:
            raise ArgumentError(
                f"safe_open: the file is closed, so {name!r:.80} cannot be read; read it inside of the with statement"
            )
        if name not in self._reader.entries:
            raise KeyError(f"safe_open: there is no tensor {name!r}; keys() lists the names")


class TensorSlice:
    """One tensor of an open safetensors file, read in parts. See `SafeOpen.get_slice`."""

    __slots__ = ("_entry", "_name", "_read", "_reader")

    def __init__(self, name: str, reader: SafetensorsReader, read: Callable[[str, Callable[[], Any]], Any]) -> None:
        self._name = name
        self._reader = reader
        self._read = read
        self._entry = reader.entries[name]

    def get_shape(self) -> list[int]:
        """Its sizes."""
        return list(self._entry.shape)

    def get_dtype(self) -> str:
        """What the format calls its dtype, such as "F32"."""
        return TO_SAFETENSORS[self._entry.kind.name]

    def __getitem__(self, key: Any) -> Any:
        """The part that ints, slices and ... pick, as a tensor. Raises IndexError; ArgumentError for other indices."""
        parts = key if type(key) is tuple else (key,)
        if not all(part is ... or type(part) in (int, slice) for part in parts):
            raise ArgumentError(
                f"get_slice: {self._name!r:.80} is read by ints and slices; index the tensor that it gives"
            )
        # a wrong index is the program's fault, not the file's
        np.broadcast_to(np.empty((), np.uint8), self._entry.shape)[key]
        return self._read(self._name, lambda: self._reader.part(self._name, key))
