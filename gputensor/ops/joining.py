"""Joining tensors along a dim that they have, or along a new one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import applyn, promote, wrap
from gputensor.core.primitive import Primitive
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.creation import zeros
from gputensor.ops.dims import ABSENT, checked, numpy_dim, one_dim
from gputensor.ops.expanding import broadcast_tensors
from gputensor.ops.indexing import getitem
from gputensor.ops.out_argument import into
from gputensor.ops.shape import atleast_1d, atleast_2d, atleast_3d, ravel, reshape

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_MOST = 2**34  # bytes that the combinations and their places may take


class Cat(Primitive):
    """sizes: those of the operands along axis, so that a gradient can be cut without them."""

    __slots__ = ("axis", "sizes")

    def __init__(self, axis: int, sizes: tuple[int, ...]) -> None:
        self.axis, self.sizes = axis, sizes

    def forward(self, xp: Any, *xs: Any) -> Any:
        return xp.concat(xs, self.axis)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        before = (slice(None),) * self.axis
        ends = list(itertools.accumulate(self.sizes))
        return [xp.getitem(g, (*before, slice(end - n, end))) for n, end in zip(self.sizes, ends, strict=True)]


class Stack(Primitive):
    __slots__ = ("axis", "count")

    def __init__(self, axis: int, count: int) -> None:
        self.axis, self.count = axis, count

    def forward(self, xp: Any, *xs: Any) -> Any:
        return xp.stack(xs, self.axis)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        before = (slice(None),) * self.axis
        return [xp.getitem(g, (*before, k)) for k in range(self.count)]


def cat(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = ABSENT, out: Tensor | None = None) -> Tensor:
    """Tensors one after another along a dim that they have; a copy.

    tensors: (..., n_k, ...), equal in all other dims -> (..., sum n_k, ...). dtypes promote; tensors of shape (0,) are
    left out, whatever the others' shapes. axis: another name of dim. Raises ShapeError for none, for 0-d tensors and
    for sizes that do not match, DimError (an IndexError) for a dim out of range, DeviceError for tensors on different
    devices.

    >>> import gputensor as gt
    >>> gt.cat([gt.tensor([1, 2]), gt.tensor([3])])
    tensor([1, 2, 3])
    """
    result = _joined("cat", tensors, dim if axis is ABSENT else numpy_dim("cat", dim, axis, 0))
    return result if out is None else into("cat", out, result, reads=tensors)


def concat(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = ABSENT, out: Tensor | None = None) -> Tensor:
    """`cat` under the array standard's name.

    >>> import gputensor as gt
    >>> gt.concat([gt.tensor([1, 2]), gt.tensor([3])])
    tensor([1, 2, 3])
    """
    result = _joined("concat", tensors, dim if axis is ABSENT else numpy_dim("concat", dim, axis, 0))
    return result if out is None else into("concat", out, result)


def concatenate(
    tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = ABSENT, out: Tensor | None = None
) -> Tensor:
    """`cat` under NumPy's name.

    >>> import gputensor as gt
    >>> gt.concatenate([gt.tensor([1, 2]), gt.tensor([3])])
    tensor([1, 2, 3])
    """
    result = _joined("concatenate", tensors, dim if axis is ABSENT else numpy_dim("concatenate", dim, axis, 0))
    return result if out is None else into("concatenate", out, result)


def stack(tensors: Sequence[Tensor], dim: int = 0, *, axis: int | None = ABSENT, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape beside each other along a new dim; a copy.

    (...) each -> (..., count, ...), the new dim at place dim of the result. dtypes promote. axis: another name of dim.
    Raises ShapeError for none and for different shapes, DimError (an IndexError) for a dim out of range, DeviceError
    for tensors on different devices.

    >>> import gputensor as gt
    >>> gt.stack([gt.tensor([1, 2]), gt.tensor([3, 4])], 1)
    tensor([[1, 3],
            [2, 4]])
    """
    xs = _alike("stack", _sequence("stack", tensors))
    shape = tuple(xs[0].array.shape)
    place = one_dim("stack", dim if axis is ABSENT else numpy_dim("stack", dim, axis, 0), len(shape) + 1, shape)
    for k, x in enumerate(xs):
        if tuple(x.array.shape) != shape:
            raise ShapeError(
                f"stack: all tensors must have one shape, but tensor 0 has {shape} and tensor {k} has "
                f"{tuple(x.array.shape)}"
            )
    result = applyn(Stack(place, len(xs)), xs)
    return result if out is None else into("stack", out, result)


def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors side by side: joined along dim 1, vectors along dim 0.

    Raises as `cat` does.

    >>> import gputensor as gt
    >>> gt.hstack([gt.tensor([1, 2]), gt.tensor([3])])
    tensor([1, 2, 3])
    """
    xs = atleast_1d(_sequence("hstack", tensors))
    result = _joined("hstack", xs, 0 if xs[0].array.ndim == 1 else 1)
    return result if out is None else into("hstack", out, result)


def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one below the other: joined along dim 0, vectors as rows.

    Raises as `cat` does.

    >>> import gputensor as gt
    >>> gt.vstack([gt.tensor([1, 2]), gt.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    result = _joined("vstack", atleast_2d(_sequence("vstack", tensors)), 0)
    return result if out is None else into("vstack", out, result)


def row_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """`vstack` under another name.

    >>> import gputensor as gt
    >>> gt.row_stack([gt.tensor([1, 2]), gt.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    result = _joined("row_stack", atleast_2d(_sequence("row_stack", tensors)), 0)
    return result if out is None else into("row_stack", out, result)


def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors behind each other: joined along dim 2, vectors (n,) as (1, n, 1) and matrices (n, m) as (n, m, 1).

    Raises as `cat` does.

    >>> import gputensor as gt
    >>> gt.dstack([gt.tensor([1, 2]), gt.tensor([3, 4])])
    tensor([[[1, 3],
             [2, 4]]])
    """
    result = _joined("dstack", atleast_3d(_sequence("dstack", tensors)), 2)
    return result if out is None else into("dstack", out, result)


def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors side by side, vectors and 0-d tensors as columns.

    Raises as `cat` does.

    >>> import gputensor as gt
    >>> gt.column_stack([gt.tensor([1, 2]), gt.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    xs = [checked("column_stack", x) for x in _sequence("column_stack", tensors)]
    result = _joined("column_stack", [x if x.array.ndim > 1 else reshape(x, (x.array.size, 1)) for x in xs], 1)
    return result if out is None else into("column_stack", out, result)


def block_diag(*tensors: Tensor) -> Tensor:
    """The matrix with the given matrices along its diagonal and zeros elsewhere; vectors are rows, 0-d tensors 1 by 1.

    dtypes promote. Raises ShapeError for more than two dims.

    >>> import gputensor as gt
    >>> gt.block_diag(gt.tensor([[1, 2]]), gt.tensor([3]))
    tensor([[1, 2, 0],
            [0, 0, 3]])
    """
    if not tensors:
        return zeros(1, 0)
    xs = _alike("block_diag", tensors)
    for k, x in enumerate(xs):
        if x.array.ndim > 2:
            raise ShapeError(f"block_diag: expected at most 2 dims, but tensor {k} has shape {tuple(x.array.shape)}")
    blocks = [x if x.array.ndim == 2 else reshape(x, (1, x.array.size)) for x in xs]
    width = sum([b.array.shape[1] for b in blocks])
    xp = xs[0].xp
    rows, start = [], 0
    for block in blocks:
        height, n = block.array.shape
        left = wrap(xp.zeros((height, start), block.array.dtype), xp)
        right = wrap(xp.zeros((height, width - start - n), block.array.dtype), xp)
        rows.append(_joined("block_diag", [left, block, right], 1))
        start += n
    return _joined("block_diag", rows, 0)


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of a grid: each vector expanded over all the others, as views that cannot be written.

    tensors: (n_1,), (n_2,), …, of one dtype -> as many of shape (n_1, n_2, …). indexing: "ij" (the default) or "xy",
    which swaps the first two dims. Raises ShapeError for more than one dim and for none, DtypeError for different
    dtypes, ValueError for another indexing.

    >>> import gputensor as gt
    >>> rows, columns = gt.meshgrid(gt.tensor([1, 2]), gt.tensor([3, 4]))
    >>> rows, columns
    (tensor([[1, 1],
            [2, 2]]), tensor([[3, 4],
            [3, 4]]))
    """
    given = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    xs = [checked("meshgrid", x) for x in _sequence("meshgrid", given)]
    if indexing not in (None, "ij", "xy"):
        raise ShapeError(f"meshgrid: indexing must be 'ij' or 'xy', got {indexing!r}")
    for k, x in enumerate(xs):
        if x.array.dtype != xs[0].array.dtype:
            raise DtypeError(
                f"meshgrid: all tensors must have one dtype, but tensor 0 has {xs[0].dtype} and tensor {k} "
                f"has {x.dtype}"
            )
        if x.array.ndim > 1:
            raise ShapeError(f"meshgrid: expected vectors, but tensor {k} has shape {tuple(x.array.shape)}")
    swap = indexing == "xy" and len(xs) > 1
    order = [1, 0, *range(2, len(xs))] if swap else list(range(len(xs)))
    axes = [reshape(xs[k], [-1 if j == i else 1 for j in range(len(xs))]) for i, k in enumerate(order)]
    grids = broadcast_tensors(*axes)
    return tuple([grids[k] for k in order])


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of one element of each vector, as rows; of a single vector, itself.

    tensors: (n_1,), (n_2,), …, of one dtype -> (n_1 * n_2 * …, count). Raises as `meshgrid` does.

    >>> import gputensor as gt
    >>> gt.cartesian_prod(gt.tensor([1, 2]), gt.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    for x in tensors:
        if checked("cartesian_prod", x).array.ndim != 1:
            raise ShapeError(f"cartesian_prod: expected vectors, got shape {tuple(x.array.shape)}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([ravel(grid) for grid in meshgrid(*tensors)], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of r elements of a vector, in the order of their places, as rows: (n,) -> (count, r).

    with_replacement: an element may come several times. Raises ShapeError unless input is a vector, ValueError for a
    negative r, and for more rows than 16 GiB hold with their places, which is said with their number.
    Unlike torch: there is such a bound.

    >>> import gputensor as gt
    >>> gt.combinations(gt.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    x = checked("combinations", input)
    if x.array.ndim != 1:
        raise ShapeError(f"combinations: expected a vector, got shape {tuple(x.array.shape)}")
    if r < 0:
        raise ShapeError(f"combinations: r must not be negative, got {r}")
    if not r:
        return getitem(x, slice(0, 0)).clone()
    n = x.array.size
    count = math.comb(n + r - 1 if with_replacement else n, r) if n else 0
    needed = count * r * (8 + x.array.dtype.itemsize)
    if needed > _MOST:
        raise ArgumentError(
            f"combinations: {r} of {n} elements would make {count} rows, which need {needed / 2**30:.3g} GiB; go "
            f"through itertools.combinations row by row"
        )
    return getitem(x, wrap(x.xp.from_host(_chosen(n, r, with_replacement, count)), x.xp))


def _chosen(n: int, r: int, again: bool, count: int) -> np.ndarray:
    """The places of all combinations as rows, column by column: a row goes on with every place that may follow."""
    if not count:
        return np.empty((0, r), np.int64)
    rows = np.empty((1, 0), np.int64)
    for k in range(r):
        first = np.zeros(1, np.int64) if not k else rows[:, -1] + (0 if again else 1)
        # as many places must stay as are still to be chosen
        follow = n - (0 if again else r - 1 - k) - first
        start = np.cumsum(follow) - follow
        new = np.arange(int(follow.sum())) - np.repeat(start - first, follow)
        rows = np.concatenate([np.repeat(rows, follow, 0), new[:, None]], 1)
    return rows


def _sequence(name: str, tensors: Any) -> Sequence[Any]:
    if not isinstance(tensors, (tuple, list)):
        raise TypeError(f"{name}: expected a tuple or list of tensors, got {type(tensors).__name__}")
    if not tensors:
        raise ShapeError(f"{name}: expected at least one tensor, got none")
    return tensors


def _alike(name: str, xs: Sequence[Any]) -> Sequence[Any]:
    """Tensors of one dtype and one device."""
    first = checked(name, xs[0])
    d, xp = first.array.dtype, first.xp
    for x in xs:
        if checked(name, x).array.dtype is not d or x.xp is not xp:
            return promote(name, xs)
    return xs


def _joined(name: str, tensors: Any, dim: Any) -> Any:
    xs = _alike(name, _sequence(name, tensors))
    shapes = [x.array.shape for x in xs]
    if (0,) in shapes:
        # PyTorch's old rule: a vector without elements joins anything
        xs = [x for x in xs if x.array.shape != (0,)] or xs[:1]
        shapes = [x.array.shape for x in xs]
    axis = 0 if shapes[0] == (0,) else one_dim(name, dim, len(shapes[0]), shapes[0])
    try:
        return applyn(Cat(axis, tuple([s[axis] for s in shapes])), xs)
    except (ShapeError, IndexError):
        raise _join_error(name, [tuple(s) for s in shapes], axis) from None


def _join_error(name: str, shapes: Sequence[tuple[int, ...]], axis: int) -> ShapeError:
    for k, shape in enumerate(shapes):
        if not shape:
            return ShapeError(f"{name}: tensor {k} is 0-d and has no dim to join along; use stack(), or reshape(1) it")
        if len(shape) != len(shapes[0]):
            return ShapeError(
                f"{name}: all tensors must have equally many dims, but tensor 0 has shape {shapes[0]} and "
                f"tensor {k} {shape}"
            )
    first = shapes[0]
    for k, shape in enumerate(shapes):
        if shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
            return ShapeError(
                f"{name}: sizes must be equal but in dim {axis}, and tensor 0 has shape {first}, tensor {k} {shape}"
            )
    return ShapeError(f"{name}: cannot join tensors of shapes {', '.join(map(str, shapes))} along dim {axis}")
