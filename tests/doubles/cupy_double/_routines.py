"""The double's functions that are no ufunc and no reduction: new arrays, shapes, joins, sorting, products."""

import numpy as np

from tests.doubles.cupy_double._array import (
    BFLOAT16,
    check_place,
    host_of,
    ndarray,
    new,
    shares_bounds,
    supported,
    view_of,
)
from tests.doubles.cupy_double._memory import copies_to_host
from tests.doubles.cupy_double._ufunc import angle_ufunc, clip_ufunc, multiply, where_ufunc


def _given(x, name="a"):
    """The values of an array that a kernel may read."""
    if not isinstance(x, ndarray):
        raise TypeError(f"Argument {name!r} has incorrect type (expected cupy.ndarray, got {type(x).__name__})")
    check_place(x)
    return host_of(x)


# new arrays


def array(obj, dtype=None, copy=True, order="K", subok=False, ndmin=0, *, blocking=False):
    if isinstance(obj, (list, tuple)) and any([isinstance(o, ndarray) for o in obj]):
        obj = np.stack([_given(o) for o in obj])
    if isinstance(obj, ndarray):
        if not copy and (dtype is None or obj.dtype == dtype):
            return obj
        return obj.astype(obj.dtype if dtype is None else dtype)
    host = np.array(obj, dtype=None if dtype is None else np.dtype(dtype), ndmin=ndmin)
    supported(host.dtype)
    if not host.dtype.isnative:
        host = host.astype(host.dtype.newbyteorder("="))
    return new(host)


def asarray(a, dtype=None, order=None, *, copy=None, blocking=False):
    return array(a, dtype, copy=bool(copy), order=order, blocking=blocking)


def asanyarray(a, dtype=None, order=None, *, copy=None, blocking=False):
    return asarray(a, dtype, order, copy=copy, blocking=blocking)


def ascontiguousarray(a, dtype=None):
    if isinstance(a, ndarray) and a.flags.c_contiguous and (dtype is None or a.dtype == dtype):
        return a if a.ndim else a.reshape(1)
    return new(np.ascontiguousarray(_given(a) if isinstance(a, ndarray) else a, dtype))


def copy(a, order="K"):
    return a.copy(order)


def asnumpy(a, stream=None, order="C", out=None, *, blocking=True):
    return a.get(stream, order, out) if isinstance(a, ndarray) else np.asarray(a, order=order)


def empty(shape, dtype=float, order="C"):
    return ndarray(shape, dtype, order=order)


def zeros(shape, dtype=float, order="C"):
    return new(np.zeros(shape, supported(dtype)))


def ones(shape, dtype=float, order="C"):
    return new(np.ones(shape, supported(dtype)))


def full(shape, fill_value, dtype=None, order="C"):
    if dtype is None:
        dtype = np.asarray(fill_value).dtype
    out = ndarray(shape, dtype)
    out.fill(fill_value)
    return out


def empty_like(prototype, dtype=None, order="K", subok=None, shape=None):
    return ndarray(prototype.shape if shape is None else shape, prototype.dtype if dtype is None else dtype)


def zeros_like(a, dtype=None, order="K", subok=None, shape=None):
    return zeros(a.shape if shape is None else shape, a.dtype if dtype is None else dtype)


def ones_like(a, dtype=None, order="K", subok=None, shape=None):
    return ones(a.shape if shape is None else shape, a.dtype if dtype is None else dtype)


def full_like(a, fill_value, dtype=None, order="K", subok=None, shape=None):
    return full(a.shape if shape is None else shape, fill_value, a.dtype if dtype is None else dtype)


def arange(start, stop=None, step=1, dtype=None):
    host = np.arange(start, step=step, dtype=dtype) if stop is None else np.arange(start, stop, step, dtype)
    return new(host)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    return new(np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis))


def eye(N, M=None, k=0, dtype=float, order="C"):
    return new(np.eye(N, M, k, supported(dtype)))


def identity(n, dtype=float):
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=float):
    return new(np.tri(N, M, k, supported(dtype)))


def tril(m, k=0):
    return where(tri(*m.shape[-2:], k=k, dtype=bool), m, m.dtype.type(0))


def triu(m, k=0):
    return where(tri(*m.shape[-2:], k=k - 1, dtype=bool), m.dtype.type(0), m)


def diag(v, k=0):
    return new(np.diag(_given(v), k))


# shapes


def reshape(a, newshape, order="C", *, copy=None):
    return a.reshape(newshape, order=order)


def ravel(a, order="C"):
    return a.ravel(order)


def transpose(a, axes=None):
    return a.transpose(axes)


def permute_dims(a, axes=None):
    return a.transpose(axes)


def swapaxes(a, axis1, axis2):
    return a.swapaxes(axis1, axis2)


def moveaxis(a, source, destination):
    return view_of(a, np.moveaxis(host_of(a), source, destination))


def rollaxis(a, axis, start=0):
    return view_of(a, np.rollaxis(host_of(a), axis, start))


def squeeze(a, axis=None):
    return a.squeeze(axis)


def expand_dims(a, axis):
    return view_of(a, np.expand_dims(host_of(a), axis))


def broadcast_to(array, shape):
    host = np.broadcast_to(host_of(array), shape)
    # CuPy has no read-only arrays: the double's view is writable, too
    return view_of(array, np.lib.stride_tricks.as_strided(host_of(array), host.shape, host.strides, writeable=True))


def broadcast_arrays(*args):
    shape = np.broadcast_shapes(*[a.shape for a in args])
    return [broadcast_to(a, shape) for a in args]


class broadcast:
    """The common shape of arrays, and the arrays in it."""

    def __init__(self, *arrays):
        self.values = tuple(broadcast_arrays(*arrays))
        self.shape = self.values[0].shape
        self.nd = len(self.shape)
        self.size = self.values[0].size


def flip(a, axis=None):
    return view_of(a, np.flip(host_of(a), axis))


def diagonal(a, offset=0, axis1=0, axis2=1):
    return a.diagonal(offset, axis1, axis2)


def atleast_1d(*arys):
    out = [a if a.ndim else a.reshape(1) for a in arys]
    return out[0] if len(out) == 1 else out


# joins and copies


def concatenate(tup, axis=0, out=None, *, dtype=None, casting="same_kind"):
    value = np.concatenate([_given(a) for a in tup], axis, dtype=dtype, casting=casting)
    if out is None:
        return new(value)
    host_of(out)[...] = value
    return out


def concat(tup, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return concatenate(tup, axis, out, dtype=dtype, casting=casting)


def stack(tup, axis=0, out=None, *, dtype=None, casting="same_kind"):
    value = np.stack([_given(a) for a in tup], axis, dtype=dtype, casting=casting)
    if out is None:
        return new(value)
    host_of(out)[...] = value
    return out


def repeat(a, repeats, axis=None):
    return new(np.repeat(_given(a), repeats, axis))


def tile(A, reps):
    return new(np.tile(_given(A), reps))


def roll(a, shift, axis=None):
    return new(np.roll(_given(a), shift, axis))


def pad(array, pad_width, mode="constant", **kwargs):
    return new(np.pad(_given(array), pad_width, mode, **kwargs))


# choice, searching, sorting


def where(condition, x=None, y=None):
    if x is None or y is None:
        if x is not y:
            raise ValueError("Must provide both 'x' and 'y' or neither.")
        return condition.nonzero()
    return where_ufunc(condition.astype("?", copy=False), x, y)


def clip(a, a_min, a_max, out=None):
    kind = a.dtype.kind
    if a_min is None:
        a_min = a.dtype.type("-inf") if kind == "f" else np.iinfo(a.dtype).min
    if a_max is None:
        a_max = a.dtype.type("inf") if kind == "f" else np.iinfo(a.dtype).max
    return clip_ufunc(a, a_min, a_max) if out is None else clip_ufunc(a, a_min, a_max, out)


def angle(z, deg=False):
    return angle_ufunc(z)


def real(val):
    return val.real


def imag(val):
    return val.imag


def nonzero(a):
    return a.nonzero()


def take(a, indices, axis=None, out=None):
    return a.take(indices, axis)


def take_along_axis(a, indices, axis):
    if a.ndim != indices.ndim:
        raise ValueError("`indices` and `a` must have the same number of dimensions.")
    host = _given(indices).astype(np.int64) % max(a.shape[axis], 1)
    return new(np.take_along_axis(_given(a), host, axis))


def _sortable(host):
    if host.dtype == BFLOAT16:  # (I7)
        raise NotImplementedError(f"Sorting arrays with dtype '{host.dtype}' is not supported")
    return host


def sort_in_place(a, axis, kind):
    _check_kind(kind)
    host = _sortable(_given(a))
    if a.ndim == 0:
        raise np.exceptions.AxisError("Sorting arrays with the rank of zero is not supported")
    if not a.flags.c_contiguous:  # (I8)
        raise NotImplementedError("Sorting non-contiguous array is not supported.")
    host.sort(axis, kind="stable")


def _check_kind(kind):
    if kind is not None and kind != "stable":
        raise ValueError("kind can only be None or 'stable'")


def sort(a, axis=-1, kind=None):
    out = a.flatten() if axis is None else a.copy()
    out.sort(-1 if axis is None else axis, kind)
    return out


def argsort(a, axis=-1, kind=None):
    _check_kind(kind)
    host = _sortable(np.atleast_1d(_given(a)))
    return new(np.argsort(host.reshape(-1) if axis is None else host, -1 if axis is None else axis, kind="stable"))


def argpartition(a, kth, axis=-1):
    return argsort(a, axis)


def searchsorted(a, v, side="left", sorter=None):
    if not isinstance(a, ndarray):
        raise NotImplementedError("Only int or ndarray are supported for a")
    if a.ndim != 1:
        raise ValueError(
            "object too deep for desired array" if a.ndim else "object of too small depth for desired array"
        )
    v = asarray(v)
    return new(np.searchsorted(_given(a), _given(v), side, None if sorter is None else _given(sorter)).astype(np.int64))


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True):
    copies_to_host[0] += 1
    host = _sortable(_given(ar))
    found = np.unique(host, True, True, True, axis, equal_nan=equal_nan)
    wanted = [True, return_index, return_inverse, return_counts]
    out = [new(f.reshape(ar.shape) if k == 2 and axis is None else f) for k, f in enumerate(found) if wanted[k]]
    return out[0] if len(out) == 1 else tuple(out)


def frexp(x):
    # a ufunc of two results in CuPy
    mantissa, exponent = np.frexp(_given(x))
    return new(np.asarray(mantissa)), new(np.asarray(exponent, np.int32))


def bincount(x, weights=None, minlength=None):
    host = _given(x)
    if x.ndim != 1:
        raise ValueError(
            "object too deep for desired array" if x.ndim else "object of too small depth for desired array"
        )
    if x.dtype.kind == "f":  # (I10)
        raise TypeError("x must be int array")
    copies_to_host[0] += 1
    if (host < 0).any():
        raise ValueError("The first argument of bincount must be non-negative")
    if weights is not None and x.shape != weights.shape:
        raise ValueError("The weights and list don't have the same length.")
    if x.size == 0:
        return zeros(minlength or 0, np.int64)
    return new(np.bincount(host, None if weights is None else _given(weights), minlength or 0))


def ravel_multi_index(multi_index, dims, mode="wrap", order="C"):
    hosts = [_given(i).astype(np.int64) for i in multi_index]
    return new(np.asarray(np.ravel_multi_index(tuple(hosts), dims, mode, order)))


def unravel_index(indices, dims, order="C"):
    return tuple([new(i) for i in np.unravel_index(_given(indices), dims, order)])


# products


def matmul(
    *args,
    axes=None,
    axis=None,
    keepdims=False,
    casting="same_kind",
    dtype=None,
    signature=None,
    order="K",
    out=None,
):
    x, y = args
    a, b = _given(x), _given(y)
    if x.ndim == 0 or y.ndim == 0:  # (L4)
        raise ValueError("Scalar operands are not allowed, use '*' instead")
    result = np.promote_types(a.dtype, b.dtype)
    if max(x.ndim, y.ndim) > 2 and result == BFLOAT16:  # (L3)
        from tests.doubles.cupy_double.cuda.compiler import CompileException

        raise CompileException("no batched product of bfloat16", "", "cupy_tensordot_core_int", ())
    with np.errstate(all="ignore"):
        if result.itemsize == 2 and result.kind in "fV":
            a, b = a.astype(result), b.astype(result)
            rows, columns = (x.shape[0] if x.ndim > 1 else 1), (y.shape[-1] if y.ndim > 1 else 1)
            if max(x.ndim, y.ndim) <= 2 and rows == columns == 1:
                # two vectors: the products are rounded to 16 bits before they are summed (L2)
                products = np.ravel(a) * np.ravel(b)
                wide = np.float32 if result == BFLOAT16 else np.float16
                shape = np.empty(x.shape).__matmul__(np.empty(y.shape)).shape
                return new(products.sum(dtype=wide).astype(result).reshape(shape))
            # cuBLAS sums in float32 (L1)
            return new(np.matmul(a.astype(np.float32), b.astype(np.float32)).astype(result))
        return new(np.matmul(a, b))


def dot(a, b, out=None):
    if a.ndim == 0 or b.ndim == 0:
        return multiply(a, b)
    if a.ndim <= 2 and b.ndim <= 2:
        return matmul(a, b)
    return new(np.dot(_given(a), _given(b)))


def tensordot(a, b, axes=2):
    return new(np.tensordot(_given(a), _given(b), axes))


def einsum(*operands, **kwargs):
    kwargs.pop("optimize", None)
    return new(np.einsum(operands[0], *[_given(o) for o in operands[1:]], **kwargs))


def outer(a, b, out=None):
    return multiply(a.ravel()[:, None], b.ravel()[None, :])


# questions


def may_share_memory(a, b, max_work=None):
    return a.size > 0 and b.size > 0 and shares_bounds(a, b)


def shares_memory(a, b, max_work=None):
    return a.data.mem is b.data.mem and np.shares_memory(host_of(a), host_of(b))


def result_type(*arrays_and_dtypes):
    return np.result_type(*[host_of(a) if isinstance(a, ndarray) else a for a in arrays_and_dtypes])


def can_cast(from_, to, casting="safe"):
    return np.can_cast(from_.dtype if isinstance(from_, ndarray) else from_, to, casting)


def iscomplexobj(x):
    return x.dtype.kind == "c"


def array_equal(a1, a2, equal_nan=False):
    return new(np.array_equal(_given(a1), _given(a2), equal_nan))


def get_array_module(*args):
    from tests.doubles import cupy_double

    return cupy_double if any([isinstance(a, ndarray) for a in args]) else np
