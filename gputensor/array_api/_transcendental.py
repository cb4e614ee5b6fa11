"""Exponentials, logarithms, trigonometric and hyperbolic functions, element by element.

Floating-point dtypes, complex ones where nothing else is said, keep theirs; integers are computed in the default dtype.
Raises TypeError for what is no array.
"""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._arithmetic import Operand
from gputensor.array_api._array import Array
from gputensor.array_api._primitives import EXPM1_COMPLEX, LOG1P_COMPLEX, TANH_COMPLEX
from gputensor.array_api._promotion import REAL_FLOATING, tensors
from gputensor.core.apply import apply1
from gputensor.core.tensor_base import TensorBase


def acos(x: gt.Tensor, /) -> Array:
    """Inverse cosine, in radians; nan outside [-1, 1].

    >>> from gputensor import array_api as xp
    >>> xp.acos(xp.asarray([1.0]))
    Array([0.])
    """
    return made(gt.acos(plain(x)))


def acosh(x: gt.Tensor, /) -> Array:
    """Inverse hyperbolic cosine; nan below 1.

    >>> from gputensor import array_api as xp
    >>> xp.acosh(xp.asarray([1.0]))
    Array([0.])
    """
    return made(gt.acosh(plain(x)))


def asin(x: gt.Tensor, /) -> Array:
    """Inverse sine, in radians; nan outside [-1, 1].

    >>> from gputensor import array_api as xp
    >>> xp.asin(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.asin(plain(x)))


def asinh(x: gt.Tensor, /) -> Array:
    """Inverse hyperbolic sine.

    >>> from gputensor import array_api as xp
    >>> xp.asinh(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.asinh(plain(x)))


def atan(x: gt.Tensor, /) -> Array:
    """Inverse tangent, in radians.

    >>> from gputensor import array_api as xp
    >>> xp.atan(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.atan(plain(x)))


def atan2(x1: Operand, x2: Operand, /) -> Array:
    """Angle of the vector (x2, x1), in radians, in [-pi, pi]. One operand may be a number.

    >>> from gputensor import array_api as xp
    >>> xp.atan2(xp.asarray([1.0]), 0.0)
    Array([1.5708])
    """
    x1, x2 = tensors("atan2", x1, x2, REAL_FLOATING)
    return made(gt.atan2(plain(x1), plain(x2)))


def atanh(x: gt.Tensor, /) -> Array:
    """Inverse hyperbolic tangent; nan outside [-1, 1].

    >>> from gputensor import array_api as xp
    >>> xp.atanh(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.atanh(plain(x)))


def cos(x: gt.Tensor, /) -> Array:
    """Cosine of angles in radians.

    >>> from gputensor import array_api as xp
    >>> xp.cos(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.cos(plain(x)))


def cosh(x: gt.Tensor, /) -> Array:
    """Hyperbolic cosine.

    >>> from gputensor import array_api as xp
    >>> xp.cosh(xp.asarray([0.0]))
    Array([1.])
    """
    return made(gt.cosh(plain(x)))


def exp(x: gt.Tensor, /) -> Array:
    """e to the power of x.

    >>> from gputensor import array_api as xp
    >>> xp.exp(xp.asarray([1.0]))
    Array([2.7183])
    """
    return made(gt.exp(plain(x)))


def expm1(x: gt.Tensor, /) -> Array:
    """e to the power of x, minus 1, exact for small x, complex ones included.

    >>> from gputensor import array_api as xp
    >>> xp.expm1(xp.asarray([1e-8]))
    Array([1.0000e-08])
    """
    t = plain(x)
    return made(apply1(EXPM1_COMPLEX, t) if is_complex(t) else gt.expm1(t))


def log(x: gt.Tensor, /) -> Array:
    """Natural logarithm; nan below 0.

    >>> from gputensor import array_api as xp
    >>> xp.log(xp.asarray([1.0]))
    Array([0.])
    """
    return made(gt.log(plain(x)))


def log1p(x: gt.Tensor, /) -> Array:
    """Natural logarithm of 1 + x, exact for small x, complex ones included.

    >>> from gputensor import array_api as xp
    >>> xp.log1p(xp.asarray([1e-8]))
    Array([1.0000e-08])
    """
    t = plain(x)
    return made(apply1(LOG1P_COMPLEX, t) if is_complex(t) else gt.log1p(t))


def log2(x: gt.Tensor, /) -> Array:
    """Logarithm to base 2; nan below 0.

    >>> from gputensor import array_api as xp
    >>> xp.log2(xp.asarray([8.0]))
    Array([3.])
    """
    return made(gt.log2(plain(x)))


def log10(x: gt.Tensor, /) -> Array:
    """Logarithm to base 10; nan below 0.

    >>> from gputensor import array_api as xp
    >>> xp.log10(xp.asarray([1.0, 0.0]))
    Array([0., -inf])
    """
    return made(gt.log10(plain(x)))


def logaddexp(x1: Operand, x2: Operand, /) -> Array:
    """log(exp(x1) + exp(x2)), without overflow on the way. One operand may be a number.

    >>> from gputensor import array_api as xp
    >>> xp.logaddexp(xp.asarray([0.0]), 0.0)
    Array([0.6931])
    """
    x1, x2 = tensors("logaddexp", x1, x2, REAL_FLOATING)
    return made(gt.logaddexp(plain(x1), plain(x2)))


def sin(x: gt.Tensor, /) -> Array:
    """Sine of angles in radians.

    >>> from gputensor import array_api as xp
    >>> xp.sin(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.sin(plain(x)))


def sinh(x: gt.Tensor, /) -> Array:
    """Hyperbolic sine.

    >>> from gputensor import array_api as xp
    >>> xp.sinh(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.sinh(plain(x)))


def tan(x: gt.Tensor, /) -> Array:
    """Tangent of angles in radians.

    >>> from gputensor import array_api as xp
    >>> xp.tan(xp.asarray([0.0]))
    Array([0.])
    """
    return made(gt.tan(plain(x)))


def tanh(x: gt.Tensor, /) -> Array:
    """Hyperbolic tangent.

    >>> from gputensor import array_api as xp
    >>> xp.tanh(xp.asarray([0.0]))
    Array([0.])
    """
    t = plain(x)
    return made(apply1(TANH_COMPLEX, t) if is_complex(t) else gt.tanh(t))


def is_complex(x: Any) -> bool:
    """Whether x is a tensor of complex numbers."""
    return isinstance(x, TensorBase) and x.array.dtype.kind == "c"
