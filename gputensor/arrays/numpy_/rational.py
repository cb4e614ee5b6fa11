"""Special functions of many float32 numbers by rational functions, in blocks that stay in the cache.

SciPy computes them one by one, at three to four times the cost. The coefficients are least-squares fits, weighted until
the largest relative error is smallest; it is below 3e-9. They are added up in float64: in float32 some six roundings
would come together.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_Ratio = tuple[tuple[float, ...], tuple[float, ...]]  # the polynomials above and below, constants first

MANY = 4096  # elements below which NumPy's calls cost more than SciPy's loop
_BLOCK = 1 << 14
_F32 = np.dtype(np.float32)

# erfinv(x) / x, of w = -log(1 - x**2) from 0 to 16.2
_ERFINV = (
    (0.8862269237, 0.3131577277, 0.06275410209, 0.008486440439, 0.0007498336335, 3.586502683e-05, 8.939942195e-08),
    (1.0, 0.09156120891, 0.033807998, 0.002166152379, 0.0002246094394, 2.901508899e-06),
)
# i0(x) * exp(-x), of x from 0 to 8
_I0E = (
    (
        0.9999999991,
        0.1826360531,
        0.2211608155,
        0.0379349498,
        0.008582449359,
        0.001115581821,
        3.757528523e-05,
        -2.980445698e-07,
    ),
    (1.0, 1.182635963, 0.6537982294, 0.221413608, 0.05015202214, 0.007598540559, 0.0007455666133),
)
# i1(x) * exp(-x) / x, of x from 0 to 8
_I1E = (
    (0.500000001, 0.04216209991, 0.0457524629, 0.003151038226, 0.000792269765, 1.13456089e-05),
    (1.0, 1.084324287, 0.5508286545, 0.1710955457, 0.03530038563, 0.00481473091, 0.0003875654185),
)
# i0(x) * exp(-x) * sqrt(x) and the same of i1, of 1 / x from 0 to 1 / 8
_I0E_FAR = ((0.39894228, -1.679740985, 1.038033514, 0.0612781368), (1.0, -4.335486731, 3.073624438))
_I1E_FAR = ((0.398942281, -1.738252111, 1.501444311, -0.2124753008), (1.0, -3.982151181, 2.387389747))


def takes(x: Array) -> bool:
    return x.dtype == _F32 and x.size >= MANY


def erfinv(x: Array) -> Array:
    return _in_blocks(_erfinv, x)


def i0(x: Array) -> Array:
    return _in_blocks(lambda x: _bessel(x, _i0e, _I0E_FAR, True), x)


def i0e(x: Array) -> Array:
    return _in_blocks(lambda x: _bessel(x, _i0e, _I0E_FAR, False), x)


def i1(x: Array) -> Array:
    return _in_blocks(lambda x: _odd(_bessel(x, _i1e, _I1E_FAR, True), x), x)


def i1e(x: Array) -> Array:
    return _in_blocks(lambda x: _odd(_bessel(x, _i1e, _I1E_FAR, False), x), x)


def _in_blocks(function: Callable[[Array], Array], x: Array) -> Array:
    out = np.empty(x.shape, x.dtype)
    source, target = np.ascontiguousarray(x).reshape(-1), out.reshape(-1)
    with np.errstate(all="ignore"):
        for k in range(0, source.size, _BLOCK):
            target[k : k + _BLOCK] = function(source[k : k + _BLOCK].astype(np.float64))
    return out


def _ratio(coefficients: _Ratio, x: Array) -> Array:
    above, below = [_polynomial(c, x) for c in coefficients]
    return np.divide(above, below, above)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    out = x * coefficients[-1]
    for c in coefficients[-2:0:-1]:
        np.add(out, c, out)
        np.multiply(out, x, out)
    return np.add(out, coefficients[0], out)


def _erfinv(x: Array) -> Array:
    w = np.log((1 - x) * (1 + x))
    np.negative(w, w)
    out = _ratio(_ERFINV, np.minimum(w, 16.2))
    np.multiply(out, x, out)
    ends = np.flatnonzero(np.isinf(w))
    out[ends] = np.where(np.abs(x[ends]) == 1, x[ends] * np.inf, np.nan)
    return out


def _i0e(x: Array) -> Array:
    return _ratio(_I0E, x)


def _i1e(x: Array) -> Array:
    return np.multiply(x, _ratio(_I1E, x))


def _odd(result: Array, x: Array) -> Array:
    # x + 0, so that -0 gives 0, as in PyTorch
    return np.copysign(result, x + 0.0, result)


def _bessel(x: Array, near: Callable[[Array], Array], far: _Ratio, grown: bool) -> Array:
    """near(|x|) up to 8, beyond the ratio `far` of 1 / |x| over the root of |x|; grown: times exp(|x|)."""
    size = np.abs(x)
    out = near(size)
    places = np.flatnonzero(size > 8)
    distant = size[places]
    out[places] = _ratio(far, 1 / distant) / np.sqrt(distant)
    if grown:
        np.multiply(out, np.exp(size), out)
    return out
