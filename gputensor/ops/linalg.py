"""Products of vectors and matrices. Operands of different dtypes promote; 16-bit floats accumulate in float32."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from gputensor.core.apply import binary, operand
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import explain
from gputensor.core.primitive import Primitive
from gputensor.core.writes import assign
from gputensor.errors import ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.axes import transpose
from gputensor.ops.dims import checked, one_dim
from gputensor.ops.joining import stack
from gputensor.ops.reduction import sum as sum_of
from gputensor.ops.shape import reshape, squeeze, unsqueeze
from gputensor.ops.splitting import unbind

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Number = bool | int | float | complex


class Matmul(Primitive):
    """Matrix product of operands with at least two dims, the leading ones broadcast."""

    __slots__ = ()
    saves = ("x", "y")
    cross = True

    def called(self, node: Any) -> str:
        return "MmBackward0" if len(node.shape) == 2 else "UnsafeViewBackward0"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.matmul(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.matmul(g, _swapped(xp, y))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        if len(y.shape) == 2 < len(x.shape) and x.shape[-1] and g.shape[-1]:
            # one product of all rows; a product for each matrix, added up afterwards, would need the memory of all
            x, g = xp.reshape(x, (-1, x.shape[-1])), xp.reshape(g, (-1, g.shape[-1]))
        return xp.matmul(_swapped(xp, x), g)


class Mv(Primitive):
    """Matrix times vector: (n, k) @ (k,) -> (n,)."""

    __slots__ = ()
    saves = ("x", "y")
    cross = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.matmul(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.reshape(g, (-1, 1)) * y if g.shape[0] else xp.zeros_for(g, x.shape)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.matmul(xp.permute_dims(x, (1, 0)), g)


class Dot(Primitive):
    """Vector times vector: (k,) @ (k,) -> ()."""

    __slots__ = ()
    saves = ("x", "y")
    cross = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.matmul(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * y

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * x


MATMUL, MV, DOT = Matmul(), Mv(), Dot()


def _swapped(xp: Any, x: Any) -> Any:
    n = len(x.shape)
    return xp.permute_dims(x, (1, 0) if n == 2 else (*range(n - 2), n - 1, n - 2))


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Matrix product.

    (..., n, k) @ (..., k, m) -> (..., n, m), leading dims broadcast; a 1-d operand is a row on the left, a column on
    the right, and its dim is dropped from the result. Integers and bools (as "or" of "and") are allowed. Unlike torch:
    operands of different dtypes promote. Raises ShapeError when the inner sizes differ or an operand is 0-d,
    DeviceError for operands on different devices.

    >>> import gputensor as gt
    >>> gt.matmul(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    try:
        n, m = input.array.ndim, other.array.ndim
    except AttributeError:
        raise explain("matmul", (input, other), TypeError()) from None
    if n == 2 == m:
        try:
            return binary(MATMUL, input, other)
        except ShapeError:
            _refuse(input.array, other.array)
    return _product(input, other, n, m)


@autocasts("matmul")
def _product(x: Any, y: Any, n: int, m: int) -> Any:
    a, b = x.array, y.array
    if n < 1 or m < 1 or a.shape[-1] != b.shape[-2 if m > 1 else -1]:
        _refuse(a, b)
    try:
        if n > 1 and m > 1:
            return binary(MATMUL, x, y)
        if m == 1:
            return (
                binary(DOT, x, y)
                if n == 1
                else binary(MV, x, y)
                if n == 2
                else squeeze(binary(MATMUL, x, unsqueeze(y, 1)), -1)
            )
        return binary(MV, transpose(y, 0, 1), x) if m == 2 else squeeze(binary(MATMUL, unsqueeze(x, 0), y), -2)
    except ShapeError:
        _refuse(a, b)


def _refuse(a: Any, b: Any) -> NoReturn:
    if not a.ndim or not b.ndim:
        raise ShapeError(
            f"matmul: both operands need at least 1 dim, got shapes {tuple(a.shape)} and {tuple(b.shape)}; "
            "use * for 0-d tensors"
        )
    inner = b.shape[-2 if b.ndim > 1 else -1]
    if a.shape[-1] == inner:
        raise ShapeError(
            f"matmul: the leading dims of shapes {tuple(a.shape)} and {tuple(b.shape)} do not broadcast: "
            f"{tuple(a.shape[:-2])} and {tuple(b.shape[:-2])}"
        )
    raise ShapeError(
        f"matmul: shapes {tuple(a.shape)} and {tuple(b.shape)} do not fit: the last dim of the first is {a.shape[-1]}, "
        f"the {'second-last' if b.ndim > 1 else 'only'} dim of the second is {inner}; they must be equal"
    )


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Product of two matrices: (n, k) @ (k, m) -> (n, m). Raises ShapeError for other dims and sizes that do not fit.

    >>> import gputensor as gt
    >>> gt.mm(gt.tensor([[1.0, 2.0]]), gt.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    _need("mm", (("input", input, 2), ("mat2", mat2, 2)))
    return matmul(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """Products of two batches of matrices: (b, n, k) @ (b, k, m) -> (b, n, m), without broadcasting.

    Raises ShapeError for other dims, different batches, and where the inner sizes differ.

    >>> import gputensor as gt
    >>> gt.bmm(gt.ones(4, 1, 2), gt.ones(4, 2, 3)).shape
    gputensor.Size([4, 1, 3])
    """
    _need("bmm", (("input", input, 3), ("mat2", mat2, 3)))
    a, b = input.array.shape, mat2.array.shape
    if a[0] != b[0] or a[2] != b[1]:
        raise ShapeError(f"bmm: shapes {tuple(a)} and {tuple(b)} do not fit: they must be (b, n, k) and (b, k, m)")
    return binary(MATMUL, input, mat2)


@autocasts("mv")
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """Product of a matrix and a vector: (n, k) @ (k,) -> (n,). Raises ShapeError for other dims and different sizes.

    >>> import gputensor as gt
    >>> gt.mv(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    _need("mv", (("input", input, 2), ("vec", vec, 1)))
    return matmul(input, vec)


@autocasts("dot")
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Sum of the products of two vectors' elements, without conjugation: (k,) and (k,) -> ().

    Raises ShapeError for other dims and where the sizes differ.

    >>> import gputensor as gt
    >>> gt.dot(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor(11.)
    """
    _need("dot", (("input", input, 1), ("tensor", tensor, 1)))
    return matmul(input, tensor)


@autocasts("vdot")
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """`dot` with the first vector conjugated.

    >>> import gputensor as gt
    >>> gt.vdot(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor(11.)
    """
    _need("vdot", (("input", input, 1), ("other", other, 1)))
    return matmul(input.conj() if input.array.dtype.kind == "c" else input, other)


def inner(input: Tensor, other: Tensor) -> Tensor:
    """Sums of products over the last dims: (..., k) and (___, k) -> (..., ___); for a 0-d operand, the product.

    Raises ShapeError where the last sizes differ.

    >>> import gputensor as gt
    >>> gt.inner(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    a, b = checked("inner", input).array.shape, checked("inner", other).array.shape
    if not a or not b:
        return mul(input, other)
    if a[-1] != b[-1]:
        raise ShapeError(f"inner: the last dims of shapes {tuple(a)} and {tuple(b)} must be equal")
    if len(a) == len(b) == 1:
        return binary(DOT, input, other)
    rows = reshape(input, (math.prod(a[:-1]), a[-1]))
    columns = reshape(other, (math.prod(b[:-1]), b[-1]))
    return reshape(matmul(rows, transpose(columns, 0, 1)), (*a[:-1], *b[:-1]))


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of the elements of two vectors: (n,) and (m,) -> (n, m). Raises ShapeError for other dims.

    >>> import gputensor as gt
    >>> gt.outer(gt.tensor([1, 2]), gt.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    _need("outer", (("input", input, 1), ("vec2", vec2, 1)))
    return mul(unsqueeze(input, 1), vec2)


def ger(input: Tensor, vec2: Tensor) -> Tensor:
    """`outer` under BLAS's name.

    >>> import gputensor as gt
    >>> gt.ger(gt.tensor([1, 2]), gt.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    return outer(input, vec2)


@autocasts("addmm")
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2), for (n, k) @ (k, m) and an input that broadcasts to (n, m).

    With beta=0 input is not looked at. beta and alpha are cut to ints for integers. Raises ShapeError for other dims,
    where the inner sizes differ, and where input does not broadcast.

    >>> import gputensor as gt
    >>> gt.addmm(gt.tensor([1.0]), gt.tensor([[1.0, 2.0]]), gt.tensor([[3.0], [4.0]]), alpha=2)
    tensor([[23.]])
    """
    return _added("addmm", input, mm(mat1, mat2), beta, alpha)


@autocasts("addmv")
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * input + alpha * (mat @ vec), for (n, k) @ (k,) and an input that broadcasts to (n,); as `addmm`.

    >>> import gputensor as gt
    >>> gt.addmv(gt.tensor([1.0]), gt.tensor([[1.0, 2.0]]), gt.tensor([3.0, 4.0]))
    tensor([12.])
    """
    return _added("addmv", input, mv(mat, vec), beta, alpha)


@autocasts("addbmm")
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * input + alpha * the sum of the products of two batches of matrices; as `addmm`.

    (b, n, k) @ (b, k, m) summed over b, and an input that broadcasts to (n, m).

    >>> import gputensor as gt
    >>> gt.addbmm(gt.zeros(1), gt.ones(4, 1, 2), gt.ones(4, 2, 1))
    tensor([[8.]])
    """
    product = bmm(batch1, batch2)
    return _added("addbmm", input, sum_of(product, 0, dtype=product.dtype), beta, alpha)


@autocasts("baddbmm")
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * input + alpha * the products of two batches of matrices, (b, n, k) @ (b, k, m); as `addmm`.

    >>> import gputensor as gt
    >>> gt.baddbmm(gt.ones(1), gt.ones(2, 1, 2), gt.ones(2, 2, 1))
    tensor([[[3.]],
    <BLANKLINE>
            [[3.]]])
    """
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@autocasts("addr")
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * input + alpha * outer(vec1, vec2); as `addmm`.

    >>> import gputensor as gt
    >>> gt.addr(gt.zeros(1), gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    return _added("addr", input, outer(vec1, vec2), beta, alpha)


@autocasts("chain_matmul")
def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of several matrices, in the order of multiplications that costs least. Raises as `mm` does.

    >>> import gputensor as gt
    >>> gt.chain_matmul(gt.ones(2, 3), gt.ones(3, 4), gt.ones(4, 1))
    tensor([[12.],
            [12.]])
    """
    if not matrices:
        raise ShapeError("chain_matmul: expected at least one matrix, got none")
    _need("chain_matmul", [(f"matrix {k}", x, 2) for k, x in enumerate(matrices)])
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


@autocasts("multi_dot")
def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of two or more matrices, in the order of multiplications that costs least.

    The first may be a row vector (k,), the last a column vector. Raises ShapeError for other dims, for fewer than two
    and where sizes do not fit. Source: dynamic programming over the cut, Cormen et al., Introduction to Algorithms,
    15.2.

    >>> import gputensor as gt
    >>> from gputensor.ops.linalg import multi_dot
    >>> multi_dot([gt.ones(2), gt.ones(2, 3), gt.ones(3)])
    tensor(6.)
    """
    xs = [checked("multi_dot", x) for x in tensors]
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
    out = _chained(xs, _best_cuts(sizes), 0, len(xs) - 1)
    if row:
        out = squeeze(out, 0)
    return squeeze(out, -1) if column else out


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


def kron(input: Tensor, other: Tensor) -> Tensor:
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
    return reshape(product, tuple([p * q for p, q in zip(left, right, strict=True)]))


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """Vector products in three dimensions, along a dim of size 3; the other dims broadcast.

    dim: the first of size 3 unless given. Raises ShapeError where there is none and for different numbers of dims,
    DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.cross(gt.tensor([1, 0, 0]), gt.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
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
    return stack([x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]], axis)


def _need(name: str, operands: Sequence[tuple[str, Any, int]]) -> None:
    for argument, x, dims in operands:
        if checked(name, x).array.ndim != dims:
            raise ShapeError(
                f"{name}: {argument} must have {dims} dim{'s' * (dims > 1)}, got shape "
                f"{tuple(x.array.shape)}; use matmul for others"
            )


def _added(name: str, x: Any, product: Any, beta: Any, alpha: Any) -> Any:
    """beta * x + alpha * product, x broadcasting to the product's shape."""
    shape, have = tuple(product.array.shape), tuple(checked(name, x).array.shape)
    if len(have) > len(shape) or any([n not in (1, m) for n, m in zip(have[::-1], shape[::-1])]):  # noqa: B905  x may have fewer dims
        raise ShapeError(f"{name}: input of shape {have} does not broadcast to the product's shape {shape}")
    if product.array.dtype.kind in "iu":
        beta, alpha = int(beta), int(alpha)
    if alpha != 1:
        product = product * alpha
    if beta == 0:
        return product
    return (x if beta == 1 else x * beta) + product


def _in_place(x: Any, function: Any, left: Any, right: Any, beta: Any, alpha: Any) -> Any:
    def into(t: Any) -> Any:
        return function(t, left, right, beta=beta, alpha=alpha)

    into.__name__ = function.__name__
    return assign(x, into)


class LinalgMethods:
    """The products of a tensor."""

    __slots__ = ()

    def __matmul__(self, other: Any) -> Tensor:
        if not hasattr(other, "array"):
            other = operand(other, self) if isinstance(other, np.ndarray) else NotImplemented
        return other if other is NotImplemented else matmul(self, other)  # type: ignore[arg-type]

    def __rmatmul__(self, other: Any) -> Tensor:
        other = operand(other, self) if isinstance(other, np.ndarray) else NotImplemented
        return other if other is NotImplemented else matmul(other, self)  # type: ignore[arg-type]

    def matmul(self, other: Tensor) -> Tensor:
        """See `gputensor.matmul`."""
        return matmul(self, other)  # type: ignore[arg-type]

    def mm(self, mat2: Tensor) -> Tensor:
        """See `gputensor.mm`."""
        return mm(self, mat2)  # type: ignore[arg-type]

    def bmm(self, mat2: Tensor) -> Tensor:
        """See `gputensor.bmm`."""
        return bmm(self, mat2)  # type: ignore[arg-type]

    def mv(self, vec: Tensor) -> Tensor:
        """See `gputensor.mv`."""
        return mv(self, vec)  # type: ignore[arg-type]

    def dot(self, tensor: Tensor) -> Tensor:
        """See `gputensor.dot`."""
        return dot(self, tensor)  # type: ignore[arg-type]

    def vdot(self, other: Tensor) -> Tensor:
        """See `gputensor.vdot`."""
        return vdot(self, other)  # type: ignore[arg-type]

    def inner(self, other: Tensor) -> Tensor:
        """See `gputensor.inner`."""
        return inner(self, other)  # type: ignore[arg-type]

    def outer(self, vec2: Tensor) -> Tensor:
        """See `gputensor.outer`."""
        return outer(self, vec2)  # type: ignore[arg-type]

    def ger(self, vec2: Tensor) -> Tensor:
        """See `gputensor.ger`."""
        return outer(self, vec2)  # type: ignore[arg-type]

    def kron(self, other: Tensor) -> Tensor:
        """See `gputensor.kron`."""
        return kron(self, other)  # type: ignore[arg-type]

    def cross(self, other: Tensor, dim: int | None = None) -> Tensor:
        """See `gputensor.cross`."""
        return cross(self, other, dim)  # type: ignore[arg-type]

    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addmm`."""
        return addmm(self, mat1, mat2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addmm` in place."""
        return _in_place(self, addmm, mat1, mat2, beta, alpha)

    def addmv(self, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addmv`."""
        return addmv(self, mat, vec, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addmv` in place."""
        return _in_place(self, addmv, mat, vec, beta, alpha)

    def addbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addbmm`."""
        return addbmm(self, batch1, batch2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addbmm` in place."""
        return _in_place(self, addbmm, batch1, batch2, beta, alpha)

    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.baddbmm`."""
        return baddbmm(self, batch1, batch2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`baddbmm` in place."""
        return _in_place(self, baddbmm, batch1, batch2, beta, alpha)

    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addr`."""
        return addr(self, vec1, vec2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addr` in place."""
        return _in_place(self, addr, vec1, vec2, beta, alpha)
