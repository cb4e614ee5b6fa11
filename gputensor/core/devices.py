"""Devices: where a tensor's array lives. Each has one namespace; tensors compare namespaces, users compare devices."""

from __future__ import annotations

import builtins
import re
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from gputensor.arrays import numpy_
from gputensor.errors import DeviceError

_NAME = re.compile(r"^(cpu|cuda)(?::(\d+))?$")


class device:
    """The CPU or one CUDA device: ``device("cpu")``, ``device("cuda")``, ``device("cuda:1")``, ``device("cuda", 1)``,
    ``device(1)``.

    As a context manager it is the default device of new tensors. Raises DeviceError for an unknown name.

    >>> import gputensor as gt
    >>> gt.device("cuda:0").index, gt.device("cpu")
    (0, device(type='cpu'))
    """

    __slots__ = ("_outer", "index", "type")
    type: str
    index: int | None

    def __init__(self, type: str | int | device, index: int | None = None) -> None:
        if isinstance(type, device):
            index, type = type.index if index is None else index, type.type
        if isinstance(type, bool) or not isinstance(type, (str, int)):
            raise DeviceError(f"device: expected a name such as 'cpu' or 'cuda:0', or a CUDA index, got {type!r}")
        if isinstance(type, int):
            index, type = type, "cuda"
        found = _NAME.match(type)
        if type == "meta":
            raise DeviceError(
                "device: 'meta' is left out, as every tensor has values here; use 'cpu', or gputensor.empty"
            )
        if found is None:
            raise DeviceError(f"device: {type!r} is not a device; use 'cpu', 'cuda' or 'cuda:<index>'")
        if found[2] is not None:
            if index is not None:
                raise DeviceError(f"device: {type!r} names an index already, and index={index} was given too")
            index = int(found[2])
        if index is not None and (not isinstance(index, int) or index < 0):
            raise DeviceError(f"device: the index must be a non-negative int, got {index!r}")
        self.type = found[1]
        self.index = index
        self._outer: list[device | None] = []

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + ("" if self.index is None else f", index={self.index}") + ")"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, device):
            return self.type == other.type and self.index == other.index
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> tuple[Any, ...]:
        return as_device, (str(self),)

    def __enter__(self) -> device:
        self._outer.append(getattr(_local, "device", None))
        _local.device = self
        return self

    def __exit__(
        self, kind: builtins.type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        _local.device = self._outer.pop()


CPU = device("cpu")
_local = threading.local()
_default = [CPU]
# called with True when a GPU is used on a machine that has several: `apply` has to take care of the current one then
SEVERAL_GPUS: list[Callable[[bool], None]] = []
_of_namespace: dict[int, device] = {id(numpy_): CPU}
_known: list[Any] = []  # kept alive, lest another namespace gets the id of one that is gone


def as_device(x: Any) -> device:
    """The device meant by one of ours, a name, an index, or None (the default device)."""
    if x is None:
        return get_default_device()
    return x if type(x) is device else device(x)


def as_gpu(x: Any) -> device:
    """The GPU meant by a device, a name, an index or None (the current one). Raises DeviceError for other devices."""
    found = as_device("cuda" if x is None else x)
    if found.type != "cuda":
        raise DeviceError(f"cuda: device must be a GPU, as 'cuda:0', got {found.type!r}; use .to({found.type!r})")
    return found


def namespace_of(where: Any) -> Any:
    """The namespace of a device. Raises DeviceError with the way to mend it where CUDA cannot be used."""
    found = as_device(where)
    if found.type == "cpu":
        return numpy_
    from gputensor.arrays.cupy_ import loading  # CuPy is loaded on first need only

    xp = loading.namespace(found.index)
    if loading.device_count() > 1:
        for tell in SEVERAL_GPUS:
            tell(True)
    return xp


def device_of(xp: Any) -> device:
    """The device of a namespace: one object for each."""
    found = _of_namespace.get(id(xp))
    if found is None:
        if xp.library == "batch":  # these come and go, and their ids with them
            return device_of(xp.base)
        found = _of_namespace[id(xp)] = device(xp.device_type, xp.device_index)
        _known.append(xp)
    return found


def get_default_device() -> device:
    """The device of new tensors: the CPU unless `set_default_device` or ``with device(…)`` says otherwise.

    >>> import gputensor as gt
    >>> gt.get_default_device()
    device(type='cpu')
    """
    return getattr(_local, "device", None) or _default[0]


def set_default_device(device: Any) -> None:
    """Make `device` the device of new tensors, for the whole process; None means the CPU.

    >>> import gputensor as gt
    >>> gt.set_default_device("cpu")
    """
    found = CPU if device is None else as_device(device)
    namespace_of(found)  # an unusable device is refused here, not at the first tensor
    _default[0] = found
