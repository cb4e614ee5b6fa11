"""Powers and exponentials of matrices, Vandermonde's matrices, and products of vectors along a dim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, cast, wrap
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.axes import movedim
from gputensor.ops.cumulative import cumprod
from gputensor.ops.dims import ABSENT, array_of, numpy_dim, one_dim, one_int
from gputensor.ops.expanding import broadcast_tensors, broadcast_to
from gputensor.ops.flipping import flip
from gputensor.ops.joining import cat
from gputensor.ops.linalg import matmul
from gputensor.ops.matrix_arguments import expanded, floating, same_dtype, square_shape
from gputensor.ops.matrix_rules import part, swapped
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where
from gputensor.ops.shape import squeeze, unsqueeze
from gputensor.ops.solving import identity_like, inv

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class MatrixExp(Primitive):
    """The exponential: how often it halves and squares depends on values.

    Its gradient is the upper right block of the exponential of [[x^T, g], [0, x^T]]. Source: Mathias 1996, SIAM J.
    Matrix Anal. Appl. 17.
    """

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.matrix_exp(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        n, axis = x.shape[-1], len(x.shape) - 1
        turned = swapped(xp, x)
        above = xp.concat([turned, g], axis)
        below = xp.concat([xp.zeros_like(turned), turned], axis)
        whole = xp.matrix_exp(xp.concat([above, below], axis - 1))
        return part(xp, whole, slice(0, n), slice(n, None))


MATRIX_EXP = MatrixExp()


def matrix_exp(input: Tensor) -> Tensor:
    """The exponentials of square matrices, I + A + A²/2! + …: (..., n, n) -> (..., n, n).

    float32, float64, complex; 16-bit floats are computed in float32. Waits for a GPU, to see how large the values are.
    Raises ShapeError unless square, DtypeError for integers. Source: Higham 2005, SIAM J. Matrix Anal. Appl. 26.
    Unlike torch: 16-bit floats are computed in float32, where PyTorch's values are wrong.

    >>> import gputensor as gt
    >>> gt.linalg.matrix_exp(gt.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    a = square_shape("linalg.matrix_exp", floating("linalg.matrix_exp", input))
    d = a.array.dtype
    return cast(apply1(MATRIX_EXP, cast(a, F32)), d) if d in HALF else apply1(MATRIX_EXP, a)


def matrix_power(input: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """Square matrices multiplied with themselves: A A … A, n factors; (..., n, n) -> (..., n, n).

    n: 0 gives the identity, negative ones powers of the inverse. By repeated squaring. Raises ShapeError unless square,
    DtypeError for booleans, TypeError unless n is an int; for n < 0 as `gputensor.linalg.inv`.

    >>> import gputensor as gt
    >>> gt.linalg.matrix_power(gt.tensor([[1, 1], [0, 1]]), 5)
    tensor([[1, 5],
            [0, 1]])
    """
    name = "linalg.matrix_power"
    a = square_shape(name, input)
    n = one_int(name, "n", n)
    if a.array.dtype.kind == "b":
        raise DtypeError(f"{name}: not defined for booleans, got {describe(a)}; convert with .int() or .float()")
    if n < 0:
        a, n = inv(a), -n
    if n == 0:
        shape = tuple(a.array.shape)
        x = expanded(identity_like(a, shape[-1]), shape[:-2])
        # a constant, with the history (and the gradient of zeros) that PyTorch's has
        x = where(x != x, a, x)
    else:
        x = _power(a, n)
    return x if out is None else into(name, out, x, exact=n in (2, 3))


def _power(a: Any, n: int) -> Any:
    x: Any = None
    while n:
        if n & 1:
            x = a if x is None else matmul(x, a)
        n >>= 1
        if n:
            a = matmul(a, a)
    return x.clone() if x is a else x


def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """Vandermonde's matrices, the powers 0, 1, …, N - 1 of each element in a row: (..., n) -> (..., n, N).

    N: n unless given. Integers stay integers, int64. Raises ArgumentError for an N below 2, ShapeError for a 0-d
    tensor, DtypeError for booleans and 16-bit floats.

    >>> import gputensor as gt
    >>> gt.linalg.vander(gt.tensor([1, 2, 3]), N=3)
    tensor([[1, 1, 1],
            [1, 2, 4],
            [1, 3, 9]])
    """
    a = array_of("linalg.vander", x, "x")
    if a.dtype.kind == "b" or a.dtype in HALF:
        raise DtypeError(f"linalg.vander: x must be an integer, float32, float64 or complex, got {describe(x)}")
    n = (a.shape[-1] if a.ndim else 1) if N is None else one_int("linalg.vander", "N", N)
    if n < 2:
        raise ArgumentError(f"linalg.vander: N must be at least 2, got {n}")
    return _powers(x if a.ndim else unsqueeze(x, 0), n)


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """Vandermonde's matrix of a vector: (n,) -> (n, N), the powers N - 1, …, 1, 0, or with increasing the other way.

    N: n unless given. Integers stay integers, int64. Raises ShapeError unless there is 1 dim, ArgumentError for a
    negative N.

    >>> import gputensor as gt
    >>> gt.vander(gt.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [4, 2, 1],
            [9, 3, 1]])
    """
    a = array_of("vander", x, "x")
    if a.ndim != 1:
        raise ShapeError(f"vander: x must have 1 dim, got shape {tuple(a.shape)}")
    n = a.shape[0] if N is None else one_int("vander", "N", N)
    if n < 0:
        raise ArgumentError(f"vander: N must not be negative, got {n}")
    out = _powers(x, n)
    return out if increasing else flip(out, (-1,))


def _powers(x: Any, n: int) -> Any:
    xp, shape = x.xp, tuple(x.array.shape)
    ones = wrap(xp.ones((*shape, min(n, 1)), x.array.dtype), xp)
    factors = broadcast_to(unsqueeze(x, -1), (*shape, max(n - 1, 0)))
    return cumprod(cat((ones, factors), -1), -1)


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1, axis: int | None = ABSENT, out: Tensor | None = None) -> Tensor:
    """Sums of conj(x) * y along a dim; the other dims broadcast.

    Floating-point or complex, both alike; 16-bit floats accumulate in float32. Raises DtypeError for other dtypes,
    ShapeError where shapes do not broadcast, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.linalg.vecdot(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 10.0]))
    tensor([21., 43.])
    """
    if axis is not ABSENT:
        dim = numpy_dim("vecdot", dim, axis, -1)
    name = "linalg.vecdot"
    floating(name, x, "x")
    floating(name, y, "y")
    same_dtype(name, x, y, ("x", "y"))
    x, y = broadcast_tensors(x, y)
    if not x.array.ndim:
        x, y = unsqueeze(x, 0), unsqueeze(y, 0)
    axis = one_dim(name, dim, x.array.ndim, x.array.shape)
    left, right = movedim(x, axis, -1), movedim(y, axis, -1)
    result = squeeze(squeeze(matmul(unsqueeze(left.conj(), -2), unsqueeze(right, -1)), -1), -1)
    return result if out is None else into(name, out, result, exact=True)


class MatrixFunctionMethods:
    """The powers and exponentials of a tensor."""

    __slots__ = ()

    def matrix_exp(self) -> Tensor:
        """See `gputensor.linalg.matrix_exp`."""
        return matrix_exp(self)  # type: ignore[arg-type]

    def matrix_power(self, n: int) -> Tensor:
        """See `gputensor.linalg.matrix_power`."""
        return matrix_power(self, n)  # type: ignore[arg-type]
