"""Airy's function Ai over CuPy, which has none: Taylor series around whole numbers, and asymptotic series far out."""

import functools
import math

import cupy
import numpy as np
from cupy import ndarray

LIMIT = 12  # from here on the asymptotic series is exact to the last digits of float64
TERMS = 26


def airy_ai(x: ndarray) -> ndarray:
    """x: float64. Source: the differential equation y'' = x y; DLMF 9.7.5 and 9.7.9 for the asymptotic series."""
    far = cupy.where(cupy.greater(x, 0), _decaying(cupy.absolute(x)), _waving(cupy.absolute(x)))
    far = cupy.where(cupy.isinf(x), math.nan, far)  # as SciPy and PyTorch
    return cupy.where(cupy.less(cupy.absolute(x), LIMIT), _taylor(x), far)


@functools.cache
def _table() -> np.ndarray:
    """Ai and its derivative at the whole numbers from -LIMIT to LIMIT."""
    import scipy.special

    return np.stack(scipy.special.airy(np.arange(-LIMIT, LIMIT + 1.0))[:2])


def _taylor(x: ndarray) -> ndarray:
    near = cupy.where(cupy.less(cupy.absolute(x), LIMIT), x, 0.0)
    center = cupy.rint(near)
    place = center.astype(cupy.int64) + LIMIT
    table = cupy.asarray(_table())
    a, b = cupy.take(table[0], place), cupy.take(table[1], place)
    h = near - center
    # c[n + 2] = (center * c[n] + c[n - 1]) / ((n + 1) * (n + 2))
    terms = [a, b, center * a / 2]
    for n in range(1, TERMS):
        terms.append((center * terms[n] + terms[n - 1]) / ((n + 1) * (n + 2)))
    out = terms[-1]
    for c in terms[-2::-1]:
        out = out * h + c
    return out


def _coefficients() -> list[float]:
    u = [1.0]
    for k in range(1, 18):
        u.append(u[-1] * (6 * k - 5) * (6 * k - 3) * (6 * k - 1) / (216 * k * (2 * k - 1)))
    return u


U = _coefficients()


def _decaying(x: ndarray) -> ndarray:
    z = cupy.sqrt(x) * x * (2 / 3)
    return cupy.exp(-z) * _series(U, -1 / z) / (cupy.sqrt(cupy.sqrt(x)) * (2 * math.sqrt(math.pi)))


def _waving(x: ndarray) -> ndarray:
    z = cupy.sqrt(x) * x * (2 / 3)
    phase = z - math.pi / 4
    square = -1 / (z * z)
    wave = cupy.cos(phase) * _series(U[::2], square) + cupy.sin(phase) * _series(U[1::2], square) / z
    return wave / (cupy.sqrt(cupy.sqrt(x)) * math.sqrt(math.pi))


def _series(coefficients: list[float], x: ndarray) -> ndarray:
    out = x * 0.0 + coefficients[-1]
    for c in coefficients[-2::-1]:
        out = out * x + c
    return out
