"""The softmaxes: exponentials along a dim that sum to 1, and their logarithms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.arrays.kernels import LOG_SOFTMAX, SOFTMAX
from gputensor.core import dtypes
from gputensor.core.apply import cast
from gputensor.core.primitive import Primitive
from gputensor.ops.dims import numpy_dim, one_dim
from gputensor.ops.operands import real_floating, tensor_operand, wide
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Softmax(Primitive):
    """A primitive: exp of the numbers themselves would overflow, and the gradient needs the result only."""

    __slots__ = ("axes",)
    saves = ("out",)
    kernels = SOFTMAX

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        if not x.size:
            return xp.copy(x)
        e = xp.exp(x - xp.max(x, self.axes, True))
        return e / xp.sum(e, self.axes, True)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        weighted = g * out
        return weighted - out * xp.sum(weighted, self.axes, True)


class LogSoftmax(Primitive):
    """A primitive: the logarithm of a softmax that rounds to 0 would be -inf."""

    __slots__ = ("axes",)
    saves = ("out",)
    kernels = LOG_SOFTMAX

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        if not x.size:
            return xp.copy(x)
        shifted = x - xp.max(x, self.axes, True)
        return shifted - xp.log(xp.sum(xp.exp(shifted), self.axes, True))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g - xp.exp(out) * xp.sum(g, self.axes, True)


def softmax(
    input: Tensor, dim: int | None = None, dtype: Any = None, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Exponentials divided by their sum along dim, so that they are positive and sum to 1.

    exp(input) / sum(exp(input), dim), computed from input - max(input), which cannot overflow. input: (..., n, ...),
    floating-point -> the same shape. dtype: convert first. Raises DimError (an IndexError) for a dim out of range,
    DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.softmax(gt.tensor([0.0, 1.0, 1000.0]), dim=0)
    tensor([0., 0., 1.])
    """
    if axis is not None:
        dim = numpy_dim("softmax", dim, axis)
    x = _converted("softmax", input, dtype)
    result = wide(Softmax(_axes("softmax", dim, x)), x)
    return result if out is None else into("softmax", out, result, exact=True)


def log_softmax(
    input: Tensor, dim: int | None = None, dtype: Any = None, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """The logarithm of softmax along dim: input - log(sum(exp(input), dim)), without overflow.

    input: (..., n, ...), floating-point -> the same shape. dtype: convert first. Raises as `softmax`.

    >>> import gputensor as gt
    >>> gt.log_softmax(gt.tensor([0.0, 1000.0]), dim=0)
    tensor([-1000.,     0.])
    """
    if axis is not None:
        dim = numpy_dim("log_softmax", dim, axis)
    x = _converted("log_softmax", input, dtype)
    result = wide(LogSoftmax(_axes("log_softmax", dim, x)), x)
    return result if out is None else into("log_softmax", out, result, exact=True)


def softmin(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """softmax of -input along dim: the smallest number gets the largest share. Raises as `softmax`.

    Unlike torch: with dtype, unsigned integers are converted before the sign turns, and do not wrap around.

    >>> import gputensor as gt
    >>> gt.nn.functional.softmin(gt.tensor([0.0, 1000.0]), dim=0)
    tensor([1., 0.])
    """
    return softmax(-_converted("softmin", input, dtype), dim)


def _converted(name: str, x: Any, dtype: Any) -> Any:
    if dtype is not None:
        x = cast(tensor_operand(name, x), dtypes.numpy_dtype(dtype))
    return real_floating(name, x)


def _axes(name: str, dim: Any, x: Any) -> tuple[int, ...]:
    a = x.array
    axis = one_dim(name, dim, a.ndim, a.shape)
    return (axis,) if a.ndim else ()


class NormalizedMethods:
    """The softmaxes of a tensor."""

    __slots__ = ()

    def softmax(self, dim: int | None = None, dtype: Any = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.softmax`."""
        return softmax(self, dim, dtype, axis=axis)  # type: ignore[arg-type]

    def log_softmax(self, dim: int | None = None, dtype: Any = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.log_softmax`."""
        return log_softmax(self, dim, dtype, axis=axis)  # type: ignore[arg-type]
