"""Other shapes and orders of the same elements, and arrays joined or repeated. axis: counted from the end if negative.

Views where the memory allows it. Raises DimError (an IndexError and ValueError) for an axis out of range, ShapeError
(a ValueError) for shapes that do not fit. Shapes and axes may be lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._creation import shape_of
from gputensor.array_api._promotion import all_of, array
from gputensor.errors import ShapeError
from gputensor.ops.dims import DimError

Axes = int | Sequence[int]


def axes_of(name: str, x: Any, axis: Any) -> tuple[int, ...]:
    """Axes as non-negative ints, in the order given. Raises DimError out of range, ShapeError for one twice."""
    n = x.array.ndim
    if type(axis) is int and -n <= axis < n:
        return (axis % n,)
    given = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    for k in given:
        if isinstance(k, bool) or not hasattr(k, "__index__"):
            raise TypeError(f"{name}: axis must be an int or a tuple of ints, got {axis!r:.40}")
        if not -n <= k < n:
            raise DimError(
                f"{name}: axis {k} is out of range for x of shape {tuple(x.array.shape)}; use {-n} <= axis < {n}"
            )
    out = tuple([k.__index__() % n for k in given])
    if len(set(out)) != len(out):
        raise ShapeError(f"{name}: axis {axis} names one axis twice")
    return out


def broadcast_arrays(*arrays: gt.Tensor) -> tuple[Array, ...]:
    """Arrays broadcast against each other: read-only views of one shape.

    >>> from gputensor import array_api as xp
    >>> xp.broadcast_arrays(xp.asarray([1, 2]), xp.asarray(3))[1]
    Array([3, 3])
    """
    if not arrays:
        return ()
    return tuple([made(t) for t in gt.broadcast_tensors(*[plain(x) for x in arrays])])


def broadcast_shapes(*shapes: Sequence[int | None]) -> tuple[int | None, ...]:
    """The shape that arrays of these shapes broadcast to. None, an unknown size, stays unknown unless another shape
    tells it.

    Raises ShapeError where they do not broadcast.

    >>> from gputensor import array_api as xp
    >>> xp.broadcast_shapes((2, 1), (3,)), xp.broadcast_shapes((None, 1), (3,))
    ((2, 3), (None, 3))
    """
    out: list[int | None] = [1] * max([len(shape) for shape in shapes], default=0)
    for shape in shapes:
        for k in range(1, len(shape) + 1):
            have, size = out[-k], shape[-k]
            if size == 1 or size == have:
                continue
            if have == 1 or have is None:
                out[-k] = size
            elif size is not None:
                listed = ", ".join([str(tuple(s)) for s in shapes])
                raise ShapeError(f"broadcast_shapes: shapes {listed} do not broadcast: sizes {have} and {size} meet")
    return tuple(out)


def broadcast_to(x: gt.Tensor, /, shape: Sequence[int]) -> Array:
    """x repeated to a shape, as a view: new axes in front, axes of size 1 stretched.

    >>> from gputensor import array_api as xp
    >>> xp.broadcast_to(xp.asarray([1, 2]), (2, 2))
    Array([[1, 2],
           [1, 2]])
    """
    return made(gt.broadcast_to(plain(x), shape_of("broadcast_to", shape)))


def concat(arrays: Sequence[gt.Tensor], /, *, axis: int | None = 0) -> Array:
    """Arrays, or the slices of one array, one behind the other along an existing axis; flattened first if axis is None.

    Dtypes promote.

    >>> from gputensor import array_api as xp
    >>> xp.concat([xp.asarray([1, 2]), xp.asarray([3])])
    Array([1, 2, 3])
    """
    arrays = list(arrays)
    if not arrays:
        raise ShapeError("concat: there are no arrays to concatenate")
    xs = all_of("concat", arrays)
    if axis is None or len(xs) == 1:
        xs = [plain(x) for x in xs]
    if axis is None:
        return made(gt.cat([x.reshape(-1) for x in xs], 0))
    (k,) = axes_of("concat", xs[0], axis)
    # the other door takes arrays of shape (0,) for nothing at all, whatever the others' dims
    if any([x.ndim != xs[0].ndim for x in xs]):
        raise ShapeError(f"concat: the arrays must have the same number of dims, got {[tuple(x.shape) for x in xs]}")
    return made(gt.cat(xs, k))


def expand_dims(x: gt.Tensor, /, axis: Axes) -> Array:
    """x with new axes of size 1, which stand at these places of the result; a view.

    >>> from gputensor import array_api as xp
    >>> xp.expand_dims(xp.ones((2, 3)), axis=(0, -1)).shape
    gputensor.Size([1, 2, 3, 1])
    """
    t = plain(x)
    given = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    n = t.ndim + len(given)
    for k in given:
        if not -n <= k < n:
            raise DimError(
                f"expand_dims: axis {k} is out of range for the result of x of shape {tuple(t.shape)}; use {-n} <= "
                f"axis < {n}"
            )
    places = sorted([k % n for k in given])
    if len(set(places)) != len(places):
        raise ShapeError(f"expand_dims: axis {axis} names one axis twice")
    for k in places:
        t = gt.unsqueeze(t, k)
    return made(t)


def flip(x: gt.Tensor, /, *, axis: Axes | None = None) -> Array:
    """x with the order of the elements reversed along the axes, or along all.

    >>> from gputensor import array_api as xp
    >>> xp.flip(xp.asarray([1, 2, 3]))
    Array([3, 2, 1])
    """
    t = array("flip", x)
    return made(gt.flip(t, tuple(range(t.ndim)) if axis is None else axes_of("flip", t, axis)))


def moveaxis(x: gt.Tensor, source: Axes, destination: Axes, /) -> Array:
    """x with the axes `source` at the places `destination`, the others in order; a view.

    >>> from gputensor import array_api as xp
    >>> xp.moveaxis(xp.ones((2, 3, 4)), 0, -1).shape
    gputensor.Size([3, 4, 2])
    """
    t = array("moveaxis", x)
    return made(gt.movedim(t, axes_of("moveaxis", t, source), axes_of("moveaxis", t, destination)))


def permute_dims(x: gt.Tensor, /, axes: Sequence[int]) -> Array:
    """x with its axes in another order: axis k of the result is axis ``axes[k]`` of x; a view.

    >>> from gputensor import array_api as xp
    >>> xp.permute_dims(xp.ones((2, 3)), (1, 0)).shape
    gputensor.Size([3, 2])
    """
    t = array("permute_dims", x)
    return made(gt.permute(t, axes_of("permute_dims", t, tuple(axes))))


def repeat(x: gt.Tensor, repeats: Any, /, *, axis: int | None = None) -> Array:
    """x with each element (or slice along axis) repeated: as often as one int says, or each as its int says.

    axis None: of the flattened x.

    >>> from gputensor import array_api as xp
    >>> xp.repeat(xp.asarray([1, 2]), xp.asarray([2, 1]))
    Array([1, 1, 2])
    """
    t = plain(x)
    if axis is None:
        t, k = t.reshape(-1), 0
    else:
        (k,) = axes_of("repeat", t, axis)
    if isinstance(repeats, (gt.Tensor, list, tuple)):
        counts = plain(gt.as_tensor(repeats, device=t.device)).to(gt.int64)
        if counts.ndim == 0 or counts.shape[0] == 1:
            counts = gt.broadcast_to(counts, (t.shape[k],))
        return made(gt.repeat_interleave(t, counts, k))
    return made(gt.repeat_interleave(t, repeats, k))


def reshape(x: gt.Tensor, /, shape: Sequence[int], *, copy: bool | None = None) -> Array:
    """The elements of x, in order, in another shape; one size may be -1, the one that is left.

    copy: True copies, False raises ShapeError (a ValueError) where the memory does not allow a view, None copies only
    then.

    >>> from gputensor import array_api as xp
    >>> xp.reshape(xp.arange(4), (2, -1))
    Array([[0, 1],
           [2, 3]])
    """
    t = plain(x)
    sizes = shape_of("reshape", shape)
    out = gt.reshape(t, sizes)
    if out.array.size and copy is not None:
        is_view = t.xp.is_view_of(out.array, t.array)
        if copy and is_view:
            return made(out.clone())
        if copy is False and not is_view:
            raise ShapeError(
                f"reshape: x of shape {tuple(t.shape)} has its elements in an order that gives no view of shape "
                f"{tuple(sizes)}; leave copy=False out"
            )
    return made(out)


def roll(x: gt.Tensor, /, shift: Axes, *, axis: Axes | None = None) -> Array:
    """x with the elements moved along the axes; what leaves at the end enters at the front. axis None: flattened.

    >>> from gputensor import array_api as xp
    >>> xp.roll(xp.asarray([1, 2, 3]), 1)
    Array([3, 1, 2])
    """
    t = plain(x)
    if axis is None:
        return made(gt.roll(t, shift))
    given = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    axes = [axes_of("roll", t, k)[0] for k in given]  # an axis may come twice here
    shifts: Any = tuple(shift) if isinstance(shift, (tuple, list)) else (shift,) * len(axes)
    return made(gt.roll(t, shifts, tuple(axes)))


def squeeze(x: gt.Tensor, /, axis: Axes) -> Array:
    """x without these axes, each of which has to have size 1; a view. Raises ShapeError (a ValueError) otherwise.

    >>> from gputensor import array_api as xp
    >>> xp.squeeze(xp.ones((1, 3)), axis=0).shape
    gputensor.Size([3])
    """
    t = array("squeeze", x)
    axes = axes_of("squeeze", t, axis)
    for k in axes:
        if t.shape[k] != 1:
            raise ShapeError(f"squeeze: axis {k} of x of shape {tuple(t.shape)} has size {t.shape[k]}, not 1")
    return made(gt.squeeze(t, axes) if axes else t)


def stack(arrays: Sequence[gt.Tensor], /, *, axis: int = 0) -> Array:
    """Arrays of one shape along a new axis, or the slices of one array. Dtypes promote.

    >>> from gputensor import array_api as xp
    >>> xp.stack([xp.asarray([1, 2]), xp.asarray([3, 4])], axis=1)
    Array([[1, 3],
           [2, 4]])
    """
    arrays = list(arrays)
    if not arrays:
        raise ShapeError("stack: there are no arrays to stack")
    return made(gt.stack([plain(x) for x in all_of("stack", arrays)], axis))


def tile(x: gt.Tensor, repetitions: Sequence[int], /) -> Array:
    """x repeated as a whole along each axis; new axes in front where there are more repetitions than axes.

    >>> from gputensor import array_api as xp
    >>> xp.tile(xp.asarray([1, 2]), (2, 2))
    Array([[1, 2, 1, 2],
           [1, 2, 1, 2]])
    """
    return made(gt.tile(plain(x), shape_of("tile", repetitions)))


def unstack(x: gt.Tensor, /, *, axis: int = 0) -> tuple[Array, ...]:
    """The slices along an axis, as views without it.

    >>> from gputensor import array_api as xp
    >>> xp.unstack(xp.asarray([[1, 2], [3, 4]]))
    (Array([1, 2]), Array([3, 4]))
    """
    t = array("unstack", x)
    (k,) = axes_of("unstack", t, axis)
    return tuple([made(part) for part in gt.unbind(t, k)])
