"""Norms of vectors and matrices in the form of `gputensor.linalg`, and condition numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, cast
from gputensor.core.autocasting import autocasts
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import dtype_name
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.axes import movedim
from gputensor.ops.dims import ABSENT, Dim, array_of, check_keepdim, many_dims, numpy_dim, numpy_names, one_dim
from gputensor.ops.extreme_values import amax, amin
from gputensor.ops.indexing import getitem
from gputensor.ops.matrix_arguments import floating, matrices, precise, square_shape
from gputensor.ops.norms import VectorNorm
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import count, sum as sum_of
from gputensor.ops.selection import where
from gputensor.ops.shape import unsqueeze
from gputensor.ops.signs import abs as abs_of
from gputensor.ops.singular_values import nuclear_norm, singular
from gputensor.ops.solving import inverted

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

INF = float("inf")
Order = float | str | None


def _converted(name: str, x: Any, dtype: Any, argument: str) -> Any:
    floating(name, x, argument)
    if dtype is None:
        return x
    have, want = x.array.dtype, numpy_dtype(dtype)
    if want.kind not in "fVc" or (have.kind == "c") != (want.kind == "c") or not _holds(have, want):
        raise DtypeError(
            f"{name}: dtype {dtype_name(want)} must be real or complex as the input is, and no narrower than its "
            f"{dtype_name(have)}"
        )
    return cast(x, want)


def _holds(have: Any, want: Any) -> bool:
    return have == want or have.itemsize < want.itemsize


def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of the elements along dims, or of all, as one vector: sum(|x|**ord)**(1/ord).

    ord: any number; inf and -inf give the largest and smallest |x|, 0 counts what is not 0. x: floating-point or
    complex; dtype: convert first. Returns real values. Raises DtypeError for other dtypes, ShapeError where ord is inf
    or negative and there is nothing to take the norm of, TypeError unless ord is a number, DimError (an IndexError) for
    a dim out of range.

    >>> import gputensor as gt
    >>> gt.linalg.vector_norm(gt.tensor([3.0, -4.0]))
    tensor(5.)
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("linalg.vector_norm", dim, keepdim, axis, keepdims)
    name = "linalg.vector_norm"
    if not isinstance(ord, (int, float)):
        raise TypeError(f"{name}: ord must be a number, got {type(ord).__name__} {ord!r}")
    result = _vector_norm(name, x, float(ord), dim, keepdim, dtype)
    return result if out is None else into(name, out, result, exact=True)


def _vector_norm(name: str, x: Any, order: float, dim: Any, keepdim: Any, dtype: Any) -> Any:
    check_keepdim(name, keepdim)
    x = _converted(name, x, dtype, "x")
    shape = tuple(x.array.shape)
    axes = many_dims(name, dim, len(shape), shape)
    reduced = [shape[k] for k in (range(len(shape)) if axes is None else axes)]
    if (order < 0 or order == INF) and 0 in (reduced if axes is not None else [count(shape, None)]):
        raise ShapeError(f"{name}: x of shape {shape} has nothing along dim {dim}, and ord={order} needs an element")
    return apply1(VectorNorm(order, axes, keepdim), x)


@autocasts("matrix_norm")
def matrix_norm(
    input: Tensor,
    ord: Order = "fro",
    dim: tuple[int, int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: Any = None,
    axis: tuple[int, int] | None = ABSENT,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of the matrices in two dims.

    ord: "fro" the length of all elements, "nuc" the sum of singular values, 2 and -2 the largest and smallest of them,
    1 and -1 the largest and smallest sum of |A| over a column, inf and -inf over a row. A: floating-point or complex,
    for "nuc" and 2 not of 16 bits; dtype: convert first. Returns real values. Raises DtypeError for other dtypes,
    ShapeError for fewer than 2 dims, twice the same one, and the smallest of nothing, ArgumentError for another ord.

    >>> import gputensor as gt
    >>> gt.linalg.matrix_norm(gt.tensor([[1.0, -2.0], [3.0, 4.0]]), float("inf"))
    tensor(7.)
    """
    name = "linalg.matrix_norm"
    if axis is not ABSENT:
        dim = numpy_dim(name, dim, axis, (-2, -1))
    if keepdims is not None:
        _, keepdim = numpy_names(name, None, keepdim, None, keepdims)
    result = _matrix_norm(name, input, ord, dim, keepdim, dtype)
    return result if out is None else into(name, out, result, exact=True)


def _matrix_norm(name: str, a: Any, order: Any, dim: Any, keepdim: Any, dtype: Any = None) -> Any:
    check_keepdim(name, keepdim)
    a = _converted(name, a, dtype, "A")
    shape = tuple(a.array.shape)
    if len(shape) < 2:
        raise ShapeError(f"{name}: A must have at least 2 dims, got shape {shape}")
    if not isinstance(dim, (tuple, list)) or len(dim) != 2:
        raise ShapeError(f"{name}: dim must be two dims, got {dim!r}")
    i, j = [one_dim(name, d, len(shape), shape) for d in dim]
    if i == j:
        raise ShapeError(f"{name}: the two dims must be different, got {dim!r}")
    if order == "fro":
        return apply1(VectorNorm(2.0, tuple(sorted((i, j))), keepdim), a)
    if order == "nuc":
        return nuclear_norm(name, a, (i, j), keepdim)
    if not isinstance(order, str) and order in (2, -2):
        x = _extreme(name, singular(movedim(precise(name, a), (i, j), (-2, -1))), -1, order > 0)
        return _kept(x, i, j) if keepdim else x
    if isinstance(order, str) or order not in (1, -1, INF, -INF):
        raise ArgumentError(f"{name}: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, got {order!r}")
    summed, other = (i, j) if abs(order) == 1 else (j, i)
    sums = apply1(VectorNorm(1.0, (summed,), False), a)
    x = _extreme(name, sums, other - (summed < other), order > 0)
    return _kept(x, i, j) if keepdim else x


def _kept(x: Any, i: int, j: int) -> Any:
    return unsqueeze(unsqueeze(x, min(i, j)), max(i, j))


def _extreme(name: str, values: Any, axis: int, largest: bool) -> Any:
    """The largest or smallest along an axis; the largest of nothing is 0."""
    if values.array.shape[axis]:
        return amax(values, axis) if largest else amin(values, axis)
    if not largest:
        raise ShapeError(f"{name}: an empty matrix has no smallest value")
    return sum_of(values, axis)


def linalg_norm(
    input: Tensor,
    ord: Order = None,
    dim: Dim = None,
    keepdim: bool = False,
    *,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
) -> Tensor:
    """`vector_norm` for one dim, `matrix_norm` for two.

    Without ord the length of all elements along dim. With ord and without dim, A must have 1 or 2 dims. Raises
    ShapeError for other dims, and as the two.

    >>> import gputensor as gt
    >>> gt.linalg.norm(gt.tensor([[3.0, 0.0], [0.0, 4.0]])), gt.linalg.norm(gt.tensor([[3.0, 0.0], [0.0, 4.0]]), 2)
    (tensor(5.), tensor(4.))
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("linalg.norm", dim, keepdim, axis, keepdims)
    name = "linalg.norm"
    ndim = array_of(name, input, "A").ndim
    dims = None if dim is None else tuple(dim) if isinstance(dim, (tuple, list)) else (dim,)
    if dims is not None and len(dims) not in (1, 2):
        raise ShapeError(f"{name}: dim must be one or two dims, got {dim!r}")
    if ord is None:
        x = _vector_norm(name, input, 2.0, dims, keepdim, dtype)
    elif dims is None and ndim not in (1, 2):
        raise ShapeError(f"{name}: with ord and without dim, A must have 1 or 2 dims, got {tuple(input.array.shape)}")
    elif isinstance(ord, str) or (ndim if dims is None else len(dims)) == 2:
        x = _matrix_norm(name, input, ord, (-2, -1) if dims is None else dims, keepdim, dtype)
    else:
        x = _vector_norm(name, input, float(ord), dims, keepdim, dtype)
    return x if out is None else into(name, out, x, exact=True)


@autocasts("cond")
def cond(input: Tensor, p: Order = None, *, out: Tensor | None = None) -> Tensor:
    """The condition numbers of matrices, norm(A) * norm(inv(A)): (..., m, n) -> (...), real.

    p: None and 2 the largest over the smallest singular value, -2 the other way, for any matrices; the other orders of
    `matrix_norm` for square ones. Infinite for singular matrices. Raises ShapeError for fewer than 2 dims, DtypeError
    unless float32, float64 or complex, ArgumentError for another p.

    >>> import gputensor as gt
    >>> gt.linalg.cond(gt.tensor([[4.0, 0.0], [0.0, 2.0]]))
    tensor(2.)
    """
    name = "linalg.cond"
    a = matrices(name, input)
    if p not in (None, "fro", "nuc", 1, -1, 2, -2, INF, -INF):
        raise ArgumentError(f"{name}: p must be None, 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, got {p!r}")
    if isinstance(p, str):
        square_shape(name, a)
    if not a.array.shape[-1] or not a.array.shape[-2]:
        x = sum_of(abs_of(a), (-2, -1))
    elif p in (None, 2, -2):
        s = singular(a)
        first, last = getitem(s, (Ellipsis, 0)), getitem(s, (Ellipsis, -1))
        x = last / first if p == -2 else first / last
    else:
        x = _by_inverse(name, square_shape(name, a), p)
    return x if out is None else into(name, out, x)


def _by_inverse(name: str, a: Any, p: Any) -> Any:
    if p == "nuc":
        s = singular(a)
        return sum_of(s, -1) * sum_of(1 / s, -1)
    inverse, info = inverted(name, a)
    return where(
        info != 0, INF, _matrix_norm(name, a, p, (-2, -1), False) * _matrix_norm(name, inverse, p, (-2, -1), False)
    )
