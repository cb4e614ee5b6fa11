"""Elementwise words over NumPy: the ufuncs themselves under the array standard's names, and the few that NumPy spells otherwise."""

import numpy as np
from numpy import (
    absolute as abs,
    add as add,
    arccos as acos,
    arccosh as acosh,
    arcsin as asin,
    arcsinh as asinh,
    arctan as atan,
    arctan2 as atan2,
    arctanh as atanh,
    bitwise_and as bitwise_and,
    bitwise_or as bitwise_or,
    bitwise_xor as bitwise_xor,
    ceil as ceil,
    copysign as copysign,
    cos as cos,
    cosh as cosh,
    divide as divide,
    equal as equal,
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    floor as floor,
    floor_divide as floor_divide,
    fmax as fmax,
    fmin as fmin,
    fmod as fmod,
    greater as greater,
    greater_equal as greater_equal,
    hypot as hypot,
    invert as bitwise_invert,
    isfinite as isfinite,
    isinf as isinf,
    isnan as isnan,
    left_shift as bitwise_left_shift,
    less as less,
    less_equal as less_equal,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    logaddexp as logaddexp,
    logaddexp2 as logaddexp2,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
    maximum as maximum,
    minimum as minimum,
    multiply as multiply,
    negative as negative,
    nextafter as nextafter,
    not_equal as not_equal,
    power as pow,
    remainder as remainder,
    right_shift as bitwise_right_shift,
    rint as round,
    sign as sign,
    signbit as signbit,
    sin as sin,
    sinh as sinh,
    sqrt as sqrt,
    square as square,
    subtract as subtract,
    tan as tan,
    tanh as tanh,
    trunc as trunc,
    where as where,
)

Array = np.ndarray


def reciprocal(x: Array) -> Array:
    # np.reciprocal of an integer 0 is undefined behaviour; division has defined results
    return 1 / x


def conj(x: Array) -> Array:
    return np.conjugate(x) if x.dtype.kind == "c" else x


def real(x: Array) -> Array:
    return x.real


def imag(x: Array) -> Array:
    return x.imag


def angle(x: Array) -> Array:
    return np.angle(x)


def make_complex(real: Array, imag: Array) -> Array:
    """real + i*imag without arithmetic, so that infinities and signed zeros survive."""
    shape = np.broadcast_shapes(real.shape, imag.shape)
    out = np.empty(shape, np.complex128 if real.dtype == np.float64 else np.complex64)
    out.real, out.imag = real, imag
    return out


def erf(x: Array) -> Array:
    return _special("erf", x)


def erfc(x: Array) -> Array:
    return _special("erfc", x)


def erfinv(x: Array) -> Array:
    return _special("erfinv", x)


def lgamma(x: Array) -> Array:
    return _special("gammaln", x)


def digamma(x: Array) -> Array:
    return _special("psi", x)


def _special(name: str, x: Array) -> Array:
    import scipy.special  # the only user of scipy.special here; loading it costs more than NumPy itself

    function = getattr(scipy.special, name)
    # SciPy has no 16-bit loops worth the name: go through float32 and back
    out = function(x.astype(np.float32)) if x.dtype.itemsize == 2 else function(x)
    return np.asarray(out, x.dtype)
