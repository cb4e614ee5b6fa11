"""Elementwise words over NumPy: the ufuncs themselves under the standard's names, and the few that NumPy lacks."""

from typing import Any

import ml_dtypes
import numpy as np

from gputensor.arrays.numpy_ import rational, rests
from gputensor.arrays.numpy_.large import in_parts
from gputensor.arrays.numpy_.special import scipy_special

Array = np.ndarray[Any, Any]  # Any for the dtype: real and imag have types for known dtypes alone
Scalar = bool | int | float | complex

# the ufuncs themselves, but for the dear ones: a frame of our own would cost as much as a small operation
abs = np.absolute
acos = in_parts(np.arccos)
acosh = in_parts(np.arccosh)
add = np.add
asin = in_parts(np.arcsin)
asinh = in_parts(np.arcsinh)
atan = in_parts(np.arctan)
atan2 = np.arctan2
atanh = in_parts(np.arctanh)
bitwise_and = np.bitwise_and
bitwise_invert = np.invert
bitwise_left_shift = np.left_shift
bitwise_or = np.bitwise_or
bitwise_right_shift = np.right_shift
bitwise_xor = np.bitwise_xor
ceil = np.ceil
copysign = np.copysign
cos = in_parts(np.cos)
cosh = in_parts(np.cosh)
divide = np.divide
equal = np.equal
exp = in_parts(np.exp)
exp2 = in_parts(np.exp2)
expm1 = in_parts(np.expm1)
floor = np.floor
fmax = np.fmax
fmin = np.fmin
greater = np.greater
greater_equal = np.greater_equal
hypot = np.hypot
isfinite = np.isfinite
isinf = np.isinf
isnan = np.isnan
less = np.less
less_equal = np.less_equal
log = in_parts(np.log)
log10 = in_parts(np.log10)
log1p = in_parts(np.log1p)
log2 = in_parts(np.log2)
logaddexp = np.logaddexp
logaddexp2 = np.logaddexp2
logical_and = np.logical_and
logical_not = np.logical_not
logical_or = np.logical_or
logical_xor = np.logical_xor
maximum = np.maximum
minimum = np.minimum
multiply = np.multiply
negative = np.negative
nextafter = np.nextafter
not_equal = np.not_equal
pow = np.power
round = np.rint
sign = np.sign
signbit = np.signbit
sin = in_parts(np.sin)
sinh = in_parts(np.sinh)
sqrt = np.sqrt
square = np.square
subtract = np.subtract
tan = in_parts(np.tan)
tanh = in_parts(np.tanh)
trunc = np.trunc


def floor_divide(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    return np.floor_divide(x, y, out) if x.dtype.kind in "fV" else _by_integers(np.floor_divide, x, y, out)


def fmod(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    if rests.takes(x, y):
        return rests.fmod(x, y, out)
    return np.fmod(x, y, out) if x.dtype.kind in "fV" else _by_integers(np.fmod, x, y, out)


def remainder(x: Array, y: Array | Scalar, out: Array | None = None, /) -> Array:
    if rests.takes(x, y):
        return rests.remainder(x, y, out)
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
    return 1 / x if x.dtype.kind in "biu" else np.reciprocal(x)


def conj(x: Array) -> Array:
    return np.conjugate(x) if x.dtype.kind == "c" else x


def real(x: Array) -> Array:
    return x.real


def imag(x: Array) -> Array:
    return x.imag


def angle(x: Array) -> Array:
    """The argument of x; a real x gives 0, pi below zero, or NaN."""
    if x.dtype.kind == "c":
        return np.arctan2(x.imag, x.real)
    # np.angle gives pi for -0.0
    return np.where(np.isnan(x), x, np.where(x < 0, x.dtype.type(np.pi), x.dtype.type(0)))


def make_complex(real: Array, imag: Array) -> Array:
    """real + i*imag without arithmetic, so that infinities and signed zeros survive."""
    shape = np.broadcast_shapes(real.shape, imag.shape)
    out = np.empty(shape, np.complex128 if real.dtype == np.float64 else np.complex64)
    out.real, out.imag = real, imag
    return out


def erf(x: Array) -> Array:
    return scipy_special("erf", x)


def erfc(x: Array) -> Array:
    return scipy_special("erfc", x)


def erfinv(x: Array) -> Array:
    return rational.erfinv(x) if rational.takes(x) else scipy_special("erfinv", x)


def lgamma(x: Array) -> Array:
    # SciPy gives -inf at -inf, where C and PyTorch give inf
    return scipy_special("gammaln", np.where(x == -np.inf, -x, x))


def digamma(x: Array) -> Array:
    return scipy_special("psi", x)


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
