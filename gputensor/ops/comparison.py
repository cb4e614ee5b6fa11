"""Comparisons: boolean results, no gradients. Operands promote as in arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import compare
from gputensor.core.primitive import Primitive

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Equal(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.equal(x, y)


class NotEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.not_equal(x, y)


class Less(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.less(x, y)


class LessEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.less_equal(x, y)


class Greater(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.greater(x, y)


class GreaterEqual(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.greater_equal(x, y)


EQ, NE, LT, LE, GT, GE = Equal(), NotEqual(), Less(), LessEqual(), Greater(), GreaterEqual()


class ComparisonMethods:
    """The comparison operators of a tensor."""

    __slots__ = ()

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        return compare(EQ, self, other)

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
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
