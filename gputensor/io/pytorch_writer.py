"""Writing PyTorch's files: a pickle of protocol 2 beside the storages, in a zip archive, as torch.save does.

What is written opens in PyTorch with ``weights_only=True``; NumPy arrays, frozensets, defaultdicts and Namespaces are
written as PyTorch writes them, and PyTorch wants them allowed (``add_safe_globals``).
"""

from __future__ import annotations

import hashlib
import struct
import sys
from argparse import Namespace
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.devices import device, device_of
from gputensor.core.dtypes import FROM_NUMPY, dtype
from gputensor.core.size import Size
from gputensor.errors import ArgumentError
from gputensor.io.dtype_names import STORAGE_OF
from gputensor.io.finished import DEEPEST
from gputensor.io.keys import FREE_PARTS, is_attribute, key_parts
from gputensor.io.stored_memory import Memory, Place, arrange
from gputensor.io.zip_writer import ZipWriter
from gputensor.nn.parameter import Buffer, Parameter, is_lazy
from gputensor.ops.layout import layout

_BATCH = 1000
_PIECE = 1 << 20
_LONG = 1 << 12
_SEQUENCES = (list, tuple, set, frozenset)
_DICTS = (dict, OrderedDict, Counter, defaultdict)


def write_pytorch(obj: Any, write: Callable[[Any], Any], stem: str) -> None:
    """Write `obj` as a PyTorch file. stem: the folder inside the archive; write: takes buffers."""
    tensors = list(_tensors(obj))
    memories, places = arrange(tensors)
    pickler = _Pickler(memories, places)
    data = pickler.pickled(obj)
    archive = ZipWriter(write)

    def add(name: str, content: bytes | bytearray) -> None:
        archive.add(f"{stem}/{name}", len(content), [content])

    add("data.pkl", data)
    add("byteorder", sys.byteorder.encode())
    for k, memory in enumerate(memories):
        archive.add(f"{stem}/data/{k}", memory.nbytes, memory.parts())
    add("version", b"3\n")
    # PyTorch tells files apart by it: of the same content it is the same
    add(".data/serialization_id", str(int(hashlib.sha256(data).hexdigest(), 16))[:40].encode())
    archive.close()


def _tensors(obj: Any) -> Iterator[Any]:
    """Every tensor inside of `obj`, once."""
    seen: set[int] = set()
    pending = [obj]
    while pending:
        one = pending.pop()
        if isinstance(one, Tensor):
            if id(one) not in seen:
                seen.add(id(one))
                if not is_lazy(one):
                    pending.extend(one.__dict__.values())
                    yield one
        elif type(one) in _DICTS or type(one) in _SEQUENCES or type(one) is Namespace:
            if id(one) in seen:
                continue
            seen.add(id(one))
            if type(one) in _SEQUENCES:
                sequence: Any = one
                pending.extend(sequence)
            else:
                table: Any = vars(one) if type(one) is Namespace else one
                pending.extend(table)
                pending.extend(table.values())
                pending.append(getattr(one, "_metadata", None))


# what to save of small things of Python's library, by the names of classes that they derive from
_AS_WHAT = {
    "PurePath": "save str(x)",
    "Enum": "save its name or its value",
    "date": "save its isoformat()",
    "time": "save its isoformat()",
    "timedelta": "save its total_seconds()",
    "Decimal": "save str(x)",
    "Fraction": "save str(x)",
    "range": "save list(x)",
    "type": "save its name",
}


class _Pickler:
    """Writes one value. Equal texts, and containers and tensors met again, are written once."""

    def __init__(self, memories: list[Memory], places: dict[int, Place]) -> None:
        self._memories = memories
        self._places = places
        self._out = bytearray(b"\x80\x02")
        self._memo: dict[Any, int] = {}
        self._path: list[str] = []
        self._long_keys = 0

    def pickled(self, obj: Any) -> bytearray:
        try:
            self._write(obj)
        except RecursionError:
            raise ArgumentError("save: containers in containers are too deep to be written") from None
        if self._long_keys > len(self._out):
            raise ArgumentError("save: the same long frozensets are keys many times, which load does not take")
        self._out += b"."
        return self._out

    # ------------------------------------------------------------ parts of a pickle

    def _remember(self, key: Any) -> None:
        number = self._memo[key] = len(self._memo)
        self._out += struct.pack("<cB", b"q", number) if number < 256 else struct.pack("<cI", b"r", number)

    def _known(self, key: Any) -> bool:
        number = self._memo.get(key)
        if number is None:
            return False
        self._out += struct.pack("<cB", b"h", number) if number < 256 else struct.pack("<cI", b"j", number)
        return True

    def _global(self, module: str, name: str) -> None:
        if not self._known((module, name)):
            self._out += f"c{module}\n{name}\n".encode()
            self._remember((module, name))

    def _text(self, value: str) -> None:
        if self._known(value):
            return
        raw = value.encode("utf-8", "surrogatepass")
        if len(raw) > 0xFFFFFFFF:
            raise self._refused(value, "text of more than 4 GB")
        self._out += struct.pack("<cI", b"X", len(raw)) + raw
        self._remember(value)

    def _tuple(self, items: Any) -> None:
        if not items:
            self._out += b")"
            return
        self._out += b"("
        for item in items:
            self._write(item)
        self._out += b"t"

    def _call(self, module: str, name: str, args: tuple[Any, ...]) -> None:
        self._global(module, name)
        self._tuple(args)
        self._out += b"R"

    def _new_list(self, items: Any) -> None:
        # nothing remembers it: it is made for the file alone, and another object may get its id
        self._out += b"]"
        self._list_items(items)

    def _list_items(self, items: Any) -> None:
        self._check_depth()
        items = list(items)
        for start in range(0, len(items), _BATCH):
            self._out += b"("
            for k, item in enumerate(items[start : start + _BATCH], start):
                self._inside(f"[{k}]", item)
            self._out += b"e"

    def _dict_items(self, table: Any) -> None:
        self._check_depth()
        items = list(table.items())
        for start in range(0, len(items), _BATCH):
            self._out += b"("
            for key, value in items[start : start + _BATCH]:
                self._check_key(key)
                self._write(key)
                self._inside(f"[{key!r:.60}]", value)
            self._out += b"u"

    def _check_depth(self) -> None:
        if len(self._path) >= DEEPEST:
            raise ArgumentError("save: containers in containers are too deep to be written")

    def _check_key(self, key: Any) -> None:
        if type(key) is str:
            return
        parts = key_parts(key, sys.maxsize)
        self._long_keys += max(parts - FREE_PARTS, 0)
        if not parts:
            raise ArgumentError(
                f"save: obj{''.join(self._path)} has {type(key).__name__} {key!r:.60} as a key or in one; keys are "
                "numbers, text, tensors and tuples of them, as load takes no others"
            )

    def _inside(self, step: str, value: Any) -> None:
        self._path.append(step)
        self._write(value)
        self._path.pop()

    def _refused(self, value: Any, what: str | None = None) -> ArgumentError:
        kind = type(value)
        if what is None:
            what = f"a {kind.__name__}" if kind.__module__ == "builtins" else f"a {kind.__module__}.{kind.__name__}"
        advice = "leave it out, or save what it is made of: dict(config), x.tolist()"
        if isinstance(value, type):
            advice = _AS_WHAT["type"]
        elif hasattr(value, "state_dict"):
            advice = (
                "save its state_dict(), and load that into an object made by the program: reading a whole object back "
                "would run what is in the file"
            )
        elif hasattr(value, "get_state"):
            advice = "save its get_state()"
        elif hasattr(value, "_asdict"):
            advice = "save its _asdict(), or tuple(x)"
        elif hasattr(value, "__dataclass_fields__"):
            advice = "save dataclasses.asdict(x)"
        else:
            advice = next((_AS_WHAT[base.__name__] for base in kind.__mro__ if base.__name__ in _AS_WHAT), advice)
        return ArgumentError(
            f"save: obj{''.join(self._path)} is {what}; a checkpoint holds tensors, numbers, text and containers of "
            f"them; {advice}"
        )

    # ------------------------------------------------------------ values

    def _write(self, value: Any) -> None:
        writer = _WRITERS.get(type(value))
        if writer is not None:
            writer(self, value)
        elif isinstance(value, Tensor):
            self._write_tensor(value)
        elif isinstance(value, np.generic) and type(value.item()) in _WRITERS:
            self._write(value.item())
        else:
            raise self._refused(value)

    def _write_none(self, value: None) -> None:
        self._out += b"N"

    def _write_bool(self, value: bool) -> None:
        self._out += b"\x88" if value else b"\x89"

    def _write_int(self, value: int) -> None:
        if 0 <= value < 256:
            self._out += struct.pack("<cB", b"K", value)
        elif 0 <= value < 65536:
            self._out += struct.pack("<cH", b"M", value)
        elif -(1 << 31) <= value < 1 << 31:
            self._out += struct.pack("<ci", b"J", value)
        else:
            raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            if len(raw) > 255:
                raise self._refused(value, "a number of more than 2,000 bits")
            self._out += struct.pack("<BB", 0x8A, len(raw)) + raw

    def _write_float(self, value: float) -> None:
        self._out += struct.pack(">cd", b"G", value)

    def _write_complex(self, value: complex) -> None:
        self._call("__builtin__", "complex", (value.real, value.imag))

    def _write_bytes(self, value: bytes) -> None:
        if len(value) < _LONG:
            self._call("_codecs", "encode", (value.decode("latin-1"), "latin1"))
        elif not self._known(id(value)):
            self._encoded("_codecs", "encode", memoryview(value))
            self._remember(id(value))

    def _encoded(self, module: str, name: str, data: memoryview) -> None:
        """A call with bytes as Latin-1 text, which is how protocol 2 writes them; without a copy of the whole."""
        flat = np.frombuffer(data, np.int8)
        pieces = range(0, flat.size, _PIECE)
        # letters from 0x80 on take two bytes
        size = flat.size + sum(int(np.count_nonzero(flat[k : k + _PIECE] < 0)) for k in pieces)
        if size > 0xFFFFFFFF:
            raise self._refused(b"", "of more bytes than the 4 GB that a pickle takes")
        self._global(module, name)
        self._out += b"(" + struct.pack("<cI", b"X", size)
        for k in pieces:
            self._out += str(data[k : k + _PIECE], "latin-1").encode()
        self._text("latin1")
        self._out += b"tR"

    def _write_bytearray(self, value: bytearray) -> None:
        if not self._known(id(value)):
            self._encoded("__builtin__", "bytearray", memoryview(value))
            self._remember(id(value))

    def _write_list(self, value: list[Any]) -> None:
        if not self._known(id(value)):
            self._out += b"]"
            self._remember(id(value))
            self._list_items(value)

    def _write_tuple(self, value: tuple[Any, ...]) -> None:
        if not value:
            self._out += b")"
            return
        self._out += b"("
        for k, item in enumerate(value):
            self._inside(f"[{k}]", item)
        self._out += b"t"

    def _write_set(self, value: Any) -> None:
        if not self._known(id(value)):
            self._global("__builtin__", type(value).__name__)
            for item in value:
                self._check_key(item)
            self._out += b"("
            self._new_list(value)
            self._out += b"tR"
            self._remember(id(value))

    def _write_dict(self, value: dict[Any, Any]) -> None:
        if not self._known(id(value)):
            self._out += b"}"
            self._remember(id(value))
            self._dict_items(value)

    def _write_ordered_dict(self, value: OrderedDict[Any, Any]) -> None:
        if self._known(id(value)):
            return
        self._call("collections", "OrderedDict", ())
        self._remember(id(value))
        self._dict_items(value)
        metadata = getattr(value, "_metadata", None)
        if isinstance(metadata, dict):
            self._out += b"}"
            self._text("_metadata")
            self._write(metadata)
            self._out += b"sb"

    def _write_counter(self, value: Counter[Any]) -> None:
        if not self._known(id(value)):
            self._global("collections", "Counter")
            self._out += b"(}"
            self._dict_items(value)
            self._out += b"tR"
            self._remember(id(value))

    def _write_default_dict(self, value: defaultdict[Any, Any]) -> None:
        if self._known(id(value)):
            return
        factory: Any = value.default_factory
        name = _FACTORIES.get(factory)
        if factory is not None and name is None:
            raise self._refused(value, "a defaultdict with a function of the program")
        self._global("collections", "defaultdict")
        self._out += b"("
        if name is None:
            self._write(None)
        else:
            self._global(*name)
        self._out += b"tR"
        self._remember(id(value))
        self._dict_items(value)

    def _write_namespace(self, value: Namespace) -> None:
        if self._known(id(value)):
            return
        self._global("argparse", "Namespace")
        self._out += b")\x81"
        self._remember(id(value))
        self._check_attributes(vars(value), Namespace)
        self._out += b"}"
        self._dict_items(vars(value))
        self._out += b"b"

    def _write_size(self, value: Size) -> None:
        self._call("torch", "Size", (tuple(value),))

    def _write_device(self, value: device) -> None:
        self._call("torch", "device", (value.type,) if value.index is None else (value.type, value.index))

    def _write_dtype(self, value: dtype) -> None:
        self._global("torch", value.name)

    def _write_layout(self, value: Any) -> None:
        self._call("torch.serialization", "_get_layout", ("torch.strided",))

    def _write_array(self, value: np.ndarray) -> None:
        if self._known(id(value)):
            return
        if value.dtype.kind not in "biufcSU" or value.dtype.char in "gG":
            raise self._refused(value, f"an array of dtype {value.dtype}")
        self._global("numpy._core.multiarray", "_reconstruct")
        self._out += b"("
        self._global("numpy", "ndarray")
        self._write((0,))
        self._write(b"b")
        self._out += b"tR"
        self._remember(id(value))
        self._out += b"("
        self._write(1)
        self._write(value.shape)
        self._call("numpy", "dtype", (value.dtype.str[1:], False, True))
        width = {"S": (value.dtype.itemsize, 1, 0), "U": (value.dtype.itemsize, 4, 8)}.get(
            value.dtype.kind, (-1, -1, 0)
        )
        self._write((3, value.dtype.str[0], None, None, None, *width))
        self._out += b"b"
        self._write(False)
        # parts of it may be known by their id; these bytes are gone after this, and their id is another's
        self._encoded("_codecs", "encode", np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
        self._out += b"tb"

    # ------------------------------------------------------------ tensors

    def _write_tensor(self, value: Any) -> None:
        if self._known(id(value)):
            return
        if is_lazy(value):
            raise ArgumentError(
                f"save: obj{''.join(self._path)} has no values yet; call its module with a first batch before saving"
            )
        attributes = vars(value)
        self._check_attributes(attributes, type(value))
        if isinstance(value, Parameter):
            self._global("torch._utils", "_rebuild_parameter_with_state" if attributes else "_rebuild_parameter")
            self._out += b"("
            self._write_strided(value)
            self._write(value.requires_grad)
            self._call("collections", "OrderedDict", ())
            if attributes:
                self._attributes(attributes)
            self._out += b"tR"
        elif attributes:
            self._global("torch._tensor", "_rebuild_from_type_v2")
            self._out += b"("
            self._global("torch._utils", self._maker(value))
            self._global("torch", "Tensor")
            self._strided_parts(value)
            self._attributes(attributes | {"_is_buffer": True} if isinstance(value, Buffer) else attributes)
            self._out += b"tR"
        else:
            self._write_strided(value)
        self._remember(id(value))

    def _check_attributes(self, attributes: dict[str, Any], kind: type) -> None:
        for name in attributes:
            if not is_attribute(name, kind):
                raise ArgumentError(
                    f"save: obj{''.join(self._path)} has an attribute {name!r:.60}, which {kind.__name__} has itself, "
                    "or Python; load would not take it, so give it another name"
                )

    def _attributes(self, attributes: dict[str, Any]) -> None:
        self._out += b"}"
        self._check_depth()
        for name, value in attributes.items():
            self._text(name)
            self._inside(f".{name}", value)
            self._out += b"s"

    @staticmethod
    def _maker(value: Any) -> str:
        return "_rebuild_tensor_v2" if FROM_NUMPY[value.array.dtype].name in STORAGE_OF else "_rebuild_tensor_v3"

    def _write_strided(self, value: Any) -> None:
        self._global("torch._utils", self._maker(value))
        self._strided_parts(value)
        self._out += b"R"

    def _strided_parts(self, value: Any) -> None:
        place = self._places[id(value)]
        memory = self._memories[place.memory]
        kind = FROM_NUMPY[value.array.dtype]
        storage = STORAGE_OF.get(kind.name)
        self._out += b"(("
        self._text("storage")
        if storage:
            self._global("torch", storage)
        else:
            self._global("torch.storage", "UntypedStorage")
        self._text(str(place.memory))
        self._text(str(device_of(value.xp)))
        self._write_int(memory.count if storage else memory.nbytes)
        self._out += b"tQ"
        self._write_int(place.offset)
        self._tuple(tuple(value.array.shape))
        self._tuple(place.strides)
        self._write_bool(value.requires_grad)
        self._call("collections", "OrderedDict", ())
        if not storage:
            self._global("torch", kind.name)
        self._out += b"t"


_FACTORIES: dict[Any, tuple[str, str]] = {
    kind: ("__builtin__", kind.__name__) for kind in (list, dict, set, tuple, int, float, str, bool, bytes)
} | {OrderedDict: ("collections", "OrderedDict"), Counter: ("collections", "Counter")}

_WRITERS: dict[type, Callable[[_Pickler, Any], None]] = {
    type(None): _Pickler._write_none,
    bool: _Pickler._write_bool,
    int: _Pickler._write_int,
    float: _Pickler._write_float,
    complex: _Pickler._write_complex,
    str: _Pickler._text,
    bytes: _Pickler._write_bytes,
    bytearray: _Pickler._write_bytearray,
    list: _Pickler._write_list,
    tuple: _Pickler._write_tuple,
    set: _Pickler._write_set,
    frozenset: _Pickler._write_set,
    dict: _Pickler._write_dict,
    OrderedDict: _Pickler._write_ordered_dict,
    Counter: _Pickler._write_counter,
    defaultdict: _Pickler._write_default_dict,
    Namespace: _Pickler._write_namespace,
    Size: _Pickler._write_size,
    device: _Pickler._write_device,
    dtype: _Pickler._write_dtype,
    layout: _Pickler._write_layout,
    np.ndarray: _Pickler._write_array,
}
