"""Samples of logic and bits."""

import numpy as np

from tests.samples import Sample, i

ALL = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
BITS = ("int64", "bool")

SAMPLES: list[Sample] = [
    Sample(
        "logical_and", lambda lib, x, y: lib.logical_and(x, y), (i(3, 4, low=0, high=2), i(4, low=0, high=2)),
        method=lambda x, y: x.logical_and(y), inplace=lambda x, y: x.logical_and_(y),
        reference=np.logical_and, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "logical_or", lambda lib, x, y: lib.logical_or(x, y), (i(3, 4, low=0, high=2), i(4, low=0, high=2)),
        method=lambda x, y: x.logical_or(y), inplace=lambda x, y: x.logical_or_(y),
        reference=np.logical_or, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "logical_xor", lambda lib, x, y: lib.logical_xor(x, y), (i(3, 4, low=0, high=2), i(4, low=0, high=2)),
        method=lambda x, y: x.logical_xor(y), inplace=lambda x, y: x.logical_xor_(y),
        reference=np.logical_xor, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "logical_not", lambda lib, x: lib.logical_not(x), (i(3, 4, low=0, high=2),),
        method=lambda x: x.logical_not(), inplace=lambda x: x.logical_not_(),
        reference=np.logical_not, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "bitwise_and", lambda lib, x, y: lib.bitwise_and(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x & y, inplace=lambda x, y: x.bitwise_and_(y),
        reference=np.bitwise_and, differentiable=False, dtypes=BITS,
    ),
    Sample(
        "bitwise_or", lambda lib, x, y: lib.bitwise_or(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x | y, inplace=lambda x, y: x.bitwise_or_(y),
        reference=np.bitwise_or, differentiable=False, dtypes=BITS,
    ),
    Sample(
        "bitwise_xor", lambda lib, x, y: lib.bitwise_xor(x, y), (i(3, 4), i(4)),
        method=lambda x, y: x ^ y, inplace=lambda x, y: x.bitwise_xor_(y),
        reference=np.bitwise_xor, differentiable=False, dtypes=BITS,
    ),
    Sample(
        "bitwise number", lambda lib, x: 3 & x | 8, (i(3, 4),),
        method=lambda x: x.bitwise_and(3).bitwise_or(8), reference=lambda x: 3 & x | 8,
        differentiable=False, dtypes=("int64",),
    ),
    Sample(
        "bitwise_not", lambda lib, x: lib.bitwise_not(x), (i(3, 4),),
        method=lambda x: ~x, inplace=lambda x: x.bitwise_not_(),
        reference=np.bitwise_not, differentiable=False, dtypes=BITS,
    ),
    Sample(
        "bitwise_left_shift", lambda lib, x, y: lib.bitwise_left_shift(x, y), (i(3, 4), i(4, low=0, high=5)),
        method=lambda x, y: x << y, inplace=lambda x, y: x.bitwise_left_shift_(y),
        reference=np.left_shift, differentiable=False, dtypes=("int64",),
    ),
    Sample(
        "bitwise_right_shift", lambda lib, x, y: lib.bitwise_right_shift(x, y),
        (i(3, 4, low=-50, high=50), i(4, low=0, high=5)),
        method=lambda x, y: x >> y, inplace=lambda x, y: x.bitwise_right_shift_(y),
        reference=np.right_shift, differentiable=False, dtypes=("int64",),
    ),
    Sample(
        "shift of a number", lambda lib, x: 3 << x, (i(4, low=0, high=5),),
        method=lambda x: (768 << x) >> 8, reference=lambda x: 3 << x, differentiable=False, dtypes=("int64",),
    ),
]  # fmt: skip
