"""Shapes: views of the same memory under other shapes, strides and orders of dims. Each is a view where NumPy can make one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, applyn
from gputensor.core.primitive import Primitive
from gputensor.core.views import take_view
from gputensor.errors import ShapeError
from gputensor.ops.dims import one_dim, sizes

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Reshape(Primitive):
    __slots__ = ("shape",)
    view = True

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.reshape(x, self.shape)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.reshape(g, x.shape)


class Permute(Primitive):
    __slots__ = ("axes",)
    view = True

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.permute_dims(x, self.axes)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        back = [0] * len(self.axes)
        for k, axis in enumerate(self.axes):
            back[axis] = k
        return xp.permute_dims(g, tuple(back))


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


class Unbind(Primitive):
    """All slices along one axis, as views."""

    __slots__ = ("axis", "nout")
    view = True

    def __init__(self, axis: int, nout: int) -> None:
        self.axis = axis
        self.nout = nout

    def forward(self, xp: Any, x: Any) -> Any:
        before = (slice(None),) * self.axis
        return tuple([xp.getitem(x, (*before, k)) for k in range(self.nout)])

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.stack(g, self.axis)


class Clone(Primitive):
    __slots__ = ("order",)
    passes = True

    def __init__(self, order: str) -> None:
        self.order = order

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.copy(x, self.order)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


SWAP_LAST = Permute((1, 0))


def reshape(input: Tensor, *shape: Any) -> Tensor:
    """The same elements, in row-major order, under another shape; a view where the strides allow it, else a copy.

    One size may be -1: it is inferred. Raises ShapeError when the numbers of elements differ.

    >>> import gputensor as gt
    >>> gt.reshape(gt.arange(4), (2, -1))
    tensor([[0, 1],
            [2, 3]])
    """
    return take_view(Reshape(_inferred("reshape", sizes("reshape", shape), input.array)), input)


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The dims in another order, a view.

    dims names every dim once. Raises ShapeError otherwise.

    >>> import gputensor as gt
    >>> gt.permute(gt.zeros(2, 3, 4), (2, 0, 1)).shape
    gputensor.Size([4, 2, 3])
    """
    a = input.array
    given = sizes("permute", dims)
    axes = tuple([one_dim("permute", d, a.ndim, a.shape) for d in given])
    if len(axes) != a.ndim or len(set(axes)) != a.ndim:
        raise ShapeError(f"permute: dims {given} must name each of the {a.ndim} dims of x of shape {tuple(a.shape)} exactly once")
    return take_view(Permute(axes), input)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dims swapped, a view.

    Raises DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.transpose(gt.zeros(2, 3), 0, 1).shape
    gputensor.Size([3, 2])
    """
    a = input.array
    i, j = one_dim("transpose", dim0, a.ndim, a.shape), one_dim("transpose", dim1, a.ndim, a.shape)
    axes = list(range(a.ndim))
    if axes:
        axes[i], axes[j] = axes[j], axes[i]
    return take_view(Permute(tuple(axes)), input)


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, a view; vectors and 0-d tensors are themselves.

    Raises ShapeError for more than two dims.

    >>> import gputensor as gt
    >>> gt.t(gt.zeros(2, 3)).shape
    gputensor.Size([3, 2])
    """
    n = input.array.ndim
    if n == 2:
        return take_view(SWAP_LAST, input)
    if n > 2:
        raise ShapeError(f"t: expected at most 2 dims, got x of shape {tuple(input.array.shape)}; use .mT or transpose(-2, -1)")
    return take_view(Permute(tuple(range(n))), input)


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """All slices along dim, as a tuple of views without that dim.

    Raises DimError (an IndexError) for a dim out of range, ShapeError for a 0-d tensor.

    >>> import gputensor as gt
    >>> gt.unbind(gt.tensor([1, 2]))
    (tensor(1), tensor(2))
    """
    a = input.array
    if not a.ndim:
        raise DimlessError("unbind: a 0-d tensor has no dim to unbind; use .reshape(1)")
    axis = one_dim("unbind", dim, a.ndim, a.shape)
    n = a.shape[axis]
    if n == 0:
        return ()
    if n == 1:
        from gputensor.ops.indexing import select  # indexing builds on this file

        return (select(input, axis, 0),)
    return applyn(Unbind(axis, n), (input,))


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy that takes part in the graph.

    memory_format: `contiguous_format`, `channels_last` or `preserve_format` (default: keep the order of the strides).

    >>> import gputensor as gt
    >>> gt.clone(gt.tensor([1.0, 2.0]))
    tensor([1., 2.])
    """
    from gputensor.ops.layout import ordered_clone  # layouts build on this file

    return ordered_clone(input, memory_format)


class DimlessError(ShapeError):
    """An operation along a dim, on a tensor that has none."""


def _inferred(name: str, shape: tuple[int, ...], a: Any) -> tuple[int, ...]:
    """shape with -1 replaced; the check that NumPy does not do in our words."""
    total = a.size
    if -1 in shape:
        known = math.prod([n for n in shape if n != -1])
        if shape.count(-1) > 1:
            raise ShapeError(f"{name}: only one size may be -1, got {shape}")
        if known == 0 or total % known or total == 0 == known:
            if known == 0:
                raise ShapeError(f"{name}: cannot infer -1 in {shape} for x of shape {tuple(a.shape)}: any size would do")
            raise ShapeError(f"{name}: shape {shape} does not divide the {total} elements of x of shape {tuple(a.shape)}")
        return tuple([total // known if n == -1 else n for n in shape])
    if any(n < 0 for n in shape):
        raise ShapeError(f"{name}: sizes must not be negative (but for one -1), got {shape}")
    if math.prod(shape) != total:
        raise ShapeError(f"{name}: shape {shape} has {math.prod(shape)} elements, x of shape {tuple(a.shape)} has {total}")
    return shape


class ShapeMethods:
    """The views of a tensor."""

    __slots__ = ()

    def reshape(self, *shape: Any) -> Tensor:
        """See `gputensor.reshape`."""
        return reshape(self, *shape)  # type: ignore[arg-type]

    def permute(self, *dims: Any) -> Tensor:
        """See `gputensor.permute`."""
        return permute(self, *dims)  # type: ignore[arg-type]

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """See `gputensor.transpose`."""
        return transpose(self, dim0, dim1)  # type: ignore[arg-type]

    def t(self) -> Tensor:
        """See `gputensor.t`."""
        return t(self)  # type: ignore[arg-type]

    @property
    def T(self) -> Tensor:
        """All dims in reverse order, a view."""
        n = self.array.ndim  # type: ignore[attr-defined]
        return take_view(SWAP_LAST if n == 2 else Permute(tuple(range(n - 1, -1, -1))), self)

    @property
    def mT(self) -> Tensor:
        """The last two dims swapped, a view."""
        n = self.array.ndim  # type: ignore[attr-defined]
        if n < 2:
            raise ShapeError(f"mT: expected at least 2 dims, got shape {tuple(self.array.shape)}")  # type: ignore[attr-defined]
        return take_view(SWAP_LAST if n == 2 else Permute((*range(n - 2), n - 1, n - 2)), self)

    def expand(self, *shape: Any) -> Tensor:
        """Repeat dims of size 1 to the given sizes without copying; -1 keeps a size; a view that cannot be written.

        Raises ShapeError for a size that is neither x's own nor 1.
        """
        a = self.array  # type: ignore[attr-defined]
        want = sizes("expand", shape)
        extra = len(want) - a.ndim
        if extra < 0:
            raise ShapeError(f"expand: {want} has fewer sizes than x of shape {tuple(a.shape)} has dims")
        full = tuple([a.shape[k - extra] if n == -1 and k >= extra else n for k, n in enumerate(want)])
        if any(n < 0 for n in full) or any(s not in (1, n) for s, n in zip(a.shape, full[extra:], strict=True)):
            raise ShapeError(f"expand: x of shape {tuple(a.shape)} cannot become {want}; only dims of size 1 can be repeated")
        return take_view(Expand(full), self)

    def unbind(self, dim: int = 0) -> tuple[Tensor, ...]:
        """See `gputensor.unbind`."""
        return unbind(self, dim)  # type: ignore[arg-type]

    def clone(self, *, memory_format: Any = None) -> Tensor:
        """See `gputensor.clone`."""
        return clone(self, memory_format=memory_format)  # type: ignore[arg-type]
