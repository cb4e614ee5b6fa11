"""Products over NumPy. 16-bit floats are multiplied and summed in float32."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def matmul(x: Array, y: Array) -> Array:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(_product(x.astype(np.float32), y.astype(np.float32)), x.dtype)
    if x.ndim > 2 and y.ndim == 2 and x.flags.c_contiguous and x.shape[-1]:
        # one large product instead of a batch of small ones
        return _product(x.reshape(-1, x.shape[-1]), y).reshape(x.shape[:-1] + y.shape[1:])
    return _product(x, y)


def _by_blas(x: Array, y: Array) -> Array:
    # before 2.4, operands whose rows and columns both have gaps or are repeated went through a slow loop, not BLAS
    return np.matmul(_for_blas(x), _for_blas(y))


def _for_blas(x: Array) -> Array:
    if x.ndim < 2 or x.size < 4096 or x.itemsize in (x.strides[-1], x.strides[-2]):
        return x
    return np.ascontiguousarray(x)


_product: Callable[[Array, Array], Array] = np.matmul if np.lib.NumpyVersion(np.__version__) >= "2.4.0" else _by_blas
