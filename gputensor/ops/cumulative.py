"""Running reductions along a dim: sums, products, log-sum-exp, largest and smallest so far."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import apply1, cast, constant
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import INT64
from gputensor.core.return_types import cummax as CumMax, cummin as CumMin
from gputensor.errors import DtypeError
from gputensor.ops.dims import array_of, numpy_names, one_dim
from gputensor.ops.exponential import logaddexp_of_complex
from gputensor.ops.gathering import along
from gputensor.ops.indexing import Slice
from gputensor.ops.operands import rewrite
from gputensor.ops.out_argument import into, into_each, of_out
from gputensor.ops.widening import widened

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class CumSum(Primitive):
    __slots__ = ("axis", "dtype")
    name = "cumsum"
    grad_name = "CumsumBackward0"

    def __init__(self, axis: int, dtype: Any = None) -> None:
        self.axis = axis
        self.dtype = dtype

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cumulative_sum(x, self.axis, self.dtype)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return reverse(xp, xp.cumulative_sum(reverse(xp, g, self.axis), self.axis), self.axis)


class CumProd(Primitive):
    """The gradient divides by nothing, so zeros do no harm, to any order."""

    __slots__ = ("axis", "dtype")
    name = "cumprod"
    grad_name = "CumprodBackward0"
    saves = ("x",)

    def __init__(self, axis: int, dtype: Any = None) -> None:
        self.axis = axis
        self.dtype = dtype

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.cumulative_prod(x, self.axis, self.dtype)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # d[i] = x[0] ... x[i-1] * s[i], where s[i] = g[i] + x[i+1] * s[i+1]
        x, g = widened(xp, x), widened(xp, g)
        after = _part(xp, x, self.axis, slice(1, None))
        return products_before(xp, x, self.axis) * later_weighted(xp, g, after, self.axis)


class LogCumSumExp(Primitive):
    __slots__ = ("axis", "of_complex")
    name = "logcumsumexp"
    grad_name = "LogcumsumexpBackward0"
    saves = ("x", "out")

    def __init__(self, axis: int, of_complex: bool = False) -> None:
        self.axis = axis
        self.of_complex = of_complex

    def forward(self, xp: Any, x: Any) -> Any:
        if self.of_complex:
            return running(xp, functools.partial(logaddexp_of_complex, xp), x, self.axis)
        return running(xp, xp.logaddexp, widened(xp, x), self.axis)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # the sum over k >= i of g[k] * exp(out[i] - out[k]), whose factors never exceed 1; exp(-out) alone would
        # overflow
        g, out, x = widened(xp, g), widened(xp, out), widened(xp, x)
        n = x.shape[self.axis]
        if not n:
            return g
        factor = xp.exp(_part(xp, out, self.axis, slice(n - 1)) - _part(xp, out, self.axis, slice(1, None)))
        return xp.exp(x - out) * later_weighted(xp, g, factor, self.axis)


class CumExtreme(Primitive):
    """Where the largest (or smallest) value so far is: the last of equal ones, the last NaN."""

    __slots__ = ("axis", "largest")

    def __init__(self, axis: int, largest: bool) -> None:
        self.axis = axis
        self.largest = largest

    def forward(self, xp: Any, x: Any) -> Any:
        so_far = xp.cumulative_extreme(x, self.axis, self.largest)
        new = xp.logical_or(x == so_far, x != x)
        shape = [1] * x.ndim
        shape[self.axis] = -1
        place = xp.reshape(xp.arange_for(x, x.shape[self.axis]), tuple(shape))
        return xp.cumulative_extreme(xp.where(new, place, xp.zeros_like(place)), self.axis, True)


def reverse(xp: Any, x: Any, axis: int) -> Any:
    """x backwards along axis, a view."""
    return xp.getitem(x, (*(slice(None),) * axis, slice(None, None, -1)))


def running(xp: Any, combine: Callable[[Any, Any], Any], x: Any, axis: int) -> Any:
    """combine(x[0], ..., x[i]) for every i along axis, in twice as many combinations as elements.

    Pairs of neighbours first; what runs over them are the results at odd places, and those at even ones take one more
    combination. Source: Blelloch 1990, Prefix sums and their applications.
    """
    n = x.shape[axis]
    if n < 2:
        return xp.copy(x)
    even, odd = _part(xp, x, axis, slice(0, None, 2)), _part(xp, x, axis, slice(1, None, 2))
    half = n // 2
    at_odd = running(xp, combine, combine(odd, _part(xp, even, axis, slice(half))), axis)
    first, later = _part(xp, even, axis, slice(1)), _part(xp, even, axis, slice(1, None))
    before = _part(xp, at_odd, axis, slice(later.shape[axis]))
    at_even = xp.concat((first, combine(later, before)), axis)
    pairs = xp.stack((_part(xp, at_even, axis, slice(half)), at_odd), axis + 1)
    pairs = xp.reshape(pairs, (*x.shape[:axis], 2 * half, *x.shape[axis + 1 :]))
    return xp.concat((pairs, _part(xp, at_even, axis, slice(half, None))), axis) if n % 2 else pairs


def products_before(xp: Any, x: Any, axis: int) -> Any:
    """x[0] ... x[i-1] for every i along axis; 1 for the first."""
    n = x.shape[axis]
    if n < 2:
        return xp.ones_like(x)
    return _with(xp, xp.ones_like(x), axis, slice(1, None), xp.cumulative_prod(_part(xp, x, axis, slice(n - 1)), axis))


def product_of_others(xp: Any, x: Any, axis: int) -> Any:
    """The product of all elements along axis but one, for every one, without a division."""
    x = widened(xp, x)
    after = reverse(xp, products_before(xp, reverse(xp, x, axis), axis), axis)
    return products_before(xp, x, axis) * after


def later_weighted(xp: Any, g: Any, factor: Any, axis: int) -> Any:
    """s[i] = g[i] + factor[i] * s[i+1] along axis, in log2(n) steps over whole arrays; factor is one shorter than g."""
    n = g.shape[axis]
    step = 1
    while step < n:
        near, far = _part(xp, g, axis, slice(n - step)), _part(xp, g, axis, slice(step, None))
        g = _with(xp, g, axis, slice(n - step), near + factor * far)
        if 2 * step < n:
            # the factors of 2 * step neighbours, as many as there are
            factor = _part(xp, factor, axis, slice(n - 2 * step)) * _part(xp, factor, axis, slice(step, None))
        step *= 2
    return g


def _part(xp: Any, x: Any, axis: int, where: slice) -> Any:
    return xp.getitem(x, (*(slice(None),) * axis, where))


def _with(xp: Any, x: Any, axis: int, where: slice, value: Any) -> Any:
    """A copy of x in which a slice along axis is replaced."""
    return xp.view_set(x, (Slice((*(slice(None),) * axis, where)),), value)


def cumsum(
    input: Tensor, dim: int | None = None, *, dtype: Any = None, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Running sum along dim: element i is the sum of elements 0 to i.

    Booleans and integers sum as int64; float16 and bfloat16 accumulate in float32. dtype: convert first. Raises
    TypeError without a dim, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.cumsum(gt.tensor([1.0, 2.0, 3.0]), 0)
    tensor([1., 3., 6.])
    """
    if out is not None:
        dtype, _ = of_out("cumsum", out, dtype, None)
    one, input, d = _arguments("cumsum", input, dim, axis, dtype)
    if not input.array.ndim:
        result = input.clone()
        return result if out is None else into("cumsum", out, result)
    result = constant(CumSum(one, d), (input,)) if d is not None else apply1(CumSum(one), input)
    return result if out is None else into("cumsum", out, result)


def cumprod(
    input: Tensor, dim: int | None = None, *, dtype: Any = None, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Running product along dim: element i is the product of elements 0 to i.

    Dtypes and errors as `cumsum`. The gradient is right where elements are zero, to any order.

    >>> import gputensor as gt
    >>> gt.cumprod(gt.tensor([1.0, 2.0, 3.0]), 0)
    tensor([1., 2., 6.])
    """
    if out is not None:
        dtype, _ = of_out("cumprod", out, dtype, None)
    one, input, d = _arguments("cumprod", input, dim, axis, dtype)
    if not input.array.ndim:
        result = input.clone()
        return result if out is None else into("cumprod", out, result)
    result = constant(CumProd(one, d), (input,)) if d is not None else apply1(CumProd(one), input)
    return result if out is None else into("cumprod", out, result)


def logcumsumexp(
    input: Tensor, dim: int | None = None, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Logarithm of the running sum of exponentials along dim, without overflow.

    input: floating-point or complex. Raises DtypeError for other dtypes, and as `cumsum`.

    >>> import gputensor as gt
    >>> gt.logcumsumexp(gt.tensor([0.0, 0.0, 1000.0]), 0)
    tensor([0.0000e+00, 6.9315e-01, 1.0000e+03])
    """
    dim, _ = numpy_names("logcumsumexp", dim, False, axis, None)
    a = array_of("logcumsumexp", input)
    if a.dtype.kind not in "fcV":
        raise DtypeError(
            f"logcumsumexp: expected a floating-point tensor, got {describe(input)}; convert it with .float()"
        )
    one = _one("logcumsumexp", dim, a)
    if not a.ndim:
        result = input.clone()
        return result if out is None else into("logcumsumexp", out, result, exact=True)
    result = cast(apply1(LogCumSumExp(one, a.dtype.kind == "c"), input), a.dtype)
    return result if out is None else into("logcumsumexp", out, result, exact=True)


def cummax(
    input: Tensor, dim: int | None = None, *, axis: int | None = None, out: tuple[Tensor, Tensor] | None = None
) -> CumMax:
    """The largest value so far along dim, and where it is: a named tuple (values, indices).

    Of equal values the last counts; from the first NaN on all values are NaN. The gradient goes to the places. Raises
    DtypeError for complex numbers, and as `cumsum`.
    Unlike torch: a dim out of range is refused for an empty input, too.

    >>> import gputensor as gt
    >>> gt.cummax(gt.tensor([1, 3, 2]), 0).values
    tensor([1, 3, 3])
    """
    result = CumMax(*_extreme("cummax", input, dim, axis, True))
    return result if out is None else into_each("cummax", out, result, exact=True)


def cummin(
    input: Tensor, dim: int | None = None, *, axis: int | None = None, out: tuple[Tensor, Tensor] | None = None
) -> CumMin:
    """The smallest value so far along dim, and where it is: a named tuple (values, indices).

    As `cummax`.
    Unlike torch: a dim out of range is refused for an empty input, too.

    >>> import gputensor as gt
    >>> gt.cummin(gt.tensor([3, 1, 2]), 0).values
    tensor([3, 1, 1])
    """
    result = CumMin(*_extreme("cummin", input, dim, axis, False))
    return result if out is None else into_each("cummin", out, result, exact=True)


def _arguments(name: str, input: Any, dim: Any, axis: Any, dtype: Any) -> tuple[int, Any, Any]:
    """The axis, the input, and for integers the dtype to accumulate in."""
    dim, _ = numpy_names(name, dim, False, axis, None)
    a = array_of(name, input)
    one = _one(name, dim, a)
    d = a.dtype
    if dtype is not None:
        d = dtypes.numpy_dtype(dtype)
        input = cast(input, d)
    if d.kind not in "biu":
        return one, input, None
    d = INT64 if dtype is None else d
    if d.kind == "b":
        raise DtypeError(f"{name}: running results have no dtype bool; use int64, or logical_or of neighbours")
    return one, input if input.array.ndim else cast(input, d), d


def _one(name: str, dim: Any, a: Any) -> int:
    if dim is None:
        raise TypeError(f"{name}: dim is missing; use an int")
    return one_dim(name, dim, a.ndim, a.shape)


def _extreme(name: str, input: Any, dim: Any, axis: Any, largest: bool) -> tuple[Any, Any]:
    dim, _ = numpy_names(name, dim, False, axis, None)
    a = array_of(name, input)
    if a.dtype.kind == "c":
        raise DtypeError(f"{name}: complex numbers have no order; take .abs() first")
    one = _one(name, dim, a)
    x = input if a.ndim else input.reshape(1)
    indices = constant(CumExtreme(one, largest), (x,))
    values = along(x, one, indices, name)
    return (values, indices) if a.ndim else (values.reshape(()), indices.reshape(()))


class CumulativeMethods:
    """The running reductions of a tensor."""

    __slots__ = ()
    dtype: Any

    def cumsum(self, dim: int | None = None, *, dtype: Any = None, axis: int | None = None) -> Tensor:
        """See `gputensor.cumsum`."""
        return cumsum(self, dim, dtype=dtype, axis=axis)  # type: ignore[arg-type]

    def cumsum_(self, dim: int | None = None, *, dtype: Any = None, axis: int | None = None) -> Tensor:
        """`cumsum` in place; integers keep their dtype."""
        d = self.dtype if dtype is None else dtype
        return rewrite(self, cumsum, dim, dtype=d, axis=axis)

    def cumprod(self, dim: int | None = None, *, dtype: Any = None, axis: int | None = None) -> Tensor:
        """See `gputensor.cumprod`."""
        return cumprod(self, dim, dtype=dtype, axis=axis)  # type: ignore[arg-type]

    def cumprod_(self, dim: int | None = None, *, dtype: Any = None, axis: int | None = None) -> Tensor:
        """`cumprod` in place; integers keep their dtype."""
        d = self.dtype if dtype is None else dtype
        return rewrite(self, cumprod, dim, dtype=d, axis=axis)

    def logcumsumexp(self, dim: int | None = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.logcumsumexp`."""
        return logcumsumexp(self, dim, axis=axis)  # type: ignore[arg-type]

    def cummax(self, dim: int | None = None, *, axis: int | None = None) -> CumMax:
        """See `gputensor.cummax`."""
        return cummax(self, dim, axis=axis)  # type: ignore[arg-type]

    def cummin(self, dim: int | None = None, *, axis: int | None = None) -> CumMin:
        """See `gputensor.cummin`."""
        return cummin(self, dim, axis=axis)  # type: ignore[arg-type]
