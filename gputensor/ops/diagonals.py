"""Diagonals and triangles of matrices."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import apply1, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.primitive import Primitive
from gputensor.core.views import as_view
from gputensor.core.writes import ViewPut, write
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import checked, one_dim, one_int
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import sum as sum_of
from gputensor.ops.shape import ravel

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Diagonal(Primitive):
    """x: (..., n, ..., m, ...) -> (..., k): the elements with equal indices, offset apart, along two axes."""

    __slots__ = ("axis1", "axis2", "offset")
    view = True

    def __init__(self, offset: int, axis1: int, axis2: int) -> None:
        self.offset, self.axis1, self.axis2 = offset, axis1, axis2

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.diagonal(x, self.offset, self.axis1, self.axis2)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.view_put(g, x.shape, x.dtype, (self,))


class Tril(Primitive):
    __slots__ = ("k",)

    def __init__(self, k: int) -> None:
        self.k = k

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.tril(x, self.k)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.tril(g, self.k)


class Triu(Primitive):
    __slots__ = ("k",)

    def __init__(self, k: int) -> None:
        self.k = k

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.triu(x, self.k)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.triu(g, self.k)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of the matrices in two dims, as a view with the diagonal in the last dim.

    offset: above the main diagonal for positive numbers, below for negative ones. Raises ShapeError for twice the same
    dim, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.diagonal(gt.tensor([[1, 2], [3, 4]])), gt.diagonal(gt.tensor([[1, 2], [3, 4]]), 1)
    (tensor([1, 4]), tensor([2]))
    """
    x = checked("diagonal", input)
    shape = x.array.shape
    i, j = _plane("diagonal", dim1, dim2, len(shape), shape)
    k = one_int("diagonal", "offset", offset)
    # beyond the corner there is nothing, however far
    k = max(-shape[i], min(k, shape[j]))
    prim = Diagonal(k, i, j)
    return as_view(prim, x, prim.forward(x.xp, x.array))


def diag(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix; a copy.

    diagonal: above the main one for positive numbers, below for negative ones. Raises ShapeError unless there are 1 or
    2 dims.

    >>> import gputensor as gt
    >>> gt.diag(gt.tensor([1, 2])), gt.diag(gt.tensor([[1, 2], [3, 4]]))
    (tensor([[1, 0],
            [0, 2]]), tensor([1, 4]))
    """
    n = checked("diag", input).array.ndim
    if n not in (1, 2):
        raise ShapeError(
            f"diag: expected 1 or 2 dims, got x of shape {tuple(input.array.shape)}; use diagonal() or diag_embed()"
        )
    result = diag_embed(input, diagonal) if n == 1 else _diagonal_of(input, diagonal).clone()
    return result if out is None else into("diag", out, result, exact=True)


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices, in two new dims, with the last dim of input on their diagonal and zeros elsewhere.

    input: (..., n) -> (..., n + abs(offset), n + abs(offset)), the new dims at places dim1 and dim2 of the result.
    Raises ShapeError for twice the same dim, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.diag_embed(gt.tensor([1, 2]), 1)
    tensor([[0, 1, 0],
            [0, 0, 2],
            [0, 0, 0]])
    """
    x = checked("diag_embed", input)
    shape = x.array.shape
    ndim = len(shape) + 1
    i, j = _plane("diag_embed", dim1, dim2, ndim, shape)
    k = one_int("diag_embed", "offset", offset)
    full = list(shape[:-1])
    for axis in sorted((i, j)):
        full.insert(axis, shape[-1] + abs(k))
    return apply1(ViewPut(tuple(full), x.array.dtype, (Diagonal(k, i, j),)), x)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix with all elements, in row-major order, on its diagonal.

    >>> import gputensor as gt
    >>> gt.diagflat(gt.tensor([[1], [2]]))
    tensor([[1, 0],
            [0, 2]])
    """
    return diag_embed(ravel(checked("diagflat", input)), offset)


def tril(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The lower triangles of matrices, zeros above; a copy.

    input: (..., n, m). diagonal: how far above the main diagonal the last one kept lies. Raises ShapeError for fewer
    than 2 dims.

    >>> import gputensor as gt
    >>> gt.tril(gt.ones(2, 2))
    tensor([[1., 0.],
            [1., 1.]])
    """
    result = apply1(Tril(_triangle("tril", input, diagonal)), input)
    return result if out is None else into("tril", out, result, exact=True)


def triu(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The upper triangles of matrices, zeros below; a copy.

    input: (..., n, m). diagonal: how far above the main diagonal the first one kept lies. Raises ShapeError for fewer
    than 2 dims.

    >>> import gputensor as gt
    >>> gt.triu(gt.ones(2, 2), 1)
    tensor([[0., 1.],
            [0., 0.]])
    """
    result = apply1(Triu(_triangle("triu", input, diagonal)), input)
    return result if out is None else into("triu", out, result, exact=True)


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """The row and column numbers of the lower triangle of a (row, col) matrix, row by row: (2, count), int64 or int32.

    Raises ShapeError for negative sizes, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.tril_indices(2, 2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    return _triangle_places(
        "tril_indices", row, col, lambda n, m: (0, np.arange(n) + (operator.index(offset) + 1)), dtype, device
    )


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """The row and column numbers of the upper triangle of a (row, col) matrix, row by row: (2, count), int64 or int32.

    Raises ShapeError for negative sizes, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.triu_indices(2, 2)
    tensor([[0, 0, 1],
            [0, 1, 1]])
    """
    return _triangle_places(
        "triu_indices", row, col, lambda n, m: (np.arange(n) + operator.index(offset), m), dtype, device
    )


@autocasts("trace")
def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix; of integers as int64. Raises ShapeError unless there are 2 dims.

    >>> import gputensor as gt
    >>> gt.trace(gt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    if checked("trace", input).array.ndim != 2:
        raise ShapeError(
            f"trace: expected a matrix, got x of shape {tuple(input.array.shape)}; use diagonal().sum() on batches"
        )
    return sum_of(diagonal(input))


def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of the matrices in the last two dims, or in two others: `gputensor.diagonal`; a view.

    >>> import gputensor as gt
    >>> gt.linalg.diagonal(gt.ones(4, 2, 3)).shape
    gputensor.Size([4, 2])
    """
    return diagonal(A, offset, dim1, dim2)


_diagonal_of = diagonal  # `diag` has a parameter of this name


def _plane(name: str, dim1: Any, dim2: Any, ndim: int, shape: Any) -> tuple[int, int]:
    i, j = one_dim(name, dim1, ndim, shape), one_dim(name, dim2, ndim, shape)
    if ndim < 2:
        raise ShapeError(f"{name}: expected at least {2 - ndim + len(shape)} dims, got x of shape {tuple(shape)}")
    if i == j:
        raise ShapeError(f"{name}: dim1 and dim2 must be different, got {dim1} and {dim2}")
    return i, j


def _triangle(name: str, x: Any, k: Any) -> int:
    if checked(name, x).array.ndim < 2:
        raise ShapeError(f"{name}: expected at least 2 dims, got x of shape {tuple(x.array.shape)}")
    return one_int(name, "diagonal", k)


def _triangle_places(name: str, row: Any, col: Any, bounds: Any, dtype: Any, device: Any) -> Any:
    """bounds(n, m): for every row the first column and the one behind the last, before they are cut to the matrix."""
    n, m = one_int(name, "row", row), one_int(name, "col", col)
    if n < 0 or m < 0:
        raise ShapeError(f"{name}: sizes must not be negative, got {n} and {m}")
    d = np.dtype(np.int64) if dtype is None else numpy_dtype(dtype)
    if d not in (np.int64, np.int32):
        raise DtypeError(f"{name}: dtype must be int64 or int32, got {d.name}")
    xp = namespace_of(device)
    start, stop = [np.clip(bound, 0, m) for bound in bounds(n, m)]
    counts = np.broadcast_to(np.maximum(stop - start, 0), (n,))
    ends = np.cumsum(counts)
    places = np.empty((2, int(ends[-1]) if n else 0), d)
    places[0] = np.repeat(np.arange(n, dtype=d), counts)
    # each row's run of numbers, at the place where it is written
    np.subtract(np.arange(places.shape[1]), np.repeat(ends - counts - start, counts), out=places[1], casting="unsafe")
    return wrap(xp.from_host(places), xp)


class DiagonalMethods:
    """The diagonals and triangles of a tensor."""

    __slots__ = ()
    array: Any

    def diagonal(self, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
        """See `gputensor.diagonal`."""
        return diagonal(self, offset, dim1, dim2)  # type: ignore[arg-type]

    def diag(self, diagonal: int = 0) -> Tensor:
        """See `gputensor.diag`."""
        return diag(self, diagonal)  # type: ignore[arg-type]

    def diag_embed(self, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
        """See `gputensor.diag_embed`."""
        return diag_embed(self, offset, dim1, dim2)  # type: ignore[arg-type]

    def diagflat(self, offset: int = 0) -> Tensor:
        """See `gputensor.diagflat`."""
        return diagflat(self, offset)  # type: ignore[arg-type]

    def tril(self, diagonal: int = 0) -> Tensor:
        """See `gputensor.tril`."""
        return tril(self, diagonal)  # type: ignore[arg-type]

    def tril_(self, diagonal: int = 0) -> Tensor:
        """`tril` in place."""
        return write(self, Tril(_triangle("tril_", self, diagonal)))

    def triu(self, diagonal: int = 0) -> Tensor:
        """See `gputensor.triu`."""
        return triu(self, diagonal)  # type: ignore[arg-type]

    def triu_(self, diagonal: int = 0) -> Tensor:
        """`triu` in place."""
        return write(self, Triu(_triangle("triu_", self, diagonal)))

    def fill_diagonal_(self, fill_value: Any, wrap: bool = False) -> Tensor:
        """The elements whose indices are all equal set to a number or a 0-d tensor, in place.

        wrap: below the last row that the diagonal of a tall matrix reaches, one row is left out and it begins anew.
        Raises ShapeError for fewer than 2 dims, and for more where their sizes differ; and as `fill_`.

        >>> import gputensor as gt
        >>> gt.zeros(4, 2).fill_diagonal_(1, wrap=True)
        tensor([[1., 0.],
                [0., 1.],
                [0., 0.],
                [1., 0.]])
        """
        x: Any = self
        shape = tuple(x.array.shape)
        if len(shape) < 2 or (len(shape) > 2 and len(set(shape)) > 1):
            raise ShapeError(f"fill_diagonal_: expected a matrix, or more dims of one size, got shape {shape}")
        block = shape[1] + 1
        if wrap and len(shape) == 2 and shape[0] > block:
            whole = shape[0] // block
            x[: whole * block].unflatten(0, (whole, block))[:, :-1].diagonal(0, 1, 2).fill_(fill_value)
            x[whole * block :].diagonal().fill_(fill_value)
            return x
        part = x.diagonal()
        while part.ndim > 1:
            part = part.diagonal(0, 0, -1)
        part.fill_(fill_value)
        return x

    def trace(self) -> Tensor:
        """See `gputensor.trace`."""
        return trace(self)  # type: ignore[arg-type]
