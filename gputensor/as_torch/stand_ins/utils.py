"""The names of `torch._utils` that programs take from there, though it is PyTorch's own."""

from __future__ import annotations

import builtins
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gputensor import Tensor, as_strided, cat, cuda
from gputensor.core.devices import as_device
from gputensor.nn import Parameter


def _flatten_dense_tensors(tensors: Iterable[Tensor]) -> Tensor:
    """The elements of all tensors in one vector."""
    return cat([t.contiguous().view(-1) for t in tensors])


def _unflatten_dense_tensors(flat: Tensor, tensors: Iterable[Tensor]) -> tuple[Tensor, ...]:
    """The parts of a vector in the shapes of tensors; views of it."""
    outputs, start = [], 0
    for t in tensors:
        outputs.append(flat.narrow(0, start, t.numel()).view(t.shape))
        start += t.numel()
    return tuple(outputs)


def _take_tensors(tensors: Iterable[Tensor], size_limit: int) -> Iterator[list[Tensor]]:
    """Tensors of one type in lists of no more bytes than size_limit."""
    held: dict[str, tuple[list[Tensor], int]] = {}
    for t in tensors:
        size, (taken, used) = t.numel() * t.element_size(), held.get(t.type(), ([], 0))
        if taken and used + size > size_limit:
            yield taken
            taken, used = [], 0
        held[t.type()] = [*taken, t], used + size
    yield from [taken for taken, _ in held.values() if taken]


def _rebuild_tensor(storage: Any, storage_offset: int, size: Sequence[int], stride: Sequence[int]) -> Tensor:
    """The tensor of that shape that looks into a typed storage."""
    return as_strided(storage.as_tensor(storage.dtype), tuple(size), tuple(stride), storage_offset)


def _rebuild_tensor_v2(
    storage: Any,
    storage_offset: int,
    size: Sequence[int],
    stride: Sequence[int],
    requires_grad: bool,
    backward_hooks: Any,
    metadata: Any = None,
) -> Tensor:
    """`_rebuild_tensor` with its requires_grad."""
    return _rebuild_tensor(storage, storage_offset, size, stride).detach().requires_grad_(requires_grad)


def _rebuild_parameter(data: Tensor, requires_grad: bool, backward_hooks: Any) -> Parameter:
    """A parameter on data."""
    return Parameter(data, requires_grad)


def _import_dotted_name(name: str) -> Any:
    """What a name with dots stands for, of modules that are imported."""
    first, *rest = name.split(".")
    found: Any = builtins.__import__(first)
    for part in rest:
        found = getattr(found, part)
    return found


def _get_all_device_indices() -> list[int]:
    """The numbers of the GPUs."""
    return list(range(cuda.device_count()))


def _get_device_index(device: Any, optional: bool = False, allow_cpu: bool = False) -> int:
    """The number of a GPU; of none, if that is optional, the current one's. -1 for the CPU, where that is allowed."""
    if isinstance(device, int):
        return device
    if device is None:
        if not optional:
            raise ValueError("_get_device_index: device must be a GPU, got None")
        return cuda.current_device()
    found = as_device(device)
    if found.type != "cuda" and not allow_cpu:
        raise ValueError(f"_get_device_index: device must be a GPU, got {found}")
    if found.type != "cuda":
        return -1
    return cuda.current_device() if found.index is None else found.index


class ExceptionWrapper:
    """An exception that is being handled, to be raised elsewhere: in another thread or process."""

    def __init__(self, exc_info: Any = None, where: str = "in background") -> None:
        kind, error, at = sys.exc_info() if exc_info is None else exc_info
        self.exc_type: Any = kind
        self.where = where
        self.exc_msg = "".join(traceback.format_exception(kind, error, at))

    def reraise(self) -> None:
        """Raise it, with its text and traceback as the message."""
        text = f"Caught {self.exc_type.__name__} {self.where}.\nOriginal {self.exc_msg}"
        try:
            error = self.exc_type(text)
        except TypeError:  # it takes other arguments
            error = RuntimeError(text)
        raise error
