"""Samples of `special`: Bessel functions, tails of the normal distribution, gamma functions, polynomials."""

import numpy as np
import scipy.special as sp

from tests.samples import Sample, f, i

FULL = ("float32", "float64", "float16", "bfloat16", "int64")
NO_GRADIENT = {"differentiable": False, "second": False, "dtypes": ("float32", "float64", "int64")}
CLOSE = {"rtol": 1e-4, "reason": "zeros and large derivatives: the rounding of the input shows"}


def _polynomial(name, reference):
    # the low degrees, and for Chebyshev's the closed forms above 8
    return [_degree(name, reference, n) for n in (0, 1, 5, 11)]


def _degree(name, reference, n):
    return Sample(
        f"special.{name} {n}",
        lambda lib, x: getattr(lib.special, name)(x, n),
        (f(3, 4),),
        reference=lambda x: reference(n, x),
        differentiable=False,
        dtypes=("float32", "float64"),
        **CLOSE,
    )


def _v(n, x):
    """The third kind through the first: sum of two neighbours over the shared factor, by its recurrence."""
    before, p = np.ones_like(x), 2 * x - 1
    for _ in range(n - 1):
        before, p = p, 2 * x * p - before
    return before if n == 0 else p


def _w(n, x):
    return (-1) ** n * _v(n, -x)


SAMPLES: list[Sample] = [
    Sample(
        "i0", lambda lib, x: lib.i0(x), (f(3, 4),),
        method=lambda x: x.i0(), inplace=lambda x: x.i0_(), reference=sp.i0,
    ),
    Sample("special.i0", lambda lib, x: lib.special.i0(x), (f(3, 4),), reference=sp.i0, dtypes=FULL),
    Sample("special.i0e", lambda lib, x: lib.special.i0e(x), (f(3, 4, kind="positive"),), reference=sp.i0e),
    Sample("special.i1", lambda lib, x: lib.special.i1(x), (f(3, 4),), reference=sp.i1, dtypes=FULL),
    Sample("special.i1e", lambda lib, x: lib.special.i1e(x), (f(3, 4, kind="positive"),), reference=sp.i1e),
    Sample(
        "special.bessel_j0", lambda lib, x: lib.special.bessel_j0(x), (f(3, 4),), reference=sp.j0, **NO_GRADIENT,
        **CLOSE,
    ),
    Sample(
        "special.bessel_j1", lambda lib, x: lib.special.bessel_j1(x), (f(3, 4),), reference=sp.j1, **NO_GRADIENT,
        **CLOSE,
    ),
    Sample(
        "special.bessel_y0", lambda lib, x: lib.special.bessel_y0(x), (f(3, 4, kind="positive"),), reference=sp.y0,
        **NO_GRADIENT, **CLOSE,
    ),
    Sample(
        "special.bessel_y1", lambda lib, x: lib.special.bessel_y1(x), (f(3, 4, kind="positive"),), reference=sp.y1,
        **NO_GRADIENT, **CLOSE,
    ),
    Sample(
        "special.modified_bessel_i0", lambda lib, x: lib.special.modified_bessel_i0(x), (f(3, 4),), reference=sp.i0,
        **NO_GRADIENT,
    ),
    Sample(
        "special.modified_bessel_i1", lambda lib, x: lib.special.modified_bessel_i1(x), (f(3, 4),), reference=sp.i1,
        **NO_GRADIENT,
    ),
    Sample(
        "special.modified_bessel_k0", lambda lib, x: lib.special.modified_bessel_k0(x), (f(3, 4, kind="positive"),),
        reference=sp.k0, **NO_GRADIENT,
    ),
    Sample(
        "special.modified_bessel_k1", lambda lib, x: lib.special.modified_bessel_k1(x), (f(3, 4, kind="positive"),),
        reference=sp.k1, **NO_GRADIENT,
    ),
    Sample(
        "special.scaled_modified_bessel_k0", lambda lib, x: lib.special.scaled_modified_bessel_k0(x),
        (f(3, 4, kind="positive"),), reference=sp.k0e, **NO_GRADIENT,
    ),
    Sample(
        "special.scaled_modified_bessel_k1", lambda lib, x: lib.special.scaled_modified_bessel_k1(x),
        (f(3, 4, kind="positive"),), reference=sp.k1e, **NO_GRADIENT,
    ),
    Sample(
        "special.spherical_bessel_j0", lambda lib, x: lib.special.spherical_bessel_j0(x), (f(3, 4),),
        reference=lambda x: sp.spherical_jn(0, x), **NO_GRADIENT,
    ),
    Sample(
        "special.airy_ai", lambda lib, x: lib.special.airy_ai(x), (f(3, 4),), reference=lambda x: sp.airy(x)[0],
        differentiable=False, second=False, dtypes=("float32", "float64", "int64"), torch=False, rtol=1e-4,
        reason="PyTorch's is exact to seven digits only; the rounding of the input shows",
    ),
    Sample("special.entr", lambda lib, x: lib.special.entr(x), (f(3, 4, kind="positive"),), reference=sp.entr, **CLOSE),
    Sample("special.erfcx", lambda lib, x: lib.special.erfcx(x), (f(3, 4),), reference=sp.erfcx),
    Sample("special.ndtr", lambda lib, x: lib.special.ndtr(x), (f(3, 4),), reference=sp.ndtr),
    Sample(
        "special.ndtri", lambda lib, x: lib.special.ndtri(0.5 + x / 2), (f(3, 4, kind="unit"),),
        reference=lambda x: sp.ndtri(0.5 + x / 2), dtypes=("float32", "float64"), **CLOSE,
    ),
    Sample("special.log_ndtr", lambda lib, x: lib.special.log_ndtr(x), (f(3, 4),), reference=sp.log_ndtr),
    Sample(
        "special.log_ndtr far left", lambda lib, x: lib.special.log_ndtr(-20 * x), (f(3, 4, kind="positive"),),
        reference=lambda x: sp.log_ndtr(-20 * x), dtypes=("float32", "float64"),
    ),
    Sample(
        "special.xlog1py", lambda lib, x, y: lib.special.xlog1py(x, y), (f(3, 4), f(3, 4, kind="unit")),
        reference=sp.xlog1py, **CLOSE,
    ),
    Sample("special.xlogy", lambda lib, x, y: lib.special.xlogy(x, y), (f(3, 4), f(3, 4, kind="positive")),
           reference=sp.xlogy, **CLOSE),
    Sample(
        "special.gammainc", lambda lib, a, x: lib.special.gammainc(a, x),
        (f(3, 4, kind="positive", grad=False), f(3, 4, kind="positive")), reference=sp.gammainc, **CLOSE,
    ),
    Sample(
        "igamma", lambda lib, a, x: lib.igamma(a, x), (f(3, 4, kind="positive", grad=False), f(4, kind="positive")),
        method=lambda a, x: a.igamma(x), inplace=lambda a, x: a.igamma_(x), reference=sp.gammainc, **CLOSE,
    ),
    Sample(
        "special.gammaincc", lambda lib, a, x: lib.special.gammaincc(a, x),
        (f(3, 4, kind="positive", grad=False), f(3, 4, kind="positive")), reference=sp.gammaincc, **CLOSE,
    ),
    Sample(
        "igammac", lambda lib, a, x: lib.igammac(a, x), (f(3, 4, kind="positive", grad=False), f(4, kind="positive")),
        method=lambda a, x: a.igammac(x), inplace=lambda a, x: a.igammac_(x), reference=sp.gammaincc, **CLOSE,
    ),
    Sample(
        "special.zeta", lambda lib, x, q: lib.special.zeta(1.5 + x, q),
        (f(3, 4, kind="positive", grad=False), f(3, 4, kind="positive")),
        reference=lambda x, q: sp.zeta(1.5 + x, q), dtypes=("float32", "float64"), **CLOSE,
    ),
    Sample(
        "mvlgamma", lambda lib, x: lib.mvlgamma(1.5 + x, 3), (f(3, 4, kind="positive"),),
        method=lambda x: (1.5 + x).mvlgamma(3), inplace=None,
        reference=lambda x: np.vectorize(lambda v: sp.multigammaln(1.5 + v, 3))(x) if x.size else x, **CLOSE,
    ),
    Sample(
        "mvlgamma_", lambda lib, x: lib.special.multigammaln(2.0 + x, 2), (f(3, 4, kind="positive"),),
        method=lambda x: (2.0 + x).mvlgamma_(2), **CLOSE,
    ),
    Sample("special.digamma", lambda lib, x: lib.special.digamma(2 + x), (f(3, 4, kind="positive"),),
           reference=lambda x: sp.psi(2 + x), **CLOSE),
    Sample("special.psi", lambda lib, x: lib.special.psi(2 + x), (f(3, 4, kind="positive"),),
           reference=lambda x: sp.psi(2 + x), **CLOSE),
    Sample("special.erf", lambda lib, x: lib.special.erf(x), (f(3, 4),), reference=sp.erf),
    Sample("special.erfc", lambda lib, x: lib.special.erfc(x), (f(3, 4),), reference=sp.erfc),
    Sample("special.erfinv", lambda lib, x: lib.special.erfinv(x), (f(3, 4, kind="unit"),), reference=sp.erfinv),
    Sample("special.exp2", lambda lib, x: lib.special.exp2(x), (f(3, 4),), reference=np.exp2),
    Sample("special.expit", lambda lib, x: lib.special.expit(x), (f(3, 4),), reference=sp.expit),
    Sample("special.expm1", lambda lib, x: lib.special.expm1(x), (f(3, 4),), reference=np.expm1),
    Sample("special.gammaln", lambda lib, x: lib.special.gammaln(2.5 + x), (f(3, 4, kind="positive"),),
           reference=lambda x: sp.gammaln(2.5 + x), **CLOSE),
    Sample("special.log1p", lambda lib, x: lib.special.log1p(x), (f(3, 4, kind="positive"),), reference=np.log1p),
    Sample("special.log_softmax", lambda lib, x: lib.special.log_softmax(x, 1), (f(3, 4),),
           reference=lambda x: sp.log_softmax(x, 1)),
    Sample("special.logit", lambda lib, x: lib.special.logit(x, 0.1), (f(3, 4, kind="positive"),),
           reference=lambda x: sp.logit(np.clip(x, 0.1, 0.9)), dtypes=("float32", "float64"), **CLOSE),
    Sample("special.logsumexp", lambda lib, x: lib.special.logsumexp(x, 1), (f(3, 4),),
           reference=lambda x: sp.logsumexp(x, 1)),
    Sample("special.polygamma", lambda lib, x: lib.special.polygamma(2, x), (f(3, 4, kind="positive"),),
           reference=lambda x: sp.polygamma(2, x), torch=False, reason="PyTorch's is exact to nine digits only"),
    Sample("special.round", lambda lib, x: lib.special.round(x, decimals=2), (f(3, 4),),
           reference=lambda x: np.round(x, 2), differentiable=False, dtypes=("float64",)),
    Sample("special.sinc", lambda lib, x: lib.special.sinc(x), (f(3, 4),), reference=np.sinc, **CLOSE),
    Sample("special.softmax", lambda lib, x: lib.special.softmax(x, 1), (f(3, 4),),
           reference=lambda x: sp.softmax(x, 1)),
    *_polynomial("chebyshev_polynomial_t", sp.eval_chebyt),
    *_polynomial("chebyshev_polynomial_u", sp.eval_chebyu),
    *_polynomial("chebyshev_polynomial_v", _v),
    *_polynomial("chebyshev_polynomial_w", _w),
    *_polynomial("shifted_chebyshev_polynomial_t", sp.eval_sh_chebyt),
    *_polynomial("shifted_chebyshev_polynomial_u", sp.eval_sh_chebyu),
    *_polynomial("shifted_chebyshev_polynomial_v", lambda n, x: _v(n, 2 * x - 1)),
    *_polynomial("shifted_chebyshev_polynomial_w", lambda n, x: _w(n, 2 * x - 1)),
    *_polynomial("hermite_polynomial_h", sp.eval_hermite),
    *_polynomial("hermite_polynomial_he", sp.eval_hermitenorm),
    *_polynomial("laguerre_polynomial_l", sp.eval_laguerre),
    *_polynomial("legendre_polynomial_p", sp.eval_legendre),
    Sample(
        "special.legendre_polynomial_p of tensors", lambda lib, x, n: lib.special.legendre_polynomial_p(x, n),
        (f(3, 4), i(3, 4, low=-1, high=9)), differentiable=False, dtypes=("float64",),
    ),
    Sample(
        "special.chebyshev_polynomial_t of tensors", lambda lib, x, n: lib.special.chebyshev_polynomial_t(x, n),
        (f(3, 4), i(3, 4, low=-1, high=20)), differentiable=False, dtypes=("float64",),
    ),
    Sample(
        "frexp", lambda lib, x: lib.frexp(x), (f(3, 4),), method=lambda x: x.frexp(), reference=np.frexp,
    ),
    Sample(
        "ldexp", lambda lib, x, n: lib.ldexp(x, n), (f(3, 4), i(4, low=0)), method=lambda x, n: x.ldexp(n),
        inplace=lambda x, n: x.ldexp_(n), reference=lambda x, n: x * 2.0**n,
    ),
    Sample(
        "gcd", lambda lib, x, y: lib.gcd(x, y), (i(3, 4, low=-12, high=13), i(4, low=-12, high=13)),
        method=lambda x, y: x.gcd(y), inplace=lambda x, y: x.gcd_(y), reference=np.gcd,
        dtypes=("int64", "int32", "uint8"), differentiable=False,
    ),
    Sample(
        "lcm", lambda lib, x, y: lib.lcm(x, y), (i(3, 4, low=-12, high=13), i(4, low=-12, high=13)),
        method=lambda x, y: x.lcm(y), inplace=lambda x, y: x.lcm_(y), reference=np.lcm,
        dtypes=("int64", "int32"), differentiable=False,
    ),
]  # fmt: skip
