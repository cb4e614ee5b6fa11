"""Powers of two, and divisors of integers: ldexp, frexp, gcd, lcm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, cast, constant
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import C128, F32, F64, INTEGERS
from gputensor.core.return_types import frexp as Frexp
from gputensor.errors import DtypeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.division import floor_divide
from gputensor.ops.operands import REAL, common_dtype, compared, real_floating, rewrite, tensor_operand
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.powers import pow

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Mantissa(Primitive):
    __slots__ = ()
    name = "frexp"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.frexp(x)[0]

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / xp.exp2(xp.astype(xp.frexp(x)[1], g.dtype))


class Exponent(Primitive):
    __slots__ = ()
    name = "frexp"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.frexp(x)[1]


class Gcd(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.gcd(x, y)


class Lcm(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.lcm(x, y)


MANTISSA, EXPONENT, GCD, LCM = Mantissa(), Exponent(), Gcd(), Lcm()


def frexp(input: Tensor, *, out: tuple[Tensor, Tensor] | None = None) -> Frexp:
    """Mantissa and exponent, element by element: input = mantissa * 2**exponent.

    input: floating-point, any shape -> a named tuple (mantissa, exponent) of that shape; 0.5 <= |mantissa| < 1, in the
    dtype of input, and the exponent in int32. 0, infinities and nan have the exponent 0. Raises DtypeError for other
    dtypes.

    >>> import gputensor as gt
    >>> gt.frexp(gt.tensor([1.0, -3.0])).exponent
    tensor([1, 2], dtype=gputensor.int32)
    """
    x = real_floating("frexp", input)
    result = Frexp(apply1(MANTISSA, x), constant(EXPONENT, (x,)))
    return result if out is None else into_each("frexp", out, result, exact=True)


def ldexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input * 2**other, element by element.

    Shapes broadcast. With an integer other a real floating-point input keeps its dtype, and the result is exact
    wherever it is a normal number; otherwise dtypes promote, integers to the default dtype. Raises TypeError where one
    is no tensor, DtypeError for a boolean other beside floats.

    >>> import gputensor as gt
    >>> gt.ldexp(gt.tensor([0.5, -0.75]), gt.tensor([1, 2]))
    tensor([ 1., -3.])
    """
    d = tensor_operand("ldexp", input).array.dtype
    kind = tensor_operand("ldexp", other).array.dtype.kind
    if d in REAL and kind == "b":
        raise DtypeError(f"ldexp: expected numbers for other, got {describe(other)}; convert it with .long()")
    if d in REAL and kind in "iu":
        # in two steps: 2**other alone may be no number of that dtype
        half = floor_divide(other, 2)
        result = mul(mul(input, pow(2.0, cast(half, d))), pow(2.0, cast(other - half, d)))
    else:
        if d.kind == "c" and kind in "biu":
            other = cast(other, F64 if d == C128 else F32)
        result = mul(input, pow(2.0, other))
    return result if out is None else into("ldexp", out, result, exact=True)


def gcd(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisor, element by element, never negative; gcd(0, 0) is 0.

    Integers, one of them perhaps booleans; shapes broadcast, dtypes promote. Raises DtypeError for other dtypes,
    TypeError where one is no tensor.

    >>> import gputensor as gt
    >>> gt.gcd(gt.tensor([6, 5, -4]), gt.tensor([4, 10, 6]))
    tensor([2, 5, 2])
    """
    result = _of_integers(GCD, input, other)
    return result if out is None else into("gcd", out, result)


def lcm(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The least common multiple, element by element, never negative; 0 where one is 0. Operands and errors as `gcd`.

    >>> import gputensor as gt
    >>> gt.lcm(gt.tensor([6, 5, 0]), gt.tensor([4, 10, 6]))
    tensor([12, 10,  0])
    """
    result = _of_integers(LCM, input, other)
    return result if out is None else into("lcm", out, result)


def _of_integers(prim: Primitive, x: Any, y: Any) -> Any:
    kinds = [tensor_operand(prim.name, t).array.dtype.kind for t in (x, y)]
    if not set(kinds) <= set("biu") or common_dtype(x, y) not in INTEGERS:
        raise DtypeError(f"{prim}: expected integers, got {describe(x)} and {describe(y)}; convert with .long()")
    return compared(prim, x, y)


class BinaryScalingMethods:
    """Powers of two and divisors of a tensor."""

    __slots__ = ()

    def frexp(self) -> Frexp:
        """See `gputensor.frexp`."""
        return frexp(self)  # type: ignore[arg-type]

    def ldexp(self, other: Tensor) -> Tensor:
        """See `gputensor.ldexp`."""
        return ldexp(self, other)  # type: ignore[arg-type]

    def ldexp_(self, other: Tensor) -> Tensor:
        """`ldexp` in place."""
        return rewrite(self, ldexp, other)

    def gcd(self, other: Tensor) -> Tensor:
        """See `gputensor.gcd`."""
        return gcd(self, other)  # type: ignore[arg-type]

    def gcd_(self, other: Tensor) -> Tensor:
        """`gcd` in place."""
        return rewrite(self, gcd, other)

    def lcm(self, other: Tensor) -> Tensor:
        """See `gputensor.lcm`."""
        return lcm(self, other)  # type: ignore[arg-type]

    def lcm_(self, other: Tensor) -> Tensor:
        """`lcm` in place."""
        return rewrite(self, lcm, other)
