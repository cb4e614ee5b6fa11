"""CuPy's `cupy.lib.stride_tricks`."""

from tests.doubles.cupy_double._array import ndarray as _ndarray


def as_strided(x, shape=None, strides=None):
    shape = x.shape if shape is None else tuple(shape)
    strides = x.strides if strides is None else tuple(strides)
    return _ndarray(shape, x.dtype, x.data, strides)
