"""Special words over NumPy: SciPy computes them, loaded at first use."""

import math
from typing import Any

import numpy as np

from gputensor.arrays.numpy_ import rational

Array = np.ndarray[Any, Any]

_OWN = {"i0": rational.i0, "i0e": rational.i0e, "i1": rational.i1, "i1e": rational.i1e}

gcd = np.gcd
lcm = np.lcm


def airy_ai(x: Array) -> Array:
    import scipy.special

    wide = x.astype(np.float64)
    found = scipy.special.airy(wide)[0]
    lost = np.isnan(found) & np.isfinite(wide)  # far out SciPy gives up
    if lost.any():
        size = np.where(wide < 0, -wide, 1.0)
        # the first term of the asymptotic series, DLMF 9.7.9
        wave = np.cos(np.sqrt(size) * size * (2 / 3) - math.pi / 4) / (np.sqrt(np.sqrt(size)) * math.sqrt(math.pi))
        found = np.where(lost, np.where(wide > 0, 0.0, wave), found)
    return np.asarray(found, x.dtype)


def bessel(kind: str, x: Array) -> Array:
    own = _OWN.get(kind)
    return own(x) if own is not None and rational.takes(x) else scipy_special(kind, x)


def erfcx(x: Array) -> Array:
    return scipy_special("erfcx", x)


def frexp(x: Array) -> tuple[Array, Array]:
    mantissa, exponent = np.frexp(x)
    return np.asarray(mantissa), np.asarray(exponent, np.int32)


def gammainc(a: Array, x: Array) -> Array:
    return scipy_special("gammainc", a, x)


def gammaincc(a: Array, x: Array) -> Array:
    return scipy_special("gammaincc", a, x)


def ndtri(x: Array) -> Array:
    return scipy_special("ndtri", x)


def zeta(x: Array, q: Array) -> Array:
    # SciPy has no float32 loop of it
    import scipy.special

    wide, place = np.broadcast_arrays(x.astype(np.float64), q.astype(np.float64))
    far = (place < -1e4) & (place != np.floor(place)) & (wide == np.floor(wide)) & (wide > 1) & (wide < 1024)
    if not far.any():
        return np.asarray(scipy.special.zeta(wide, place), x.dtype)
    # SciPy adds up term by term from q to 0, for ever. With f the fraction of q, the terms below f are those of 1 - f
    # before 1 - q
    f = place - np.floor(place)
    sign = np.where(wide % 2 == 0, 1.0, -1.0)
    below = scipy.special.zeta(wide, 1 - f) - scipy.special.zeta(wide, 1 - np.where(far, place, 0))
    near = scipy.special.zeta(wide, np.where(far, 1.0, place))
    return np.asarray(np.where(far, scipy.special.zeta(wide, f) + sign * below, near), x.dtype)


def scipy_special(name: str, *xs: Array) -> Array:
    import scipy.special  # the only user of scipy.special here; loading it costs more than NumPy itself

    function = getattr(scipy.special, name)
    # SciPy has no 16-bit loops worth the name: go through float32 and back
    out = function(*[x.astype(np.float32) if x.dtype.itemsize == 2 else x for x in xs])
    return np.asarray(out, xs[0].dtype)
