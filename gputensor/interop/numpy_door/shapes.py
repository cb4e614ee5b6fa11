"""Shapes and axes, as NumPy calls them. Results are views wherever NumPy's are."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import as_order, axes_of, dtype_of, one_axis, tensor, tensors


def sizes_of(shape: Any) -> list[int]:
    return [int(n) for n in shape] if isinstance(shape, (tuple, list, np.ndarray)) else [int(shape)]


def reshape(a: Any, /, shape: Any = None, order: Any = "C", *, newshape: Any = None, copy: Any = None) -> Tensor:
    """`numpy.reshape`; order "F" lets the first index run fastest."""
    x = tensor(a)
    sizes = sizes_of(newshape if shape is None else shape)
    fortran = as_order("reshape", order) == "F"
    out = _turned(_turned(x).reshape(sizes[::-1])) if fortran else x.reshape(sizes)
    if copy is False and out.data_ptr() != x.data_ptr():
        raise ValueError("reshape: copy=False, and this shape needs a copy")
    return out.clone() if copy else out


def _turned(x: Tensor) -> Tensor:
    return x.permute(tuple(range(x.ndim))[::-1])


def ravel(a: Any, order: Any = "C") -> Tensor:
    """`numpy.ravel`."""
    x = tensor(a)
    return (_turned(x) if as_order("ravel", order) == "F" else x).reshape(-1)


def transpose(a: Any, axes: Any = None) -> Tensor:
    """`numpy.transpose`: dims in reverse order, or in that of `axes`."""
    x = tensor(a)
    return _turned(x) if axes is None else x.permute([int(k) for k in axes])


def matrix_transpose(x: Any, /) -> Tensor:
    """`numpy.matrix_transpose`."""
    return tensor(x).mT


def moveaxis(a: Any, source: Any, destination: Any) -> Tensor:
    """`numpy.moveaxis`."""
    return tensor(a).movedim(source, destination)


def rollaxis(a: Any, axis: int, start: int = 0) -> Tensor:
    """`numpy.rollaxis`: dim `axis` moves before dim `start`."""
    x = tensor(a)
    k = one_axis("rollaxis", x.ndim, axis)
    to = start + x.ndim if start < 0 else start
    if not 0 <= to <= x.ndim:
        raise np.exceptions.AxisError(f"rollaxis: start {start} is out of range for {x.ndim} dims")
    return x.movedim(k, to - 1 if k < to else to)


def swapaxes(a: Any, axis1: int, axis2: int) -> Tensor:
    """`numpy.swapaxes`."""
    return tensor(a).swapaxes(axis1, axis2)


def squeeze(a: Any, axis: Any = None) -> Tensor:
    """`numpy.squeeze`. Raises ValueError for a dim of another size than 1."""
    x = tensor(a)
    if axis is None:
        return x.squeeze()
    axes = axes_of("squeeze", x, axis)
    wrong = [k for k in axes if x.shape[k] != 1]
    if wrong:
        raise ValueError(f"squeeze: dim {wrong[0]} of {tuple(x.shape)} has size {x.shape[wrong[0]]}, not 1")
    return x.squeeze(axes)


def expand_dims(a: Any, axis: Any) -> Tensor:
    """`numpy.expand_dims`: dims of size 1 at the places `axis` of the result."""
    x = tensor(a)
    wanted = axis if isinstance(axis, (tuple, list)) else (axis,)
    n = x.ndim + len(wanted)
    for k in sorted([one_axis("expand_dims", n, k) for k in wanted]):
        x = x.unsqueeze(k)
    return x


def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Tensor:
    """`numpy.broadcast_to`."""
    return tensor(array).expand(sizes_of(shape))


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    """`numpy.broadcast_arrays`; beside None, texts and other objects, which tensors cannot hold, all become arrays."""
    if any([np.asarray(x).dtype.kind in "OUSMm" for x in args if not isinstance(x, Tensor)]):
        return np.broadcast_arrays(*[np.asarray(x) for x in args])
    return tuple(gt.broadcast_tensors(*tensors(*args)))


def atleast_1d(*arys: Any) -> Any:
    """`numpy.atleast_1d`: one tensor, or a tuple of several."""
    return _each(gt.atleast_1d, arys)


def atleast_2d(*arys: Any) -> Any:
    """`numpy.atleast_2d`: one tensor, or a tuple of several."""
    return _each(gt.atleast_2d, arys)


def atleast_3d(*arys: Any) -> Any:
    """`numpy.atleast_3d`: one tensor, or a tuple of several."""
    return _each(gt.atleast_3d, arys)


def _each(function: Callable[[Tensor], Tensor], arys: tuple[Any, ...]) -> Any:
    out = tuple([function(x) for x in tensors(*arys)])
    return out[0] if len(out) == 1 else out


def flip(m: Any, axis: Any = None) -> Tensor:
    """`numpy.flip`: along all dims unless told."""
    x = tensor(m)
    return x.flip(axes_of("flip", x, axis))


def fliplr(m: Any) -> Tensor:
    """`numpy.fliplr`."""
    return gt.fliplr(tensor(m))


def flipud(m: Any) -> Tensor:
    """`numpy.flipud`."""
    return gt.flipud(tensor(m))


def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Tensor:
    """`numpy.rot90`."""
    return gt.rot90(tensor(m), k, tuple(axes))


def roll(a: Any, shift: Any, axis: Any = None) -> Tensor:
    """`numpy.roll`; without an axis, of the flattened tensor."""
    x = tensor(a)
    if axis is None:
        return gt.roll(x.reshape(-1), sum(sizes_of(shift)), 0).reshape(x.shape)
    shifts, axes = np.broadcast_arrays(shift, axis)
    return gt.roll(x, shifts.reshape(-1).tolist(), axes.reshape(-1).tolist())


def tile(A: Any, reps: Any) -> Tensor:
    """`numpy.tile`."""
    return gt.tile(tensor(A), sizes_of(reps))


def repeat(a: Any, repeats: Any, axis: Any = None) -> Tensor:
    """`numpy.repeat`; without an axis, of the flattened tensor."""
    x = tensor(a)
    x, k = (x.reshape(-1), 0) if axis is None else (x, one_axis("repeat", x.ndim, axis))
    counts = repeats if isinstance(repeats, Tensor) else np.asarray(repeats)
    if counts.ndim == 0 or tuple(counts.shape) == (1,):
        return gt.repeat_interleave(x, int(counts.reshape(()).item()), dim=k)
    return gt.repeat_interleave(x, tensors(x, counts)[1].to(x.device), dim=k)


def resize(a: Any, new_shape: Any) -> Tensor:
    """`numpy.resize`: the elements over and over again until the shape is filled."""
    x = tensor(a).reshape(-1)
    sizes = sizes_of(new_shape)
    n = math.prod(sizes)
    if n and not x.shape[0]:
        return x.new_zeros(sizes)
    times = -(-n // x.shape[0]) if x.shape[0] else 1
    return (x.repeat(times) if times > 1 else x)[:n].reshape(sizes)


def copy(a: Any, order: Any = "K", subok: bool = False) -> Tensor:
    """`numpy.copy`."""
    return tensor(a).clone()


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Tensor:
    """`numpy.astype`."""
    return tensor(x).to(device=device, dtype=dtype_of(dtype), copy=copy)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Tensor, ...]:
    """`numpy.unstack`."""
    return tuple(tensor(x).unbind(axis))


def trim_zeros(filt: Any, trim: str = "fb") -> Tensor:
    """`numpy.trim_zeros`, of one dim. Waits for the GPU."""
    x = tensor(filt)
    if x.ndim != 1:
        raise ValueError(f"trim_zeros: expected one dim, got shape {tuple(x.shape)}")
    places = gt.nonzero(x).reshape(-1)
    if not places.numel():
        return x[:0]
    start = int(places[0]) if "f" in trim.lower() else 0
    stop = int(places[-1]) + 1 if "b" in trim.lower() else x.shape[0]
    return x[start:stop]


def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Tensor:
    """`numpy.lib.stride_tricks.sliding_window_view`: windows of step 1, their dims at the end."""
    t = tensor(x)
    sizes = sizes_of(window_shape)
    axes = list(range(t.ndim)) if axis is None else [one_axis("sliding_window_view", t.ndim, k) for k in sizes_of(axis)]
    if len(axes) != len(sizes):
        raise ValueError(f"sliding_window_view: {len(sizes)} window sizes for {len(axes)} axes")
    for k, size in zip(axes, sizes, strict=True):
        t = t.unfold(k, size, 1)
    return t


def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Tensor:
    """`numpy.pad`, in the modes constant, edge, reflect, symmetric, wrap and empty."""
    x = tensor(array)
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(k, pad_width.get(k - x.ndim, (0, 0))) for k in range(x.ndim)]
        pad_width = [(w, w) if isinstance(w, int) else w for w in pad_width]
    widths = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2)).tolist()
    if any([int(w) != w or w < 0 for pair in widths for w in pair]):
        raise ValueError(f"pad: pad_width must be whole numbers from 0 on, got {pad_width}")
    if mode in ("constant", "empty"):
        fill = np.broadcast_to(np.asarray(kwargs.get("constant_values", 0)), (x.ndim, 2)).tolist()
        for k, (before, after) in enumerate(widths):
            shape = list(x.shape)
            parts = [x]
            if before:
                parts.insert(0, x.new_full([*shape[:k], before, *shape[k + 1 :]], fill[k][0]))
            if after:
                parts.append(x.new_full([*shape[:k], after, *shape[k + 1 :]], fill[k][1]))
            x = gt.cat(parts, k) if len(parts) > 1 else x
        return x
    if mode not in ("edge", "reflect", "symmetric", "wrap") or kwargs.get("reflect_type", "even") != "even":
        raise ValueError(
            f"pad: mode {mode!r} with {kwargs} is not supported for tensors; use 'constant', 'edge', 'reflect', "
            "'symmetric' or 'wrap'"
        )
    for k, (before, after) in enumerate(widths):
        if before or after:
            # NumPy's own answer for the numbers of the elements
            places = np.pad(np.arange(x.shape[k]), (before, after), mode)
            x = x.index_select(k, gt.from_numpy(places).to(x.device))
    return x


TABLE: dict[Any, Callable[..., Any]] = {
    np.astype: astype,
    np.atleast_1d: atleast_1d,
    np.atleast_2d: atleast_2d,
    np.atleast_3d: atleast_3d,
    np.broadcast_arrays: broadcast_arrays,
    np.broadcast_to: broadcast_to,
    np.copy: copy,
    np.expand_dims: expand_dims,
    np.flip: flip,
    np.fliplr: fliplr,
    np.flipud: flipud,
    np.lib.stride_tricks.sliding_window_view: sliding_window_view,
    np.linalg.matrix_transpose: matrix_transpose,
    np.matrix_transpose: matrix_transpose,
    np.moveaxis: moveaxis,
    np.pad: pad,
    np.ravel: ravel,
    np.repeat: repeat,
    np.reshape: reshape,
    np.resize: resize,
    np.roll: roll,
    np.rollaxis: rollaxis,
    np.rot90: rot90,
    np.squeeze: squeeze,
    np.swapaxes: swapaxes,
    np.tile: tile,
    np.transpose: transpose,
    np.trim_zeros: trim_zeros,
}
if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
    TABLE |= {np.unstack: unstack}
