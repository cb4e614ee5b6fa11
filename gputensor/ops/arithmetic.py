"""Arithmetic: sums, products, quotients, powers, and their operators. Python numbers and NumPy arrays may stand beside tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import apply1, as_floating, binary, cast, operand, wrap
from gputensor.core.explain import explain
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, floating_type, result_type
from gputensor.core.writes import assign, write, write2
from gputensor.errors import DtypeError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Number = bool | int | float | complex


class Add(Primitive):
    __slots__ = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.add(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.add(x, y, out)


class Sub(Primitive):
    __slots__ = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.subtract(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -g

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.subtract(x, y, out)


class Mul(Primitive):
    __slots__ = ()
    saves = ("x", "y")
    cross = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.multiply(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * y

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * x

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.multiply(x, y, out)


class Div(Primitive):
    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.divide(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g / y

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -g * ((x / y) / y)

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.divide(x, y, out)


class Neg(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.negative(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.negative(x, out)


class Pow(Primitive):
    __slots__ = ()
    saves = ("x", "y", "out")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.pow(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        # 0 * x**-1 would be nan at x = 0
        return xp.where(y == 0, xp.zeros_like(g), g * (y * xp.pow(x, y - 1)))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        # x**y does not depend on y where x is 0 and y is not negative; log(0) would be -inf there
        return xp.where((x == 0) & (xp.real(y) >= 0), xp.zeros_like(g), g * (out * xp.log(x)))


class PowNumber(Primitive):
    """x to the power of one Python number: needs no log and no test for zeros."""

    __slots__ = ("exponent",)
    saves = ("x",)

    def __init__(self, exponent: Any) -> None:
        self.exponent = exponent

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.pow(x, xp.scalar(self.exponent, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if self.exponent == 0:
            return xp.zeros_like(g)
        return g * (self.exponent * x ** (self.exponent - 1))


class Square(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.multiply(x, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (x + x)


ADD, SUB, MUL, DIV, NEG, POW, SQUARE = Add(), Sub(), Mul(), Div(), Neg(), Pow(), Square()


def add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Sum of two tensors, element by element.

    input + alpha * other. Shapes broadcast; dtypes promote by PyTorch's rules.
    Raises ShapeError when the shapes do not broadcast, DeviceError when the operands are on different devices.

    >>> import gputensor as gt
    >>> gt.add(gt.tensor([1.0, 2.0]), 10)
    tensor([11., 12.])
    """
    return _two(ADD, input, other if alpha == 1 else other * alpha)


def sub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Difference of two tensors, element by element.

    input - alpha * other. Shapes broadcast; dtypes promote. Raises DtypeError for two boolean tensors: use logical_xor.

    >>> import gputensor as gt
    >>> gt.sub(gt.tensor([1.0, 2.0]), 1)
    tensor([0., 1.])
    """
    return _two(SUB, input, other if alpha == 1 else other * alpha)


def mul(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """Product of two tensors, element by element.

    Shapes broadcast; dtypes promote. Raises ShapeError when the shapes do not broadcast.

    >>> import gputensor as gt
    >>> gt.mul(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor([3., 8.])
    """
    return _two(MUL, input, other)


def div(input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """Quotient of two tensors, element by element.

    input / other; integers are divided as the default floating-point dtype. rounding_mode "trunc" rounds towards zero and "floor" down, both
    keeping integer dtypes. Division by zero gives inf or nan for floats. Raises ValueError for an unknown rounding_mode,
    ZeroDivisionError for a zero integer divisor with a rounding mode.

    >>> import gputensor as gt
    >>> gt.div(gt.tensor([7, -7]), 2), gt.div(gt.tensor([7, -7]), 2, rounding_mode="trunc")
    (tensor([ 3.5000, -3.5000]), tensor([ 3, -3]))
    """
    if rounding_mode is None:
        return true_divide(input, other)
    from gputensor.ops.rounding import floor_divide, trunc_divide  # rounding builds on this file

    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        return trunc_divide(input, other)
    raise ValueError(f"div: rounding_mode must be None, 'trunc' or 'floor', got {rounding_mode!r}")


def true_divide(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """Quotient of two tensors; integers give floats. The same as ``div`` without a rounding mode.

    >>> import gputensor as gt
    >>> gt.true_divide(gt.tensor([1, 2]), 2)
    tensor([0.5000, 1.0000])
    """
    out = _divide(input, other)
    if out is NotImplemented:
        raise explain("div", (input, other), TypeError())
    return out


def neg(input: Tensor) -> Tensor:
    """The negative, element by element. Raises DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.neg(gt.tensor([1.0, -2.0]))
    tensor([-1.,  2.])
    """
    return apply1(NEG, input)


def positive(input: Tensor) -> Tensor:
    """input itself. Raises DtypeError for booleans, as PyTorch.

    >>> import gputensor as gt
    >>> gt.positive(gt.tensor([1.0]))
    tensor([1.])
    """
    if input.array.dtype.kind == "b":
        raise DtypeError("positive: not defined for bool; convert with .int()")
    return input


def square(input: Tensor) -> Tensor:
    """input * input, element by element.

    >>> import gputensor as gt
    >>> gt.square(gt.tensor([3.0]))
    tensor([9.])
    """
    return apply1(SQUARE, input)


def pow(input: Tensor | Number, exponent: Tensor | Number) -> Tensor:
    """input to the power of exponent, element by element.

    Shapes broadcast; dtypes promote. The gradient at 0**0 is 0. Raises ValueError for integers to a negative integer power.

    >>> import gputensor as gt
    >>> gt.pow(gt.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    out = _pow(input, exponent)
    if out is NotImplemented:
        raise explain("pow", (input, exponent), TypeError())
    return out


def _two(prim: Primitive, x: Any, y: Any) -> Any:
    """`binary` for functions: the first operand may be a number too, and nothing is left to another operand."""
    if not hasattr(x, "array"):
        if not hasattr(y, "array"):
            raise explain(prim, (x, y), TypeError())
        x = operand(x, y)
        if x is NotImplemented:
            raise explain(prim, (x, y), TypeError())
    out = binary(prim, x, y)
    if out is NotImplemented:
        raise explain(prim, (x, y), TypeError())
    return out


def _divide(x: Any, y: Any) -> Any:
    if hasattr(x, "array") and x.array.dtype is F32:
        return binary(DIV, x, y)
    if not hasattr(x, "array"):
        if not hasattr(y, "array"):
            return NotImplemented
        x = operand(x, y)
    y = operand(y, x)
    if y is NotImplemented or x is NotImplemented:
        return NotImplemented
    d = result_type(x.array.dtype, x.array.ndim > 0, y.array.dtype, y.array.ndim > 0)
    if d not in FLOATING:
        d = floating_type(d)
        x, y = cast(x, d), cast(y, d)
    return binary(DIV, x, y)


def _pow(x: Any, y: Any) -> Any:
    if isinstance(y, (bool, int, float)) and hasattr(x, "array"):
        if y == 2 and x.array.dtype.kind != "b":
            return apply1(SQUARE, x)
        d = x.array.dtype
        if d.kind in "biu" and type(y) is not float:
            if y < 0:
                raise ValueError(f"pow: integers to a negative integer power are not allowed, got exponent {y}; convert with .float()")
            return binary(POW, x, y)
        return apply1(PowNumber(y), as_floating(x))
    if not hasattr(x, "array"):
        if not hasattr(y, "array"):
            return NotImplemented
        x = operand(x, y)
        if x is NotImplemented:
            return x
    return binary(POW, x, y)


class ArithmeticMethods:
    """The operators and the arithmetic methods of a tensor."""

    __slots__ = ()

    def __add__(self, other: Any) -> Tensor:
        return binary(ADD, self, other)

    def __radd__(self, other: Any) -> Tensor:
        return binary(ADD, self, other)

    def __sub__(self, other: Any) -> Tensor:
        return binary(SUB, self, other)

    def __rsub__(self, other: Any) -> Tensor:
        other = operand(other, self)
        return other if other is NotImplemented else binary(SUB, other, self)

    def __mul__(self, other: Any) -> Tensor:
        return binary(MUL, self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return binary(MUL, self, other)

    def __truediv__(self, other: Any) -> Tensor:
        return _divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return _divide(other, self)

    def __pow__(self, exponent: Any) -> Tensor:
        return _pow(self, exponent)

    def __rpow__(self, base: Any) -> Tensor:
        return _pow(base, self)

    def __neg__(self) -> Tensor:
        return apply1(NEG, self)

    def __pos__(self) -> Tensor:
        return positive(self)  # type: ignore[arg-type]

    def __iadd__(self, other: Any) -> Tensor:
        return write2(self, ADD, other)

    def __isub__(self, other: Any) -> Tensor:
        return write2(self, SUB, other)

    def __imul__(self, other: Any) -> Tensor:
        return write2(self, MUL, other)

    def __itruediv__(self, other: Any) -> Tensor:
        return self.div_(other)

    def __ipow__(self, other: Any) -> Tensor:
        return self.pow_(other)

    def add(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """See `gputensor.add`."""
        return add(self, other, alpha=alpha)  # type: ignore[arg-type]

    def add_(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """`add` in place."""
        return write2(self, ADD, other if alpha == 1 else other * alpha)

    def sub(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """See `gputensor.sub`."""
        return sub(self, other, alpha=alpha)  # type: ignore[arg-type]

    def sub_(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """`sub` in place."""
        return write2(self, SUB, other if alpha == 1 else other * alpha)

    def mul(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.mul`."""
        return mul(self, other)  # type: ignore[arg-type]

    def mul_(self, other: Tensor | Number) -> Tensor:
        """`mul` in place."""
        return write2(self, MUL, other)

    def div(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """See `gputensor.div`."""
        return div(self, other, rounding_mode=rounding_mode)  # type: ignore[arg-type]

    def div_(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """`div` in place. Raises DtypeError for an integer tensor without a rounding mode."""
        if rounding_mode is not None or self.array.dtype.kind in "biu":  # type: ignore[attr-defined]
            return assign(self, lambda t: div(t, other, rounding_mode=rounding_mode))
        return write2(self, DIV, other)

    def neg(self) -> Tensor:
        """See `gputensor.neg`."""
        return apply1(NEG, self)

    def neg_(self) -> Tensor:
        """`neg` in place."""
        return write(self, NEG)

    def square(self) -> Tensor:
        """See `gputensor.square`."""
        return apply1(SQUARE, self)

    def square_(self) -> Tensor:
        """`square` in place."""
        return write(self, SQUARE)

    def pow(self, exponent: Tensor | Number) -> Tensor:
        """See `gputensor.pow`."""
        return pow(self, exponent)  # type: ignore[arg-type]

    def pow_(self, exponent: Tensor | Number) -> Tensor:
        """`pow` in place."""
        return assign(self, lambda t: pow(t, exponent))
