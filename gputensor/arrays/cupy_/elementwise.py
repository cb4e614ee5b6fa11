"""Elementwise words over CuPy: its ufuncs under the standard's names, and those that it lacks or rounds otherwise."""

import math
from typing import Any

import cupy
from cupy import ElementwiseKernel, ndarray
from cupyx.scipy import special

from gputensor.arrays.cupy_.division import FLOOR_DIVIDE, FMOD, REMAINDER
from gputensor.arrays.cupy_.dtypes import BFLOAT16, BITS16, FLOAT32, is_bfloat16, is_half
from gputensor.arrays.cupy_.placement import placed

_NUMBERS = (bool, int, float, complex)


class ElementwiseWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def abs(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.absolute(x, out)

    @placed
    def acos(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arccos(x, out)

    @placed
    def acosh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arccosh(x, out)

    @placed
    def add(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.add(x, y, out)

    @placed
    def angle(self, x: ndarray) -> ndarray:
        if x.dtype.kind == "c":
            return cupy.arctan2(x.imag, x.real)
        # cupy.angle gives pi for NaN
        turned = cupy.multiply(cupy.less(x, 0).astype(x.dtype), x.dtype.type(cupy.pi))
        return self.where(cupy.isnan(x), x, turned)

    @placed
    def asin(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arcsin(x, out)

    @placed
    def asinh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arcsinh(x, out)

    @placed
    def atan(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arctan(x, out)

    @placed
    def atan2(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.arctan2(x, y, out)

    @placed
    def atanh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.arctanh(x, out)

    @placed
    def bitwise_and(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.bitwise_and(x, y, out)

    @placed
    def bitwise_invert(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.invert(x, out)

    @placed
    def bitwise_left_shift(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.left_shift(x, y, out)

    @placed
    def bitwise_or(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.bitwise_or(x, y, out)

    @placed
    def bitwise_right_shift(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.right_shift(x, y, out)

    @placed
    def bitwise_xor(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.bitwise_xor(x, y, out)

    @placed
    def ceil(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.ceil(x, out)

    @placed
    def conj(self, x: ndarray) -> ndarray:
        return x.conj()

    @placed
    def copysign(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.copysign(x, y, out)

    @placed
    def cos(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.cos(x, out)

    @placed
    def cosh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.cosh(x, out)

    @placed
    def digamma(self, x: ndarray) -> ndarray:
        return special.digamma(x) if not is_half(x) else special.digamma(x.astype(FLOAT32)).astype(x.dtype)

    @placed
    def divide(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.true_divide(x, y, out)

    @placed
    def equal(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.equal(x, y, out)

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
    def exp(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.exp(x, out)

    @placed
    def exp2(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.exp2(x, out)

    @placed
    def expm1(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.expm1(x, out)

    @placed
    def floor(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.floor(x, out)

    @placed
    def floor_divide(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        # CuPy's floor(x / y) says 10 for 1 // 0.1, which is 9
        x, y = _alike(x, y)
        return _run(FLOOR_DIVIDE, x, y, out) if x.dtype.kind in "fV" else cupy.floor_divide(x, y, out)

    @placed
    def fmax(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.fmax(x, y, out)

    @placed
    def fmin(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.fmin(x, y, out)

    @placed
    def fmod(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        # CuPy sends integers through float64, which is inexact from 2**53 on
        x, y = _alike(x, y)
        return cupy.fmod(x, y, out) if x.dtype.kind in "fV" else _run(FMOD, x, y, out)

    @placed
    def greater(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.greater(x, y, out)

    @placed
    def greater_equal(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.greater_equal(x, y, out)

    @placed
    def hypot(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.hypot(x, y, out)

    @placed
    def imag(self, x: ndarray) -> ndarray:
        return x.imag

    @placed
    def isfinite(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.isfinite(x, out)

    @placed
    def isinf(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.isinf(x, out)

    @placed
    def isnan(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.isnan(x, out)

    @placed
    def less(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.less(x, y, out)

    @placed
    def less_equal(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.less_equal(x, y, out)

    @placed
    def lgamma(self, x: ndarray) -> ndarray:
        wide = x.astype(FLOAT32) if is_half(x) else x
        # gammaln gives -inf at -inf, as SciPy does, where C and PyTorch give inf
        out = special.gammaln(cupy.where(cupy.equal(wide, -cupy.inf), cupy.inf, wide))
        return out.astype(x.dtype, copy=False)

    @placed
    def log(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.log(x, out)

    @placed
    def log10(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.log10(x, out)

    @placed
    def log1p(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.log1p(x, out)

    @placed
    def log2(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.log2(x, out)

    @placed
    def logaddexp(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.logaddexp(x, y, out)

    @placed
    def logaddexp2(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.logaddexp2(x, y, out)

    @placed
    def logical_and(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.logical_and(_truth(x), _truth(y), out)

    @placed
    def logical_not(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.logical_not(_truth(x), out)

    @placed
    def logical_or(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.logical_or(_truth(x), _truth(y), out)

    @placed
    def logical_xor(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.logical_xor(_truth(x), _truth(y), out)

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
    def multiply(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.multiply(x, y, out)

    @placed
    def negative(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.negative(x, out)

    @placed
    def nextafter(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.nextafter(x, y, out)

    @placed
    def not_equal(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.not_equal(x, y, out)

    @placed
    def polygamma(self, n: int, x: ndarray) -> ndarray:
        if n == 0:
            return self.digamma(x)
        # factorial and sign are numbers of the host; the series needs float64
        factor = (-1.0) ** (n + 1) * math.gamma(n + 1.0)
        return (special.zeta(n + 1.0, x.astype(cupy.float64)) * factor).astype(x.dtype)

    @placed
    def pow(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.power(x, y, out)

    def real(self, x: ndarray) -> ndarray:
        return x.real

    @placed
    def reciprocal(self, x: ndarray) -> ndarray:
        return cupy.true_divide(1, x)

    @placed
    def remainder(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        x, y = _alike(x, y)
        return _run(REMAINDER, x, y, out) if x.dtype.kind in "fV" else cupy.remainder(x, y, out)

    @placed
    def round(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.rint(x, out)

    @placed
    def sign(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.sign(x, out)

    @placed
    def signbit(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.signbit(x, out)

    @placed
    def sin(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.sin(x, out)

    @placed
    def sinh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.sinh(x, out)

    @placed
    def sqrt(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.sqrt(x, out)

    @placed
    def square(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.square(x, out)

    @placed
    def subtract(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.subtract(x, y, out)

    @placed
    def tan(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.tan(x, out)

    @placed
    def tanh(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.tanh(x, out)

    @placed
    def trunc(self, x: ndarray, out: ndarray | None = None, /) -> ndarray:
        return cupy.trunc(x, out)

    @placed
    def view_as_complex(self, x: ndarray) -> ndarray:
        if x.strides[-1] != x.dtype.itemsize:
            x = x.copy("C")
        return x.view(cupy.complex128 if x.dtype.itemsize == 8 else cupy.complex64)[..., 0]

    def view_as_real(self, x: ndarray) -> ndarray:
        return x[..., None].view(cupy.float64 if x.dtype.itemsize == 16 else cupy.float32)

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
    """Two arrays of one dtype; a Python number takes the dtype of the other."""
    if isinstance(x, _NUMBERS):
        x = cupy.asarray(x, y.dtype)
    elif isinstance(y, _NUMBERS):
        y = cupy.asarray(y, x.dtype)
    dtype = x.dtype if x.dtype == y.dtype else cupy.result_type(x.dtype, y.dtype)
    # NumPy's scalars, too: `scalar` makes them
    return cupy.asarray(x, dtype), cupy.asarray(y, dtype)


def _run(kernel: ElementwiseKernel, x: ndarray, y: ndarray, out: ndarray | None) -> ndarray:
    return kernel(x, y) if out is None else kernel(x, y, out)


def _truth(x: Any) -> Any:
    # CuPy's logical ufuncs have no complex loops
    if not isinstance(x, ndarray):
        return bool(x)
    return cupy.not_equal(x, 0) if x.dtype.kind == "c" else x
