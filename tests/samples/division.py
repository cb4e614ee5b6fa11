"""Samples of divisions with a rule of rounding."""

import numpy as np

from tests.samples import Sample, f, i

SAMPLES: list[Sample] = [
    Sample(
        "floor_divide", lambda lib, x, y: lib.floor_divide(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x // y, inplace=lambda x, y: x.floor_divide_(y), reference=np.floor_divide,
        torch=False, reason="its gradient is 0 here, as that of div(rounding_mode='floor'), and an error in PyTorch",
    ),
    Sample(
        "floor_divide of integers", lambda lib, x, y: lib.floor_divide(x, y), (i(3, 4), i(4, low=1, high=4)),
        method=lambda x, y: x // y, inplace=lambda x, y: x.floor_divide_(y),
        reference=np.floor_divide, dtypes=("int64",),
    ),
    Sample(
        "remainder", lambda lib, x, y: lib.remainder(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x % y, inplace=lambda x, y: x.remainder_(y), reference=np.remainder,
    ),
    Sample(
        "remainder of a number", lambda lib, x: 7 % x, (f(3, 4, kind="positive"),), reference=lambda x: 7 % x,
        torch=False, reason="PyTorch has no gradient for it",
    ),
    Sample(
        "remainder of integers", lambda lib, x, y: lib.remainder(x, y), (i(3, 4), i(4, low=-4, high=0)),
        method=lambda x, y: x % y, inplace=lambda x, y: x.remainder_(y), reference=np.remainder, dtypes=("int64",),
    ),
    Sample(
        "fmod", lambda lib, x, y: lib.fmod(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.fmod(y), inplace=lambda x, y: x.fmod_(y), reference=np.fmod,
    ),
    Sample(
        "fmod of integers", lambda lib, x, y: lib.fmod(x, y), (i(3, 4), i(4, low=-4, high=0)),
        method=lambda x, y: x.fmod(y), inplace=lambda x, y: x.fmod_(y), reference=np.fmod, dtypes=("int64",),
    ),
]  # fmt: skip
