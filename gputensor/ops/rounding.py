"""Rounding: floor, ceil, trunc, round, frac. Integers are whole already; gradients of steps are 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.errors import DtypeError
from gputensor.ops.dims import one_int
from gputensor.ops.operands import COMPLEX, is_half, not_bool, real_floating, rewrite, rounded_once
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Floor(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.floor(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Ceil(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.ceil(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Trunc(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.trunc(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Round(Primitive):
    """To `decimals` decimals, halves to the even neighbour; a negative count rounds in front of the point."""

    __slots__ = ("decimals",)

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals

    def forward(self, xp: Any, x: Any) -> Any:
        if self.decimals == 0:
            return xp.round(x)
        scale = xp.scalar(10.0 ** abs(self.decimals), x.dtype)
        return xp.round(x * scale) / scale if self.decimals > 0 else xp.round(x / scale) * scale

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Frac(Primitive):
    __slots__ = ()
    passes = True

    def forward(self, xp: Any, x: Any) -> Any:
        return x - xp.trunc(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


FLOOR, CEIL, TRUNC, ROUND, FRAC = Floor(), Ceil(), Trunc(), Round(0), Frac()


def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest whole number that is not above input, element by element.

    Integers come back as they are. The gradient is 0. Raises DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.floor(gt.tensor([1.7, -1.2]))
    tensor([ 1., -2.])
    """
    result = _whole(FLOOR, input)
    return result if out is None else into("floor", out, result, exact=True)


def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest whole number that is not below input, element by element.

    Integers come back as they are. The gradient is 0. Raises DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.ceil(gt.tensor([1.2, -1.7]))
    tensor([ 2., -1.])
    """
    result = _whole(CEIL, input)
    return result if out is None else into("ceil", out, result, exact=True)


def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The next whole number towards zero, element by element.

    Integers come back as they are. The gradient is 0. Raises DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.trunc(gt.tensor([1.7, -1.7]))
    tensor([ 1., -1.])
    """
    result = _whole(TRUNC, input)
    return result if out is None else into("trunc", out, result, exact=True)


def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest number with `decimals` decimals, element by element; halves go to the even neighbour.

    A negative `decimals` rounds in front of the point. Integers come back as they are. The gradient is 0. Raises
    DtypeError for booleans and complex numbers, and for integers with decimals.

    >>> import gputensor as gt
    >>> gt.round(gt.tensor([0.5, 1.5, 2.25]), decimals=1), gt.round(gt.tensor([0.5, 1.5]))
    (tensor([0.5000, 1.5000, 2.2000]), tensor([0., 2.]))
    """
    if decimals == 0:
        result = _whole(ROUND, input)
        return result if out is None else into("round", out, result, exact=True)
    decimals = one_int("round", "decimals", decimals)
    real_floating("round with decimals", input)
    result = rounded_once(_round_to, input, decimals) if is_half(input) else _round_to(input, decimals)
    return result if out is None else into("round", out, result, exact=True)


def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The part after the point, with the sign of input: input - trunc(input), element by element.

    Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.frac(gt.tensor([1.5, -1.5]))
    tensor([ 0.5000, -0.5000])
    """
    result = apply1(FRAC, real_floating("frac", input))
    return result if out is None else into("frac", out, result, exact=True)


fix = trunc


def _whole(prim: Primitive, x: Any) -> Any:
    d = not_bool(prim.name, x).array.dtype
    if d in COMPLEX:
        raise DtypeError(f"{prim}: not defined for complex numbers, got {describe(x)}; round .real and .imag")
    # NumPy 2.0 turns integers into float64 here
    return apply1(prim, x) if d in FLOATING else x.clone()


def _round_to(x: Any, decimals: int) -> Any:
    return apply1(Round(decimals), x)


class RoundingMethods:
    """The rounding methods of a tensor."""

    __slots__ = ()

    def floor(self) -> Tensor:
        """See `gputensor.floor`."""
        return floor(self)  # type: ignore[arg-type]

    def floor_(self) -> Tensor:
        """`floor` in place."""
        return rewrite(self, floor)

    def ceil(self) -> Tensor:
        """See `gputensor.ceil`."""
        return ceil(self)  # type: ignore[arg-type]

    def ceil_(self) -> Tensor:
        """`ceil` in place."""
        return rewrite(self, ceil)

    def trunc(self) -> Tensor:
        """See `gputensor.trunc`."""
        return trunc(self)  # type: ignore[arg-type]

    def trunc_(self) -> Tensor:
        """`trunc` in place."""
        return rewrite(self, trunc)

    def round(self, *, decimals: int = 0) -> Tensor:
        """See `gputensor.round`."""
        return round(self, decimals=decimals)  # type: ignore[arg-type]

    def round_(self, *, decimals: int = 0) -> Tensor:
        """`round` in place."""
        return rewrite(self, round, decimals=decimals)

    def frac(self) -> Tensor:
        """See `gputensor.frac`."""
        return frac(self)  # type: ignore[arg-type]

    def frac_(self) -> Tensor:
        """`frac` in place."""
        return rewrite(self, frac)

    # without __floor__ and __ceil__ those of math go through float and give ints, as with PyTorch's tensors

    def __trunc__(self) -> Tensor:
        return trunc(self)  # type: ignore[arg-type]

    def __round__(self, decimals: int = 0) -> Tensor:
        return round(self, decimals=decimals)  # type: ignore[arg-type]

    fix, fix_ = trunc, trunc_
