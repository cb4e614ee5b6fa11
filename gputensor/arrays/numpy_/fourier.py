"""Fourier transforms over NumPy, by SciPy: `numpy.fft` transforms one axis after the other, without vector units."""

from typing import Any

import numpy as np

Array = np.ndarray


def fftn(x: Array, axes: tuple[int, ...], norm: str) -> Array:
    if not x.size or not axes:
        return x.astype(_complex(x))
    return _scipy().fftn(x, None, axes, norm)


def ifftn(x: Array, axes: tuple[int, ...], norm: str) -> Array:
    if not x.size or not axes:
        return x.astype(_complex(x))
    return _scipy().ifftn(x, None, axes, norm)


def rfft(x: Array, axis: int, norm: str) -> Array:
    if not x.size:
        return np.empty((*x.shape[:axis], x.shape[axis] // 2 + 1, *x.shape[axis + 1 :]), _complex(x))
    return _scipy().rfft(x, None, axis, norm)


def irfft(x: Array, n: int, axis: int, norm: str) -> Array:
    if not x.size:
        return np.empty((*x.shape[:axis], n, *x.shape[axis + 1 :]), x.real.dtype)
    return _scipy().irfft(x, n, axis, norm)


def _complex(x: Array) -> np.dtype:
    return np.result_type(x.dtype, np.complex64)


def _scipy() -> Any:
    import scipy.fft  # loading it costs more than NumPy itself

    return scipy.fft
