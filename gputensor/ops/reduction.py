"""Reductions: sums, means, products and variances over dims. 16-bit floats accumulate in float32."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import apply1, cast, require_floating
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.ops.dims import Dim, many_dims

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Sum(Primitive):
    __slots__ = ("axes", "keepdims")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sum(x, self.axes, self.keepdims)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return spread(self, xp, g, x)


class Mean(Primitive):
    """A primitive, not a sum times 1/n: the sum of a float16 tensor may overflow where its mean does not."""

    __slots__ = ("axes", "keepdims")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.mean(x, self.axes, self.keepdims)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        n = count(x.shape, self.axes)
        return spread(self, xp, g / n if n else g, x)


SUM_ALL, MEAN_ALL = Sum(None, False), Mean(None, False)


def spread(prim: Any, xp: Any, g: Any, x: Any) -> Any:
    """A reduced gradient repeated to x's shape."""
    if not prim.keepdims and prim.axes is not None:
        g = xp.reshape(g, kept_shape(x.shape, prim.axes))
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


def sum(input: Tensor, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Sum of the elements, or of those along the given dims.

    input: (..., n, ...) -> (..., ...) or, with keepdim, (..., 1, ...). Booleans and integers sum as int64; float16 and bfloat16
    accumulate in float32. dtype: convert first. Raises DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> x = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> gt.sum(x), gt.sum(x, dim=0)
    (tensor(10.), tensor([4., 6.]))
    """
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
    elif input.array.dtype.kind in "biu":
        input = cast(input, dtypes.int64.numpy)
    if dim is None and not keepdim:
        return apply1(SUM_ALL, input)
    return apply1(Sum(many_dims("sum", dim, input.array.ndim, input.array.shape), keepdim), input)


def mean(input: Tensor, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Arithmetic mean of the elements, or of those along the given dims; nan for none.

    input: (..., n, ...), floating-point or complex -> (..., ...) or, with keepdim, (..., 1, ...). float16 and bfloat16 accumulate in
    float32. Raises DtypeError for integers and booleans without dtype=, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.mean(gt.tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
    if input.array.dtype not in FLOATING:
        require_floating("mean", input)
    if dim is None and not keepdim:
        return apply1(MEAN_ALL, input)
    return apply1(Mean(many_dims("mean", dim, input.array.ndim, input.array.shape), keepdim), input)


class ReductionMethods:
    """The reductions of a tensor."""

    __slots__ = ()

    def sum(self, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
        """See `gputensor.sum`."""
        return sum(self, dim, keepdim, dtype=dtype)  # type: ignore[arg-type]

    def mean(self, dim: Dim = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
        """See `gputensor.mean`."""
        return mean(self, dim, keepdim, dtype=dtype)  # type: ignore[arg-type]
