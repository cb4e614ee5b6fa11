"""The vocabulary over Tensors: gradients run over it when they are to be differentiated themselves."""

from __future__ import annotations

import sys
from typing import Any

from gputensor.autograd.engine import register_namespace
from gputensor.core.apply import apply1, apply3, applyn, binary, cast, constant, wrap
from gputensor.core.devices import device_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.tensor_base import TensorBase
from gputensor.core.views import take_view
from gputensor.core.writes import ViewPut, ViewWrite
from gputensor.ops import arithmetic, comparison, complex_numbers, logic, signs
from gputensor.ops.axes import Permute
from gputensor.ops.bessel import I0_, I0E, I1_, I1E
from gputensor.ops.binary_scaling import EXPONENT, MANTISSA
from gputensor.ops.clamping import fmax as fmax, fmin as fmin, maximum as maximum, minimum as minimum
from gputensor.ops.classification import isfinite as isfinite, isinf as isinf, isnan as isnan
from gputensor.ops.complex_numbers import (
    IMAG,
    REAL,
    angle as angle,
    conj as conj,
    view_as_complex as view_as_complex,
    view_as_real as view_as_real,
)
from gputensor.ops.conversion import to_device
from gputensor.ops.convolution import Convolution, ConvolutionBias, ConvolutionTranspose, ConvolutionWeight
from gputensor.ops.cumulative import CumProd, CumSum
from gputensor.ops.determinants import COFACTORS, DET
from gputensor.ops.diagonals import Diagonal, Tril, Triu
from gputensor.ops.division import floor_divide as floor_divide, fmod as fmod, remainder as remainder
from gputensor.ops.expanding import Expand
from gputensor.ops.exponential import (
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    logaddexp as logaddexp,
    logaddexp2 as logaddexp2,
)
from gputensor.ops.extreme_values import Amax
from gputensor.ops.flipping import Flip
from gputensor.ops.fourier import Fourier, HermitianFourier, RealFourier
from gputensor.ops.gamma_functions import ZETA
from gputensor.ops.gathering import Gather, Scatter, ScatterAdd, ScatterExtreme, ScatterProd
from gputensor.ops.hyperbolic import (
    acosh as acosh,
    asinh as asinh,
    atanh as atanh,
    cosh as cosh,
    sinh as sinh,
    tanh as tanh,
)
from gputensor.ops.indexing import Index, IndexPut, IndexSum, getitem as getitem
from gputensor.ops.joining import Cat, Stack
from gputensor.ops.layout import Clone
from gputensor.ops.linalg import matmul as matmul
from gputensor.ops.logic import (
    bitwise_and as bitwise_and,
    bitwise_or as bitwise_or,
    bitwise_xor as bitwise_xor,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
)
from gputensor.ops.matrix_functions import MATRIX_EXP
from gputensor.ops.normal_tails import erfcx as erfcx
from gputensor.ops.pooling import WindowPut, WindowSpread, WindowSum, WindowTake
from gputensor.ops.powers import pow as pow, reciprocal as reciprocal, sqrt as sqrt, square as square
from gputensor.ops.reduction import Mean, Prod, Sum
from gputensor.ops.rounding import ceil as ceil, floor as floor, round as round, trunc as trunc
from gputensor.ops.selection import where as where
from gputensor.ops.shape import Reshape
from gputensor.ops.signs import abs as abs, copysign as copysign, nextafter as nextafter, signbit as signbit
from gputensor.ops.singular_values import Svd
from gputensor.ops.solving import SOLVE, SolveTriangular
from gputensor.ops.special_functions import (
    digamma as digamma,
    erf as erf,
    erfc as erfc,
    erfinv as erfinv,
    lgamma as lgamma,
    polygamma as polygamma,
)
from gputensor.ops.strided_views import AsStrided, SlidingWindow, StridedAdd, WindowAdd
from gputensor.ops.trigonometric import (
    acos as acos,
    asin as asin,
    atan as atan,
    atan2 as atan2,
    cos as cos,
    hypot as hypot,
    sin as sin,
    tan as tan,
)

add, subtract, multiply = arithmetic.add, arithmetic.sub, arithmetic.mul
divide, negative = arithmetic.div, arithmetic.neg
equal, not_equal = comparison.eq, comparison.ne
less, less_equal, greater, greater_equal = comparison.lt, comparison.le, comparison.gt, comparison.ge
make_complex = complex_numbers.complex
bitwise_invert = logic.bitwise_not
sign = signs.sgn


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return apply1(Sum(axis, keepdims), x)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return apply1(Mean(axis, keepdims), x)


def cumulative_sum(x: Any, axis: int) -> Any:
    return apply1(CumSum(axis), x)


def cumulative_prod(x: Any, axis: int) -> Any:
    return apply1(CumProd(axis), x)


def broadcast_to(x: Any, shape: Any) -> Any:
    return take_view(Expand(tuple(shape)), x)


def spread(x: Any, shape: Any) -> Any:
    return take_view(Expand(tuple(shape)), x)


def reshape(x: Any, shape: Any) -> Any:
    return take_view(Reshape(tuple(shape)), x)


def permute_dims(x: Any, axes: Any) -> Any:
    return take_view(Permute(axes), x)


def expand_dims(x: Any, axis: Any) -> Any:
    shape = list(x.array.shape)
    for k in sorted(axis):
        shape.insert(k, 1)
    return take_view(Reshape(tuple(shape)), x)


def squeeze(x: Any, axis: Any) -> Any:
    return take_view(Reshape(tuple([n for k, n in enumerate(x.array.shape) if k not in axis])), x)


def flip(x: Any, axis: Any) -> Any:
    return apply1(Flip(tuple(axis)), x)


def diagonal(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    return take_view(Diagonal(offset, axis1, axis2), x)


def sliding_window(x: Any, axis: int, size: int, step: int) -> Any:
    return take_view(SlidingWindow(axis, size, step), x)


def window_add(values: Any, axis: int, length: int, step: int) -> Any:
    return apply1(WindowAdd(axis, length, step), values)


def as_strided(x: Any, shape: Any, strides: Any, offset: int) -> Any:
    return take_view(AsStrided(tuple(shape), tuple(strides), offset, x.xp.strides(x.array)), x)


def strides(x: Any) -> Any:
    return x.xp.strides(x.array)


def strided_add(values: Any, strides: Any, offset: int, count: int) -> Any:
    return apply1(StridedAdd(tuple(strides), offset, count), values)


def concat(arrays: Any, axis: int) -> Any:
    return applyn(Cat(axis, tuple([x.array.shape[axis] for x in arrays])), arrays)


def stack(arrays: Any, axis: int) -> Any:
    return applyn(Stack(axis, len(arrays)), arrays)


def tril(x: Any, k: int) -> Any:
    return apply1(Tril(k), x)


def triu(x: Any, k: int) -> Any:
    return apply1(Triu(k), x)


def astype(x: Any, dtype: Any) -> Any:
    return cast(x, numpy_dtype(dtype))


def solve(a: Any, b: Any) -> Any:
    return applyn(SOLVE, (a, b))


def solve_triangular(a: Any, b: Any, upper: bool, unit: bool) -> Any:
    return applyn(SolveTriangular(upper, unit), (a, b))


def row_order(pivots: Any, n: int) -> Any:
    return wrap(pivots.xp.row_order(pivots.array, n), pivots.xp)


def det(x: Any) -> Any:
    return apply1(DET, x)


def cofactors(x: Any) -> Any:
    return apply1(COFACTORS, x)


def svd(x: Any, full: bool) -> Any:
    return applyn(Svd(full), (x,))


def matrix_exp(x: Any) -> Any:
    return apply1(MATRIX_EXP, x)


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    (one,) = axis
    return apply1(Prod(one, keepdims), x)


def copy(x: Any, order: str = "K") -> Any:
    return apply1(Clone(order), x)


def real(x: Any) -> Any:
    return take_view(REAL, x) if x.array.dtype.kind == "c" else x


def imag(x: Any) -> Any:
    return take_view(IMAG, x)


def zeros_like(x: Any) -> Any:
    return wrap(x.xp.zeros_like(x.array), x.xp)


def ones_like(x: Any) -> Any:
    return wrap(x.xp.ones_like(x.array), x.xp)


def zeros_for(x: Any, shape: Any) -> Any:
    return wrap(x.xp.zeros_for(x.array, shape), x.xp)


def arange_for(x: Any, count: int) -> Any:
    return wrap(x.xp.arange_for(x.array, count), x.xp)


def moved(x: Any, source: Any, target: Any) -> Any:
    return to_device(x, device_of(target))


def scalar(value: Any, dtype: Any) -> Any:
    return value


def view_put(value: Any, shape: Any, dtype: Any, chain: Any) -> Any:
    return apply1(ViewPut(tuple(shape), numpy_dtype(dtype), chain), value)


def view_set(x: Any, chain: Any, value: Any) -> Any:
    value = value if isinstance(value, TensorBase) else wrap(x.xp.full((), value, x.array.dtype), x.xp)
    return applyn(ViewWrite(chain), (x, value))


def index_get(x: Any, index: Any) -> Any:
    dims, i = _indexed(index)
    return applyn(Index(dims), (x, i))


def index_add(values: Any, shape: Any, index: Any) -> Any:
    dims, i = _indexed(index)
    return applyn(IndexSum(tuple(shape), dims), (values, i))


def index_put(x: Any, index: Any, values: Any) -> Any:
    dims, i = _indexed(index)
    return applyn(IndexPut(dims), (x, values, i))


def take_along_axis(x: Any, index: Any, axis: int) -> Any:
    return applyn(Gather(axis), (x, index))


def scatter(x: Any, index: Any, values: Any, axis: int) -> Any:
    return apply3(Scatter(axis), x, values, index)


def scatter_add(x: Any, index: Any, values: Any, axis: int) -> Any:
    return apply3(ScatterAdd(axis), x, values, index)


def scatter_reduce(x: Any, index: Any, values: Any, axis: int, how: str) -> Any:
    return apply3(ScatterProd(axis) if how == "prod" else ScatterExtreme(axis, how == "max"), x, values, index)


def _indexed(index: Any) -> tuple[tuple[int, ...], Any]:
    """The dims of the index arrays, and these as the one tensor that the primitives take."""
    dims = tuple([k for k, i in enumerate(index) if isinstance(i, TensorBase)])
    first = index[dims[0]]
    if len(dims) == 1:
        return dims, first
    return dims, wrap(first.xp.stack([index[k].array for k in dims], 0), first.xp)


def conv(x: Any, w: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    if bias is None:
        return binary(Convolution(stride, padding, dilation, groups), x, w)
    return apply3(ConvolutionBias(stride, padding, dilation, groups), x, w, bias)


def conv_transpose(y: Any, w: Any, size: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    return binary(ConvolutionTranspose(tuple(size), stride, padding, dilation, groups), y, w)


def conv_weight(x: Any, y: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    return binary(ConvolutionWeight(tuple(kernel), stride, padding, dilation, groups), x, y)


def max_pool_offsets(x: Any, windows: Any) -> Any:
    return wrap(x.xp.max_pool_offsets(x.array, windows), x.xp)


def window_put(y: Any, offsets: Any, size: Any, windows: Any) -> Any:
    offsets = offsets.array if isinstance(offsets, TensorBase) else offsets
    return apply1(WindowPut(offsets, tuple(size), windows), y)


def window_take(x: Any, offsets: Any, windows: Any) -> Any:
    return apply1(WindowTake(offsets, windows), x)


def window_sum(x: Any, windows: Any) -> Any:
    return apply1(WindowSum(windows), x)


def window_spread(y: Any, size: Any, windows: Any) -> Any:
    return apply1(WindowSpread(tuple(size), windows), y)


def sum_rows(x: Any) -> Any:
    return apply1(Sum((0,), False), x)


def bessel(kind: str, x: Any) -> Any:
    return apply1(BESSEL[kind], x)


BESSEL = {"i0": I0_, "i0e": I0E, "i1": I1_, "i1e": I1E}


def frexp(x: Any) -> Any:
    return apply1(MANTISSA, x), constant(EXPONENT, (x,))


def zeta(x: Any, q: Any) -> Any:
    return binary(ZETA, x, q)


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return apply1(Amax(axis, keepdims), x)


def fftn(x: Any, axes: Any, norm: str) -> Any:
    return apply1(Fourier(tuple(axes), False, norm), x)


def ifftn(x: Any, axes: Any, norm: str) -> Any:
    return apply1(Fourier(tuple(axes), True, norm), x)


def irfft(x: Any, n: int, axis: int, norm: str) -> Any:
    return apply1(HermitianFourier(n, axis, norm), x)


def rfft(x: Any, axis: int, norm: str) -> Any:
    return apply1(RealFourier(axis, norm), x)


def bincount(x: Any, weights: Any, minlength: int) -> Any:
    return wrap(x.xp.bincount(x.array, None if weights is None else weights.array, minlength), x.xp)


register_namespace(sys.modules[__name__])
