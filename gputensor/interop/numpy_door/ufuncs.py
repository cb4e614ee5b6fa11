"""NumPy's universal functions: ``numpy.sin(t)``, ``numpy.add(a, t, out=b)``, ``numpy.maximum.reduce(t, axis=1)``.

The operators of arrays and NumPy scalars come through here, too: ``array + t`` is ``numpy.add(array, t)``.
"""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor, linalg
from gputensor.core.dtypes import dtype_for_numpy
from gputensor.core.explain import dtype_name
from gputensor.core.promotion import NO_NUMBERS, can_write, python_number
from gputensor.errors import DtypeError
from gputensor.interop.numpy_door.arguments import (
    NUMBERS,
    UNSET,
    axes_of,
    cast,
    given,
    one_axis,
    refuse,
    tensor,
    tensors,
    true,
    written,
)
from gputensor.interop.numpy_door.core_dims import with_axes
from gputensor.interop.numpy_door.cumulative import cumprod, cumsum
from gputensor.interop.numpy_door.masks import taking_part
from gputensor.interop.numpy_door.reductions import REDUCTIONS


def call(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of ``ufunc.method(*inputs, **kwargs)``; NotImplemented where another class should be asked.

    Raises TypeError for a function or an argument that has no meaning for tensors, and what the operation raises.
    """
    if any([isinstance(x, np.ma.MaskedArray) for x in inputs]) and "out" not in kwargs:
        # tensors have no masks, masked arrays keep theirs
        return getattr(ufunc, method)(*[np.asarray(x) if isinstance(x, Tensor) else x for x in inputs], **kwargs)
    known = (Tensor, np.ndarray, list, tuple, *NUMBERS)
    if not all([isinstance(x, known) and not isinstance(x, NO_NUMBERS) for x in inputs[:2]]):
        return NotImplemented
    function = METHODS.get(method)
    if function is None:
        raise TypeError(
            f"numpy.{ufunc.__name__}.{method} is not supported for tensors; use .detach().numpy() for an array"
        )
    return function(ufunc, *inputs, **kwargs)


def _call(
    ufunc: np.ufunc,
    *inputs: Any,
    out: Any = None,
    where: Any = True,
    casting: Any = "same_kind",
    order: Any = None,
    dtype: Any = None,
    subok: Any = True,
    signature: Any = None,
    axes: Any = None,
    axis: Any = None,
    keepdims: Any = None,
) -> Any:
    name = ufunc.__name__
    refuse(name, signature=signature)
    options = {}
    if given(axis) or given(keepdims):
        if ufunc.signature is None or name == "matmul":
            refuse(name, axis=axis, keepdims=keepdims)
        options = {"axis": -1 if axis is None else axis, "keepdims": true(keepdims)}
    function = function_of(ufunc)
    xs = list(inputs)
    if given(dtype) and ufunc not in PREDICATES:
        want = dtype_for_numpy(dtype).numpy
        for x in xs:
            if isinstance(x, (Tensor, np.ndarray)) and not can_write(tensor(x).array.dtype, want):
                raise DtypeError(
                    f"{name}: an operand is {x.dtype}, which dtype={dtype_name(want)} cannot hold; convert it first"
                )
        xs = [cast(x, dtype) if isinstance(x, Tensor) else x for x in xs]
    if ufunc in OPERATORS:
        xs = [
            python_number(x) if isinstance(x, np.generic) else tensor(x) if isinstance(x, np.ndarray) else x for x in xs
        ]
        xs = _sequences(xs)
        if not any([isinstance(x, Tensor) for x in xs]):  # only out is a tensor
            xs = tensors(*xs)
    else:
        xs = list(tensors(*xs))
    if given(axes):
        refuse(name, axis=axis)
        result: Any = with_axes(name, functools.partial(function, **options), tensors(*xs), axes)
    else:
        result = function(*xs, **options)
    if isinstance(result, tuple):
        outs = out if given(out) else (None,) * len(result)
        return tuple([written(name, o, cast(r, dtype), where) for o, r in zip(outs, result, strict=True)])
    return written(name, out, cast(result, dtype), where)


def _sequences(xs: list[Any]) -> list[Any]:
    return tensors(*xs) if any([isinstance(x, (list, tuple)) for x in xs]) else xs


def function_of(ufunc: np.ufunc) -> Callable[..., Any]:
    """Our function for NumPy's or SciPy's. Raises TypeError where there is none."""
    found = TABLE.get(ufunc)
    if found is None:
        scipy = sys.modules.get("scipy.special")
        name = SPECIAL.get(ufunc.__name__)
        if scipy is not None and name is not None and getattr(scipy, ufunc.__name__, None) is ufunc:
            found = getattr(gt.special, name)
    if found is None:
        raise TypeError(
            f"{ufunc.__name__}: this universal function is not supported for tensors; call it on "
            ".detach().numpy(), and make a tensor of the result with gputensor.from_numpy"
        )
    return found


def _reduce(
    ufunc: np.ufunc,
    array: Any,
    axis: Any = 0,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = UNSET,
    where: Any = True,
) -> Any:
    name = f"{ufunc.__name__}.reduce"
    x = tensor(array)
    direct = REDUCTIONS.get(ufunc)
    if direct is not None:
        options = {"dtype": dtype} if given(dtype) else {}
        if given(initial):
            options["initial"] = initial
        return written(name, out, direct(x, axis=axis, keepdims=keepdims, where=where, **options))
    axes = axes_of(name, x, axis)
    if len(axes) > 1 and ufunc not in REORDERABLE:
        raise ValueError(f"{name}: the order of elements matters, so that only one axis can be reduced, got {axis}")
    function = function_of(ufunc)
    x = cast(x, dtype)
    if where is not True:
        neutral = initial if ufunc in (np.fmax, np.fmin) else ufunc.identity
        if not given(neutral):
            raise ValueError(f"{name}: where= needs a neutral number, which this function has not; give initial=")
        x = taking_part(name, x, where, neutral)
    parts = [x]
    for k in reversed(axes):
        parts = [part for whole in parts for part in whole.unbind(k)]
    if given(initial):
        parts.insert(0, tensors(x, initial)[1])
    if not parts:
        raise ValueError(f"{name}: there is nothing to reduce; give initial=")
    result = functools.reduce(function, parts)
    if true(keepdims):
        result = result.reshape([1 if k in axes else n for k, n in enumerate(x.shape)])
    return written(name, out, result)


def _accumulate(ufunc: np.ufunc, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
    name = f"{ufunc.__name__}.accumulate"
    x = cast(tensor(array), dtype)
    k = one_axis(name, x.ndim, axis)
    direct = ACCUMULATIONS.get(ufunc)
    if direct is not None:
        return written(name, out, direct(x, k))
    function = function_of(ufunc)
    parts: list[Tensor] = []
    for part in x.unbind(k):
        parts.append(function(parts[-1], part) if parts else part)
    return written(name, out, gt.stack(parts, k) if parts else x.clone())


def _reduceat(ufunc: np.ufunc, array: Any, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
    name = f"{ufunc.__name__}.reduceat"
    x = tensor(array)
    k = one_axis(name, x.ndim, axis)
    starts = [operator.index(i) for i in (indices.tolist() if hasattr(indices, "tolist") else indices)]
    n = x.shape[k]
    if any([not 0 <= i < n for i in starts]):
        raise IndexError(f"{name}: the indices must lie between 0 and {n - 1}, got {starts}")
    if not starts:
        return written(name, out, _reduce(ufunc, x.narrow(k, 0, 0), k, dtype, initial=0, keepdims=True).narrow(k, 0, 0))
    parts = []
    for i, stop in zip(starts, [*starts[1:], n], strict=True):
        # where the next one begins no later, NumPy takes the element alone
        part = x.narrow(k, i, max(stop - i, 1))
        parts.append(_reduce(ufunc, part, k, dtype))
    return written(name, out, gt.stack(parts, k))


def _outer(ufunc: np.ufunc, a: Any, b: Any, **options: Any) -> Any:
    if ufunc.nin != 2 or ufunc.signature is not None:
        raise ValueError(f"{ufunc.__name__}.outer: only a function of two elements has an outer form")
    x, y = tensors(a, b)
    return _call(ufunc, x.reshape([*x.shape, *[1] * y.ndim]), y, **options)


def _at(ufunc: np.ufunc, a: Any, indices: Any, b: Any = None) -> None:
    name = f"{ufunc.__name__}.at"
    if not isinstance(a, Tensor):
        # an array is written by NumPy, to which tensors are indices and values, unless they require grad
        index = tuple([_values(k) for k in indices]) if isinstance(indices, tuple) else _values(indices)
        return ufunc.at(a, index, *([] if b is None else [_values(b)]))
    if ufunc not in (np.add, np.subtract):
        raise TypeError(f"{name} is not supported for tensors; numpy.add.at and Tensor.scatter_reduce_ are")
    value = tensors(a, b)[1].to(a.dtype)
    index = indices if isinstance(indices, tuple) else (indices,)
    a.index_put_([tensor(k) for k in index], -value if ufunc is np.subtract else value, accumulate=True)


def _values(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, Tensor) else x


METHODS: dict[str, Callable[..., Any]] = {
    "__call__": _call,
    "reduce": _reduce,
    "accumulate": _accumulate,
    "reduceat": _reduceat,
    "outer": _outer,
    "at": _at,
}


def cbrt(x: Tensor) -> Tensor:
    """The cube root, negative for negative numbers."""
    return x.sign() * x.abs().pow(1 / 3)


def fabs(x: Tensor) -> Tensor:
    """The absolute value as a floating-point number."""
    return _floating(x).abs()


def modf(x: Tensor) -> tuple[Tensor, Tensor]:
    """The fractional and the whole part, both with the sign of x."""
    y = _floating(x)
    whole = y.trunc()
    # inf - inf is nan, where the fraction is 0
    fraction = gt.where(y.isinf(), gt.zeros_like(y), y - whole)
    return gt.copysign(fraction, y), whole


def spacing(x: Tensor) -> Tensor:
    """The distance to the next number away from 0, with the sign of x."""
    y = _floating(x).detach()
    size = y.abs()
    return gt.copysign(gt.nextafter(size, gt.full_like(size, gt.inf)) - size, y)


def divmod_(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """x // y and x % y."""
    return x // y, x % y


def vecdot(x: Tensor, y: Tensor, axis: int = -1, keepdims: bool = False) -> Tensor:
    """The dot products of the vectors along one axis; the first is conjugated."""
    out = linalg.vecdot(*_promoted(x, y), dim=axis)
    return out.unsqueeze(axis) if keepdims else out


def matvec(x: Tensor, y: Tensor) -> Tensor:
    """Matrices times vectors."""
    return (x @ y.unsqueeze(-1)).squeeze(-1)


def vecmat(x: Tensor, y: Tensor) -> Tensor:
    """Vectors, conjugated, times matrices."""
    return (gt.conj(x).unsqueeze(-2) @ y).squeeze(-2)


def heaviside(x: Tensor, y: Tensor) -> Tensor:
    """0 below 0, 1 above it, y at 0."""
    return gt.heaviside(*_promoted(*_floatings(x, y)))


def ldexp(x: Tensor, y: Tensor) -> Tensor:
    """x * 2**y."""
    return gt.ldexp(x, y)


def hypot(x: Tensor, y: Tensor) -> Tensor:
    """The length of the vector (x, y)."""
    return gt.hypot(*_promoted(*_floatings(x, y)))


def arctan2(x: Tensor, y: Tensor) -> Tensor:
    """The angle of the point (y, x)."""
    return gt.arctan2(*_promoted(*_floatings(x, y)))


def nextafter(x: Tensor, y: Tensor) -> Tensor:
    """The number next to x towards y."""
    return gt.nextafter(*_promoted(*_floatings(x, y)))


def logaddexp(x: Tensor, y: Tensor) -> Tensor:
    """log(exp(x) + exp(y))."""
    return gt.logaddexp(*_promoted(*_floatings(x, y)))


def logaddexp2(x: Tensor, y: Tensor) -> Tensor:
    """log2(2**x + 2**y)."""
    return gt.logaddexp2(*_promoted(*_floatings(x, y)))


def _floating(x: Tensor) -> Tensor:
    return x if x.is_floating_point() or x.is_complex() else x.to(gt.get_default_dtype())


def _floatings(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Both as they are if one is floating-point, else both in the default dtype."""
    if x.is_floating_point() or y.is_floating_point():
        return x, y
    return _floating(x), _floating(y)


def _promoted(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    d = gt.result_type(x, y)
    return x.to(d), y.to(d)


# these take numbers as they are, on both sides: 16-bit floats may need more digits of a number than they have
OPERATORS: dict[Any, Callable[..., Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.floor_divide: operator.floordiv,
    np.remainder: operator.mod,
    np.divmod: divmod_,
    np.power: operator.pow,
    np.bitwise_and: operator.and_,
    np.bitwise_or: operator.or_,
    np.bitwise_xor: operator.xor,
    np.left_shift: operator.lshift,
    np.right_shift: operator.rshift,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
}

TABLE: dict[Any, Callable[..., Any]] = {
    **OPERATORS,
    np.absolute: gt.abs,
    np.arccos: gt.arccos,
    np.arccosh: gt.arccosh,
    np.arcsin: gt.arcsin,
    np.arcsinh: gt.arcsinh,
    np.arctan: gt.arctan,
    np.arctan2: arctan2,
    np.arctanh: gt.arctanh,
    np.cbrt: cbrt,
    np.ceil: gt.ceil,
    np.conjugate: gt.conj,
    np.copysign: gt.copysign,
    np.cos: gt.cos,
    np.cosh: gt.cosh,
    np.deg2rad: gt.deg2rad,
    np.degrees: gt.rad2deg,
    np.exp: gt.exp,
    np.exp2: gt.exp2,
    np.expm1: gt.expm1,
    np.fabs: fabs,
    np.float_power: gt.float_power,
    np.floor: gt.floor,
    np.fmax: gt.fmax,
    np.fmin: gt.fmin,
    np.fmod: gt.fmod,
    np.frexp: gt.frexp,
    np.gcd: gt.gcd,
    np.heaviside: heaviside,
    np.hypot: hypot,
    np.invert: gt.bitwise_not,
    np.isfinite: gt.isfinite,
    np.isinf: gt.isinf,
    np.isnan: gt.isnan,
    np.lcm: gt.lcm,
    np.ldexp: ldexp,
    np.log: gt.log,
    np.log10: gt.log10,
    np.log1p: gt.log1p,
    np.log2: gt.log2,
    np.logaddexp: logaddexp,
    np.logaddexp2: logaddexp2,
    np.logical_and: gt.logical_and,
    np.logical_not: gt.logical_not,
    np.logical_or: gt.logical_or,
    np.logical_xor: gt.logical_xor,
    np.matmul: operator.matmul,
    np.maximum: gt.maximum,
    np.minimum: gt.minimum,
    np.modf: modf,
    np.negative: gt.negative,
    np.nextafter: nextafter,
    np.positive: gt.positive,
    np.rad2deg: gt.rad2deg,
    np.radians: gt.deg2rad,
    np.reciprocal: gt.reciprocal,
    np.rint: gt.round,
    np.sign: gt.sgn,
    np.signbit: gt.signbit,
    np.sin: gt.sin,
    np.sinh: gt.sinh,
    np.spacing: spacing,
    np.sqrt: gt.sqrt,
    np.square: gt.square,
    np.tan: gt.tan,
    np.tanh: gt.tanh,
    np.trunc: gt.trunc,
    np.vecdot: vecdot,
}
if np.lib.NumpyVersion(np.__version__) >= "2.2.0":
    TABLE |= {np.matvec: matvec, np.vecmat: vecmat}

# their results are booleans, whatever dtype= says of the operands
PREDICATES = {
    np.equal,
    np.not_equal,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.isfinite,
    np.isinf,
    np.isnan,
    np.logical_and,
    np.logical_or,
    np.logical_not,
    np.logical_xor,
    np.signbit,
}

REORDERABLE = {
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
    np.logical_xor,
    np.fmax,
    np.fmin,
    np.gcd,
    np.lcm,
    np.hypot,
    np.logaddexp,
    np.logaddexp2,
}

ACCUMULATIONS: dict[Any, Callable[[Tensor, int], Tensor]] = {
    np.add: cumsum,
    np.multiply: cumprod,
    np.maximum: lambda x, k: gt.cummax(x, k).values,
    np.minimum: lambda x, k: gt.cummin(x, k).values,
    np.logaddexp: lambda x, k: gt.logcumsumexp(_floating(x), k),
}

# SciPy's universal functions by name, and ours; they come through the same protocol
SPECIAL = {
    "digamma": "digamma",
    "entr": "entr",
    "erf": "erf",
    "erfc": "erfc",
    "erfcx": "erfcx",
    "erfinv": "erfinv",
    "exp2": "exp2",
    "expit": "expit",
    "expm1": "expm1",
    "gammainc": "gammainc",
    "gammaincc": "gammaincc",
    "gammaln": "gammaln",
    "i0": "i0",
    "i0e": "i0e",
    "i1": "i1",
    "i1e": "i1e",
    "j0": "bessel_j0",
    "j1": "bessel_j1",
    "k0": "modified_bessel_k0",
    "k1": "modified_bessel_k1",
    "log1p": "log1p",
    "log_ndtr": "log_ndtr",
    "logit": "logit",
    "ndtr": "ndtr",
    "ndtri": "ndtri",
    "psi": "psi",
    "xlog1py": "xlog1py",
    "xlogy": "xlogy",
    "y0": "bessel_y0",
    "y1": "bessel_y1",
}
