"""Tensors and Python's copy and pickle."""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import new
from gputensor.core.devices import CPU, as_device, namespace_of
from gputensor.core.history import node_of
from gputensor.core.nodes import Leaf
from gputensor.core.tensor_base import cell_of
from gputensor.errors import DeviceError, GradError
from gputensor.ops.from_data import native

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def copied_memory(x: Any, memo: dict[Any, Any]) -> tuple[Any, Any]:
    """A copy of x's array, and the write stamp of its memory.

    Within one deepcopy all the memory that x shows a part of is copied, once, so that views stay views.
    """
    a, xp = x.array, x.xp
    start, end = xp.memory_bounds(a)
    place = ("memory", id(xp), xp.address(a) + start * a.itemsize, (end - start) * a.itemsize)
    known = memo.get(place)
    strides = xp.strides(a)
    if known is None and end - start == a.size:
        out = xp.copy(a)
        if xp.strides(out) == strides:
            memo[place] = out, [0, None]
            return memo[place]
    if known is None:
        known = memo[place] = xp.copy(xp.as_strided(a, (end - start,), (1,), start)), [0, None]
    whole, cell = known
    flat = xp.as_strided(whole, (whole.size,), (1,), 0)
    if flat.dtype != a.dtype:
        flat = flat.view(a.dtype)
    return xp.as_strided(flat, tuple(a.shape), strides, -start), cell


class CopyingMethods:
    """What `copy.copy`, `copy.deepcopy` and `pickle` do with a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def __copy__(self) -> Tensor:
        t = _bare(type(self), self.array, self.xp, self.requires_grad)  # type: ignore[attr-defined]
        t._cell = cell_of(self)  # type: ignore[arg-type]
        t.__dict__.update(self.__dict__)
        return t

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        """A leaf with its own memory, gradient and attributes; what shared memory does so afterwards.

        Raises GradError for a tensor computed from others.
        """
        if id(self) in memo:
            return memo[id(self)]
        node = node_of(self)
        if node is not None and not isinstance(node, Leaf):
            raise GradError(
                "deepcopy: this tensor was computed from others that require grad and has a history; "
                "copy.deepcopy its .detach()"
            )
        array, cell = copied_memory(self, memo)
        t = memo[id(self)] = _bare(type(self), array, self.xp, node is not None)
        t._cell = cell
        if node is not None and node.grad is not None:
            t.grad = copy.deepcopy(node.grad, memo)
        t.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return t

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        host = self.xp.to_host(self.array)
        # NumPy pickles other orders than C's and Fortran's as C's: send the axes too
        order = tuple(sorted(range(host.ndim), key=lambda k: -abs(host.strides[k])))
        packed = host.transpose(order)
        if not packed.flags.c_contiguous:
            packed, order = host, tuple(range(host.ndim))
        state = self.__dict__ or None
        return _unpickled, (type(self), packed, order, str(self.device), self.requires_grad), state  # type: ignore[attr-defined]


def _unpickled(cls: type, packed: np.ndarray, order: tuple[int, ...], where: str, requires_grad: bool) -> Any:
    try:
        xp = namespace_of(as_device(where))
    except DeviceError as error:
        warnings.warn(f"unpickle: a tensor of {where} is loaded to the CPU instead: {error}", stacklevel=2)
        xp = namespace_of(CPU)
    host = native("unpickle", packed)
    # a buffer that came out of band may be read-only
    host = host if host.flags.writeable else host.copy()
    back = tuple(sorted(range(len(order)), key=order.__getitem__))
    return _bare(cls, xp.from_host(host).transpose(back), xp, requires_grad)


def _bare(cls: type, array: Any, xp: Any, requires_grad: bool) -> Any:
    t: Any = new(cls)
    t.array = array
    t.xp = xp
    t._node = t._cell = t._parent = None
    return t.requires_grad_() if requires_grad else t
