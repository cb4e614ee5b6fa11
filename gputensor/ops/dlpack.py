"""DLPack: arrays handed from one library to another without a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.devices import as_device, device_of, namespace_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.promotion import BF16
from gputensor.errors import ArgumentError, DtypeError
from gputensor.ops.dims import checked
from gputensor.ops.dlpack_capsules import BFLOAT, INTEGER, holds_bfloat16, recoded
from gputensor.ops.from_data import from_numpy

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# as DLPack numbers device types; the CPU reads pinned and managed memory, too
_CPU, _CUDA, _PINNED, _MANAGED = 1, 2, 3, 13
# from NumPy 2.1 on, arrays take max_version, dl_device and copy
_COMPLETE = np.lib.NumpyVersion(np.__version__) >= "2.1.0"


class _NoProtocolError(TypeError, AttributeError):
    """An object without the methods of DLPack; the standard wants an AttributeError."""


class _Holder:
    """A capsule as the object that the standard asks for."""

    def __init__(self, capsule: Any, device: tuple[int, int]) -> None:
        self._capsule = capsule
        self._device = device

    def __dlpack__(self, **options: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._device


class _Writable:
    """The memory of an array that NumPy takes to be read-only because nobody could say that it is not."""

    def __init__(self, array: np.ndarray) -> None:
        self._owner = array
        interface = array.__array_interface__
        self.__array_interface__ = {**interface, "data": (interface["data"][0], False)}


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor over the memory of another library's array, with which it shares it. A view unless copy=True.

    ext_tensor: anything with ``__dlpack__``, on the CPU or a GPU, or a DLPack capsule, which is taken to be on the CPU.
    Memory that the other library marks as read-only stays so. device: where the tensor shall be; another one than the
    array's needs a copy. Raises BufferError for what the other library cannot hand out, such
    as a tensor that requires grad, and for other devices; TypeError (and AttributeError) for what is no array;
    DtypeError for dtypes that tensors have not; ValueError where copy=False and a copy is needed; ArgumentError for a
    capsule that was taken before.

    >>> import gputensor as gt, numpy as np
    >>> a = np.zeros(2)
    >>> gt.from_dlpack(a)[0] = 1.0
    >>> a
    array([1., 0.])
    """
    if isinstance(ext_tensor, _apply.Tensor):
        if node_of(ext_tensor) is not None:
            raise BufferError("from_dlpack: the tensor requires grad; use .detach() first")
        return _placed(ext_tensor.detach(), device, copy)
    unmarked = not _COMPLETE
    if type(ext_tensor).__name__ == "PyCapsule":
        if '"used_' in repr(ext_tensor):
            raise ArgumentError("from_dlpack: the capsule was taken before, and gives its memory once; make a new one")
        unmarked = '"dltensor"' in repr(ext_tensor)  # the older form, which has no mark for read-only memory
        ext_tensor = _Holder(ext_tensor, (_CPU, 0))
    if not hasattr(ext_tensor, "__dlpack__") or not hasattr(ext_tensor, "__dlpack_device__"):
        raise _NoProtocolError(
            f"from_dlpack: expected an array with __dlpack__ and __dlpack_device__, got {describe(ext_tensor)}"
        )
    kind, index = (int(k) for k in ext_tensor.__dlpack_device__())
    if kind in (_CPU, _PINNED, _MANAGED):
        return _placed(_from_host(ext_tensor, unmarked), device, copy)
    if kind != _CUDA:
        raise BufferError(f"from_dlpack: the array is on a device of DLPack's type {kind}; use the CPU or CUDA")
    if device is not None and as_device(device).type == "cpu":
        if copy is False:
            raise ValueError("from_dlpack: copy=False, but the array is on a GPU and device='cpu' was asked for")
        copied = _copied_to_host(ext_tensor)
        if copied is not None:
            return copied
    from gputensor.arrays.cupy_ import runtime  # CuPy is loaded on first need only

    return _placed(wrap(runtime.from_dlpack(ext_tensor), namespace_of(f"cuda:{index}")), device, copy)


def _from_host(ext_tensor: Any, unmarked: bool = False) -> Tensor:
    bfloat16 = False
    try:
        array = np.from_dlpack(ext_tensor)
    except (RuntimeError, BufferError) as error:  # which of them depends on the release of NumPy
        if "dtype" not in str(error):
            raise
        capsule = _capsule_of(ext_tensor)
        bfloat16 = holds_bfloat16(capsule)
        if not bfloat16:
            raise DtypeError(
                f"from_dlpack: tensors have no dtype for an array of {getattr(ext_tensor, 'dtype', 'this dtype')}; "
                "convert it in its own library first"
            ) from None
        array = _as_int16(capsule)
    if unmarked:
        array = np.asarray(_Writable(array))
    return from_numpy(array.view(BF16) if bfloat16 else array)


def _capsule_of(ext_tensor: Any) -> Any:
    """A capsule of another library's array, asked for as NumPy does."""
    if _COMPLETE:
        try:
            return ext_tensor.__dlpack__(max_version=(1, 0))
        except TypeError:  # a library from before the versions
            pass
    return ext_tensor.__dlpack__()


def _as_int16(capsule: Any) -> np.ndarray:
    """The bits of a capsule of bfloat16. The array frees what the capsule held."""
    recoded(capsule, INTEGER)
    try:
        return np.from_dlpack(_Holder(capsule, (_CPU, 0)))
    except BaseException:
        recoded(capsule, BFLOAT)  # it may be somebody's who tries elsewhere
        raise


def _copied_to_host(ext_tensor: Any) -> Tensor | None:
    """What the other library itself copies to the CPU; None if it does not know how."""
    try:
        capsule = ext_tensor.__dlpack__(max_version=(1, 0), dl_device=(_CPU, 0), copy=True)
    except (TypeError, BufferError, ValueError, NotImplementedError):
        return None
    out = _from_host(_Holder(capsule, (_CPU, 0)))
    return out if out.array.flags.writeable else out.clone()


def _placed(x: Any, device: Any, copy: bool | None) -> Tensor:
    moved = x if device is None else x.to(device)
    if moved is not x and copy is False:
        raise ValueError(f"from_dlpack: copy=False, but the array is on {x.device} and device={device} was asked for")
    return moved.clone() if copy and moved is x else moved


def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule of a tensor's memory, for libraries that do not take the tensor itself.

    Raises BufferError for a tensor that requires grad, and for bfloat16 on a GPU.

    >>> import gputensor as gt
    >>> gt.from_dlpack(gt.utils.dlpack.to_dlpack(gt.tensor([1, 2])))
    tensor([1, 2])
    """
    return checked("to_dlpack", tensor).__dlpack__()


class DlpackMethods:
    """The protocol by which other libraries take a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """A capsule over this memory, as the standard says.

        stream: the consumer's CUDA stream, None for the CPU. max_version: the newest version of DLPack that the
        consumer knows; from (1, 0) on, read-only memory can be handed out. dl_device: where the consumer wants it; from
        a GPU, (1, 0) is a copy on the CPU. Raises BufferError for what cannot be handed out: a tensor that requires
        grad, bfloat16 on a GPU, other devices, negative strides unless copied, read-only memory without a version, and
        a copy where copy=False.
        """
        if node_of(self) is not None:
            raise BufferError("__dlpack__: a tensor that requires grad is not handed out; use .detach() first")
        here = self.__dlpack_device__()
        there = here if dl_device is None else (int(dl_device[0]), int(dl_device[1]))
        if here[0] == _CPU:
            if stream is not None:
                raise ArgumentError(f"__dlpack__: a tensor on the CPU has no stream; expected None, got {stream}")
            if there != here:
                raise BufferError(
                    f"__dlpack__: the tensor is on the CPU, and device {there} was asked for; move it with .to() first"
                )
            return _capsule(self.array, max_version, copy)
        if there == (_CPU, 0):
            if copy is False:
                raise BufferError(
                    f"__dlpack__: the tensor is on {device_of(self.xp)}; on the CPU it is a copy, and copy=False was "
                    "asked for"
                )
            return _capsule(self.xp.to_host(self.array), max_version, None)
        if there != here:
            raise BufferError(
                f"__dlpack__: the tensor is on {device_of(self.xp)}, and DLPack's device {there} was asked for; move "
                "it with .to() first"
            )
        if self.array.dtype.kind == "V":
            raise BufferError(
                "__dlpack__: bfloat16 on a GPU is not handed out; use .view(gputensor.int16) or .float() first"
            )
        return self.array.__dlpack__(stream=stream, max_version=max_version, copy=copy)

    def __dlpack_device__(self) -> tuple[int, int]:
        """DLPack's number of the type of device, and its index."""
        if self.xp.device_type == "cpu":
            return _CPU, 0
        return _CUDA, self.xp.device_index


def _capsule(array: Any, max_version: tuple[int, int] | None, copy: bool | None) -> Any:
    """A capsule over an array on the CPU."""
    if not isinstance(array, np.ndarray):
        raise BufferError("__dlpack__: inside vmap, a tensor has no memory of its own")
    if not copy and any([step < 0 for step in array.strides]):
        # the memory is fine, but PyTorch ends the process where it meets a negative stride
        raise BufferError(
            f"__dlpack__: strides {array.strides} are negative, which not every library survives; use .contiguous() or "
            "copy=True"
        )
    if array.dtype == BF16:
        return recoded(_capsule(array.view(np.int16), max_version, copy), BFLOAT)
    if _COMPLETE:
        return array.__dlpack__(max_version=max_version, copy=copy)
    return (array.copy() if copy else array).__dlpack__()
