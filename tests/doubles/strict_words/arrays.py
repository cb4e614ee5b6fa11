"""Creation, shapes, reductions and products over array-api-strict."""

import math

import array_api_strict as std
import numpy as np

from gputensor.arrays import numpy_
from tests.doubles.strict_words.places import added, flat_places, gathered, written

_DTYPES = {np.dtype(str(d).split(".")[-1]): d for d in (
    std.bool, std.int8, std.int16, std.int32, std.int64, std.uint8, std.uint16, std.uint32, std.uint64,
    std.float32, std.float64, std.complex64, std.complex128,
)}  # fmt: skip


def dtype_of(dtype):
    """The standard's dtype object for NumPy's, its own, or None."""
    return _DTYPES[dtype] if isinstance(dtype, np.dtype) else dtype


def numpy_dtype(dtype):
    return dtype if isinstance(dtype, np.dtype) else np.dtype(str(dtype).split(".")[-1])


class CreationWords:
    __slots__ = ()

    def arange(self, start, count, step, dtype):
        wide = std.int64 if isinstance(start, int) and isinstance(step, int) else std.float64
        return std.astype(std.arange(count, dtype=wide) * step + start, dtype_of(dtype))

    def arange_for(self, x, count):
        return std.arange(count, dtype=std.int64)

    def asarray(self, x, dtype=None):
        return std.asarray(x, dtype=dtype_of(dtype))

    def empty(self, shape, dtype):
        return std.empty(shape, dtype=dtype_of(dtype))

    def from_host(self, x):
        return std.asarray(x)

    def full(self, shape, value, dtype):
        return std.full(shape, value, dtype=dtype_of(dtype))

    def full_like(self, x, value):
        return std.full(x.shape, value, dtype=x.dtype)

    def item(self, x):
        return np.asarray(x).item()

    def moved(self, x, source, target):
        return target.from_host(np.asarray(x))

    def ones(self, shape, dtype):
        return std.ones(shape, dtype=dtype_of(dtype))

    def ones_like(self, x):
        return std.ones(x.shape, dtype=x.dtype)

    def scalar(self, y, dtype, /):
        return std.asarray(y, dtype=dtype_of(dtype))

    def to_host(self, x):
        return np.asarray(x)

    def tril(self, x, k):
        return std.tril(x, k=k)

    def triu(self, x, k):
        return std.triu(x, k=k)

    def zeros(self, shape, dtype):
        return std.zeros(shape, dtype=dtype_of(dtype))

    def zeros_for(self, x, shape):
        return std.zeros(shape, dtype=x.dtype)

    def zeros_like(self, x):
        return std.zeros(x.shape, dtype=x.dtype)


class ShapeWords:
    """The standard promises no views: those that it cannot make are read element by element."""

    __slots__ = ()

    def address(self, x):
        return numpy_.address(np.asarray(x))

    def as_strided(self, x, shape, strides, offset):
        places = np.full((), offset)
        for n, stride in zip(shape, strides, strict=True):
            places = places[..., None] + np.arange(n) * stride
        return gathered(x, places)

    def astype(self, x, dtype):
        if std.isdtype(x.dtype, "complex floating") and not std.isdtype(dtype_of(dtype), "complex floating"):
            x = std.real(x)
        return std.astype(x, dtype_of(dtype))

    def broadcast_to(self, x, shape):
        return std.broadcast_to(x, shape)

    def concat(self, arrays, axis):
        return std.concat(list(arrays), axis=axis)

    def copy(self, x, order="K"):
        return std.asarray(x, copy=True)

    def copy_into(self, target, value):
        target[...] = self.astype(value, target.dtype)

    def diagonal(self, x, offset, axis1, axis2):
        return gathered(x, flat_places(x.shape).diagonal(offset, axis1, axis2))

    def expand_dims(self, x, axis):
        return std.expand_dims(x, axis=axis)

    def flip(self, x, axis):
        return std.flip(x, axis=axis)

    def getitem(self, x, index):
        # the standard asks for every axis to be named
        parts = index if isinstance(index, tuple) else (index,)
        return x[parts if Ellipsis in parts else (*parts, ...)]

    def is_view_of(self, out, x):
        return np.may_share_memory(np.asarray(out), np.asarray(x))

    def memory_bounds(self, x):
        # as if every array were row-major and had its own memory
        return 0, x.size

    def permute_dims(self, x, axes, /):
        return std.permute_dims(x, axes)

    def reinterpret(self, x, dtype):
        # the standard knows no bytes
        return std.asarray(np.asarray(x).view(numpy_dtype(dtype)))

    def reshape(self, x, shape, /):
        return std.reshape(x, shape)

    def shares_memory(self, x, y):
        return np.may_share_memory(np.asarray(x), np.asarray(y))

    def sliding_window(self, x, axis, size, step):
        count = (x.shape[axis] - size) // step + 1
        places = np.moveaxis(flat_places(x.shape), axis, -1)
        windows = places[..., np.arange(count)[:, None] * step + np.arange(size)]
        return gathered(x, np.moveaxis(windows, -2, axis))

    def spread(self, x, shape):
        return std.broadcast_to(x, shape)

    def squeeze(self, x, axis, /):
        return std.squeeze(x, axis=axis)

    def stack(self, arrays, axis):
        return std.stack(list(arrays), axis=axis)

    def strided_add(self, values, strides, offset, count):
        places = np.full((), offset)
        for n, stride in zip(values.shape, strides, strict=True):
            places = places[..., None] + np.arange(n) * stride
        return added(std.zeros((count,), dtype=values.dtype), places, values)

    def strides(self, x):
        return tuple([math.prod(x.shape[k + 1 :]) for k in range(x.ndim)])

    def view_put(self, value, shape, dtype, chain):
        return self._through(std.zeros(shape, dtype=dtype_of(dtype)), chain, value)

    def view_set(self, x, chain, value):
        return self._through(x, chain, value)

    def _through(self, x, chain, value):
        places = std.reshape(std.arange(math.prod(x.shape), dtype=std.int64), x.shape)
        for view in chain:
            places = view.forward(self, places)
        return written(x, np.asarray(places), value)

    def window_add(self, values, axis, length, step):
        shape = (*values.shape[:axis], length, *values.shape[axis + 1 : -1])
        places = np.moveaxis(flat_places(shape), axis, -1)
        windows = places[..., np.arange(values.shape[axis])[:, None] * step + np.arange(values.shape[-1])]
        return added(std.zeros(shape, dtype=values.dtype), np.moveaxis(windows, -2, axis), values)

    def writable(self, x):
        return np.asarray(x).flags.writeable


class ReductionWords:
    __slots__ = ()

    def all(self, x, axis=None, keepdims=False):
        return std.all(x, axis=axis, keepdims=keepdims)

    def any(self, x, axis=None, keepdims=False):
        return std.any(x, axis=axis, keepdims=keepdims)

    def argmax(self, x, axis=None, keepdims=False):
        return std.argmax(x, axis=axis, keepdims=keepdims)

    def argmin(self, x, axis=None, keepdims=False):
        return std.argmin(x, axis=axis, keepdims=keepdims)

    def cumulative_extreme(self, x, axis, largest):
        found = [std.take(x, std.asarray([k]), axis=axis) for k in range(x.shape[axis])]
        for k in range(1, len(found)):
            found[k] = (std.maximum if largest else std.minimum)(found[k - 1], found[k])
        return std.concat(found, axis=axis) if found else x

    def cumulative_prod(self, x, axis, dtype=None):
        return std.cumulative_prod(x, axis=axis, dtype=dtype_of(dtype))

    def cumulative_sum(self, x, axis, dtype=None):
        return std.cumulative_sum(x, axis=axis, dtype=dtype_of(dtype))

    def max(self, x, axis=None, keepdims=False):
        return std.max(x, axis=axis, keepdims=keepdims)

    def mean(self, x, axis=None, keepdims=False):
        return std.mean(x, axis=axis, keepdims=keepdims)

    def min(self, x, axis=None, keepdims=False):
        return std.min(x, axis=axis, keepdims=keepdims)

    def prod(self, x, axis=None, keepdims=False, dtype=None):
        x = std.astype(x, std.int64) if x.dtype == std.bool else x
        return std.prod(x, axis=axis, keepdims=keepdims, dtype=dtype_of(dtype))

    def sum(self, x, axis=None, keepdims=False, dtype=None):
        x = std.astype(x, std.int64) if x.dtype == std.bool else x
        return std.sum(x, axis=axis, keepdims=keepdims, dtype=dtype_of(dtype))

    def var(self, x, axis=None, keepdims=False, correction=1.0):
        axes = tuple(range(x.ndim)) if axis is None else axis
        count = math.prod([x.shape[k] for k in axes])
        deviation = x - std.sum(x, axis=axes, keepdims=True) / max(count, 1)
        if std.isdtype(x.dtype, "complex floating"):
            squares = std.square(std.real(deviation)) + std.square(std.imag(deviation))
        else:
            squares = std.square(deviation)
        return std.sum(squares, axis=axes, keepdims=keepdims) / float(max(count - correction, 0))


class FourierWords:
    __slots__ = ()

    def fftn(self, x, axes, norm):
        x = _as_complex(x)
        return std.fft.fftn(x, axes=axes, norm=norm) if axes and math.prod(x.shape) else x

    def ifftn(self, x, axes, norm):
        x = _as_complex(x)
        return std.fft.ifftn(x, axes=axes, norm=norm) if axes and math.prod(x.shape) else x

    def irfft(self, x, n, axis, norm):
        if not math.prod(x.shape):
            shape = (*x.shape[:axis], n, *x.shape[axis + 1 :])
            return std.zeros(shape, dtype=std.float32 if x.dtype == std.complex64 else std.float64)
        return std.fft.irfft(x, n=n, axis=axis, norm=norm)

    def rfft(self, x, axis, norm):
        if not math.prod(x.shape):
            shape = (*x.shape[:axis], x.shape[axis] // 2 + 1, *x.shape[axis + 1 :])
            return std.zeros(shape, dtype=_as_complex(x).dtype)
        return std.fft.rfft(x, axis=axis, norm=norm)


def _as_complex(x):
    if std.isdtype(x.dtype, "complex floating"):
        return x
    return std.astype(x, std.complex64 if x.dtype == std.float32 else std.complex128)
