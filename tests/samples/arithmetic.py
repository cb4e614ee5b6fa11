"""Samples of arithmetic."""

import numpy as np

from tests.samples import Sample, f, i

ALL = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
NO_BOOL = ("float32", "float64", "float16", "bfloat16", "complex64", "int64")
FLOATS = ("float32", "float64", "float16", "bfloat16", "complex64")

SAMPLES: list[Sample] = [
    Sample(
        "add", lambda lib, x, y: lib.add(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x.add(y), inplace=lambda x, y: x.add_(y), reference=np.add, dtypes=ALL,
    ),
    Sample(
        "add operator", lambda lib, x, y: x + y, (f(3, 1), f(4)),
        method=lambda x, y: y + x, reference=np.add, dtypes=ALL,
    ),
    Sample(
        "add alpha", lambda lib, x, y: lib.add(x, y, alpha=2), (f(3, 4), f(4)),
        method=lambda x, y: x.add(y, alpha=2), inplace=lambda x, y: x.add_(y, alpha=2),
        reference=lambda x, y: x + 2 * y, dtypes=NO_BOOL,
    ),
    Sample("add number", lambda lib, x: x + 1.5, (f(3, 4),), method=lambda x: 1.5 + x, reference=lambda x: x + 1.5),
    Sample(
        "sub", lambda lib, x, y: lib.sub(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x - y, inplace=lambda x, y: x.sub_(y), reference=np.subtract, dtypes=NO_BOOL,
    ),
    Sample(
        "subtract alpha", lambda lib, x, y: lib.subtract(x, y, alpha=3), (f(3, 1), f(4)),
        method=lambda x, y: x.subtract(y, alpha=3), reference=lambda x, y: x - 3 * y, dtypes=NO_BOOL,
    ),
    Sample("sub number", lambda lib, x: 2 - x, (f(3, 4),), method=lambda x: -(x - 2), reference=lambda x: 2 - x),
    Sample(
        "rsub", lambda lib, x, y: lib.rsub(x, y, alpha=2), (f(3, 4), f(4)),
        reference=lambda x, y: y - 2 * x, dtypes=NO_BOOL,
    ),
    Sample(
        "mul", lambda lib, x, y: lib.mul(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x * y, inplace=lambda x, y: x.mul_(y), reference=np.multiply, dtypes=ALL,
    ),
    Sample(
        "multiply", lambda lib, x, y: lib.multiply(x, y), (f(3, 1), f(4)),
        method=lambda x, y: x.multiply(y), reference=np.multiply, dtypes=ALL,
    ),
    Sample("mul number", lambda lib, x: x * 2.5, (f(3, 4),), method=lambda x: 2.5 * x, reference=lambda x: x * 2.5),
    Sample(
        "mul itself", lambda lib, x: x * x, (f(3, 4),),
        method=lambda x: x.mul(x), reference=lambda x: x * x, dtypes=ALL,
    ),
    Sample(
        "div", lambda lib, x, y: lib.div(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x / y, inplace=lambda x, y: x.div_(y), reference=np.divide, dtypes=FLOATS,
    ),
    Sample(
        "divide", lambda lib, x, y: lib.divide(x, y), (f(3, 1), f(4, kind="positive")),
        method=lambda x, y: x.divide(y), reference=np.divide, dtypes=FLOATS,
    ),
    Sample(
        "true_divide", lambda lib, x, y: lib.true_divide(x, y), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.true_divide(y), inplace=lambda x, y: x.true_divide_(y),
        reference=np.divide, dtypes=FLOATS,
    ),
    Sample("div number", lambda lib, x: x / 4, (f(3, 4),), method=lambda x: x.div(4), reference=lambda x: x / 4),
    Sample(
        "div of a number", lambda lib, x: 4 / x, (f(3, 4, kind="positive"),),
        method=lambda x: 4 * x.reciprocal(), reference=lambda x: 4 / x,
    ),
    Sample(
        "div of integers", lambda lib, x: lib.div(x, 4), (i(3, 4),),
        method=lambda x: x / 4, reference=lambda x: x / 4, dtypes=("int64",),
    ),
    Sample(
        "div floor", lambda lib, x, y: lib.div(x, y, rounding_mode="floor"), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.div(y, rounding_mode="floor"), inplace=lambda x, y: x.div_(y, rounding_mode="floor"),
        reference=np.floor_divide,
    ),
    Sample(
        "div trunc", lambda lib, x, y: lib.div(x, y, rounding_mode="trunc"), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: x.div(y, rounding_mode="trunc"), inplace=lambda x, y: x.div_(y, rounding_mode="trunc"),
        reference=lambda x, y: np.trunc(x / y),
    ),
    Sample(
        "div trunc of integers", lambda lib, x, y: lib.div(x, y, rounding_mode="trunc"), (i(3, 4), i(4, low=1, high=4)),
        method=lambda x, y: x.div(y, rounding_mode="trunc"), reference=lambda x, y: np.trunc(x / y), dtypes=("int64",),
    ),
    Sample(
        "neg", lambda lib, x: lib.neg(x), (f(3, 4),),
        method=lambda x: -x, inplace=lambda x: x.neg_(), reference=np.negative, dtypes=NO_BOOL,
    ),
    Sample(
        "negative", lambda lib, x: lib.negative(x), (f(3, 4),),
        method=lambda x: x.negative(), inplace=lambda x: x.negative_(), reference=np.negative, dtypes=NO_BOOL,
    ),
    Sample(
        "positive", lambda lib, x: lib.positive(x), (f(3, 4),),
        method=lambda x: +x, reference=np.positive, dtypes=NO_BOOL,
    ),
    Sample(
        "addcmul", lambda lib, x, y, z: lib.addcmul(x, y, z, value=2), (f(3, 4), f(4), f(3, 1)),
        method=lambda x, y, z: x.addcmul(y, z, value=2), inplace=lambda x, y, z: x.addcmul_(y, z, value=2),
        reference=lambda x, y, z: x + 2 * y * z, dtypes=NO_BOOL,
    ),
    Sample(
        "addcdiv", lambda lib, x, y, z: lib.addcdiv(x, y, z, value=2), (f(3, 4), f(4), f(3, 1, kind="positive")),
        method=lambda x, y, z: x.addcdiv(y, z, value=2), inplace=lambda x, y, z: x.addcdiv_(y, z, value=2),
        reference=lambda x, y, z: x + 2 * y / z, dtypes=FLOATS,
    ),
    Sample(
        "lerp", lambda lib, x, y: lib.lerp(x, y, 0.75), (f(3, 4), f(4)),
        method=lambda x, y: x.lerp(y, 0.75), inplace=lambda x, y: x.lerp_(y, 0.75),
        reference=lambda x, y: x + 0.75 * (y - x),
    ),
    Sample(
        "lerp tensor", lambda lib, x, y, z: lib.lerp(x, y, z), (f(3, 4), f(4), f(3, 1, kind="unit")),
        method=lambda x, y, z: x.lerp(y, z), inplace=lambda x, y, z: x.lerp_(y, z),
        reference=lambda x, y, z: x + z * (y - x),
    ),
]  # fmt: skip
