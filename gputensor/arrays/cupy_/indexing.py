"""Reading and writing by index arrays, sorting and searching over CuPy.

CuPy wraps index values that are out of range; `gputensor.arrays.cupy_.check_indices` makes them raise IndexError, at
the price of waiting for the device. Places written twice get any of their values; sums of repeated places are added by
atomics, in any order.
"""

from typing import Any

import cupy
from cupy import ndarray

import gputensor.arrays.cupy_ as switches
from gputensor.arrays.cupy_.dtypes import BFLOAT16, FLOAT32, is_half
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Shape


class IndexingWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def argsort(self, x: ndarray, axis: int, descending: bool) -> ndarray:
        x = _ordered(x)
        if not descending:
            return cupy.argsort(x, axis)
        # stable descending order is the reverse of the stable ascending order of the reversed array
        flipped = cupy.argsort(cupy.flip(x, axis), axis)
        return cupy.flip(x.shape[axis] - 1 - flipped, axis)

    @placed
    def bincount(self, x: ndarray, weights: ndarray | None, minlength: int) -> ndarray:
        out = cupy.bincount(x, weights, minlength)
        # nothing to count gives integers whatever the weights
        return out if weights is None else out.astype(cupy.float64, copy=False)

    @placed
    def index_add(self, values: ndarray, shape: Shape, index: tuple[Any, ...]) -> ndarray:
        return _added(cupy.zeros(shape, values.dtype), index, values, "index_add")

    @placed
    def index_get(self, x: ndarray, index: tuple[Any, ...]) -> ndarray:
        _check(x, index, "index_get")
        out = x[index]
        return out if out.data.mem is not x.data.mem else out.copy()

    @placed
    def index_put(self, x: ndarray, index: tuple[Any, ...], values: ndarray) -> ndarray:
        _check(x, index, "index_put")
        out = x.copy()
        out[index] = values
        return out

    @placed
    def index_write(self, x: ndarray, index: tuple[Any, ...], values: ndarray, accumulate: bool = False) -> None:
        # a value that lies in x's memory would change while it is read
        if isinstance(values, ndarray) and cupy.may_share_memory(x, values):
            values = values.copy()
        if accumulate:
            out = _added(x, index, values, "index_write")
            if out is not x:
                x[...] = out
        else:
            _check(x, index, "index_write")
            x[index] = values

    @placed
    def nonzero(self, x: ndarray) -> tuple[ndarray, ...]:
        return x.nonzero() if x.ndim else ()

    @placed
    def scatter(self, x: ndarray, index: ndarray, values: ndarray, axis: int) -> ndarray:
        places = _along(x, index, axis, "scatter")
        out = x.copy()
        out[places] = values
        return out

    @placed
    def scatter_add(self, x: ndarray, index: ndarray, values: ndarray, axis: int) -> ndarray:
        return _added(x.copy(), _along(x, index, axis, "scatter_add"), values, "scatter_add")

    @placed
    def scatter_reduce(self, x: ndarray, index: ndarray, values: ndarray, axis: int, how: str) -> ndarray:
        places = _along(x, index, axis, "scatter_reduce")
        # there are no atomics for products, nor for the extremes of the smaller dtypes
        small = FLOAT32 if is_half(x) else x.dtype if x.dtype.itemsize > 2 else cupy.dtype(cupy.int32)
        out = x.astype(small)
        if how == "prod":
            flat = cupy.broadcast_to(cupy.arange(x.size).reshape(x.shape)[places], index.shape)
            out = _multiplied(out, flat.reshape(-1), cupy.broadcast_to(values, index.shape).reshape(-1).astype(small))
        else:
            (cupy.maximum if how == "max" else cupy.minimum).at(out, places, values.astype(small))
        return out.astype(x.dtype, copy=False)

    @placed
    def scatter_write(self, x: ndarray, index: ndarray, values: ndarray, axis: int, accumulate: bool = False) -> None:
        self.index_write(x, _along(x, index, axis, "scatter_write"), values, accumulate)

    @placed
    def searchsorted(self, x: ndarray, values: ndarray, right: bool) -> ndarray:
        return cupy.searchsorted(_ordered(x), _ordered(values), "right" if right else "left")

    @placed
    def sort(self, x: ndarray, axis: int, descending: bool) -> ndarray:
        if descending:
            order = self.argsort(x, axis, True)
            return x[_along(x, order, axis, "sort")]
        return cupy.sort(_ordered(x), axis).astype(x.dtype, copy=False)

    @placed
    def take(self, x: ndarray, index: ndarray, axis: int) -> ndarray:
        _check(x, (slice(None),) * axis + (index,), "take", forward=True)
        return x.take(index, axis)

    @placed
    def take_along_axis(self, x: ndarray, index: ndarray, axis: int) -> ndarray:
        return x[_along(x, index, axis, "take_along_axis")]

    @placed
    def top_k(self, x: ndarray, k: int, axis: int, largest: bool) -> ndarray:
        # a full sort: cupy.argpartition is one, too, for most sizes
        order = self.argsort(x, axis, largest)
        return order[(slice(None),) * axis + (slice(k),)].copy()

    @placed
    def unique(self, x: ndarray) -> tuple[ndarray, ndarray, ndarray, ndarray]:
        values, first, inverse, counts = cupy.unique(_ordered(x), True, True, True, equal_nan=False)
        return values.astype(x.dtype, copy=False), first, inverse, counts


def _ordered(x: ndarray) -> ndarray:
    # Thrust sorts no bfloat16; float32 holds all its values
    return x.astype(FLOAT32) if x.dtype == BFLOAT16 else x


def _along(x: ndarray, index: ndarray, axis: int, word: str) -> tuple[ndarray, ...]:
    """The index arrays that reach x[i, index[i, j], …]."""
    grid: list[ndarray] = []
    for k, n in enumerate(index.shape):
        if k == axis:
            grid.append(index)
        else:
            # CuPy would wrap where NumPy raises
            if n > x.shape[k]:
                raise IndexError(
                    f"{word}: index of shape {index.shape} reaches beyond axis {k} of x with shape {x.shape}; "
                    f"give it at most {x.shape[k]} there"
                )
            grid.append(cupy.arange(n).reshape([n if j == k else 1 for j in range(index.ndim)]))
    places = tuple(grid)
    _check(x, places, word, forward=True)
    return places


def _multiplied(out: ndarray, places: ndarray, values: ndarray) -> ndarray:
    """`out` with values multiplied in at flat places: equal places are sorted side by side and combined by doubling."""
    order = cupy.argsort(places)
    places, values = places[order], values[order]
    step, n = 1, int(places.size)
    while step < n:
        same = places[step:] == places[:-step]
        values = cupy.concatenate((values[:step], cupy.where(same, values[step:] * values[:-step], values[step:])))
        step *= 2
    factors = cupy.ones(out.size + 1, out.dtype)
    if n:
        last = cupy.concatenate((places[1:] != places[:-1], cupy.ones(1, cupy.bool_)))
        # what is not the last of its place goes where nobody looks
        factors[cupy.where(last, places, out.size)] = values
    return out * factors[:-1].reshape(out.shape)


def _added(out: ndarray, index: tuple[Any, ...], values: ndarray, word: str) -> ndarray:
    """`out` with values added at index: written into `out` where its dtype has atomics, else a new array."""
    _check(out, index, word)
    kind, size = out.dtype.kind, out.dtype.itemsize
    if kind == "c":
        cupy.add.at(out.real, index, values.real)
        cupy.add.at(out.imag, index, values.imag)
        return out
    if is_half(out):
        # 16-bit sums of many repeats lose everything
        wide = FLOAT32
    elif kind == "b" or size < 4:
        wide = cupy.dtype(cupy.int32)
    else:
        cupy.add.at(out, index, values)
        return out
    sums = out.astype(wide)
    cupy.add.at(sums, index, values.astype(wide))
    return sums.astype(out.dtype)


def _check(x: ndarray, index: tuple[Any, ...], word: str, forward: bool = False) -> None:
    """In debug mode, raise IndexError for the first index value that is out of range; forward: or negative."""
    if not switches.check_indices:
        return
    # each None adds an axis, each mask takes as many as it has, everything else takes one
    taken = sum([0 if i is None or i is Ellipsis else i.ndim if _is_mask(i) else 1 for i in index])
    axis = 0
    for part in index:
        if part is None:
            continue
        if part is Ellipsis:
            axis += x.ndim - taken
        elif _is_mask(part):
            axis += part.ndim
        else:
            if isinstance(part, ndarray) and part.size:
                n, low, high = x.shape[axis], int(part.min()), int(part.max())
                least = 0 if forward else -n
                if low < least or high >= n:
                    wrong = low if low < least else high
                    raise IndexError(
                        f"{word}: index {wrong} is out of range for axis {axis} of x with size {n}; "
                        f"use {least} <= index < {n}"
                    )
            axis += 1


def _is_mask(part: Any) -> bool:
    return isinstance(part, ndarray) and part.dtype.kind == "b"
