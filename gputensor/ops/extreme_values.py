"""The largest and smallest values of a tensor or along dims, and where they are. NaN wins over every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply1, applyn, constant, wrap
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import INT64
from gputensor.core.return_types import aminmax as MinMax, max as Max, min as Min
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.clamping import maximum, minimum
from gputensor.ops.dims import Dim, DimError, array_of, check_keepdim, many_dims, numpy_names, one_dim
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.reduction import count, kept_shape, spread
from gputensor.ops.widening import widened

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Amax(Primitive):
    """The gradient is spread evenly over ties."""

    __slots__ = ("axes", "keepdims")
    saves = ("x", "out")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.max(x, self.axes, self.keepdims)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return share(self, xp, g, out, x)


class Amin(Primitive):
    """The gradient is spread evenly over ties."""

    __slots__ = ("axes", "keepdims")
    saves = ("x", "out")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.min(x, self.axes, self.keepdims)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return share(self, xp, g, out, x)


class MaxAll(Primitive):
    """As Amax over everything, but where the result is NaN all NaN share the gradient, as in PyTorch."""

    __slots__ = ()
    name = "max"
    grad_name = "MaxBackward1"
    saves = ("x", "out")
    axes, keepdims = None, False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.max(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return share(self, xp, g, out, x, nan=True)


class MinAll(Primitive):
    """As Amin over everything, but where the result is NaN all NaN share the gradient, as in PyTorch."""

    __slots__ = ()
    name = "min"
    grad_name = "MinBackward1"
    saves = ("x", "out")
    axes, keepdims = None, False

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.min(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return share(self, xp, g, out, x, nan=True)


class ArgMax(Primitive):
    __slots__ = ("axis", "keepdims")
    name = "argmax"
    grad_name = "MaxBackward0"  # of `max` along an axis

    def __init__(self, axis: int | None, keepdims: bool) -> None:
        self.axis = axis
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.argmax(x, self.axis, self.keepdims)


class ArgMin(Primitive):
    __slots__ = ("axis", "keepdims")
    name = "argmin"
    grad_name = "MinBackward0"

    def __init__(self, axis: int | None, keepdims: bool) -> None:
        self.axis = axis
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.argmin(x, self.axis, self.keepdims)


class Pluck(Primitive):
    """The one element along an axis that i names in every slice; i has the shape of the result."""

    __slots__ = ("axis", "keepdims", "places")
    saves = ("i",)

    def __init__(self, axis: int, keepdims: bool, places: Primitive) -> None:
        self.axis = axis
        self.keepdims = keepdims
        self.places = places

    def called(self, node: Any) -> str:
        return self.places.called(node)

    def forward(self, xp: Any, x: Any, i: Any) -> Any:
        out = xp.take_along_axis(x, xp.reshape(i, kept_shape(x.shape, (self.axis,))), self.axis)
        return out if self.keepdims else xp.reshape(out, i.shape)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, i: Any) -> Any:
        kept = kept_shape(x.shape, (self.axis,))
        zeros = xp.broadcast_to(xp.zeros_for(g, ()), x.shape)
        return xp.scatter(zeros, xp.reshape(i, kept), xp.reshape(g, kept), self.axis)


MAX_ALL, MIN_ALL = MaxAll(), MinAll()


def share(prim: Any, xp: Any, g: Any, out: Any, x: Any, nan: bool = False) -> Any:
    """A reduced gradient spread evenly over the elements that equal the result; nan: or that are NaN as it is."""
    out = spread(prim, xp, out, x)
    g = widened(xp, g)
    ties = xp.astype(x == out, g.dtype)
    if nan:
        ties = ties + xp.astype(x != x, g.dtype) * xp.astype(out != out, g.dtype)
    return spread(prim, xp, g, x) * (ties / xp.sum(ties, prim.axes, True))


def pluck(x: Any, axis: int, keepdims: bool, places: Primitive) -> tuple[Any, Any]:
    """The elements along axis that a primitive finds places of, and the places."""
    if not x.array.ndim:
        return x.clone(), wrap(x.xp.zeros((), INT64), x.xp)
    i = constant(places, (x,))
    return applyn(Pluck(axis, keepdims, places), (x, i)), i


def max(
    input: Tensor,
    dim: int | Tensor | None = None,
    keepdim: bool = False,
    *,
    other: Tensor | None = None,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | Tensor | None = None,
) -> Any:
    """The largest element; along a dim, the largest elements and where they are; of two tensors, the larger one of each
    pair.

    ``max(input)``: 0-d; the gradient is spread evenly over ties. ``max(input, dim, keepdim)``: a named tuple (values,
    indices) without dim, or with size 1 there; the first of equal ones, the first NaN if there is one; the gradient
    goes to that place. ``max(input, other)``: as `maximum`. Raises ShapeError where there is nothing to choose from,
    DimError (an IndexError) for a dim out of range or of size 0, DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.max(gt.tensor([1.0, 3.0, 2.0]))
    tensor(3.)
    >>> gt.max(gt.tensor([[1, 5], [7, 2]]), dim=1)
    gputensor.return_types.max(
    values=tensor([5, 7]),
    indices=tensor([1, 0]))
    """
    if other is not None or isinstance(dim, _apply.Tensor):
        _of_two("max", dim, other, keepdim, axis, keepdims)
        result: Any = maximum(input, dim if other is None else other)  # type: ignore[arg-type]  # its own check says what it is
        return result if out is None else into("max", out, result)
    dim, keepdim = numpy_names("max", dim, keepdim, axis, keepdims)
    one = _one_or_all("max", input, dim, keepdim)
    if one is None:
        result = apply1(MAX_ALL, input)
        return result if out is None else into("max", out, result)
    result = Max(*pluck(input, one, keepdim, ArgMax(one, keepdim)))
    return result if out is None else into_each("max", out, result, exact=True)


def min(
    input: Tensor,
    dim: int | Tensor | None = None,
    keepdim: bool = False,
    *,
    other: Tensor | None = None,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | Tensor | None = None,
) -> Any:
    """The smallest element; along a dim, the smallest elements and where they are; of two tensors, the smaller one of
    each pair.

    As `max`.

    >>> import gputensor as gt
    >>> gt.min(gt.tensor([1.0, 3.0, 2.0]))
    tensor(1.)
    """
    if other is not None or isinstance(dim, _apply.Tensor):
        _of_two("min", dim, other, keepdim, axis, keepdims)
        result: Any = minimum(input, dim if other is None else other)  # type: ignore[arg-type]  # its own check says what it is
        return result if out is None else into("min", out, result)
    dim, keepdim = numpy_names("min", dim, keepdim, axis, keepdims)
    one = _one_or_all("min", input, dim, keepdim)
    if one is None:
        result = apply1(MIN_ALL, input)
        return result if out is None else into("min", out, result)
    result = Min(*pluck(input, one, keepdim, ArgMin(one, keepdim)))
    return result if out is None else into_each("min", out, result, exact=True)


def amax(
    input: Tensor,
    dim: Dim = (),
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The largest elements along the given dims, or of all; NaN if there is one. The gradient is spread evenly over
    ties.

    input: (..., n, ...), real -> (..., ...) or, with keepdim, (..., 1, ...). Raises as `max`.

    >>> import gputensor as gt
    >>> gt.amax(gt.tensor([[1, 5], [7, 2]]), dim=0)
    tensor([7, 5])
    """
    axes, keepdim = _several("amax", input, dim, keepdim, axis, keepdims)
    result = apply1(Amax(axes, keepdim), input)
    return result if out is None else into("amax", out, result, exact=True)


def amin(
    input: Tensor,
    dim: Dim = (),
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The smallest elements along the given dims, or of all; NaN if there is one. The gradient is spread evenly over
    ties.

    input: (..., n, ...), real -> (..., ...) or, with keepdim, (..., 1, ...). Raises as `max`.

    >>> import gputensor as gt
    >>> gt.amin(gt.tensor([[1, 5], [7, 2]]), dim=0)
    tensor([1, 2])
    """
    axes, keepdim = _several("amin", input, dim, keepdim, axis, keepdims)
    result = apply1(Amin(axes, keepdim), input)
    return result if out is None else into("amin", out, result, exact=True)


def aminmax(
    input: Tensor,
    *,
    dim: int | None = None,
    keepdim: bool = False,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: tuple[Tensor, Tensor] | None = None,
) -> MinMax:
    """The smallest and the largest elements, of all or along a dim: a named tuple (min, max).

    As `amin` and `amax`.

    >>> import gputensor as gt
    >>> gt.aminmax(gt.tensor([1, 5, 2]))
    gputensor.return_types.aminmax(
    min=tensor(1),
    max=tensor(5))
    """
    axes, keepdim = _several("aminmax", input, () if dim is None else dim, keepdim, axis, keepdims)
    result = MinMax(apply1(Amin(axes, keepdim), input), apply1(Amax(axes, keepdim), input))
    return result if out is None else into_each("aminmax", out, result, exact=True)


def argmax(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Where the largest element is, along a dim or in the flattened tensor, as int64.

    The first of equal ones; the first NaN if there is one. Raises DtypeError for complex numbers and booleans, and as
    `max`.

    >>> import gputensor as gt
    >>> gt.argmax(gt.tensor([[1, 5], [7, 2]])), gt.argmax(gt.tensor([[1, 5], [7, 2]]), dim=1)
    (tensor(2), tensor([1, 0]))
    """
    one, keepdim = _place("argmax", input, dim, keepdim, axis, keepdims)
    result = constant(ArgMax(one, keepdim), (input,))
    return result if out is None else into("argmax", out, result, exact=True)


def argmin(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Where the smallest element is, along a dim or in the flattened tensor, as int64.

    The first of equal ones; the first NaN if there is one. Raises as `argmax`.

    >>> import gputensor as gt
    >>> gt.argmin(gt.tensor([[1, 5], [7, 2]])), gt.argmin(gt.tensor([[1, 5], [7, 2]]), dim=1)
    (tensor(0), tensor([0, 1]))
    """
    one, keepdim = _place("argmin", input, dim, keepdim, axis, keepdims)
    result = constant(ArgMin(one, keepdim), (input,))
    return result if out is None else into("argmin", out, result, exact=True)


def _of_two(name: str, dim: Any, other: Any, keepdim: Any, axis: Any, keepdims: Any) -> None:
    """Raise TypeError for arguments beside two tensors that only a reduction takes."""
    if keepdim is not False or axis is not None or keepdims is not None or (other is not None and dim is not None):
        raise TypeError(f"{name}: of two tensors there is no dim and no keepdim; use {name}imum for their elements")


def _one_or_all(name: str, input: Any, dim: Any, keepdim: Any) -> int | None:
    a = array_of(name, input)
    check_keepdim(name, keepdim)
    if a.dtype.kind == "c":
        raise DtypeError(f"{name}: complex numbers have no order; take .abs() first")
    if dim is None:
        if keepdim:
            raise TypeError(f"{name}: keepdim needs a dim")
        _check_some(name, a, None)
        return None
    one = one_dim(name, dim, a.ndim, a.shape)
    _check_some(name, a, (one,))
    return one


def _several(
    name: str, input: Any, dim: Any, keepdim: Any, axis: Any, keepdims: Any
) -> tuple[tuple[int, ...] | None, bool]:
    a = array_of(name, input)
    dim, keepdim = numpy_names(name, None if dim == () else dim, keepdim, axis, keepdims)
    check_keepdim(name, keepdim)
    if a.dtype.kind == "c":
        raise DtypeError(f"{name}: complex numbers have no order; take .abs() first")
    axes = many_dims(name, dim, a.ndim, a.shape)
    _check_some(name, a, axes)
    return axes, keepdim


def _place(name: str, input: Any, dim: Any, keepdim: Any, axis: Any, keepdims: Any) -> tuple[int | None, bool]:
    a = array_of(name, input)
    dim, keepdim = numpy_names(name, dim, keepdim, axis, keepdims)
    check_keepdim(name, keepdim)
    if a.dtype.kind in "bc":
        raise DtypeError(
            f"{name}: not defined for {a.dtype.name}; convert booleans with .int(), take .abs() of complex numbers"
        )
    one = None if dim is None else one_dim(name, dim, a.ndim, a.shape)
    _check_some(name, a, None if one is None else (one,))
    return one if a.ndim else None, keepdim


def _check_some(name: str, a: Any, axes: tuple[int, ...] | None) -> None:
    """Raise where there is nothing to choose from."""
    if a.size:
        return
    if axes is None:
        raise ShapeError(f"{name}: x of shape {tuple(a.shape)} has no elements; name a dim that is not empty")
    if a.ndim and count(a.shape, axes) == 0:
        raise DimError(f"{name}: dim {axes[0]} of x of shape {tuple(a.shape)} is empty; choose another dim")


class ExtremeValueMethods:
    """The largest and smallest values of a tensor."""

    __slots__ = ()

    def max(
        self,
        dim: int | Tensor | None = None,
        keepdim: bool = False,
        *,
        other: Tensor | None = None,
        axis: int | None = None,
        keepdims: bool | None = None,
    ) -> Any:
        """See `gputensor.max`."""
        return max(self, dim, keepdim, other=other, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def min(
        self,
        dim: int | Tensor | None = None,
        keepdim: bool = False,
        *,
        other: Tensor | None = None,
        axis: int | None = None,
        keepdims: bool | None = None,
    ) -> Any:
        """See `gputensor.min`."""
        return min(self, dim, keepdim, other=other, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def amax(self, dim: Dim = (), keepdim: bool = False, *, axis: Dim = None, keepdims: bool | None = None) -> Tensor:
        """See `gputensor.amax`."""
        return amax(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def amin(self, dim: Dim = (), keepdim: bool = False, *, axis: Dim = None, keepdims: bool | None = None) -> Tensor:
        """See `gputensor.amin`."""
        return amin(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def aminmax(
        self, *, dim: int | None = None, keepdim: bool = False, axis: int | None = None, keepdims: bool | None = None
    ) -> MinMax:
        """See `gputensor.aminmax`."""
        return aminmax(self, dim=dim, keepdim=keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def argmax(
        self, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool | None = None
    ) -> Tensor:
        """See `gputensor.argmax`."""
        return argmax(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def argmin(
        self, dim: int | None = None, keepdim: bool = False, *, axis: int | None = None, keepdims: bool | None = None
    ) -> Tensor:
        """See `gputensor.argmin`."""
        return argmin(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]
