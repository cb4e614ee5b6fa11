"""Differences and integrals of sampled functions: diff, gradient, and the rule of trapezoids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import as_floating, cast
from gputensor.core.explain import check_number, describe
from gputensor.core.promotion import INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.arithmetic import sub
from gputensor.ops.cumulative import cumsum
from gputensor.ops.dims import ABSENT, DimError, array_of, many_dims, numpy_dim, one_dim, one_int
from gputensor.ops.joining import cat
from gputensor.ops.logic import logical_xor
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import sum

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The n-th differences of neighbours along dim: x[i+1] - x[i], n times; of booleans, whether they differ.

    input: (..., m, ...) -> (..., m - n, ...), at least 0. prepend, append: tensors joined before and after input along
    dim where n is not 0. Raises ShapeError for a 0-d input, ValueError for a negative n, DimError (an IndexError) for a
    dim out of range.

    >>> import gputensor as gt
    >>> gt.diff(gt.tensor([1, 4, 9, 16])), gt.diff(gt.tensor([1, 4, 9, 16]), n=2)
    (tensor([3, 5, 7]), tensor([2, 2]))
    """
    if axis is not ABSENT:
        dim = numpy_dim("diff", dim, axis, -1)
    a = array_of("diff", input)
    if not a.ndim:
        raise ShapeError("diff: input needs at least 1 dim, got a 0-d tensor; use reshape(1)")
    times = one_int("diff", "n", n)
    if times < 0:
        raise ArgumentError(f"diff: n must not be negative, got {n}")
    axis = one_dim("diff", dim, a.ndim, a.shape)
    # no differences: what would be joined is left away, as in PyTorch
    parts = [t for t in (prepend, input, append) if t is not None] if times else [input]
    for t in parts:
        if array_of("diff", t, "prepend or append").ndim != a.ndim:
            raise ShapeError(
                f"diff: prepend and append need as many dims as input, got shapes {tuple(t.array.shape)} and "
                f"{tuple(a.shape)}"
            )
    x = cat(parts, axis) if len(parts) > 1 else input
    if not times and x is input:
        x = input.clone()
    for _ in range(min(times, x.array.shape[axis])):
        later, earlier = _part(x, axis, slice(1, None)), _part(x, axis, slice(None, -1))
        x = logical_xor(later, earlier) if x.array.dtype.kind == "b" else sub(later, earlier)
    return x if out is None else into("diff", out, x)


def gradient(
    input: Tensor,
    *,
    spacing: float | Tensor | Sequence[float] | Sequence[Tensor] | None = 1,
    dim: int | Sequence[int] | None = None,
    edge_order: int = 1,
    axis: int | Sequence[int] | None = None,
) -> tuple[Tensor, ...]:
    """Derivatives along dims, estimated by central differences; one tensor of input's shape a dim.

    dim: one, several, or by default all. spacing: the distance of the samples, one number for all dims or one a dim, or
    one 1-d tensor of coordinates a dim. edge_order: 1 or 2, the order of the one-sided formulas at the ends. Integers
    give floats. Raises ShapeError for a dim shorter than edge_order + 1 and for a spacing of
    another length, DtypeError for booleans, ValueError for another edge_order, DimError (an IndexError) for a dim out
    of range.

    Source: Quarteroni, Sacco and Saleri, Numerical Mathematics, 10.10.1, for uneven spacing.

    >>> import gputensor as gt
    >>> gt.gradient(gt.tensor([1.0, 4.0, 9.0, 16.0]))
    (tensor([3., 4., 6., 7.]),)
    """
    if axis is not None:
        dim = numpy_dim("gradient", dim, axis)
    a = array_of("gradient", input)
    if edge_order not in (1, 2):
        raise ArgumentError(f"gradient: edge_order must be 1 or 2, got {edge_order!r}")
    axes = tuple(range(a.ndim)) if dim is None else _in_order(dim, a)
    if a.dtype.kind == "b" and axes:
        raise DtypeError(f"gradient: not defined for booleans, got {describe(input)}; convert with .float()")
    steps = _steps(1 if spacing is None else spacing, len(axes))
    for axis in axes:
        if a.ndim == 0 or a.shape[axis] < edge_order + 1:
            raise ShapeError(
                f"gradient: every dim needs at least edge_order + 1 = {edge_order + 1} elements, got shape "
                f"{tuple(a.shape)}"
            )
    return tuple([_derivative(input, axis, h, edge_order) for axis, h in zip(axes, steps, strict=True)])


def trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: float | None = None, dim: int = -1, axis: int | None = ABSENT
) -> Tensor:
    """The integral along dim by the rule of trapezoids: the sum of dx * (y[i] + y[i+1]) / 2.

    y: (..., n, ...) -> (..., ...). x: the places of the samples, (n,) or of y's shape; else they are dx (1) apart; one
    place counts for all. Integers give floats. Raises TypeError where both x and dx are given, DtypeError for booleans,
    ShapeError for another length of x, DimError (an IndexError) for a dim out of range and a 0-d y.
    Unlike torch: sums and differences of small integers do not wrap around.

    >>> import gputensor as gt
    >>> gt.trapezoid(gt.tensor([1.0, 5.0, 10.0]), gt.tensor([1.0, 3.0, 6.0]))
    tensor(28.5000)
    """
    if axis is not ABSENT:
        dim = numpy_dim("trapezoid", dim, axis, -1)
    axis, areas = _trapezoids("trapezoid", y, x, dx, dim)
    return sum(areas, axis)


def trapz(
    y: Tensor, x: Tensor | None = None, *, dx: float | None = None, dim: int = -1, axis: int | None = ABSENT
) -> Tensor:
    """`trapezoid` by its older name.

    >>> import gputensor as gt
    >>> gt.trapz(gt.tensor([1.0, 2.0]), dx=3)
    tensor(4.5000)
    """
    if axis is not ABSENT:
        dim = numpy_dim("trapz", dim, axis, -1)
    axis, areas = _trapezoids("trapz", y, x, dx, dim)
    return sum(areas, axis)


def cumulative_trapezoid(
    y: Tensor, x: Tensor | None = None, *, dx: float | None = None, dim: int = -1, axis: int | None = ABSENT
) -> Tensor:
    """The running integrals along dim by the rule of trapezoids.

    y: (..., n, ...) -> (..., n - 1, ...). Arguments and errors as `trapezoid`.
    Unlike torch: sums and differences of small integers do not wrap around.

    >>> import gputensor as gt
    >>> gt.cumulative_trapezoid(gt.tensor([1.0, 5.0, 10.0]))
    tensor([ 3.0000, 10.5000])
    """
    if axis is not ABSENT:
        dim = numpy_dim("cumulative_trapezoid", dim, axis, -1)
    axis, areas = _trapezoids("cumulative_trapezoid", y, x, dx, dim)
    return cumsum(areas, axis)


def _part(x: Any, axis: int, part: slice) -> Any:
    return x[(*(slice(None),) * axis, part)]


def _in_order(dim: Any, a: Any) -> tuple[int, ...]:
    """dims in the order in which they were given."""
    given = dim if isinstance(dim, (tuple, list)) else (dim,)
    many_dims("gradient", given, a.ndim, a.shape)
    return tuple([one_dim("gradient", d, a.ndim, a.shape) for d in given])


def _steps(spacing: Any, count: int) -> list[Any]:
    """A number or a tensor of coordinates for every dim."""
    if isinstance(spacing, TensorBase):
        if spacing.array.ndim:
            raise TypeError(
                f"gradient: spacing must be a number, or a sequence of numbers or coordinates, got {describe(spacing)};"
                " wrap coordinates in a tuple"
            )
        return [spacing.xp.item(spacing.array)] * count
    if not isinstance(spacing, (tuple, list)):
        check_number("gradient", "spacing", spacing)
        return [spacing] * count
    if len(spacing) != count:
        raise ShapeError(f"gradient: spacing has {len(spacing)} entries for {count} dims; give one for each")
    return list(spacing)


def _derivative(x: Any, axis: int, h: Any, edge_order: int) -> Any:
    n = x.array.shape[axis]
    if isinstance(h, TensorBase):
        if tuple(h.array.shape) != (n,):
            raise ShapeError(f"gradient: the coordinates of dim {axis} need shape ({n},), got {tuple(h.array.shape)}")
        return _uneven(x, axis, h, edge_order)
    before, after = _part(x, axis, slice(None, -2)), _part(x, axis, slice(2, None))
    middle = (after - before) / (2 * h)

    def at(k: int) -> Any:
        return _part(x, axis, slice(k, k + 1 if k != -1 else None))

    if edge_order == 1:
        first, last = (at(1) - at(0)) / h, (at(-1) - at(-2)) / h
    else:
        first = (-3 * at(0) + 4 * at(1) - at(2)) / (2 * h)
        last = (3 * at(-1) - 4 * at(-2) + at(-3)) / (2 * h)
    return cat([first, middle, last], axis)


def _uneven(x: Any, axis: int, places: Any, edge_order: int) -> Any:
    shape = [1] * x.array.ndim
    shape[axis] = -1
    d = diff(places).reshape(shape)
    step = diff(x, dim=axis)
    slope = step / d
    if edge_order == 1:
        first, last = _part(slope, axis, slice(None, 1)), _part(slope, axis, slice(-1, None))
    else:
        first = _edge(d, slope, axis, 0, 1)
        last = _edge(d, slope, axis, -1, -2)
    h0, h1 = _part(d, axis, slice(None, -1)), _part(d, axis, slice(1, None))
    s0, s1 = _part(slope, axis, slice(None, -1)), _part(slope, axis, slice(1, None))
    return cat([first, (h1 * s0 + h0 * s1) / (h0 + h1), last], axis)


def _edge(d: Any, slope: Any, axis: int, end: int, next: int) -> Any:
    """The one-sided formula of second order: the slope at the end, and its change carried on."""

    def at(t: Any, k: int) -> Any:
        return _part(t, axis, slice(k, k + 1 if k != -1 else None))

    h0, h1 = at(d, end), at(d, next)
    return ((2 * h0 + h1) * at(slope, end) - h0 * at(slope, next)) / (h0 + h1)


def _trapezoids(name: str, y: Any, x: Any, dx: Any, dim: Any) -> tuple[int, Any]:
    """The axis, and the area between every two samples."""
    a = array_of(name, y, "y")
    if x is not None and dx is not None:
        raise TypeError(f"{name}: x and dx say the same in two ways; give one of them")
    if not a.ndim:
        raise DimError(f"{name}: y needs at least 1 dim, got a 0-d tensor")
    if a.dtype.kind == "b":
        raise DtypeError(f"{name}: not defined for booleans, got {describe(y)}; convert with .float()")
    axis = one_dim(name, dim, a.ndim, a.shape)
    n = a.shape[axis]
    y = as_floating(y)
    if not n:
        return axis, y
    heights = _part(y, axis, slice(1, None)) + _part(y, axis, slice(None, -1))
    if x is None:
        width = 1 if dx is None else dx
        check_number(name, "dx", width)
        return axis, heights * (width / 2)
    b = array_of(name, x, "x")
    if b.dtype.kind == "b":
        raise DtypeError(f"{name}: not defined for booleans, got {describe(x)} for x; convert with .float()")
    if b.dtype.kind in "iu":
        # differences of small integers wrap around
        x = cast(x, INT64)
    if b.ndim == 1:
        x = x.reshape([-1 if k == axis else 1 for k in range(a.ndim)])
    elif b.ndim < a.ndim:
        x = x.reshape(*(1,) * (a.ndim - b.ndim), *b.shape)
    if b.ndim > a.ndim or x.array.shape[axis] != n:
        raise ShapeError(
            f"{name}: x needs one place for each of the {n} samples along dim {axis}, got shape {tuple(b.shape)}"
        )
    return axis, diff(x, dim=axis) * heights / 2


class DifferenceMethods:
    """The differences of a tensor."""

    __slots__ = ()

    def diff(
        self,
        n: int = 1,
        dim: int = -1,
        prepend: Tensor | None = None,
        append: Tensor | None = None,
        *,
        axis: int | None = ABSENT,
    ) -> Tensor:
        """See `gputensor.diff`."""
        return diff(self, n, dim, prepend, append, axis=axis)  # type: ignore[arg-type]
