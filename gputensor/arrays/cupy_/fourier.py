"""Fourier transforms over CuPy (cuFFT)."""

import cupy
from cupy import ndarray

from gputensor.arrays.cupy_.placement import placed


class FourierWords:
    """The family's methods. cuFFT makes no plan for nothing."""

    __slots__ = ()

    @placed
    def fftn(self, x: ndarray, axes: tuple[int, ...], norm: str) -> ndarray:
        if not x.size or not axes:
            return x.astype(_complex(x))
        return cupy.fft.fftn(x, None, axes, norm)

    @placed
    def ifftn(self, x: ndarray, axes: tuple[int, ...], norm: str) -> ndarray:
        if not x.size or not axes:
            return x.astype(_complex(x))
        return cupy.fft.ifftn(x, None, axes, norm)

    @placed
    def irfft(self, x: ndarray, n: int, axis: int, norm: str) -> ndarray:
        if not x.size:
            return cupy.empty((*x.shape[:axis], n, *x.shape[axis + 1 :]), x.real.dtype)
        return cupy.fft.irfft(x, n, axis, norm)

    @placed
    def rfft(self, x: ndarray, axis: int, norm: str) -> ndarray:
        if not x.size:
            return cupy.empty((*x.shape[:axis], x.shape[axis] // 2 + 1, *x.shape[axis + 1 :]), _complex(x))
        return cupy.fft.rfft(x, None, axis, norm)


def _complex(x: ndarray) -> type:
    return cupy.complex64 if x.dtype.itemsize == 4 or x.dtype == cupy.complex64 else cupy.complex128
