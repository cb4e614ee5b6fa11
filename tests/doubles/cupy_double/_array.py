"""The double's array: CuPy's names, refusals and habits around a NumPy array that nobody outside may see."""

import math
import warnings
from types import SimpleNamespace

import ml_dtypes
import numpy as np

from tests.doubles.cupy_double._memory import MemoryPointer, allocate, copies_to_host, current_device

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
CUPY_DTYPES = frozenset([np.dtype(c) for c in "?bBhHiIlLqQefdFD"] + [BFLOAT16])


def supported(dtype):
    """NumPy's dtype object; ValueError for the ones CUDA kernels have no type for (A2)."""
    dtype = np.dtype(dtype)
    if dtype not in CUPY_DTYPES:
        raise ValueError(f"Unsupported dtype {dtype}")
    return dtype


def host_of(x):
    return x._host


def check_place(x):
    """CuPy launches kernels on the current device; without peer access an array elsewhere is refused (D1)."""
    here, there = current_device(), x.data.device_id
    if here != there:
        raise ValueError(
            f"The device where the array resides ({there}) is different from the current device ({here}). "
            "Peer access is unavailable between these devices."
        )


def new(value):
    """A fresh array on the current device with the values of a NumPy array; C order, as every kernel's output."""
    value = np.asarray(value)
    supported(value.dtype)
    backing = np.array(value, order="C", copy=True)
    return _wrap(backing, allocate(backing))


def _wrap(host, memory, base=None):
    out = object.__new__(ndarray)
    out._host = host
    out.data = MemoryPointer(memory, host.__array_interface__["data"][0] - memory.ptr if host.size else 0)
    out.base = base
    return out


def view_of(x, host):
    """An array over the same memory; `host` is a NumPy view of x's."""
    return _wrap(host, x.data.mem, x if x.base is None else x.base)


def shares_bounds(x, y):
    return x.data.mem is y.data.mem and np.may_share_memory(x._host, y._host)


def converted(host, dtype):
    """Values in another dtype as CUDA casts them (A5): floats saturate and NaN is 0, where NumPy promises nothing."""
    if host.dtype == dtype:
        return host
    with np.errstate(all="ignore"):
        if host.dtype.kind == "c" and dtype.kind not in "cb":
            warnings.warn("Casting complex values to real discards the imaginary part", np.exceptions.ComplexWarning, 3)
            host = host.real
        if dtype.kind in "iu" and host.dtype.kind in "fV":
            wide = np.nan_to_num(host.astype(np.float64), nan=0.0)
            limits = np.iinfo(dtype)
            top = float(limits.max)
            low = wide <= float(limits.min)
            return np.where(wide >= top, limits.max, np.where(low, limits.min, wide).astype(dtype)).astype(dtype)
        return host.astype(dtype)


def _over(memptr, shape, dtype, strides):
    """A NumPy array over device memory."""
    if math.prod(shape) == 0:
        return np.empty(shape, dtype)
    if strides is None:
        strides = [dtype.itemsize * math.prod(shape[k + 1 :]) for k in range(len(shape))]
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)]
    low, high = sum([r for r in reach if r < 0]), sum([r for r in reach if r > 0]) + dtype.itemsize
    return np.ndarray(shape, f"V{dtype.itemsize}", memptr._bytes_from(low, high), -low, strides).view(dtype)


class ndarray:
    """CuPy's array. What is not here, CuPy has not, or nobody has needed it yet."""

    __hash__ = None
    __array_priority__ = 100

    def __init__(self, shape, dtype=float, memptr=None, strides=None, order="C"):
        dtype = supported(dtype) if memptr is None else np.dtype(dtype)
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        if memptr is None:
            # what was there before (A8)
            raw = np.full(math.prod(shape) * dtype.itemsize, 1 if dtype.kind == "b" else 0xA5, np.uint8)
            self._host = np.ndarray(shape, dtype, raw, order=order)
            self.data = MemoryPointer(allocate(raw), 0)
        else:
            self._host, self.data = _over(memptr, shape, dtype, strides), memptr
        self.base = None

    # what it is

    dtype = property(lambda self: self._host.dtype)
    shape = property(lambda self: self._host.shape)
    strides = property(lambda self: self._host.strides)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    itemsize = property(lambda self: self._host.itemsize)
    nbytes = property(lambda self: self._host.nbytes)
    device = property(lambda self: self.data.device)

    @shape.setter
    def shape(self, shape):
        self._host.shape = shape

    @property
    def flags(self):
        f = self._host.flags  # without writeable (A3)
        return SimpleNamespace(
            c_contiguous=f.c_contiguous,
            f_contiguous=f.f_contiguous,
            owndata=self.base is None,
            fnc=f.fnc,
            forc=f.forc,
        )

    @property
    def T(self):
        return self if self.ndim < 2 else view_of(self, self._host.T)

    @property
    def mT(self):
        return self.swapaxes(-1, -2)

    @property
    def real(self):
        return view_of(self, self._host.real) if self.dtype.kind == "c" else self

    @real.setter
    def real(self, value):
        self.real[...] = value

    @property
    def imag(self):  # a new array for real numbers (A9)
        return view_of(self, self._host.imag) if self.dtype.kind == "c" else new(np.zeros(self.shape, self.dtype))

    @imag.setter
    def imag(self, value):
        if self.dtype.kind != "c":
            raise TypeError("cupy.ndarray does not have imaginary part to set")
        self.imag[...] = value

    # to and from the host

    def get(self, stream=None, order="C", out=None, blocking=True):
        copies_to_host[0] += 1
        value = np.array(self._host, order="C" if order == "C" else "F", copy=True)
        if out is None:
            return value
        if out.dtype != self.dtype:
            raise TypeError(f"{out.dtype} array cannot be obtained from {self.dtype} array")
        if out.shape != self.shape:
            raise ValueError(f"Shape mismatch. Expected shape: {self.shape}, actual shape: {out.shape}")
        out[...] = value
        return out

    def set(self, arr, stream=None):
        if not isinstance(arr, np.ndarray):
            raise TypeError("Only numpy.ndarray can be set to cupy.ndarray")
        if self.dtype != arr.dtype:
            raise TypeError(f"{arr.dtype} array cannot be set to {self.dtype} array")
        if self.shape != arr.shape:
            raise ValueError(f"Shape mismatch. Old shape: {self.shape}, new shape: {arr.shape}")
        if not (self._host.flags.forc):
            raise RuntimeError("Cannot set to non-contiguous array")
        self._host[...] = arr

    def item(self):
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.get().item()

    def tolist(self):
        return self.get().tolist()

    def tobytes(self, order="C"):
        return self.get().tobytes(order)

    def __array__(self, dtype=None, copy=None):  # (A1)
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. "
            "Please use `.get()` to construct a NumPy array explicitly."
        )

    def __array_function__(self, function, types, args, kwargs):
        # CuPy hands these on, at four times the price (A11)
        raise TypeError(f"the double refuses numpy.{function.__name__} on device arrays: call CuPy's function")

    def __array_ufunc__(self, function, method, *inputs, **kwargs):
        if method == "__call__" and isinstance(inputs[0], (np.generic, np.ndarray)):
            return getattr(_ufuncs(), function.__name__)(*inputs, **kwargs)
        raise TypeError(f"the double refuses numpy.{function.__name__} on device arrays: call CuPy's function")

    @property
    def __cuda_array_interface__(self):
        return {
            "shape": self.shape,
            "typestr": self.dtype.str,
            "data": (self.data.ptr if self.size else 0, False),
            "strides": None if self._host.flags.c_contiguous else self.strides,
            "version": 3,
            "stream": 1,
        }

    def __reduce__(self):
        from tests.doubles.cupy_double import array

        return array, (self.get(),)

    def __bool__(self):
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
            )
        return bool(self.get())

    def __int__(self):
        return int(self.item())

    def __index__(self):
        return self.item().__index__()

    def __float__(self):
        return float(self.item())

    def __complex__(self):
        return complex(self.item())

    def __repr__(self):
        return repr(self.get())

    def __format__(self, format_spec):
        return format(self.get(), format_spec)

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(self.shape[0]))

    # copies and casts

    def astype(self, dtype, order="K", casting=None, subok=None, copy=True):
        if casting is not None:
            raise TypeError("casting is not supported yet")
        if subok is not None:
            raise TypeError("subok is not supported yet")
        dtype = supported(dtype)
        if not copy and dtype == self.dtype:
            return self
        check_place(self)
        value = np.array(converted(self._host, dtype), order=order, copy=True)
        return _wrap(value, allocate(value))

    def copy(self, order="C"):  # from any device to the current one (D2)
        if self.data.device_id == current_device():
            return self.astype(self.dtype, order)
        if order == "K" and not self._host.flags.forc:
            raise NotImplementedError("CuPy cannot copy non-contiguous array between devices.")
        value = np.array(self._host, order=order, copy=True)
        return _wrap(value, allocate(value))

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()

    def view(self, dtype=None, type=None):
        return view_of(self, self._host.view() if dtype is None else self._host.view(dtype))

    def fill(self, value):
        check_place(self)
        if isinstance(value, ndarray):
            if value.shape != ():
                raise ValueError("non-scalar cupy.ndarray cannot be used for fill")
            check_place(value)
            value = converted(value._host, self.dtype)
        else:
            value = np.asarray(value, self.dtype)
            if value.shape != ():
                raise ValueError("non-scalar numpy.ndarray cannot be used for fill")  # (A7)
        self._host[...] = value

    # shapes: views where NumPy makes them, else copies

    def reshape(self, *shape, order="C", copy=None):
        shape = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        host = self._host.reshape(shape, order=order)
        if host.size == 0 or np.may_share_memory(host, self._host):
            return view_of(self, host)
        check_place(self)
        return new(host)

    def transpose(self, *axes):
        return view_of(self, self._host.transpose(*axes))

    def swapaxes(self, axis1, axis2):
        return view_of(self, self._host.swapaxes(axis1, axis2))

    def squeeze(self, axis=None):
        host = self._host.squeeze(axis)
        return self if host.ndim == self.ndim else view_of(self, host)

    def ravel(self, order="C"):
        return self.reshape(-1, order=order)

    def flatten(self, order="C"):
        return new(self._host.flatten(order))

    def diagonal(self, offset=0, axis1=0, axis2=1):
        host = self._host.diagonal(offset, axis1, axis2)
        if host.size == 0:
            return ndarray(host.shape, self.dtype)  # (A10)
        host.flags.writeable = True
        return view_of(self, host)

    def reduced_view(self, dtype=None):
        return self

    # indexing, sorting, reductions: elsewhere

    def __getitem__(self, index):
        return _indexing().read(self, index)

    def __setitem__(self, index, value):
        _indexing().write(self, index, value)

    def _scatter_op(self, index, value, op):
        _indexing().scatter(self, index, value, op)

    def scatter_add(self, slices, value):  # (I4)
        warnings.warn(
            "`ndarray.scatter_add` is deprecated. Please use `cupy.add.at` instead.", DeprecationWarning, stacklevel=3
        )
        self._scatter_op(slices, value, "add")

    def take(self, indices, axis=None, out=None):
        return _indexing().take(self, indices, axis)

    def nonzero(self):
        check_place(self)
        if self.ndim == 0:  # (I6)
            raise ValueError(
                "Calling nonzero on 0d arrays is not allowed. Use cp.atleast_1d(scalar).nonzero() instead."
            )
        copies_to_host[0] += 1  # the number of results is read
        return tuple([new(i) for i in self._host.nonzero()])

    def sort(self, axis=-1, kind=None):
        _routines().sort_in_place(self, axis, kind)

    def argsort(self, axis=-1, kind=None):
        return _routines().argsort(self, axis, kind)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        return _reductions().sum(self, axis, dtype, out, keepdims)

    def prod(self, axis=None, dtype=None, out=None, keepdims=False):
        return _reductions().prod(self, axis, dtype, out, keepdims)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        return _reductions().mean(self, axis, dtype, out, keepdims)

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        return _reductions().var(self, axis, dtype, out, ddof, keepdims)

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        return _reductions().std(self, axis, dtype, out, ddof, keepdims)

    def max(self, axis=None, out=None, keepdims=False):
        return _reductions().max(self, axis, out, keepdims)

    def min(self, axis=None, out=None, keepdims=False):
        return _reductions().min(self, axis, out, keepdims)

    def argmax(self, axis=None, out=None, dtype=None, keepdims=False):
        return _reductions().argmax(self, axis, dtype, out, keepdims)

    def argmin(self, axis=None, out=None, dtype=None, keepdims=False):
        return _reductions().argmin(self, axis, dtype, out, keepdims)

    def all(self, axis=None, out=None, keepdims=False):
        return _reductions().all(self, axis, out, keepdims)

    def any(self, axis=None, out=None, keepdims=False):
        return _reductions().any(self, axis, out, keepdims)

    def cumsum(self, axis=None, dtype=None, out=None):
        return _reductions().cumsum(self, axis, dtype, out)

    def cumprod(self, axis=None, dtype=None, out=None):
        return _reductions().cumprod(self, axis, dtype, out)

    def clip(self, min=None, max=None, out=None):
        return _routines().clip(self, min, max, out)

    def repeat(self, repeats, axis=None):
        return _routines().repeat(self, repeats, axis)

    def dot(self, b, out=None):
        return _routines().dot(self, b, out)

    def conj(self):
        return _ufuncs().conjugate(self) if self.dtype.kind == "c" else self

    conjugate = conj

    # operators

    def __neg__(self):
        return _ufuncs().negative(self)

    def __pos__(self):
        return _ufuncs().positive(self)

    def __abs__(self):
        return _ufuncs().absolute(self)

    def __invert__(self):
        return _ufuncs().invert(self)

    def __eq__(self, other):
        return _binary("equal", self, other)

    def __ne__(self, other):
        return _binary("not_equal", self, other)

    def __lt__(self, other):
        return _binary("less", self, other)

    def __le__(self, other):
        return _binary("less_equal", self, other)

    def __gt__(self, other):
        return _binary("greater", self, other)

    def __ge__(self, other):
        return _binary("greater_equal", self, other)

    def __add__(self, other):
        return _binary("add", self, other)

    def __radd__(self, other):
        return _binary("add", other, self)

    def __iadd__(self, other):
        return _ufuncs().add(self, other, self)

    def __sub__(self, other):
        return _binary("subtract", self, other)

    def __rsub__(self, other):
        return _binary("subtract", other, self)

    def __isub__(self, other):
        return _ufuncs().subtract(self, other, self)

    def __mul__(self, other):
        return _binary("multiply", self, other)

    def __rmul__(self, other):
        return _binary("multiply", other, self)

    def __imul__(self, other):
        return _ufuncs().multiply(self, other, self)

    def __truediv__(self, other):
        return _binary("true_divide", self, other)

    def __rtruediv__(self, other):
        return _binary("true_divide", other, self)

    def __itruediv__(self, other):
        return _ufuncs().true_divide(self, other, self)

    def __floordiv__(self, other):
        return _binary("floor_divide", self, other)

    def __rfloordiv__(self, other):
        return _binary("floor_divide", other, self)

    def __mod__(self, other):
        return _binary("remainder", self, other)

    def __rmod__(self, other):
        return _binary("remainder", other, self)

    def __pow__(self, other):
        return _binary("power", self, other)

    def __rpow__(self, other):
        return _binary("power", other, self)

    def __and__(self, other):
        return _binary("bitwise_and", self, other)

    def __rand__(self, other):
        return _binary("bitwise_and", other, self)

    def __or__(self, other):
        return _binary("bitwise_or", self, other)

    def __ror__(self, other):
        return _binary("bitwise_or", other, self)

    def __xor__(self, other):
        return _binary("bitwise_xor", self, other)

    def __rxor__(self, other):
        return _binary("bitwise_xor", other, self)

    def __lshift__(self, other):
        return _binary("left_shift", self, other)

    def __rshift__(self, other):
        return _binary("right_shift", self, other)

    def __matmul__(self, other):
        if not isinstance(other, ndarray):
            return NotImplemented
        return _routines().matmul(self, other)


def _binary(name, x, y):
    for operand in (x, y):
        if not isinstance(operand, (ndarray, bool, int, float, complex, np.generic, np.ndarray)):
            return NotImplemented
    return getattr(_ufuncs(), name)(x, y)


# These modules are made of arrays, and arrays of them: looked up when called.


def _ufuncs():
    from tests.doubles.cupy_double import _ufunc

    return _ufunc


def _indexing():
    from tests.doubles.cupy_double import _indexing

    return _indexing


def _reductions():
    from tests.doubles.cupy_double import _reductions

    return _reductions


def _routines():
    from tests.doubles.cupy_double import _routines

    return _routines
