"""The double of `cupyx.scipy.linalg`: LU of one matrix only, triangular systems of batches, no info and no error."""

import warnings as _warnings

import numpy as _np
import scipy.linalg as _scipy

from gputensor.arrays import elimination as _elimination, numpy_ as _words
from tests.doubles.cupy_double._array import check_place as _check_place, host_of as _host_of, new as _new


def lu_factor(a, overwrite_a=False, check_finite=True):
    _check_place(a)
    if a.ndim != 2:
        raise _np.linalg.LinAlgError(f"{a.ndim}-dimensional array given. Array must be two-dimensional")
    getrf = _scipy.get_lapack_funcs("getrf", dtype=a.dtype)
    packed, pivots, info = getrf(_host_of(a))
    if info > 0:
        _warnings.warn(f"Diagonal number {info} is exactly zero. Singular matrix.", RuntimeWarning, stacklevel=2)
    return _new(packed), _new(pivots)


def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=False):
    _check_place(a)
    _check_place(b)
    if a.shape[:-2] != b.shape[: a.ndim - 2]:
        raise ValueError("incompatible batch count")
    assert trans == 0
    with _np.errstate(all="ignore"):
        return _new(_elimination.solve_triangular(_words, _host_of(a), _host_of(b), not lower, unit_diagonal))
