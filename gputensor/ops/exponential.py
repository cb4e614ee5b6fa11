"""Exponentials and logarithms. Integers are computed in the default floating-point dtype."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating
from gputensor.core.explain import check_number, describe
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError
from gputensor.ops.operands import (
    COMPLEX,
    Number,
    as_real,
    both_floating,
    common_dtype,
    rewrite,
    two_floating,
    two_floats,
    wide,
    write_floating,
)
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

LOG_2, LOG_10 = math.log(2), math.log(10)


class Exp(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.exp(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * out

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.exp(x, out)


class Exp2(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.exp2(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * out * LOG_2


class Expm1(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.expm1(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (out + 1)


class Log(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / x

    def into(self, xp: Any, out: Any, x: Any) -> None:
        xp.log(x, out)


class Log2(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log2(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (x * LOG_2)


class Log10(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log10(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (x * LOG_10)


class Log1p(Primitive):
    __slots__ = ()
    grad_name = "Log1PBackward0"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.log1p(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g / (x + 1)


def fermi(xp: Any, z: Any, base: int | None = None) -> Any:
    """1 / (1 + base**z), Fermi's function; base: None for e, or 2.

    Over Tensors through a power that never overflows: so its derivatives of any order are finite, exact in both tails.
    """
    power = xp.exp if base is None else xp.exp2
    if not isinstance(z, TensorBase):
        # the value alone is right with an infinity, in a quarter of the time
        return 1 / (1 + power(z))
    x: Any = z
    positive = x >= 0
    # not abs, whose derivative is 0 at 0
    e = power(xp.where(positive, -x, x))
    return xp.where(positive, e, 1) / (1 + e)


class Logaddexp(Primitive):
    """A primitive: exp would overflow where the result does not."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.logaddexp(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * fermi(xp, y - x)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * fermi(xp, x - y)


class LogaddexpComplex(Primitive):
    """`Logaddexp` of complex numbers, which no library has. A primitive for the same reason."""

    __slots__ = ()
    saves = ("x", "y", "out")
    grad_name = "LogaddexpBackward0"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return logaddexp_of_complex(xp, x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * xp.exp(x - out)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * xp.exp(y - out)


def logaddexp_of_complex(xp: Any, x: Any, y: Any) -> Any:
    """log(exp(x) + exp(y)) of complex arrays; where both real parts are -inf, one of the two."""
    a, b = xp.real(x), xp.real(y)
    swapped = (a < b) | (b != b)
    high, low = xp.where(swapped, y, x), xp.where(swapped, x, y)
    infinite = xp.real(high)
    nothing = (infinite == float("-inf")) & (a == b)
    # inf - inf would be nan in the real part of equal infinities
    apart = xp.where((infinite == float("inf")) & (a == b), xp.zeros_like(high), low - high)
    return xp.where(nothing, high, high + xp.log1p(xp.exp(apart)))


class Logaddexp2(Primitive):
    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.logaddexp2(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * fermi(xp, y - x, 2)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * fermi(xp, x - y, 2)


class Xlogy(Primitive):
    """A primitive: 0 * log(0) would be nan."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.where((x != 0) | xp.isnan(y), x * xp.log(y), 0)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return times_log(xp, xp.log, g, y, (y <= 0) & (x == 0), (y <= 0) | (y == math.inf))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * x / y


def times_log(xp: Any, log: Any, g: Any, y: Any, flat: Any, infinite: Any) -> Any:
    """g * log(y), and 0 where the function is flat, or where g is 0 and the logarithm infinite or none: no nan."""
    zero = flat | (infinite & (g == 0))
    # of 1 there, so that the gradient of this one is not nan either
    return xp.where(zero, 0, g * log(xp.where(zero, xp.ones_like(y), y)))


class Logit(Primitive):
    """log(x / (1 - x)), x first clamped to eps <= x <= 1 - eps unless eps is None."""

    __slots__ = ("eps",)
    saves = ("x",)

    def __init__(self, eps: float | None) -> None:
        if eps is not None:
            check_number("logit", "eps", eps)
        self.eps = eps

    def forward(self, xp: Any, x: Any) -> Any:
        if self.eps is not None:
            low, high = xp.scalar(self.eps, x.dtype), xp.scalar(1 - self.eps, x.dtype)
            # the low bound first: for eps above 1/2 it is the upper one
            x = xp.where(x < low, low, xp.where(x > high, high, x))
        return xp.log(x / (1 - x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if self.eps is None:
            return xp.where((x >= 0) & (x <= 1), g / (x * (1 - x)), math.nan)
        # nan stays nan: PyTorch says 0 or nan, by its place in the tensor
        return xp.where((x < self.eps) | (x > 1 - self.eps), 0, g / (x * (1 - x)))


EXP, EXP2, EXPM1 = Exp(), Exp2(), Expm1()
LOG, LOG2, LOG10, LOG1P = Log(), Log2(), Log10(), Log1p()
LOGADDEXP_COMPLEX = LogaddexpComplex()
LOGADDEXP, LOGADDEXP2, XLOGY, LOGIT = Logaddexp(), Logaddexp2(), Xlogy(), Logit(None)


def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """e to the power of input, element by element.

    >>> import gputensor as gt
    >>> gt.exp(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    result = apply1(EXP, as_floating(input))
    return result if out is None else into("exp", out, result)


def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 to the power of input, element by element.

    >>> import gputensor as gt
    >>> gt.exp2(gt.tensor([3.0, -1.0]))
    tensor([8.0000, 0.5000])
    """
    result = apply1(EXP2, as_floating(input))
    return result if out is None else into("exp2", out, result)


def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) - 1, element by element, exact near 0, where the subtraction would lose all digits.

    >>> import gputensor as gt
    >>> gt.expm1(gt.tensor([1e-8, 1.0]))
    tensor([1.0000e-08, 1.7183e+00])
    """
    result = apply1(EXPM1, as_floating(input))
    return result if out is None else into("expm1", out, result)


def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Natural logarithm, element by element; -inf at 0, nan below.

    >>> import gputensor as gt
    >>> gt.log(gt.tensor([1.0, 0.0]))
    tensor([0., -inf])
    """
    result = apply1(LOG, as_floating(input))
    return result if out is None else into("log", out, result)


def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Logarithm to base 2, element by element; -inf at 0, nan below.

    >>> import gputensor as gt
    >>> gt.log2(gt.tensor([8.0, 0.5]))
    tensor([ 3., -1.])
    """
    result = apply1(LOG2, as_floating(input))
    return result if out is None else into("log2", out, result)


def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Logarithm to base 10, element by element; -inf at 0, nan below.

    >>> import gputensor as gt
    >>> gt.log10(gt.tensor([2.0, 0.0]))
    tensor([0.3010,   -inf])
    """
    result = apply1(LOG10, as_floating(input))
    return result if out is None else into("log10", out, result)


def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(1 + input), element by element, exact near 0, where the sum would lose all digits; -inf at -1, nan below.

    >>> import gputensor as gt
    >>> gt.log1p(gt.tensor([1e-8, 1.0]))
    tensor([1.0000e-08, 6.9315e-01])
    """
    result = apply1(LOG1P, as_floating(input))
    return result if out is None else into("log1p", out, result)


def _is_complex(x: Any) -> bool:
    return isinstance(x, TensorBase) and x.array.dtype in COMPLEX


def logaddexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(exp(input) + exp(other)), element by element, without overflow.

    Shapes broadcast; dtypes promote. Raises DtypeError for integers. Complex numbers: the imaginary part may lie
    outside of -pi to pi, as in PyTorch.

    >>> import gputensor as gt
    >>> gt.logaddexp(gt.tensor([0.0, 200.0]), gt.tensor([0.0, 0.0]))
    tensor([  0.6931, 200.0000])
    """
    if not (_is_complex(input) or _is_complex(other)):
        result = two_floats(LOGADDEXP, input, other)
    else:
        result = two_floats(LOGADDEXP_COMPLEX, input, other)
    return result if out is None else into("logaddexp", out, result)


def logaddexp2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log2(2**input + 2**other), element by element, without overflow.

    Shapes broadcast; dtypes promote. Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.logaddexp2(gt.tensor([1000.0]), gt.tensor([1000.0]))
    tensor([1001.])
    """
    result = two_floats(LOGADDEXP2, input, other)
    return result if out is None else into("logaddexp2", out, result)


def xlogy(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log(other), element by element, and 0 where input is 0 (nan where other is nan).

    Shapes broadcast; dtypes promote, integers to the default dtype. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.xlogy(gt.tensor([0.0, 2.0]), gt.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    x, y = both_floating("xlogy", input, other)
    if common_dtype(x, y) in COMPLEX:
        raise DtypeError(f"xlogy: not defined for complex numbers, got {describe(x)} and {describe(y)}")
    result = two_floating(XLOGY, x, y)
    return result if out is None else into("xlogy", out, result)


def logit(input: Tensor, eps: float | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(input / (1 - input)), the inverse of sigmoid, element by element.

    eps: what is below eps is first raised to it, what else is above 1 - eps is lowered to that; without it 0 gives
    -inf, 1 gives inf, and what lies outside nan. The gradient is 0 where the clamp acted. Raises DtypeError for complex
    numbers.

    >>> import gputensor as gt
    >>> gt.logit(gt.tensor([0.5, 0.9]))
    tensor([0.0000, 2.1972])
    """
    result = wide(LOGIT if eps is None else Logit(eps), as_real("logit", input))
    return result if out is None else into("logit", out, result)


class ExponentialMethods:
    """The exponentials and logarithms of a tensor."""

    __slots__ = ()

    def exp(self) -> Tensor:
        """See `gputensor.exp`."""
        return exp(self)  # type: ignore[arg-type]

    def exp_(self) -> Tensor:
        """`exp` in place."""
        return write_floating(self, EXP)

    def exp2(self) -> Tensor:
        """See `gputensor.exp2`."""
        return exp2(self)  # type: ignore[arg-type]

    def exp2_(self) -> Tensor:
        """`exp2` in place."""
        return write_floating(self, EXP2)

    def expm1(self) -> Tensor:
        """See `gputensor.expm1`."""
        return expm1(self)  # type: ignore[arg-type]

    def expm1_(self) -> Tensor:
        """`expm1` in place."""
        return write_floating(self, EXPM1)

    def log(self) -> Tensor:
        """See `gputensor.log`."""
        return log(self)  # type: ignore[arg-type]

    def log_(self) -> Tensor:
        """`log` in place."""
        return write_floating(self, LOG)

    def log2(self) -> Tensor:
        """See `gputensor.log2`."""
        return log2(self)  # type: ignore[arg-type]

    def log2_(self) -> Tensor:
        """`log2` in place."""
        return write_floating(self, LOG2)

    def log10(self) -> Tensor:
        """See `gputensor.log10`."""
        return log10(self)  # type: ignore[arg-type]

    def log10_(self) -> Tensor:
        """`log10` in place."""
        return write_floating(self, LOG10)

    def log1p(self) -> Tensor:
        """See `gputensor.log1p`."""
        return log1p(self)  # type: ignore[arg-type]

    def log1p_(self) -> Tensor:
        """`log1p` in place."""
        return write_floating(self, LOG1P)

    def logaddexp(self, other: Tensor) -> Tensor:
        """See `gputensor.logaddexp`."""
        return logaddexp(self, other)  # type: ignore[arg-type]

    def logaddexp2(self, other: Tensor) -> Tensor:
        """See `gputensor.logaddexp2`."""
        return logaddexp2(self, other)  # type: ignore[arg-type]

    def xlogy(self, other: Tensor | Number) -> Tensor:
        """See `gputensor.xlogy`."""
        return xlogy(self, other)  # type: ignore[arg-type]

    def xlogy_(self, other: Tensor | Number) -> Tensor:
        """`xlogy` in place."""
        return rewrite(self, xlogy, other)

    def logit(self, eps: float | None = None) -> Tensor:
        """See `gputensor.logit`."""
        return logit(self, eps)  # type: ignore[arg-type]

    def logit_(self, eps: float | None = None) -> Tensor:
        """`logit` in place."""
        return rewrite(self, logit, eps)
