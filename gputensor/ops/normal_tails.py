"""The normal distribution's functions, exact far out, and products with logarithms that are 0 where one factor is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.errors import DtypeError
from gputensor.ops.exponential import times_log
from gputensor.ops.operands import (
    COMPLEX,
    Number,
    as_real,
    both_floating,
    common_dtype,
    in_float32,
    two_floating,
    wide,
)
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

ROOT_2 = math.sqrt(2)
ROOT_PI = math.sqrt(math.pi)


class Erfcx(Primitive):
    __slots__ = ()
    saves = ("x", "out")

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.erfcx(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # 2 x erfcx(x) comes as close to 2 / sqrt(pi) as it can: the rest of its asymptotic series instead
        far = x > 15
        inverse = 1 / xp.where(far, x, 15.0)
        u, rest = inverse * inverse / 2, 1.0
        for n in range(10, 1, -1):
            rest = 1 - (2 * n - 1) * u * rest
        near = 2 * xp.where(far, 0.0, x) * out - 2 / ROOT_PI
        return g * xp.where(far, u * rest * (-2 / ROOT_PI), near)


class Ndtr(Primitive):
    """A primitive for 16-bit floats alone: its steps are rounded once."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.erfc(x * (-1 / ROOT_2)) / 2

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (xp.exp(x * x / -2) / (ROOT_2 * ROOT_PI))


class Ndtri(Primitive):
    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.ndtri(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (xp.exp(out * out / 2) * (ROOT_2 * ROOT_PI))


class LogNdtr(Primitive):
    """A primitive: ndtr underflows to 0 far to the left, where its logarithm is -x*x/2 and a little."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        t = x / ROOT_2
        left = xp.log(xp.erfcx(-t) / 2) - t * t
        return xp.where(x < -1, left, xp.log1p(xp.erfc(t) / -2))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # the density over the probability: each side by what does not overflow there, nor its derivatives
        left = x < 0
        near, far = xp.where(left, 0, x), xp.where(left, x, 0)
        inverse = xp.where(left, 1 / xp.erfcx(far / -ROOT_2), xp.exp(near * near / -2) / xp.erfc(near / -ROOT_2))
        return g * (ROOT_2 / ROOT_PI) * inverse


class Entr(Primitive):
    """A primitive: 0 * log(0) would be nan."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        value = xp.where(x == 0, xp.zeros_like(x), -x * xp.log(x))
        return xp.where(x < 0, xp.zeros_like(x) - math.inf, value)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (-1 - xp.log(x))


class Xlog1py(Primitive):
    """A primitive: 0 * log1p(-1) would be nan."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.where((x != 0) | xp.isnan(y), x * xp.log1p(y), 0)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return times_log(xp, xp.log1p, g, y, (y <= -1) & (x == 0), (y <= -1) | (y == math.inf))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * x / (y + 1)


ERFCX, NDTR, NDTRI, LOG_NDTR, ENTR, XLOG1PY = Erfcx(), Ndtr(), Ndtri(), LogNdtr(), Entr(), Xlog1py()


def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """erfc(input) scaled: exp(input**2) * erfc(input), element by element, where neither factor is a float any more.

    Any shape; integers become the default dtype. Raises DtypeError for complex numbers.
    Unlike torch: 16-bit floats are taken on the CPU.

    >>> import gputensor as gt
    >>> gt.special.erfcx(gt.tensor([0.0, 100.0]))
    tensor([1.0000, 0.0056])
    """
    result = wide(ERFCX, as_real("erfcx", input))
    return result if out is None else into("erfcx", out, result)


def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The standard normal distribution function, element by element: the probability of values below input.

    erfc(-input / sqrt(2)) / 2. Operands and errors as `erfcx`.
    Unlike torch: precise far to the left, where PyTorch's float32 result is 0.

    >>> import gputensor as gt
    >>> gt.special.ndtr(gt.tensor([0.0, 1.0]))
    tensor([0.5000, 0.8413])
    """
    result = wide(NDTR, as_real("ndtr", input))
    return result if out is None else into("ndtr", out, result)


def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The standard normal quantile, element by element: the number whose `ndtr` is input.

    Infinite at 0 and 1, nan outside. Operands and errors as `erfcx`.

    >>> import gputensor as gt
    >>> gt.special.ndtri(gt.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])
    """
    result = wide(NDTRI, as_real("ndtri", input))
    return result if out is None else into("ndtri", out, result)


def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Logarithm of `ndtr`, element by element, finite far out to the left. Operands and errors as `erfcx`.

    >>> import gputensor as gt
    >>> gt.special.log_ndtr(gt.tensor([0.0, -100.0]))
    tensor([-6.9315e-01, -5.0055e+03])
    """
    result = wide(LOG_NDTR, as_real("log_ndtr", input))
    return result if out is None else into("log_ndtr", out, result)


def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Entropy of each element: -input * log(input); 0 at 0 and -inf below. Operands and errors as `erfcx`.

    >>> import gputensor as gt
    >>> gt.special.entr(gt.tensor([0.0, 0.5]))
    tensor([0.0000, 0.3466])
    """
    result = wide(ENTR, as_real("entr", input))
    return result if out is None else into("entr", out, result)


def xlog1py(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log1p(other), element by element, and 0 where input is 0 (nan where other is nan).

    Shapes broadcast; dtypes promote, integers to the default dtype. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.special.xlog1py(gt.tensor([0.0, 2.0]), gt.tensor([-1.0, 1.0]))
    tensor([0.0000, 1.3863])
    """
    x, y = both_floating("xlog1py", input, other)
    if common_dtype(x, y) in COMPLEX:
        raise DtypeError(f"xlog1py: not defined for complex numbers, got {describe(x)} and {describe(y)}")
    half = in_float32(xlog1py, x, y)
    result = two_floating(XLOG1PY, x, y) if half is None else half
    return result if out is None else into("xlog1py", out, result)
