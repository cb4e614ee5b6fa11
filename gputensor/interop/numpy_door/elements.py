"""Functions of single elements that are no universal functions, comparisons of whole tensors, and questions that have
plain Python answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.apply import promote
from gputensor.core.dtypes import bool_
from gputensor.interop.numpy_door.arguments import dtype_of, given, tensor, tensors, written
from gputensor.interop.numpy_door.reductions import floating


def clip(
    a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, *, min: Any = None, max: Any = None, **options: Any
) -> Any:
    """`numpy.clip`; at the limits themselves the gradient flows."""
    if options:
        raise TypeError(f"clip: {', '.join(options)} is not supported for tensors")
    low, high = (a_min if given(a_min) else min), (a_max if given(a_max) else max)
    x = tensors(a, low, high)[0] if not isinstance(a, Tensor) else a
    if not given(low) and not given(high):
        return written("clip", out, x.clone())
    limits = [v if isinstance(v, (int, float, Tensor)) or v is None else tensors(x, v)[1] for v in (low, high)]
    if any([isinstance(v, Tensor) for v in limits]):
        limits = [None if v is None else tensors(x, v)[1] for v in limits]
    return written("clip", out, gt.clip(x, *limits))


def round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    """`numpy.round`: halves to even."""
    x = tensor(a)
    if not (x.is_floating_point() or x.is_complex()) and decimals >= 0:
        return written("round", out, x.clone())
    return written("round", out, gt.round(x, decimals=decimals))


def fix(x: Any, out: Any = None) -> Any:
    """`numpy.fix`: towards 0."""
    return written("fix", out, gt.trunc(tensor(x)))


def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Tensor:
    """`numpy.nan_to_num`."""
    t = tensor(x)
    return gt.nan_to_num(t, nan, posinf, neginf) if copy else t.nan_to_num_(nan, posinf, neginf)


def i0(x: Any) -> Tensor:
    """`numpy.i0`."""
    return gt.i0(tensor(x))


def sinc(x: Any) -> Tensor:
    """`numpy.sinc`."""
    return gt.sinc(tensor(x))


def real(val: Any) -> Tensor:
    """`numpy.real`: a view."""
    return gt.real(tensor(val))


def imag(val: Any) -> Tensor:
    """`numpy.imag`; of real numbers, zeros."""
    x = tensor(val)
    return gt.imag(x) if x.is_complex() else gt.zeros_like(x)


def angle(z: Any, deg: bool = False) -> Tensor:
    """`numpy.angle`."""
    out = gt.angle(floating(tensor(z)))
    return gt.rad2deg(out) if deg else out


def real_if_close(a: Any, tol: float = 100) -> Tensor:
    """`numpy.real_if_close`: the real part, if the imaginary one is tiny everywhere. Waits for the GPU."""
    x = tensor(a)
    if not x.is_complex():
        return x
    small = tol * gt.finfo(x.dtype).eps if tol > 1 else tol
    return x.real if bool((x.imag.abs() < small).all()) else x


def iscomplex(x: Any) -> Tensor:
    """`numpy.iscomplex`."""
    t = tensor(x)
    return t.imag != 0 if t.is_complex() else gt.zeros_like(t, dtype=bool_)


def isreal(x: Any) -> Tensor:
    """`numpy.isreal`."""
    return ~iscomplex(x)


def isneginf(x: Any, out: Any = None) -> Any:
    """`numpy.isneginf`."""
    return written("isneginf", out, gt.isneginf(tensor(x)))


def isposinf(x: Any, out: Any = None) -> Any:
    """`numpy.isposinf`."""
    return written("isposinf", out, gt.isposinf(tensor(x)))


def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Tensor:
    """`numpy.isclose`."""
    x, y = tensors(a, b)
    d = gt.result_type(x, y)
    return gt.isclose(x.detach().to(d), y.detach().to(d), rtol, atol, equal_nan)


def allclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> bool:
    """`numpy.allclose`: a Python bool."""
    return bool(isclose(a, b, rtol, atol, equal_nan).all())


def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> bool:
    """`numpy.array_equal`: a Python bool."""
    x, y = tensors(a1, a2)
    return x.shape == y.shape and _equal(x, y, equal_nan)


def _equal(x: Tensor, y: Tensor, equal_nan: bool) -> bool:
    same = x == y
    if equal_nan:
        same = same | (gt.isnan(x) & gt.isnan(y))
    return bool(same.all())


def array_equiv(a1: Any, a2: Any) -> bool:
    """`numpy.array_equiv`: a Python bool."""
    x, y = tensors(a1, a2)
    try:
        gt.broadcast_shapes(tuple(x.shape), tuple(y.shape))
    except ValueError:
        return False
    return _equal(x, y, False)


def shape(a: Any) -> tuple[int, ...]:
    """`numpy.shape`: a plain tuple."""
    return tuple([int(n) for n in tensor(a).shape])


def ndim(a: Any) -> int:
    """`numpy.ndim`."""
    return tensor(a).ndim


def size(a: Any, axis: Any = None) -> int:
    """`numpy.size`."""
    x = tensor(a)
    if axis is None:
        return x.numel()
    count = 1
    for k in axis if isinstance(axis, tuple) else (axis,):
        count *= x.shape[k]
    return count


def iscomplexobj(x: Any) -> bool:
    """`numpy.iscomplexobj`."""
    return tensor(x).is_complex()


def isrealobj(x: Any) -> bool:
    """`numpy.isrealobj`."""
    return not tensor(x).is_complex()


def result_type(*arrays_and_dtypes: Any) -> np.dtype:
    """`numpy.result_type`: a NumPy dtype, by the rules of tensors."""
    blank = gt.zeros(())
    found = []
    for x in arrays_and_dtypes:
        if isinstance(x, (Tensor, np.ndarray, bool, int, float, complex, np.generic)):
            found.append(x)
        else:
            found.append(gt.zeros(1, dtype=dtype_of(x)))
    numbers = [x for x in found if not isinstance(x, (Tensor, np.ndarray))]
    arrays = [tensor(x).detach() for x in found if isinstance(x, (Tensor, np.ndarray))]
    out = (
        promote("result_type", [x.new_zeros([1] if x.ndim else [], device="cpu") for x in arrays])[0]
        if arrays
        else blank
    )
    for x in numbers:
        d = gt.result_type(out, x)
        out = out.to(d)
    return out.array.dtype


def shares_memory(a: Any, b: Any, /, max_work: Any = None) -> bool:
    """`numpy.shares_memory`."""
    x, y = tensor(a), tensor(b)
    return x.xp is y.xp and bool(x.xp.shares_memory(x.array, y.array))


# ---------------------------------------------------------------- text and files


def _host(x: Any) -> Any:
    return x.detach().cpu().numpy() if isinstance(x, Tensor) else x


def array2string(a: Any, *args: Any, **kwargs: Any) -> str:
    """`numpy.array2string`, of the values."""
    return np.array2string(_host(a), *args, **kwargs)


def array_repr(arr: Any, *args: Any, **kwargs: Any) -> str:
    """`numpy.array_repr`, of the values."""
    return np.array_repr(_host(arr), *args, **kwargs)


def array_str(a: Any, *args: Any, **kwargs: Any) -> str:
    """`numpy.array_str`, of the values."""
    return np.array_str(_host(a), *args, **kwargs)


def save(file: Any, arr: Any, *args: Any, **kwargs: Any) -> None:
    """`numpy.save`, of the values."""
    np.save(file, _host(arr), *args, **kwargs)


def savez(file: Any, *args: Any, **kwds: Any) -> None:
    """`numpy.savez`, of the values."""
    np.savez(file, *[_host(x) for x in args], **{name: _host(x) for name, x in kwds.items()})


def savez_compressed(file: Any, *args: Any, **kwds: Any) -> None:
    """`numpy.savez_compressed`, of the values."""
    np.savez_compressed(file, *[_host(x) for x in args], **{name: _host(x) for name, x in kwds.items()})


def savetxt(fname: Any, X: Any, *args: Any, **kwargs: Any) -> None:
    """`numpy.savetxt`, of the values."""
    np.savetxt(fname, _host(X), *args, **kwargs)


TABLE: dict[Any, Callable[..., Any]] = {
    np.allclose: allclose,
    np.angle: angle,
    np.around: round,
    np.array2string: array2string,
    np.array_equal: array_equal,
    np.array_equiv: array_equiv,
    np.array_repr: array_repr,
    np.array_str: array_str,
    np.clip: clip,
    np.fix: fix,
    np.i0: i0,
    np.imag: imag,
    np.isclose: isclose,
    np.iscomplex: iscomplex,
    np.iscomplexobj: iscomplexobj,
    np.isneginf: isneginf,
    np.isposinf: isposinf,
    np.isreal: isreal,
    np.isrealobj: isrealobj,
    np.may_share_memory: shares_memory,
    np.nan_to_num: nan_to_num,
    np.ndim: ndim,
    np.real: real,
    np.real_if_close: real_if_close,
    np.result_type: result_type,
    np.round: round,
    np.save: save,
    np.savetxt: savetxt,
    np.savez: savez,
    np.savez_compressed: savez_compressed,
    np.shape: shape,
    np.shares_memory: shares_memory,
    np.sinc: sinc,
    np.size: size,
}
