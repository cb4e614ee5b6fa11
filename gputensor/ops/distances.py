"""Distances between all pairs of vectors, between two tensors, and vectors cut to a norm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.kernels import DISTANCES
from gputensor.core.apply import apply1, applyn, binary, cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.arithmetic import sub
from gputensor.ops.dims import NEEDED, array_of, numpy_dim, one_dim
from gputensor.ops.expanding import broadcast_shapes, broadcast_to
from gputensor.ops.gathering import Gather
from gputensor.ops.indexing import getitem
from gputensor.ops.joining import cat
from gputensor.ops.norms import INF, VectorNorm, norm
from gputensor.ops.operands import REAL, rewrite
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where
from gputensor.ops.shape import reshape

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

MANY = 25  # rows from which on products are used for p = 2, as in PyTorch
BLOCK = 2**22  # differences held at once
MODES = (
    "use_mm_for_euclid_dist_if_necessary",
    "use_mm_for_euclid_dist",
    "donot_use_mm_for_euclid_dist",
)


class EuclideanByProducts(Primitive):
    """sqrt(|x|**2 + |y|**2 - 2 x y): one matrix product, where the differences would take (rows, rows, width) numbers.

    A primitive: the gradient is 0 where the distance is, and goes through matrix products too.
    """

    __slots__ = ()
    saves = ("x", "y", "out")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        squares = xp.sum(x * x, (x.ndim - 1,), True) + _turned(xp, xp.sum(y * y, (y.ndim - 1,), True))
        square = squares - 2 * xp.matmul(x, _turned(xp, y))
        return xp.sqrt(xp.maximum(square, xp.zeros_like(square)))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        ratio = _over(xp, g, out)
        return x * xp.sum(ratio, (len(ratio.shape) - 1,), True) - xp.matmul(ratio, y)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        ratio = _turned(xp, _over(xp, g, out))
        return y * xp.sum(ratio, (len(ratio.shape) - 1,), True) - xp.matmul(ratio, x)


class Distances(Primitive):
    """x: (..., p, n), y: (..., r, n) -> (..., p, r): norms of differences, block by block of columns.

    A primitive: only a block of the (p, r, n) differences is held at once, in the gradient too, which is 0 at zeros.
    """

    __slots__ = ("p",)
    saves = ("x", "y", "out")
    kernels = DISTANCES

    def __init__(self, p: float) -> None:
        self.p = p

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        p = self.p
        total = None
        for part in _blocks(x, y):
            size = xp.abs(_differences(xp, x, y, part))
            last = (size.ndim - 1,)
            if p == INF:
                found = xp.max(size, last, False)
                total = found if total is None else xp.maximum(total, found)
                continue
            if p == 0:
                size = xp.where(size == size, xp.astype(size != 0, x.dtype), size)
            elif p != 1:
                size = size * size if p == 2 else xp.pow(size, xp.scalar(p, x.dtype))
            found = xp.sum(size, last, False)
            total = found if total is None else total + found
        if total is None:
            return xp.sum(_differences(xp, x, y, slice(None)), (x.ndim,), False)
        if p in (0, 1, INF):
            return total
        return xp.sqrt(total) if p == 2 else xp.pow(total, xp.scalar(1 / p, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return self._gradient(xp, g, out, x, y, len(x.shape) - 1)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -self._gradient(xp, g, out, x, y, len(x.shape) - 2)

    def _gradient(self, xp: Any, g: Any, out: Any, x: Any, y: Any, axis: int) -> Any:
        """The gradient of the differences, summed over the rows of the other operand."""
        p = self.p
        parts = []
        nothing = xp.astype(out == 0, x.dtype)
        for part in _blocks(x, y):
            d = _differences(xp, x, y, part)
            if p == 0:
                parts.append(xp.sum(xp.zeros_like(d), (axis,), False))
                continue
            if p == 2:
                grown = xp.expand_dims(_over(xp, g, out), (len(x.shape),)) * d
            elif p == 1:
                grown = xp.expand_dims(g, (len(x.shape),)) * xp.sign(d)
            elif p == INF:
                largest = xp.astype(xp.abs(d) == xp.expand_dims(out, (len(x.shape),)), x.dtype)
                grown = xp.expand_dims(g, (len(x.shape),)) * xp.sign(d) * largest
            else:
                zero = xp.astype(d == 0, x.dtype)
                # the ratio to the distance first: neither power can overflow; both are made 1 where they are 0
                ratio = (xp.abs(d) + zero) / xp.expand_dims(out + nothing, (len(x.shape),))
                grown = xp.expand_dims(g, (len(x.shape),)) * xp.sign(d) * ratio ** (p - 1)
            parts.append(xp.sum(grown, (axis,), False))
        if not parts:
            return xp.zeros_like(x if axis == len(x.shape) - 1 else y)
        return parts[0] if len(parts) == 1 else xp.concat(parts, len(x.shape) - 1)


def _blocks(x: Any, y: Any) -> list[slice]:
    """The columns in parts, such that the differences of one stay small."""
    *batch, rows, width = x.shape
    step = max(BLOCK // max(math.prod(batch) * rows * y.shape[-2], 1), 1)
    return [slice(k, min(k + step, width)) for k in range(0, width, step)]


def _differences(xp: Any, x: Any, y: Any, part: slice) -> Any:
    a, b = xp.getitem(x, (..., part)), xp.getitem(y, (..., part))
    n = len(x.shape)
    return xp.expand_dims(a, (n - 1,)) - xp.expand_dims(b, (n - 2,))


def _turned(xp: Any, x: Any) -> Any:
    n = len(x.shape)
    return xp.permute_dims(x, (*range(n - 2), n - 1, n - 2))


def _over(xp: Any, g: Any, out: Any) -> Any:
    """g / out, and 0 where out is."""
    zero = xp.astype(out == 0, out.dtype)
    return g * (1 - zero) / (out + zero)


BY_PRODUCTS = EuclideanByProducts()


@autocasts("cdist")
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str = MODES[0]) -> Tensor:
    """The p-norms of the differences of every row of x1 and every row of x2.

    x1: (..., p, n), x2: (..., r, n), real floating-point of one dtype, batch dims broadcast -> (..., p, r). p: at least
    0; 0 counts differing columns, inf takes the largest difference. compute_mode: "use_mm_for_euclid_dist_if_necessary"
    takes matrix products for p = 2 and more than 25 rows, which is quick but loses digits of distances that are small
    beside the vectors; "use_mm_for_euclid_dist" always does, "donot_use_mm_for_euclid_dist" never. The gradient is 0
    where a distance is, to any order. Raises DtypeError for other dtypes, ShapeError for fewer than two dims and widths
    that differ, ValueError for a negative p or another mode. Unlike torch: second derivatives exist, 16-bit floats are
    taken on the CPU, and nan stays nan for p = inf.

    >>> import gputensor as gt
    >>> gt.cdist(gt.tensor([[0.0, 0.0], [3.0, 0.0]]), gt.tensor([[3.0, 4.0]]))
    tensor([[5.],
            [4.]])
    """
    a, b = array_of("cdist", x1, "x1"), array_of("cdist", x2, "x2")
    _check_real("cdist", x1, x2)
    if a.dtype != b.dtype:
        raise DtypeError(f"cdist: x1 and x2 must have one dtype, got {describe(x1)} and {describe(x2)}; convert one")
    if a.ndim < 2 or b.ndim < 2:
        raise ShapeError(f"cdist: x1 and x2 need at least 2 dims, got shapes {tuple(a.shape)} and {tuple(b.shape)}")
    if a.shape[-1] != b.shape[-1]:
        raise ShapeError(f"cdist: the last dims must agree, got shapes {tuple(a.shape)} and {tuple(b.shape)}")
    order = _order("cdist", p)
    if compute_mode not in MODES:
        raise ArgumentError(f"cdist: compute_mode must be one of {', '.join(MODES)}, got {compute_mode!r}")
    if a.shape[:-2] != b.shape[:-2]:
        batch = broadcast_shapes(a.shape[:-2], b.shape[:-2])
        x1, x2 = broadcast_to(x1, (*batch, *a.shape[-2:])), broadcast_to(x2, (*batch, *b.shape[-2:]))
    many = a.shape[-2] > MANY or b.shape[-2] > MANY
    products = order == 2 and (compute_mode == MODES[1] or (compute_mode != MODES[2] and many))
    return _paired(BY_PRODUCTS if products and a.shape[-1] else Distances(order), x1, x2)


@autocasts("pdist")
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norms of the differences of every row and every later one: the upper triangle of `cdist`, row by row.

    input: (n, width), real floating-point -> (n (n - 1) / 2). Raises as `cdist`, and ShapeError for other than 2 dims.
    Unlike torch: second derivatives exist.

    >>> import gputensor as gt
    >>> gt.pdist(gt.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    tensor([5.0000, 1.0000, 4.2426])
    """
    a = array_of("pdist", input)
    _check_real("pdist", input)
    if a.ndim != 2:
        raise ShapeError(f"pdist: expected 2 dims, got shape {tuple(a.shape)}")
    rows, xp, prim = a.shape[0], input.xp, Distances(_order("pdist", p))
    # narrow blocks: of each, what lies below the diagonal is computed for nothing
    step = max(min(BLOCK // max(rows, 1), max(rows // 16, 64)), 1)
    parts = []
    # a block of rows beside all later ones: the whole square is never held
    for k in range(0, max(rows, 1), step):
        found = _paired(prim, getitem(input, slice(k, min(k + step, rows))), getitem(input, slice(k, None)))
        height, width = found.array.shape
        places = xp.from_host(np.flatnonzero(~np.tri(height, width, 0, bool)))
        parts.append(applyn(Gather(0, True), (reshape(found, (found.array.size,)), wrap(places, xp))))
    return parts[0] if len(parts) == 1 else cat(parts)


@autocasts("dist")
def dist(input: Tensor, other: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm of input - other, as of one vector.

    Shapes broadcast, dtypes promote; a real 0-d tensor. The gradient is 0 where the distance is. Raises DtypeError for
    integers.

    >>> import gputensor as gt
    >>> gt.dist(gt.tensor([1.0, 2.0]), gt.tensor([4.0, 6.0]))
    tensor(5.)
    """
    array_of("dist", input)
    array_of("dist", other, "other")
    check_number("dist", "p", p)
    return norm(sub(input, other), float(p))


@autocasts("renorm")
def renorm(
    input: Tensor,
    p: float,
    dim: int = NEEDED,
    maxnorm: float = NEEDED,
    *,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Every slice along dim whose p-norm is above maxnorm, scaled down to it.

    input: floating-point or complex, at least two dims; returns its shape. A slice is input[..., i, ...] at dim; it is
    multiplied by maxnorm / (norm + 1e-7). Raises DtypeError for integers, ShapeError for fewer than two dims,
    ValueError for p <= 0 or a negative maxnorm, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.renorm(gt.tensor([[1.0, 1.0], [6.0, 6.0]]), 1, 0, 6.0)
    tensor([[1., 1.],
            [3., 3.]])
    """
    if axis is not None:
        dim = numpy_dim("renorm", dim, axis)
    a = array_of("renorm", input)
    check_number("renorm", "p", p)
    check_number("renorm", "maxnorm", maxnorm)
    if a.dtype not in FLOATING:
        raise DtypeError(f"renorm: expected a floating-point or complex tensor, got {describe(input)}; use .float()")
    if a.ndim < 2:
        raise ShapeError(f"renorm: input needs at least 2 dims, got shape {tuple(a.shape)}")
    if not float(p) > 0:
        raise ArgumentError(f"renorm: p must be above 0, got {p}")
    if not float(maxnorm) >= 0:
        raise ArgumentError(f"renorm: maxnorm must not be negative, got {maxnorm}")
    axis = one_dim("renorm", dim, a.ndim, a.shape)
    x = cast(input, F32) if a.dtype in HALF else input
    size = apply1(VectorNorm(float(p), tuple([k for k in range(a.ndim) if k != axis]), True), x)
    factor = where(size > maxnorm, maxnorm / (size + 1e-7), 1.0)
    result = cast(x * factor, a.dtype)
    return result if out is None else into("renorm", out, result, exact=True)


def _check_real(name: str, *xs: Any) -> None:
    for x in xs:
        if x.array.dtype not in REAL:
            raise DtypeError(f"{name}: expected real floating-point tensors, got {describe(x)}; convert it")


def _order(name: str, p: Any) -> float:
    check_number(name, "p", p)
    order = float(p)
    if not order >= 0:
        raise ArgumentError(f"{name}: p must not be negative, got {p}")
    return order


def _paired(prim: Primitive, x: Any, y: Any) -> Any:
    d = x.array.dtype
    return cast(binary(prim, cast(x, F32), cast(y, F32)), d) if d in HALF else binary(prim, x, y)


class DistanceMethods:
    """The distances of a tensor."""

    __slots__ = ()

    def dist(self, other: Tensor, p: float = 2.0) -> Tensor:
        """See `gputensor.dist`."""
        return dist(self, other, p)  # type: ignore[arg-type]

    def renorm(self, p: float, dim: int = NEEDED, maxnorm: float = NEEDED, *, axis: int | None = None) -> Tensor:
        """See `gputensor.renorm`."""
        return renorm(self, p, dim, maxnorm, axis=axis)  # type: ignore[arg-type]

    def renorm_(self, p: float, dim: int = NEEDED, maxnorm: float = NEEDED, *, axis: int | None = None) -> Tensor:
        """`renorm` in place."""
        if axis is not None:
            dim = numpy_dim("renorm_", dim, axis)
        return rewrite(self, renorm, p, dim, maxnorm)
