"""Products of vectors, matrices and more dims, as NumPy calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import cast, one_axis, refuse, sequence, tensor, tensors, written


def alike(*xs: Any) -> list[Tensor]:
    """All of xs in one dtype."""
    found = tensors(*xs)
    d = found[0].dtype
    for x in found[1:]:
        d = gt.promote_types(d, x.dtype)
    return [x.to(d) for x in found]


def dot(a: Any, b: Any, out: Any = None) -> Any:
    """`numpy.dot`: over the last dim of a and the last but one of b."""
    x, y = tensors(a, b)
    if not x.ndim or not y.ndim:
        return written("dot", out, x * y)
    x, y = alike(x, y)
    if x.ndim <= 2 and y.ndim <= 2:
        return written("dot", out, x @ y)
    return written("dot", out, gt.tensordot(x, y, ([x.ndim - 1], [max(y.ndim - 2, 0)])))


def vdot(a: Any, b: Any, /) -> Tensor:
    """`numpy.vdot`: of the flattened tensors, the first one conjugated."""
    x, y = (t.reshape(-1) for t in alike(a, b))
    return gt.vdot(x, y)


def inner(a: Any, b: Any, /) -> Tensor:
    """`numpy.inner`: over the last dims of both."""
    return gt.inner(*alike(a, b))


def outer(a: Any, b: Any, out: Any = None) -> Any:
    """`numpy.outer`: of the flattened tensors."""
    x, y = (t.reshape(-1) for t in alike(a, b))
    return written("outer", out, gt.outer(x, y))


def linalg_outer(x1: Any, x2: Any, /) -> Tensor:
    """`numpy.linalg.outer`: of two vectors."""
    x, y = alike(x1, x2)
    if x.ndim != 1 or y.ndim != 1:
        raise ValueError(f"outer: expected one dim each, got shapes {tuple(x.shape)} and {tuple(y.shape)}")
    return gt.outer(x, y)


def matmul(x1: Any, x2: Any, /) -> Tensor:
    """`numpy.linalg.matmul`."""
    x, y = alike(x1, x2)
    return x @ y


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Tensor:
    """`numpy.linalg.vecdot`."""
    x, y = alike(x1, x2)
    return gt.linalg.vecdot(x, y, dim=axis)


def kron(a: Any, b: Any) -> Tensor:
    """`numpy.kron`."""
    return gt.kron(*alike(a, b))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Tensor:
    """`numpy.tensordot`: over the last and first `axes` dims, or over pairs of dims."""
    x, y = alike(a, b)
    if isinstance(axes, (int, np.integer)):
        return gt.tensordot(x, y, int(axes))
    first, second = ([int(k) for k in (s if isinstance(s, (list, tuple, np.ndarray)) else [s])] for s in axes)
    return gt.tensordot(x, y, (first, second))


def linalg_tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Tensor:
    """`numpy.linalg.tensordot`."""
    return tensordot(x1, x2, axes)


def einsum(
    *operands: Any, out: Any = None, optimize: Any = False, dtype: Any = None, order: Any = "K", casting: Any = "safe"
) -> Any:
    """`numpy.einsum`, with an equation or with lists of numbers behind the operands."""
    if isinstance(operands[0], str):
        xs = [cast(x, dtype) for x in alike(*operands[1:])]
        return written("einsum", out, gt.einsum(operands[0].replace(" ", ""), *xs))
    pairs = list(zip(operands[::2], operands[1::2], strict=False))
    xs = [cast(x, dtype) for x in alike(*[x for x, _ in pairs])]
    inputs = ",".join([_letters(numbers) for _, numbers in pairs])
    if len(operands) % 2:
        inputs += "->" + _letters(operands[-1])
    return written("einsum", out, gt.einsum(inputs, *xs))


def _letters(numbers: Any) -> str:
    return "".join(
        ["..." if k is Ellipsis else chr(ord("a") + k) if k < 26 else chr(ord("A") + k - 26) for k in numbers]
    )


def einsum_path(*operands: Any, optimize: Any = "greedy", einsum_call: bool = False) -> Any:
    """`numpy.einsum_path`: NumPy's own answer, for the shapes."""
    blanks = [np.broadcast_to(np.empty((), bool), x.shape) if isinstance(x, Tensor) else x for x in operands]
    return np.einsum_path(*blanks, optimize=optimize)


def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None) -> Tensor:
    """`numpy.cross`, of vectors of three elements."""
    x, y = alike(a, b)
    if axis is not None:
        axisa = axisb = axisc = axis
    x = x.movedim(one_axis("cross", x.ndim, axisa), -1)
    y = y.movedim(one_axis("cross", y.ndim, axisb), -1)
    if x.shape[-1] != 3 or y.shape[-1] != 3:
        raise ValueError(
            f"cross: both need three elements along the axis, got shapes {tuple(x.shape)} and {tuple(y.shape)}; give "
            "vectors of two elements a third one, 0"
        )
    x, y = gt.broadcast_tensors(x, y)
    return gt.linalg.cross(x, y, dim=-1).movedim(-1, axisc)


def linalg_cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Tensor:
    """`numpy.linalg.cross`."""
    return cross(x1, x2, axis=axis)


def multi_dot(arrays: Any, *, out: Any = None) -> Any:
    """`numpy.linalg.multi_dot`."""
    return written("multi_dot", out, gt.linalg.multi_dot(alike(*sequence(arrays))))


def vander(x: Any, N: Any = None, increasing: bool = False) -> Tensor:
    """`numpy.vander`: the powers of x in columns, falling unless told."""
    return gt.vander(tensor(x), None if N is None else int(N), increasing)


def polyval(p: Any, x: Any) -> Tensor:
    """`numpy.polyval`: the polynomial whose coefficients are p, the highest first, at x."""
    coefficients, at = tensors(p, x)
    out = gt.zeros_like(at)
    for c in coefficients.unbind(0):
        out = out * at + c
    return out


def polyfit(x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False) -> Tensor:
    """`numpy.polyfit`: the coefficients of the least squares' polynomial, the highest first."""
    refuse("polyfit", rcond=rcond, full=full or None, cov=cov or None)
    at, values = alike(x, y)
    columns = gt.vander(at, deg + 1)
    if w is not None:
        weights = tensors(at, w)[1].to(at.dtype)
        columns = columns * weights[:, None]
        values = values * (weights[:, None] if values.ndim == 2 else weights)
    # columns of one size: their condition is what limits the precision
    scale = columns.square().sum(0).sqrt()
    found = gt.linalg.lstsq(columns / scale, values if values.ndim == 2 else values[:, None])[0]
    found = found / scale[:, None]
    return found if values.ndim == 2 else found[:, 0]


TABLE: dict[Any, Callable[..., Any]] = {
    np.cross: cross,
    np.dot: dot,
    np.einsum: einsum,
    np.einsum_path: einsum_path,
    np.inner: inner,
    np.kron: kron,
    np.linalg.cross: linalg_cross,
    np.linalg.matmul: matmul,
    np.linalg.multi_dot: multi_dot,
    np.linalg.outer: linalg_outer,
    np.linalg.tensordot: linalg_tensordot,
    np.linalg.vecdot: vecdot,
    np.outer: outer,
    np.polyfit: polyfit,
    np.polyval: polyval,
    np.tensordot: tensordot,
    np.vander: vander,
    np.vdot: vdot,
}
