"""Samples of exponentials and logarithms."""

import numpy as np

from tests.samples import Sample, f

WITH_COMPLEX = ("float32", "float64", "float16", "bfloat16", "complex64")

SAMPLES: list[Sample] = [
    Sample(
        "exp", lambda lib, x: lib.exp(x), (f(3, 4),),
        method=lambda x: x.exp(), inplace=lambda x: x.exp_(), reference=np.exp, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "exp2", lambda lib, x: lib.exp2(x), (f(3, 4),),
        method=lambda x: x.exp2(), inplace=lambda x: x.exp2_(), reference=np.exp2, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "expm1", lambda lib, x: lib.expm1(x), (f(3, 4),),
        method=lambda x: x.expm1(), inplace=lambda x: x.expm1_(), reference=np.expm1, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "log", lambda lib, x: lib.log(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.log(), inplace=lambda x: x.log_(), reference=np.log, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "log2", lambda lib, x: lib.log2(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.log2(), inplace=lambda x: x.log2_(), reference=np.log2, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "log10", lambda lib, x: lib.log10(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.log10(), inplace=lambda x: x.log10_(), reference=np.log10, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "log1p", lambda lib, x: lib.log1p(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.log1p(), inplace=lambda x: x.log1p_(), reference=np.log1p, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "logaddexp", lambda lib, x, y: lib.logaddexp(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x.logaddexp(y), reference=np.logaddexp,
        rtol=1e-4, reason="a result near 0 is the rest of a difference",
    ),
    Sample(
        "logaddexp2", lambda lib, x, y: lib.logaddexp2(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x.logaddexp2(y), reference=np.logaddexp2,
        rtol=1e-4, reason="a result near 0 is the rest of a difference",
    ),
    Sample(
        "xlogy", lambda lib, x, y: lib.xlogy(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.xlogy(y), inplace=lambda x, y: x.xlogy_(y), reference=lambda x, y: x * np.log(y),
    ),
    Sample(
        "logit", lambda lib, x: lib.logit(0.5 + x / 2), (f(3, 4, kind="unit"),),
        method=lambda x: (0.5 + x / 2).logit(), reference=lambda x: np.log((1 + x) / (1 - x)),
    ),
    Sample(
        "logit eps", lambda lib, x: lib.logit(x, 0.25), (f(3, 4, kind="distinct"),),
        method=lambda x: x.logit(0.25), inplace=lambda x: x.logit_(0.25),
        reference=lambda x: np.log(np.clip(x, 0.25, 0.75) / (1 - np.clip(x, 0.25, 0.75))),
    ),
]  # fmt: skip
