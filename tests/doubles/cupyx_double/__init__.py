"""The double of `cupyx`: what lies beside CuPy itself."""

import numpy as _np

from tests.doubles.cupyx_double import scipy as scipy


def scatter_add(a, slices, value):
    a.scatter_add(slices, value)


def empty_pinned(shape, dtype=float, order="C"):
    """Page-locked host memory: a NumPy array."""
    return _np.empty(shape, dtype, order)


def zeros_pinned(shape, dtype=float, order="C"):
    return _np.zeros(shape, dtype, order)
