"""Products over CuPy. 16-bit floats are multiplied and summed in float32 and rounded once.

The operator is used: `cupy.matmul` is a generalised ufunc in Python around it.
"""

from cupy import ndarray

from gputensor.arrays.cupy_.dtypes import FLOAT32, is_half
from gputensor.arrays.cupy_.placement import placed


class LinalgWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def matmul(self, x: ndarray, y: ndarray) -> ndarray:
        if x.ndim > 2 and 0 < y.ndim <= 2 and x.shape[-1]:
            # one large product instead of a batch: only two-dimensional ones reach the tensor cores through CuPy
            rows = x.reshape(-1, x.shape[-1])
            return self.matmul(rows, y).reshape(x.shape[:-1] + y.shape[1:])
        if not is_half(x):
            return x @ y
        if x.ndim == 2 and y.ndim == 2 and x.shape[0] * y.shape[1] > 1:
            # cuBLAS sums in float32 here
            return x @ y
        # CuPy rounds the products of two vectors to 16 bits before it sums them, and has no bfloat16 batches
        return (x.astype(FLOAT32) @ y.astype(FLOAT32)).astype(x.dtype)
