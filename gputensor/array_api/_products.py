"""Products of vectors and matrices, which the main namespace and `linalg` share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._promotion import NUMERIC, all_of, array, check_kind
from gputensor.errors import ShapeError
from gputensor.ops.dims import DimError


def pair(name: str, x1: Any, x2: Any) -> tuple[Any, Any]:
    """Two numeric arrays as Tensors of one dtype."""
    x, y = all_of(name, (x1, x2))
    check_kind(name, x, NUMERIC)
    return plain(x), plain(y)


def matmul(x1: gt.Tensor, x2: gt.Tensor, /) -> Array:
    """Matrix product: (..., n, k) @ (..., k, m) -> (..., n, m); leading dims broadcast, dtypes promote.

    A 1-d operand is a row on the left and a column on the right, and its dim is dropped. Raises ShapeError (a
    ValueError) for inner sizes that differ and 0-d operands.

    >>> from gputensor import array_api as xp
    >>> xp.matmul(xp.asarray([[1, 2], [3, 4]]), xp.asarray([1, 1]))
    Array([3, 7])
    """
    return made(gt.matmul(*pair("matmul", x1, x2)))


def matrix_transpose(x: gt.Tensor, /) -> Array:
    """The matrices in the last two dims transposed, a view. Raises ShapeError for fewer than two dims.

    >>> from gputensor import array_api as xp
    >>> xp.matrix_transpose(xp.ones((2, 3, 4))).shape
    gputensor.Size([2, 4, 3])
    """
    t = array("matrix_transpose", x)
    if t.ndim < 2:
        raise ShapeError(f"matrix_transpose: expected at least 2 dims, got shape {tuple(t.shape)}")
    return made(gt.transpose(t, -2, -1))


def tensordot(x1: gt.Tensor, x2: gt.Tensor, /, *, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Array:
    """Sums of products over several axes at once: the last `axes` ones of x1 and the first of x2, or those named for
    each.

    The result has the other axes of x1, then those of x2. Raises ShapeError (a ValueError) for sizes that differ.

    >>> from gputensor import array_api as xp
    >>> xp.tensordot(xp.ones((2, 3, 4)), xp.ones((3, 4, 5)), axes=2).shape
    gputensor.Size([2, 5])
    """
    x, y = pair("tensordot", x1, x2)
    if isinstance(axes, (tuple, list)):
        lists: list[Any] = [tuple(a) if isinstance(a, (tuple, list)) else (a,) for a in axes]
        if len(lists) == 2:
            _check_met(x, y, lists[0], lists[1])
            if not lists[0] and not lists[1]:
                axes = 0
    else:
        n = axes
        _check_met(x, y, range(x.ndim - n, x.ndim), range(n))
    return made(gt.tensordot(x, y, axes))


def _check_met(x: Any, y: Any, froms: Sequence[int], tos: Sequence[int]) -> None:
    """Raise ShapeError where axes that meet differ in size: the other door broadcasts size 1."""
    for i, k in zip(froms, tos, strict=False):
        if -x.ndim <= i < x.ndim and -y.ndim <= k < y.ndim and x.shape[i] != y.shape[k]:
            raise ShapeError(
                f"tensordot: axis {i} of shape {tuple(x.shape)} and axis {k} of shape {tuple(y.shape)} must have the "
                "same size"
            )


def vecdot(x1: gt.Tensor, x2: gt.Tensor, /, *, axis: int = -1) -> Array:
    """Sums of conj(x1) * x2 along an axis, counted from the end; the other axes broadcast, dtypes promote.

    Raises ShapeError (a ValueError) for sizes along the axis that differ, DimError for an axis out of range.

    >>> from gputensor import array_api as xp
    >>> xp.vecdot(xp.asarray([[1, 2], [3, 4]]), xp.asarray([1, 10]))
    Array([21, 43])
    """
    x, y = pair("vecdot", x1, x2)
    n = min(x.ndim, y.ndim)
    if axis >= 0 and x.ndim == y.ndim:
        axis -= n
    if not -n <= axis < 0:
        raise DimError(
            f"vecdot: axis {axis} is out of range for shapes {tuple(x.shape)} and {tuple(y.shape)}; use {-n} <= axis "
            "< 0"
        )
    if x.shape[axis] != y.shape[axis]:
        raise ShapeError(
            f"vecdot: x1 of shape {tuple(x.shape)} and x2 of shape {tuple(y.shape)} must have the same size along "
            f"axis {axis}"
        )
    if x.array.dtype.kind in "iu":
        return made(gt.sum(x * y, axis, dtype=x.dtype))
    return made(gt.linalg.vecdot(x, y, dim=axis))
