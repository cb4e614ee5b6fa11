"""NumPy's files: ``.npz``, a zip archive of arrays, and ``.npy``, one array. Pickled objects in them are never read."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.dtypes import FROM_NUMPY
from gputensor.errors import ArgumentError
from gputensor.io.dtype_names import BYTES, KINDS, Kind, text_is_whole
from gputensor.io.faults import Budget, Fault, cost_of_dims
from gputensor.io.locations import Locations
from gputensor.io.source import Source
from gputensor.io.storages import elements, swap
from gputensor.io.stored_memory import parts_of
from gputensor.io.zip_reader import STORED, Archive, Entry
from gputensor.io.zip_writer import ZipWriter
from gputensor.nn.parameter import is_lazy

MAGIC = b"\x93NUMPY"
# the header of an array of numbers, as NumPy writes it; a general reader of literals is not needed
_HEADER = re.compile(
    rb"\{'descr': '([<>|=])([a-zA-Z?])(\d{0,9})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,19}L?, ?)*(?:\d{1,19}L?)?)\),? ?\} *\n?"
)
_OBJECTS = re.compile(rb"'\|?O\d?'")
_LONGEST_HEADER = 10_000
_LONGEST_TEXT = 1 << 20
_MOST_DIMS = 64
_LARGEST = (1 << 63) - 1


class _Header:
    """What the first bytes of an array say: how elements lie, in which order, how many, and where they start."""

    def __init__(self, read: Callable[[int, int], bytes], size: int, what: str) -> None:
        head = read(0, min(size, 12))
        if head[:6] != MAGIC or len(head) < 10:
            raise Fault(f"has {what} that is no array of NumPy's")
        major = head[6]
        if major not in (1, 2, 3):
            raise Fault(f"has {what} in version {major} of NumPy's format; versions 1 to 3 are read")
        wide = 4 if major > 1 else 2
        length = int.from_bytes(head[8 : 8 + wide], "little")
        self.start = 8 + wide + length
        if length > _LONGEST_HEADER or self.start > size:
            raise Fault(f"has {what} whose header should have {length:,} bytes")
        text = read(8 + wide, length)
        if _OBJECTS.search(text):
            raise Fault(f"has Python objects in {what}: that is a pickle, and pickles are not run")
        found = _HEADER.fullmatch(text)
        if found is None:
            raise Fault(f"has {what} that is no plain array of numbers: {text[:80]!r}")
        order, letter, width, fortran, sizes = found.groups()
        self.text = _text_dtype(order + letter + width)
        self.kind = BYTES if self.text is not None else _kind(letter.decode() + width.decode(), what)
        itemsize = self.kind.itemsize if self.text is None else self.text.itemsize
        self.swapped = self.kind.itemsize > 1 and np.dtype(f"{order.decode()}i4") != np.dtype("=i4")
        self.fortran = fortran == b"True"
        self.shape = tuple(int(n.strip().rstrip(b"L")) for n in sizes.split(b",") if n.strip())
        if len(self.shape) > _MOST_DIMS or math.prod([n for n in self.shape if n]) * 16 > _LARGEST:
            raise Fault(f"has {what} of shape {self.shape}, which no memory can have")
        self.nbytes = math.prod(self.shape) * itemsize
        if self.nbytes != size - self.start:
            raise Fault(
                f"has {what} of shape {self.shape} and dtype {self.text or self.kind.name} that needs "
                f"{self.nbytes:,} bytes, and has {size - self.start:,}"
            )


def _text_dtype(code: bytes) -> np.dtype | None:
    """The dtype of an array of text, which no tensor can be; None for others."""
    if code[1:2] not in (b"U", b"S") or not 0 < int(code[2:] or b"0") <= _LONGEST_TEXT:
        return None
    return np.dtype(code.decode())


def _kind(code: str, what: str) -> Kind:
    if code[0] == "V" and code[1:] == "2":
        raise Fault(
            f"has {what} of two-byte elements without a dtype, perhaps bfloat16, which NumPy's format cannot name; "
            "save it as .safetensors or .pt"
        )
    try:
        found = FROM_NUMPY.get(np.dtype(code)) if code[0] in "biufc?" else None
    except TypeError:
        found = None
    if found is None:
        raise Fault(f"has {what} of NumPy's dtype {code!r}, which tensors cannot have")
    return KINDS[found.name]


def read_npz(archive: Archive, locations: Locations, budget: Budget, mapped: bool) -> dict[str, Any]:
    """The arrays of an archive, by name, as tensors; those of text as they are."""
    out: dict[str, Any] = {}
    for name, entry in list(archive.entries.items()):
        if not name.endswith(".npy"):
            raise Fault(f"has a member {name!r} that is no array; it is neither a NumPy nor a PyTorch file")
        budget.charge(1000, "arrays")
        made = out[name[: -len(".npy")]] = _member(archive, entry, locations, mapped)
        budget.charge(cost_of_dims(made.ndim), "arrays")
    return out


def _member(archive: Archive, entry: Entry, locations: Locations, mapped: bool) -> Any:
    what = f"the member {entry.name!r}"
    if entry.method != STORED or not mapped:
        archive.reserve(entry)
        raw = np.empty(entry.size, np.uint8)
        archive.read_into(entry, raw.data)
    else:
        raw = archive.mapped(entry)
    header = _Header(lambda at, count: raw[at : at + count].tobytes(), raw.size, what)
    if mapped and (raw.ctypes.data + header.start) % header.kind.itemsize:
        # as NumPy writes it; a copy of what is mapped would take twice the memory
        return _member(archive, entry, locations, False)
    return _tensor(raw[header.start :], header, locations, what)


def read_npy(source: Source, locations: Locations, mapped: bool) -> Any:
    """The one array of a ``.npy`` file, as a tensor."""
    what = "an array"
    header = _Header(lambda at, count: bytes(source.read(at, count, what)), source.size, what)
    if mapped:
        raw = source.mapped(header.start, header.nbytes, what)
    else:
        raw = np.empty(header.nbytes, np.uint8)
        source.read_into(raw.data, header.start, what)
    return _tensor(raw, header, locations, what)


def _tensor(raw: np.ndarray, header: _Header, locations: Locations, what: str) -> Any:
    kind = header.kind
    if raw.ctypes.data % kind.itemsize:
        raw = raw.copy()
    if header.text is not None:
        flat = raw.view(header.text)
        if not text_is_whole(flat):
            raise Fault(f"has {what} of text with letters that do not exist")
        return flat.reshape(header.shape, order="F" if header.fortran else "C")
    if header.swapped:
        swap(raw, kind)
    flat = elements(raw, kind, what)
    host = flat.reshape(header.shape[::-1]).T if header.fortran else flat.reshape(header.shape)
    xp = locations.place(host.nbytes, "cpu")
    return wrap(xp.from_host(host), xp)


def write_npz(tensors: Any, write: Callable[[Any], Any]) -> None:
    """Write named tensors, or a list of them (``arr_0``, ``arr_1`` …), as NumPy's savez does."""
    if isinstance(tensors, (list, tuple)):
        tensors = {f"arr_{k}": x for k, x in enumerate(tensors)}
    if not isinstance(tensors, Mapping):
        raise ArgumentError(
            f"save: a .npz file holds a dict or a list of tensors, got {type(tensors).__name__}; "
            "save it as a .pt file, or as {'name': tensor}"
        )
    for name, x in tensors.items():
        _check(name, x)
    archive = ZipWriter(write)
    for name, x in tensors.items():
        # ndarrays as programs have them beside tensors are written as well
        array, xp = (x.array, x.xp) if isinstance(x, Tensor) else (np.asarray(x), None)
        head = io.BytesIO()
        plain = {
            "descr": np.lib.format.dtype_to_descr(array.dtype),
            "fortran_order": False,
            "shape": tuple(array.shape),
        }
        np.lib.format.write_array_header_1_0(head, plain)
        first = head.getvalue()
        size = len(first) + array.size * array.itemsize
        archive.add(f"{name}.npy", size, _with_header(first, array, xp))
    archive.close()


def _with_header(first: bytes, array: Any, xp: Any) -> Any:
    yield first
    yield from parts_of(array, _HOST if xp is None else xp)


class _Host:
    """What `parts_of` asks of a namespace, for NumPy arrays."""

    @staticmethod
    def to_host(array: np.ndarray) -> np.ndarray:
        return array


_HOST = _Host()


def _check(name: Any, x: Any) -> None:
    if type(name) is not str or not name or name[0] == "/" or "\\" in name or "\0" in name or ".." in name.split("/"):
        raise ArgumentError(f"save: a .npz file names arrays by text, and {name!r:.60} is no name for one")
    if isinstance(x, Tensor):
        if is_lazy(x):
            raise ArgumentError(
                f"save: {name!r:.60} has no values yet; call its module with a first batch before saving"
            )
        if x.dtype.name == "bfloat16":
            raise ArgumentError(
                f"save: NumPy's format has no bfloat16, the dtype of {name!r:.60}; save it as .safetensors or .pt, "
                "or convert it with .float()"
            )
    elif not isinstance(x, (np.ndarray, np.generic, int, float, complex)) or np.asarray(x).dtype not in FROM_NUMPY:
        raise ArgumentError(
            f"save: a .npz file holds tensors and arrays of numbers, and {name!r:.60} is a {type(x).__name__}; "
            "save it as a .pt file"
        )
