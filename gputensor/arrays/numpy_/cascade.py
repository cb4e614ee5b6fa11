"""Sums whose rounding errors stay small however many terms there are.

NumPy adds in pairs along the axis that lies closest in memory alone: along others it adds row after row, and a float32
sum of a million rows has an error of one percent. Here sums of a few dozen rows come first, then the sums of these.
"""

from typing import Any

import numpy as np

Array = np.ndarray

_add: Any = np.add.reduce

# so many rows in a row are left to NumPy
_SHORT = 512
# what is added up at once stays in the fastest cache
_BYTES = 1 << 14
# elements from which BLAS adds up more quickly
_PRODUCTS = 1 << 13
# so many terms are one product: BLAS adds neighbours along a row in several running sums, and rows one after the other
_TERMS = 512
_ROWS = 128


def add(x: Array, axis: tuple[int, ...] | None, dtype: Any, keepdims: bool) -> Array:
    """As np.add.reduce(x, axis, dtype, keepdims=keepdims); dtype: what is added in, None for x's own.

    Besides the result it makes temporaries of a fortieth of x, or so. Source of the scheme: Higham 1993, The accuracy
    of floating point summation, section 3.
    """
    if x.size <= _SHORT:
        return _add(x, axis, dtype, None, keepdims)
    if x.size >= _PRODUCTS and dtype in (None, x.dtype) and x.dtype.char in "fd" and x.flags.c_contiguous:
        return add_by_products(x, axis, keepdims)
    if axis is None:
        easy = x.flags.forc
    else:
        # one short axis, or the last of several: no more than two questions where sums are small
        easy = len(axis) == 1 and (x.shape[axis[0]] <= _SHORT or (axis[0] == x.ndim - 1 and x.flags.c_contiguous))
    if easy or x.dtype.kind not in "fcV":
        return _add(x, axis, dtype, None, keepdims)
    k = _naive_axis(x, range(x.ndim) if axis is None else [k % x.ndim for k in axis])
    if k < 0:
        return _add(x, axis, dtype, None, keepdims)
    n = x.shape[k]
    step = abs(x.strides[k])
    below = 1
    for size, stride in zip(x.shape, x.strides, strict=True):
        if abs(stride) < step:
            below *= size
    # (block, row, place): neighbouring rows are kept apart, so that one addition is as long as the cache allows
    deep = 16 * x.itemsize
    wide = max(1, min(_BYTES // (below * x.itemsize), n // deep))
    blocks = max(1, n // (deep * wide))
    rows = n // (blocks * wide)
    head = blocks * rows * wide
    before = (slice(None),) * k
    parts = _add(
        x[(*before, slice(head))].reshape(*x.shape[:k], blocks, rows, wide, *x.shape[k + 1 :]), k + 1, dtype, None
    )
    total = add(parts.reshape(*x.shape[:k], blocks * wide, *x.shape[k + 1 :]), axis, dtype, keepdims)
    return total if head == n else total + add(x[(*before, slice(head, None))], axis, dtype, keepdims)


def add_by_products(x: Array, axis: tuple[int, ...] | None, keepdims: bool) -> Array:
    """The sum of a contiguous float32 or float64 array as products with vectors of ones, which BLAS does at the speed
    of memory; a product has few enough terms that errors stay as small as above."""
    axes = frozenset(range(x.ndim) if axis is None else [k % x.ndim for k in axis])
    shape = tuple([1 if k in axes else n for k, n in enumerate(x.shape)])
    kept = shape if keepdims else tuple([n for k, n in enumerate(x.shape) if k not in axes])
    # neighbouring axes that are both summed, or both kept, are one
    sizes: list[int] = []
    summed: list[bool] = []
    for k, n in enumerate(x.shape):
        if n == 1:
            continue
        if summed and summed[-1] is (k in axes):
            sizes[-1] *= n
        else:
            sizes.append(n)
            summed.append(k in axes)
    while True in summed:
        k = len(summed) - 1 - summed[::-1].index(True)
        x = _last_summed(x.reshape(-1, sizes[k])) if k == len(sizes) - 1 else _rows_summed(x.reshape(-1, *sizes[k:]))
        del sizes[k], summed[k]
        if 0 < k < len(sizes):  # what was on both sides of it
            sizes[k - 1] *= sizes.pop(k)
            summed.pop(k)
    return x.reshape(kept)


def _last_summed(x: Array) -> Array:
    """x: (row, term) -> (row,)"""
    rows, n = x.shape
    if n < 128:
        return _add(x, 1)
    if n <= 2 * _TERMS:
        return np.matmul(x, _ones(x.dtype, n))
    whole = n // _TERMS * _TERMS
    total = _add(np.matmul(x[:, :whole].reshape(rows, -1, _TERMS), _ones(x.dtype, _TERMS)), 1)
    return total if whole == n else total + _add(x[:, whole:], 1)


def _rows_summed(x: Array) -> Array:
    """x: (block, term, column) -> (block, column)"""
    n = x.shape[1]
    if n <= 2 * _ROWS:
        return np.matmul(_ones(x.dtype, n), x)
    whole = n // _ROWS * _ROWS
    parts = np.matmul(_ones(x.dtype, _ROWS), x[:, :whole].reshape(x.shape[0], -1, _ROWS, x.shape[2]))
    total = add(parts, (1,), None, False)
    return total if whole == n else total + np.matmul(_ones(x.dtype, n - whole), x[:, whole:])


def _ones(dtype: np.dtype, n: int) -> Array:
    if n > _KEPT:
        return np.ones(n, dtype)
    found = _ONES.get(dtype)
    if found is None:
        found = _ONES[dtype] = np.ones(_KEPT, dtype)
    return found[:n]


_KEPT = 2 * _TERMS
_ONES: dict[np.dtype, Array] = {}


def _naive_axis(x: Array, axes: Any) -> int:
    """The longest axis along which NumPy would add many rows one after the other; -1 for none."""
    shape, strides = x.shape, x.strides
    n = 1
    for k in axes:
        n *= shape[k]
    if n <= _SHORT:
        return -1
    # what lies together in memory, from the closest elements on, is one long row to NumPy
    row: list[int] = []
    after = None
    long = [k for k in range(x.ndim - 1, -1, -1) if shape[k] != 1]
    for k in sorted(long, key=lambda k: abs(strides[k])):
        # repeated elements are walked in the order of the axes
        if k not in axes or after not in (None, strides[k]) or (not strides[k] and k != long[0]):
            break
        row.append(k)
        n //= shape[k]
        if n <= _SHORT:
            return -1
        after = strides[k] * shape[k]
    return max([k for k in axes if k not in row], key=shape.__getitem__)
