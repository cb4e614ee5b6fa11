"""Sums over rows through BLAS, which is twice to eight times as fast as NumPy's own reduction along the first axis."""

import numpy as np

from gputensor.arrays.numpy_.cascade import add

Array = np.ndarray

_ones: dict[np.dtype, Array] = {}


def sum_rows(x: Array) -> Array:
    """x: (row, column) -> (column,), the sum over the rows; 16-bit floats in float32."""
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return sum_rows(x.astype(np.float32)).astype(x.dtype)
    ones = _ones.get(x.dtype)
    n = x.shape[0]
    if ones is None or ones.shape[0] < n:
        if n > 1 << 20:  # not worth keeping
            return add(x, (0,), None, False)
        ones = _ones[x.dtype] = np.ones(max(n, 1024), x.dtype)
    return np.matmul(ones[:n], x)
