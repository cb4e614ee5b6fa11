"""Products over NumPy. 16-bit floats are multiplied and summed in float32."""

from collections.abc import Callable

import numpy as np

from gputensor.arrays.numpy_ import threads

Array = np.ndarray

_TURNED = 1 << 14  # elements of a matrix from which its product with its own transpose is looked at
_WORK = 1 << 23  # multiplications of a batch from which it is split over threads
# and those of one product: of fewer, NumPy's own loop is the price; of more, BLAS splits each
_SMALL, _LARGE = 1 << 12, 1 << 24


def matmul(x: Array, y: Array) -> Array:
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return np.asarray(_product(x.astype(np.float32), y.astype(np.float32)), x.dtype)
    if x.ndim > 2 and y.ndim == 2 and x.flags.c_contiguous and x.shape[-1]:
        # one large product instead of a batch of small ones
        return _product(x.reshape(-1, x.shape[-1]), y).reshape(x.shape[:-1] + y.shape[1:])
    if x.ndim == y.ndim > 2 and x.shape[:-2] == y.shape[:-2] and _is_split(x, y):
        return _batch(x, y)
    if x.ndim == y.ndim == 2 and x.size >= _TURNED and x.strides == y.strides[::-1] and _is_turned(x, y):
        y = y.copy()
    return _product(x, y)


def _is_turned(x: Array, y: Array) -> bool:
    """Whether y is x.T: NumPy then computes one triangle and copies it to the other, element by element, in the end."""
    return x.shape[0] > 2 * x.shape[1] and x.shape == y.shape[::-1] and np.may_share_memory(x, y)


def _is_split(x: Array, y: Array) -> bool:
    """Whether a batch is worth several threads: BLAS uses them within a product only, and these are small."""
    work = x.size * y.shape[-1]
    each = x.shape[-2] * x.shape[-1] * y.shape[-1]
    return work >= _WORK and _SMALL <= each <= _LARGE and x.dtype.kind in "fc" and x.shape[-1] == y.shape[-2]


def _batch(x: Array, y: Array) -> Array:
    """(…, n, k) @ (…, k, m) for equal batches, halves of the batch on two threads."""
    # the longest axis is split: what lies before it is looped over by NumPy in each part
    k = int(np.argmax(x.shape[:-2]))
    out = np.empty((*x.shape[:-1], y.shape[-1]), x.dtype)
    x, y, made = np.moveaxis(x, k, 0), np.moveaxis(y, k, 0), np.moveaxis(out, k, 0)
    with threads.split_products():
        threads.split(lambda a, b: _product(x[a:b], y[a:b], out=made[a:b]), len(x))
    return out


def _by_blas(x: Array, y: Array, out: Array | None = None) -> Array:
    # before 2.4, operands whose rows and columns both have gaps or are repeated went through a slow loop, not BLAS
    return np.matmul(_for_blas(x), _for_blas(y), out=out)


def _for_blas(x: Array) -> Array:
    if x.ndim < 2 or x.size < 4096 or x.itemsize in (x.strides[-1], x.strides[-2]):
        return x
    return np.ascontiguousarray(x)


_product: Callable[..., Array] = np.matmul if np.lib.NumpyVersion(np.__version__) >= "2.4.0" else _by_blas
