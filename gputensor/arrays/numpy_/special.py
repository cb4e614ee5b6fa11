"""Special words over NumPy: SciPy computes them, loaded at first use."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

gcd = np.gcd
lcm = np.lcm


def airy_ai(x: Array) -> Array:
    import scipy.special

    return np.asarray(scipy.special.airy(x.astype(np.float64))[0], x.dtype)


def bessel(kind: str, x: Array) -> Array:
    return scipy_special(kind, x)


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
