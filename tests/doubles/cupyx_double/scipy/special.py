"""The double of `cupyx.scipy.special`."""

from tests.doubles.cupy_double._ufunc import (
    digamma as digamma,
    digamma as psi,  # noqa: F401
    erf as erf,
    erfc as erfc,
    erfcx as erfcx,
    erfinv as erfinv,
    expit as expit,
    gammainc as gammainc,
    gammaincc as gammaincc,
    gammaln as gammaln,
    i0 as i0,
    i0e as i0e,
    i1 as i1,
    i1e as i1e,
    j0 as j0,
    j1 as j1,
    k0 as k0,
    k0e as k0e,
    k1 as k1,
    k1e as k1e,
    ndtr as ndtr,
    ndtri as ndtri,
    y0 as y0,
    y1 as y1,
    zeta as zeta,
)
