"""Between dtypes and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply, devices, dtypes
from gputensor.core.apply import cast, wrap
from gputensor.core.devices import as_device, as_gpu, namespace_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.naming import full_name
from gputensor.core.nodes import new_node
from gputensor.core.primitive import Primitive
from gputensor.ops.layout import check_format, ordered_clone, preserve_format, suggested_format

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class ToDevice(Primitive):
    """A copy on another device; its gradient travels back."""

    __slots__ = ("source", "target")
    name = "to"

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = source, target

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.moved(x, self.source, self.target)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.moved(g, self.target, self.source)


def to_device(x: Tensor, where: Any) -> Tensor:
    """x itself if it is there already, else a recorded copy on device `where`."""
    target = namespace_of(where)
    if x.xp.library == "batch":
        target = x.xp.on(target)
    if target is x.xp:
        return x
    prim = ToDevice(x.xp, target)
    out = wrap(x.xp.moved(x.array, x.xp, target), target)
    node = node_of(x)
    if node is not None and records():
        out._node = new_node(prim, (node,), out.array, target)
    return out


def _target(args: tuple[Any, ...], dtype: Any, device: Any, non_blocking: Any, copy: Any) -> tuple[Any, Any, bool]:
    """dtype, device and copy from every way to call `to`: (dtype), (device, dtype), (other), each with flags behind."""
    rest = list(args)
    if rest:
        first = rest.pop(0)
        if isinstance(first, _apply.Tensor):
            dtype, device = first.array.dtype, first.device
        elif _is_dtype(first):
            if dtype is not None:
                raise TypeError("to: dtype was given twice")
            dtype = first
        else:
            if device is not None and first is not None:
                raise TypeError("to: device was given twice")
            if first is not None and (isinstance(first, bool) or not isinstance(first, (str, int, devices.device))):
                raise TypeError(f"to: expected a dtype, a device or a Tensor, got {describe(first)}")
            device = device if first is None else first
            if rest:
                found = rest.pop(0)
                if not (found is None or _is_dtype(found)):
                    raise TypeError(f"to: expected a dtype behind the device, got {found!r:.40}; give flags by keyword")
                dtype = dtype if found is None else found
    if len(rest) > 2 or any([not isinstance(flag, bool) for flag in rest]):
        raise TypeError(
            "to: expected (dtype), (device, dtype) or (tensor), each with non_blocking and copy behind, got "
            f"{args!r:.80}"
        )
    if len(rest) == 2:
        copy = rest[1]
    return dtype, device, copy


def _is_dtype(x: Any) -> bool:
    if isinstance(x, str):
        # names of devices are no names of dtypes
        return x in _DTYPE_NAMES
    return type(x) is dtypes.dtype or isinstance(x, (np.dtype, type))


_DTYPE_NAMES = frozenset(d.name for d in dtypes.ALL)


class ConversionMethods:
    """Other dtypes and devices."""

    __slots__ = ()
    array: Any
    xp: Any

    def to(
        self, *args: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False, copy: bool = False,
        memory_format: Any = preserve_format,
    ) -> Tensor:  # fmt: skip
        """This tensor in another dtype, device or memory format; itself if nothing changes and copy is False.

        ``to(dtype)``, ``to(device, dtype)``, ``to(other)``, each with ``non_blocking, copy`` behind, or by keyword.
        Recorded: the gradient comes back in this tensor's dtype and device. non_blocking is accepted and has no effect
        on the CPU. Raises DtypeError and DeviceError for what is none, ShapeError where the dims do not fit the memory
        format.

        >>> import gputensor as gt
        >>> gt.tensor([1.7, -1.7]).to(gt.int64)
        tensor([ 1, -1])
        """
        dtype, device, copy = _target(args, dtype, device, non_blocking, copy)
        if memory_format is None:
            memory_format = preserve_format
        if memory_format is not preserve_format:
            check_format("to", memory_format, self.array.ndim)
        out: Any = self
        if dtype is not None:
            out = cast(out, dtypes.numpy_dtype(dtype))
        if device is not None:
            out = to_device(out, as_device(device))
        as_asked = memory_format is preserve_format or suggested_format(out.array) is memory_format
        if as_asked and (out is not self or not copy):
            return out
        return ordered_clone(out, memory_format)

    def cuda(self, device: Any = None, non_blocking: bool = False, memory_format: Any = preserve_format) -> Tensor:
        """This tensor on a GPU, the current one unless given. Raises DeviceError, saying what is missing, and for a
        device that is no GPU."""
        return self.to(as_gpu(device), memory_format=memory_format)

    def cpu(self, memory_format: Any = preserve_format) -> Tensor:
        """This tensor on the CPU; itself if it is there already."""
        return self.to("cpu", memory_format=memory_format)

    def pin_memory(self, device: Any = None) -> Tensor:
        """This tensor: memory is not pinned here, and copies to a GPU work without."""
        return self  # type: ignore[return-value]

    def is_pinned(self, device: Any = None) -> bool:
        """False: memory is not pinned here."""
        return False

    def type(self, dtype: Any = None, non_blocking: bool = False) -> Any:
        """The name of the dtype as ``gputensor.FloatTensor`` and its kin, or this tensor in another dtype.

        Raises ValueError for an unknown name.

        >>> import gputensor as gt
        >>> gt.zeros(1).type(), gt.zeros(1).type(gt.int64)
        ('gputensor.FloatTensor', tensor([0]))
        """
        if dtype is None:
            where = "" if self.xp.device_type == "cpu" else "cuda."
            return full_name(f"{where}{_TYPE_NAMES[self.array.dtype.name]}")
        dtype = getattr(dtype, "type_name", dtype)  # of FloatTensor and its kin
        if not isinstance(dtype, str):
            return cast(self, dtypes.numpy_dtype(dtype))
        *package, name = dtype.split(".")
        found = _DTYPE_OF_TYPE_NAME.get(name)
        if found is None and name in _TYPE_NAMES and package in ([], ["gputensor"], ["torch"]):
            return cast(self, dtypes.numpy_dtype(name))
        if found is None or package not in ([], ["gputensor"], ["gputensor", "cuda"], ["torch"], ["torch", "cuda"]):
            raise ValueError(
                f"type: {dtype!r} is no type of tensors; known are {', '.join(_DTYPE_OF_TYPE_NAME)}, and dtypes"
            )
        out = cast(self, dtypes.numpy_dtype(found))
        return out.cuda() if package[1:] else out

    def type_as(self, other: Tensor) -> Tensor:
        """This tensor with the dtype and device of other."""
        return self.to(other)

    def bool(self, memory_format: Any = preserve_format) -> Tensor:
        """As bool."""
        return _cast_in(self, dtypes.bool_, memory_format)

    def byte(self, memory_format: Any = preserve_format) -> Tensor:
        """As uint8."""
        return _cast_in(self, dtypes.uint8, memory_format)

    def char(self, memory_format: Any = preserve_format) -> Tensor:
        """As int8."""
        return _cast_in(self, dtypes.int8, memory_format)

    def short(self, memory_format: Any = preserve_format) -> Tensor:
        """As int16."""
        return _cast_in(self, dtypes.int16, memory_format)

    def int(self, memory_format: Any = preserve_format) -> Tensor:
        """As int32."""
        return _cast_in(self, dtypes.int32, memory_format)

    def long(self, memory_format: Any = preserve_format) -> Tensor:
        """As int64."""
        return _cast_in(self, dtypes.int64, memory_format)

    def half(self, memory_format: Any = preserve_format) -> Tensor:
        """As float16."""
        return _cast_in(self, dtypes.float16, memory_format)

    def bfloat16(self, memory_format: Any = preserve_format) -> Tensor:
        """As bfloat16."""
        return _cast_in(self, dtypes.bfloat16, memory_format)

    def float(self, memory_format: Any = preserve_format) -> Tensor:
        """As float32."""
        return _cast_in(self, dtypes.float32, memory_format)

    def double(self, memory_format: Any = preserve_format) -> Tensor:
        """As float64."""
        return _cast_in(self, dtypes.float64, memory_format)

    def cfloat(self, memory_format: Any = preserve_format) -> Tensor:
        """As complex64."""
        return _cast_in(self, dtypes.complex64, memory_format)

    def cdouble(self, memory_format: Any = preserve_format) -> Tensor:
        """As complex128."""
        return _cast_in(self, dtypes.complex128, memory_format)


def _cast_in(x: Any, to: dtypes.dtype, memory_format: Any) -> Any:
    return cast(x, to.numpy) if memory_format is preserve_format else x.to(to, memory_format=memory_format)


_TYPE_NAMES = {
    "bool": "BoolTensor", "uint8": "ByteTensor", "int8": "CharTensor", "int16": "ShortTensor", "int32": "IntTensor",
    "int64": "LongTensor", "uint16": "UInt16Tensor", "uint32": "UInt32Tensor", "uint64": "UInt64Tensor",
    "float16": "HalfTensor", "bfloat16": "BFloat16Tensor", "float32": "FloatTensor", "float64": "DoubleTensor",
    "complex64": "ComplexFloatTensor", "complex128": "ComplexDoubleTensor",
}  # fmt: skip
_DTYPE_OF_TYPE_NAME = {v: k for k, v in _TYPE_NAMES.items()}
