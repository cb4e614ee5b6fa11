"""The double of `cupyx.scipy.special`."""

from tests.doubles.cupy_double._ufunc import digamma as digamma
from tests.doubles.cupy_double._ufunc import digamma as psi  # noqa: F401
from tests.doubles.cupy_double._ufunc import erf as erf
from tests.doubles.cupy_double._ufunc import erfc as erfc
from tests.doubles.cupy_double._ufunc import erfcx as erfcx
from tests.doubles.cupy_double._ufunc import erfinv as erfinv
from tests.doubles.cupy_double._ufunc import expit as expit
from tests.doubles.cupy_double._ufunc import gammainc as gammainc
from tests.doubles.cupy_double._ufunc import gammaincc as gammaincc
from tests.doubles.cupy_double._ufunc import gammaln as gammaln
from tests.doubles.cupy_double._ufunc import i0 as i0
from tests.doubles.cupy_double._ufunc import i0e as i0e
from tests.doubles.cupy_double._ufunc import i1 as i1
from tests.doubles.cupy_double._ufunc import i1e as i1e
from tests.doubles.cupy_double._ufunc import j0 as j0
from tests.doubles.cupy_double._ufunc import j1 as j1
from tests.doubles.cupy_double._ufunc import k0 as k0
from tests.doubles.cupy_double._ufunc import k0e as k0e
from tests.doubles.cupy_double._ufunc import k1 as k1
from tests.doubles.cupy_double._ufunc import k1e as k1e
from tests.doubles.cupy_double._ufunc import ndtr as ndtr
from tests.doubles.cupy_double._ufunc import ndtri as ndtri
from tests.doubles.cupy_double._ufunc import y0 as y0
from tests.doubles.cupy_double._ufunc import y1 as y1
from tests.doubles.cupy_double._ufunc import zeta as zeta
