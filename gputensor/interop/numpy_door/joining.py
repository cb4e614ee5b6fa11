"""Tensors joined and taken apart, as NumPy calls it. Lists may mix tensors, arrays and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.dtypes import bool_
from gputensor.interop.numpy_door.arguments import cast, one_axis, sequence, tensor, tensors, written


def concatenate(
    arrays: Any, /, axis: Any = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Any:
    """`numpy.concatenate`; axis=None flattens the parts first."""
    parts = [cast(x, dtype) for x in sequence(arrays)]
    if any([not x.ndim for x in parts]) and axis is not None:
        raise ValueError("concatenate: a number or 0-d tensor cannot be joined; use numpy.stack or atleast_1d")
    return written("concatenate", out, gt.cat([x.reshape(-1) for x in parts] if axis is None else parts, axis or 0))


def stack(arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    """`numpy.stack`."""
    return written("stack", out, gt.stack([cast(x, dtype) for x in sequence(arrays)], axis))


def vstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Tensor:
    """`numpy.vstack`."""
    return gt.vstack([cast(x, dtype) for x in sequence(tup)])


def hstack(tup: Any, *, dtype: Any = None, casting: Any = "same_kind") -> Tensor:
    """`numpy.hstack`."""
    return gt.hstack([cast(x, dtype) for x in sequence(tup)])


def dstack(tup: Any) -> Tensor:
    """`numpy.dstack`."""
    return gt.dstack(sequence(tup))


def column_stack(tup: Any) -> Tensor:
    """`numpy.column_stack`."""
    return gt.column_stack(sequence(tup))


def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """`numpy.append`; without an axis, both are flattened."""
    x, y = tensors(arr, values)
    return gt.cat([x.reshape(-1), y.reshape(-1)] if axis is None else [x, y], axis or 0)


def block(arrays: Any) -> Tensor:
    """`numpy.block`: nested lists of blocks; the innermost ones are joined along the last dim."""
    depth = _depth(arrays)
    leaves = tensors(*_leaves(arrays))
    n = max(depth, *[x.ndim for x in leaves])
    parts = iter([x.reshape([*[1] * (n - x.ndim), *x.shape]) for x in leaves])

    def joined(level: Any, k: int) -> Tensor:
        if not isinstance(level, list):
            return next(parts)
        return gt.cat([joined(item, k + 1) for item in level], k)

    return joined(arrays, n - depth) if depth else next(parts).clone()


def _depth(level: Any) -> int:
    if not isinstance(level, list):
        return 0
    if not level:
        raise ValueError("block: a list of blocks is empty")
    depths = {_depth(item) for item in level}
    if len(depths) > 1:
        raise ValueError("block: the lists of blocks are nested to different depths")
    return 1 + depths.pop()


def _leaves(level: Any) -> list[Any]:
    return [leaf for item in level for leaf in _leaves(item)] if isinstance(level, list) else [level]


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """`numpy.array_split`: as many parts, of nearly the same size."""
    x = tensor(ary)
    return list(gt.tensor_split(x, _sections(indices_or_sections), one_axis("array_split", x.ndim, axis)))


def _sections(sections: Any) -> Any:
    if isinstance(sections, (int, np.integer)):
        return int(sections)
    return [int(k) for k in (sections.tolist() if isinstance(sections, Tensor) else sections)]


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """`numpy.split`: equal parts, or parts that begin at indices. Raises ValueError where equal parts do not exist."""
    x = tensor(ary)
    k = one_axis("split", x.ndim, axis)
    parts = _sections(indices_or_sections)
    if isinstance(parts, int) and (parts < 1 or x.shape[k] % parts):
        raise ValueError(f"split: {x.shape[k]} elements do not divide into {parts} equal parts; use numpy.array_split")
    return list(gt.tensor_split(x, parts, k))


def hsplit(ary: Any, indices_or_sections: Any) -> list[Tensor]:
    """`numpy.hsplit`: along the second dim, along the first if there is but one."""
    x = tensor(ary)
    if not x.ndim:
        raise ValueError("hsplit: a 0-d tensor cannot be split")
    return split(x, indices_or_sections, 1 if x.ndim > 1 else 0)


def vsplit(ary: Any, indices_or_sections: Any) -> list[Tensor]:
    """`numpy.vsplit`: along the first of two or more dims."""
    x = tensor(ary)
    if x.ndim < 2:
        raise ValueError(f"vsplit: expected two dims or more, got shape {tuple(x.shape)}")
    return split(x, indices_or_sections, 0)


def dsplit(ary: Any, indices_or_sections: Any) -> list[Tensor]:
    """`numpy.dsplit`: along the third dim."""
    x = tensor(ary)
    if x.ndim < 3:
        raise ValueError(f"dsplit: expected three dims or more, got shape {tuple(x.shape)}")
    return split(x, indices_or_sections, 2)


def delete(arr: Any, obj: Any, axis: Any = None) -> Tensor:
    """`numpy.delete`: without the elements at `obj`; without an axis, of the flattened tensor."""
    x = tensor(arr)
    x, k = (x.reshape(-1), 0) if axis is None else (x, one_axis("delete", x.ndim, axis))
    # NumPy's own answer for the numbers of the elements
    places = np.delete(np.arange(x.shape[k]), _host(obj))
    return x.index_select(k, gt.from_numpy(places).to(x.device))


def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Tensor:
    """`numpy.insert`: values before the elements at `obj`; without an axis, into the flattened tensor."""
    x, v = tensors(arr, values)
    x, k = (x.reshape(-1), 0) if axis is None else (x, one_axis("insert", x.ndim, axis))
    where = _host(obj)
    n = x.shape[k]
    number = len(range(*where.indices(n))) if isinstance(where, slice) else np.size(where)
    if isinstance(where, np.ndarray) and where.dtype == bool:
        number = int(where.sum())
    v = v.reshape([*[1] * (x.ndim - v.ndim), *v.shape])
    if not isinstance(where, slice) and np.ndim(where) == 0:
        v = v.movedim(0, k)
        number = v.shape[k]
        where = np.full(number, int(where))
    v = v.to(x.dtype).expand([number if j == k else m for j, m in enumerate(x.shape)])
    places = np.insert(np.arange(n), where, n + np.arange(number))
    return gt.cat([x, v], k).index_select(k, gt.from_numpy(places).to(x.device))


def _host(index: Any) -> Any:
    """An index as NumPy understands it."""
    if isinstance(index, Tensor):
        return index.numpy()
    return index if isinstance(index, slice) else np.asarray(index)


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Tensor, ...]:
    """`numpy.meshgrid`."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', got {indexing!r}")
    lines = [x.reshape(-1) for x in tensors(*xi)]
    n = len(lines)
    place = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else list(range(n))
    grids = [x.reshape([-1 if j == place[k] else 1 for j in range(n)]) for k, x in enumerate(lines)]
    if sparse:
        return tuple([g.clone() if copy else g for g in grids])
    sizes = [1] * n
    for k, x in enumerate(lines):
        sizes[place[k]] = x.shape[0]
    full = [g.expand(sizes) for g in grids]
    return tuple([g.clone() if copy else g for g in full])


def ix_(*args: Any) -> tuple[Tensor, ...]:
    """`numpy.ix_`: indices that choose the product of the sequences."""
    lines = []
    for x in tensors(*args):
        if x.ndim != 1:
            raise ValueError(f"ix_: expected sequences of one dim, got shape {tuple(x.shape)}")
        lines.append(gt.nonzero(x).reshape(-1) if x.dtype is bool_ else x)
    n = len(lines)
    return tuple([x.reshape([-1 if j == k else 1 for j in range(n)]) for k, x in enumerate(lines)])


TABLE: dict[Any, Callable[..., Any]] = {
    np.append: append,
    np.array_split: array_split,
    np.block: block,
    np.column_stack: column_stack,
    np.concatenate: concatenate,
    np.delete: delete,
    np.dsplit: dsplit,
    np.dstack: dstack,
    np.hsplit: hsplit,
    np.hstack: hstack,
    np.insert: insert,
    np.ix_: ix_,
    np.meshgrid: meshgrid,
    np.split: split,
    np.stack: stack,
    np.vsplit: vsplit,
    np.vstack: vstack,
}
