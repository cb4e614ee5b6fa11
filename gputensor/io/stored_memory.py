"""Which memory is written for a set of tensors: what several of them look at once, and then shared again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

_CHUNK = 16 << 20


@dataclass(slots=True)
class Memory:
    """Elements that are written together. array: a vector, or a tensor's array that is written in its own order."""

    array: Any
    xp: Any
    count: int
    itemsize: int

    @property
    def nbytes(self) -> int:
        """How many bytes are written."""
        return self.count * self.itemsize

    def parts(self) -> Iterator[memoryview]:
        """The bytes, piece by piece; waits for the GPU."""
        return parts_of(self.array, self.xp)


@dataclass(slots=True)
class Place:
    """Where a tensor looks: the number of the memory, the first element, and the steps."""

    memory: int
    offset: int
    strides: tuple[int, ...]


def parts_of(array: Any, xp: Any) -> Iterator[memoryview]:
    """The bytes of an array in row-major order, piece by piece, without a copy of the whole."""
    if array.nbytes <= _CHUNK or not array.ndim:
        if array.size:
            yield _row_major(array, xp)
        return
    row = array.nbytes // array.shape[0]
    if row > _CHUNK:
        for k in range(array.shape[0]):
            yield from parts_of(array[k], xp)
        return
    step = max(_CHUNK // max(row, 1), 1)
    for k in range(0, array.shape[0], step):
        yield _row_major(array[k : k + step], xp)


def _row_major(array: Any, xp: Any) -> memoryview:
    host = np.ascontiguousarray(xp.to_host(array))
    return host.reshape(-1).view(np.uint8).data


@dataclass(slots=True)
class _Span:
    tensor: Any
    low: int
    high: int


def arrange(tensors: Iterable[Any]) -> tuple[list[Memory], dict[int, Place]]:
    """The memories to write, and the place of each tensor, by its id.

    Tensors that overlap share one memory, from the first element that one of them has to the last; others have their
    own. So a slice of a large tensor takes the room of the slice. A tensor with gaps that shares nothing, or with
    negative steps, is written without them.
    """
    places: dict[int, Place] = {}
    memories: list[Memory] = []
    groups: dict[tuple[int, Any], list[_Span]] = {}
    for x in tensors:
        if id(x) in places:
            continue
        a, xp = x.array, x.xp
        strides = xp.strides(a)
        places[id(x)] = Place(-1, 0, ())
        if not a.size or any(s < 0 and n > 1 for n, s in zip(a.shape, strides, strict=True)):
            _alone(x, memories, places)
            continue
        low = xp.address(a)
        last = sum((n - 1) * s for n, s in zip(a.shape, strides, strict=True))
        span = _Span(x, low, low + (last + 1) * a.itemsize)
        groups.setdefault((id(xp), a.dtype), []).append(span)
    for spans in groups.values():
        spans.sort(key=lambda span: span.low)
        together: list[_Span] = []
        for span in spans:
            if together and span.low >= together[-1].high:
                _share(together, memories, places)
                together = []
            if together:
                span.high = max(span.high, together[-1].high)  # of all so far
            together.append(span)
        _share(together, memories, places)
    return memories, places


def _share(spans: list[_Span], memories: list[Memory], places: dict[int, Place]) -> None:
    """One memory for tensors that overlap."""
    first, high = spans[0], spans[-1].high
    a, xp = first.tensor.array, first.tensor.xp
    unit = a.itemsize
    count = (high - first.low) // unit
    aligned = all((span.low - first.low) % unit == 0 for span in spans)
    if not aligned or (len(spans) == 1 and count > a.size):
        for span in spans:
            _alone(span.tensor, memories, places)
        return
    flat = xp.as_strided(a, (count,), (1,), 0)
    for span in spans:
        x = span.tensor
        places[id(x)] = Place(len(memories), (span.low - first.low) // unit, tuple(x.xp.strides(x.array)))
    memories.append(Memory(flat, xp, count, unit))


def _alone(x: Any, memories: list[Memory], places: dict[int, Place]) -> None:
    strides: list[int] = []
    step = 1
    for n in reversed(x.array.shape):
        strides.append(step)
        step *= max(n, 1)
    places[id(x)] = Place(len(memories), 0, tuple(reversed(strides)))
    memories.append(Memory(x.array, x.xp, x.array.size, x.array.itemsize))
