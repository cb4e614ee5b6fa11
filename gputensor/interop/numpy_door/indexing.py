"""Elements chosen, written and found, as NumPy calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.dtypes import bool_
from gputensor.core.promotion import can_write
from gputensor.errors import DtypeError
from gputensor.interop.numpy_door.arguments import cast, dtype_of, one_axis, sequence, tensor, tensors, written


def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    """`numpy.where`: elements of x or y; with the condition alone, its places, one tensor a dim."""
    if x is None and y is None:
        return gt.nonzero(tensor(condition), as_tuple=True)
    if x is None or y is None:
        raise ValueError("where: give both x and y, or neither")
    # numbers weigh less beside the other operand, not beside the condition
    pair = tensors(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else [_beside(condition, v) for v in (x, y)]
    return gt.where(_truth(tensors(pair[0], condition)[1]), *pair)


def _beside(condition: Any, v: Any) -> Tensor:
    return gt.as_tensor(v) if isinstance(v, np.ndarray) else gt.as_tensor(v, device=condition.device)


def _truth(c: Tensor) -> Tensor:
    return c if c.dtype is bool_ else c != 0


def nonzero(a: Any) -> tuple[Tensor, ...]:
    """`numpy.nonzero`: one tensor of places a dim."""
    return tuple(gt.nonzero(tensor(a), as_tuple=True))


def flatnonzero(a: Any) -> Tensor:
    """`numpy.flatnonzero`."""
    return gt.nonzero(tensor(a).reshape(-1)).reshape(-1)


def argwhere(a: Any) -> Tensor:
    """`numpy.argwhere`."""
    return gt.argwhere(tensor(a))


def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
    """`numpy.take`: elements along an axis; modes "wrap" and "clip" bring indices into range."""
    x = tensor(a)
    at = tensors(x, indices)[1].long()
    x, k = (x.reshape(-1), 0) if axis is None else (x, one_axis("take", x.ndim, axis))
    n = x.shape[k]
    if mode == "wrap":
        at = at % n
    elif mode == "clip":
        at = at.clamp(0, n - 1)
    elif mode != "raise":
        raise ValueError(f"take: mode must be 'raise', 'wrap' or 'clip', got {mode!r}")
    return written("take", out, x[(*[slice(None)] * k, at)])


def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Tensor:
    """`numpy.take_along_axis`."""
    x = tensor(arr)
    at = tensors(x, indices)[1].long()
    if axis is None:
        return gt.take_along_dim(x.reshape(-1), _positive(at, x.numel()), 0)
    k = one_axis("take_along_axis", x.ndim, axis)
    return gt.take_along_dim(x, _positive(at, x.shape[k]), k)


def _positive(at: Tensor, n: int) -> Tensor:
    return gt.where(at < 0, at + n, at)


def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """`numpy.put_along_axis`, in place."""
    x = _target("put_along_axis", arr)
    at = tensors(x, indices)[1].long()
    k = 0 if axis is None else one_axis("put_along_axis", x.ndim, axis)
    flat = x.view(-1) if axis is None else x
    at = _positive(at, flat.shape[k])
    shape = [at.shape[j] if j == k else max(at.shape[j], n) for j, n in enumerate(flat.shape)]
    at = at.expand(shape)
    flat.scatter_(k, at, tensors(x, values)[1].to(x.dtype).expand(shape))


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """`numpy.put`: elements of the flattened tensor, in place; values are repeated."""
    x = _target("put", a)
    at, values = (t.reshape(-1) for t in tensors(x, ind, v)[1:])
    at = at.long()
    if mode == "wrap":
        at = at % x.numel()
    elif mode == "clip":
        at = at.clamp(0, x.numel() - 1)
    if values.numel() < at.numel():
        values = values.repeat(-(-at.numel() // max(values.numel(), 1)))
    x.put_(at, values[: at.numel()].to(x.dtype))


def place(arr: Any, mask: Any, vals: Any) -> None:
    """`numpy.place`: the elements where mask is true, in order, in place; values are repeated."""
    x = _target("place", arr)
    chosen, values = tensors(x, mask, vals)[1:]
    chosen, values = _truth(chosen), values.reshape(-1)
    number = int(chosen.sum())
    if not number:
        return
    if not values.numel():
        raise ValueError("place: there are no values to put")
    values = values.repeat(-(-number // values.numel()))[:number].to(x.dtype)
    x.masked_scatter_(chosen, values)


def putmask(a: Any, mask: Any, values: Any) -> None:
    """`numpy.putmask`: element k becomes value k where mask is true, in place; values are repeated."""
    x = _target("putmask", a)
    chosen, source = tensors(x, mask, values)[1:]
    source = source.reshape(-1).to(x.dtype)
    source = source.repeat(-(-x.numel() // max(source.numel(), 1)))[: x.numel()].reshape(x.shape)
    x.copy_(gt.where(_truth(chosen), source, x))


def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    """`numpy.copyto`, into a tensor or an array."""
    if isinstance(dst, np.ndarray) and where is True:
        written("copyto", dst, tensor(src))
        return
    x = _target("copyto", dst)
    value = tensors(x, src)[1]
    if casting != "unsafe" and not can_write(value.array.dtype, x.array.dtype):
        raise DtypeError(f"copyto: {value.dtype} does not fit into {x.dtype}; use casting='unsafe'")
    value = value.to(x.dtype)
    x.copy_(value if where is True else gt.where(_truth(tensors(x, where)[1]), value, x))


def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """`numpy.fill_diagonal`, in place."""
    x = _target("fill_diagonal", a)
    if x.ndim < 2:
        raise ValueError(f"fill_diagonal: expected two dims or more, got shape {tuple(x.shape)}")
    value = tensors(x, val)[1].to(x.dtype).reshape(-1)
    if x.ndim == 2:
        step = x.shape[1] + 1
        end = None if wrap else x.shape[1] * x.shape[1]
    else:
        if len(set(x.shape)) > 1:
            raise ValueError(f"fill_diagonal: all dims must have the same size, got shape {tuple(x.shape)}")
        step, end = 1 + sum([x.shape[0] ** k for k in range(1, x.ndim)]), None
    places = gt.arange(x.numel(), device=x.device)[:end:step]
    if value.numel() != 1:
        value = value.repeat(-(-places.numel() // max(value.numel(), 1)))[: places.numel()]
    x.put_(places, value.expand(places.shape))


def _target(name: str, x: Any) -> Tensor:
    if not isinstance(x, Tensor):
        raise TypeError(
            f"{name}: what is written is a {type(x).__name__}, and the values are tensors; give .detach().numpy() of "
            "them"
        )
    return x


def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    """`numpy.compress`: the slices for which the condition holds."""
    x = tensor(a)
    chosen = gt.nonzero(tensors(x, condition)[1]).reshape(-1)
    x, k = (x.reshape(-1), 0) if axis is None else (x, one_axis("compress", x.ndim, axis))
    return written("compress", out, x.index_select(k, chosen))


def extract(condition: Any, arr: Any) -> Tensor:
    """`numpy.extract`: the elements for which the condition holds."""
    x = tensor(arr).reshape(-1)
    return x[gt.nonzero(tensors(x, condition)[1].reshape(-1)).reshape(-1)]


def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """`numpy.choose`: element by element of the choice with that number."""
    at = tensor(a).long()
    options = gt.stack(gt.broadcast_tensors(*_together(sequence(choices), at))[:-1])
    n = options.shape[0]
    at = at.expand(options.shape[1:])
    if mode == "wrap":
        at = at % n
    elif mode == "clip":
        at = at.clamp(0, n - 1)
    elif at.numel() and (int(at.min()) < 0 or int(at.max()) >= n):
        raise ValueError(f"choose: a must be from 0 to {n - 1}, the number of choices less 1; or use mode='clip'")
    return written("choose", out, options.gather(0, at.unsqueeze(0))[0])


def _together(xs: list[Tensor], at: Tensor) -> list[Tensor]:
    """The choices in one dtype, and the numbers behind them."""
    d = xs[0].dtype
    for x in xs[1:]:
        d = gt.promote_types(d, x.dtype)
    return [*[x.to(d) for x in xs], at]


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Tensor:
    """`numpy.select`: of the choice whose condition is the first that holds."""
    if len(condlist) != len(choicelist):
        raise ValueError(f"select: {len(condlist)} conditions for {len(choicelist)} choices")
    choices = tensors(*choicelist, *condlist)[: len(choicelist)]
    result = tensors(choices[0], default)[1]
    for condition, choice in zip(reversed(condlist), reversed(choices), strict=True):
        result = gt.where(tensors(choice, condition)[1], choice, result)
    return result


def diag(v: Any, k: int = 0) -> Tensor:
    """`numpy.diag`."""
    return gt.diag(tensor(v), k)


def diagflat(v: Any, k: int = 0) -> Tensor:
    """`numpy.diagflat`."""
    return gt.diagflat(tensor(v), k)


def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """`numpy.diagonal`: a view."""
    return gt.diagonal(tensor(a), offset, axis1, axis2)


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.trace`."""
    line = gt.diagonal(tensor(a), offset, axis1, axis2)
    return written("trace", out, line.sum(-1, dtype=dtype_of(dtype)))


def tril(m: Any, k: int = 0) -> Tensor:
    """`numpy.tril`; of one dim, of the matrix whose rows it is."""
    x = tensor(m)
    return gt.tril(x.expand(x.shape[0], -1) if x.ndim == 1 else x, k)


def triu(m: Any, k: int = 0) -> Tensor:
    """`numpy.triu`; of one dim, of the matrix whose rows it is."""
    x = tensor(m)
    return gt.triu(x.expand(x.shape[0], -1) if x.ndim == 1 else x, k)


def diag_indices_from(arr: Any) -> tuple[Tensor, ...]:
    """`numpy.diag_indices_from`."""
    x = tensor(arr)
    if x.ndim < 2 or len(set(x.shape)) > 1:
        raise ValueError(f"diag_indices_from: expected two or more dims of one size, got shape {tuple(x.shape)}")
    return (gt.arange(x.shape[0], device=x.device),) * x.ndim


def tril_indices_from(arr: Any, k: int = 0) -> tuple[Tensor, ...]:
    """`numpy.tril_indices_from`."""
    x = tensor(arr)
    return tuple(gt.tril_indices(x.shape[-2], x.shape[-1], k, device=x.device).unbind(0))


def triu_indices_from(arr: Any, k: int = 0) -> tuple[Tensor, ...]:
    """`numpy.triu_indices_from`."""
    x = tensor(arr)
    return tuple(gt.triu_indices(x.shape[-2], x.shape[-1], k, device=x.device).unbind(0))


def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Tensor, ...]:
    """`numpy.unravel_index`."""
    sizes = [int(shape)] if isinstance(shape, (int, np.integer)) else [int(n) for n in shape]
    if order == "F":
        return tuple(reversed(gt.unravel_index(tensor(indices), sizes[::-1])))
    return tuple(gt.unravel_index(tensor(indices), sizes))


def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Tensor:
    """`numpy.ravel_multi_index`: the numbers of elements in the flattened array."""
    parts = sequence(multi_index)
    modes = mode if isinstance(mode, tuple) else (mode,) * len(dims)
    steps = [1]
    for n in reversed(dims[1:]) if order == "C" else dims[:-1]:
        steps.append(steps[-1] * int(n))
    out: Any = 0
    for x, n, how, step in zip(parts, dims, modes, steps[::-1] if order == "C" else steps, strict=True):
        if how == "wrap":
            x = x % n
        elif how == "clip":
            x = x.clamp(0, n - 1)
        elif x.numel() and bool(((x < 0) | (x >= n)).any()):
            raise ValueError(f"ravel_multi_index: an index is outside of 0 to {n - 1}; or use mode='wrap' or 'clip'")
        out = out + x * step
    return cast(out, gt.int64)


TABLE: dict[Any, Callable[..., Any]] = {
    np.argwhere: argwhere,
    np.choose: choose,
    np.compress: compress,
    np.copyto: copyto,
    np.diag: diag,
    np.diag_indices_from: diag_indices_from,
    np.diagflat: diagflat,
    np.diagonal: diagonal,
    np.extract: extract,
    np.fill_diagonal: fill_diagonal,
    np.flatnonzero: flatnonzero,
    np.nonzero: nonzero,
    np.place: place,
    np.put: put,
    np.put_along_axis: put_along_axis,
    np.putmask: putmask,
    np.ravel_multi_index: ravel_multi_index,
    np.select: select,
    np.take: take,
    np.take_along_axis: take_along_axis,
    np.trace: trace,
    np.tril: tril,
    np.tril_indices_from: tril_indices_from,
    np.triu: triu,
    np.triu_indices_from: triu_indices_from,
    np.unravel_index: unravel_index,
    np.where: where,
}
