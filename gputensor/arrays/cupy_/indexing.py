"""Reading and writing by index arrays, sorting and searching over CuPy.

CuPy wraps index values that are out of range; `gputensor.arrays.cupy_.check_indices` makes them raise IndexError, at
the price of waiting for the device. Places written twice get any of their values; sums of repeated places are added by
atomics, in any order.
"""

from typing import Any

import cupy
from cupy import ndarray

import gputensor.arrays.cupy_ as switches
from gputensor.arrays.cupy_.combine_at import MAXIMUM_AT, MINIMUM_AT, MULTIPLY_AT
from gputensor.arrays.cupy_.dtypes import BFLOAT16, FLOAT32
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Shape

_INT32 = cupy.dtype(cupy.int32)
_COMBINE = {"max": MAXIMUM_AT, "min": MINIMUM_AT, "prod": MULTIPLY_AT}


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
        out = cupy.zeros(shape, values.dtype)
        _check(out, index, "index_add")
        return added(out, index, values)

    @placed
    def index_get(self, x: ndarray, index: tuple[Any, ...]) -> ndarray:
        _check(x, index, "index_get")
        out = x[index]
        return out if out.data.mem is not x.data.mem else out.copy()

    @placed
    def index_put(self, x: ndarray, index: tuple[Any, ...], values: ndarray, accumulate: bool = False) -> ndarray:
        _check(x, index, "index_put")
        out = x.copy()
        _write(out, index, values, accumulate)
        return out

    @placed
    def index_write(self, x: ndarray, index: tuple[Any, ...], values: ndarray, accumulate: bool = False) -> None:
        # a value that lies in x's memory would change while it is read
        if isinstance(values, ndarray) and cupy.may_share_memory(x, values):
            values = values.copy()
        _check(x, index, "index_write")
        _write(x, index, values, accumulate)

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
        return added(x.copy(), _along(x, index, axis, "scatter_add"), values)

    @placed
    def scatter_reduce(self, x: ndarray, index: ndarray, values: ndarray, axis: int, how: str) -> ndarray:
        places = _along(x, index, axis, "scatter_reduce")
        if x.dtype.itemsize == 16:
            raise TypeError("scatter_reduce: complex128 has no atomics on a GPU; convert it to complex64")
        wide = _atomic_dtype(x.dtype)
        out = x.astype(wide, "C")
        _COMBINE[how](values.astype(wide, copy=False), cupy.ravel_multi_index(places, x.shape), out)
        return out.astype(x.dtype, copy=False)

    @placed
    def scatter_write(self, x: ndarray, index: ndarray, values: ndarray, axis: int, accumulate: bool = False) -> None:
        places = _along(x, index, axis, "scatter_write")
        if cupy.may_share_memory(x, values):
            values = values.copy()
        _write(x, places, values, accumulate)

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
        _check(x, (slice(None),) * axis + (index,), "take", negative=False)
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
    _check(x, places, word, negative=False)
    return places


def added(out: ndarray, index: tuple[Any, ...], values: ndarray) -> ndarray:
    """`out` with values added at index: written into `out` where its dtype has atomics, else a new array."""
    if out.dtype.kind == "c":
        cupy.add.at(out.real, index, values.real)
        cupy.add.at(out.imag, index, values.imag)
        return out
    wide = _atomic_dtype(out.dtype)
    if wide == out.dtype:
        cupy.add.at(out, index, values)
        return out
    sums = out.astype(wide)
    cupy.add.at(sums, index, values.astype(wide))
    return sums.astype(out.dtype)


def _write(x: ndarray, index: tuple[Any, ...], values: Any, accumulate: bool) -> None:
    if not accumulate:
        x[index] = values
        return
    out = added(x, index, values)
    if out is not x:
        x[...] = out


def _atomic_dtype(dtype: Any) -> Any:
    """The dtype in which repeated places are combined: one with atomics, and no 16-bit sums, which lose everything."""
    if dtype.kind in "fV" and dtype.itemsize == 2:
        return FLOAT32
    return _INT32 if dtype.kind in "biu" and dtype.itemsize < 4 else dtype


def _check(x: ndarray, index: tuple[Any, ...], word: str, negative: bool = True) -> None:
    """In debug mode, raise IndexError for the first index value that is out of range."""
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
                least = -n if negative else 0
                if low < least or high >= n:
                    wrong = low if low < least else high
                    raise IndexError(
                        f"{word}: index {wrong} is out of range for axis {axis} of x with size {n}; "
                        f"use {least} <= index < {n}"
                    )
            axis += 1


def _is_mask(part: Any) -> bool:
    return isinstance(part, ndarray) and part.dtype.kind == "b"
