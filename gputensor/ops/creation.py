"""New tensors from data, numbers and shapes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core import dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import FROM_NUMPY, numpy_dtype
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import sizes

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def tensor(data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False) -> Tensor:
    """A new tensor with a copy of data: numbers, nested lists, NumPy arrays, tensors, lists of arrays.

    dtype: inferred unless given: Python floats give the default dtype, ints int64, bools bool, complex numbers complex64; arrays keep
    theirs. pin_memory is accepted and has no effect on the CPU. Raises ShapeError for ragged lists, TypeError for strings and objects.

    >>> import gputensor as gt
    >>> gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if isinstance(data, _apply.Tensor):
        host = data.array
        out = data.detach().clone()
        if dtype is not None or device is not None:
            out = out.to(device=device if device is not None else out.device, dtype=dtype if dtype is not None else out.dtype)
        return out.requires_grad_() if requires_grad else out
    host = _host_array("tensor", data, dtype, copy=True)
    xp = namespace_of(device)
    out = wrap(xp.from_host(host), xp)
    return out.requires_grad_() if requires_grad else out


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """data as a tensor, sharing memory where it can: a tensor or NumPy array of the right dtype and device is not copied.

    Raises as `tensor` does.

    >>> import gputensor as gt
    >>> gt.as_tensor([1, 2])
    tensor([1, 2])
    """
    if isinstance(data, _apply.Tensor):
        return data if dtype is None and device is None else data.to(device=device or data.device, dtype=dtype or data.dtype)
    if isinstance(data, np.ndarray):
        out = from_numpy(data)
        target = out.dtype if dtype is None else dtypes.as_dtype(dtype)
        return out.to(device=device or out.device, dtype=target)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A CPU tensor that shares the memory of a NumPy array, both ways.

    Every numeric strided array is a view, negative strides included. Read-only arrays stay read-only: writing to the tensor raises.
    Arrays with swapped bytes are copied, with one warning. Raises TypeError for objects, strings, dates and anything that is no array.

    >>> import gputensor as gt, numpy as np
    >>> a = np.zeros(2); t = gt.from_numpy(a); a[0] = 1.0; t
    tensor([1., 0.], dtype=gputensor.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"from_numpy: expected a NumPy array, got {type(ndarray).__name__}; use tensor() or as_tensor()")
    return wrap(_native("from_numpy", ndarray), namespace_of("cpu"))


def _native(name: str, a: np.ndarray) -> np.ndarray:
    """An array whose dtype object is the canonical one, sharing memory unless its bytes are swapped."""
    known = FROM_NUMPY.get(a.dtype)
    if type(a) is not np.ndarray:
        a = np.asarray(a)
    if known is not None:
        return a if a.dtype is known.numpy else a.view(known.numpy)
    if a.dtype.kind in "biufc":
        native = FROM_NUMPY.get(a.dtype.newbyteorder("="))
        if native is not None:
            warnings.warn(f"{name}: the array has swapped bytes ({a.dtype.str}) and is copied; memory is not shared", UserWarning, stacklevel=3)
            return a.astype(native.numpy)
    raise DtypeError(
        f"{name}: arrays of dtype {a.dtype} are not supported; the dtypes are {', '.join(d.name for d in dtypes.ALL)}; convert with .astype(…)"
    )


def _host_array(name: str, data: Any, dtype: Any, copy: bool) -> np.ndarray:
    want = None if dtype is None else numpy_dtype(dtype)
    if isinstance(data, (np.ndarray, np.generic)):
        a = _native(name, np.asarray(data))
    else:
        a = _from_sequence(name, data, want)
        copy = False
    if want is not None and a.dtype != want:
        with np.errstate(all="ignore"):
            return (a.real if a.dtype.kind == "c" and want.kind != "c" else a).astype(want)
    return a.copy() if copy else a


def _from_sequence(name: str, data: Any, want: np.dtype | None) -> np.ndarray:
    """Python numbers and (nested) sequences, of tensors and arrays too."""
    tensors = _contains_tensor(data)
    if tensors:
        data = _without_tensors(data)
    try:
        a = np.array(data)
    except ValueError as error:
        raise ShapeError(f"{name}: the nested sequences are ragged: {error}; pad them to equal lengths") from None
    if a.dtype.kind == "O":
        if _is_int_tree(data):
            raise OverflowError(f"{name}: an int does not fit into int64; pass dtype=gputensor.float64 or smaller numbers")
        raise TypeError(f"{name}: cannot make a tensor of {type(data).__name__} with objects in it; expected numbers")
    if a.dtype.kind in "USmM":
        raise TypeError(f"{name}: cannot make a tensor of strings or dates; expected numbers, got {data!r:.60}")
    if FROM_NUMPY.get(a.dtype) is None:
        raise DtypeError(f"{name}: arrays of dtype {a.dtype} are not supported; convert with .astype(…)")
    if want is None and not _has_arrays(data):
        if a.dtype == np.float64:
            return a.astype(dtypes.get_default_dtype().numpy)
        if a.dtype == np.complex128:
            return a.astype(dtypes.get_default_dtype().to_complex().numpy)
        if a.dtype == np.uint64:
            raise OverflowError(f"{name}: an int does not fit into int64; pass dtype=gputensor.uint64")
    if a.size == 0 and want is None and not _has_arrays(data):
        return a.astype(dtypes.get_default_dtype().numpy)
    return np.asarray(a, FROM_NUMPY[a.dtype].numpy)


def _contains_tensor(data: Any) -> bool:
    while isinstance(data, (list, tuple)) and data:
        if any([isinstance(e, _apply.Tensor) for e in data]):
            return True
        data = data[0]
    return False


def _without_tensors(data: Any) -> Any:
    if isinstance(data, _apply.Tensor):
        return data.xp.to_host(data.array)
    return [_without_tensors(e) for e in data] if isinstance(data, (list, tuple)) else data


def _has_arrays(data: Any) -> bool:
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return isinstance(data, (np.ndarray, np.generic))


def _is_int_tree(data: Any) -> bool:
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return isinstance(data, int)


def zeros(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of zeros.

    size: ints, or one tuple. dtype: default float32. Raises TypeError for sizes that are no ints.

    >>> import gputensor as gt
    >>> gt.zeros(2)
    tensor([0., 0.])
    """
    xp = namespace_of(device)
    out = wrap(xp.zeros(_size("zeros", size), _float(dtype)), xp)
    return out.requires_grad_() if requires_grad else out


def ones(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones.

    size: ints, or one tuple. dtype: default float32. Raises TypeError for sizes that are no ints.

    >>> import gputensor as gt
    >>> gt.ones(2)
    tensor([1., 1.])
    """
    xp = namespace_of(device)
    out = wrap(xp.ones(_size("ones", size), _float(dtype)), xp)
    return out.requires_grad_() if requires_grad else out


def _float(dtype: Any) -> np.dtype:
    return dtypes.get_default_dtype().numpy if dtype is None else numpy_dtype(dtype)


def _size(name: str, size: Any) -> tuple[int, ...]:
    shape = sizes(name, size)
    if any(n < 0 for n in shape):
        raise ShapeError(f"{name}: sizes must not be negative, got {shape}")
    return shape
