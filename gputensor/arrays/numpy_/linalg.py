"""Products over NumPy. 16-bit floats are multiplied and summed in float32."""

import numpy as np

Array = np.ndarray


def matmul(x: Array, y: Array) -> Array:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(np.matmul(x.astype(np.float32), y.astype(np.float32)), x.dtype)
    return np.matmul(x, y)
