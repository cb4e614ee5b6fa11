"""Reading and writing by index arrays: the hidden axis is one more indexed axis where the indices are batched, and one
more axis that nobody indexes where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import ALL, Rules, data_dependent_error, in_place_error

Shape = tuple[int, ...]


class Places(NamedTuple):
    """An index brought into one form: arrays for the axes `dims`, all of one shape (`middle`)."""

    dims: list[int]
    arrays: list[Batched]
    middle: Shape
    batched: bool


class IndexingRules(Rules):
    __slots__ = ()

    # ------------------------------------------------------------ x[index]

    def index_get(self, x: Any, index: tuple[Any, ...]) -> Batched:
        x = self.of(x)
        at = self._places(index)
        if not (x.batched or at.batched):
            return self.made(self.inner.index_get(x.value, self._plain(index)), False)
        rest = [k for k in range(x.ndim) if k not in at.dims]
        value, key = self._canonical(x.value, x.batched, at, rest)
        out = self.inner.index_get(value, key)
        return self.made(self.inner.permute_dims(out, self._back(at, rest)), True)

    def index_add(self, values: Any, shape: Shape, index: tuple[Any, ...]) -> Batched:
        v = self.of(values)
        at = self._places(index)
        if not (v.batched or at.batched):
            return self.made(self.inner.index_add(v.value, shape, self._plain(index)), False)
        rest = [k for k in range(len(shape)) if k not in at.dims]
        sizes = [shape[k] for k in at.dims]
        others = [shape[k] for k in rest]
        part = self._part(v, at, rest, others)
        if at.batched:
            out = self.inner.index_add(part, (self.size, *sizes, *others), self._key(at))
            order = [0, *[1 + n for n in _inverse([*at.dims, *rest])]]
        else:
            out = self.inner.index_add(part, (*sizes, self.size, *others), self._key(at))
            n = len(at.dims)
            order = [n, *[k if k < n else k + 1 for k in _inverse([*at.dims, *rest])]]
        return self.made(self.inner.permute_dims(out, tuple(order)), True)

    def index_put(self, x: Any, index: tuple[Any, ...], values: Any, accumulate: bool = False) -> Batched:
        x, v = self.of(x), self.of(values)
        at = self._places(index)
        batched = x.batched or v.batched or at.batched
        out = Batched(self, self.inner.copy(self.full_size(x) if batched else x.value), batched)
        self.index_write(out, index, v, accumulate)
        return out

    def index_write(self, x: Any, index: tuple[Any, ...], values: Any, accumulate: bool = False) -> None:
        x, v = self.of(x), self.of(values)
        mask = None if v.ndim or accumulate else self._one_mask(x, index)
        if mask is not None:
            # how many places it names may differ by example, but not what each of them gets
            self.copy_into(x, self.where(mask, v, x))
            return
        at = self._places(index)
        if not x.batched:
            if v.batched or at.batched:
                raise in_place_error(x.shape, v.shape)
            self.inner.index_write(x.value, self._plain(index), v.value, accumulate)
            return
        rest = [k for k in range(x.ndim) if k not in at.dims]
        value, key = self._canonical(x.value, True, at, rest)
        part = self._part(v, at, rest, [x.shape[k] for k in rest])
        self.inner.index_write(value, key, part, accumulate)

    def _one_mask(self, x: Batched, index: tuple[Any, ...]) -> Batched | None:
        """The mask of which an index consists, with examples of its own, to be broadcast to x; None for others."""
        *before, last = index
        if isinstance(last, slice) or any([not isinstance(i, slice) or i != ALL for i in before]):
            return None
        mask = self.of(last)
        if not (mask.batched and mask.dtype.kind == "b"):
            return None
        deep = x.ndim - len(before)
        return self.expand_dims(mask, tuple(range(mask.ndim, deep))) if deep > mask.ndim else mask

    def take(self, x: Any, index: Any, axis: int) -> Batched:
        return self.index_get(x, (*(ALL,) * axis, index))

    # ------------------------------------------------------------ along one axis

    def take_along_axis(self, x: Any, index: Any, axis: int) -> Batched:
        x, i = self.of(x), self.of(index)
        if not (x.batched or i.batched):
            return self.made(self.inner.take_along_axis(x.value, i.value, axis), False)
        return self.made(self.inner.take_along_axis(self.full_size(x), self.full_size(i), axis + 1), True)

    def scatter(self, x: Any, index: Any, values: Any, axis: int) -> Batched:
        return self._scattered(self.inner.scatter, x, index, values, axis)

    def scatter_add(self, x: Any, index: Any, values: Any, axis: int) -> Batched:
        return self._scattered(self.inner.scatter_add, x, index, values, axis)

    def scatter_reduce(self, x: Any, index: Any, values: Any, axis: int, how: str) -> Batched:
        return self._scattered(self.inner.scatter_reduce, x, index, values, axis, how)

    def _scattered(self, word: Any, x: Any, index: Any, values: Any, axis: int, *rest: Any) -> Batched:
        x, i, v = self.of(x), self.of(index), self.of(values)
        if not (x.batched or i.batched or v.batched):
            return self.made(word(x.value, i.value, v.value, axis, *rest), False)
        arrays = self.full_size(x), self.full_size(i), self.full_size(v, i.shape)
        return self.made(word(*arrays, axis + 1, *rest), True)

    def scatter_write(self, x: Any, index: Any, values: Any, axis: int, accumulate: bool = False) -> None:
        x, i, v = self.of(x), self.of(index), self.of(values)
        if x.batched:
            self.inner.scatter_write(x.value, self.full_size(i), self.full_size(v, i.shape), axis + 1, accumulate)
        elif i.batched or v.batched:
            raise in_place_error(x.shape, v.shape)
        else:
            self.inner.scatter_write(x.value, i.value, v.value, axis, accumulate)

    # ------------------------------------------------------------ searching and counting

    def searchsorted(self, x: Any, values: Any, right: bool) -> Batched:
        x, v = self.of(x), self.of(values)
        if not x.batched:
            return self.made(self.inner.searchsorted(x.value, v.value, right), v.batched)
        # a row an example: sort the values in among x, stably, and count the elements of x before each
        inner = self.inner
        flat = inner.reshape(self.full_size(v), (self.size, v.size))
        parts = [x.value, flat] if right else [flat, x.value]
        order = inner.argsort(inner.concat(parts, 1), 1, False)
        of_x = inner.less(order, x.size) if right else inner.greater_equal(order, v.size)
        before = inner.cumulative_sum(inner.astype(of_x, order.dtype), 1)
        counts = inner.take_along_axis(before, inner.argsort(order, 1, False), 1)
        found = inner.getitem(counts, (ALL, slice(x.size, None) if right else slice(0, v.size)))
        return self.made(inner.reshape(found, (self.size, *v.shape)), True)

    def bincount(self, x: Any, weights: Any, minlength: int) -> Batched:
        x = self.of(x)
        w = None if weights is None else self.of(weights)
        if not x.batched and (w is None or not w.batched):
            return self.made(self.inner.bincount(x.value, None if w is None else w.value, minlength), False)
        inner = self.inner
        places = self.full_size(x)
        if x.size and (not minlength or inner.any_outside(places, 0, minlength - 1)):
            largest = inner.max(places, (1,))
            longest = (inner.host_of_all(largest) if inner.library == "batch" else inner.to_host(largest)) + 1
            minlength = max(int(longest.max()), minlength)
            if (longest < minlength).any():
                raise data_dependent_error("bincount, whose length is that of the largest number,")
        rows = inner.reshape(inner.arange_for(places, self.size), (self.size, 1)) * minlength
        flat = inner.reshape(inner.astype(places, rows.dtype) + rows, (-1,))
        counts = inner.bincount(
            flat, None if w is None else inner.reshape(self.full_size(w, x.shape), (-1,)), self.size * minlength
        )
        return self.made(inner.reshape(counts, (self.size, minlength)), True)

    def nonzero(self, x: Any) -> tuple[Batched, ...]:
        (value,) = self.fixed("nonzero, or a mask as an index,", x)
        return tuple([self.made(i, False) for i in self.inner.nonzero(value)])

    def unique(self, x: Any) -> tuple[Batched, ...]:
        (value,) = self.fixed("unique", x)
        return tuple([self.made(part, False) for part in self.inner.unique(value)])

    def any_outside(self, x: Any, low: float, high: float) -> bool:
        return bool(self.inner.any_outside(self.of(x).value, low, high))

    def first_outside(self, index: Any, size: int) -> int | None:
        found: int | None = self.inner.first_outside(self.of(index).value, size)
        return found

    # ------------------------------------------------------------ the common form

    def _plain(self, index: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple([i if isinstance(i, slice) else self.of(i).value for i in index])

    def _places(self, index: tuple[Any, ...]) -> Places:
        """The axes that index arrays stand for; masks become the places they name."""
        dims: list[int] = []
        arrays: list[Batched] = []
        axis = 0
        for i in index:
            if isinstance(i, slice):  # a full one: what the others cut out is a view, taken before
                axis += 1
                continue
            i = self.of(i)
            for array in self.nonzero(i) if i.dtype.kind == "b" else (i,):
                dims.append(axis)
                arrays.append(array)
                axis += 1
        middle: Shape = ()
        for array in arrays:
            middle = _broadcast(middle, array.shape)
        return Places(dims, arrays, middle, any([a.batched for a in arrays]))

    def _key(self, at: Places) -> tuple[Any, ...]:
        """The index arrays for an array whose indexed axes come first: all examples first of all where they differ."""
        if not at.batched:
            return tuple([self.inner.broadcast_to(a.value, at.middle) for a in at.arrays])
        first = self.inner.reshape(
            self.inner.arange_for(at.arrays[0].value, self.size), (self.size, *(1,) * len(at.middle))
        )
        return (first, *[self.full_size(a, at.middle) for a in at.arrays])

    def _canonical(self, value: Any, batched: bool, at: Places, rest: list[int]) -> tuple[Any, tuple[Any, ...]]:
        """A view of a value with its indexed axes first, and its index."""
        if at.batched and not batched:
            return self.inner.permute_dims(value, (*at.dims, *rest)), self._key(at)[1:]
        moved = [k + 1 for k in at.dims], [k + 1 for k in rest]
        axes = (0, *moved[0], *moved[1]) if at.batched else (*moved[0], 0, *moved[1])
        return self.inner.permute_dims(value, axes), self._key(at)

    def _back(self, at: Places, rest: list[int]) -> tuple[int, ...]:
        """How what was read from the common form is permuted: the examples first, then as NumPy orders x[index]."""
        n = len(at.middle)
        middle = list(range(1, 1 + n)) if at.batched else list(range(n))
        hidden = 0 if at.batched else n
        others = list(range(1 + n, 1 + n + len(rest)))
        before = _before(at.dims, rest)
        return (hidden, *others[:before], *middle, *others[before:])

    def _part(self, v: Batched, at: Places, rest: list[int], others: Sequence[int]) -> Any:
        """Values, broadcast to the shape of x[index] and then laid out as the common form has them."""
        before = _before(at.dims, rest)
        n = len(at.middle)
        value = self.full_size(v, (*others[:before], *at.middle, *others[before:]))
        middle = list(range(1 + before, 1 + before + n))
        outer = [k for k in range(1, 1 + n + len(rest)) if k not in middle]
        order = (0, *middle, *outer) if at.batched else (*middle, 0, *outer)
        return self.inner.permute_dims(value, order)


def _before(dims: list[int], rest: list[int]) -> int:
    """How many axes come before those of the index arrays in x[index]: none where the arrays stand apart."""
    together = dims[-1] - dims[0] == len(dims) - 1
    return len([k for k in rest if k < dims[0]]) if together else 0


def _inverse(order: list[int]) -> list[int]:
    return sorted(range(len(order)), key=lambda k: order[k])


def _broadcast(x: Shape, y: Shape) -> Shape:
    n = max(len(x), len(y))
    x, y = (1,) * (n - len(x)) + x, (1,) * (n - len(y)) + y
    return tuple([b if a == 1 else a for a, b in zip(x, y, strict=True)])
