"""The memory under tensors: what programs ask of PyTorch's storages, addresses and sizes; and shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import device, device_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.tensor_base import cell_of
from gputensor.errors import DeviceError, DtypeError
from gputensor.ops.shared_memory import mapped, room

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class UntypedStorage:
    """The whole memory that a tensor looks into, as bytes. `Tensor.untyped_storage` gives it.

    Unlike torch: it is made of a tensor only, and cannot be resized, filled or loaded.

    >>> import gputensor as gt
    >>> gt.zeros(6)[2:4].untyped_storage().nbytes()
    24
    """

    __slots__ = ("_first", "_xp")

    def __init__(self, tensor: Any) -> None:
        start, end = tensor.xp.memory_bounds(tensor.array)
        flat = tensor.xp.as_strided(tensor.array, (max(end - start, 0),), (1,), start if end > start else 0)
        self._first = wrap(flat, tensor.xp)
        self._first._cell = cell_of(tensor)
        self._xp = tensor.xp

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return int(self._xp.address(self._first.array))

    def nbytes(self) -> int:
        """How many bytes there are."""
        return int(self._first.array.size * self._first.array.dtype.itemsize)

    def size(self) -> int:
        """How many bytes there are."""
        return self.nbytes()

    def __len__(self) -> int:
        return self.nbytes()

    def element_size(self) -> int:
        """Bytes an element: 1."""
        return 1

    @property
    def device(self) -> device:
        """Where the memory is."""
        return device_of(self._xp)

    @property
    def is_cuda(self) -> bool:
        """Whether the memory is a GPU's."""
        return bool(self._xp.device_type == "cuda")

    def is_shared(self) -> bool:
        """Whether other processes share the memory; always so on a GPU, as in PyTorch."""
        return shared(self._first)

    def tolist(self) -> list[int]:
        """The bytes as ints. Waits for the GPU."""
        return list(self._xp.to_host(self._first.array).tobytes())

    def as_tensor(self, dtype: Any) -> Any:
        """All elements of the memory as a vector. Raises DtypeError for another dtype than they have."""
        if numpy_dtype(dtype) != self._first.array.dtype:
            raise DtypeError(
                f"storage: the memory holds {self._first.dtype}, not {dtype}; use .view(dtype) of a tensor"
            )
        return self._first

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.data_ptr(), len(self)) == (other.data_ptr(), len(other))

    def __hash__(self) -> int:
        return hash((self.data_ptr(), len(self)))

    def __repr__(self) -> str:
        return f"<gputensor.{type(self).__name__} of {self.nbytes()} bytes on {self.device}>"


class TypedStorage(UntypedStorage):
    """The whole memory that a tensor looks into, as elements. `Tensor.storage` gives it; PyTorch calls it outdated.

    >>> import gputensor as gt
    >>> gt.zeros(6)[2:4].storage().size()
    6
    """

    __slots__ = ()

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype of the elements."""
        return dtypes.FROM_NUMPY[self._first.array.dtype]

    def size(self) -> int:
        """How many elements there are."""
        return int(self._first.array.size)

    def __len__(self) -> int:
        return self.size()

    def element_size(self) -> int:
        """Bytes an element."""
        return int(self._first.array.dtype.itemsize)

    def tolist(self) -> list[Any]:
        """The elements as numbers. Waits for the GPU."""
        return list(self._first.tolist())

    def untyped(self) -> UntypedStorage:
        """The same memory as bytes."""
        return UntypedStorage(self._first)

    def __getitem__(self, index: int) -> Any:
        return self._first[index].item()


def is_storage(obj: Any) -> bool:
    """Whether obj is a storage.

    >>> import gputensor as gt
    >>> gt.is_storage(gt.zeros(1).untyped_storage()), gt.is_storage(gt.zeros(1))
    (True, False)
    """
    return isinstance(obj, UntypedStorage)


def shared(x: Any) -> bool:
    """Whether other processes share x's memory."""
    if x.xp.device_type != "cpu":
        return True
    return mapped(x.array) is not None


class StorageMethods:
    """The memory under a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def untyped_storage(self) -> UntypedStorage:
        """The whole memory that this tensor looks into, as bytes."""
        return UntypedStorage(self)

    def storage(self) -> TypedStorage:
        """The whole memory that this tensor looks into, as elements."""
        return TypedStorage(self)

    def storage_type(self) -> type:
        """The class of `storage`."""
        return TypedStorage

    def const_data_ptr(self) -> int:
        """The address of the first element, for reading."""
        return int(self.xp.address(self.array))

    def is_set_to(self, tensor: Tensor) -> bool:
        """Whether both look at the same elements of the same memory, by the same strides."""
        a, b = self.array, tensor.array
        if self.xp is not tensor.xp or a.dtype != b.dtype or tuple(a.shape) != tuple(b.shape):
            return False
        return bool(self.xp.address(a) == self.xp.address(b) and self.xp.strides(a) == self.xp.strides(b))

    def is_shared(self) -> bool:
        """Whether other processes share this memory, see `share_memory_`; always so on a GPU, as in PyTorch."""
        return shared(self)

    def share_memory_(self) -> Tensor:
        """Move this tensor to memory that other processes share, in place; nothing to do on a GPU.

        Those are processes that are forked from now on, and those that `multiprocessing` sends it to, also by "spawn",
        except on Windows. Unlike torch: other tensors that looked at the old memory keep it. Raises DeviceError for a
        view.

        >>> import gputensor as gt
        >>> gt.zeros(2).share_memory_().is_shared()
        True
        """
        x: Any = self
        if shared(x):
            return x
        if x._parent is not None:
            raise DeviceError("share_memory_: this tensor is a view; share what it looks at, or a clone() of it")
        a = x.array
        flat = room(a.nbytes).view(a.dtype)
        # the same order in memory, so that strides stay as they are
        order = sorted(range(a.ndim), key=lambda k: -abs(a.strides[k]))
        new = flat.reshape([a.shape[k] for k in order]).transpose(sorted(range(a.ndim), key=order.__getitem__))
        new[...] = a
        x.array = new
        return x
