"""The names of `torch._utils` that programs take from there, though it is PyTorch's own."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gputensor import Tensor, as_strided, cat
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
