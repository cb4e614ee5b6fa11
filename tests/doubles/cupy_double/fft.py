"""CuPy's `cupy.fft` of the double: results in the precision of the operand, no plan for an axis without elements."""

import numpy as _np

from tests.doubles.cupy_double._array import check_place as _check_place, host_of as _host_of, new as _new


def _points(a, axes):
    _check_place(a)
    if a.dtype.itemsize == 2:
        raise TypeError(f"16-bit floats are not played here: {a.dtype}")
    for n in [a.shape[k] for k in axes]:
        if n < 1:
            raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    return _host_of(a)


def fftn(a, s=None, axes=None, norm=None):
    return _new(_np.fft.fftn(_points(a, axes), s, axes, norm))


def ifftn(a, s=None, axes=None, norm=None):
    return _new(_np.fft.ifftn(_points(a, axes), s, axes, norm))


def rfft(a, n=None, axis=-1, norm=None):
    return _new(_np.fft.rfft(_points(a, (axis,)), n, axis, norm))


def irfft(a, n=None, axis=-1, norm=None):
    return _new(_np.fft.irfft(_points(a, (axis,)), n, axis, norm))
