"""Samples of the error function and the logarithm of gamma."""

import scipy.special

from tests.samples import Sample, f

SAMPLES: list[Sample] = [
    Sample(
        "erf", lambda lib, x: lib.erf(x), (f(3, 4),),
        method=lambda x: x.erf(), inplace=lambda x: x.erf_(), reference=scipy.special.erf,
    ),
    Sample(
        "erfc", lambda lib, x: lib.erfc(x), (f(3, 4),),
        method=lambda x: x.erfc(), inplace=lambda x: x.erfc_(), reference=scipy.special.erfc,
    ),
    Sample(
        "erfinv", lambda lib, x: lib.erfinv(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.erfinv(), inplace=lambda x: x.erfinv_(), reference=scipy.special.erfinv,
    ),
    Sample(
        "lgamma", lambda lib, x: lib.lgamma(1.5 + x), (f(3, 4, kind="positive"),),
        method=lambda x: (1.5 + x).lgamma(), reference=lambda x: scipy.special.gammaln(1.5 + x),
        rtol=1e-4, reason="the sum 1.5 + x is rounded first, and lgamma has a zero at 2",
    ),
    Sample(
        "digamma", lambda lib, x: lib.digamma(1 + x), (f(3, 4, kind="positive"),),
        method=lambda x: (1 + x).digamma(), reference=lambda x: scipy.special.psi(1 + x),
        rtol=1e-4, reason="the sum 1 + x is rounded first, and digamma has a zero at 1.46",
    ),
    Sample(
        "polygamma", lambda lib, x: lib.polygamma(1, x), (f(3, 4, kind="positive"),),
        method=lambda x: x.polygamma(1), inplace=lambda x: x.polygamma_(1),
        reference=lambda x: scipy.special.polygamma(1, x),
        torch=False, reason="PyTorch's is exact to nine digits only",
    ),
]  # fmt: skip
