"""New tensors from data: numbers, nested sequences, arrays, buffers. Types are read off the leaves, values by NumPy."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply, dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import device_of, namespace_of
from gputensor.core.dtypes import FROM_NUMPY, numpy_dtype
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import promote_types
from gputensor.errors import DtypeError, NumberRangeError, ShapeError
from gputensor.ops.gradients import recording

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Tensor:
    """A new tensor with a copy of data: a number, nested sequences, NumPy arrays, tensors, lists of arrays.

    dtype: inferred unless given. Python floats give the default dtype, ints int64, bools bool, complex numbers the
    complex dtype of the default's precision; arrays, NumPy scalars and tensors keep theirs, and of several the
    promoted one is taken. Tensors of one element in a list count as numbers. pin_memory is accepted and has no effect.
    Raises ShapeError for ragged lists, NumberRangeError (a ValueError and OverflowError) for numbers that do not fit,
    DtypeError (a TypeError) for strings, None and other objects.

    >>> import gputensor as gt
    >>> gt.tensor([[1.0, 2], [3, 4]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    out = _copied("tensor", data, dtype, device)
    return recording("tensor", out, requires_grad) if requires_grad else out


def _copied(name: str, data: Any, dtype: Any, device: Any) -> Tensor:
    """A new tensor of data, for the function of this name."""
    if isinstance(data, _apply.Tensor):
        out = data.detach().clone()
        return out if dtype is None and device is None else out.to(device=device, dtype=dtype)
    if device is None and hasattr(data, "__cuda_array_interface__"):
        out = _from_gpu(data).clone()
        return out if dtype is None else out.to(dtype)
    xp = namespace_of(device)
    return wrap(xp.from_host(host_array(name, data, dtype, copy=True)), xp)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """data as a tensor, sharing memory where it can: a tensor or an array of the right dtype and device is not copied.

    dtype: inferred as by `tensor`. Conversions of tensors are recorded. Raises as `tensor` does.

    >>> import gputensor as gt
    >>> gt.as_tensor([1, 2])
    tensor([1, 2])
    """
    if isinstance(data, np.ndarray):
        out = _over("as_tensor", data)
        where = namespace_of(device)
        return out if dtype is None and where is out.xp else out.to(device=device_of(where), dtype=dtype)
    if isinstance(data, _apply.Tensor):
        return data if dtype is None and device is None else data.to(device=device, dtype=dtype)
    if hasattr(data, "__cuda_array_interface__"):
        out = _from_gpu(data)
        return out if dtype is None and device is None else out.to(device=device, dtype=dtype)
    if _is_array(data):
        out = wrap(_shared("as_tensor", data), namespace_of("cpu"))
        where = namespace_of(device)
        return out if dtype is None and where is out.xp else out.to(device=device, dtype=dtype)
    return _copied("as_tensor", data, dtype, device)


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None, requires_grad: bool = False
) -> Tensor:
    """obj as a tensor: a tensor, an array, a buffer (bytes, bytearray, memoryview), a number or nested sequences.

    copy: True copies, False raises where a copy would be needed, None copies only where needed. A buffer is read as
    numbers of dtype, the default dtype unless given. Raises ValueError for copy=False where memory cannot be shared,
    and as `tensor` does.

    >>> import gputensor as gt
    >>> gt.asarray([1, 2]), gt.asarray(b"12", dtype=gt.uint8)
    (tensor([1, 2]), tensor([49, 50], dtype=gputensor.uint8))
    """
    if isinstance(obj, (bytes, bytearray, memoryview)):
        shared = frombuffer(obj, dtype=dtypes.get_default_dtype() if dtype is None else dtype)
    elif isinstance(obj, np.ndarray):
        shared = _over("asarray", obj)
        device = device_of(namespace_of(device))  # an array goes to the default device, as a list of numbers does
    elif isinstance(obj, _apply.Tensor) or hasattr(obj, "__cuda_array_interface__"):
        shared = as_tensor(obj)
    elif _is_array(obj):
        shared = wrap(_shared("asarray", obj, copy is not False), namespace_of("cpu"))
    else:
        if copy is False:
            raise ValueError(f"asarray: {type(obj).__name__} has no memory to share; leave copy=False out")
        out = _copied("asarray", obj, dtype, device)
        return recording("asarray", out, requires_grad) if requires_grad else out
    out = shared if dtype is None and device is None else shared.to(device=device, dtype=dtype)
    if out is not shared and copy is False:
        raise ValueError(
            f"asarray: {shared.dtype} on {shared.device} cannot be shared as {out.dtype} on {out.device}; "
            "leave copy=False out"
        )
    if copy and out is shared:
        out = out.clone()
    return recording("asarray", out, requires_grad) if requires_grad and not out.requires_grad else out


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A CPU tensor that shares the memory of a NumPy array, both ways.

    Every numeric strided array is a view, negative strides included. Read-only arrays stay read-only: writing to the
    tensor raises. Arrays with swapped bytes are copied, with one warning. Raises TypeError for objects, strings,
    dates, masked elements and anything that is no array.
    Unlike torch: swapped bytes are taken.

    >>> import gputensor as gt, numpy as np
    >>> a = np.zeros(2); t = gt.from_numpy(a); a[0] = 1.0; t
    tensor([1., 0.], dtype=gputensor.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"from_numpy: expected a NumPy array, got {type(ndarray).__name__}; use tensor() or as_tensor()"
        )
    return _over("from_numpy", ndarray)


def _over(name: str, ndarray: np.ndarray) -> Tensor:
    """A tensor over an array's memory, for the function of this name."""
    array = native(name, ndarray)
    if array.dtype != ndarray.dtype:
        warnings.warn(
            f"{name}: the array has swapped bytes ({ndarray.dtype.str}) and is copied; memory is not shared",
            UserWarning,
            stacklevel=3,
        )
    return wrap(array, namespace_of("cpu"))


def frombuffer(buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A tensor of one dim that shares the memory of a buffer (bytes, bytearray, memoryview, array.array …).

    count: how many elements, -1 for all; offset: bytes left out at the beginning. Read-only buffers stay read-only.
    Raises ValueError where the bytes do not divide into elements or are too few.

    >>> import gputensor as gt
    >>> gt.frombuffer(bytearray(b"abc"), dtype=gt.uint8)
    tensor([97, 98, 99], dtype=gputensor.uint8)
    """
    d = numpy_dtype(dtype)
    try:
        raw = np.frombuffer(buffer, np.uint8)
    except TypeError:
        raise ValueError(
            f"frombuffer: expected a buffer such as bytes or bytearray, got {type(buffer).__name__}"
        ) from None
    except ValueError:
        raw = np.empty(0, np.uint8)
    left = raw.size - offset
    if offset < 0 or left <= 0 or count == 0:
        raise ValueError(f"frombuffer: there is nothing to read: {raw.size} bytes, offset {offset}, count {count}")
    if count < 0:
        if left % d.itemsize:
            raise ValueError(f"frombuffer: {left} bytes do not divide into elements of {d.itemsize} bytes")
        count = left // d.itemsize
    elif count * d.itemsize > left:
        raise ValueError(
            f"frombuffer: {count} elements of {d.itemsize} bytes need more than the {left} bytes after the offset"
        )
    out = wrap(raw[offset : offset + count * d.itemsize].view(d), namespace_of("cpu"))
    return recording("frombuffer", out, requires_grad) if requires_grad else out


def scalar_tensor(
    s: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """A 0-d tensor of a number, in the default dtype unless given.

    >>> import gputensor as gt
    >>> gt.scalar_tensor(3)
    tensor(3.)
    """
    return tensor(
        s, dtype=dtypes.get_default_dtype() if dtype is None else dtype, device=device, requires_grad=requires_grad
    )


def native(name: str, a: np.ndarray) -> np.ndarray:
    """An array whose dtype object is the canonical one, sharing memory unless its bytes are swapped."""
    known = FROM_NUMPY.get(a.dtype)
    if type(a) is not np.ndarray:
        if isinstance(a, np.ma.MaskedArray) and np.ma.is_masked(a):
            raise TypeError(
                f"{name}: the array has masked elements, which tensors cannot have; use .filled(value) first"
            )
        a = np.asarray(a)
    if known is not None:
        return a if a.dtype is known.numpy else a.view(known.numpy)
    if a.dtype.kind in "biufc":
        found = FROM_NUMPY.get(a.dtype.newbyteorder("="))
        if found is not None:
            return a.astype(found.numpy)
    raise DtypeError(
        f"{name}: arrays of dtype {a.dtype} are not supported; the dtypes are "
        f"{', '.join(d.name for d in dtypes.ALL)}; convert with .astype(…)"
    )


def _becomes_infinite(value: Any, d: np.dtype) -> bool:
    """Whether a finite number is an infinity in floating-point dtype d."""
    try:
        with np.errstate(all="ignore"):
            inside = np.asarray(value).astype(d)
    except OverflowError:
        return True
    return bool(np.isinf(inside)) and (isinstance(value, int) or not np.isinf(value))


def number_for(name: str, value: Any, d: np.dtype) -> Any:
    """A Python number ready to be stored as dtype d: ints negative for an unsigned one wrap around, as in PyTorch.

    Raises NumberRangeError for a number that does not fit: too large an int, a float that would become infinite, nan or
    an infinity as an int, a complex number as a real one.
    """
    if isinstance(value, (complex, np.complexfloating)) and d.kind not in "cb" and value.imag:
        raise NumberRangeError(f"{name}: the complex number {value} does not fit into {d.name}")
    if d.kind == "b":
        return bool(value)
    if d.kind not in "iu":
        if _becomes_infinite(value, d):
            raise NumberRangeError(
                f"{name}: {value} does not fit into {dtype_name(d)}; use a wider dtype, or float('inf')"
            )
        return value.real if isinstance(value, (complex, np.complexfloating)) and d.kind != "c" else value
    try:
        whole = int(value.real)
    except (ValueError, OverflowError):
        raise NumberRangeError(f"{name}: {value} does not fit into {d.name}") from None
    return int(_in_range(name, np.array([whole], object), d)[0])


def _from_gpu(data: Any) -> Any:
    """An array of another GPU library as a tensor that shares its memory."""
    xp = namespace_of("cuda")
    return wrap(xp.asarray(data), xp)


def host_array(name: str, data: Any, dtype: Any, copy: bool) -> np.ndarray:
    """data as a NumPy array of a dtype that tensors have."""
    want = None if dtype is None else numpy_dtype(dtype)
    kind = type(data)
    if kind is list or kind is tuple or kind is range:
        return _of_sequences(name, data, want)
    if kind is float or kind is int or kind is bool or kind is complex:
        return _of_numbers(name, data, {kind}, want)
    if isinstance(data, (np.ndarray, np.generic)):
        a: Any = native(name, np.asarray(data))
        if want is not None and a.dtype != want:
            # arrays are cast as `to` casts, without a look at the values
            with np.errstate(all="ignore"):
                return (np.real(a) if a.dtype.kind == "c" and want.kind not in "cb" else a).astype(want)
        return a.copy("K") if copy else a
    if isinstance(data, (bool, int, float, complex)):
        return _of_numbers(name, data, {_number_type(kind)}, want)
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _of_sequences(name, list(data), want)
    if _is_array(data):
        return host_array(name, np.asarray(data), dtype, copy)
    raise _cannot(name, kind)


def _is_array(x: Any) -> bool:
    """Whether x is another library's array, table or picture, of which NumPy makes an array."""
    return not isinstance(x, (type, np.generic)) and (hasattr(x, "__array__") or hasattr(x, "__array_interface__"))


def _shared(name: str, x: Any, writable: bool = True) -> np.ndarray:
    """The memory of another library's array; a copy where it is read-only and the tensor shall be written."""
    a = native(name, np.asarray(x))
    return a if a.flags.writeable or not writable else a.copy("K")


def _of_sequences(name: str, data: Sequence[Any], want: np.dtype | None) -> np.ndarray:
    """Nested sequences. The leaves' types are collected by C code; only unusual leaves are looked at one by one."""
    leaves: Callable[[], Iterable[Any]] = lambda: data  # noqa: E731
    for _ in range(_MOST_DIMS):
        kinds = set(map(type, leaves()))
        if not kinds or not kinds <= _LISTS:
            break
        leaves = (lambda outer: lambda: chain.from_iterable(outer()))(leaves)
    else:
        raise ShapeError(f"{name}: the sequences are nested too deeply; at most {_MOST_DIMS} dims are supported")
    if not kinds:
        return np.array(data, dtypes.get_default_dtype().numpy if want is None else want)
    if kinds <= _NUMBERS:
        return _of_numbers(name, data, kinds, want)
    if kinds <= _SCALARS.keys():
        d = _promoted([_SCALARS[kind]() for kind in kinds])
        return _converted(name, _array(name, data, d), want)
    data, found = _resolved(name, data)
    return _converted(name, _array(name, data, _promoted(found)), want)


def _of_numbers(name: str, data: Any, kinds: set[type], want: np.dtype | None) -> np.ndarray:
    """Python numbers, alone or in nested sequences."""
    if complex in kinds:
        if want is not None and want.kind == "b":
            return np.asarray(data, np.complex128).astype(want)
        if want is not None and want.kind != "c":
            raise DtypeError(f"{name}: complex numbers do not fit into {want.name}")
        return _array(name, data, dtypes.get_default_dtype().to_complex().numpy if want is None else want)
    if float in kinds:
        if want is None:
            return _array(name, data, dtypes.get_default_dtype().numpy)
        return _converted(name, _array(name, data, _FLOAT64), want)
    if int in kinds:
        if want is not None and want.kind == "b":
            return _array(name, data, None).astype(want)  # any size is true
        if want is None or want.kind == "i":
            return _converted(name, _array(name, data, _INT64), want)
        if want.kind != "u":
            return _array(name, data, _FLOAT64).astype(want, copy=False)
        return _in_range(name, _array(name, data, np.dtype(object)), want)
    a = _array(name, data, np.dtype(bool))
    return a if want is None else a.astype(want, copy=False)


def _array(name: str, data: Any, d: np.dtype | None) -> np.ndarray:
    try:
        return np.array(data, d)
    except RuntimeWarning:  # a float too large for a narrow dtype is inf
        with np.errstate(all="ignore"):
            return np.array(data, d)
    except OverflowError as error:
        raise NumberRangeError(
            f"{name}: a number does not fit into {d and d.name} ({error}); pass dtype=gputensor.float64 or a wider one"
        ) from None
    except ValueError:
        raise ShapeError(f"{name}: the nested sequences are ragged{_where(data)}; pad them to equal lengths") from None
    except TypeError as error:
        raise DtypeError(f"{name}: cannot make a tensor of this data ({error})") from None


def _where(data: Any) -> str:
    """In which dim nested sequences are ragged, in words."""
    level, dim = [data], 0
    while True:
        level, dim = [item for sequence in level for item in sequence], dim + 1
        lengths = [len(x) if isinstance(x, (list, tuple)) or getattr(x, "ndim", None) else None for x in level]
        other = next((k for k, n in enumerate(lengths) if n != lengths[0]), None)
        if other is not None:
            first, got = lengths[0], lengths[other]
            expected = "a number" if first is None else f"a sequence of length {first}"
            if got is None:
                found = describe(level[other])
            else:
                found = str(got) if first is not None else f"a sequence of length {got}"
            return f": expected {expected} at dim {dim}, got {found}"
        if not level or lengths[0] is None:
            return ""


def _converted(name: str, a: np.ndarray, want: np.dtype | None) -> np.ndarray:
    """a in dtype `want`; floats are cut to ints where they fit, numbers that do not raise."""
    if want is None or a.dtype == want:
        return a
    if a.dtype.kind == "c" and want.kind not in "cb":
        raise DtypeError(f"{name}: complex numbers do not fit into {want.name}; use .real")
    if want.kind in "iu" and a.dtype.kind in "iufV":
        return _in_range(name, a, want)
    with np.errstate(all="ignore"):
        return a.astype(want)


def _in_range(name: str, a: np.ndarray, want: np.dtype) -> np.ndarray:
    """Numbers as integers of dtype `want`, negative ones wrapped around where it is unsigned."""
    limits = np.iinfo(want)
    low = -limits.max if want.kind == "u" else limits.min
    if a.dtype.kind in "fV":
        a = np.trunc(a.astype(_FLOAT64))
    try:
        # written so that nan fails, too
        fits = (a > low - 1) & (a < limits.max + 1)
        bad = None if bool(np.all(fits)) else a[~fits.astype(bool)].reshape(-1)[0]
    except (TypeError, ValueError) as error:
        raise ShapeError(f"{name}: the nested sequences are ragged; pad them to equal lengths ({error})") from None
    if bad is not None:
        raise NumberRangeError(
            f"{name}: {bad} does not fit into {want.name} ({limits.min} to {limits.max}); use a wider dtype"
        )
    if a.dtype == object:
        a = np.asarray(a % 2 ** (8 * want.itemsize) if want.kind == "u" else a)
    elif want.kind == "u" and bool(np.any(a < 0)):
        a = a.astype(_INT64)
    return a.astype(want)


def _promoted(found: Iterable[np.dtype]) -> np.dtype:
    out: np.dtype | None = None
    for d in found:
        out = d if out is None else promote_types(out, d)
    return _FLOAT64 if out is None else out


def _resolved(name: str, data: Any) -> tuple[Any, list[np.dtype]]:
    """Nested sequences with tensors as arrays, those of one element as 0-d ones; and the dtypes of all leaves."""
    found: list[np.dtype] = []

    def visit(item: Any) -> Any:
        kind = type(item)
        if kind in _SCALARS:
            found.append(_SCALARS[kind]())
        elif isinstance(item, _apply.Tensor):
            host = item.xp.to_host(item.array)
            found.append(host.dtype)
            return host.reshape(()) if host.size == 1 else host
        elif isinstance(item, np.ndarray):
            item = native(name, item)
            found.append(item.dtype)
        elif isinstance(item, np.generic):
            return visit(np.asarray(item))
        elif isinstance(item, (bool, int, float, complex)):
            found.append(_SCALARS[_number_type(kind)]())
        elif isinstance(item, Sequence) and not isinstance(item, (str, bytes)):
            return [visit(part) for part in item]
        elif _is_array(item):
            return visit(np.asarray(item))
        else:
            raise _cannot(name, kind)
        return item

    return visit(data), found


def _number_type(kind: type) -> type:
    return next(t for t in (bool, int, float, complex) if issubclass(kind, t))


def _cannot(name: str, kind: type) -> DtypeError:
    return DtypeError(
        f"{name}: cannot make a tensor of {kind.__name__}; expected numbers, nested lists of numbers, arrays or tensors"
    )


def _default_float() -> np.dtype:
    return dtypes.get_default_dtype().numpy


def _default_complex() -> np.dtype:
    return dtypes.get_default_dtype().to_complex().numpy


_INT64, _FLOAT64, _BOOL = np.dtype(np.int64), np.dtype(np.float64), np.dtype(bool)
_MOST_DIMS = 64  # NumPy's limit
_LISTS = {list, tuple}
_NUMBERS = {bool, int, float, complex}
# what each kind of number stands for
_SCALARS: dict[type, Callable[[], np.dtype]] = {
    bool: lambda: _BOOL,
    int: lambda: _INT64,
    float: _default_float,
    complex: _default_complex,
    np.bool_: lambda: _BOOL,
    np.int8: lambda: dtypes.int8.numpy,
    np.int16: lambda: dtypes.int16.numpy,
    np.int32: lambda: dtypes.int32.numpy,
    np.int64: lambda: _INT64,
    np.uint8: lambda: dtypes.uint8.numpy,
    np.uint16: lambda: dtypes.uint16.numpy,
    np.uint32: lambda: dtypes.uint32.numpy,
    np.uint64: lambda: dtypes.uint64.numpy,
    np.float16: lambda: dtypes.float16.numpy,
    np.float32: lambda: dtypes.float32.numpy,
    np.float64: lambda: _FLOAT64,
    np.complex64: lambda: dtypes.complex64.numpy,
    np.complex128: lambda: dtypes.complex128.numpy,
}
