"""Elementwise words over NumPy: the ufuncs themselves under the array standard's names, and the few that NumPy spells otherwise."""

import ml_dtypes
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
    fmax as fmax,
    fmin as fmin,
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
)

Array = np.ndarray
Scalar = bool | int | float | complex


def floor_divide(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    return np.floor_divide(x, y, out) if x.dtype.kind in "fV" else _by_integers(np.floor_divide, x, y, out)


def fmod(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    return np.fmod(x, y, out) if x.dtype.kind in "fV" else _by_integers(np.fmod, x, y, out)


def remainder(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    return np.remainder(x, y, out) if x.dtype.kind in "fV" else _by_integers(np.remainder, x, y, out)


def _by_integers(function: np.ufunc, x: Array, y: Array | Scalar, out: Array | None) -> Array:
    """NumPy answers 0 for an integer divided by zero; PyTorch raises."""
    try:
        with np.errstate(divide="raise"):
            return function(x, y, out)
    except FloatingPointError:
        raise IntegerDivisionError(f"{function.__name__}: an integer divisor is 0") from None


class IntegerDivisionError(ZeroDivisionError, RuntimeError):
    """An integer divided by zero. Also a RuntimeError, because programs written for PyTorch catch that one."""

    __gputensor__ = True  # the message is for the user already


def where(condition: Array, x: Array | Scalar, y: Array | Scalar, /) -> Array:
    # the masks of gradients: as products of the bits by 0 or 1 they are exact for infinities and NaN too, and several
    # times as fast as np.where on masks without a pattern
    if type(y) is int and y == 0 and isinstance(x, np.ndarray):
        bits = _BITS.get(x.dtype)
        if bits is not None:
            return np.multiply(x.view(bits), condition).view(x.dtype)
    elif type(x) is int and x == 0 and isinstance(y, np.ndarray):
        bits = _BITS.get(y.dtype)
        if bits is not None:
            return np.multiply(y.view(bits), np.logical_not(condition)).view(y.dtype)
    return np.where(condition, x, y)


_BITS = {
    np.dtype(np.float16): np.int16,
    np.dtype(ml_dtypes.bfloat16): np.int16,
    np.dtype(np.float32): np.int32,
    np.dtype(np.float64): np.int64,
    np.dtype(np.complex64): np.int64,
}


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
    # SciPy gives -inf at -inf, where C and PyTorch give inf
    return _special("gammaln", np.where(x == -np.inf, -x, x))


def digamma(x: Array) -> Array:
    return _special("psi", x)


def polygamma(n: int, x: Array) -> Array:
    """The n-th derivative of digamma: (-1)^(n+1) n! zeta(n+1, x)."""
    if n == 0:
        return digamma(x)
    import scipy.special

    wide = x.astype(np.float64)
    out = (-1.0) ** (n + 1) * scipy.special.gamma(n + 1.0) * scipy.special.zeta(n + 1.0, wide)
    return np.asarray(out, x.dtype)


def view_as_real(x: Array) -> Array:
    """x: (...), complex -> (..., 2), real: a view of the same memory."""
    return x[..., None].view(np.float64 if x.dtype.itemsize == 16 else np.float32)


def view_as_complex(x: Array) -> Array:
    """x: (..., 2), real -> (...), complex: a view of the same memory where the last axis has stride 1, else a copy."""
    if x.strides[-1] != x.dtype.itemsize:
        x = np.ascontiguousarray(x)
    return x.view(np.complex128 if x.dtype.itemsize == 8 else np.complex64)[..., 0]


def _special(name: str, x: Array) -> Array:
    import scipy.special  # the only user of scipy.special here; loading it costs more than NumPy itself

    function = getattr(scipy.special, name)
    # SciPy has no 16-bit loops worth the name: go through float32 and back
    out = function(x.astype(np.float32)) if x.dtype.itemsize == 2 else function(x)
    return np.asarray(out, x.dtype)
