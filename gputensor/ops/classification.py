"""What kind of number each element is: nan, infinite, finite, real. Boolean results, no gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import constant
from gputensor.core.primitive import Primitive
from gputensor.ops.operands import COMPLEX
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Isnan(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.isnan(x)


class Isinf(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.isinf(x)


class Isfinite(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.isfinite(x)


class Isposinf(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex infinities have no sign")
        return xp.isinf(x) & (x > 0)


class Isneginf(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        if x.dtype in COMPLEX:
            raise TypeError("complex infinities have no sign")
        return xp.isinf(x) & (x < 0)


class Isreal(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.imag(x) == 0 if x.dtype in COMPLEX else xp.ones_like(x) != 0


ISNAN, ISINF, ISFINITE = Isnan(), Isinf(), Isfinite()
ISPOSINF, ISNEGINF, ISREAL = Isposinf(), Isneginf(), Isreal()


def isnan(input: Tensor) -> Tensor:
    """Whether each element is nan; of a complex number, whether one of its parts is.

    >>> import gputensor as gt
    >>> gt.isnan(gt.tensor([1.0, float("nan")]))
    tensor([False,  True])
    """
    return constant(ISNAN, (input,))


def isinf(input: Tensor) -> Tensor:
    """Whether each element is infinite; of a complex number, whether one of its parts is.

    >>> import gputensor as gt
    >>> gt.isinf(gt.tensor([1.0, float("-inf")]))
    tensor([False,  True])
    """
    return constant(ISINF, (input,))


def isfinite(input: Tensor) -> Tensor:
    """Whether each element is neither infinite nor nan.

    >>> import gputensor as gt
    >>> gt.isfinite(gt.tensor([1.0, float("inf"), float("nan")]))
    tensor([ True, False, False])
    """
    return constant(ISFINITE, (input,))


def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element is plus infinity. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.isposinf(gt.tensor([float("inf"), float("-inf")]))
    tensor([ True, False])
    """
    result = constant(ISPOSINF, (input,))
    return result if out is None else into("isposinf", out, result)


def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element is minus infinity. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.isneginf(gt.tensor([float("inf"), float("-inf")]))
    tensor([False,  True])
    """
    result = constant(ISNEGINF, (input,))
    return result if out is None else into("isneginf", out, result)


def isreal(input: Tensor) -> Tensor:
    """Whether each element has an imaginary part of 0; True for all real dtypes.

    >>> import gputensor as gt
    >>> gt.isreal(gt.tensor([1 + 0j, 1j]))
    tensor([ True, False])
    """
    return constant(ISREAL, (input,))


class ClassificationMethods:
    """What kind of numbers a tensor holds."""

    __slots__ = ()

    def isnan(self) -> Tensor:
        """See `gputensor.isnan`."""
        return constant(ISNAN, (self,))

    def isinf(self) -> Tensor:
        """See `gputensor.isinf`."""
        return constant(ISINF, (self,))

    def isfinite(self) -> Tensor:
        """See `gputensor.isfinite`."""
        return constant(ISFINITE, (self,))

    def isposinf(self) -> Tensor:
        """See `gputensor.isposinf`."""
        return constant(ISPOSINF, (self,))

    def isneginf(self) -> Tensor:
        """See `gputensor.isneginf`."""
        return constant(ISNEGINF, (self,))

    def isreal(self) -> Tensor:
        """See `gputensor.isreal`."""
        return constant(ISREAL, (self,))
