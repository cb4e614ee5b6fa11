"""An optimizer's formula over lists of arrays in few calls: small arrays are worked on as one, large ones in blocks.

A formula works in place on one-dimensional real arrays (parameter, gradient, states …) and leaves the gradient alone.
What a call costs does not depend on how many small parameters there are: their values are gathered into one array,
changed there and written back. The parameters' memory stays where it is, so views of it and NumPy arrays that share it
see every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.dtypes import as_dtype

Arrays = Sequence[Any]
Formula = Callable[..., None]
Rates = Callable[[Any, Any], Any]

_SMALL = 1 << 13  # elements: up to here a copy costs less than the calls it saves
_PACK = 1 << 16  # elements worked on as one, at most; their temporaries then stay in the cache


def new_states(params: Sequence[Tensor]) -> list[Tensor]:
    """A tensor of zeros for every parameter; those of small ones are parts of one array and need no gathering."""
    arrays: list[Any] = [None] * len(params)
    for part in _parts([p.array for p in params], [p.xp for p in params]):
        for k, array in zip(part.places, part.zeros(), strict=True):
            arrays[k] = array
    return [wrap(array, p.xp) for array, p in zip(arrays, params, strict=True)]


class Lists:
    """The arrays of one group of parameters, and how they are worked on.

    Kept from step to step while the arrays stay the same.
    """

    def __init__(self) -> None:
        self._arrays: list[Any] = []
        self._parts: list[Any] = []

    def prepare(self, params: Sequence[Tensor]) -> None:
        """Get ready for these parameters."""
        arrays = [p.array for p in params]
        if len(arrays) == len(self._arrays) and all(map(is_, arrays, self._arrays)):
            return
        self._arrays, self._parts = arrays, _parts(arrays, [p.xp for p in params])

    def run(self, grads: Arrays, states: Sequence[Arrays], formula: Formula, rates: Rates) -> None:
        """``formula(xp, rates(xp, dtype), p, g, *states)`` over the parameters that were prepared."""
        for part in self._parts:
            token = part.xp.enter()  # kernels run on the current device: make it the parameters' own
            try:
                part.run(grads, states, formula, rates)
            finally:
                part.xp.leave(token)


class Packed:
    """Several small arrays of one dtype and device, worked on as one: buffers with a view for each of them."""

    def __init__(self, xp: Any, places: list[int], arrays: Arrays) -> None:
        self.xp, self.places, self.arrays = xp, places, arrays
        self.kind = arrays[0].dtype
        self.real, self.dtype = _real_and_work_dtype(self.kind)
        self.values, self.value_views = self._buffer()
        self.gradients, self.gradient_views = self._buffer()
        self._flat: list[tuple[Arrays, Any]] = []  # the arrays of a state, and the one array whose parts they are
        self._buffers: list[tuple[Any, list[Any]]] = []  # for states whose arrays lie apart

    def zeros(self) -> list[Any]:
        """Zeros like the arrays: parts of one array."""
        return self._cut(self.xp.zeros((sum([a.size for a in self.arrays]),), self.kind))

    def run(self, grads: Arrays, states: Sequence[Arrays], formula: Formula, rates: Rates) -> None:
        if len(self.places) != len(grads):
            grads = [grads[k] for k in self.places]
            states = [[s[k] for k in self.places] for s in states]
        _copy_all(self.value_views, self.arrays)
        _copy_all(self.gradient_views, grads)
        joined = [self._joined(n, s) for n, s in enumerate(states)]
        formula(self.xp, rates(self.xp, self.dtype), self.values, self.gradients, *[flat for flat, _ in joined])
        _copy_all(self.arrays, self.value_views)
        for s, (_, views) in zip(states, joined, strict=True):
            if views is not None:
                _copy_all(s, views)

    def _joined(self, n: int, arrays: Arrays) -> tuple[Any, list[Any] | None]:
        """State n as one array; with the views to write back from, unless its arrays are parts of that very array."""
        for known, flat in self._flat:
            if len(known) == len(arrays) and all(map(is_, known, arrays)):
                return flat, None
        flat = _whole(arrays) if self.dtype == self.real and arrays[0].dtype == self.kind else None
        if flat is not None:
            # an optimizer has a few states; older ones were replaced
            self._flat = [(list(arrays), flat.view(self.real)), *self._flat[:3]]
            return self._flat[0][1], None
        while len(self._buffers) <= n:
            self._buffers.append(self._buffer())
        flat, views = self._buffers[n]
        _copy_all(views, arrays)
        return flat, views

    def _buffer(self) -> tuple[Any, list[Any]]:
        """A line of real numbers to compute with, and its parts in the shapes of the arrays."""
        wide = self.dtype if self.real == self.kind else self.kind
        flat = self.xp.empty((sum([a.size for a in self.arrays]),), wide)
        return flat.view(self.dtype), self._cut(flat)

    def _cut(self, flat: Any) -> list[Any]:
        parts, place = [], 0
        for a in self.arrays:
            parts.append(flat[place : place + a.size].reshape(a.shape))
            place += a.size
        return parts


def _copy_all(targets: Arrays, sources: Arrays) -> None:
    for target, source in zip(targets, sources, strict=True):
        target[...] = source


class Single:
    """One array, worked on in blocks of its memory."""

    def __init__(self, xp: Any, place: int, array: Any) -> None:
        self.xp, self.places, self.array = xp, [place], array
        self.real, self.dtype = _real_and_work_dtype(array.dtype)
        # the axes in the order of the memory, so that channels_last weights are walked in it too
        self.order = (
            None if array.flags.c_contiguous else tuple(sorted(range(array.ndim), key=lambda k: -abs(array.strides[k])))
        )

    def zeros(self) -> list[Any]:
        shape = self.array.shape
        if self.order is None:
            return [self.xp.zeros(shape, self.array.dtype)]
        flat = self.xp.zeros(tuple([shape[k] for k in self.order]), self.array.dtype)
        return [flat.transpose([self.order.index(k) for k in range(len(shape))])]

    def run(self, grads: Arrays, states: Sequence[Arrays], formula: Formula, rates: Rates) -> None:
        xp, (place,) = self.xp, self.places
        owners = [self.array, *[s[place] for s in states]]
        lines = [self._line(a) for a in owners]
        g = self._line(grads[place])
        known = rates(xp, self.dtype)

        def step(start: int, stop: int) -> None:
            here = slice(start, stop)
            parts = [line[here] for line in lines]
            wide = [part if part.dtype == self.dtype else part.astype(self.dtype) for part in parts]
            gradient = g[here] if g.dtype == self.dtype else g[here].astype(self.dtype)
            formula(xp, known, wide[0], gradient, *wide[1:])
            for part, result in zip(parts, wide, strict=True):
                if result is not part:
                    part[...] = result

        xp.each_part(step, g.size)
        for a, line in zip(owners, lines, strict=True):
            if not xp.shares_memory(a, line):
                turned = self._in_order(a)
                turned[...] = line.view(a.dtype).reshape(turned.shape)

    def _in_order(self, a: Any) -> Any:
        return a if self.order is None else a.transpose(self.order)

    def _line(self, a: Any) -> Any:
        """An array as a line of real numbers in the order of the parameter's memory: a view where it has that order."""
        line = self._in_order(a).reshape(-1)
        if line.dtype.kind != "c":
            return line
        # pairs of real numbers need neighbours in memory
        return (line if line.flags.c_contiguous else self.xp.copy(line, "C")).view(_real_and_work_dtype(a.dtype)[0])


def _real_and_work_dtype(dtype: Any) -> tuple[Any, Any]:
    """The dtype of an array's numbers (complex ones are pairs), and that to compute with: float32 for 16 bits."""
    real = as_dtype(dtype).to_real().numpy
    return real, as_dtype("float32").numpy if real.itemsize == 2 else real


def _parts(arrays: Arrays, namespaces: Sequence[Any]) -> list[Any]:
    """Every array in a Packed or a Single; arrays that overlap are Singles, which run one after the other."""
    alone = _overlapping(arrays, namespaces)
    packs: dict[tuple[int, Any], list[int]] = {}
    parts: list[Any] = []

    def close(key: tuple[int, Any]) -> None:
        places = packs.pop(key)
        xp = namespaces[places[0]]
        parts.append(
            Packed(xp, places, [arrays[k] for k in places])
            if len(places) > 1
            else Single(xp, places[0], arrays[places[0]])
        )

    for k, (a, xp) in enumerate(zip(arrays, namespaces, strict=True)):
        if k in alone or a.size > _SMALL:
            parts.append(Single(xp, k, a))
            continue
        key = (id(xp), a.dtype)
        if key in packs and sum([arrays[j].size for j in packs[key]]) + a.size > _PACK:
            close(key)
        packs.setdefault(key, []).append(k)
    for key in list(packs):
        close(key)
    return parts


def _overlapping(arrays: Arrays, namespaces: Sequence[Any]) -> set[int]:
    """The places of arrays that share memory with an earlier one, or are written through it."""
    by_owner: dict[int, list[int]] = {}
    for k, a in enumerate(arrays):
        by_owner.setdefault(id(_owner(a)), []).append(k)
    found: set[int] = set()
    for places in by_owner.values():
        for n, k in enumerate(places):
            for j in places[:n]:
                if namespaces[k].shares_memory(arrays[k], arrays[j]):
                    found.update((j, k))
    return found


def _owner(a: Any) -> Any:
    """What the memory of an array belongs to, below strided views and buffers, which are bases of their own."""
    while getattr(a, "base", None) is not None:
        a = a.base
    return a.obj if isinstance(a, memoryview) else a


def _whole(arrays: Arrays) -> Any:
    """The one array whose parts these are, in order and without gaps; None if there is none."""
    owner = arrays[0].base
    if owner is None or getattr(owner, "ndim", 0) != 1 or owner.dtype != arrays[0].dtype:
        return None
    place = 0
    for a in arrays:
        if a.base is not owner or not a.flags.c_contiguous:
            return None
        if a.size and _address(a) != _address(owner) + place * a.itemsize:
            return None
        place += a.size
    return owner if place == owner.size else None


def _address(a: Any) -> int:
    return a.ctypes.data if hasattr(a, "ctypes") else a.data.ptr
