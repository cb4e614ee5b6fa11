"""Powers and roots: pow, square, sqrt, rsqrt, reciprocal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import dtypes
from gputensor.core.apply import apply1, as_floating, binary, cast, operand, wrap
from gputensor.core.explain import describe, explain
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import C128, F64, FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import write
from gputensor.errors import ArgumentError, DtypeError
from gputensor.ops.operands import (
    COMPLEX,
    Number,
    both,
    check_fits,
    common_dtype,
    refuse_two_bools,
    rewrite,
    wide,
    write_floating,
)
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Pow(Primitive):
    __slots__ = ()
    saves = ("x", "y", "out")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.pow(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        # 0 * x**-1 would be nan at x = 0
        return xp.where(y != 0, g * (y * xp.pow(x, y - 1)), 0)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        # x**y does not depend on y where x is 0 and y is not negative; log(0) would be -inf there
        return xp.where((x == 0) & (xp.real(y) >= 0), 0, g * (out * xp.log(x)))


class PowInteger(Primitive):
    """Signed integers to the power of signed integers: 1 / x**-y rounded towards zero where y is negative."""

    __slots__ = ()
    name = "pow"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        whole = xp.pow(x, xp.maximum(y, xp.scalar(0, y.dtype)))
        inverse = xp.where(xp.abs(x) == 1, xp.where(y % 2 == 0, xp.abs(x), x), xp.zeros_like(x))
        return xp.where(y < 0, inverse, whole)


class PowNumber(Primitive):
    """x to the power of one Python number: needs no log and no test for zeros."""

    __slots__ = ("exponent",)
    name = "pow"
    grad_name = "PowBackward0"
    saves = ("x",)

    def __init__(self, exponent: Any) -> None:
        self.exponent = exponent

    def forward(self, xp: Any, x: Any) -> Any:
        if self.exponent == 0.5:
            return xp.sqrt(x)
        if self.exponent == -1:
            return xp.reciprocal(x)
        if self.exponent == -0.5:
            return xp.reciprocal(xp.sqrt(x))
        if self.exponent == 3:
            return x * x * x
        return xp.pow(x, xp.scalar(self.exponent, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if self.exponent == 0:
            return xp.zeros_like(g)
        return g * (self.exponent * x ** (self.exponent - 1))


class Square(Primitive):
    __slots__ = ()
    grad_name = "PowBackward0"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.multiply(x, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (x + x)

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.multiply(x, x, out)


class Sqrt(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sqrt(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (out + out)

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.sqrt(x, out)


class Rsqrt(Primitive):
    """1 / sqrt(x): a primitive, because it stands in every normalisation and the two steps would keep two arrays."""

    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.reciprocal(xp.sqrt(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g * (out * out * out) / 2


class Reciprocal(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.reciprocal(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g * (out * out)


POW, POW_INTEGER, SQUARE = Pow(), PowInteger(), Square()
SQRT, RSQRT, RECIPROCAL = Sqrt(), Rsqrt(), Reciprocal()


def pow(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input to the power of exponent, element by element.

    Shapes broadcast; dtypes promote; integers to integers stay integers. A negative base to a power that is no integer
    gives nan, the gradient at 0**0 is 0. Integers to the power of a tensor with negative integers are rounded towards
    zero, as in PyTorch. Raises ArgumentError for integers to one negative integer, DtypeError for two boolean tensors.

    >>> import gputensor as gt
    >>> gt.pow(gt.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    result = _pow(input, exponent)
    if result is NotImplemented:
        raise explain("pow", (input, exponent), TypeError())
    return result if out is None else into("pow", out, result)


def float_power(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input to the power of exponent, computed in float64 (complex128 where one of them is complex).

    Shapes broadcast.

    >>> import gputensor as gt
    >>> gt.float_power(gt.tensor([2, 3]), -1)
    tensor([0.5000, 0.3333], dtype=gputensor.float64)
    """
    d = C128 if any([_is_complex(z) for z in (input, exponent)]) else F64
    # a number is a float64 from the start: the other operand's dtype might not hold it
    x, y = [cast(z, d) if isinstance(z, TensorBase) else z for z in (input, exponent)]
    x, power = both("float_power", x, y)
    result = pow(cast(x, d), exponent if isinstance(exponent, (int, float)) else cast(power, d))
    return result if out is None else into("float_power", out, result, exact=True)


def _is_complex(x: Any) -> bool:
    return x.array.dtype in COMPLEX if isinstance(x, TensorBase) else isinstance(x, (complex, np.complexfloating))


def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input * input, element by element. Booleans give int64.

    >>> import gputensor as gt
    >>> gt.square(gt.tensor([3.0]))
    tensor([9.])
    """
    if isinstance(input, TensorBase) and input.array.dtype.kind == "b":
        input = cast(input, dtypes.int64.numpy)
    result = apply1(SQUARE, input)
    return result if out is None else into("square", out, result)


def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Square root, element by element; nan below 0. Integers give the default dtype; the gradient at 0 is inf.

    >>> import gputensor as gt
    >>> gt.sqrt(gt.tensor([4.0, 2.0]))
    tensor([2.0000, 1.4142])
    """
    result = apply1(SQRT, as_floating(input))
    return result if out is None else into("sqrt", out, result)


def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / sqrt(input), element by element; inf at 0, nan below. Integers give the default dtype.

    >>> import gputensor as gt
    >>> gt.rsqrt(gt.tensor([4.0, 1.0]))
    tensor([0.5000, 1.0000])
    """
    result = wide(RSQRT, input)
    return result if out is None else into("rsqrt", out, result)


def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / input, element by element; inf at 0. Integers give the default dtype.

    >>> import gputensor as gt
    >>> gt.reciprocal(gt.tensor([4.0, 0.5]))
    tensor([0.2500, 2.0000])
    """
    result = apply1(RECIPROCAL, as_floating(input))
    return result if out is None else into("reciprocal", out, result)


def _pow(x: Any, y: Any) -> Any:
    """x ** y; NotImplemented for an operand that is no number, tensor or array."""
    if isinstance(x, TensorBase):
        d = x.array.dtype
        if type(y) is int or type(y) is float:
            if d in FLOATING:
                return apply1(SQUARE, x) if y == 2 else apply1(PowNumber(y), x)
            if type(y) is float:
                return apply1(PowNumber(y), as_floating(x))
            if y < 0 and d.kind != "b":
                raise ArgumentError(
                    f"pow: integers to a negative integer power are not allowed, got exponent {y}; use .float()"
                )
            if y > 127:
                check_fits("pow", "the exponent", y, d)
            return binary(POW, x, y)
        if d.kind == "b" and type(y) is bool:
            return wrap(x.xp.logical_or(x.array, x.xp.scalar(not y, d)), x.xp)
    elif not isinstance(y, TensorBase):
        return NotImplemented
    else:
        x = operand(x, y)
    y = NotImplemented if x is NotImplemented else operand(y, x)
    if y is NotImplemented:
        return y
    refuse_two_bools("pow", x, y)
    return binary(POW_INTEGER if common_dtype(x, y).kind == "i" else POW, x, y)


class PowerMethods:
    """The powers and roots of a tensor."""

    __slots__ = ()
    array: Any

    def __pow__(self, exponent: Any) -> Tensor:
        return _pow(self, exponent)

    def __rpow__(self, base: Any) -> Tensor:
        return _pow(base, self)

    def __ipow__(self, exponent: Any) -> Tensor:
        return self.pow_(exponent)

    def pow(self, exponent: Tensor | Number) -> Tensor:
        """See `gputensor.pow`."""
        return pow(self, exponent)  # type: ignore[arg-type]

    def pow_(self, exponent: Tensor | Number) -> Tensor:
        """`pow` in place."""
        return rewrite(self, pow, exponent)

    def float_power(self, exponent: Tensor | Number) -> Tensor:
        """See `gputensor.float_power`."""
        return float_power(self, exponent)  # type: ignore[arg-type]

    def float_power_(self, exponent: Tensor | Number) -> Tensor:
        """`float_power` in place. Raises DtypeError for a tensor that is neither float64 nor complex128."""
        if self.array.dtype not in (F64, C128):
            raise DtypeError(
                f"float_power_: the result is float64 or complex128, this tensor is {describe(self)}; use float_power"
            )
        return rewrite(self, float_power, exponent)

    def square(self) -> Tensor:
        """See `gputensor.square`."""
        return square(self)  # type: ignore[arg-type]

    def square_(self) -> Tensor:
        """`square` in place."""
        if self.array.dtype.kind == "b":
            raise DtypeError("square_: the result is int64, which cannot be written into booleans; use square()")
        return write(self, SQUARE)

    def sqrt(self) -> Tensor:
        """See `gputensor.sqrt`."""
        return apply1(SQRT, as_floating(self))

    def sqrt_(self) -> Tensor:
        """`sqrt` in place."""
        return write_floating(self, SQRT)

    def rsqrt(self) -> Tensor:
        """See `gputensor.rsqrt`."""
        return rsqrt(self)  # type: ignore[arg-type]

    def rsqrt_(self) -> Tensor:
        """`rsqrt` in place."""
        return rewrite(self, rsqrt)

    def reciprocal(self) -> Tensor:
        """See `gputensor.reciprocal`."""
        return reciprocal(self)  # type: ignore[arg-type]

    def reciprocal_(self) -> Tensor:
        """`reciprocal` in place."""
        return write_floating(self, RECIPROCAL)
