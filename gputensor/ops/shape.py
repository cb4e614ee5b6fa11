"""Shapes: the same elements in row-major order under another shape, as views where the strides allow it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import OBSERVERS, new, wrap
from gputensor.core.dtypes import dtype as dtype_class, numpy_dtype
from gputensor.core.explain import MAX_DIMS, describe, dtype_name, too_many_dims
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.nodes import new_node
from gputensor.core.primitive import Primitive
from gputensor.core.restructure import restructure
from gputensor.core.views import as_view
from gputensor.errors import ShapeError
from gputensor.ops.dims import NEEDED, checked, listed, many_dims, numpy_dim, one_dim, spread

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


class View(Reshape):
    """`view` and `reshape`: PyTorch's name of the backward step."""

    __slots__ = ()


class Squeeze(Reshape):
    __slots__ = ()
    name = "squeeze"


class Unsqueeze(Reshape):
    __slots__ = ()
    name = "unsqueeze"


class Reinterpret(Primitive):
    """The same bytes as another dtype; a constant, whatever it looks at."""

    __slots__ = ("to",)
    name = "view"
    view = True

    def __init__(self, to: Any) -> None:
        self.to = to

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.reinterpret(x, self.to)


def reshape(input: Tensor, shape: Sequence[int]) -> Tensor:
    """The same elements, in row-major order, under another shape; a view where the strides allow it, else a copy.

    One size may be -1: it is inferred. Raises ShapeError when the numbers of elements differ.

    >>> import gputensor as gt
    >>> gt.reshape(gt.arange(4), (2, -1))
    tensor([[0, 1],
            [2, 3]])
    """
    return _reshaped(checked("reshape", input), listed("reshape", "shape", shape))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dims from start_dim to end_dim, both included, as one; a view where the strides allow it, else a copy.

    A 0-d tensor gets one dim; with nothing to merge the result is input itself. Raises DimError (an IndexError) for a
    dim out of range, ShapeError where start_dim comes after end_dim.

    >>> import gputensor as gt
    >>> gt.flatten(gt.zeros(2, 3, 4), 1).shape
    gputensor.Size([2, 12])
    """
    shape = checked("flatten", input).array.shape
    first = one_dim("flatten", start_dim, len(shape), shape)
    last = one_dim("flatten", end_dim, len(shape), shape)
    if first > last:
        raise ShapeError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim} for x of shape {tuple(shape)}")
    if not shape:
        return _reshaped(input, (1,))
    if first == last:
        return input
    return _reshaped(input, (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :]))


def unflatten(input: Tensor, dim: int = NEEDED, sizes: Sequence[int] = NEEDED, *, axis: int | None = None) -> Tensor:
    """One dim as several, a view; one size may be -1.

    input: (..., n, ...) -> (..., *sizes, ...) with the product n. Raises ShapeError when the product is another one,
    DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.unflatten(gt.zeros(2, 12), 1, (3, -1)).shape
    gputensor.Size([2, 3, 4])
    """
    if axis is not None:
        dim = numpy_dim("unflatten", dim, axis)
    shape = checked("unflatten", input).array.shape
    axis = one_dim("unflatten", dim, len(shape), shape)
    parts = listed("unflatten", "sizes", sizes)
    if not parts:
        raise ShapeError("unflatten: sizes must not be empty")
    if not shape:
        return _reshaped(input, parts)
    n = shape[axis]
    if parts.count(-1) == 1 and all([p > 0 or p == -1 for p in parts]) and n % -math.prod(parts) == 0:
        parts = tuple([n // -math.prod(parts) if p == -1 else p for p in parts])
    if min(parts) < 0 or math.prod(parts) != n:
        raise ShapeError(
            f"unflatten: sizes {parts} do not multiply to {n}, the size of dim {axis} of x of shape {tuple(shape)}"
        )
    return _reshaped(input, (*shape[:axis], *parts, *shape[axis + 1 :]))


def ravel(input: Tensor) -> Tensor:
    """All elements in row-major order as one dim; a view where the strides allow it, else a copy.

    >>> import gputensor as gt
    >>> gt.ravel(gt.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    return _reshaped(checked("ravel", input), (-1,) if input.array.size else (0,))


def squeeze(
    input: Tensor, dim: int | Sequence[int] | None = None, *, axis: int | Sequence[int] | None = None
) -> Tensor:
    """Without its dims of size 1, or without those of the given dims that have size 1; a view.

    Raises DimError (an IndexError) for a dim out of range, ShapeError for a dim given twice.

    >>> import gputensor as gt
    >>> gt.squeeze(gt.zeros(1, 2, 1)).shape, gt.squeeze(gt.zeros(1, 2, 1), 0).shape
    (gputensor.Size([2]), gputensor.Size([2, 1]))
    """
    if axis is not None:
        dim = numpy_dim("squeeze", dim, axis)
    prim = new(Squeeze)
    prim.shape = _squeezed("squeeze", checked("squeeze", input).array.shape, dim)
    return as_view(prim, input, input.xp.reshape(input.array, prim.shape))


def unsqueeze(input: Tensor, dim: int | None = None, *, axis: int | None = None) -> Tensor:
    """With a new dim of size 1 at place dim of the result; a view.

    Raises DimError (an IndexError) unless -ndim - 1 <= dim <= ndim.

    >>> import gputensor as gt
    >>> gt.unsqueeze(gt.zeros(2, 3), -1).shape
    gputensor.Size([2, 3, 1])
    """
    if axis is not None:
        dim = numpy_dim("unsqueeze", dim, axis)
    prim = new(Unsqueeze)
    prim.shape = _unsqueezed("unsqueeze", checked("unsqueeze", input).array.shape, dim)
    return as_view(prim, input, input.xp.reshape(input.array, prim.shape))


def atleast_1d(*tensors: Any) -> Any:
    """Each tensor as it is, 0-d ones with one dim; a tuple for several tensors or a list of them.

    >>> import gputensor as gt
    >>> gt.atleast_1d(gt.tensor(3))
    tensor([3])
    """
    return _each("atleast_1d", tensors, lambda x: x if x.array.ndim else _reshaped(x, (1,)))


def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two dims: (n,) becomes (1, n); a tuple for several tensors or a list of them.

    >>> import gputensor as gt
    >>> gt.atleast_2d(gt.tensor([3, 4]))
    tensor([[3, 4]])
    """
    return _each("atleast_2d", tensors, lambda x: x if x.array.ndim > 1 else _reshaped(x, (1, x.array.size)))


def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three dims: (n,) as (1, n, 1), (n, m) as (n, m, 1); a tuple for several tensors.

    >>> import gputensor as gt
    >>> gt.atleast_3d(gt.zeros(2, 3)).shape
    gputensor.Size([2, 3, 1])
    """

    def three(x: Tensor) -> Tensor:
        shape = x.array.shape
        return x if len(shape) > 2 else _reshaped(x, (1, x.array.size, 1) if len(shape) < 2 else (*shape, 1))

    return _each("atleast_3d", tensors, three)


def _each(name: str, tensors: tuple[Any, ...], function: Callable[[Any], Any]) -> Any:
    if len(tensors) == 1:
        if not isinstance(tensors[0], (tuple, list)):
            return function(checked(name, tensors[0]))
        tensors = tuple(tensors[0])
    return tuple([function(checked(name, x)) for x in tensors])


def _reshaped(x: Any, shape: tuple[Any, ...]) -> Any:
    """The path of `reshape` and all its kin: one call of the library, checked by letting it raise."""
    a = x.array
    xp = x.xp
    try:
        out = xp.reshape(a, shape)
    except Exception as error:
        raise _shape_error("reshape", a, shape, error) from None
    if out.shape != shape:
        _refuse_negative("reshape", a, shape)
    prim = new(View)
    prim.shape = out.shape
    if out.base is a or xp.is_view_of(out, a):
        return as_view(prim, x, out)
    return _copied(prim, x, out)


def _copied(prim: Primitive, x: Any, out: Any) -> Any:
    """What `apply1` would make, of the copy that is there already."""
    t = wrap(out, x.xp)
    node = node_of(x)
    if node is not None and records():
        t._node = new_node(prim, (node,), out, x.xp)
    for observer in OBSERVERS:
        observer(prim, (x,), t)
    return t


def _viewed(x: Any, shape: tuple[Any, ...]) -> Any:
    a = x.array
    xp = x.xp
    try:
        out = xp.reshape(a, shape)
    except Exception as error:
        raise _shape_error("view", a, shape, error) from None
    if out.shape != shape:
        _refuse_negative("view", a, shape)
    if not (out.base is a or xp.is_view_of(out, a)) and a.size:
        steps = tuple([s // a.itemsize for s in a.strides])
        raise ShapeError(
            f"view: x of shape {tuple(a.shape)} with strides {steps} cannot be seen as {tuple(out.shape)} "
            "without a copy; "
            "use reshape(), or contiguous() first"
        )
    prim = new(View)
    prim.shape = out.shape
    return as_view(prim, x, out)


def _view_as_dtype(x: Any, to: Any) -> Any:
    a = x.array
    d = numpy_dtype(to)
    have = a.dtype
    if d.itemsize != have.itemsize:
        what = (
            f"view: {describe(x)} cannot be seen as {dtype_name(d)}, "
            f"whose elements have {d.itemsize} bytes instead of {have.itemsize}"
        )
        if not a.ndim:
            raise ShapeError(f"{what}: a 0-d tensor has no dim that could grow; use reshape(1) first")
        if a.shape[-1] != 1 and a.strides[-1] != have.itemsize and a.size:
            raise ShapeError(
                f"{what}: the last dim has gaps (stride {a.strides[-1] // have.itemsize}); use contiguous() first"
            )
        if a.shape[-1] * have.itemsize % d.itemsize:
            raise ShapeError(
                f"{what}: the size of the last dim, {a.shape[-1]}, must be divisible by {d.itemsize // have.itemsize}"
            )
    prim = Reinterpret(d)
    out = as_view(prim, x, prim.forward(x.xp, a))
    out._node = None
    out._how = "of other dtype"
    return out


def _squeezed(name: str, shape: tuple[int, ...], dim: Any) -> tuple[int, ...]:
    if dim is None:
        return tuple([n for n in shape if n != 1])
    if not isinstance(dim, (tuple, list)):
        axis = one_dim(name, dim, len(shape), shape)
        return (*shape[:axis], *shape[axis + 1 :]) if shape and shape[axis] == 1 else shape
    axes = many_dims(name, dim, len(shape), shape) if dim else ()
    return tuple([n for k, n in enumerate(shape) if n != 1 or k not in (axes or ())])


def _unsqueezed(name: str, shape: tuple[int, ...], dim: Any) -> tuple[int, ...]:
    n = len(shape) + 1
    axis = dim if type(dim) is int and 0 <= dim < n else one_dim(name, dim, n, shape)
    if n > MAX_DIMS:
        raise too_many_dims(name, n)
    return (*shape[:axis], 1, *shape[axis:])


def _refuse_negative(name: str, a: Any, shape: tuple[Any, ...]) -> None:
    # NumPy takes every negative size for -1
    if any([operator.index(n) < -1 for n in shape]):
        raise _shape_error(name, a, shape, ValueError())


def _shape_error(name: str, a: Any, shape: tuple[Any, ...], error: Exception) -> Exception:
    """The error of a reshape that the library refused."""
    try:
        shape = tuple([operator.index(n) for n in shape])
    except TypeError:
        return TypeError(f"{name}: sizes must be ints, got {shape!r}")
    have = tuple(a.shape)
    if shape.count(-1) > 1:
        return ShapeError(f"{name}: only one size may be -1, got {shape}")
    if any([n < -1 for n in shape]):
        return ShapeError(f"{name}: sizes must not be negative (but for one -1), got {shape}")
    known = math.prod([n for n in shape if n != -1])
    if -1 in shape:
        if not known:
            return ShapeError(
                f"{name}: cannot infer -1 in {shape} for x of shape {have}: any size would do; write it out"
            )
        return ShapeError(f"{name}: the sizes of {shape} do not divide the {a.size} elements of x of shape {have}")
    if known != a.size:
        return ShapeError(
            f"{name}: shape {shape} has {known} elements, x of shape {have} has {a.size}; the numbers must be equal"
        )
    return too_many_dims(name, len(shape)) if len(shape) > MAX_DIMS else error


class ShapeMethods:
    """The shapes of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def reshape(self, *sizes: Any, shape: Any = None) -> Tensor:
        """See `gputensor.reshape`; sizes may be given as ints, too."""
        if shape is not None or not sizes or type(sizes[0]) is not int:
            sizes = spread("reshape", "shape", sizes, shape)
        return _reshaped(self, sizes)

    def view(self, *sizes: Any, size: Any = None, dtype: Any = None) -> Tensor:
        """The same memory under another shape or as another dtype: ``view(2, 3)``, ``view((2, 3))``, ``view(dtype)``.

        One size may be -1. Raises ShapeError when the numbers of elements differ or the strides do not allow a view:
        `reshape` copies then. As another dtype the last dim shrinks or grows with the size of the elements; the result
        has no history.

        >>> import gputensor as gt
        >>> gt.tensor([1.0, -2.0]).view(gt.int32)
        tensor([ 1065353216, -1073741824], dtype=gputensor.int32)
        """
        if dtype is not None:
            if sizes or size is not None:
                raise TypeError("view: takes sizes or a dtype, not both; view twice")
            return _view_as_dtype(self, dtype)
        if size is not None or not sizes or type(sizes[0]) is not int:
            if len(sizes) == 1 and type(sizes[0]) is dtype_class:
                return _view_as_dtype(self, sizes[0])
            sizes = spread("view", "size", sizes, size)
        return _viewed(self, sizes)

    def view_as(self, other: Tensor) -> Tensor:
        """``view(other.shape)``."""
        return _viewed(self, tuple(checked("view_as", other).array.shape))

    def reshape_as(self, other: Tensor) -> Tensor:
        """``reshape(other.shape)``."""
        return _reshaped(self, tuple(checked("reshape_as", other).array.shape))

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """See `gputensor.flatten`."""
        return flatten(self, start_dim, end_dim)  # type: ignore[arg-type]

    def unflatten(self, dim: int, sizes: Sequence[int]) -> Tensor:
        """See `gputensor.unflatten`."""
        return unflatten(self, dim, sizes)  # type: ignore[arg-type]

    def ravel(self) -> Tensor:
        """See `gputensor.ravel`."""
        return ravel(self)  # type: ignore[arg-type]

    def squeeze(self, dim: int | Sequence[int] | None = None, *, axis: int | Sequence[int] | None = None) -> Tensor:
        """See `gputensor.squeeze`."""
        return squeeze(self, dim, axis=axis)  # type: ignore[arg-type]

    def squeeze_(self, dim: int | Sequence[int] | None = None, *, axis: int | Sequence[int] | None = None) -> Tensor:
        """`squeeze` in place: this tensor itself loses the dims."""
        if axis is not None:
            dim = numpy_dim("squeeze_", dim, axis)
        return restructure(self, Squeeze(_squeezed("squeeze_", self.array.shape, dim)))

    def unsqueeze(self, dim: int | None = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.unsqueeze`."""
        if axis is not None:
            dim = numpy_dim("unsqueeze", dim, axis)
        prim = new(Unsqueeze)
        prim.shape = _unsqueezed("unsqueeze", self.array.shape, dim)
        return as_view(prim, self, self.xp.reshape(self.array, prim.shape))

    def unsqueeze_(self, dim: int = NEEDED, *, axis: int | None = None) -> Tensor:
        """`unsqueeze` in place: this tensor itself gets the dim."""
        if axis is not None:
            dim = numpy_dim("unsqueeze_", dim, axis)
        return restructure(self, Unsqueeze(_unsqueezed("unsqueeze_", self.array.shape, dim)))
