"""Logic and bits: truth of any dtype, bits of booleans and integers. No gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, binary, constant, operand
from gputensor.core.primitive import Primitive
from gputensor.core.writes import write2
from gputensor.ops.operands import Number, compared, refuse_two_bools, rewrite, two
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class LogicalAnd(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.logical_and(x, y)


class LogicalOr(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.logical_or(x, y)


class LogicalXor(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.logical_xor(x, y)


class LogicalNot(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.logical_not(x)


class BitwiseAnd(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.bitwise_and(x, y)

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.bitwise_and(x, y, out)


class BitwiseOr(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.bitwise_or(x, y)

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.bitwise_or(x, y, out)


class BitwiseXor(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.bitwise_xor(x, y)

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.bitwise_xor(x, y, out)


class BitwiseNot(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bitwise_invert(x)


class BitwiseLeftShift(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.bitwise_left_shift(x, y)


class BitwiseRightShift(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.bitwise_right_shift(x, y)


LOGICAL_AND, LOGICAL_OR, LOGICAL_XOR, LOGICAL_NOT = LogicalAnd(), LogicalOr(), LogicalXor(), LogicalNot()
AND, OR, XOR, NOT = BitwiseAnd(), BitwiseOr(), BitwiseXor(), BitwiseNot()
LEFT, RIGHT = BitwiseLeftShift(), BitwiseRightShift()


def logical_and(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether both elements are true (not 0): boolean. Shapes broadcast; any dtypes.

    Unlike torch: other may be a number, as in the array standard.

    >>> import gputensor as gt
    >>> gt.logical_and(gt.tensor([1.0, 0.0]), gt.tensor([True, True]))
    tensor([ True, False])
    """
    result = compared(LOGICAL_AND, input, other)
    return result if out is None else into("logical_and", out, result)


def logical_or(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether one of the two elements is true (not 0): boolean. Shapes broadcast; any dtypes.

    Unlike torch: other may be a number, as in the array standard.

    >>> import gputensor as gt
    >>> gt.logical_or(gt.tensor([1.0, 0.0]), gt.tensor([True, False]))
    tensor([ True, False])
    """
    result = compared(LOGICAL_OR, input, other)
    return result if out is None else into("logical_or", out, result)


def logical_xor(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether exactly one of the two elements is true (not 0): boolean. Shapes broadcast; any dtypes.

    Unlike torch: other may be a number, as in the array standard.

    >>> import gputensor as gt
    >>> gt.logical_xor(gt.tensor([1.0, 0.0]), gt.tensor([True, True]))
    tensor([False,  True])
    """
    result = compared(LOGICAL_XOR, input, other)
    return result if out is None else into("logical_xor", out, result)


def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element is 0: boolean, of any dtype.

    >>> import gputensor as gt
    >>> gt.logical_not(gt.tensor([1.5, 0.0]))
    tensor([False,  True])
    """
    result = constant(LOGICAL_NOT, (input,))
    return result if out is None else into("logical_not", out, result)


def bitwise_and(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The bits set in both of two integers, or the logical and of two booleans, element by element.

    Shapes broadcast; dtypes promote. Raises DtypeError for floats.

    >>> import gputensor as gt
    >>> gt.bitwise_and(gt.tensor([6, 3]), 5)
    tensor([4, 1])
    """
    result = two(AND, input, other)
    return result if out is None else into("bitwise_and", out, result)


def bitwise_or(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The bits set in one of two integers, or the logical or of two booleans, element by element.

    Shapes broadcast; dtypes promote. Raises DtypeError for floats.

    >>> import gputensor as gt
    >>> gt.bitwise_or(gt.tensor([6, 3]), 5)
    tensor([7, 7])
    """
    result = two(OR, input, other)
    return result if out is None else into("bitwise_or", out, result)


def bitwise_xor(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The bits that differ between two integers, or the exclusive or of two booleans, element by element.

    Shapes broadcast; dtypes promote. Raises DtypeError for floats.

    >>> import gputensor as gt
    >>> gt.bitwise_xor(gt.tensor([6, 3]), 5)
    tensor([3, 6])
    """
    result = two(XOR, input, other)
    return result if out is None else into("bitwise_xor", out, result)


def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All bits of integers inverted, or the logical not of booleans, element by element. Raises DtypeError for floats.

    >>> import gputensor as gt
    >>> gt.bitwise_not(gt.tensor([0, 5]))
    tensor([-1, -6])
    """
    result = apply1(NOT, input)
    return result if out is None else into("bitwise_not", out, result, exact=True)


def bitwise_left_shift(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Integers times 2**other, element by element; 0 for a negative shift or one past the last bit.

    Shapes broadcast; dtypes promote. Raises DtypeError for floats and for two booleans.

    >>> import gputensor as gt
    >>> gt.bitwise_left_shift(gt.tensor([1, 3]), 2)
    tensor([ 4, 12])
    """
    refuse_two_bools("bitwise_left_shift", input, other)
    result = two(LEFT, input, other)
    return result if out is None else into("bitwise_left_shift", out, result)


def bitwise_right_shift(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Integers divided by 2**other and rounded down, element by element.

    A shift past the last bit gives 0 or -1 by the sign, a negative one too. Shapes broadcast; dtypes promote.
    Raises DtypeError for floats and for two booleans.

    >>> import gputensor as gt
    >>> gt.bitwise_right_shift(gt.tensor([8, -5]), 1)
    tensor([ 4, -3])
    """
    refuse_two_bools("bitwise_right_shift", input, other)
    result = two(RIGHT, input, other)
    return result if out is None else into("bitwise_right_shift", out, result)


def _reflected(prim: Primitive, x: Any, y: Any) -> Any:
    other = operand(x, y)
    return other if other is NotImplemented else _shift(prim, other, y)


def _shift(prim: Primitive, x: Any, y: Any) -> Any:
    refuse_two_bools(prim, x, y)
    return binary(prim, x, y)


class LogicMethods:
    """Logic and bits of a tensor."""

    __slots__ = ()

    def __and__(self, other: Any) -> Tensor:
        return binary(AND, self, other)

    def __rand__(self, other: Any) -> Tensor:
        return binary(AND, self, other)

    def __iand__(self, other: Any) -> Tensor:
        return write2(self, AND, other)

    def __or__(self, other: Any) -> Tensor:
        return binary(OR, self, other)

    def __ror__(self, other: Any) -> Tensor:
        return binary(OR, self, other)

    def __ior__(self, other: Any) -> Tensor:
        return write2(self, OR, other)

    def __xor__(self, other: Any) -> Tensor:
        return binary(XOR, self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return binary(XOR, self, other)

    def __ixor__(self, other: Any) -> Tensor:
        return write2(self, XOR, other)

    def __invert__(self) -> Tensor:
        return apply1(NOT, self)

    def __lshift__(self, other: Any) -> Tensor:
        return _shift(LEFT, self, other)

    def __rlshift__(self, other: Any) -> Tensor:
        return _reflected(LEFT, other, self)

    def __ilshift__(self, other: Any) -> Tensor:
        return rewrite(self, bitwise_left_shift, other)

    def __rshift__(self, other: Any) -> Tensor:
        return _shift(RIGHT, self, other)

    def __rrshift__(self, other: Any) -> Tensor:
        return _reflected(RIGHT, other, self)

    def __irshift__(self, other: Any) -> Tensor:
        return rewrite(self, bitwise_right_shift, other)

    def logical_and(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.logical_and`."""
        return compared(LOGICAL_AND, self, other)

    def logical_and_(self, other: Tensor | Number) -> Tensor:
        """`logical_and` in place, as 0 and 1 of this dtype."""
        return rewrite(self, logical_and, other)

    def logical_or(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.logical_or`."""
        return compared(LOGICAL_OR, self, other)

    def logical_or_(self, other: Tensor | Number) -> Tensor:
        """`logical_or` in place, as 0 and 1 of this dtype."""
        return rewrite(self, logical_or, other)

    def logical_xor(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.logical_xor`."""
        return compared(LOGICAL_XOR, self, other)

    def logical_xor_(self, other: Tensor | Number) -> Tensor:
        """`logical_xor` in place, as 0 and 1 of this dtype."""
        return rewrite(self, logical_xor, other)

    def logical_not(self) -> Tensor:
        """See `gputensor.logical_not`."""
        return constant(LOGICAL_NOT, (self,))

    def logical_not_(self) -> Tensor:
        """`logical_not` in place, as 0 and 1 of this dtype."""
        return rewrite(self, logical_not)

    def bitwise_and(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.bitwise_and`."""
        return two(AND, self, other)

    def bitwise_and_(self, other: Tensor | Number) -> Tensor:
        """`bitwise_and` in place."""
        return write2(self, AND, other)

    def bitwise_or(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.bitwise_or`."""
        return two(OR, self, other)

    def bitwise_or_(self, other: Tensor | Number) -> Tensor:
        """`bitwise_or` in place."""
        return write2(self, OR, other)

    def bitwise_xor(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.bitwise_xor`."""
        return two(XOR, self, other)

    def bitwise_xor_(self, other: Tensor | Number) -> Tensor:
        """`bitwise_xor` in place."""
        return write2(self, XOR, other)

    def bitwise_not(self) -> Tensor:
        """See `gputensor.bitwise_not`."""
        return apply1(NOT, self)

    def bitwise_not_(self) -> Tensor:
        """`bitwise_not` in place."""
        return rewrite(self, bitwise_not)

    def bitwise_left_shift(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.bitwise_left_shift`."""
        return bitwise_left_shift(self, other)  # type: ignore[arg-type]

    def bitwise_left_shift_(self, other: Tensor | Number) -> Tensor:
        """`bitwise_left_shift` in place."""
        return rewrite(self, bitwise_left_shift, other)

    def bitwise_right_shift(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.bitwise_right_shift`."""
        return bitwise_right_shift(self, other)  # type: ignore[arg-type]

    def bitwise_right_shift_(self, other: Tensor | Number) -> Tensor:
        """`bitwise_right_shift` in place."""
        return rewrite(self, bitwise_right_shift, other)
