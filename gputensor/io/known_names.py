"""The names that a checkpoint may use, and what each makes. Everything else is refused, by name.

It is what PyTorch's own ``weights_only`` loading knows, and besides NumPy's numbers and arrays, `defaultdict`,
`frozenset` and `argparse.Namespace`, which programs save: all of them hold data and nothing else.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from gputensor.core import dtypes
from gputensor.core.devices import CPU, device
from gputensor.core.dtypes import as_dtype
from gputensor.core.size import Size
from gputensor.errors import DeviceError
from gputensor.io import numpy_pickles, rebuilding
from gputensor.io.dtype_names import FLOAT8, KINDS, OF_STORAGE, Kind
from gputensor.io.faults import Fault
from gputensor.io.interpreter import Machine, Unfinished, word
from gputensor.io.long_text import LongText
from gputensor.ops.layout import strided


class Name(Unfinished):
    """One name. call: what makes its value of arguments; kind: how elements lie; factory: the type itself."""

    __slots__ = ("call", "factory", "kind", "name")

    def __init__(
        self,
        name: str,
        call: Callable[[Machine, tuple[Any, ...]], Any] | None = None,
        kind: Kind | None = None,
        factory: type | None = None,
    ) -> None:
        self.name = name
        self.call = call
        self.kind = kind
        self.factory = factory


def _items(m: Machine, args: tuple[Any, ...], what: str) -> list[Any] | tuple[Any, ...]:
    """The items that a container is made of: none, or a list or tuple."""
    if args == ():
        return ()
    if len(args) != 1 or type(args[0]) not in (list, tuple):
        raise m.fail(f"a {what} of something else than a list")
    found: list[Any] | tuple[Any, ...] = args[0]
    m.budget.charge(18 * len(found), what)
    return found


def _set(m: Machine, args: tuple[Any, ...]) -> set[Any]:
    made: set[Any] = set()
    m.budget.charge(224, "sets")
    m.add_to(made, _items(m, args, "set"))
    return made


def _frozenset(m: Machine, args: tuple[Any, ...]) -> frozenset[Any]:
    return frozenset(_set(m, args))


def _ordered_dict(m: Machine, args: tuple[Any, ...]) -> OrderedDict[Any, Any]:
    made: OrderedDict[Any, Any] = OrderedDict()
    pairs = _items(m, args, "OrderedDict")
    if not all(type(pair) in (list, tuple) and len(pair) == 2 for pair in pairs):
        raise m.fail("an OrderedDict of something else than pairs")
    m.budget.charge(150, "dicts")
    m.set_items(made, [part for pair in pairs for part in pair])
    return made


def _counter(m: Machine, args: tuple[Any, ...]) -> Counter[Any]:
    made: Counter[Any] = Counter()
    if args != ():
        if len(args) != 1 or type(args[0]) is not dict:
            raise m.fail("a Counter of something else than a dict")
        m.set_items(made, [part for item in args[0].items() for part in item])
    return made


def _default_dict(m: Machine, args: tuple[Any, ...]) -> defaultdict[Any, Any]:
    factory = args[0] if len(args) == 1 else args
    if args == () or factory is None:
        return defaultdict(None)
    kind = factory.factory if isinstance(factory, Name) else None
    if kind is None:
        raise m.fail("a defaultdict that makes something else than numbers, text and containers")
    return defaultdict(kind)


def _encode(m: Machine, args: tuple[Any, ...]) -> bytes:
    found = _latin1(m, args)
    return found.latin1(m.budget) if isinstance(found, LongText) else found


def _latin1(m: Machine, args: tuple[Any, ...]) -> bytes | LongText:
    # how pickles of protocol 2 write bytes
    if len(args) == 2 and type(args[0]) in (str, LongText) and word(args[1]) in ("latin1", "latin-1"):
        text: str | LongText = args[0]
        if isinstance(text, LongText):
            return text
        m.budget.charge(40 + len(text), "bytes")
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            pass
    raise m.fail("bytes that are not written as Latin-1 text")


def _bytes(m: Machine, args: tuple[Any, ...]) -> bytes:
    if args != ():
        raise m.fail("bytes of something else than nothing")
    return b""


def _bytearray(m: Machine, args: tuple[Any, ...]) -> bytearray:
    if args == ():
        return bytearray()
    if len(args) == 1 and type(args[0]) is bytes:
        m.budget.charge(len(args[0]), "bytes")
        return bytearray(args[0])
    found = _latin1(m, args)
    return found.latin1_array(m.budget) if isinstance(found, LongText) else bytearray(found)


def _complex(m: Machine, args: tuple[Any, ...]) -> complex:
    if len(args) != 2 or not all(type(part) in (int, float) for part in args):
        raise m.fail("a complex number of something else than two numbers")
    return complex(rebuilding.number(m, args[0]), rebuilding.number(m, args[1]))


def _size(m: Machine, args: tuple[Any, ...]) -> Size:
    if len(args) != 1:
        raise m.fail("a torch.Size of something else than one tuple")
    found = rebuilding.sizes(m, args[0], "torch.Size")
    m.budget.charge(64 + 9 * len(found), "sizes")
    return Size(found)


_LONGEST_DEVICE = 20


def _device(m: Machine, args: tuple[Any, ...]) -> device:
    if len(args) not in (1, 2) or type(args[0]) is not str or not all(type(v) is int for v in args[1:]):
        raise m.fail("a torch.device of something else than a name and a number")
    if len(args[0]) > _LONGEST_DEVICE or any(not 0 <= v < 1 << 15 for v in args[1:]):
        raise m.fail("a torch.device that no machine has")
    try:
        return device(*args)
    except DeviceError:
        return CPU  # of mps, xpu and the like: where tensors of such devices are loaded, too


def _layout(m: Machine, args: tuple[Any, ...]) -> Any:
    if len(args) != 1 or word(args[0]) != "torch.strided":
        raise m.fail("the layout of a sparse tensor, which is not read; save to_dense() of it")
    return strided


def _refuse(what: str) -> Callable[[Machine, tuple[Any, ...]], Any]:
    def refuse(m: Machine, args: tuple[Any, ...]) -> Any:
        raise m.fail(what)

    return refuse


_FUNCTIONS: dict[str, Callable[[Machine, tuple[Any, ...]], Any]] = {
    "collections.OrderedDict": _ordered_dict,
    "collections.Counter": _counter,
    "collections.defaultdict": _default_dict,
    "_codecs.encode": _encode,
    "builtins.bytes": _bytes,
    "builtins.bytearray": _bytearray,
    "builtins.complex": _complex,
    "builtins.set": _set,
    "builtins.frozenset": _frozenset,
    "torch.Size": _size,
    "torch.device": _device,
    "torch.serialization._get_layout": _layout,
    "torch._utils._rebuild_tensor": rebuilding.tensor,
    "torch._utils._rebuild_tensor_v2": rebuilding.tensor_v2,
    "torch._utils._rebuild_tensor_v3": rebuilding.tensor_v3,
    "torch._utils._rebuild_parameter": rebuilding.parameter,
    "torch._utils._rebuild_parameter_with_state": rebuilding.parameter_with_state,
    "torch._utils._rebuild_device_tensor_from_numpy": rebuilding.from_numpy_array,
    "torch._utils._rebuild_xla_tensor": rebuilding.from_numpy_array,
    "torch._utils._rebuild_device_tensor_from_cpu_tensor": rebuilding.from_cpu_tensor,
    "torch._tensor._rebuild_from_type_v2": rebuilding.from_type,
    "torch._utils._rebuild_sparse_tensor": _refuse("a sparse tensor, which is not read; save to_dense() of it"),
    "torch._utils._rebuild_qtensor": _refuse("a quantized tensor, which is not read; save dequantize() of it"),
    "torch._utils._rebuild_nested_tensor": _refuse("a nested tensor, which is not read; save its unbind()"),
    "torch._utils._rebuild_meta_tensor_no_storage": _refuse("a tensor of the meta device, which has no values"),
    "torch._utils._rebuild_wrapper_subclass": _refuse("a tensor of a class of its own; save a plain one"),
    "numpy.dtype": numpy_pickles.dtype,
    "numpy._core.multiarray.scalar": numpy_pickles.scalar,
    "numpy._core.multiarray._reconstruct": numpy_pickles.reconstruct,
    "numpy._core.numeric._frombuffer": numpy_pickles.from_buffer,
}
# what a defaultdict may be made of
_FACTORIES: dict[str, type] = {
    f"builtins.{kind.__name__}": kind for kind in (list, dict, set, tuple, int, float, str, bool, bytes)
} | {"collections.OrderedDict": OrderedDict, "collections.Counter": Counter}
# classes that are only arguments of the functions above
_CLASSES = ("torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer", "numpy.ndarray")
_MORE = ("argparse.Namespace", "torch.storage.UntypedStorage", "torch.UntypedStorage")

TABLE: Mapping[str, Name] = {
    name: Name(name, _FUNCTIONS.get(name), None, _FACTORIES.get(name))
    for name in (*_FUNCTIONS, *_FACTORIES, *_CLASSES, *_MORE)
} | {
    f"{module}.{storage}": Name(f"{module}.{storage}", kind=KINDS[dtype])
    for module in ("torch", "torch.cuda", "torch.storage")
    for storage, dtype in OF_STORAGE.items()
}
_FOR_MODULES = {
    "__builtin__": "builtins",
    "numpy.core.multiarray": "numpy._core.multiarray",
    "numpy.core.numeric": "numpy._core.numeric",
    "torch.tensor": "torch._tensor",
}


def known_name(module: str, name: str) -> Any:
    """What a name of a pickle stands for, None where it is in no table."""
    full = f"{_FOR_MODULES.get(module, module)}.{name}"
    if module == "torch" and name in _DTYPES:
        return _DTYPES[name]
    return TABLE.get(full)


_DTYPES: dict[str, Any] = {d.name: d for d in dtypes.ALL} | {
    name: Name(f"torch.{name}", kind=KINDS[name]) for name in FLOAT8
}
for _alias in ("half", "float", "double", "short", "int", "long", "cfloat", "cdouble"):
    _DTYPES[_alias] = as_dtype(_alias)


def named(module: str, name: str) -> Any:
    """What a name of a pickle stands for. Raises Fault, with what to do, for a name that is in no table."""
    found = known_name(module, name)
    if found is not None:
        return found
    full = f"{module}.{name}"
    if full.startswith("torch.nn.") or module == "__main__" or ".modeling" in module or ".models" in module:
        raise Fault(
            f"holds an object of the class {full}, probably a whole model: that is code, and code is not loaded; "
            "in the program that has the class, save model.state_dict(), and load that into a model made here"
        )
    if module.startswith("torch") and name.endswith(("Storage", "Tensor")):
        raise Fault(f"holds tensors of the type {full}, which are not read; save dense ones of another dtype")
    raise Fault(
        f"names {full}, which load does not know: it makes tensors, numbers, text and containers of them, and runs "
        "nothing that a file says; save these instead, such as str(path), dict(config) or state_dict()"
    )
