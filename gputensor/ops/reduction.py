"""Reductions: sums, means, products, counts and truth over dims. 16-bit floats accumulate in float32."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import apply1, as_floating, cast, constant, require_floating
from gputensor.core.explain import dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF, INT64
from gputensor.errors import DtypeError
from gputensor.ops.cumulative import product_of_others
from gputensor.ops.dims import Dim, array_of, check_keepdim, many_dims, numpy_names, one_dim
from gputensor.ops.index_functions import masked_fill
from gputensor.ops.out_argument import into, of_out
from gputensor.ops.widening import narrowed, widened

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

EXACT = 2048  # the counts up to which 16 bits hold every one


class Sum(Primitive):
    """dtype: what integers are summed in; None for floats."""

    __slots__ = ("axes", "dtype", "keepdims")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool, dtype: Any = None) -> None:
        self.axes = axes
        self.keepdims = keepdims
        self.dtype = dtype

    def called(self, node: Any) -> str:
        return "SumBackward0" if self.axes is None else "SumBackward1"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sum(x, self.axes, self.keepdims, self.dtype)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return spread(self, xp, g, x)


class Mean(Primitive):
    """A primitive, not a sum times 1/n: the sum of a float16 tensor may overflow where its mean does not."""

    __slots__ = ("axes", "keepdims")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def called(self, node: Any) -> str:
        return "MeanBackward0" if self.axes is None else "MeanBackward1"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.mean(x, self.axes, self.keepdims)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        n = count(x.shape, self.axes)
        if n > EXACT and g.dtype in HALF:  # n itself may be infinite in 16 bits
            return spread(self, xp, xp.astype(xp.astype(g, F32) / n, g.dtype), x)
        return spread(self, xp, g / n if n else g, x)


class Prod(Primitive):
    """axis: None for all elements. The gradient divides by nothing, so zeros do no harm, to any order."""

    __slots__ = ("axes", "dtype", "keepdims")
    saves = ("x",)

    def __init__(self, axis: int | None, keepdims: bool, dtype: Any = None) -> None:
        self.axes = None if axis is None else (axis,)
        self.keepdims = keepdims
        self.dtype = dtype

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.prod(x, self.axes if x.ndim else None, self.keepdims, self.dtype)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if self.axes is None or not x.shape:
            others = xp.reshape(product_of_others(xp, xp.reshape(x, (math.prod(x.shape),)), 0), x.shape)
            return xp.broadcast_to(g, x.shape) * others
        return spread(self, xp, g, x) * product_of_others(xp, x, self.axes[0])


class LogSumExp(Primitive):
    """The largest value is taken out first: exp would overflow."""

    __slots__ = ("axes", "keepdims")
    name = "logsumexp"
    grad_name = "LogsumexpBackward0"
    saves = ("x", "out")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        wide = widened(xp, x)
        if not count(x.shape, self.axes):
            return narrowed(xp, xp.log(xp.sum(wide, self.axes, self.keepdims)), x)
        top = xp.max(xp.real(wide), self.axes, True)
        # an infinity would give inf - inf
        top = xp.where(xp.isfinite(top), top, xp.zeros_like(top))
        total = xp.log(xp.sum(xp.exp(wide - top), self.axes, self.keepdims))
        out = total + xp.reshape(top, total.shape)
        return narrowed(xp, out, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        total = spread(self, xp, widened(xp, out), x)
        return spread(self, xp, g, x) * xp.exp(widened(xp, x) - total)


class AllNonzero(Primitive):
    __slots__ = ("axes", "keepdims")
    name = "all"

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.all(x, self.axes, self.keepdims)


class AnyNonzero(Primitive):
    __slots__ = ("axes", "keepdims")
    name = "any"

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.any(x, self.axes, self.keepdims)


class CountNonzero(Primitive):
    __slots__ = ("axes",)

    def __init__(self, axes: tuple[int, ...] | None) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sum(xp.not_equal(x, 0), self.axes, False, INT64)


SUM_ALL, MEAN_ALL, PROD_ALL = Sum(None, False), Mean(None, False), Prod(None, False)


def spread(prim: Any, xp: Any, g: Any, x: Any) -> Any:
    """A reduced gradient repeated to x's shape."""
    axes = prim.axes
    # one number (which NumPy may have made a scalar) needs no dims
    if not prim.keepdims and axes is not None and len(axes) < len(x.shape):
        g = xp.reshape(g, kept_shape(x.shape, axes))
    return xp.spread(g, x.shape)


def kept_shape(shape: Any, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple([1 if k in axes else n for k, n in enumerate(shape)])


def count(shape: Any, axes: tuple[int, ...] | None) -> int:
    """How many elements are reduced to one."""
    if axes is None:
        return math.prod(shape)
    n = 1
    for k, size in enumerate(shape):
        if k in axes:
            n *= size
    return n


def sum(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Sum of the elements, or of those along the given dims.

    input: (..., n, ...) -> (..., ...) or, with keepdim, (..., 1, ...). Booleans and integers sum as int64; float16 and
    bfloat16 accumulate in float32. dtype: convert first. axis, keepdims: NumPy's names of dim and keepdim. Raises
    DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> x = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> gt.sum(x), gt.sum(x, dim=0)
    (tensor(10.), tensor([4., 6.]))
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("sum", dim, keepdim, axis, keepdims)
    try:
        d = input.array.dtype
    except AttributeError:
        d = array_of("sum", input).dtype
    if out is not None:
        dtype, _ = of_out("sum", out, dtype, None)
    if dtype is not None:
        d = dtypes.numpy_dtype(dtype)
        input = cast(input, d)
    if d.kind in "biu":
        axes = _dims("sum", input, dim, keepdim)
        result = constant(Sum(axes, keepdim, INT64 if dtype is None else d), (input,))
        return result if out is None else into("sum", out, result)
    if dim is None and keepdim is False:
        result = apply1(SUM_ALL, input)
        return result if out is None else into("sum", out, result)
    result = apply1(Sum(_dims("sum", input, dim, keepdim), keepdim), input)
    return result if out is None else into("sum", out, result)


def nansum(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Sum of the elements that are not NaN, which get no gradient.

    As `sum`. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.nansum(gt.tensor([1.0, float("nan"), 2.0]))
    tensor(3.)
    """
    dim, keepdim = numpy_names("nansum", dim, keepdim, axis, keepdims)
    if array_of("nansum", input).dtype.kind == "c":
        raise DtypeError("nansum: not defined for complex numbers; sum the .real and .imag parts")
    if out is not None and input.array.dtype.kind in "biu":
        dtype, _ = of_out("nansum", out, dtype, None)
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
    if input.array.dtype in FLOATING:
        input = masked_fill(input, input != input, 0)
    result = sum(input, dim, keepdim, dtype=dtype)
    return result if out is None else into("nansum", out, result, real=True)


def mean(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Arithmetic mean of the elements, or of those along the given dims; nan for none.

    input: (..., n, ...), floating-point or complex -> (..., ...) or, with keepdim, (..., 1, ...). float16 and bfloat16
    accumulate in float32. dtype: convert first. axis, keepdims: NumPy's names. Raises DtypeError for integers and
    booleans without dtype=, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.mean(gt.tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("mean", dim, keepdim, axis, keepdims)
    try:
        d = input.array.dtype
    except AttributeError:
        d = array_of("mean", input).dtype
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
        d = input.array.dtype
    if d not in FLOATING:
        require_floating("mean", input)
    if out is not None:
        input = cast(input, _mean_dtype(out, dtype))
    if dim is None and keepdim is False:
        result = apply1(MEAN_ALL, input)
        return result if out is None else into("mean", out, result)
    result = apply1(Mean(_dims("mean", input, dim, keepdim), keepdim), input)
    return result if out is None else into("mean", out, result)


def nanmean(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Arithmetic mean of the elements that are not NaN, which get no gradient; nan where there are none.

    As `mean`.

    >>> import gputensor as gt
    >>> gt.nanmean(gt.tensor([1.0, float("nan"), 2.0]))
    tensor(1.5000)
    """
    dim, keepdim = numpy_names("nanmean", dim, keepdim, axis, keepdims)
    array_of("nanmean", input)
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
    require_floating("nanmean", input)
    known = input == input
    result = nansum(input, dim, keepdim) / sum(known, dim, keepdim)
    return result if out is None else into("nanmean", out, result, real=True)


def prod(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: int | None = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Product of the elements, or of those along one dim; 1 for none.

    input: (..., n, ...) -> (..., ...) or, with keepdim, (..., 1, ...). Booleans and integers multiply as int64; float16
    and bfloat16 accumulate in float32. dtype: convert first. The gradient is right where elements are zero, to any
    order. Raises DimError (an IndexError) for a dim out of range, TypeError for several dims.

    >>> import gputensor as gt
    >>> gt.prod(gt.tensor([2.0, 3.0, 4.0]))
    tensor(24.)
    """
    dim, keepdim = numpy_names("prod", dim, keepdim, axis, keepdims)
    check_keepdim("prod", keepdim)
    d = array_of("prod", input).dtype
    if out is not None:
        dtype, _ = of_out("prod", out, dtype, None)
    if dtype is not None:
        d = dtypes.numpy_dtype(dtype)
        input = cast(input, d)
    if dim is None and keepdim:
        raise TypeError("prod: keepdim needs a dim")
    one = None if dim is None else one_dim("prod", dim, input.array.ndim, input.array.shape)
    if d.kind in "biu":
        result = constant(Prod(one, keepdim, INT64 if dtype is None else d), (input,))
        return result if out is None else into("prod", out, result)
    result = apply1(PROD_ALL if one is None else Prod(one, keepdim), input)
    return result if out is None else into("prod", out, result)


def logsumexp(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Logarithm of the sum of exponentials along the given dims, without overflow; -inf for none.

    log(sum(exp(input))). input: (..., n, ...) -> (..., ...) or, with keepdim, (..., 1, ...); integers become the
    default dtype. Raises TypeError without a dim, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.logsumexp(gt.tensor([1000.0, 1000.0]), 0)
    tensor(1000.6932)
    """
    dim, keepdim = numpy_names("logsumexp", dim, keepdim, axis, keepdims)
    array_of("logsumexp", input)
    if dim is None:
        raise TypeError("logsumexp: dim is missing; use an int or a tuple of ints")
    result = apply1(LogSumExp(_dims("logsumexp", input, dim, keepdim), keepdim), as_floating(input))
    return result if out is None else into("logsumexp", out, result)


def all(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Whether all elements, or all along the given dims, are nonzero; True for none.

    The result is bool, uint8 for uint8 as in PyTorch. dim=() tests each element. Raises DimError (an IndexError) for a
    dim out of range.

    >>> import gputensor as gt
    >>> gt.all(gt.tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    dim, keepdim = numpy_names("all", dim, keepdim, axis, keepdims)
    result = _truth("all", AllNonzero, input, dim, keepdim)
    return result if out is None else into("all", out, _truth_for(out, result), exact=True)


def any(
    input: Tensor,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Whether any element, or any along the given dims, is nonzero; False for none.

    The result is bool, uint8 for uint8 as in PyTorch. dim=() tests each element. Raises DimError (an IndexError) for a
    dim out of range.

    >>> import gputensor as gt
    >>> gt.any(gt.tensor([[True, False], [False, False]]), dim=1)
    tensor([ True, False])
    """
    dim, keepdim = numpy_names("any", dim, keepdim, axis, keepdims)
    result = _truth("any", AnyNonzero, input, dim, keepdim)
    return result if out is None else into("any", out, _truth_for(out, result), exact=True)


def count_nonzero(input: Tensor, dim: Dim = None, *, axis: Dim = None) -> Tensor:
    """How many elements, or how many along the given dims, are nonzero, as int64. NaN counts.

    Raises DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.count_nonzero(gt.tensor([[0, 1], [2, 3]]), dim=0)
    tensor([1, 2])
    """
    dim, _ = numpy_names("count_nonzero", dim, False, axis, None)
    array_of("count_nonzero", input)
    return constant(CountNonzero(_dims("count_nonzero", input, dim, False)), (input,))


def _truth_for(out: Any, result: Any) -> Any:
    """The truth as bool or as uint8: PyTorch takes both in out, whatever the input is."""
    return cast(result, out.array.dtype) if getattr(out, "dtype", None) in (dtypes.bool_, dtypes.uint8) else result


def _mean_dtype(out: Any, dtype: Any) -> Any:
    """The mean is computed in the dtype of out."""
    d, _ = of_out("mean", out, dtype, None)
    if d not in FLOATING:
        raise DtypeError(f"mean: the mean is a fraction, which cannot be written into out of {dtype_name(d)}")
    return d


def _dims(name: str, input: Any, dim: Any, keepdim: Any) -> tuple[int, ...] | None:
    check_keepdim(name, keepdim)
    return many_dims(name, dim, input.array.ndim, input.array.shape)


def _truth(name: str, kind: Any, input: Any, dim: Any, keepdim: Any) -> Any:
    d = array_of(name, input).dtype
    axes = _dims(name, input, dim, keepdim)
    if axes is None and dim is not None:
        axes = ()  # unlike sums, as in PyTorch
    out = constant(kind(axes, keepdim), (input,))
    return cast(out, d) if d == dtypes.uint8.numpy else out


class ReductionMethods:
    """The reductions of a tensor."""

    __slots__ = ()

    def sum(
        self,
        dim: Dim = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.sum`."""
        return sum(self, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def nansum(
        self,
        dim: Dim = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.nansum`."""
        return nansum(self, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def mean(
        self,
        dim: Dim = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.mean`."""
        return mean(self, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def nanmean(
        self,
        dim: Dim = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.nanmean`."""
        return nanmean(self, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def prod(
        self,
        dim: int | None = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: int | None = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.prod`."""
        return prod(self, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def logsumexp(
        self, dim: Dim = None, keepdim: bool = False, *, axis: Dim = None, keepdims: bool | None = None
    ) -> Tensor:
        """See `gputensor.logsumexp`."""
        return logsumexp(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def all(self, dim: Dim = None, keepdim: bool = False, *, axis: Dim = None, keepdims: bool | None = None) -> Tensor:
        """See `gputensor.all`."""
        return all(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def any(self, dim: Dim = None, keepdim: bool = False, *, axis: Dim = None, keepdims: bool | None = None) -> Tensor:
        """See `gputensor.any`."""
        return any(self, dim, keepdim, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def count_nonzero(self, dim: Dim = None, *, axis: Dim = None) -> Tensor:
        """See `gputensor.count_nonzero`."""
        return count_nonzero(self, dim, axis=axis)  # type: ignore[arg-type]
