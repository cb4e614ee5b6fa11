"""NumPy's arguments in our words: operands, axes, `out`, what is not supported."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from gputensor import Tensor, as_tensor, stack, where as gt_where
from gputensor.core.apply import operand
from gputensor.core.devices import device_of
from gputensor.core.dtypes import DType, as_dtype, dtype_for_numpy
from gputensor.core.explain import dtype_name
from gputensor.core.history import node_of
from gputensor.core.promotion import can_write
from gputensor.errors import DtypeError, GradError, ImplicitTransferError, ShapeError

UNSET: Any = np._NoValue  # what NumPy's own signatures have for "not given"
NUMBERS = (bool, int, float, complex, np.generic)


def first_tensor(xs: Iterable[Any]) -> Any:
    """The first tensor among xs, sequences in it included; None if there is none."""
    for x in xs:
        if isinstance(x, Tensor):
            return x
        if isinstance(x, (list, tuple)):
            found = first_tensor(x)
            if found is not None:
                return found
    return None


def tensors(*xs: Any) -> list[Tensor]:
    """All of xs as tensors. Arrays keep their dtype; numbers and lists are put on the device of the first tensor.
    Numbers take part in promotion as numbers, and floats in lists get the precision of the first tensor."""
    like = first_tensor(xs)
    return [_as_tensor(x, like) for x in xs]


def tensor(x: Any) -> Tensor:
    """One operand as a tensor."""
    return x if isinstance(x, Tensor) else _as_tensor(x, None)


def _as_tensor(x: Any, like: Any) -> Tensor:
    if isinstance(x, Tensor):
        return x
    if like is None or isinstance(x, np.ndarray):
        return as_tensor(x)
    if isinstance(x, NUMBERS):
        return operand(x, like)
    if isinstance(x, (list, tuple)) and any([isinstance(part, (Tensor, np.ndarray)) for part in x]):
        return stacked([_as_tensor(part, like) for part in x])
    made = np.asarray(x)
    if made.dtype.kind == "f" and like.array.dtype.kind in "fVc":
        return as_tensor(made, dtype=as_dtype(like.array.real.dtype), device=device_of(like.xp))
    return as_tensor(x, device=device_of(like.xp))


def stacked(parts: Sequence[Tensor]) -> Tensor:
    """Tensors of one shape along a new first dim."""
    return stack(parts)


def sequence(xs: Any) -> list[Tensor]:
    """What NumPy takes as a sequence of arrays: a list of tensors, arrays and numbers, or a tensor's parts."""
    return list(xs.unbind(0)) if isinstance(xs, Tensor) else tensors(*xs)


def given(x: Any) -> bool:
    """Whether an optional argument was given."""
    return x is not None and x is not UNSET


def true(x: Any) -> bool:
    """An optional flag, False unless given."""
    return given(x) and bool(x)


def axes_of(name: str, x: Tensor, axis: Any) -> tuple[int, ...]:
    """The dims meant by NumPy's axis: None means all. Sorted, none negative. Raises AxisError as NumPy does."""
    if not given(axis):
        return tuple(range(x.ndim))
    wanted = axis if isinstance(axis, (tuple, list)) else (axis,)
    found = sorted([one_axis(name, x.ndim, k) for k in wanted])
    if len(set(found)) != len(found):
        raise ShapeError(f"{name}: axis {axis} names a dim twice")
    return tuple(found)


def one_axis(name: str, ndim: int, axis: Any) -> int:
    """One dim, not negative."""
    k = int(axis.__index__())
    if not -ndim <= k < ndim:
        raise np.exceptions.AxisError(f"{name}: axis {k} is out of range for {ndim} dims; use {-ndim} <= axis < {ndim}")
    return k % ndim


def over(
    name: str, function: Callable[[Tensor], Tensor], x: Tensor, axis: Any, keepdims: Any = False, lead: int = 0
) -> Tensor:
    """function of x with all dims of `axis` joined as the last one, which it removes. lead: dims it puts in front."""
    axes = axes_of(name, x, axis)
    rest = [k for k in range(x.ndim) if k not in axes]
    if len(axes) == 1 == x.ndim:
        y = x
    else:
        y = x.permute((*rest, *axes)).reshape([x.shape[k] for k in rest] + [math.prod([x.shape[k] for k in axes])])
    out = function(y)
    if not true(keepdims):
        return out
    return out.reshape([*out.shape[:lead], *[1 if k in axes else n for k, n in enumerate(x.shape)]])


def refuse(name: str, **arguments: Any) -> None:
    """Raise TypeError for an argument of NumPy's that has no meaning for tensors."""
    for argument, value in arguments.items():
        if given(value):
            raise TypeError(
                f"{name}: {argument}= is not supported for tensors; {_INSTEAD.get(argument, 'leave it out')}"
            )


_INSTEAD = {
    "signature": "use dtype=",
    "axes": "move the dims with numpy.moveaxis first",
    "order": "only order='C' has a meaning",
}


def as_order(name: str, order: Any) -> str:
    """ "C" or "F"."""
    if order in ("C", "A", "K", None):
        return "C"
    if order == "F":
        return "F"
    raise ValueError(f"{name}: order must be 'C' or 'F', got {order!r}")


def cast(x: Tensor, dtype: Any) -> Tensor:
    """x in another dtype, if one is given."""
    want = dtype_of(dtype)
    return x if want is None else x.to(want)


def dtype_of(x: Any) -> DType | None:
    """NumPy's dtype= in our words, None if it is not given: "float" is float64 here, "f2" float16."""
    return dtype_for_numpy(x) if given(x) else None


def written(name: str, out: Any, result: Any, where: Any = True) -> Any:
    """`result`, written into `out` if that is given: a tensor, where it is recorded, or an array. where: the elements
    of out that are written.

    Raises DtypeError where the category would fall, GradError and ImplicitTransferError where an array cannot hold what
    the tensor is.
    """
    if isinstance(out, tuple) and len(out) == 1:
        (out,) = out
    if not given(out):
        if where is not True:
            raise TypeError(
                f"{name}: where= without out= leaves the others undefined; give out=, or choose with numpy.where"
            )
        return result
    have = result.array.dtype
    if isinstance(out, Tensor):
        if not can_write(have, out.array.dtype):
            raise DtypeError(
                f"{name}: the result is {dtype_name(have)}, which cannot be written into out of "
                f"{dtype_name(out.array.dtype)}"
            )
        return out.copy_(result if where is True else gt_where(tensors(out, where)[1], result.to(out.dtype), out))
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{name}: out must be a Tensor or a NumPy array, got {type(out).__name__}")
    if result.xp.device_type != "cpu":
        raise ImplicitTransferError(
            f"{name}: a NumPy array cannot take a result on {device_of(result.xp)}; copy the operands with .cpu() first"
        )
    if node_of(result) is not None:
        raise GradError(
            f"{name}: the result requires grad, and a NumPy array keeps no graph; use .detach() on the operands, or "
            "write a = a + t instead of a += t"
        )
    if have != out.dtype and not np.can_cast(have, out.dtype, "same_kind"):
        raise DtypeError(
            f"{name}: the result is {dtype_name(have)}, which cannot be written into an array of {out.dtype}; convert "
            "one of them first"
        )
    mask = where.numpy() if isinstance(where, Tensor) else where
    np.copyto(out, result.xp.to_host(result.array), casting="unsafe", where=mask)
    return out
