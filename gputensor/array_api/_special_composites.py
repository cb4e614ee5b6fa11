"""Special functions of SciPy that public functions compose without losing digits, and so with gradients on any device.

Element by element; shapes broadcast, of two operands one may be a Python number. Integers are computed in the dtype of
the other operand, or in the default one.
"""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array
from gputensor.array_api._promotion import REAL, check_kind
from gputensor.array_api._special_functions import Operand, two_real
from gputensor.core.apply import as_floating

# below it exprel is summed up: the gradient of expm1(x) / x loses as many digits as x is small
_SMALL = 0.05
_TERMS = 9


def cosm1(x: gt.Tensor, /) -> Array:
    """cos(x) - 1, exact for small x: -2 sin²(x / 2).

    >>> from gputensor import array_api as xp
    >>> xp.special.cosm1(xp.asarray([1e-4]))
    Array([-5.0000e-09])
    """
    half = gt.sin(_floats("special.cosm1", x) / 2)
    return made(-2 * half * half)


def exp10(x: gt.Tensor, /) -> Array:
    """10 to the power of x.

    >>> from gputensor import array_api as xp
    >>> xp.special.exp10(xp.asarray([2.0]))
    Array([100.])
    """
    return made(gt.pow(10.0, _floats("special.exp10", x)))


def exprel(x: gt.Tensor, /) -> Array:
    """(exp(x) - 1) / x, exact for small x; 1 at 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.exprel(xp.asarray([0.0, 1.0]))
    Array([1.0000, 1.7183])
    """
    t = _floats("special.exprel", x)
    near = gt.abs(t) < _SMALL
    small, large = gt.where(near, t, 0.0), gt.where(near, 1.0, t)
    series = gt.ones_like(small)
    for k in range(_TERMS, 1, -1):
        series = 1 + small / k * series
    # inf / inf is nan; the limit is inf
    far = gt.where(gt.isposinf(large), large, gt.expm1(large) / large)
    return made(gt.where(near, series, far))


def huber(delta: Operand, r: Operand, /) -> Array:
    """Huber's loss: r² / 2 for |r| up to delta, beyond it the line delta (|r| - delta / 2); inf for negative delta.

    >>> from gputensor import array_api as xp
    >>> xp.special.huber(1.0, xp.asarray([0.5, 3.0]))
    Array([0.1250, 2.5000])
    """
    return two_real("special.huber", _huber, delta, r)


def _huber(delta: Any, r: Any) -> Any:
    size = gt.abs(r)
    loss = gt.where(size <= delta, r * r / 2, delta * (size - delta / 2))
    return gt.where(delta < 0, gt.inf, loss)


def kl_div(x1: Operand, x2: Operand, /) -> Array:
    """x1 log(x1 / x2) - x1 + x2; x2 where x1 is 0, inf where an operand is negative or only x2 is 0.

    >>> from gputensor import array_api as xp
    >>> xp.special.kl_div(xp.asarray([1.0, 0.0]), xp.asarray([2.0, 3.0]))
    Array([0.3069, 3.0000])
    """
    return two_real("special.kl_div", _kl_div, x1, x2)


def _kl_div(x: Any, y: Any) -> Any:
    inside = (x > 0) & (y > 0)
    # numbers outside would give gradients of nan
    a, b = gt.where(inside, x, 1.0), gt.where(inside, y, 1.0)
    outside = gt.where((x == 0) & (y >= 0), y, gt.inf)
    value = gt.where(inside, a * gt.log(a / b) - a + b, outside)
    return gt.where(gt.isnan(x) | gt.isnan(y), gt.nan, value)


def pseudo_huber(delta: Operand, r: Operand, /) -> Array:
    """A smooth loss, delta² (sqrt(1 + (r / delta)²) - 1), exact for small r; 0 for delta = 0, inf for negative delta.

    >>> from gputensor import array_api as xp
    >>> xp.special.pseudo_huber(1.0, xp.asarray([0.0, 1.0]))
    Array([0.0000, 0.4142])
    """
    return two_real("special.pseudo_huber", _pseudo_huber, delta, r)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    positive = delta > 0
    d = gt.where(positive, delta, 1.0)
    v = r / d
    # sqrt(1 + v²) - 1 without cancellation
    loss = d * d * gt.expm1(gt.log1p(v * v) / 2)
    loss = gt.where(positive, loss, 0.0 * delta)
    return gt.where(delta < 0, gt.inf, gt.where(r == 0, 0.0 * r, loss))


def _floats(name: str, x: Any) -> Any:
    check_kind(name, x, REAL)
    return plain(as_floating(x))
