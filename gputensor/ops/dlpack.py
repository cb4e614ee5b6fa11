"""DLPack: arrays handed from one library to another without a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.errors import DtypeError
from gputensor.ops.from_data import from_numpy

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_CPU, _CUDA = 1, 2  # as DLPack numbers device types


class _Holder:
    """A capsule as the object that the standard asks for."""

    def __init__(self, capsule: Any, device: tuple[int, int]) -> None:
        self._capsule = capsule
        self._device = device

    def __dlpack__(self, **options: Any) -> Any:
        return self._capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._device


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor over the memory of another library's array, with which it shares it. A view unless copy=True.

    ext_tensor: anything with ``__dlpack__``, on the CPU or a GPU, or a DLPack capsule, which is taken to be on the CPU.
    device: where the tensor shall be; another one than the array's needs a copy. Raises BufferError for what the
    other library cannot hand out, such as a tensor that requires grad; TypeError for anything else; ValueError where
    copy=False and a copy is needed.

    >>> import gputensor as gt, numpy as np
    >>> a = np.zeros(2)
    >>> gt.from_dlpack(a)[0] = 1.0
    >>> a
    array([1., 0.])
    """
    if isinstance(ext_tensor, _apply.Tensor):
        out = ext_tensor.detach()
    else:
        if type(ext_tensor).__name__ == "PyCapsule":
            ext_tensor = _Holder(ext_tensor, (_CPU, 0))
        if not hasattr(ext_tensor, "__dlpack__") or not hasattr(ext_tensor, "__dlpack_device__"):
            raise TypeError(f"from_dlpack: expected an array with __dlpack__, got {describe(ext_tensor)}")
        kind, index = ext_tensor.__dlpack_device__()
        if kind == _CPU:
            out = from_numpy(np.from_dlpack(ext_tensor))
        elif kind == _CUDA:
            from gputensor.arrays.cupy_ import runtime  # CuPy is loaded on first need only

            out = wrap(runtime.from_dlpack(ext_tensor), namespace_of(f"cuda:{index}"))
        else:
            raise BufferError(f"from_dlpack: the array is on a device of DLPack's type {kind}; use the CPU or CUDA")
    moved = out if device is None else out.to(device)
    if moved is not out and copy is False:
        raise ValueError(f"from_dlpack: copy=False, but the array is on {out.device} and device={device} was asked for")
    return moved.clone() if copy and moved is out else moved


def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule of a tensor's memory, for libraries that do not take the tensor itself.

    Raises BufferError for a tensor that requires grad, DtypeError for bfloat16, of which NumPy makes no capsule.

    >>> import gputensor as gt
    >>> gt.from_dlpack(gt.utils.dlpack.to_dlpack(gt.tensor([1, 2])))
    tensor([1, 2])
    """
    return tensor.__dlpack__()


class DlpackMethods:
    """The protocol by which other libraries take a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def __dlpack__(self, *, stream: Any = None, **options: Any) -> Any:
        if node_of(self) is not None:
            raise BufferError("__dlpack__: a tensor that requires grad is not handed out; use .detach() first")
        if self.array.dtype.kind == "V":
            raise DtypeError("__dlpack__: NumPy hands out no bfloat16; use .float() first")
        return self.array.__dlpack__(stream=stream, **options)

    def __dlpack_device__(self) -> tuple[int, int]:
        if self.xp.device_type == "cpu":
            return _CPU, 0
        return _CUDA, self.xp.device_index
