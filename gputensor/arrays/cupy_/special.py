"""Special words over CuPy: cupyx.scipy.special computes them."""

from typing import Any

import cupy
from cupy import ndarray
from cupyx.scipy import special

from gputensor.arrays.cupy_.airy import airy_ai
from gputensor.arrays.cupy_.dtypes import FLOAT32, is_half
from gputensor.arrays.cupy_.placement import placed


class SpecialWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def airy_ai(self, x: ndarray) -> ndarray:
        return airy_ai(x.astype(cupy.float64)).astype(x.dtype, copy=False)

    @placed
    def bessel(self, kind: str, x: ndarray) -> ndarray:
        return _wide(getattr(special, kind), x)

    @placed
    def erfcx(self, x: ndarray) -> ndarray:
        return _wide(special.erfcx, x)

    @placed
    def frexp(self, x: ndarray) -> tuple[ndarray, ndarray]:
        mantissa, exponent = cupy.frexp(x)
        return mantissa, exponent

    @placed
    def gammainc(self, a: ndarray, x: ndarray) -> ndarray:
        return _wide(special.gammainc, a, x)

    @placed
    def gammaincc(self, a: ndarray, x: ndarray) -> ndarray:
        return _wide(special.gammaincc, a, x)

    @placed
    def gcd(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.gcd(x, y, out)

    @placed
    def lcm(self, x: ndarray, y: Any, out: ndarray | None = None, /) -> ndarray:
        return cupy.lcm(x, y, out)

    @placed
    def ndtri(self, x: ndarray) -> ndarray:
        return _wide(special.ndtri, x)

    @placed
    def zeta(self, x: ndarray, q: ndarray) -> ndarray:
        # as on the CPU: the series needs float64
        out = special.zeta(x.astype(cupy.float64), q.astype(cupy.float64))
        return out.astype(x.dtype, copy=False)


def _wide(function: Any, *xs: ndarray) -> ndarray:
    """function(*xs), 16-bit floats through float32: they have no loops, or loops to float64."""
    out = function(*[x.astype(FLOAT32) if is_half(x) else x for x in xs])
    return out.astype(xs[0].dtype, copy=False)
