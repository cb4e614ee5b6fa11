"""Tensors and Python's copy and pickle."""

from __future__ import annotations

import contextlib
import copy
import threading
import warnings
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import new
from gputensor.core.devices import CPU, as_device, namespace_of
from gputensor.core.dtypes import as_dtype
from gputensor.core.history import node_of
from gputensor.core.nodes import Leaf
from gputensor.core.subclasses import watch
from gputensor.core.tensor_base import cell_of
from gputensor.errors import DeviceError, GradError
from gputensor.ops.from_data import native
from gputensor.ops.shared_memory import Part, mapping_under

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
        """As PyTorch: the whole memory that the tensor looks into, once for all tensors in a pickle; no graph, no
        gradient, no hooks, of which a warning tells."""
        node = node_of(self)
        if isinstance(node, Leaf) and (node.hooks or node.post):
            warnings.warn("pickle: the hooks of this tensor are not part of the pickle", UserWarning, stacklevel=2)
        state = self.__dict__ or None
        where = str(self.device)  # type: ignore[attr-defined]
        memory = None if getattr(_apart, "on", False) else memory_of(self)
        if memory is not None:
            a = self.array
            offset = self.xp.address(a) - self.xp.address(memory.flat)
            strides = tuple([step * a.itemsize for step in self.xp.strides(a)])
            place = (self.dtype, tuple(a.shape), strides, offset)  # type: ignore[attr-defined]
            return _looking_into, (_other_class(self), memory, *place, where, self.requires_grad), state  # type: ignore[attr-defined]
        host = self.xp.to_host(self.array)
        # NumPy pickles other orders than C's and Fortran's as C's: send the axes too
        order = tuple(sorted(range(host.ndim), key=lambda k: -abs(host.strides[k])))
        packed = host.transpose(order)
        if not packed.flags.c_contiguous:
            packed, order = host, tuple(range(host.ndim))
        return _unpickled, (_other_class(self), packed, order, where, self.requires_grad), state  # type: ignore[attr-defined]


class Memory:
    """The memory of tensors in a pickle: one object for all that look into it, and so pickled once."""

    __slots__ = ("__weakref__", "cell", "flat", "placed", "xp")

    def __init__(self, flat: Any, xp: Any) -> None:
        self.flat = flat
        self.xp = xp
        self.cell: list[Any] = [0, None]
        self.placed: dict[str, tuple[Any, Any]] = {}

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        shared = self.xp.device_type == "cpu" and mapping_under(self.flat) is not None
        return _loaded, (Part(self.flat) if shared else self.xp.to_host(self.flat),)

    def on(self, where: str) -> tuple[Any, Any]:
        """The elements on a device, and its namespace; on the CPU where the device is missing, with a warning."""
        if where not in self.placed:
            xp = _namespace(where)
            self.placed[where] = xp.from_host(self.flat), xp
        return self.placed[where]


# the memories in pickles that are being written, by where they are; a pickle holds its own until it is done
_memories: weakref.WeakValueDictionary[tuple[int, int, int], Memory] = weakref.WeakValueDictionary()
_apart = threading.local()


@contextlib.contextmanager
def each_apart() -> Iterator[None]:
    """Pickle, in this thread, only what tensors show of their memory, each for itself: for messages, not for files."""
    before = getattr(_apart, "on", False)
    _apart.on = True
    try:
        yield
    finally:
        _apart.on = before


def memory_of(x: Any) -> Memory | None:
    """The memory that x looks into; None where that is no library's own, such as a mapped file, or is empty."""
    a, xp = x.array, x.xp
    if not a.size or xp.library == "batch":
        return None
    start, end = xp.memory_bounds(a)
    if xp.device_type == "cpu" and not _owns(a) and mapping_under(a) is None:
        return None
    first = xp.address(a) + start * a.itemsize
    key = (id(xp), first, (end - start) * a.itemsize)
    found = _memories.get(key)
    if found is None:
        found = _memories[key] = Memory(xp.as_strided(a, (end - start,), (1,), start), xp)
    return found


def _owns(a: Any) -> bool:
    """Whether the memory of a NumPy array was allocated by NumPy, in whole elements of a's dtype."""
    owner = a
    while owner.base is not None:
        owner = owner.base if isinstance(owner.base, np.ndarray) else getattr(owner.base, "owner", None)
        if not isinstance(owner, np.ndarray):
            return False
    low, high = np.lib.array_utils.byte_bounds(owner)
    start = a.__array_interface__["data"][0] - low
    return bool(owner.flags.owndata) and not start % a.itemsize and not (high - low) % a.itemsize


def _loaded(flat: np.ndarray) -> Memory:
    host = native("unpickle", flat)
    # a buffer that came out of band may be read-only
    return Memory(host if host.flags.writeable else host.copy(), namespace_of(CPU))


def _looking_into(
    cls: type | None,
    memory: Memory,
    dtype: Any,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    offset: int,
    where: str,
    requires_grad: bool,
) -> Any:
    flat, xp = memory.on(where)
    d = as_dtype(dtype).numpy
    flat = flat if flat.dtype == d else flat.view(d)
    steps = tuple([step // d.itemsize for step in strides])
    t = _bare(cls, xp.as_strided(flat, shape, steps, offset // d.itemsize), xp, requires_grad)
    t._cell = memory.cell
    return t


def _namespace(where: str) -> Any:
    try:
        return namespace_of(as_device(where))
    except DeviceError as error:
        warnings.warn(f"unpickle: a tensor of {where} is loaded to the CPU instead: {error}", stacklevel=4)
        return namespace_of(CPU)


def _unpickled(cls: type | None, packed: np.ndarray, order: tuple[int, ...], where: str, requires_grad: bool) -> Any:
    xp = _namespace(where)
    host = native("unpickle", packed)
    # a buffer that came out of band may be read-only
    host = host if host.flags.writeable else host.copy()
    back = tuple(sorted(range(len(order)), key=order.__getitem__))
    return _bare(cls, xp.from_host(host).transpose(back), xp, requires_grad)


def _other_class(x: Any) -> type | None:
    """x's class in a pickle; None for Tensor, which has two names under gputensor.as_torch."""
    return None if type(x) is _apply.Tensor else type(x)


def _bare(cls: type | None, array: Any, xp: Any, requires_grad: bool) -> Any:
    kind: Any = _apply.Tensor if cls is None else cls
    watch(kind)
    t: Any = new(kind)
    t.array = array
    t.xp = xp
    t._node = t._cell = t._parent = None
    return t.requires_grad_() if requires_grad else t
