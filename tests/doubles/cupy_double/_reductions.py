"""The double's reductions: 0-d arrays on the device (R1), CuPy's dtypes (R3), the mean of nothing (R5)."""

import warnings

import numpy as np

from tests.doubles.cupy_double._array import check_place, host_of, ndarray, new
from tests.doubles.cupy_double._loops import REDUCTIONS
from tests.doubles.cupy_double._ufunc import BFLOAT16, dtype_of


def _loop(name, table, x, dtype):
    if not isinstance(x, ndarray):
        raise TypeError(f"Argument 'a' has incorrect type (expected cupy.ndarray, got {type(x).__name__})")
    check_place(x)
    for loop in REDUCTIONS[table]:
        source, result = [dtype_of(c) for c in loop.split("->")]
        if (dtype is None and np.can_cast(x.dtype, source)) or (dtype is not None and result == np.dtype(dtype)):
            return source, result
    raise TypeError(f"Wrong type ({(x.dtype,)}) of arguments for cupy_{name}")


def _finish(value, result, out):
    with np.errstate(all="ignore"):
        value = np.asarray(value).astype(result)
    if out is None:
        return new(value)
    check_place(out)
    host_of(out)[...] = value
    return out


def _accumulated(function, x, axis, dtype, out, keepdims, name):
    source, result = _loop(name, "sum" if dtype is None else "sum_with_dtype", x, dtype)
    with np.errstate(all="ignore"):
        host = host_of(x).astype(source)
        # bfloat16 adds in float; CUB adds float16 in float16 (R2)
        wide = np.float32 if source == BFLOAT16 else np.float16 if source == np.float16 else result
        return _finish(function(host, axis=axis, dtype=wide, keepdims=bool(keepdims)), result, out)


def sum(a, axis=None, dtype=None, out=None, keepdims=False):
    return _accumulated(np.sum, a, axis, dtype, out, keepdims, "sum")


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    return _accumulated(np.prod, a, axis, dtype, out, keepdims, "prod")


def _extreme(function, a, axis, out, keepdims, name):
    source, result = _loop(name, "extreme", a, None)
    if 0 in a.shape and np.empty(a.shape).sum(axis=axis).size:
        raise ValueError(f"zero-size array to reduction operation cupy_{name} which has no identity")  # (R4)
    with np.errstate(all="ignore"):
        return _finish(function(host_of(a).astype(source), axis=axis, keepdims=bool(keepdims)), result, out)


def max(a, axis=None, out=None, keepdims=False):
    return _extreme(np.max, a, axis, out, keepdims, "max")


def min(a, axis=None, out=None, keepdims=False):
    return _extreme(np.min, a, axis, out, keepdims, "min")


def amax(a, axis=None, out=None, keepdims=False):
    return max(a, axis, out, keepdims)


def amin(a, axis=None, out=None, keepdims=False):
    return min(a, axis, out, keepdims)


def _place(function, a, axis, dtype, out, keepdims, name):
    source, _ = _loop(name, "place", a, None)
    if 0 in a.shape and np.empty(a.shape).sum(axis=axis).size:
        raise ValueError(f"zero-size array to reduction operation cupy_{name} which has no identity")
    return _finish(function(host_of(a).astype(source), axis=axis, keepdims=bool(keepdims)), np.dtype(np.int64), out)


def argmax(a, axis=None, dtype=None, out=None, keepdims=False):
    return _place(np.argmax, a, axis, dtype, out, keepdims, "argmax")


def argmin(a, axis=None, dtype=None, out=None, keepdims=False):
    return _place(np.argmin, a, axis, dtype, out, keepdims, "argmin")


def _truth(function, a, axis, out, keepdims, name):
    source, result = _loop(name, "truth", a, None)
    return _finish(function(host_of(a).astype(source), axis=axis, keepdims=bool(keepdims)), result, out)


def all(a, axis=None, out=None, keepdims=False):
    return _truth(np.all, a, axis, out, keepdims, "all")


def any(a, axis=None, out=None, keepdims=False):
    return _truth(np.any, a, axis, out, keepdims, "any")


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    source, result = _loop("mean", "mean", a, None)
    if dtype is not None:
        result = np.dtype(dtype)
    wide = np.dtype(np.float32) if source.itemsize == 2 else source if dtype is None else np.result_type(source, result)
    wide = np.dtype(np.float64) if wide.kind in "biu" else wide
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN, without a word
        return _finish(np.mean(host_of(a).astype(wide), axis=axis, keepdims=bool(keepdims)), result, out)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    _loop("var", "mean", a, None)
    host = host_of(a)
    host = host.astype(np.float64) if host.dtype.kind in "biu" else host
    count = np.prod([host.shape[k] for k in np.atleast_1d(range(host.ndim) if axis is None else axis)])
    wide = host.astype(np.float32) if host.dtype.itemsize == 2 else host
    with np.errstate(all="ignore"):
        deviation = wide - wide.mean(axis=axis, keepdims=True)
        squares = (deviation * deviation.conj()).real
        left = count - ddof
        value = squares.sum(axis=axis, keepdims=bool(keepdims)) * (1 / left if left > 0 else np.nan)
    return _finish(value, host.real.dtype if dtype is None else np.dtype(dtype), out)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    from tests.doubles.cupy_double._ufunc import sqrt

    return sqrt(var(a, axis, dtype, None, ddof, keepdims))


def _running(function, a, axis, dtype, out):
    if not isinstance(a, ndarray):
        raise TypeError("only cupy arrays can be accumulated")
    check_place(a)
    if dtype is None:
        dtype = {"b": np.int64, "i": np.int64, "u": np.uint64}.get(a.dtype.kind, a.dtype)
    dtype = np.dtype(dtype)
    host = host_of(a).reshape(-1) if axis is None else host_of(a)
    with np.errstate(all="ignore"):
        # the scan kernels add in the result's own dtype (R6)
        return _finish(function.accumulate(host.astype(dtype), 0 if axis is None else axis, dtype), dtype, out)


def cumsum(a, axis=None, dtype=None, out=None):
    return _running(np.add, a, axis, dtype, out)


def cumprod(a, axis=None, dtype=None, out=None):
    return _running(np.multiply, a, axis, dtype, out)


def count_nonzero(a, axis=None):
    check_place(a)
    return new(np.count_nonzero(host_of(a), axis=axis))
