"""Products of several matrices, Kronecker's and vector products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.autocasting import autocasts
from gputensor.errors import ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.dims import ABSENT, checked, numpy_dim, one_dim, several
from gputensor.ops.joining import stack
from gputensor.ops.linalg import matmul, need
from gputensor.ops.operands import not_bool
from gputensor.ops.out_argument import into
from gputensor.ops.shape import reshape, squeeze, unsqueeze
from gputensor.ops.splitting import unbind

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


@autocasts("chain_matmul")
def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the order of multiplications that costs least. Raises as `mm` does.

    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.chain_matmul(gt.ones(2, 3), gt.ones(3, 4), gt.ones(4, 1))
    tensor([[12.],
            [12.]])
    """
    if not matrices:
        raise ShapeError("chain_matmul: expected at least one matrix, got none")
    need("chain_matmul", [(f"matrix {k}", x, 2) for k, x in enumerate(matrices)])
    result = matrices[0].clone() if len(matrices) == 1 else multi_dot(matrices)
    return result if out is None else into("chain_matmul", out, result, exact=True)


@autocasts("multi_dot")
def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The product of two or more matrices, in the order of multiplications that costs least.

    The first may be a row vector (k,), the last a column vector. Raises ShapeError for other dims, for fewer than two
    and where sizes do not fit. Source: dynamic programming over the cut, Cormen et al., Introduction to Algorithms,
    15.2. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.linalg.multi_dot([gt.ones(2), gt.ones(2, 3), gt.ones(3)])
    tensor(6.)
    """
    xs = [checked("multi_dot", x) for x in several("multi_dot", "tensors", tensors)]
    if len(xs) < 2:
        raise ShapeError(f"multi_dot: expected at least two matrices, got {len(xs)}")
    for k, x in enumerate(xs):
        if x.array.ndim != 2 and not (x.array.ndim == 1 and k in (0, len(xs) - 1)):
            raise ShapeError(
                f"multi_dot: expected matrices (and vectors at the ends), but tensor {k} has shape "
                f"{tuple(x.array.shape)}"
            )
    row, column = xs[0].array.ndim == 1, xs[-1].array.ndim == 1
    if row:
        xs[0] = unsqueeze(xs[0], 0)
    if column:
        xs[-1] = unsqueeze(xs[-1], 1)
    sizes = [x.array.shape[0] for x in xs] + [xs[-1].array.shape[1]]
    for k, x in enumerate(xs[:-1]):
        if x.array.shape[1] != sizes[k + 1]:
            raise ShapeError(
                f"multi_dot: tensor {k} of shape {tuple(x.array.shape)} does not fit tensor {k + 1} of shape "
                f"{tuple(xs[k + 1].array.shape)}"
            )
    result = _chained(xs, _best_cuts(sizes), 0, len(xs) - 1)
    if row:
        result = squeeze(result, 0)
    if column:
        result = squeeze(result, -1)
    return result if out is None else into("multi_dot", out, result, exact=True)


def _best_cuts(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """For every run of factors, after which of them to cut it."""
    n = len(sizes) - 1
    cost = {(k, k): 0 for k in range(n)}
    cuts: dict[tuple[int, int], int] = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            options = [(cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)]
            cost[i, j], cuts[i, j] = min(options)
    return cuts


def _chained(xs: Sequence[Any], cuts: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if i == j:
        return xs[i]
    k = cuts[i, j]
    return matmul(_chained(xs, cuts, i, k), _chained(xs, cuts, k + 1, j))


def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Kronecker product: every element of input times the whole of other, in place of that element.

    (..., n) and (..., m) -> (..., n * m), missing leading dims counting as 1.

    >>> import gputensor as gt
    >>> gt.kron(gt.tensor([1, 10]), gt.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    a, b = checked("kron", input).array.shape, checked("kron", other).array.shape
    n = max(len(a), len(b))
    left, right = (1,) * (n - len(a)) + tuple(a), (1,) * (n - len(b)) + tuple(b)
    spread_left = tuple([m for size in left for m in (size, 1)])
    spread_right = tuple([m for size in right for m in (1, size)])
    product = mul(reshape(input, spread_left), reshape(other, spread_right))
    result = reshape(product, tuple([p * q for p, q in zip(left, right, strict=True)]))
    return result if out is None else into("kron", out, result)


@autocasts("cross")
def cross(
    input: Tensor, other: Tensor, dim: int | None = None, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Vector products in three dimensions, along a dim of size 3; the other dims broadcast.

    dim: the first of size 3 unless given. Raises ShapeError where there is none and for different numbers of dims,
    DimError (an IndexError) for a dim out of range. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.cross(gt.tensor([1, 0, 0]), gt.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    if axis is not None:
        dim = numpy_dim("cross", dim, axis)
    a, b = tuple(checked("cross", input).array.shape), tuple(checked("cross", other).array.shape)
    if len(a) != len(b):
        raise ShapeError(f"cross: shapes {a} and {b} must have equally many dims")
    if dim is None:
        if 3 not in a:
            raise ShapeError(f"cross: no dim of x of shape {a} has size 3")
        dim = a.index(3)
    axis = one_dim("cross", dim, len(a), a)
    if not a or a[axis] != 3 or b[axis] != 3:
        raise ShapeError(f"cross: dim {dim} of shapes {a} and {b} must have size 3")
    x, y = unbind(input, axis), unbind(other, axis)
    result = stack([x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]], axis)
    return result if out is None else into("cross", out, result, exact=True)


def linalg_cross(
    input: Tensor, other: Tensor, *, dim: int = -1, axis: int | None = ABSENT, out: Tensor | None = None
) -> Tensor:
    """Vector products in three dimensions, along a dim of size 3, the last unless given; the other dims broadcast.

    Raises ShapeError for another size and for different numbers of dims, DtypeError for booleans, DimError (an
    IndexError) for a dim out of range. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.linalg.cross(gt.tensor([1, 0, 0]), gt.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    if axis is not ABSENT:
        dim = numpy_dim("linalg.cross", dim, axis, -1)
    not_bool("linalg.cross", input)
    return cross(input, other, dim, out=out)


class SeveralProductMethods:
    """Kronecker's and vector products of a tensor."""

    __slots__ = ()

    def kron(self, other: Tensor) -> Tensor:
        """See `gputensor.kron`."""
        return kron(self, other)  # type: ignore[arg-type]

    def cross(self, other: Tensor, dim: int | None = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.cross`."""
        return cross(self, other, dim, axis=axis)  # type: ignore[arg-type]
