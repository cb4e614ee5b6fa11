"""Matrix products. Operands of different dtypes promote; 16-bit floats accumulate in float32."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import binary
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Matmul(Primitive):
    """Matrix product of operands with at least two dims, the leading ones broadcast."""

    __slots__ = ()
    saves = ("x", "y")
    cross = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.matmul(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.matmul(g, _swapped(xp, y))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.matmul(_swapped(xp, x), g)


MATMUL = Matmul()


def _swapped(xp: Any, x: Any) -> Any:
    n = len(x.shape)
    return xp.permute_dims(x, (1, 0) if n == 2 else (*range(n - 2), n - 1, n - 2))


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Matrix product.

    (..., n, k) @ (..., k, m) -> (..., n, m), leading dims broadcast; a 1-d operand is a row on the left, a column on the right, and its
    dim is dropped from the result. Unlike torch: operands of different floating-point dtypes promote.
    Raises ShapeError when the inner sizes differ or an operand is 0-d.

    >>> import gputensor as gt
    >>> gt.matmul(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    a, b = input.array, other.array
    n, m = a.ndim, b.ndim
    if n == 2 == m:
        try:
            return binary(MATMUL, input, other)
        except ShapeError:
            _refuse(a, b)
    if n < 1 or m < 1 or a.shape[-1] != b.shape[-2 if m > 1 else -1]:
        _refuse(a, b)
    if n > 1 and m > 1:
        return binary(MATMUL, input, other)
    left = input.reshape(1, -1) if n == 1 else input
    right = other.reshape(-1, 1) if m == 1 else other
    out = binary(MATMUL, left, right)
    shape = out.array.shape
    return out.reshape((*shape[: -2 if n == 1 else -1], *(() if m == 1 else shape[-1:])))


def _refuse(a: Any, b: Any) -> None:
    if not a.ndim or not b.ndim:
        raise ShapeError(f"matmul: both operands need at least 1 dim, got shapes {tuple(a.shape)} and {tuple(b.shape)}; use * for 0-d tensors")
    raise ShapeError(
        f"matmul: shapes {tuple(a.shape)} and {tuple(b.shape)} do not fit: the last dim of the first is {a.shape[-1]}, "
        f"the {'second-last' if b.ndim > 1 else 'only'} dim of the second is {b.shape[-2 if b.ndim > 1 else -1]}; they must be equal"
    )


class LinalgMethods:
    """The matrix products of a tensor."""

    __slots__ = ()

    def __matmul__(self, other: Any) -> Tensor:
        return matmul(self, other) if hasattr(other, "array") else NotImplemented  # type: ignore[arg-type]

    def __rmatmul__(self, other: Any) -> Tensor:
        from gputensor.core.apply import operand

        other = operand(other, self)
        return other if other is NotImplemented else matmul(other, self)  # type: ignore[arg-type]

    def matmul(self, other: Tensor) -> Tensor:
        """See `gputensor.matmul`."""
        return matmul(self, other)  # type: ignore[arg-type]
