"""Reading and writing by index arrays over NumPy. Indices out of range raise IndexError before anything is written."""

from typing import Any

import numpy as np

from gputensor.arrays.numpy_ import threads
from gputensor.arrays.numpy_.repeats import add_at, add_flat, add_rows

Array = np.ndarray
Shape = tuple[int, ...]

_ALL = slice(None)
_SPLIT = 1 << 22  # bytes of rows from which they are taken on several threads
_UFUNCS = {"max": np.maximum, "min": np.minimum, "prod": np.multiply}


def take(x: Array, index: Array, axis: int) -> Array:
    """x: (..., n, ...), index: (m,), 0 <= index < n -> (..., m, ...)."""
    _check(index, x.shape[axis], axis)
    return index_get(x, (*(_ALL,) * axis, index))


def take_along_axis(x: Array, index: Array, axis: int) -> Array:
    """out[i, j, k] = x[i, index[i, j, k], k] for axis 1; 0 <= index < n; index may be smaller in the other axes."""
    _check(index, x.shape[axis], axis)
    if not x.flags.c_contiguous:
        return x[_along(index, axis)]
    row = _shared_row(x, index, axis)
    if row is not None:
        return x.take(row, axis)
    return x.reshape(-1).take(_places(x.shape, index, axis))


def scatter(x: Array, index: Array, values: Array, axis: int) -> Array:
    """A copy of x with values written at the places `take_along_axis(x, index, axis)` reads."""
    out = x.copy()
    scatter_write(out, index, values, axis)
    return out


def scatter_add(x: Array, index: Array, values: Array, axis: int) -> Array:
    """A copy of x with values added at the places `take_along_axis(x, index, axis)` reads; repeated places add up."""
    out = x.copy()
    scatter_write(out, index, values, axis, True)
    return out


def scatter_write(x: Array, index: Array, values: Array, axis: int, accumulate: bool = False) -> None:
    """Write values (or add them, repeats adding up) in x's memory at the places `take_along_axis` reads."""
    _check(index, x.shape[axis], axis)
    row = _shared_row(x, index, axis)
    if row is not None:
        if accumulate:
            add_rows(x, (axis,), row, values)
        else:
            where: Any = (*(_ALL,) * axis, row)
            x[where] = values
    elif accumulate:
        add_flat(x, _places(x.shape, index, axis), np.broadcast_to(values, index.shape))
    elif x.flags.c_contiguous:
        x.reshape(-1)[_places(x.shape, index, axis)] = values
    else:
        x[_along(index, axis)] = values


def scatter_reduce(x: Array, index: Array, values: Array, axis: int, how: str) -> Array:
    """A copy of x in which a place that `take_along_axis` reads is the "max", "min" or "prod" of it and its values."""
    _check(index, x.shape[axis], axis)
    half = x.dtype.itemsize == 2 and x.dtype.kind in "fV"
    out = x.astype(np.float32, "C") if half else x.copy()
    places = _places(x.shape, index, axis).reshape(-1)
    _UFUNCS[how].at(out.reshape(-1), places, values.astype(out.dtype, copy=False).reshape(-1))
    return out.astype(x.dtype, copy=False)


def index_get(x: Array, index: tuple[Any, ...]) -> Array:
    """x[index] with index arrays, masks, slices, None and Ellipsis mixed as NumPy does; a copy."""
    last = index[-1]
    # `take` copies whole rows, but it would first copy an x that is not contiguous
    if type(last) is np.ndarray and last.dtype.kind != "b" and x.flags.c_contiguous and _only_all(index[:-1]):
        if len(index) == 1 and last.ndim == 1 < x.ndim and last.size * x.strides[0] >= _SPLIT:
            return _rows(x, last)
        return np.asarray(x.take(last, len(index) - 1))
    # what is gathered along a later axis of a strided x comes out transposed
    return np.asarray(x[index], order="C")


def _rows(x: Array, index: Array) -> Array:
    """Many whole rows, parts of them on several threads; checked first, so that they are copied unchecked."""
    n = len(x)
    least, most = int(index.min()), int(index.max())
    if least < -n or most >= n:
        return x.take(index, 0)  # raises
    if least < 0:
        index = np.where(index < 0, index + n, index)
    out = np.empty((len(index), *x.shape[1:]), x.dtype)
    threads.split(lambda a, b: np.take(x, index[a:b], 0, out[a:b], "clip"), len(index))
    return out


def index_put(x: Array, index: tuple[Any, ...], values: Array, accumulate: bool = False) -> Array:
    """A copy of x with x[index] = values (or += with repeats added up)."""
    out = x.copy()
    index_write(out, index, values, accumulate)
    return out


def index_add(values: Array, shape: Shape, index: tuple[Any, ...]) -> Array:
    """Zeros of `shape` with values added at index; repeated places add up."""
    out = np.zeros(shape, values.dtype)
    if values.size:  # NumPy looks at no index of which it takes nothing, wherever that may be
        add_at(out, index, values)
    return out


def index_write(x: Array, index: tuple[Any, ...], values: Array, accumulate: bool = False) -> None:
    """x[index] = values (or += with repeats added up) in the memory of x."""
    if accumulate:
        add_at(x, index, values)
    else:
        x[index] = values


def nonzero(x: Array) -> tuple[Array, ...]:
    """The places that are not zero, one array an axis, in row-major order."""
    return x.nonzero() if x.ndim else ()


def _check(index: Array, n: int, axis: int) -> None:
    """Raise IndexError for the first index that is not in 0 <= i < n."""
    if not index.size:
        return
    if index.dtype == np.int64:
        # one pass instead of two: a negative index is a huge unsigned one
        if int(np.maximum.reduce(index.view(np.uint64), None)) < n:
            return
    elif int(np.minimum.reduce(index, None)) >= 0 and int(np.maximum.reduce(index, None)) < n:
        return
    wrong = index[(index < 0) | (index >= n)][0]
    raise IndexError(f"index {wrong} is out of range for axis {axis} with size {n}; use 0 <= index < {n}")


def _only_all(index: tuple[Any, ...]) -> bool:
    return all([type(i) is slice and i == _ALL for i in index])


def _along(index: Array, axis: int) -> Any:
    grid: list[Array] = []
    for k, n in enumerate(index.shape):
        if k == axis:
            grid.append(index)
        else:
            grid.append(np.arange(n).reshape([n if j == k else 1 for j in range(index.ndim)]))
    return tuple(grid)


def _shared_row(x: Array, index: Array, axis: int) -> Array | None:
    """The one row of an index that was expanded along all other axes, so that whole slices move; else None."""
    if index.ndim == 1:
        return index
    if 0 not in index.strides:
        return None
    for k, n in enumerate(index.shape):
        if k != axis and (n != x.shape[k] or n == 0 or (n != 1 and index.strides[k] != 0)):
            return None
    return index[tuple([_ALL if k == axis else 0 for k in range(index.ndim)])]


def _places(shape: Shape, index: Array, axis: int) -> Array:
    """Row-major places in an array of `shape` that `take_along_axis` reads."""
    places = index.astype(np.int64, copy=False)
    offsets: Array | None = None
    step = 1
    for k in range(len(shape) - 1, -1, -1):
        if k == axis:
            if step != 1:
                places = places * step
        elif index.shape[k] > 1:
            # all other axes first, among themselves: one pass over the index remains
            along = (np.arange(index.shape[k]) * step).reshape([-1 if j == k else 1 for j in range(len(shape))])
            offsets = along if offsets is None else offsets + along
        step *= shape[k]
    return places if offsets is None else places + offsets
