"""Fourier transforms over NumPy, by SciPy: `numpy.fft` transforms one axis after the other, without vector units."""

from typing import Any

import numpy as np

Array = np.ndarray


def fftn(x: Array, axes: tuple[int, ...], norm: str) -> Array:
    if not x.size or not axes:
        return x.astype(_complex(x))
    out: Array = _scipy().fftn(x, None, axes, norm)
    if x.dtype.kind != "c":
        # SciPy conjugates these sums of real numbers, too, and so gives their imaginary parts as -0.
        own = [slice(None)] * x.ndim
        for k in axes:
            n = x.shape[k]
            own[k] = slice(0, 1) if n % 2 else slice(0, n, n // 2)
        part = np.imag(out[tuple(own)])
        part += 0.0
    return out


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
        return np.empty((*x.shape[:axis], n, *x.shape[axis + 1 :]), np.real(x).dtype)
    return _scipy().irfft(x, n, axis, norm)


def _complex(x: Array) -> np.dtype:
    return np.result_type(x.dtype, np.complex64)


def _scipy() -> Any:
    import scipy.fft  # loading it costs more than NumPy itself

    return scipy.fft
