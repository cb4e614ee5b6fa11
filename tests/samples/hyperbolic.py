"""Samples of hyperbolic functions."""

import numpy as np

from tests.samples import Sample, f

WITH_COMPLEX = ("float32", "float64", "float16", "bfloat16", "complex64")

SAMPLES: list[Sample] = [
    Sample(
        "sinh", lambda lib, x: lib.sinh(x), (f(3, 4),),
        method=lambda x: x.sinh(), inplace=lambda x: x.sinh_(), reference=np.sinh, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "cosh", lambda lib, x: lib.cosh(x), (f(3, 4),),
        method=lambda x: x.cosh(), inplace=lambda x: x.cosh_(), reference=np.cosh, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "tanh", lambda lib, x: lib.tanh(x), (f(3, 4),),
        method=lambda x: x.tanh(), inplace=lambda x: x.tanh_(), reference=np.tanh, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "asinh", lambda lib, x: lib.asinh(x), (f(3, 4),),
        method=lambda x: x.asinh(), inplace=lambda x: x.asinh_(), reference=np.arcsinh, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "acosh", lambda lib, x: lib.acosh(1 + x), (f(3, 4, kind="positive"),),
        method=lambda x: (1 + x).acosh(), reference=lambda x: np.arccosh(1 + x), dtypes=WITH_COMPLEX,
    ),
    Sample(
        "atanh", lambda lib, x: lib.atanh(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.atanh(), inplace=lambda x: x.atanh_(), reference=np.arctanh, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "arcsinh", lambda lib, x: lib.arcsinh(x), (f(3, 4),),
        method=lambda x: x.arcsinh(), inplace=lambda x: x.arcsinh_(), reference=np.arcsinh,
    ),
    Sample(
        "arccosh", lambda lib, x: lib.arccosh(1 + x), (f(3, 4, kind="positive"),),
        method=lambda x: (1 + x).arccosh(), reference=lambda x: np.arccosh(1 + x),
    ),
    Sample(
        "arctanh", lambda lib, x: lib.arctanh(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.arctanh(), inplace=lambda x: x.arctanh_(), reference=np.arctanh,
    ),
]  # fmt: skip
