"""New tensors like others, and ``numpy.zeros(3, like=t)``: on the device of t, in the default dtype unless given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import cast, dtype_of, given, tensor, tensors
from gputensor.interop.numpy_door.shapes import sizes_of


def _dtype(dtype: Any) -> Any:
    return dtype_of(dtype)


def _matrix_dtype(dtype: Any) -> Any:
    """The same, where NumPy hands on ``float`` when nothing was given."""
    return _dtype(None if dtype is float else dtype)


def _shape(x: Tensor, shape: Any) -> list[int]:
    return sizes_of(shape) if given(shape) else list(x.shape)


def zeros_like(
    a: Any, dtype: Any = None, order: Any = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Tensor:
    """`numpy.zeros_like`."""
    x = tensor(a)
    return x.new_zeros(_shape(x, shape), dtype=_dtype(dtype), device=device)


def ones_like(
    a: Any, dtype: Any = None, order: Any = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Tensor:
    """`numpy.ones_like`."""
    x = tensor(a)
    return x.new_ones(_shape(x, shape), dtype=_dtype(dtype), device=device)


def empty_like(
    prototype: Any, /, dtype: Any = None, order: Any = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Tensor:
    """`numpy.empty_like`."""
    x = tensor(prototype)
    return x.new_empty(_shape(x, shape), dtype=_dtype(dtype), device=device)


def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Tensor:
    """`numpy.full_like`; the dtype is that of a unless given. Gradients flow to fill_value."""
    x = tensor(a)
    if device is not None:
        x = x.to(device)
    value = tensors(x, fill_value)[1].to(_dtype(dtype) or x.dtype)
    return value.expand(_shape(x, shape)).clone()


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None,
    axis: int = 0, *, device: Any = None,
) -> Any:  # fmt: skip
    """`numpy.linspace`; start and stop may have dims, and gradients flow to them."""
    a, b = _ends(start, stop)
    count = num - 1 if endpoint else num
    numbers = gt.arange(num, dtype=a.dtype, device=a.device).reshape([-1, *[1] * a.ndim])
    step = (b - a) / count if count > 0 else a * gt.nan
    out = a + numbers * step if count > 0 else a + numbers * 0
    if endpoint and num > 1:
        out = gt.cat([out[:-1], b.expand(a.shape).unsqueeze(0)])  # free of rounding
    out = cast(out.movedim(0, axis), dtype)
    return (out, step) if retstep else out


def _ends(start: Any, stop: Any) -> tuple[Tensor, Tensor]:
    a, b = tensors(start, stop)
    d = gt.result_type(a, b)
    d = d if d.is_floating_point or d.is_complex else gt.get_default_dtype()
    first, second = gt.broadcast_tensors(a.to(d), b.to(d))
    return first, second


def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Tensor:
    """`numpy.logspace`."""
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    base = tensors(exponents, base)[1].to(exponents.dtype)
    return cast(base**exponents, dtype)


def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Tensor:
    """`numpy.geomspace`, between numbers above 0 or both below it."""
    a, b = _ends(start, stop)
    sign = a.sign().detach()
    if bool((a * b <= 0).any()):
        raise ValueError("geomspace: start and stop must have the same sign and not be 0")
    out = linspace((a * sign).log(), (b * sign).log(), num, endpoint, axis=0).exp()
    if num > 0:
        out = gt.cat([(a * sign).unsqueeze(0), out[1:]])  # free of rounding
    if endpoint and num > 1:
        out = gt.cat([out[:-1], (b * sign).unsqueeze(0)])
    return cast((out * sign).movedim(0, axis), dtype)


# ---------------------------------------------------------------- like=


def zeros(like: Tensor, shape: Any, dtype: Any = None, order: Any = "C", *, device: Any = None) -> Tensor:
    """`numpy.zeros` with like=."""
    return gt.zeros(sizes_of(shape), dtype=_dtype(dtype), device=device or like.device)


def ones(like: Tensor, shape: Any, dtype: Any = None, order: Any = "C", *, device: Any = None) -> Tensor:
    """`numpy.ones` with like=."""
    return gt.ones(sizes_of(shape), dtype=_dtype(dtype), device=device or like.device)


def empty(like: Tensor, shape: Any, dtype: Any = None, order: Any = "C", *, device: Any = None) -> Tensor:
    """`numpy.empty` with like=."""
    return gt.empty(sizes_of(shape), dtype=_dtype(dtype), device=device or like.device)


def full(
    like: Tensor, shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", *, device: Any = None
) -> Tensor:
    """`numpy.full` with like=."""
    value = fill_value if isinstance(fill_value, Tensor) else gt.as_tensor(fill_value, device=device or like.device)
    return cast(value, dtype).expand(sizes_of(shape)).clone()


def eye(
    like: Tensor, N: int, M: Any = None, k: int = 0, dtype: Any = None, order: Any = "C", *, device: Any = None
) -> Tensor:
    """`numpy.eye` with like=."""
    rows, columns = int(N), int(N if M is None else M)
    i = gt.arange(rows, device=device or like.device)[:, None]
    j = gt.arange(columns, device=device or like.device)
    return (j - i == k).to(_matrix_dtype(dtype) or gt.get_default_dtype())


def identity(like: Tensor, n: int, dtype: Any = None) -> Tensor:
    """`numpy.identity` with like=."""
    return eye(like, n, dtype=dtype)


def tri(like: Tensor, N: int, M: Any = None, k: int = 0, dtype: Any = None) -> Tensor:
    """`numpy.tri` with like=."""
    columns = int(N if M is None else M)
    return gt.ones(int(N), columns, dtype=_matrix_dtype(dtype), device=like.device).tril(k)


def arange(like: Tensor, *limits: Any, dtype: Any = None, device: Any = None, **named: Any) -> Tensor:
    """`numpy.arange` with like=."""
    start, stop, step = named.get("start"), named.get("stop"), named.get("step")
    values = [*limits]
    if stop is not None:
        values = [0 if start is None else start, stop] if not values else [values[0], stop]
    if step is not None:
        values = [0, *values, step] if len(values) == 1 else [*values, step]
    return gt.arange(*values, dtype=_dtype(dtype), device=device or like.device)


def array(
    like: Tensor, object: Any, dtype: Any = None, *, copy: Any = True, order: Any = "K", subok: bool = False,
    ndmin: int = 0, ndmax: Any = 0,
) -> Tensor:  # fmt: skip
    """`numpy.array` with like=."""
    x = asarray(like, object, dtype, copy=copy)
    return x.reshape([*[1] * (ndmin - x.ndim), *x.shape])


def asarray(
    like: Tensor, a: Any, dtype: Any = None, order: Any = None, *, device: Any = None, copy: Any = None
) -> Tensor:
    """`numpy.asarray` with like=; tensors keep their graph."""
    if isinstance(a, Tensor):
        out = a.to(device=device, dtype=_dtype(dtype))
        if out is not a and copy is False:
            raise ValueError("asarray: copy=False, and this dtype or device needs a copy")
        return out.clone() if copy and out is a else out
    return gt.asarray(a, dtype=_dtype(dtype), device=device or like.device, copy=copy)


def ascontiguousarray(like: Tensor, a: Any, dtype: Any = None) -> Tensor:
    """`numpy.ascontiguousarray` with like=."""
    return asarray(like, a, dtype).contiguous()


def frombuffer(like: Tensor, buffer: Any, dtype: Any = float, count: int = -1, offset: int = 0) -> Tensor:
    """`numpy.frombuffer` with like=."""
    return gt.frombuffer(buffer, dtype=dtype_of(dtype), count=count, offset=offset).to(like.device)


def fromfunction(like: Tensor, function: Callable[..., Any], shape: Any, *, dtype: Any = float, **kwargs: Any) -> Any:
    """`numpy.fromfunction` with like=."""
    lines = [gt.arange(n, dtype=dtype_of(dtype), device=like.device) for n in sizes_of(shape)]
    return function(*gt.meshgrid(*lines, indexing="ij"), **kwargs)


TABLE: dict[Any, Callable[..., Any]] = {
    np.empty_like: empty_like,
    np.full_like: full_like,
    np.geomspace: geomspace,
    np.linspace: linspace,
    np.logspace: logspace,
    np.ones_like: ones_like,
    np.zeros_like: zeros_like,
}

LIKE: dict[Any, Callable[..., Any]] = {
    np.arange: arange,
    np.array: array,
    np.asanyarray: asarray,
    np.asarray: asarray,
    np.ascontiguousarray: ascontiguousarray,
    np.empty: empty,
    np.eye: eye,
    np.frombuffer: frombuffer,
    np.fromfunction: fromfunction,
    np.full: full,
    np.identity: identity,
    np.ones: ones,
    np.tri: tri,
    np.zeros: zeros,
}
