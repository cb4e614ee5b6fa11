"""Division with a rule of rounding: floor_divide, remainder, fmod, and Python's // % divmod."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import binary, cast, operand
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF
from gputensor.core.tensor_base import TensorBase
from gputensor.ops.operands import Number, both, common_dtype, refuse_two_bools, rewrite, two
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class FloorDivide(Primitive):
    __slots__ = ()
    of_numbers = True
    wide = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.floor_divide(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)


class TruncDivide(Primitive):
    __slots__ = ()
    of_numbers = True
    wide = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.trunc(x / y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)


class TruncDivideIntegers(Primitive):
    """Through floats integers would lose digits from 2**53 on."""

    __slots__ = ()
    name = "trunc_divide"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.floor_divide(x - xp.fmod(x, y), y)


class Remainder(Primitive):
    __slots__ = ()
    saves = ("x", "y")
    reads_x = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.remainder(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -g * xp.floor_divide(x, y)


class Fmod(Primitive):
    __slots__ = ()
    saves = ("x", "y")
    reads_x = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.fmod(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        # where y is 0 the quotient's own gradient would be 0 * inf; floor_divide has none
        zero = y == 0
        return -g * xp.where(zero, xp.floor_divide(x, y), xp.trunc(x / xp.where(zero, 1, y)))


FLOOR_DIVIDE, REMAINDER, FMOD = FloorDivide(), Remainder(), Fmod()
TRUNC_DIVIDE, TRUNC_DIVIDE_INTEGERS = TruncDivide(), TruncDivideIntegers()


def floor_divide(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Quotient rounded down, element by element, as Python's //.

    floor(input / other), exact where the quotient is not. Shapes broadcast; dtypes promote and integers stay integers.
    Floats divided by zero give inf or nan. The gradient is 0. Raises IntegerDivisionError (a ZeroDivisionError) for a
    zero among integer divisors (on the CPU), DtypeError for two booleans and for complex numbers. Unlike torch: the
    gradient is 0, as that of ``div(rounding_mode="floor")``, and not an error.

    >>> import gputensor as gt
    >>> gt.floor_divide(gt.tensor([7.0, -7.0]), 2)
    tensor([ 3., -4.])
    """
    refuse_two_bools("floor_divide", input, other)
    result = two(FLOOR_DIVIDE, input, other)
    return result if out is None else into("floor_divide", out, result)


def trunc_divide(input: Tensor | Number, other: Tensor | Number) -> Tensor:
    """Quotient rounded towards zero, element by element: ``div(rounding_mode="trunc")``.

    Shapes broadcast; dtypes promote and integers stay integers. The gradient is 0. Raises as `floor_divide`.

    >>> import gputensor as gt
    >>> gt.div(gt.tensor([7, -7]), 2, rounding_mode="trunc")
    tensor([ 3, -3])
    """
    refuse_two_bools("trunc_divide", input, other)
    x, y = both(TRUNC_DIVIDE, input, other)
    d = common_dtype(x, y)
    if d in HALF and math.prod(y.array.shape) == 1 and isinstance(other, TensorBase):
        # as PyTorch does by one divisor; by several the quotients are rounded to 16 bits before they are cut off
        return cast(two(TRUNC_DIVIDE, cast(cast(x, d), F32), cast(cast(y, d), F32)), d)
    return two(
        TRUNC_DIVIDE if d in FLOATING else TRUNC_DIVIDE_INTEGERS, input if isinstance(input, TensorBase) else x, other
    )


def remainder(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Remainder of the division rounded down, with the sign of other, element by element, as Python's %.

    input - other * floor_divide(input, other). Shapes broadcast; dtypes promote. Floats by zero give nan. Raises
    IntegerDivisionError (a ZeroDivisionError) for a zero among integer divisors (on the CPU), DtypeError for two
    booleans and for complex numbers.

    >>> import gputensor as gt
    >>> gt.remainder(gt.tensor([7, -7]), 3)
    tensor([1, 2])
    """
    refuse_two_bools("remainder", input, other)
    result = two(REMAINDER, input, other)
    return result if out is None else into("remainder", out, result)


def fmod(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Remainder of the division rounded towards zero, with the sign of input, element by element, as C's fmod.

    input - other * trunc(input / other). Shapes broadcast; dtypes promote. Floats by zero give nan. Raises as
    `remainder`.

    >>> import gputensor as gt
    >>> gt.fmod(gt.tensor([7, -7]), 3)
    tensor([ 1, -1])
    """
    refuse_two_bools("fmod", input, other)
    result = two(FMOD, input, other)
    return result if out is None else into("fmod", out, result)


def _operator(prim: Primitive, x: Any, y: Any) -> Any:
    refuse_two_bools(prim, x, y)
    return binary(prim, x, y)


def _reflected(prim: Primitive, x: Any, y: Any) -> Any:
    other = operand(x, y)
    return other if other is NotImplemented else _operator(prim, other, y)


class DivisionMethods:
    """The division operators with rounding of a tensor."""

    __slots__ = ()

    def __floordiv__(self, other: Any) -> Tensor:
        return _operator(FLOOR_DIVIDE, self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return _reflected(FLOOR_DIVIDE, other, self)

    def __ifloordiv__(self, other: Any) -> Tensor:
        return rewrite(self, floor_divide, other)

    def __mod__(self, other: Any) -> Tensor:
        return _operator(REMAINDER, self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return _reflected(REMAINDER, other, self)

    def __imod__(self, other: Any) -> Tensor:
        return rewrite(self, remainder, other)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self.__floordiv__(other), self.__mod__(other)

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self.__rfloordiv__(other), self.__rmod__(other)

    def floor_divide(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.floor_divide`."""
        return floor_divide(self, other)  # type: ignore[arg-type]

    def floor_divide_(self, other: Tensor | Number) -> Tensor:
        """`floor_divide` in place."""
        return rewrite(self, floor_divide, other)

    def remainder(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.remainder`."""
        return remainder(self, other)  # type: ignore[arg-type]

    def remainder_(self, other: Tensor | Number) -> Tensor:
        """`remainder` in place."""
        return rewrite(self, remainder, other)

    def fmod(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.fmod`."""
        return fmod(self, other)  # type: ignore[arg-type]

    def fmod_(self, other: Tensor | Number) -> Tensor:
        """`fmod` in place."""
        return rewrite(self, fmod, other)
