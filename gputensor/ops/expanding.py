"""Repeating: dims of size 1 expanded as views without a copy, whole tensors and single elements repeated as copies."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import apply1, new, together, wrap
from gputensor.core.primitive import Primitive
from gputensor.core.size import Size, new_size
from gputensor.core.views import as_view
from gputensor.errors import ShapeError
from gputensor.ops.dims import DimError, checked, listed, numpy_dim, one_dim, one_int, spread
from gputensor.ops.indexing import gather_places
from gputensor.ops.layout import contiguous_format, ordered_clone
from gputensor.ops.shape import View, flatten, unsqueeze

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Expand(Primitive):
    """Repeat dims of size 1 without copying; the engine sums the gradient back."""

    __slots__ = ("shape",)
    view = True
    passes = True

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.broadcast_to(x, self.shape)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


class Repeat(Primitive):
    """The whole tensor several times along each axis: one copy, where expand and reshape would give a view of one.

    repeats: one number an axis of the result; the operand has as many axes or fewer.
    """

    __slots__ = ("repeats",)

    def __init__(self, repeats: tuple[int, ...]) -> None:
        self.repeats = repeats

    def forward(self, xp: Any, x: Any) -> Any:
        shape = (1,) * (len(self.repeats) - len(x.shape)) + tuple(x.shape)
        if not shape:
            return xp.copy(x)
        single = [m for n in shape for m in (1, n)]
        each = [m for r, n in zip(self.repeats, shape, strict=True) for m in (r, n)]
        many = xp.copy(xp.broadcast_to(xp.reshape(x, tuple(single)), tuple(each)), "C")
        return xp.reshape(many, tuple([r * n for r, n in zip(self.repeats, shape, strict=True)]))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        shape = (1,) * (len(self.repeats) - len(x.shape)) + tuple(x.shape)
        if not shape:
            return xp.copy(g)
        each = [m for r, n in zip(self.repeats, shape, strict=True) for m in (r, n)]
        return xp.reshape(xp.sum(xp.reshape(g, tuple(each)), tuple(range(0, len(each), 2)), False), x.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """Dims of size 1 repeated to the given sizes without copying, new ones in front; a view.

    size: -1 keeps a size. Where elements are repeated the view cannot be written. Raises ShapeError for a size that is
    neither input's own nor replaces 1.

    >>> import gputensor as gt
    >>> gt.broadcast_to(gt.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    return _expanded("broadcast_to", checked("broadcast_to", input), listed("broadcast_to", "size", size))


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """All tensors expanded to the shape that they broadcast to; views, not to be written where something is repeated.

    Raises ShapeError when the shapes do not broadcast, DeviceError for tensors on different devices.

    >>> import gputensor as gt
    >>> a, b = gt.broadcast_tensors(gt.zeros(2, 1), gt.zeros(3))
    >>> a.shape, b.shape
    (gputensor.Size([2, 3]), gputensor.Size([2, 3]))
    """
    xs: Sequence[Any] = tensors
    if len(xs) == 1 and isinstance(xs[0], (tuple, list)):
        xs = xs[0]
    shapes = [tuple(checked("broadcast_tensors", x).array.shape) for x in xs]
    if any([x.xp is not xs[0].xp for x in xs]):
        xs = together("broadcast_tensors", xs)
    shape = _common("broadcast_tensors", shapes)
    # what has the shape already is itself, as in PyTorch
    return tuple([x if tuple(x.array.shape) == shape else _expanded("broadcast_tensors", x, shape) for x in xs])


def broadcast_shapes(*shapes: int | Sequence[int]) -> Size:
    """The shape that tensors of these shapes broadcast to.

    Raises ShapeError when they do not.

    >>> import gputensor as gt
    >>> gt.broadcast_shapes((2, 1), (3,))
    gputensor.Size([2, 3])
    """
    one_each: list[Any] = [s if isinstance(s, (tuple, list)) else (s,) for s in shapes]
    full = [tuple([one_int("broadcast_shapes", "a size", n) for n in s]) for s in one_each]
    if any([n < 0 for s in full for n in s]):
        raise ShapeError(f"broadcast_shapes: sizes must not be negative, got {', '.join(map(str, full))}")
    return new_size(Size, _common("broadcast_shapes", full))


def tile(input: Tensor, dims: Sequence[int]) -> Tensor:
    """The whole tensor repeated along each dim, a copy; with fewer numbers than dims the first dims are not repeated.

    Raises ShapeError for negative numbers.

    >>> import gputensor as gt
    >>> gt.tile(gt.tensor([1, 2]), (2,))
    tensor([1, 2, 1, 2])
    """
    return _tiled(checked("tile", input), listed("tile", "dims", dims))


def repeat_interleave(
    input: Tensor,
    repeats: int | Tensor | None = None,
    dim: int | None = None,
    *,
    output_size: int | None = None,
    axis: int | None = None,
) -> Tensor:
    """Each element repeated where it stands: along dim, or of the flattened tensor.

    repeats: one number for all, or a tensor of one number an element of dim. With repeats alone,
    ``repeat_interleave(repeats)``, each index k comes repeats[k] times. output_size: the size of dim in the result;
    only checked. Waits for the GPU where repeats is a tensor on it. Raises ShapeError for negative numbers and for as
    many numbers as do not fit dim.

    >>> import gputensor as gt
    >>> gt.repeat_interleave(gt.tensor([7, 8]), 2)
    tensor([7, 7, 8, 8])
    >>> gt.repeat_interleave(gt.tensor([7, 8]), gt.tensor([1, 2]))
    tensor([7, 8, 8])
    """
    if axis is not None:
        dim = numpy_dim("repeat_interleave", dim, axis)
    x = checked("repeat_interleave", input)
    if repeats is None:
        index = _repeated_places(x, x.array.size, output_size)
        return wrap(x.xp.from_host(index), x.xp)
    if dim is None:
        x = flatten(x)
        dim = 0
    axis = one_dim("repeat_interleave", dim, x.array.ndim, x.array.shape)
    if not x.array.ndim:
        raise DimError("repeat_interleave: a 0-d tensor has no dim to repeat along; leave dim out")
    n = x.array.shape[axis]
    if hasattr(repeats, "array"):
        index = x.xp.from_host(_repeated_places(repeats, n, output_size))
        return gather_places(x, (axis,), wrap(index, x.xp))
    times = one_int("repeat_interleave", "repeats", repeats)
    if times < 0:
        raise ShapeError(f"repeat_interleave: repeats must not be negative, got {times}")
    if output_size is not None and output_size != times * n:
        raise ShapeError(
            f"repeat_interleave: output_size is {output_size}, but the result has {times * n} elements along dim {axis}"
        )
    shape = x.array.shape
    many = _expanded("repeat_interleave", unsqueeze(x, axis + 1), (*shape[: axis + 1], times, *shape[axis + 1 :]))
    return flatten(ordered_clone(many, contiguous_format), axis, axis + 1)


def _repeated_places(repeats: Any, n: int, output_size: int | None) -> np.ndarray:
    """The index of each element of the result: n of them, each as often as `repeats` says."""
    host = repeats.xp.to_host(repeats.array)
    if host.dtype not in (np.int64, np.int32):
        raise TypeError(
            f"repeat_interleave: repeats must be int32 or int64, got {host.dtype.name}; convert with .long()"
        )
    if host.ndim > 1:
        raise ShapeError(f"repeat_interleave: repeats must have at most 1 dim, got shape {tuple(host.shape)}")
    if host.size and host.min() < 0:
        raise ShapeError(f"repeat_interleave: repeats must not be negative, got {int(host.min())}")
    if host.size != n and host.size != 1:
        raise ShapeError(
            f"repeat_interleave: repeats has {host.size} numbers, the dim has {n} elements; they must be as many"
        )
    places = np.repeat(np.arange(n), host.reshape(-1))
    if output_size is not None and output_size != places.size:
        raise ShapeError(f"repeat_interleave: output_size is {output_size}, but repeats add up to {places.size}")
    return places


def _tiled(x: Any, times: tuple[Any, ...]) -> Any:
    return _repeated("tile", x, (1,) * (x.array.ndim - len(times)) + times)


def _repeated(name: str, x: Any, times: tuple[Any, ...]) -> Any:
    try:
        repeats = tuple([operator.index(r) for r in times])
    except TypeError:
        raise TypeError(f"{name}: the numbers of repeats must be ints, got {times!r}") from None
    if len(repeats) < x.array.ndim:
        raise ShapeError(
            f"{name}: {repeats} has fewer numbers than x of shape {tuple(x.array.shape)} has dims; give one a dim"
        )
    if any([r < 0 for r in repeats]):
        raise ShapeError(f"{name}: the numbers of repeats must not be negative, got {repeats}")
    return apply1(Repeat(repeats), x)


def _expanded(name: str, x: Any, shape: tuple[Any, ...]) -> Any:
    a = x.array
    try:
        if shape and min(shape) < 0:
            shape = _kept_sizes(name, a, shape)
        if shape == a.shape:
            # what repeats nothing may be written
            return as_view(View(shape), x, x.xp.reshape(a, shape))
        out = x.xp.broadcast_to(a, shape)
    except Exception as error:
        raise _expand_error(name, a, shape, error) from None
    prim = new(Expand)
    prim.shape = out.shape
    return as_view(prim, x, out)


def _kept_sizes(name: str, a: Any, shape: tuple[Any, ...]) -> tuple[int, ...]:
    """shape with every -1 replaced by the size of x."""
    extra = len(shape) - a.ndim
    full = tuple([a.shape[k - extra] if n == -1 and k >= extra >= 0 else n for k, n in enumerate(shape)])
    if min(full) < 0:
        raise ShapeError(
            f"{name}: x of shape {tuple(a.shape)} cannot become {shape}; -1 keeps a size, and only a dim of x has one"
        )
    return full


def _expand_error(name: str, a: Any, shape: tuple[Any, ...], error: Exception) -> Exception:
    if isinstance(error, ShapeError):
        return error
    try:
        shape = tuple([operator.index(n) for n in shape])
    except TypeError:
        return TypeError(f"{name}: sizes must be ints, got {shape!r}")
    have = tuple(a.shape)
    if len(shape) < len(have):
        return ShapeError(f"{name}: {shape} has fewer sizes than x of shape {have} has dims")
    return ShapeError(f"{name}: x of shape {have} cannot become {shape}; only dims of size 1 can be repeated")


def _common(name: str, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    out = [1] * max([len(s) for s in shapes], default=0)
    for shape in shapes:
        for k, n in enumerate(shape, len(out) - len(shape)):
            if n != 1:
                if out[k] not in (1, n):
                    listed = ", ".join(map(str, shapes))
                    raise ShapeError(
                        f"{name}: shapes {listed} do not broadcast: dim {k - len(out)} is {out[k]} in one and "
                        f"{n} in another"
                    )
                out[k] = n
    return tuple(out)


class ExpandingMethods:
    """The repetitions of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def expand(self, *sizes: Any, size: Any = None) -> Tensor:
        """Dims of size 1 repeated to these sizes without copying, new ones in front; -1 keeps one; a view.

        Where elements are repeated it cannot be written. Raises ShapeError for a size that is neither x's own nor
        replaces 1.

        >>> import gputensor as gt
        >>> gt.tensor([[1], [2]]).expand(-1, 2)
        tensor([[1, 1],
                [2, 2]])
        """
        return _expanded("expand", self, spread("expand", "size", sizes, size))

    def expand_as(self, other: Tensor) -> Tensor:
        """``expand(other.shape)``."""
        return _expanded("expand_as", self, tuple(checked("expand_as", other).array.shape))

    def broadcast_to(self, *sizes: Any, size: Any = None) -> Tensor:
        """See `gputensor.broadcast_to`; sizes may be given as ints, too."""
        return _expanded("broadcast_to", self, spread("broadcast_to", "size", sizes, size))

    def repeat(self, *times: Any, repeats: Any = None) -> Tensor:
        """The whole tensor repeated along each dim, a copy; more numbers than dims add dims in front.

        Raises ShapeError for fewer numbers than dims and for negative ones.

        >>> import gputensor as gt
        >>> gt.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
        """
        return _repeated("repeat", self, spread("repeat", "repeats", times, repeats))

    def tile(self, *times: Any, dims: Any = None) -> Tensor:
        """See `gputensor.tile`; the numbers may be given as ints, too."""
        return _tiled(self, spread("tile", "dims", times, dims))

    def repeat_interleave(
        self,
        repeats: int | Tensor,
        dim: int | None = None,
        *,
        output_size: int | None = None,
        axis: int | None = None,
    ) -> Tensor:
        """See `gputensor.repeat_interleave`."""
        return repeat_interleave(self, repeats, dim, output_size=output_size, axis=axis)  # type: ignore[arg-type]
