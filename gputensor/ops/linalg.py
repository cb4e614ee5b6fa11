"""Products of vectors and matrices. Operands of different dtypes promote; 16-bit floats accumulate in float32."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import binary, cast, operand
from gputensor.core.autocasting import autocasts
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import describe, dtype_name, explain
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.axes import transpose
from gputensor.ops.dims import checked
from gputensor.ops.out_argument import into
from gputensor.ops.shape import reshape, squeeze, unsqueeze

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


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


def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Matrix product.

    (..., n, k) @ (..., k, m) -> (..., n, m), leading dims broadcast; a 1-d operand is a row on the left, a column on
    the right, and its dim is dropped from the result. Integers and bools (as "or" of "and") are allowed. Unlike torch:
    operands of different dtypes promote. Raises ShapeError when the inner sizes differ or an operand is 0-d,
    DeviceError for operands on different devices.

    >>> import gputensor as gt
    >>> gt.matmul(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    if out is not None:
        return into("matmul", out, matmul(input, other), exact=True)
    try:
        n, m = input.array.ndim, other.array.ndim
    except AttributeError:
        raise explain("matmul", (input, other), TypeError()) from None
    if n == 2 == m:
        try:
            return binary(MATMUL, input, other)
        except ShapeError:
            raise _refusal(input.array, other.array) from None
    return _product(input, other, n, m)


@autocasts("matmul")
def _product(x: Any, y: Any, n: int, m: int) -> Any:
    a, b = x.array, y.array
    if n < 1 or m < 1 or a.shape[-1] != b.shape[-2 if m > 1 else -1]:
        raise _refusal(a, b)
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
        raise _refusal(a, b) from None


def _refusal(a: Any, b: Any) -> ShapeError:
    if not a.ndim or not b.ndim:
        return ShapeError(
            f"matmul: both operands need at least 1 dim, got shapes {tuple(a.shape)} and {tuple(b.shape)}; "
            "use * for 0-d tensors"
        )
    inner = b.shape[-2 if b.ndim > 1 else -1]
    if a.shape[-1] == inner:
        return ShapeError(
            f"matmul: the leading dims of shapes {tuple(a.shape)} and {tuple(b.shape)} do not broadcast: "
            f"{tuple(a.shape[:-2])} and {tuple(b.shape[:-2])}"
        )
    return ShapeError(
        f"matmul: shapes {tuple(a.shape)} and {tuple(b.shape)} do not fit: the last dim of the first is {a.shape[-1]}, "
        f"the {'second-last' if b.ndim > 1 else 'only'} dim of the second is {inner}; they must be equal"
    )


def mm(input: Tensor, mat2: Tensor, out_dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """Product of two matrices: (n, k) @ (k, m) -> (n, m). Raises ShapeError for other dims and sizes that do not fit.

    out_dtype: float32 for matrices of 16-bit floats, or their own dtype; else DtypeError. Unlike torch: on the
    CPU, too, and operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.mm(gt.tensor([[1.0, 2.0]]), gt.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    need("mm", (("input", input, 2), ("mat2", mat2, 2)))
    input, mat2 = _widened("mm", input, mat2, out_dtype)
    result = matmul(input, mat2)
    return result if out is None else into("mm", out, result, exact=True)


def _widened(name: str, a: Any, b: Any, out_dtype: Any) -> tuple[Any, Any]:
    """The operands in the dtype that the product is to have."""
    if out_dtype is None:
        return a, b
    wanted, have = numpy_dtype(out_dtype), a.array.dtype
    if b.array.dtype != have or (wanted != have and not (have in HALF and wanted == F32)):
        raise DtypeError(
            f"{name}: out_dtype must be float32 for two 16-bit matrices, or their own dtype; got {dtype_name(wanted)} "
            f"for {describe(a)} and {describe(b)}"
        )
    return cast(a, wanted), cast(b, wanted)


def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, as `mm`: the name under which programs multiply by a matrix that is mostly 0.

    (n, k) @ (k, m) -> (n, m). Unlike torch: the first is dense, since sparse tensors are left out. Raises as `mm`.

    >>> import gputensor as gt
    >>> gt.spmm(gt.eye(2), gt.tensor([[3.0], [4.0]]))
    tensor([[3.],
            [4.]])
    """
    need("spmm", (("input", input, 2), ("mat2", mat2, 2)))
    return matmul(input, mat2)


def bmm(input: Tensor, mat2: Tensor, out_dtype: Any = None, *, out: Tensor | None = None) -> Tensor:
    """Products of two batches of matrices: (b, n, k) @ (b, k, m) -> (b, n, m), without broadcasting.

    out_dtype: as of `mm`.

    Raises ShapeError for other dims, different batches, and where the inner sizes differ.
    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.bmm(gt.ones(4, 1, 2), gt.ones(4, 2, 3)).shape
    gputensor.Size([4, 1, 3])
    """
    need("bmm", (("input", input, 3), ("mat2", mat2, 3)))
    a, b = input.array.shape, mat2.array.shape
    if a[0] != b[0] or a[2] != b[1]:
        raise ShapeError(f"bmm: shapes {tuple(a)} and {tuple(b)} do not fit: they must be (b, n, k) and (b, k, m)")
    input, mat2 = _widened("bmm", input, mat2, out_dtype)
    result = binary(MATMUL, input, mat2)
    return result if out is None else into("bmm", out, result, exact=True)


@autocasts("mv")
def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Product of a matrix and a vector: (n, k) @ (k,) -> (n,). Raises ShapeError for other dims and different sizes.

    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.mv(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    need("mv", (("input", input, 2), ("vec", vec, 1)))
    result = matmul(input, vec)
    return result if out is None else into("mv", out, result, exact=True)


@autocasts("dot")
def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sum of the products of two vectors' elements, without conjugation: (k,) and (k,) -> ().

    Raises ShapeError for other dims and where the sizes differ. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.dot(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor(11.)
    """
    need("dot", (("input", input, 1), ("tensor", tensor, 1)))
    result = matmul(input, tensor)
    return result if out is None else into("dot", out, result, exact=True)


@autocasts("vdot")
def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`dot` with the first vector conjugated.

    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.vdot(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor(11.)
    """
    need("vdot", (("input", input, 1), ("other", other, 1)))
    result = matmul(input.conj() if input.array.dtype.kind == "c" else input, other)
    return result if out is None else into("vdot", out, result, exact=True)


def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sums of products over the last dims: (..., k) and (___, k) -> (..., ___); for a 0-d operand, the product.

    Raises ShapeError where the last sizes differ. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.inner(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    result = _inner(input, other)
    return result if out is None else into("inner", out, result, exact=bool(input.array.ndim and other.array.ndim))


def _inner(input: Any, other: Any) -> Any:
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


def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products of the elements of two vectors: (n,) and (m,) -> (n, m). Raises ShapeError for other dims.

    >>> import gputensor as gt
    >>> gt.outer(gt.tensor([1, 2]), gt.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    need("outer", (("input", input, 1), ("vec2", vec2, 1)))
    result = mul(unsqueeze(input, 1), vec2)
    return result if out is None else into("outer", out, result)


def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`outer` under BLAS's name.

    >>> import gputensor as gt
    >>> gt.ger(gt.tensor([1, 2]), gt.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    return outer(input, vec2, out=out)


def need(name: str, operands: Sequence[tuple[str, Any, int]]) -> None:
    for argument, x, dims in operands:
        if checked(name, x).array.ndim != dims:
            raise ShapeError(
                f"{name}: {argument} must have {dims} dim{'s' * (dims > 1)}, got shape "
                f"{tuple(x.array.shape)}; use matmul for others"
            )


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
