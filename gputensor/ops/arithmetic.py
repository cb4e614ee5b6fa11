"""Arithmetic: sums, products, quotients, and their operators. Numbers and NumPy arrays may stand beside tensors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import apply1, as_floating, binary, cast, operand, promote
from gputensor.core.explain import check_number, describe, dtype_name, explain
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF, category
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import write, write2
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.division import floor_divide, trunc_divide
from gputensor.ops.number_first import number_first
from gputensor.ops.operands import (
    Number,
    both,
    both_floating,
    check_fits,
    common_dtype,
    in_float32,
    not_bool,
    rewrite,
    tensor_operand,
    two,
)
from gputensor.ops.out_argument import into
from gputensor.ops.powers import RECIPROCAL
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Add(Primitive):
    __slots__ = ()
    of_numbers = True
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
    of_numbers = True
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.subtract(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -g

    def admit(self, *operands: Any) -> None:
        for x in operands:
            if x.array.dtype.kind == "b" if isinstance(x, TensorBase) else isinstance(x, bool):
                raise DtypeError("sub: not defined for booleans; use ^ or logical_xor for two of them, ~ to invert one")

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.subtract(x, y, out)


class SubFromNumber(Sub):
    """`SUB` of a number and a tensor, by another name."""

    __slots__ = ()
    grad_name = "RsubBackward1"


class Mul(Primitive):
    __slots__ = ()
    of_numbers = True
    wide = True
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
    of_numbers = True
    wide = True
    saves = ("x", "y")
    reads_x = ("y",)

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

    def admit(self, *operands: Any) -> None:
        if any([x.array.dtype.kind == "b" for x in operands]):
            raise DtypeError("neg: not defined for booleans; use ~ or logical_not to invert a mask")

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return -g

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.negative(x, out)


ADD, SUB, MUL, DIV, NEG = Add(), Sub(), Mul(), Div(), Neg()
SUB_FROM_NUMBER = SubFromNumber()


def add(
    input: Tensor | Number, other: Tensor | Number, *old: Any, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """Sum of two tensors, element by element.

    input + alpha * other. Shapes broadcast; dtypes promote by PyTorch's rules; two booleans give their logical or.
    Raises ShapeError when the shapes do not broadcast, DeviceError when the operands are on different devices,
    DtypeError for an alpha that does not fit the dtype of the result (a float for integers).

    >>> import gputensor as gt
    >>> gt.add(gt.tensor([1.0, 2.0]), 10)
    tensor([11., 12.])
    """
    if old:
        alpha, other = number_first("add", "alpha", alpha, (other, *old), 1)
    plain = alpha == 1 and alpha is not True
    result = two(ADD, input, other if plain else _scaled(ADD, "add", input, other, alpha))
    return result if out is None else into("add", out, result)


def sub(
    input: Tensor | Number, other: Tensor | Number, *old: Any, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """Difference of two tensors, element by element.

    input - alpha * other. Shapes broadcast; dtypes promote. Raises DtypeError for booleans: use logical_xor or ~.

    >>> import gputensor as gt
    >>> gt.sub(gt.tensor([1.0, 2.0]), 1)
    tensor([0., 1.])
    """
    if old:
        alpha, other = number_first("sub", "alpha", alpha, (other, *old), 1)
    plain = alpha == 1 and alpha is not True
    result = two(SUB, input, other if plain else _scaled(SUB, "sub", input, other, alpha))
    return result if out is None else into("sub", out, result)


def rsub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """Difference with the operands exchanged, element by element.

    other - alpha * input. Raises as `sub`.

    >>> import gputensor as gt
    >>> gt.rsub(gt.tensor([1.0, 2.0]), 10)
    tensor([9., 8.])
    """
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        raise TypeError(f"rsub: expected a Tensor among input and other, got {describe(input)} and {describe(other)}")
    return sub(other, input, alpha=alpha)


def mul(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Product of two tensors, element by element.

    Shapes broadcast; dtypes promote; two booleans give their logical and. Raises ShapeError when the shapes do not
    broadcast.

    >>> import gputensor as gt
    >>> gt.mul(gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor([3., 8.])
    """
    result = two(MUL, input, other)
    return result if out is None else into("mul", out, result)


def div(
    input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None
) -> Tensor:
    """Quotient of two tensors, element by element.

    input / other; integers are divided as the default floating-point dtype. rounding_mode "trunc" rounds towards zero
    and "floor" down, both keeping integer dtypes. Division by zero gives inf or nan for floats. Raises ArgumentError
    for an unknown rounding_mode, ZeroDivisionError for a zero integer divisor with a rounding mode (on the CPU). The
    gradient with a rounding mode is 0.

    >>> import gputensor as gt
    >>> gt.div(gt.tensor([7, -7]), 2), gt.div(gt.tensor([7, -7]), 2, rounding_mode="trunc")
    (tensor([ 3.5000, -3.5000]), tensor([ 3, -3]))
    """
    if rounding_mode is None:
        result = true_divide(input, other)
        return result if out is None else into("div", out, result)
    if rounding_mode == "floor":
        result = floor_divide(input, other)
        return result if out is None else into("div", out, result)
    if rounding_mode == "trunc":
        result = trunc_divide(input, other)
        return result if out is None else into("div", out, result)
    raise ArgumentError(f"div: rounding_mode must be None, 'trunc' or 'floor', got {rounding_mode!r}")


def true_divide(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Quotient of two tensors; integers give floats. The same as ``div`` without a rounding mode.

    >>> import gputensor as gt
    >>> gt.true_divide(gt.tensor([1, 2]), 2)
    tensor([0.5000, 1.0000])
    """
    result = _divide(input, other)
    if result is NotImplemented:
        raise explain("div", (input, other), TypeError())
    return result if out is None else into("true_divide", out, result)


def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The negative, element by element. Raises DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.neg(gt.tensor([1.0, -2.0]))
    tensor([-1.,  2.])
    """
    result = apply1(NEG, input)
    return result if out is None else into("neg", out, result, exact=True)


def positive(input: Tensor) -> Tensor:
    """input itself. Raises DtypeError for booleans, as PyTorch.

    >>> import gputensor as gt
    >>> gt.positive(gt.tensor([1.0]))
    tensor([1.])
    """
    return not_bool("positive", input)


def addcmul(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1, out: Tensor | None = None
) -> Tensor:
    """input + value * tensor1 * tensor2, element by element.

    Shapes broadcast; dtypes promote. Raises DtypeError for a float value beside integers.

    >>> import gputensor as gt
    >>> gt.addcmul(gt.tensor([1.0]), gt.tensor([2.0]), gt.tensor([3.0]), value=0.5)
    tensor([4.])
    """
    if old:
        value, tensor1, tensor2 = number_first("addcmul", "value", value, (tensor1, tensor2, *old), 2)
    result = _add_combined("addcmul", mul, input, tensor1, tensor2, value)
    return result if out is None else into("addcmul", out, result)


def _add_combined(name: str, combine: Any, input: Any, tensor1: Any, tensor2: Any, value: Any) -> Any:
    """input + combine(value * tensor1, tensor2), all in the dtype of the result; 16-bit floats are rounded once."""
    for argument, x in (("input", input), ("tensor1", tensor1), ("tensor2", tensor2)):
        tensor_operand(name, x, argument)
    check_number(name, "value", value)
    given = promote(name, (input, tensor1, tensor2))
    d = given[0].array.dtype
    if isinstance(value, bool) or (isinstance(value, float) and category(d) == 1 and math.isfinite(value)):
        value = int(value)  # cut off, as PyTorch does
    value = _factor(name, "value", value, given[0].xp, d)
    x, a, b = [cast(t, F32) for t in given] if d in HALF else given
    try:
        return cast(add(x, combine(a if value == 1 else mul(a, value), b)), d)
    except ShapeError as error:
        raise explain(name, (input, tensor1, tensor2), ValueError(error)) from None


def addcdiv(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1, out: Tensor | None = None
) -> Tensor:
    """input + value * tensor1 / tensor2, element by element.

    Shapes broadcast; dtypes promote. Raises DtypeError when tensor1 and tensor2 are both integers, as PyTorch.

    >>> import gputensor as gt
    >>> gt.addcdiv(gt.tensor([1.0]), gt.tensor([2.0]), gt.tensor([4.0]))
    tensor([1.5000])
    """
    if old:
        value, tensor1, tensor2 = number_first("addcdiv", "value", value, (tensor1, tensor2, *old), 2)
    if common_dtype(tensor_operand("addcdiv", tensor1), tensor_operand("addcdiv", tensor2)) not in FLOATING:
        raise DtypeError(
            "addcdiv: not defined for two integer tensors; convert one with .float(), or use div(rounding_mode=…)"
        )
    result = _add_combined("addcdiv", div, input, tensor1, tensor2, value)
    return result if out is None else into("addcdiv", out, result)


def lerp(input: Tensor, end: Tensor, weight: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Linear interpolation from input (weight 0) to end (weight 1), element by element.

    input + weight * (end - input), or end - (end - input) * (1 - weight) from weight 0.5 on, so that weight 1 gives end
    exactly. Shapes broadcast. Raises DtypeError for integers.
    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.lerp(gt.tensor([1.0]), gt.tensor([3.0]), 0.25)
    tensor([1.5000])
    """
    tensor_operand("lerp", input)
    tensor_operand("lerp", end)
    if isinstance(weight, TensorBase):
        input, end, weight = promote("lerp", (input, end, weight))
    if common_dtype(input, end) not in FLOATING:
        raise DtypeError("lerp: not defined for integers; convert one tensor with .float()")
    half = in_float32(lerp, input, end, weight)
    if half is not None:
        return half if out is None else into("lerp", out, half)
    step = sub(end, input)
    if not isinstance(weight, TensorBase):
        try:
            small = abs(weight) < 0.5
        except TypeError:
            check_number("lerp", "weight", weight)
            raise
        result = add(input, mul(step, weight)) if small else sub(end, mul(step, 1 - weight))
        return result if out is None else into("lerp", out, result)
    # complex weights count by their size
    near = (weight.abs() if weight.is_complex() else weight) < 0.5
    result = where(near, add(input, mul(step, weight)), sub(end, mul(step, 1 - weight)))
    return result if out is None else into("lerp", out, result, exact=True)


subtract = sub
multiply = mul
divide = div
negative = neg


def _scaled(prim: Primitive, name: str, x: Any, y: Any, alpha: Any) -> Any:
    """alpha * y in the dtype of the result, where alpha is of a kind that this dtype can hold."""
    prim.admit(x, y)
    check_number(name, "alpha", alpha)
    x, y = both(prim, x, y)
    d = common_dtype(x, y)
    return mul(cast(y, d), _factor(name, "alpha", alpha, y.xp, d))


def _factor(name: str, argument: str, alpha: Any, xp: Any, d: np.dtype) -> Any:
    """alpha as PyTorch multiplies a tensor of dtype `d` by it; raises DtypeError where d cannot hold it."""
    kind = category(d)
    if isinstance(alpha, bool):
        fits = kind == 0
    else:
        fits = kind == 3 if isinstance(alpha, complex) else kind >= 2 if isinstance(alpha, float) else True
    if not fits:
        raise DtypeError(
            f"{name}: {argument} {alpha!r} does not fit operands whose result is {dtype_name(d)}; convert one of them"
        )
    check_fits(name, argument, alpha, d)
    if kind == 0:
        return bool(alpha)
    return float(xp.asarray(alpha, d)) if d in HALF else alpha  # rounded as PyTorch on a CPU, unlike that of a product


def _divide(x: Any, y: Any) -> Any:
    """x / y; NotImplemented for an operand that is no number, tensor or array."""
    if isinstance(x, TensorBase) and x.array.dtype in FLOATING:
        return binary(DIV, x, y)
    if not (isinstance(x, TensorBase) or isinstance(y, TensorBase) or isinstance(x, (int, float, complex))):
        return NotImplemented
    for z in (x, y):
        if not isinstance(z, (TensorBase, np.ndarray, np.generic, int, float, complex)):
            return NotImplemented
    return binary(DIV, *both_floating(DIV, x, y))


class ArithmeticMethods:
    """The operators and the arithmetic methods of a tensor."""

    __slots__ = ()
    array: Any

    def __add__(self, other: Any) -> Tensor:
        return binary(ADD, self, other)

    def __radd__(self, other: Any) -> Tensor:
        return binary(ADD, self, other)

    def __sub__(self, other: Any) -> Tensor:
        return binary(SUB, self, other)

    def __rsub__(self, other: Any) -> Tensor:
        SUB.admit(other, self)
        other = operand(other, self)
        return other if other is NotImplemented else binary(SUB_FROM_NUMBER, other, self)

    def __mul__(self, other: Any) -> Tensor:
        return binary(MUL, self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return binary(MUL, self, other)

    def __truediv__(self, other: Any) -> Tensor:
        return _divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        if isinstance(other, (int, float, complex)):
            # as PyTorch: the gradient reads the reciprocal, so that divisor and quotient may be written afterwards
            return binary(MUL, apply1(RECIPROCAL, as_floating(self)), other)
        return _divide(other, self)

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

    def add(self, other: Tensor | Number, *old: Any, alpha: Number = 1) -> Tensor:
        """See `gputensor.add`."""
        return add(self, other, *old, alpha=alpha)  # type: ignore[arg-type]

    def add_(self, other: Tensor | Number, *old: Any, alpha: Number = 1) -> Tensor:
        """`add` in place."""
        if old:
            alpha, other = number_first("add_", "alpha", alpha, (other, *old), 1)
        plain = alpha == 1 and alpha is not True
        return write2(self, ADD, other if plain else _scaled(ADD, "add_", self, other, alpha))

    def sub(self, other: Tensor | Number, *old: Any, alpha: Number = 1) -> Tensor:
        """See `gputensor.sub`."""
        return sub(self, other, *old, alpha=alpha)  # type: ignore[arg-type]

    def sub_(self, other: Tensor | Number, *old: Any, alpha: Number = 1) -> Tensor:
        """`sub` in place."""
        if old:
            alpha, other = number_first("sub_", "alpha", alpha, (other, *old), 1)
        plain = alpha == 1 and alpha is not True
        return write2(self, SUB, other if plain else _scaled(SUB, "sub_", self, other, alpha))

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
        if rounding_mode is not None or self.array.dtype.kind in "biu":
            return rewrite(self, div, other, rounding_mode=rounding_mode)
        return write2(self, DIV, other)

    def true_divide(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.true_divide`."""
        return true_divide(self, other)  # type: ignore[arg-type]

    def true_divide_(self, other: Tensor | Number) -> Tensor:
        """`true_divide` in place."""
        return self.div_(other)

    def neg(self) -> Tensor:
        """See `gputensor.neg`."""
        return apply1(NEG, self)

    def neg_(self) -> Tensor:
        """`neg` in place."""
        return write(self, NEG)

    def positive(self) -> Tensor:
        """See `gputensor.positive`."""
        return positive(self)  # type: ignore[arg-type]

    def addcmul(self, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1) -> Tensor:
        """See `gputensor.addcmul`."""
        return addcmul(self, tensor1, tensor2, *old, value=value)  # type: ignore[arg-type]

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1) -> Tensor:
        """`addcmul` in place."""
        if old:
            value, tensor1, tensor2 = number_first("addcmul_", "value", value, (tensor1, tensor2, *old), 2)
        return rewrite(self, addcmul, tensor1, tensor2, value=value)

    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1) -> Tensor:
        """See `gputensor.addcdiv`."""
        return addcdiv(self, tensor1, tensor2, *old, value=value)  # type: ignore[arg-type]

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *old: Any, value: Number = 1) -> Tensor:
        """`addcdiv` in place."""
        if old:
            value, tensor1, tensor2 = number_first("addcdiv_", "value", value, (tensor1, tensor2, *old), 2)
        return rewrite(self, addcdiv, tensor1, tensor2, value=value)

    def lerp(self, end: Tensor, weight: Tensor | Number) -> Tensor:
        """See `gputensor.lerp`."""
        return lerp(self, end, weight)  # type: ignore[arg-type]

    def lerp_(self, end: Tensor, weight: Tensor | Number) -> Tensor:
        """`lerp` in place."""
        return rewrite(self, lerp, end, weight)

    subtract, subtract_ = sub, sub_
    multiply, multiply_ = mul, mul_
    divide, divide_ = div, div_
    negative, negative_ = neg, neg_
