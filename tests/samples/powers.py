"""Samples of powers and roots."""

import numpy as np

from tests.samples import Sample, f, i

WITH_COMPLEX = ("float32", "float64", "float16", "bfloat16", "complex64")

SAMPLES: list[Sample] = [
    Sample(
        "pow", lambda lib, x, y: lib.pow(x, y), (f(3, 4, kind="positive"), f(4)),
        method=lambda x, y: x**y, inplace=lambda x, y: x.pow_(y), reference=np.power,
    ),
    Sample(
        "pow 2", lambda lib, x: lib.pow(x, 2), (f(3, 4),),
        method=lambda x: x**2, inplace=lambda x: x.pow_(2), reference=np.square, dtypes=(*WITH_COMPLEX, "int64"),
    ),
    Sample(
        "pow 3", lambda lib, x: lib.pow(x, 3), (f(3, 4),),
        method=lambda x: x**3, inplace=lambda x: x.pow_(3), reference=lambda x: x**3, dtypes=(*WITH_COMPLEX, "int64"),
    ),
    Sample(
        "pow -1", lambda lib, x: lib.pow(x, -1), (f(3, 4, kind="positive"),),
        method=lambda x: x**-1, inplace=lambda x: x.pow_(-1), reference=np.reciprocal, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "pow 0.5", lambda lib, x: lib.pow(x, 0.5), (f(3, 4, kind="positive"),),
        method=lambda x: x**0.5, inplace=lambda x: x.pow_(0.5), reference=np.sqrt, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "pow 2.5", lambda lib, x: lib.pow(x, 2.5), (f(3, 4, kind="positive"),),
        method=lambda x: x**2.5, inplace=lambda x: x.pow_(2.5), reference=lambda x: x**2.5, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "pow 0", lambda lib, x: lib.pow(x, 0), (f(3, 4),),
        method=lambda x: x**0, inplace=lambda x: x.pow_(0), reference=np.ones_like, dtypes=(*WITH_COMPLEX, "int64"),
    ),
    Sample(
        "pow of a number", lambda lib, x: lib.pow(2.5, x), (f(3, 4),),
        method=lambda x: 2.5**x, reference=lambda x: 2.5**x,
    ),
    Sample(
        "pow of integers", lambda lib, x, y: lib.pow(x, y), (i(3, 4), i(4, low=0, high=4)),
        method=lambda x, y: x**y, inplace=lambda x, y: x.pow_(y), reference=np.power, dtypes=("int64",),
    ),
    Sample(
        "float_power", lambda lib, x, y: lib.float_power(x, y), (f(3, 4, kind="positive"), f(4)),
        method=lambda x, y: x.float_power(y), reference=np.power,
    ),
    Sample(
        "square", lambda lib, x: lib.square(x), (f(3, 4),),
        method=lambda x: x.square(), inplace=lambda x: x.square_(), reference=np.square,
        dtypes=(*WITH_COMPLEX, "int64"),
    ),
    Sample(
        "sqrt", lambda lib, x: lib.sqrt(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.sqrt(), inplace=lambda x: x.sqrt_(), reference=np.sqrt, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "rsqrt", lambda lib, x: lib.rsqrt(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.rsqrt(), inplace=lambda x: x.rsqrt_(), reference=lambda x: 1 / np.sqrt(x),
        dtypes=WITH_COMPLEX,
    ),
    Sample(
        "reciprocal", lambda lib, x: lib.reciprocal(x), (f(3, 4, kind="positive"),),
        method=lambda x: x.reciprocal(), inplace=lambda x: x.reciprocal_(), reference=lambda x: 1 / x,
        dtypes=WITH_COMPLEX,
    ),
]  # fmt: skip
