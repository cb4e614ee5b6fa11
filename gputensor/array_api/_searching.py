"""Where elements are: extremes, nonzeros, places in a sorted array, choices, gathering, different values, order.

Raises DimError (an IndexError and ValueError) for an axis out of range. Results that are places are int64 and have no
gradient.
"""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._manipulation import axes_of
from gputensor.array_api._promotion import ANY, INTEGER, REAL, array, check_kind, tensors
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ShapeError

Number = bool | int | float | complex


def argmax(x: gt.Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """The place of the largest element, the first of several, along an axis or in the flattened x.

    >>> from gputensor import array_api as xp
    >>> xp.argmax(xp.asarray([1, 3, 2]))
    Array(1)
    """
    check_kind("argmax", x, REAL)
    t = plain(x)
    return made(gt.argmax(t, None if axis is None else axes_of("argmax", t, axis)[0], keepdims))


def argmin(x: gt.Tensor, /, *, axis: int | None = None, keepdims: bool = False) -> Array:
    """The place of the smallest element, the first of several, along an axis or in the flattened x.

    >>> from gputensor import array_api as xp
    >>> xp.argmin(xp.asarray([2, 1, 3]))
    Array(1)
    """
    check_kind("argmin", x, REAL)
    t = plain(x)
    return made(gt.argmin(t, None if axis is None else axes_of("argmin", t, axis)[0], keepdims))


def count_nonzero(x: gt.Tensor, /, *, axis: Any = None, keepdims: bool = False) -> Array:
    """How many elements are not 0, in all or along the axes.

    >>> from gputensor import array_api as xp
    >>> xp.count_nonzero(xp.asarray([0, 2, 3]))
    Array(2)
    """
    t = plain(x)
    axes = None if axis is None else axes_of("count_nonzero", t, axis)
    nonzero = t != 0
    if axes == ():
        return made(nonzero.to(gt.int64))
    return made(gt.sum(nonzero, axes, keepdims))


def nonzero(x: gt.Tensor, /) -> tuple[Array, ...]:
    """The places of the elements that are not 0: one array an axis. Waits for the GPU. Raises ShapeError for 0 dims.

    >>> from gputensor import array_api as xp
    >>> xp.nonzero(xp.asarray([0, 2, 3]))
    (Array([1, 2]),)
    """
    check_kind("nonzero", x, ANY)
    t = plain(x)
    if not t.array.ndim:
        raise ShapeError("nonzero: a 0-d array has no axes; reshape it to (1,)")
    return tuple([made(i) for i in gt.nonzero(t, as_tuple=True)])


def searchsorted(
    x1: gt.Tensor, x2: gt.Tensor | float, /, *, side: str = "left", sorter: gt.Tensor | None = None
) -> Array:
    """The places where the elements of x2 would be inserted into x1, which is sorted, or sorted by `sorter`.

    side: "left" gives the first such place, "right" the last. nan counts as the largest. Raises ValueError for another
    side.

    >>> from gputensor import array_api as xp
    >>> xp.searchsorted(xp.asarray([1, 3, 5]), xp.asarray([3, 4]))
    Array([1, 2])
    """
    a, b = tensors("searchsorted", x1, x2, REAL)
    return made(gt.searchsorted(plain(a), plain(b), side=side, sorter=None if sorter is None else plain(sorter)))


@overload
def where(condition: gt.Tensor, /) -> tuple[Array, ...]: ...
@overload
def where(condition: gt.Tensor, x1: gt.Tensor | Number, x2: gt.Tensor | Number, /) -> Array: ...
def where(
    condition: gt.Tensor, x1: gt.Tensor | Number | None = None, x2: gt.Tensor | Number | None = None, /
) -> Array | tuple[Array, ...]:
    """Elements of x1 where the condition holds, of x2 elsewhere. Shapes broadcast, dtypes promote.

    The condition alone gives the places where it holds, see `nonzero`: no part of the standard, but NumPy, CuPy and
    PyTorch have it, and scikit-learn calls it. Raises TypeError for x1 without x2.

    >>> from gputensor import array_api as xp
    >>> xp.where(xp.asarray([True, False]), xp.asarray([1, 2]), 0)
    Array([1, 0])
    """
    if x1 is None or x2 is None:
        if x1 is not x2:
            raise TypeError(
                "where: x1 came without x2; give both, or the condition alone for the places where it holds"
            )
        return nonzero(condition)
    if isinstance(x1, TensorBase) or isinstance(x2, TensorBase):
        a, b = tensors("where", x1, x2, ANY)
        return made(gt.where(condition, a, b))
    return made(gt.where(plain(condition), x1, x2))


def take(x: gt.Tensor, indices: gt.Tensor, /, *, axis: int | None = None) -> Array:
    """The slices of x at the indices along an axis, which only a 1-d x may leave out.

    indices: integers; of more than one dim they put their shape in place of the axis. Raises IndexError out of range
    (on the CPU).

    >>> from gputensor import array_api as xp
    >>> xp.take(xp.asarray([10, 20, 30]), xp.asarray([2, 0]))
    Array([30, 10])
    """
    t = plain(x)
    if axis is None:
        if t.ndim != 1:
            raise ShapeError(f"take: axis may be left out for 1 dim only, and x has shape {tuple(t.shape)}")
        axis = 0
    (k,) = axes_of("take", t, axis)
    return made(t[(*(slice(None),) * k, _indices("take", indices))])


def take_along_axis(x: gt.Tensor, indices: gt.Tensor, /, *, axis: int = -1) -> Array:
    """The elements of x at indices along an axis, each row with indices of its own, as `argsort` gives them.

    The other axes broadcast. Raises IndexError out of range (on the CPU).

    >>> from gputensor import array_api as xp
    >>> x = xp.asarray([[3, 1, 2]])
    >>> xp.take_along_axis(x, xp.argsort(x))
    Array([[1, 2, 3]])
    """
    t = array("take_along_axis", x)
    (k,) = axes_of("take_along_axis", t, axis)
    return made(gt.take_along_dim(t, _indices("take_along_axis", indices), k))


def _indices(name: str, indices: Any) -> Any:
    if not isinstance(indices, TensorBase):
        return gt.as_tensor(indices)
    check_kind(name, indices, INTEGER)
    return plain(indices).to(gt.int64)


# ---------------------------------------------------------------- sets


class UniqueAll(NamedTuple):
    """What `unique_all` gives."""

    values: Array
    indices: Array
    inverse_indices: Array
    counts: Array


class UniqueCounts(NamedTuple):
    """What `unique_counts` gives."""

    values: Array
    counts: Array


class UniqueInverse(NamedTuple):
    """What `unique_inverse` gives."""

    values: Array
    inverse_indices: Array


def unique_all(x: gt.Tensor, /) -> UniqueAll:
    """The different values, ascending, with the first place of each in the flattened x, the place in the result of
    each element, and how often each occurs. Every nan is a value of its own. Waits for the GPU.

    >>> from gputensor import array_api as xp
    >>> xp.unique_all(xp.asarray([3, 1, 3])).indices
    Array([1, 0])
    """
    values, inverse, counts = _unique("unique_all", x)
    flat = inverse.reshape(-1)
    n = flat.shape[0]
    order = gt.argsort(flat, stable=True)
    firsts = gt.cumsum(counts, 0) - counts
    indices = order[firsts] if n else order
    return UniqueAll(made(values), made(indices), made(inverse), made(counts))


def unique_counts(x: gt.Tensor, /) -> UniqueCounts:
    """The different values, ascending, and how often each occurs. Every nan is a value of its own. Waits for the GPU.

    >>> from gputensor import array_api as xp
    >>> xp.unique_counts(xp.asarray([3, 1, 3])).counts
    Array([1, 2])
    """
    values, _, counts = _unique("unique_counts", x)
    return UniqueCounts(made(values), made(counts))


def unique_inverse(x: gt.Tensor, /) -> UniqueInverse:
    """The different values, ascending, and the place in the result of each element of x, in its shape.

    Every nan is a value of its own. Waits for the GPU.

    >>> from gputensor import array_api as xp
    >>> xp.unique_inverse(xp.asarray([3, 1, 3])).inverse_indices
    Array([1, 0, 1])
    """
    values, inverse, _ = _unique("unique_inverse", x)
    return UniqueInverse(made(values), made(inverse))


def unique_values(x: gt.Tensor, /) -> Array:
    """The different values, ascending. Every nan is a value of its own. Waits for the GPU.

    >>> from gputensor import array_api as xp
    >>> xp.unique_values(xp.asarray([3, 1, 3]))
    Array([1, 3])
    """
    return made(_unique("unique_values", x)[0])


def _unique(name: str, x: Any) -> Any:
    check_kind(name, x, ANY)
    t = plain(x).detach()
    if not t.is_complex():
        return gt.unique(t, return_inverse=True, return_counts=True)
    # complex numbers as pairs, in lexicographic order
    pairs = gt.view_as_real(t.reshape(-1).clone())
    if not pairs.shape[0]:
        nothing = gt.zeros(0, dtype=gt.int64, device=t.device)
        return t.reshape(-1), nothing.reshape(t.shape), nothing
    values, inverse, counts = gt.unique(pairs + 0.0, return_inverse=True, return_counts=True, dim=0)
    return gt.view_as_complex(values.contiguous()), inverse.reshape(t.shape), counts


def isin(x1: gt.Tensor | int, x2: gt.Tensor | int, /, *, invert: bool = False) -> Array:
    """Whether each element of x1 is one of the elements of x2, or with invert, is none of them.

    >>> from gputensor import array_api as xp
    >>> xp.isin(xp.asarray([1, 2, 3]), xp.asarray([3, 1]))
    Array([ True, False,  True])
    """
    a, b = tensors("isin", x1, x2, ANY)
    return made(gt.isin(plain(a), plain(b), invert=invert))


# ---------------------------------------------------------------- order


def sort(x: gt.Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """The elements in ascending (or descending) order along an axis; nan last (or first).

    >>> from gputensor import array_api as xp
    >>> xp.sort(xp.asarray([3, 1, 2]))
    Array([1, 2, 3])
    """
    check_kind("sort", x, REAL)
    t = plain(x)
    (k,) = axes_of("sort", t, axis)
    return made(gt.sort(t, k, descending, stable=stable)[0])


def argsort(x: gt.Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Array:
    """The places of the elements in ascending (or descending) order along an axis; equal ones stay in order if stable.

    >>> from gputensor import array_api as xp
    >>> xp.argsort(xp.asarray([3, 1, 2]))
    Array([1, 2, 0])
    """
    check_kind("argsort", x, REAL)
    t = plain(x)
    (k,) = axes_of("argsort", t, axis)
    return made(gt.argsort(t, k, descending, stable=stable))
