"""The double of `cupyx.scipy.special`."""

from tests.doubles.cupy_double._ufunc import digamma as digamma
from tests.doubles.cupy_double._ufunc import digamma as psi  # noqa: F401
from tests.doubles.cupy_double._ufunc import erf as erf
from tests.doubles.cupy_double._ufunc import erfc as erfc
from tests.doubles.cupy_double._ufunc import erfinv as erfinv
from tests.doubles.cupy_double._ufunc import expit as expit
from tests.doubles.cupy_double._ufunc import gammaln as gammaln
from tests.doubles.cupy_double._ufunc import ndtr as ndtr
from tests.doubles.cupy_double._ufunc import ndtri as ndtri
from tests.doubles.cupy_double._ufunc import zeta as zeta
