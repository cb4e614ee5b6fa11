"""Samples of circular functions."""

import numpy as np

from tests.samples import Sample, f

WITH_COMPLEX = ("float32", "float64", "float16", "bfloat16", "complex64")

SAMPLES: list[Sample] = [
    Sample(
        "sin", lambda lib, x: lib.sin(x), (f(3, 4),),
        method=lambda x: x.sin(), inplace=lambda x: x.sin_(), reference=np.sin, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "cos", lambda lib, x: lib.cos(x), (f(3, 4),),
        method=lambda x: x.cos(), inplace=lambda x: x.cos_(), reference=np.cos, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "tan", lambda lib, x: lib.tan(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.tan(), inplace=lambda x: x.tan_(), reference=np.tan, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "asin", lambda lib, x: lib.asin(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.asin(), inplace=lambda x: x.asin_(), reference=np.arcsin, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "acos", lambda lib, x: lib.acos(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.acos(), inplace=lambda x: x.acos_(), reference=np.arccos, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "atan", lambda lib, x: lib.atan(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.atan(), inplace=lambda x: x.atan_(), reference=np.arctan, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "arcsin", lambda lib, x: lib.arcsin(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.arcsin(), inplace=lambda x: x.arcsin_(), reference=np.arcsin,
    ),
    Sample(
        "arccos", lambda lib, x: lib.arccos(x), (f(3, 4, kind="unit"),),
        method=lambda x: x.arccos(), inplace=lambda x: x.arccos_(), reference=np.arccos,
    ),
    Sample(
        "arctan", lambda lib, x: lib.arctan(x), (f(3, 4),),
        method=lambda x: x.arctan(), inplace=lambda x: x.arctan_(), reference=np.arctan,
    ),
    Sample(
        "atan2", lambda lib, x, y: lib.atan2(x, y), (f(3, 4, kind="distinct"), f(4, kind="positive")),
        method=lambda x, y: x.atan2(y), inplace=lambda x, y: x.atan2_(y), reference=np.arctan2,
    ),
    Sample(
        "arctan2", lambda lib, x, y: lib.arctan2(x, y), (f(3, 4, kind="distinct"), f(4, kind="positive")),
        method=lambda x, y: x.arctan2(y), inplace=lambda x, y: x.arctan2_(y), reference=np.arctan2,
    ),
    Sample(
        "hypot", lambda lib, x, y: lib.hypot(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.hypot(y), inplace=lambda x, y: x.hypot_(y), reference=np.hypot,
    ),
    Sample(
        "sinc", lambda lib, x: lib.sinc(x), (f(3, 4),),
        method=lambda x: x.sinc(), inplace=lambda x: x.sinc_(), reference=np.sinc, dtypes=WITH_COMPLEX,
        rtol=1e-4, reason="near a zero of the sine the rounding of pi * x in float32 counts",
    ),
    Sample(
        "deg2rad", lambda lib, x: lib.deg2rad(x), (f(3, 4),),
        method=lambda x: x.deg2rad(), inplace=lambda x: x.deg2rad_(), reference=np.deg2rad,
    ),
    Sample(
        "rad2deg", lambda lib, x: lib.rad2deg(x), (f(3, 4),),
        method=lambda x: x.rad2deg(), inplace=lambda x: x.rad2deg_(), reference=np.rad2deg,
    ),
]  # fmt: skip
