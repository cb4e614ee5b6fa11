"""Elementwise words over CuPy: its ufuncs under the array standard's names, and the ones that it lacks or rounds otherwise."""

from typing import Any

import cupy
from cupy import ndarray
from cupyx.scipy import special

from gputensor.arrays.cupy_.division import FLOOR_DIVIDE, FMOD, REMAINDER
from gputensor.arrays.cupy_.dtypes import BFLOAT16, BITS16, FLOAT32, is_bfloat16, is_half
from gputensor.arrays.cupy_.placement import placed


class ElementwiseWords:
    """The family's methods; operands broadcast, a Python scalar may be the second one."""

    __slots__ = ()

    @placed
    def abs(self, x: ndarray, /) -> ndarray:
        return cupy.absolute(x)

    @placed
    def acos(self, x: ndarray, /) -> ndarray:
        return cupy.arccos(x)

    @placed
    def acosh(self, x: ndarray, /) -> ndarray:
        return cupy.arccosh(x)

    @placed
    def add(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.add(x, y)

    @placed
    def angle(self, x: ndarray) -> ndarray:
        if x.dtype.kind == "c":
            return cupy.arctan2(x.imag, x.real)
        # cupy.angle gives pi for NaN
        turned = cupy.multiply(cupy.less(x, 0).astype(x.dtype), x.dtype.type(cupy.pi))
        return self.where(cupy.isnan(x), x, turned)

    @placed
    def asin(self, x: ndarray, /) -> ndarray:
        return cupy.arcsin(x)

    @placed
    def asinh(self, x: ndarray, /) -> ndarray:
        return cupy.arcsinh(x)

    @placed
    def atan(self, x: ndarray, /) -> ndarray:
        return cupy.arctan(x)

    @placed
    def atan2(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.arctan2(x, y)

    @placed
    def atanh(self, x: ndarray, /) -> ndarray:
        return cupy.arctanh(x)

    @placed
    def bitwise_and(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.bitwise_and(x, y)

    @placed
    def bitwise_invert(self, x: ndarray, /) -> ndarray:
        return cupy.invert(x)

    @placed
    def bitwise_left_shift(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.left_shift(x, y)

    @placed
    def bitwise_or(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.bitwise_or(x, y)

    @placed
    def bitwise_right_shift(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.right_shift(x, y)

    @placed
    def bitwise_xor(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.bitwise_xor(x, y)

    @placed
    def ceil(self, x: ndarray, /) -> ndarray:
        return cupy.ceil(x)

    @placed
    def conj(self, x: ndarray) -> ndarray:
        return x.conj()

    @placed
    def copysign(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.copysign(x, y)

    @placed
    def cos(self, x: ndarray, /) -> ndarray:
        return cupy.cos(x)

    @placed
    def cosh(self, x: ndarray, /) -> ndarray:
        return cupy.cosh(x)

    @placed
    def digamma(self, x: ndarray) -> ndarray:
        return special.digamma(x) if not is_half(x) else special.digamma(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def divide(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.true_divide(x, y)

    @placed
    def equal(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.equal(x, y)

    @placed
    def erf(self, x: ndarray) -> ndarray:
        # of 16 bits the loops of cupyx make float64
        return special.erf(x) if not is_half(x) else special.erf(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def erfc(self, x: ndarray) -> ndarray:
        return special.erfc(x) if not is_half(x) else special.erfc(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def erfinv(self, x: ndarray) -> ndarray:
        return special.erfinv(x) if not is_half(x) else special.erfinv(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def exp(self, x: ndarray, /) -> ndarray:
        return cupy.exp(x)

    @placed
    def exp2(self, x: ndarray, /) -> ndarray:
        return cupy.exp2(x)

    @placed
    def expm1(self, x: ndarray, /) -> ndarray:
        return cupy.expm1(x)

    @placed
    def floor(self, x: ndarray, /) -> ndarray:
        return cupy.floor(x)

    @placed
    def floor_divide(self, x: ndarray, y: Any, /) -> ndarray:
        # CuPy's floor(x / y) says 10 for 1 // 0.1, which is 9
        x, y = _alike(x, y)
        return FLOOR_DIVIDE(x, y) if x.dtype.kind in "fV" else cupy.floor_divide(x, y)

    @placed
    def fmax(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.fmax(x, y)

    @placed
    def fmin(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.fmin(x, y)

    @placed
    def fmod(self, x: ndarray, y: Any, /) -> ndarray:
        # CuPy sends integers through float64, which is inexact from 2**53 on
        x, y = _alike(x, y)
        return cupy.fmod(x, y) if x.dtype.kind in "fV" else FMOD(x, y)

    @placed
    def greater(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.greater(x, y)

    @placed
    def greater_equal(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.greater_equal(x, y)

    @placed
    def hypot(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.hypot(x, y)

    @placed
    def imag(self, x: ndarray) -> ndarray:
        return x.imag

    @placed
    def isfinite(self, x: ndarray, /) -> ndarray:
        return cupy.isfinite(x)

    @placed
    def isinf(self, x: ndarray, /) -> ndarray:
        return cupy.isinf(x)

    @placed
    def isnan(self, x: ndarray, /) -> ndarray:
        return cupy.isnan(x)

    @placed
    def less(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.less(x, y)

    @placed
    def less_equal(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.less_equal(x, y)

    @placed
    def lgamma(self, x: ndarray) -> ndarray:
        return special.gammaln(x) if not is_half(x) else special.gammaln(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def log(self, x: ndarray, /) -> ndarray:
        return cupy.log(x)

    @placed
    def log10(self, x: ndarray, /) -> ndarray:
        return cupy.log10(x)

    @placed
    def log1p(self, x: ndarray, /) -> ndarray:
        return cupy.log1p(x)

    @placed
    def log2(self, x: ndarray, /) -> ndarray:
        return cupy.log2(x)

    @placed
    def logaddexp(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.logaddexp(x, y)

    @placed
    def logaddexp2(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.logaddexp2(x, y)

    @placed
    def logical_and(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.logical_and(_truth(x), _truth(y))

    @placed
    def logical_not(self, x: ndarray, /) -> ndarray:
        return cupy.logical_not(_truth(x))

    @placed
    def logical_or(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.logical_or(_truth(x), _truth(y))

    @placed
    def logical_xor(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.logical_xor(_truth(x), _truth(y))

    @placed
    def make_complex(self, real: ndarray, imag: ndarray) -> ndarray:
        shape = cupy.broadcast(real, imag).shape
        out = cupy.empty(shape, cupy.complex128 if real.dtype == cupy.float64 else cupy.complex64)
        out.real, out.imag = real, imag
        return out

    @placed
    def maximum(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.maximum(x, y)

    @placed
    def minimum(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.minimum(x, y)

    @placed
    def multiply(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.multiply(x, y)

    @placed
    def negative(self, x: ndarray, /) -> ndarray:
        return cupy.negative(x)

    @placed
    def nextafter(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.nextafter(x, y)

    @placed
    def not_equal(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.not_equal(x, y)

    @placed
    def pow(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.power(x, y)

    def real(self, x: ndarray) -> ndarray:
        return x.real

    @placed
    def reciprocal(self, x: ndarray) -> ndarray:
        return cupy.true_divide(1, x)

    @placed
    def remainder(self, x: ndarray, y: Any, /) -> ndarray:
        x, y = _alike(x, y)
        return REMAINDER(x, y) if x.dtype.kind in "fV" else cupy.remainder(x, y)

    @placed
    def round(self, x: ndarray, /) -> ndarray:
        return cupy.rint(x)

    @placed
    def sign(self, x: ndarray, /) -> ndarray:
        return cupy.sign(x)

    @placed
    def signbit(self, x: ndarray, /) -> ndarray:
        return cupy.signbit(x)

    @placed
    def sin(self, x: ndarray, /) -> ndarray:
        return cupy.sin(x)

    @placed
    def sinh(self, x: ndarray, /) -> ndarray:
        return cupy.sinh(x)

    @placed
    def sqrt(self, x: ndarray, /) -> ndarray:
        return cupy.sqrt(x)

    @placed
    def square(self, x: ndarray, /) -> ndarray:
        return cupy.square(x)

    @placed
    def subtract(self, x: ndarray, y: Any, /) -> ndarray:
        return cupy.subtract(x, y)

    @placed
    def tan(self, x: ndarray, /) -> ndarray:
        return cupy.tan(x)

    @placed
    def tanh(self, x: ndarray, /) -> ndarray:
        return cupy.tanh(x)

    @placed
    def trunc(self, x: ndarray, /) -> ndarray:
        return cupy.trunc(x)

    @placed
    def where(self, condition: ndarray, x: Any, y: Any, /) -> ndarray:
        if not is_bfloat16(x) and not is_bfloat16(y):
            return cupy.where(condition, x, y)
        # cupy.where knows no bfloat16 and would answer in float32: choose among the bits
        x, y = _alike(x, y)
        if x.dtype != BFLOAT16:
            return cupy.where(condition, x, y)
        return cupy.where(condition, x.view(BITS16), y.view(BITS16)).view(BFLOAT16)


def _alike(x: Any, y: Any) -> tuple[ndarray, ndarray]:
    """Two arrays of one dtype; a Python scalar takes the dtype of the other."""
    if not isinstance(y, ndarray):
        return x, cupy.asarray(y, x.dtype)
    if not isinstance(x, ndarray):
        return cupy.asarray(x, y.dtype), y
    if x.dtype == y.dtype:
        return x, y
    dtype = cupy.result_type(x.dtype, y.dtype)
    return x.astype(dtype, copy=False), y.astype(dtype, copy=False)


def _truth(x: Any) -> Any:
    # CuPy's logical ufuncs have no complex loops
    return cupy.not_equal(x, 0) if isinstance(x, ndarray) and x.dtype.kind == "c" else x
