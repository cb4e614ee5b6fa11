"""Samples of the larger, the smaller, bounds and choices."""

import numpy as np

from tests.samples import Sample, b, f

WITH_INT = ("float32", "float64", "float16", "bfloat16", "int64")

SAMPLES: list[Sample] = [
    Sample(
        "maximum", lambda lib, x, y: lib.maximum(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.maximum(y), reference=np.maximum, dtypes=(*WITH_INT, "bool"),
    ),
    Sample(
        "minimum", lambda lib, x, y: lib.minimum(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.minimum(y), reference=np.minimum, dtypes=(*WITH_INT, "bool"),
    ),
    Sample(
        "fmax", lambda lib, x, y: lib.fmax(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.fmax(y), reference=np.fmax, dtypes=(*WITH_INT, "bool"),
    ),
    Sample(
        "fmin", lambda lib, x, y: lib.fmin(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.fmin(y), reference=np.fmin, dtypes=(*WITH_INT, "bool"),
    ),
    Sample(
        "clamp", lambda lib, x: lib.clamp(x, -0.53, 0.77), (f(3, 4, kind="distinct"),),
        method=lambda x: x.clamp(-0.53, 0.77), inplace=lambda x: x.clamp_(-0.53, 0.77),
        reference=lambda x: np.clip(x, -0.53, 0.77),
    ),
    Sample(
        "clamp whole", lambda lib, x: lib.clamp(x, -1, 1), (f(3, 4, kind="distinct"),),
        method=lambda x: x.clamp(min=-1, max=1), inplace=lambda x: x.clamp_(max=1, min=-1),
        reference=lambda x: np.clip(x, -1, 1), dtypes=WITH_INT,
    ),
    Sample(
        "clip", lambda lib, x: lib.clip(x, max=0.25), (f(3, 4, kind="distinct"),),
        method=lambda x: x.clip(max=0.25), inplace=lambda x: x.clip_(max=0.25),
        reference=lambda x: np.minimum(x, 0.25),
    ),
    Sample(
        "clamp tensors", lambda lib, x, y, z: lib.clamp(x, y - 1, z), (f(3, 4, kind="distinct"), f(4), f(3, 1)),
        method=lambda x, y, z: x.clamp(y - 1, z), inplace=lambda x, y, z: x.clamp_(y - 1, z),
        reference=lambda x, y, z: np.minimum(np.maximum(x, y - 1), z),
    ),
    Sample(
        "clamp_min", lambda lib, x: lib.clamp_min(x, 0.25), (f(3, 4, kind="distinct"),),
        method=lambda x: x.clamp_min(0.25), inplace=lambda x: x.clamp_min_(0.25),
        reference=lambda x: np.maximum(x, 0.25),
    ),
    Sample(
        "clamp_min tensor", lambda lib, x, y: lib.clamp_min(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.clamp(min=y), inplace=lambda x, y: x.clamp_min_(y), reference=np.maximum, dtypes=WITH_INT,
    ),
    Sample(
        "clamp_max", lambda lib, x: lib.clamp_max(x, 0.25), (f(3, 4, kind="distinct"),),
        method=lambda x: x.clamp_max(0.25), inplace=lambda x: x.clamp_max_(0.25),
        reference=lambda x: np.minimum(x, 0.25),
    ),
    Sample(
        "clamp_max tensor", lambda lib, x, y: lib.clamp_max(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.clamp(max=y), inplace=lambda x, y: x.clamp_max_(y), reference=np.minimum, dtypes=WITH_INT,
    ),
    Sample(
        "where", lambda lib, c, x, y: lib.where(c, x, y), (b(3, 4), f(3, 1), f(4)),
        method=lambda c, x, y: x.where(c, y), reference=np.where, dtypes=(*WITH_INT, "bool", "complex64"),
    ),
    Sample(
        "where number", lambda lib, c, x: lib.where(c, x, 2.5), (b(3, 4), f(3, 4)),
        method=lambda c, x: x.where(c, 2.5), reference=lambda c, x: np.where(c, x, 2.5),
    ),
    Sample(
        "where numbers", lambda lib, c: lib.where(c, 1.5, 2), (b(3, 4),),
        reference=lambda c: np.where(c, 1.5, 2.0), differentiable=False, dtypes=("bool",),
    ),
    Sample(
        "nan_to_num", lambda lib, x: lib.nan_to_num(x), (f(3, 4),),
        method=lambda x: x.nan_to_num(), inplace=lambda x: x.nan_to_num_(), reference=np.nan_to_num,
        dtypes=WITH_INT,
    ),
]  # fmt: skip
