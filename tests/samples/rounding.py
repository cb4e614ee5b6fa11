"""Samples of rounding."""

import numpy as np

from tests.samples import Sample, f

WITH_INT = ("float32", "float64", "float16", "bfloat16", "int64")

SAMPLES: list[Sample] = [
    Sample(
        "floor", lambda lib, x: lib.floor(x), (f(3, 4),),
        method=lambda x: x.floor(), inplace=lambda x: x.floor_(), reference=np.floor, dtypes=WITH_INT,
    ),
    Sample(
        "ceil", lambda lib, x: lib.ceil(x), (f(3, 4),),
        method=lambda x: x.ceil(), inplace=lambda x: x.ceil_(), reference=np.ceil, dtypes=WITH_INT,
    ),
    Sample(
        "trunc", lambda lib, x: lib.trunc(x), (f(3, 4),),
        method=lambda x: x.trunc(), inplace=lambda x: x.trunc_(), reference=np.trunc, dtypes=WITH_INT,
    ),
    Sample(
        "fix", lambda lib, x: lib.fix(x), (f(3, 4),),
        method=lambda x: x.fix(), inplace=lambda x: x.fix_(), reference=np.trunc, dtypes=WITH_INT,
    ),
    Sample(
        "round", lambda lib, x: lib.round(x), (f(3, 4),),
        method=lambda x: x.round(), inplace=lambda x: x.round_(), reference=np.round, dtypes=WITH_INT,
    ),
    Sample(
        "round decimals", lambda lib, x: lib.round(x, decimals=1), (f(3, 4),),
        method=lambda x: x.round(decimals=1), inplace=lambda x: x.round_(decimals=1),
        reference=lambda x: np.round(x, 1),
    ),
    Sample(
        "round before the point", lambda lib, x: lib.round(100 * x, decimals=-1), (f(3, 4),),
        method=lambda x: (100 * x).round(decimals=-1), reference=lambda x: np.round(100 * x, -1),
    ),
    Sample(
        "frac", lambda lib, x: lib.frac(x), (f(3, 4),),
        method=lambda x: x.frac(), inplace=lambda x: x.frac_(), reference=lambda x: x - np.trunc(x),
    ),
]  # fmt: skip
