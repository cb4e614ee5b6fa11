"""Comparisons: boolean results, no gradients. Operands promote as in arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import compare, detached_cast
from gputensor.core.dtypes import as_dtype
from gputensor.core.explain import check_number, describe, explain
from gputensor.core.limits import finfo
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F64, FLOATING, HALF
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.operands import COMPLEX, Number, compared, rewrite, tensor_operand
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Equal(Primitive):
    __slots__ = ()
    name = "eq"  # equal() is another function

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.equal(x, y)


class NotEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.not_equal(x, y)


class Less(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex numbers have no order")
        return xp.less(x, y)


class LessEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex numbers have no order")
        return xp.less_equal(x, y)


class Greater(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex numbers have no order")
        return xp.greater(x, y)


class GreaterEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex numbers have no order")
        return xp.greater_equal(x, y)


class Isclose(Primitive):
    """|x - y| <= atol + rtol |y|, or x == y (infinities too), or both nan where asked for."""

    __slots__ = ("atol", "equal_nan", "largest", "rtol")

    def __init__(self, rtol: float, atol: float, equal_nan: bool, largest: float) -> None:
        self.rtol, self.atol, self.equal_nan, self.largest = rtol, atol, equal_nan, largest

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        close = xp.equal(x, y)
        if self.equal_nan:
            close = close | (xp.isnan(x) & xp.isnan(y))
        distance = xp.abs(x - y)
        return close | ((distance <= self.largest) & (distance <= xp.abs(y) * self.rtol + self.atol))


EQ, NE, LT, LE, GT, GE = Equal(), NotEqual(), Less(), LessEqual(), Greater(), GreaterEqual()


def eq(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input equals other, element by element: boolean, without gradient. nan equals nothing.

    Shapes broadcast; dtypes promote. Raises ShapeError when the shapes do not broadcast.

    >>> import gputensor as gt
    >>> gt.eq(gt.tensor([1, 2]), 2)
    tensor([False,  True])
    """
    result = compared(EQ, input, other)
    return result if out is None else into("eq", out, result)


def ne(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input differs from other, element by element: boolean, without gradient. nan differs from everything.

    Shapes broadcast; dtypes promote. Raises ShapeError when the shapes do not broadcast.

    >>> import gputensor as gt
    >>> gt.ne(gt.tensor([1, 2]), 2)
    tensor([ True, False])
    """
    result = compared(NE, input, other)
    return result if out is None else into("ne", out, result)


def lt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input is less than other, element by element: boolean, without gradient.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.lt(gt.tensor([1, 2]), 2)
    tensor([ True, False])
    """
    result = compared(LT, input, other)
    return result if out is None else into("lt", out, result)


def le(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input is less than other or equal, element by element: boolean, without gradient.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.le(gt.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])
    """
    result = compared(LE, input, other)
    return result if out is None else into("le", out, result)


def gt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input is greater than other, element by element: boolean, without gradient.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor
    >>> gputensor.gt(gputensor.tensor([2, 3]), 2)
    tensor([False,  True])
    """
    result = compared(GT, input, other)
    return result if out is None else into("gt", out, result)


def ge(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether input is greater than other or equal, element by element: boolean, without gradient.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.ge(gt.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])
    """
    result = compared(GE, input, other)
    return result if out is None else into("ge", out, result)


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and equal elements: one bool. Waits for the GPU.

    dtypes may differ; nan equals nothing. Raises DeviceError when the tensors are on different devices.

    >>> import gputensor as gt
    >>> gt.equal(gt.tensor([1, 2]), gt.tensor([1, 2]))
    True
    """
    x, y = tensor_operand("equal", input, "input"), tensor_operand("equal", other, "other")
    if x.array.shape != y.array.shape:
        return False
    out = compare(EQ, x, y)
    return bool(out.xp.item(out.xp.all(out.array)))


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether input is near other, element by element: |input - other| <= atol + rtol * |other|.

    Infinities are near themselves only, nan is near nan with equal_nan. Shapes broadcast. Raises DtypeError when the
    dtypes differ, ValueError for a negative tolerance.

    >>> import gputensor as gt
    >>> gt.isclose(gt.tensor([1.0, 2.0]), gt.tensor([1.000001, 2.1]))
    tensor([ True, False])
    """
    return _isclose("isclose", input, other, rtol, atol, equal_nan)


def _isclose(name: str, input: Any, other: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    x, y = tensor_operand(name, input, "input"), tensor_operand(name, other, "other")
    if x.array.dtype != y.array.dtype:
        raise DtypeError(
            f"{name}: expected two tensors of one dtype, got {describe(x)} and {describe(y)}; convert one with .to(…)"
        )
    for word, tolerance in (("rtol", rtol), ("atol", atol)):
        check_number(name, word, tolerance)
        if not tolerance >= 0:
            raise ValueError(f"{name}: {word} must not be negative, got {tolerance}")
    # differences of integers may wrap around, and those of 16-bit floats are not exact in their own dtype
    d = x.array.dtype if x.array.dtype in FLOATING and x.array.dtype not in HALF else F64
    # in its own dtype a distance beyond this is infinite, and nothing is near
    largest = finfo(as_dtype(x.array.dtype if x.array.dtype in HALF else d)).max
    try:
        return compare(Isclose(rtol, atol, equal_nan, largest), detached_cast(x, d), detached_cast(y, d))
    except ShapeError as error:
        raise explain(name, (x, y), ValueError(error)) from None


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements of two tensors are near each other, by `isclose`: one bool. Waits for the GPU.

    Shapes broadcast. Raises as `isclose`.

    >>> import gputensor as gt
    >>> gt.allclose(gt.tensor([1.0, 2.0]), gt.tensor([1.000001, 2.0]))
    True
    """
    out = _isclose("allclose", input, other, rtol, atol, equal_nan)
    return bool(out.xp.item(out.xp.all(out.array)))


not_equal = ne
less = lt
less_equal = le
greater = gt
greater_equal = ge


class ComparisonMethods:
    """The comparisons of a tensor."""

    __slots__ = ()

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]  # a Tensor, where object has a bool
        return compare(EQ, self, other)

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]  # a Tensor, where object has a bool
        return compare(NE, self, other)

    def __lt__(self, other: Any) -> Tensor:
        return compare(LT, self, other)

    def __le__(self, other: Any) -> Tensor:
        return compare(LE, self, other)

    def __gt__(self, other: Any) -> Tensor:
        return compare(GT, self, other)

    def __ge__(self, other: Any) -> Tensor:
        return compare(GE, self, other)

    def __hash__(self) -> int:
        return id(self)

    def eq(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.eq`."""
        return compared(EQ, self, other)

    def eq_(self, other: Tensor | Number) -> Tensor:
        """`eq` in place, as 0 and 1 of this dtype."""
        return rewrite(self, eq, other)

    def ne(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.ne`."""
        return compared(NE, self, other)

    def ne_(self, other: Tensor | Number) -> Tensor:
        """`ne` in place, as 0 and 1 of this dtype."""
        return rewrite(self, ne, other)

    def lt(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.lt`."""
        return compared(LT, self, other)

    def lt_(self, other: Tensor | Number) -> Tensor:
        """`lt` in place, as 0 and 1 of this dtype."""
        return rewrite(self, lt, other)

    def le(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.le`."""
        return compared(LE, self, other)

    def le_(self, other: Tensor | Number) -> Tensor:
        """`le` in place, as 0 and 1 of this dtype."""
        return rewrite(self, le, other)

    def gt(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.gt`."""
        return compared(GT, self, other)

    def gt_(self, other: Tensor | Number) -> Tensor:
        """`gt` in place, as 0 and 1 of this dtype."""
        return rewrite(self, gt, other)

    def ge(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.ge`."""
        return compared(GE, self, other)

    def ge_(self, other: Tensor | Number) -> Tensor:
        """`ge` in place, as 0 and 1 of this dtype."""
        return rewrite(self, ge, other)

    def equal(self, other: Tensor) -> bool:
        """See `gputensor.equal`."""
        return equal(self, other)  # type: ignore[arg-type]

    def isclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
        """See `gputensor.isclose`."""
        return isclose(self, other, rtol, atol, equal_nan)  # type: ignore[arg-type]

    def allclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
        """See `gputensor.allclose`."""
        return allclose(self, other, rtol, atol, equal_nan)  # type: ignore[arg-type]

    not_equal, not_equal_ = ne, ne_
    less, less_ = lt, lt_
    less_equal, less_equal_ = le, le_
    greater, greater_ = gt, gt_
    greater_equal, greater_equal_ = ge, ge_
