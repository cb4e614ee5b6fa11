"""Between dtypes, devices, NumPy and Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core import dtypes
from gputensor.core.apply import apply1, cast, wrap
from gputensor.core.devices import as_device, device, device_of, namespace_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.primitive import Primitive
from gputensor.core.size import Size
from gputensor.errors import GradError, ImplicitTransferError
from gputensor.ops.layout import is_contiguous, memory_format, ordered_clone, preserve_format

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class ToDevice(Primitive):
    """A copy on another device; its gradient travels back."""

    __slots__ = ("source", "target")

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = source, target

    def forward(self, xp: Any, x: Any) -> Any:
        return self.target.from_host(self.source.to_host(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.moved(g, self.target, self.source)


def to_device(x: Tensor, where: Any) -> Tensor:
    """x itself if it is there already, else a recorded copy on device `where`."""
    target = namespace_of(where)
    if target is x.xp:
        return x
    from gputensor.core.modes import is_grad_enabled
    from gputensor.core.nodes import new_node

    prim = ToDevice(x.xp, target)
    out = wrap(target.from_host(x.xp.to_host(x.array)), target)
    node = node_of(x)
    if node is not None and is_grad_enabled():
        out._node = new_node(prim, (node,), out.array, target)
    return out


class ConversionMethods:
    """What a tensor is, and the ways out of it."""

    __slots__ = ()
    array: Any
    xp: Any

    @property
    def shape(self) -> Size:
        """The sizes of the dims."""
        return Size(self.array.shape)

    def size(self, dim: int | None = None) -> Any:
        """The sizes of the dims, or of one."""
        if dim is None:
            return Size(self.array.shape)
        from gputensor.ops.dims import one_dim

        return self.array.shape[one_dim("size", dim, self.array.ndim, self.array.shape)]

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype of the elements."""
        return dtypes.FROM_NUMPY[self.array.dtype]

    @property
    def device(self) -> device:
        """Where the array lives."""
        return device_of(self.xp)

    @property
    def is_cuda(self) -> bool:
        """Whether the array lives on a GPU."""
        return self.xp.device_type == "cuda"

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return self.array.ndim

    def dim(self) -> int:
        """The number of dims."""
        return self.array.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self.array.size

    nelement = numel

    def element_size(self) -> int:
        """Bytes an element."""
        return self.array.dtype.itemsize

    @property
    def itemsize(self) -> int:
        """Bytes an element."""
        return self.array.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.array.size * self.array.dtype.itemsize

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one."""
        return self.array.dtype.kind in "fV"

    def is_complex(self) -> bool:
        """Whether the dtype is a complex one."""
        return self.array.dtype.kind == "c"

    def to(self, *args: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False, copy: bool = False,
           memory_format: Any = preserve_format) -> Tensor:  # fmt: skip
        """This tensor in another dtype or on another device; itself if nothing changes and copy is False.

        ``to(dtype)``, ``to(device)``, ``to(device, dtype)``, ``to(other_tensor)``, each also by keyword. Recorded.
        """
        for a in args:
            if isinstance(a, _apply.Tensor):
                dtype, device = a.dtype, a.device
            elif isinstance(a, bool):
                # to(device, dtype, non_blocking, copy): the flags may come by position
                copy = copy or (a and args.index(a) != 1 and len(args) > 3)
            elif isinstance(a, (str, int)) and not _is_dtype_name(a):
                device = a
            elif type(a).__name__ == "device":
                device = a
            elif a is not None:
                dtype = a
        out: Any = self
        if dtype is not None:
            out = cast(out, dtypes.numpy_dtype(dtype))
        if device is not None:
            out = to_device(out, as_device(device))
        if memory_format is not preserve_format and memory_format is not None and not is_contiguous(out.array, memory_format):
            return ordered_clone(out, memory_format)
        return out.clone() if copy and out is self else out

    def cuda(self, device: Any = None, non_blocking: bool = False) -> Tensor:
        """This tensor on a GPU (the current one by default). Raises DeviceError, saying what is missing, where there is none."""
        return to_device(self, "cuda" if device is None else as_device(device))  # type: ignore[arg-type]

    def cpu(self) -> Tensor:
        """This tensor on the CPU."""
        return to_device(self, "cpu")  # type: ignore[arg-type]

    def type(self, dtype: Any = None) -> Any:
        """The name of the dtype as ``gputensor.FloatTensor`` and its kin, or this tensor in another dtype."""
        if dtype is None:
            where = "" if self.xp.device_type == "cpu" else "cuda."
            return f"gputensor.{where}{_TYPE_NAMES[self.dtype.name]}"
        if isinstance(dtype, str) and dtype.endswith("Tensor"):
            dtype = _DTYPE_OF_TYPE_NAME[dtype.rsplit(".", 1)[-1]]
        return cast(self, dtypes.numpy_dtype(dtype))

    def type_as(self, other: Tensor) -> Tensor:
        """This tensor with the dtype and device of other."""
        return self.to(other)

    def bool(self) -> Tensor:
        """As bool."""
        return cast(self, dtypes.bool_.numpy)

    def byte(self) -> Tensor:
        """As uint8."""
        return cast(self, dtypes.uint8.numpy)

    def char(self) -> Tensor:
        """As int8."""
        return cast(self, dtypes.int8.numpy)

    def short(self) -> Tensor:
        """As int16."""
        return cast(self, dtypes.int16.numpy)

    def int(self) -> Tensor:
        """As int32."""
        return cast(self, dtypes.int32.numpy)

    def long(self) -> Tensor:
        """As int64."""
        return cast(self, dtypes.int64.numpy)

    def half(self) -> Tensor:
        """As float16."""
        return cast(self, dtypes.float16.numpy)

    def bfloat16(self) -> Tensor:
        """As bfloat16."""
        return cast(self, dtypes.bfloat16.numpy)

    def float(self) -> Tensor:
        """As float32."""
        return cast(self, dtypes.float32.numpy)

    def double(self) -> Tensor:
        """As float64."""
        return cast(self, dtypes.float64.numpy)

    def cfloat(self) -> Tensor:
        """As complex64."""
        return cast(self, dtypes.complex64.numpy)

    def cdouble(self) -> Tensor:
        """As complex128."""
        return cast(self, dtypes.complex128.numpy)

    def numpy(self, *, force: Any = False) -> np.ndarray:
        """The NumPy array, sharing memory.

        Raises GradError for a tensor that requires grad and ImplicitTransferError (a TypeError) for a CUDA tensor; with force=True these
        are detached and copied to the CPU.
        """
        if not force:
            if self.xp.device_type != "cpu":
                raise ImplicitTransferError(f"numpy: this tensor is on {self.device}; copy it first with .cpu()")
            if node_of(self) is not None:
                raise GradError("numpy: this tensor requires grad; use .detach().numpy()")
        return self.xp.to_host(self.array)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        if self.xp.device_type != "cpu":
            raise ImplicitTransferError(f"a tensor on {self.device} is not converted to NumPy silently; copy it first with .cpu()")
        if node_of(self) is not None:
            raise GradError("a tensor that requires grad is not converted to NumPy silently; use .detach() first")
        a = self.array
        if dtype is not None and a.dtype != dtype:
            if copy is False:
                raise ValueError("a conversion to another dtype needs a copy, and copy=False was asked for")
            return a.astype(dtype)
        return a.copy() if copy else a

    # above every ndarray, so that ``ndarray + tensor`` asks the tensor
    __array_priority__ = 1000

    def item(self) -> Any:
        """The one element as a Python number. Waits for the GPU. Raises ShapeError for more or fewer elements."""
        if self.array.size != 1:
            from gputensor.errors import ShapeError

            raise ShapeError(f"item: only a tensor of one element can become a Python number, this one has shape {tuple(self.array.shape)}")
        out = self.xp.item(self.array)
        return float(out) if self.array.dtype.kind == "V" else out

    def tolist(self) -> Any:
        """Nested lists of Python numbers; a number for a 0-d tensor. Waits for the GPU."""
        a = self.xp.to_host(self.array)
        return (a.astype(np.float32) if a.dtype.kind == "V" else a).tolist()

    def __bool__(self) -> Any:
        if self.array.size != 1:
            from gputensor.errors import ShapeError

            raise ShapeError(
                f"bool: only a tensor of one element is true or false, this one has shape {tuple(self.array.shape)}; use .any() or .all()"
            )
        return bool(self.xp.item(self.array))

    def __float__(self) -> Any:
        return float(self.item())

    def __int__(self) -> Any:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> Any:
        if self.array.dtype.kind not in "biu" or self.array.size != 1:
            raise TypeError(f"index: only an integer tensor of one element can be an index, this one is {describe(self)}")
        return int(self.item())

    def __len__(self) -> Any:
        if not self.array.ndim:
            raise TypeError("len: a 0-d tensor has no length")
        return self.array.shape[0]


_TYPE_NAMES = {
    "bool": "BoolTensor", "uint8": "ByteTensor", "int8": "CharTensor", "int16": "ShortTensor", "int32": "IntTensor", "int64": "LongTensor",
    "uint16": "UInt16Tensor", "uint32": "UInt32Tensor", "uint64": "UInt64Tensor", "float16": "HalfTensor", "bfloat16": "BFloat16Tensor",
    "float32": "FloatTensor", "float64": "DoubleTensor", "complex64": "ComplexFloatTensor", "complex128": "ComplexDoubleTensor",
}  # fmt: skip
_DTYPE_OF_TYPE_NAME = {v: k for k, v in _TYPE_NAMES.items()}


def _is_dtype_name(a: Any) -> bool:
    if not isinstance(a, str):
        return False
    try:
        dtypes.as_dtype(a)
    except TypeError:
        return False
    return True
