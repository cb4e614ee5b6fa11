"""New arrays: from data, from other libraries, filled, ranges, grids, triangles.

dtype: where it is not given, Python's ints are int64, floats the default dtype (see `gputensor.set_default_dtype`).
device: where it is not given, the default device.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import gputensor as gt
from gputensor.array_api._aliases import made, plain, shared
from gputensor.array_api._array import Array
from gputensor.core.apply import operand, promote
from gputensor.core.dtypes import as_dtype, get_default_dtype
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError

Shape = int | Sequence[int]
Number = bool | int | float | complex


def shape_of(name: str, shape: Any) -> tuple[Any, ...]:
    """A shape given as an int or a sequence of ints, as a tuple."""
    if isinstance(shape, (tuple, list)):
        return tuple(shape)
    if hasattr(shape, "__index__"):
        return (shape,)
    raise TypeError(f"{name}: shape must be an int or a tuple of ints, got {type(shape).__name__} {shape!r:.40}")


def asarray(obj: Any, /, *, dtype: Any = None, device: Any = None, copy: bool | None = None) -> Array:
    """obj as an Array: a tensor, an array, a buffer, a number, nested sequences of these.

    A Tensor or NumPy array of the right dtype and device is shared, history included; sequences of Tensors, nested ones
    and such with numbers among them, are stacked and recorded. A buffer has its own dtype: bytes are uint8.
    copy: True copies, False raises ValueError where a copy would be needed. Raises as `gputensor.asarray`
    does.

    >>> from gputensor import array_api as xp
    >>> xp.asarray([1, 2])
    Array([1, 2])
    """
    if isinstance(obj, TensorBase):
        return _converted(obj, dtype, device, copy)
    if isinstance(obj, (list, tuple)) and (like := _history_in(obj)) is not None:
        if copy is False:
            raise ValueError("asarray: a sequence of arrays has no memory to share; leave copy=False out")
        return _converted(_stacked(obj, like), dtype, device, None)
    if isinstance(obj, (bytes, bytearray, memoryview)):
        obj = np.asarray(memoryview(obj))  # with the dtype that the buffer says it has
    return made(gt.asarray(obj, dtype=dtype, device=device, copy=copy))


def _history_in(obj: Any) -> Any:
    """A tensor that requires grad, however deep in a sequence; or the first, if it consists of tensors. Else None."""
    tensors = 0
    for item in obj:
        if isinstance(item, gt.Tensor):
            tensors += 1
            if item.requires_grad:
                return item
        elif isinstance(item, (list, tuple)) and (found := _history_in(item)) is not None and found.requires_grad:
            return found
    return obj[0] if tensors and tensors == len(obj) else None


def _stacked(obj: Any, like: Any) -> Any:
    """Nested sequences of tensors and numbers as one tensor, recorded. Numbers take the precision of `like`."""
    if not isinstance(obj, (list, tuple)):
        part = operand(obj, like)
        return gt.asarray(obj) if part is NotImplemented else plain(part)
    if not obj:
        return gt.empty_like(plain(like), requires_grad=False).reshape(-1)[:0]
    return gt.stack(promote("asarray", [_stacked(item, like) for item in obj]))


def _converted(x: Any, dtype: Any, device: Any, copy: bool | None) -> Array:
    t = plain(x)
    out = t
    if dtype is not None:
        to = as_dtype(dtype)
        if t.dtype.is_complex and not to.is_complex and to.name != "bool":
            raise DtypeError(f"asarray: complex numbers are not converted to {to.name}; take real() or imag() first")
        out = out.to(to)
    if device is not None:
        out = out.to_device(device)
    if out is t:
        return made(t.clone()) if copy else shared(x)
    if copy is False:
        raise ValueError(
            f"asarray: {t.dtype.name} on {t.device} cannot be shared as {out.dtype.name} on {out.device}; leave "
            "copy=False out"
        )
    return made(out)


def from_dlpack(x: Any, /, *, device: Any = None, copy: bool | None = None) -> Array:
    """An Array over the memory of another library's array, which it shares unless it has to go to another device. A
    Tensor shares its history, too.

    copy: True copies, False raises ValueError where a copy would be needed. Raises as `gputensor.from_dlpack` does.

    >>> from gputensor import array_api as xp
    >>> import numpy as np
    >>> xp.from_dlpack(np.asarray([1, 2]))
    Array([1, 2])
    """
    if isinstance(x, TensorBase):
        return _converted(x, None, device, copy)
    return made(gt.from_dlpack(x, device=device, copy=copy))


def empty(shape: Shape, *, dtype: Any = None, device: Any = None) -> Array:
    """An array whose elements are whatever was in memory.

    >>> from gputensor import array_api as xp
    >>> xp.empty((2, 3)).shape
    gputensor.Size([2, 3])
    """
    return made(gt.empty(shape_of("empty", shape), dtype=dtype, device=device))


def zeros(shape: Shape, *, dtype: Any = None, device: Any = None) -> Array:
    """An array of zeros.

    >>> from gputensor import array_api as xp
    >>> xp.zeros(2)
    Array([0., 0.])
    """
    return made(gt.zeros(shape_of("zeros", shape), dtype=dtype, device=device))


def ones(shape: Shape, *, dtype: Any = None, device: Any = None) -> Array:
    """An array of ones.

    >>> from gputensor import array_api as xp
    >>> xp.ones(2)
    Array([1., 1.])
    """
    return made(gt.ones(shape_of("ones", shape), dtype=dtype, device=device))


def full(shape: Shape, fill_value: Number | gt.Tensor, *, dtype: Any = None, device: Any = None) -> Array:
    """An array with every element set to one number, or to a 0-d array, to which the gradient flows back.

    >>> from gputensor import array_api as xp
    >>> xp.full(2, 7)
    Array([7, 7])
    """
    sizes = shape_of("full", shape)
    if isinstance(fill_value, TensorBase):
        value = plain(asarray(fill_value, dtype=dtype, device=device))
        return made(gt.broadcast_to(value, sizes).clone(memory_format=gt.contiguous_format))
    return made(gt.full(sizes, fill_value, dtype=dtype, device=device))


def empty_like(x: gt.Tensor, /, *, dtype: Any = None, device: Any = None) -> Array:
    """`empty` with the shape, and unless given the dtype and device, of x.

    >>> from gputensor import array_api as xp
    >>> xp.empty_like(xp.ones(2), dtype=xp.int8).dtype
    gputensor.int8
    """
    return made(gt.empty_like(plain(x), dtype=dtype, device=device))


def zeros_like(x: gt.Tensor, /, *, dtype: Any = None, device: Any = None) -> Array:
    """`zeros` with the shape, and unless given the dtype and device, of x.

    >>> from gputensor import array_api as xp
    >>> xp.zeros_like(xp.asarray([1, 2]))
    Array([0, 0])
    """
    return made(gt.zeros_like(plain(x), dtype=dtype, device=device))


def ones_like(x: gt.Tensor, /, *, dtype: Any = None, device: Any = None) -> Array:
    """`ones` with the shape, and unless given the dtype and device, of x.

    >>> from gputensor import array_api as xp
    >>> xp.ones_like(xp.asarray([3, 2]))
    Array([1, 1])
    """
    return made(gt.ones_like(plain(x), dtype=dtype, device=device))


def full_like(x: gt.Tensor, /, fill_value: Number | gt.Tensor, *, dtype: Any = None, device: Any = None) -> Array:
    """`full` with the shape, and unless given the dtype and device, of x.

    >>> from gputensor import array_api as xp
    >>> xp.full_like(xp.asarray([1.0, 2.0]), 3)
    Array([3., 3.])
    """
    t = plain(x)
    if isinstance(fill_value, TensorBase):
        return full(
            t.shape,
            fill_value,
            dtype=t.dtype if dtype is None else dtype,
            device=t.device if device is None else device,
        )
    return made(gt.full_like(t, fill_value, dtype=dtype, device=device))


def arange(
    start: float, /, stop: float | None = None, step: float = 1, *, dtype: Any = None, device: Any = None
) -> Array:
    """The numbers start, start + step, … below stop (above it, for a negative step); ``arange(stop)`` begins at 0.

    Of ints unless a float is among them. Raises ArgumentError (a ValueError) for a step of 0.

    >>> from gputensor import array_api as xp
    >>> xp.arange(5, 0, -2)
    Array([5, 3, 1])
    """
    if stop is None:
        start, stop = 0, start
    # the other door refuses a stop on the wrong side
    if step != 0 and (stop - start) / step <= 0:
        whole = all([isinstance(number, int) for number in (start, stop, step)])
        return empty(0, dtype=(gt.int64 if whole else get_default_dtype()) if dtype is None else dtype, device=device)
    return made(gt.arange(start, stop, step, dtype=dtype, device=device))


def linspace(
    start: complex, stop: complex, /, num: int, *, dtype: Any = None, device: Any = None, endpoint: bool = True
) -> Array:
    """num numbers at equal distances from start to stop; without endpoint, stop is the one that would come next.

    start + k (stop - start) / (num - 1), with num instead of num - 1 without endpoint. Complex numbers are allowed.

    >>> from gputensor import array_api as xp
    >>> xp.linspace(0, 1, 4, endpoint=False)
    Array([0.0000, 0.2500, 0.5000, 0.7500])
    """
    if num < 0:
        raise ArgumentError(f"linspace: num must not be negative, got {num}")
    steps = num if endpoint else num + 1
    numbers = [n.item() if isinstance(n, TensorBase) else n for n in (start, stop)]  # type: ignore[attr-defined]  # a tensor has item()
    if any([isinstance(number, complex) for number in numbers]):
        d = get_default_dtype().to_complex() if dtype is None else as_dtype(dtype)
        low, high = [complex(number) for number in numbers]
        real = gt.linspace(low.real, high.real, steps, dtype=d.to_real(), device=device)
        imag = gt.linspace(low.imag, high.imag, steps, dtype=d.to_real(), device=device)
        out = gt.complex(real, imag)
    else:
        out = gt.linspace(numbers[0], numbers[1], steps, dtype=dtype, device=device)
    return made(out if endpoint else out[:num])


def eye(n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: Any = None) -> Array:
    """Ones on the diagonal number k (above 0: to the right of the main one), zeros elsewhere.

    >>> from gputensor import array_api as xp
    >>> xp.eye(2, k=1)
    Array([[0., 1.],
           [0., 0.]])
    """
    columns = n_rows if n_cols is None else n_cols
    if k == 0:
        return made(gt.eye(n_rows, columns, dtype=dtype, device=device))
    if not -n_rows < k < columns:
        return zeros((n_rows, columns), dtype=dtype, device=device)
    distance = gt.arange(columns, device=device) - gt.arange(n_rows, device=device).unsqueeze(1)
    return made((distance == k).to(get_default_dtype() if dtype is None else dtype))


def meshgrid(*arrays: gt.Tensor, indexing: str = "xy") -> tuple[Array, ...]:
    """Coordinates as grids: for each array of one dim, an array of as many dims as there are arrays.

    indexing: "ij" gives shape (n0, n1, …), "xy" (n1, n0, …). Raises ShapeError for more than one dim, ValueError for
    another word.

    >>> from gputensor import array_api as xp
    >>> xp.meshgrid(xp.asarray([1, 2]), xp.asarray([3]))[0]
    Array([[1, 2]])
    """
    if not arrays:
        return ()
    grids = gt.meshgrid(*[plain(x) for x in arrays], indexing=indexing)
    return tuple([made(g) for g in grids])


def tril(x: gt.Tensor, /, *, k: int = 0) -> Array:
    """The elements on and below the diagonal number k of the matrices in the last two dims, zeros above.

    >>> from gputensor import array_api as xp
    >>> xp.tril(xp.ones((2, 2)))
    Array([[1., 0.],
           [1., 1.]])
    """
    return made(gt.tril(plain(x), k))


def triu(x: gt.Tensor, /, *, k: int = 0) -> Array:
    """The elements on and above the diagonal number k of the matrices in the last two dims, zeros below.

    >>> from gputensor import array_api as xp
    >>> xp.triu(xp.ones((2, 2)))
    Array([[1., 1.],
           [0., 1.]])
    """
    return made(gt.triu(plain(x), k))
