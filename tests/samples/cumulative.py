"""Running reductions."""

import numpy as np

from tests.samples import Input, Sample, f

FLOATS = ("float32", "float64", "float16", "bfloat16")
NUMBERS = (*FLOATS, "complex64", "complex128", "int64", "int32")

SAMPLES = [
    Sample(
        "cumsum",
        lambda lib, x: lib.cumsum(x, 1),
        (f(3, 4),),
        lambda x: x.cumsum(1),
        lambda x: x.cumsum_(1),
        reference=lambda x: x.cumsum(1),
        dtypes=NUMBERS,
    ),
    Sample("cumsum of 0-d", lambda lib, x: lib.cumsum(x, 0), (f(),), lambda x: x.cumsum(-1), reference=lambda x: x),
    Sample(
        "cumsum axis",
        lambda lib, x: lib.cumsum(x, axis=0),
        (f(3, 4),),
        lambda x: x.cumsum(axis=0),
        reference=lambda x: x.cumsum(0).reshape(x.shape),
    ),
    Sample(
        "cumprod",
        lambda lib, x: lib.cumprod(x, 1),
        (f(3, 5),),
        lambda x: x.cumprod(1),
        lambda x: x.cumprod_(1),
        reference=lambda x: x.cumprod(1),
        dtypes=NUMBERS,
    ),
    Sample(
        "cumprod with zeros",
        lambda lib, x, k: lib.cumprod(x * k, 1),
        (f(3, 5), Input((5,), "index", 0, 2, False)),
        reference=lambda x, k: (x * k).cumprod(1),
    ),
    Sample(
        "logcumsumexp",
        lambda lib, x: lib.logcumsumexp(x, 0),
        (f(5, 2),),
        lambda x: x.logcumsumexp(0),
        reference=lambda x: np.log(np.exp(x).cumsum(0)).reshape(x.shape),
    ),
    Sample(
        "logcumsumexp along the last dim",
        lambda lib, x: lib.logcumsumexp(x, -1),
        (f(2, 14),),
        reference=lambda x: np.log(np.exp(x).cumsum(-1)).reshape(x.shape),
    ),
    Sample(
        "cummax values",
        lambda lib, x: lib.cummax(x, 1).values,
        (f(3, 5, kind="distinct"),),
        lambda x: x.cummax(1).values,
        reference=lambda x: np.maximum.accumulate(x, 1),
    ),
    Sample(
        "cummax indices",
        lambda lib, x: lib.cummax(x, 1).indices,
        (f(3, 5, kind="distinct"),),
        lambda x: x.cummax(1)[1],
        differentiable=False,
        dtypes=(*FLOATS, "int64", "uint8"),
    ),
    Sample(
        "cummin values",
        lambda lib, x: lib.cummin(x, 0)[0],
        (f(5, 3, kind="distinct"),),
        lambda x: x.cummin(0).values,
        reference=lambda x: np.minimum.accumulate(x, 0),
    ),
    Sample(
        "cummin indices",
        lambda lib, x: lib.cummin(x, 0)[1],
        (f(5, 3, kind="distinct"),),
        lambda x: x.cummin(0).indices,
        differentiable=False,
        dtypes=(*FLOATS, "int64", "uint8"),
    ),
]
