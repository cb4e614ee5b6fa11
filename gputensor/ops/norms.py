"""Norms of vectors. 16-bit floats accumulate in float32."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import apply1, cast
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import Dim, array_of, check_keepdim, many_dims, numpy_names
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import count, spread
from gputensor.ops.singular_values import nuclear_norm
from gputensor.ops.widening import narrowed, widened

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

INF = float("inf")


class VectorNorm(Primitive):
    """(sum of |x|**p)**(1/p), and its limits; the gradient is 0 where PyTorch sets it to 0: at zeros."""

    __slots__ = ("axes", "keepdims", "p")
    grad_name = "LinalgVectorNormBackward0"
    saves = ("x", "out")

    def __init__(self, p: float, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        self.p = p
        self.axes = axes
        self.keepdims = keepdims

    def forward(self, xp: Any, x: Any) -> Any:
        wide = widened(xp, x)
        size = xp.abs(wide)
        p, axes, keep = self.p, self.axes, self.keepdims
        if count(x.shape, axes) == 1 and p != 0:
            out = xp.sum(size, axes, keep)  # exact where the square would overflow
        elif p == 2:
            out = xp.sqrt(xp.sum(size * size, axes, keep))
        elif p == 1:
            out = xp.sum(size, axes, keep)
        elif p == INF:
            out = xp.max(size, axes, keep)
        elif p == -INF:
            out = xp.min(size, axes, keep)
        elif p == 0:
            out = xp.sum(xp.astype(xp.not_equal(wide, 0), size.dtype), axes, keep)
        else:
            out = xp.pow(xp.sum(xp.pow(size, xp.scalar(p, size.dtype)), axes, keep), xp.scalar(1 / p, size.dtype))
        return narrowed(xp, out, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        p = self.p
        if p == 0:
            return xp.zeros_like(x)
        x, g, out = widened(xp, x), widened(xp, g), widened(xp, out)
        if p == 2:
            zero = xp.astype(out == 0, out.dtype)
            return x * spread(self, xp, g * (1 - zero) / (out + zero), x)
        size = xp.abs(x)
        zeros = xp.astype(size == 0, size.dtype)
        direction = _direction(xp, x, size, zeros)
        if p == 1:
            return direction * spread(self, xp, g, x)
        total = spread(self, xp, out, x)
        if abs(p) == INF:
            ties = xp.astype(size == total, size.dtype) + xp.astype(size != size, size.dtype) * xp.astype(
                total != total, size.dtype
            )
            return direction * (ties * (spread(self, xp, g, x) / xp.sum(ties, self.axes, True)))
        # the ratio to the norm first: neither power can overflow; both are made 1 where they are 0
        nothing = xp.astype(total == 0, total.dtype)
        ratio = (size + zeros) / (total + nothing)
        return direction * (spread(self, xp, g, x) * (1 - nothing) * (1 - zeros) * ratio ** (p - 1))


def _direction(xp: Any, x: Any, size: Any, zeros: Any) -> Any:
    """x / |x|; 0 at 0, and for a real NaN as in PyTorch."""
    if x.dtype != size.dtype:  # complex
        return x / (size + zeros)
    return xp.astype(x > 0, size.dtype) - xp.astype(x < 0, size.dtype)


def norm(
    input: Tensor,
    p: float | str | None = "fro",
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Norm of all elements as one vector, or of those along the given dims.

    p: 2 and "fro" give sqrt(sum(|x|**2)), inf and -inf the largest and smallest |x|, 0 the number of nonzero elements,
    other numbers sum(|x|**p)**(1/p); "nuc" the sum of singular values over two dims. input: floating-point or complex,
    (..., n, ...) -> (..., ...) or, with keepdim, (..., 1, ...), real. dtype: convert first. Raises DtypeError for
    integers and booleans, ShapeError for the largest or smallest of nothing and for "fro" over more than two dims,
    ValueError for another p, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.norm(gt.tensor([3.0, 4.0])), gt.norm(gt.tensor([[3.0, -4.0], [1.0, 0.0]]), 1, dim=1)
    (tensor(5.), tensor([7., 1.]))
    """
    dim, keepdim = numpy_names("norm", dim, keepdim, axis, keepdims)
    a = array_of("norm", input)
    check_keepdim("norm", keepdim)
    if a.dtype not in FLOATING:
        raise DtypeError(
            f"norm: expected a floating-point or complex tensor, got {describe(input)}; convert it with .float()"
        )
    if dtype is not None:
        input = cast(input, dtypes.numpy_dtype(dtype))
    axes = many_dims("norm", dim, a.ndim, a.shape)
    if isinstance(p, str):
        if p == "nuc":
            result = nuclear_norm("norm", input, dim, keepdim)
            return result if out is None else into("norm", out, result)
        if p != "fro":
            raise ValueError(
                f"norm: p must be a number, inf, -inf, 'fro' or 'nuc', got {p!r}; infinity is float('inf')"
            )
        if axes is not None and len(axes) > 2:
            raise ShapeError(f"norm: p='fro' takes at most 2 dims, got {dim}; use p=2")
    order = 2.0 if p is None or p == "fro" else float(p)
    if (order == INF or order < 0) and count(a.shape, axes) == 0:
        raise ShapeError(
            f"norm: x of shape {tuple(a.shape)} has nothing to take the largest or smallest of along dim {dim}"
        )
    result = apply1(VectorNorm(order, axes, keepdim), input)
    return result if out is None else into("norm", out, result)


class NormMethods:
    """The norms of a tensor."""

    __slots__ = ()

    def norm(
        self,
        p: float | str | None = "fro",
        dim: Dim = None,
        keepdim: bool = False,
        dtype: Any = None,
        *,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.norm`."""
        return norm(self, p, dim, keepdim, dtype=dtype, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]
