"""Samples of comparisons and of the kinds of numbers."""

import numpy as np

from tests.samples import Sample, f, i

ALL = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
REAL = ("float32", "float64", "float16", "bfloat16", "int64", "bool")

SAMPLES: list[Sample] = [
    Sample(
        "eq", lambda lib, x, y: lib.eq(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x == y, inplace=lambda x, y: x.eq_(y), reference=np.equal, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "ne", lambda lib, x, y: lib.ne(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x != y, inplace=lambda x, y: x.ne_(y),
        reference=np.not_equal, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "lt", lambda lib, x, y: lib.lt(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x < y, inplace=lambda x, y: x.lt_(y), reference=np.less, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "le", lambda lib, x, y: lib.le(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x <= y, inplace=lambda x, y: x.le_(y),
        reference=np.less_equal, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "gt", lambda lib, x, y: lib.gt(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x > y, inplace=lambda x, y: x.gt_(y),
        reference=np.greater, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "ge", lambda lib, x, y: lib.ge(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x >= y, inplace=lambda x, y: x.ge_(y),
        reference=np.greater_equal, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "not_equal", lambda lib, x, y: lib.not_equal(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x.not_equal(y), inplace=lambda x, y: x.not_equal_(y),
        reference=np.not_equal, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "less", lambda lib, x, y: lib.less(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x.less(y), inplace=lambda x, y: x.less_(y),
        reference=np.less, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "less_equal", lambda lib, x, y: lib.less_equal(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x.less_equal(y), inplace=lambda x, y: x.less_equal_(y),
        reference=np.less_equal, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "greater", lambda lib, x, y: lib.greater(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x.greater(y), inplace=lambda x, y: x.greater_(y),
        reference=np.greater, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "greater_equal", lambda lib, x, y: lib.greater_equal(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x.greater_equal(y), inplace=lambda x, y: x.greater_equal_(y),
        reference=np.greater_equal, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "lt number", lambda lib, x: lib.lt(x, 1.5), (i(3, 4),),
        method=lambda x: x < 1.5, reference=lambda x: x < 1.5, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "equal", lambda lib, x: lib.isnan(x) | lib.equal(x, x), (f(3, 4, grad=False),),
        method=lambda x: x.isnan() | x.equal(x), reference=lambda x: np.ones(x.shape, bool), differentiable=False,
        dtypes=ALL,
    ),
    Sample(
        "isclose", lambda lib, x, y: lib.isclose(x, y, atol=0.25), (f(3, 4), f(4)),
        method=lambda x, y: x.isclose(y, atol=0.25),
        reference=lambda x, y: np.isclose(x, y, atol=0.25), differentiable=False, dtypes=ALL,
    ),
    Sample(
        "allclose", lambda lib, x: lib.isnan(x) | lib.allclose(x, x), (f(3, 4, grad=False),),
        method=lambda x: x.isnan() | x.allclose(x), reference=lambda x: np.ones(x.shape, bool), differentiable=False,
        dtypes=ALL,
    ),
    Sample(
        "isnan", lambda lib, x: lib.isnan(x), (f(3, 4),),
        method=lambda x: x.isnan(), reference=np.isnan, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "isinf", lambda lib, x: lib.isinf(x), (f(3, 4),),
        method=lambda x: x.isinf(), reference=np.isinf, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "isfinite", lambda lib, x: lib.isfinite(x), (f(3, 4),),
        method=lambda x: x.isfinite(), reference=np.isfinite, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "isposinf", lambda lib, x: lib.isposinf(x), (f(3, 4),),
        method=lambda x: x.isposinf(), reference=np.isposinf, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "isneginf", lambda lib, x: lib.isneginf(x), (f(3, 4),),
        method=lambda x: x.isneginf(), reference=np.isneginf, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "isreal", lambda lib, x: lib.isreal(x), (f(3, 4),),
        method=lambda x: x.isreal(), reference=np.isreal, differentiable=False, dtypes=ALL,
    ),
]  # fmt: skip
