"""Elementwise words over NumPy: the ufuncs themselves under the standard's names, and the few that NumPy lacks."""

import numpy as np

Array = np.ndarray

# the ufuncs themselves: a frame of our own would cost as much as a small operation
abs = np.absolute
acos = np.arccos
acosh = np.arccosh
add = np.add
asin = np.arcsin
asinh = np.arcsinh
atan = np.arctan
atan2 = np.arctan2
atanh = np.arctanh
bitwise_and = np.bitwise_and
bitwise_invert = np.invert
bitwise_left_shift = np.left_shift
bitwise_or = np.bitwise_or
bitwise_right_shift = np.right_shift
bitwise_xor = np.bitwise_xor
ceil = np.ceil
copysign = np.copysign
cos = np.cos
cosh = np.cosh
divide = np.divide
equal = np.equal
exp = np.exp
exp2 = np.exp2
expm1 = np.expm1
floor = np.floor
floor_divide = np.floor_divide
fmax = np.fmax
fmin = np.fmin
fmod = np.fmod
greater = np.greater
greater_equal = np.greater_equal
hypot = np.hypot
isfinite = np.isfinite
isinf = np.isinf
isnan = np.isnan
less = np.less
less_equal = np.less_equal
log = np.log
log10 = np.log10
log1p = np.log1p
log2 = np.log2
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
remainder = np.remainder
round = np.rint
sign = np.sign
signbit = np.signbit
sin = np.sin
sinh = np.sinh
sqrt = np.sqrt
square = np.square
subtract = np.subtract
tan = np.tan
tanh = np.tanh
trunc = np.trunc
where = np.where


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
