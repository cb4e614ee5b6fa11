"""Signs and sizes: abs, sign, sgn, copysign, signbit, and the steps at zero and to the next number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, cast, constant
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.writes import write
from gputensor.errors import DtypeError
from gputensor.ops.operands import (
    COMPLEX,
    Number,
    not_bool,
    only_tensors,
    rewrite,
    tensor_operand,
    two_floating,
    two_floats,
    write_floating,
)
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Abs(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.abs(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # the sign of a real nan is 0 in PyTorch; of complex numbers the result is real
        return g * xp.sign(xp.where(x == x, x, 0) if x.dtype == g.dtype else x)

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.abs(x, out)


class Sign(Primitive):
    """-1, 0 or 1 of real numbers, and 0 for nan as in PyTorch."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(xp.isnan(x), 0, xp.sign(x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class SignComplex(Primitive):
    """x / |x|, and 0 at 0."""

    __slots__ = ()
    name = "sgn"
    saves = ("x", "out")

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.sign(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # only the part of g across the direction of x moves the sign; the engine hands in the conjugate of the gradient
        size = xp.abs(x)
        across = g - xp.conj(out) * xp.real(out * g)
        return xp.where(size != 0, across / xp.where(size != 0, size, xp.ones_like(size)), 0)


class Copysign(Primitive):
    __slots__ = ()
    saves = ("x", "out")
    reads_y = ()

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.copysign(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * xp.where(x == x, xp.sign(x) * xp.sign(out), x)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)


class Nextafter(Primitive):
    __slots__ = ()
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.nextafter(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)


class Signbit(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.signbit(x)


ABS, SIGN, SIGN_COMPLEX = Abs(), Sign(), SignComplex()
COPYSIGN, NEXTAFTER, SIGNBIT = Copysign(), Nextafter(), Signbit()


def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Absolute value, element by element; of complex numbers the modulus, which is real.

    The gradient at 0 is 0. Raises DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.abs(gt.tensor([-1.5, 2.0]))
    tensor([1.5000, 2.0000])
    """
    result = apply1(ABS, not_bool("abs", input))
    return result if out is None else into("abs", out, result, exact=input.array.dtype.kind != "c")


def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1 by the sign of each element; 0 for nan.

    The gradient is 0. Booleans come back as they are. Raises DtypeError for complex numbers: use sgn.

    >>> import gputensor as gt
    >>> gt.sign(gt.tensor([-3.0, 0.0, 2.0]))
    tensor([-1.,  0.,  1.])
    """
    if tensor_operand("sign", input).array.dtype in COMPLEX:
        raise DtypeError(f"sign: not defined for complex numbers, got {describe(input)}; use sgn")
    result = input.clone() if input.array.dtype.kind == "b" else apply1(SIGN, input)
    return result if out is None else into("sign", out, result, exact=True)


def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sign of each element; of complex numbers input / |input|, and 0 at 0.

    >>> import gputensor as gt
    >>> gt.sgn(gt.tensor([3 + 4j]))
    tensor([0.6000+0.8000j])
    """
    if tensor_operand("sgn", input).array.dtype in COMPLEX:
        result = apply1(SIGN_COMPLEX, input)
        return result if out is None else into("sgn", out, result, exact=True)
    result = sign(input)
    return result if out is None else into("sgn", out, result, exact=True)


def copysign(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The size of input with the sign of other, element by element; the sign of -0.0 counts.

    Shapes broadcast; dtypes promote, integers to the default dtype. Where input is 0 the gradient is 0. Raises
    DtypeError for complex numbers.
    Unlike torch: the gradient of an infinite input is 1 or -1.

    >>> import gputensor as gt
    >>> gt.copysign(gt.tensor([1.0, -2.0]), gt.tensor([-0.0, 3.0]))
    tensor([-1.,  2.])
    """
    result = two_floating(COPYSIGN, input, other)
    return result if out is None else into("copysign", out, result)


def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The next floating-point number after input in the direction of other, element by element.

    Shapes broadcast; dtypes promote. The gradient reaches input alone. Raises DtypeError for integers and
    complex numbers.

    >>> import gputensor as gt
    >>> gt.nextafter(gt.tensor([1.0]), gt.tensor([2.0])) > 1
    tensor([True])
    """
    result = two_floats(NEXTAFTER, input, other)
    return result if out is None else into("nextafter", out, result)


def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The step function: 0 below 0, 1 above, and `values` at 0, element by element; 0 for nan.

    Shapes broadcast. The gradient reaches values where input is 0. Raises DtypeError for two dtypes and for complex
    numbers.

    >>> import gputensor as gt
    >>> gt.heaviside(gt.tensor([-1.0, 0.0, 2.0]), gt.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """
    only_tensors("heaviside", input, values)
    x: Any = input
    y: Any = values
    if x.array.dtype != y.array.dtype or x.array.dtype in COMPLEX:
        raise DtypeError(f"heaviside: expected two real tensors of one dtype, got {describe(x)} and {describe(y)}")
    result = where(x == 0, y, cast(x > 0, x.array.dtype))
    return result if out is None else into("heaviside", out, result, exact=True)


def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the sign of each element is negative, that of -0.0 too. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.signbit(gt.tensor([-0.0, 1.0]))
    tensor([ True, False])
    """
    result = constant(SIGNBIT, (input,))
    return result if out is None else into("signbit", out, result, exact=True)


absolute = abs


class SignMethods:
    """The signs and sizes of a tensor."""

    __slots__ = ()
    array: Any

    def abs(self) -> Tensor:
        """See `gputensor.abs`."""
        return abs(self)  # type: ignore[arg-type]

    def abs_(self) -> Tensor:
        """`abs` in place. Raises DtypeError for complex numbers, whose moduli are real."""
        if self.array.dtype in COMPLEX:
            raise DtypeError("abs_: not defined in place for complex numbers; use abs()")
        return write(not_bool("abs_", self), ABS)

    def sign(self) -> Tensor:
        """See `gputensor.sign`."""
        return sign(self)  # type: ignore[arg-type]

    def sign_(self) -> Tensor:
        """`sign` in place."""
        return rewrite(self, sign)

    def sgn(self) -> Tensor:
        """See `gputensor.sgn`."""
        return sgn(self)  # type: ignore[arg-type]

    def sgn_(self) -> Tensor:
        """`sgn` in place."""
        return rewrite(self, sgn)

    def copysign(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.copysign`."""
        return copysign(self, other)  # type: ignore[arg-type]

    def copysign_(self, other: Tensor | Number) -> Tensor:
        """`copysign` in place."""
        return write_floating(self, COPYSIGN, other)

    def nextafter(self, other: Tensor) -> Tensor:
        """See `gputensor.nextafter`."""
        return nextafter(self, other)  # type: ignore[arg-type]

    def nextafter_(self, other: Tensor) -> Tensor:
        """`nextafter` in place."""
        return write_floating(self, NEXTAFTER, other)

    def heaviside(self, values: Tensor) -> Tensor:
        """See `gputensor.heaviside`."""
        return heaviside(self, values)  # type: ignore[arg-type]

    def heaviside_(self, values: Tensor) -> Tensor:
        """`heaviside` in place."""
        return rewrite(self, heaviside, values)

    def signbit(self) -> Tensor:
        """See `gputensor.signbit`."""
        return signbit(self)  # type: ignore[arg-type]

    __abs__ = absolute = abs
    absolute_ = abs_
