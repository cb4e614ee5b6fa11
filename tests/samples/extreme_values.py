"""The largest, smallest, median, k-th and most frequent values."""

import numpy as np

from tests.samples import Sample, f, i

FLOATS = ("float32", "float64", "float16", "bfloat16")
REAL = (*FLOATS, "int64", "int32", "uint8")

X = f(3, 4, kind="distinct")

SAMPLES = [
    Sample("max", lambda lib, x: lib.max(x), (X,), lambda x: x.max(), reference=np.max, dtypes=(*REAL, "bool")),
    Sample("max of ties", lambda lib, x: lib.max(x * 0 + 1) * lib.sum(x), (f(4),), reference=np.sum),
    Sample("max values", lambda lib, x: lib.max(x, 1).values, (X,), lambda x: x.max(1)[0], reference=lambda x: x.max(1), dtypes=REAL),
    Sample(
        "max values keepdim", lambda lib, x: lib.max(x, dim=0, keepdim=True).values, (X,), lambda x: x.max(axis=0, keepdims=True).values,
        reference=lambda x: x.max(0, keepdims=True), dtypes=REAL,
    ),
    Sample(
        "max indices", lambda lib, x: lib.max(x, -1)[1], (X,), lambda x: x.max(-1).indices, reference=lambda x: x.argmax(-1),
        differentiable=False, dtypes=REAL,
    ),
    Sample("max of two", lambda lib, x, y: lib.max(x, y), (X, f(3, 4)), lambda x, y: x.max(y), reference=np.maximum, dtypes=REAL),
    Sample("min", lambda lib, x: lib.min(x), (X,), lambda x: x.min(), reference=np.min, dtypes=(*REAL, "bool")),
    Sample("min values", lambda lib, x: lib.min(x, 1).values, (X,), lambda x: x.min(1)[0], reference=lambda x: x.min(1), dtypes=REAL),
    Sample(
        "min indices keepdim", lambda lib, x: lib.min(x, 0, True).indices, (X,), lambda x: x.min(0, keepdim=True)[1],
        reference=lambda x: x.argmin(0, keepdims=True), differentiable=False, dtypes=REAL,
    ),
    Sample("min of two", lambda lib, x, y: lib.min(x, y), (X, f(3, 4)), lambda x, y: x.min(y), reference=np.minimum, dtypes=REAL),
    Sample("amax", lambda lib, x: lib.amax(x), (X,), lambda x: x.amax(), reference=np.max, dtypes=(*REAL, "bool")),
    Sample(
        "amax dims keepdim", lambda lib, x: lib.amax(x, (0, 2), True), (f(2, 3, 4, kind="distinct"),),
        lambda x: x.amax(dim=(0, 2), keepdim=True), reference=lambda x: x.max((0, 2), keepdims=True), dtypes=REAL,
    ),
    Sample("amin", lambda lib, x: lib.amin(x, ()), (X,), lambda x: x.amin(), reference=np.min, dtypes=REAL),
    Sample("amin dim", lambda lib, x: lib.amin(x, 1), (X,), lambda x: x.amin(1), reference=lambda x: x.min(1), dtypes=REAL),
    Sample("aminmax min", lambda lib, x: lib.aminmax(x).min, (X,), lambda x: x.aminmax()[0], reference=np.min, dtypes=REAL),
    Sample(
        "aminmax max dim", lambda lib, x: lib.aminmax(x, dim=1, keepdim=True).max, (X,), lambda x: x.aminmax(dim=1, keepdim=True)[1],
        reference=lambda x: x.max(1, keepdims=True), dtypes=REAL,
    ),
    Sample(
        "argmax", lambda lib, x: lib.argmax(x), (X,), lambda x: x.argmax(), reference=np.argmax, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "argmax of ties keepdim", lambda lib, x: lib.argmax(x, 1, True), (i(4, 9, low=0, high=3),), lambda x: x.argmax(dim=1, keepdim=True),
        reference=lambda x: x.argmax(1, keepdims=True), differentiable=False, dtypes=REAL,
    ),
    Sample(
        "argmin of ties", lambda lib, x: lib.argmin(x, 0), (i(9, 4, low=0, high=3),), lambda x: x.argmin(axis=0),
        reference=lambda x: x.argmin(0), differentiable=False, dtypes=REAL,
    ),
    Sample("argmin keepdim", lambda lib, x: lib.argmin(x, keepdim=True), (X,), lambda x: x.argmin(keepdim=True), differentiable=False),
    Sample("median", lambda lib, x: lib.median(x), (X,), lambda x: x.median(), reference=lambda x: np.sort(x, None)[5], dtypes=REAL),
    Sample(
        "median values", lambda lib, x: lib.median(x, 1).values, (X,), lambda x: x.median(1)[0], reference=lambda x: np.sort(x, 1)[:, 1],
        dtypes=REAL,
    ),
    Sample(
        "median indices keepdim", lambda lib, x: lib.median(x, 0, True).indices, (X,), lambda x: x.median(0, keepdim=True)[1],
        reference=lambda x: np.argsort(x, 0)[1:2], differentiable=False,
    ),
    Sample("nanmedian", lambda lib, x: lib.nanmedian(x), (X,), lambda x: x.nanmedian(), reference=lambda x: np.sort(x, None)[5]),
    Sample(
        "nanmedian values", lambda lib, x: lib.nanmedian(x, 0).values, (X,), lambda x: x.nanmedian(0)[0],
        reference=lambda x: np.sort(x, 0)[1],
    ),
    Sample(
        "kthvalue", lambda lib, x: lib.kthvalue(x, 2).values, (X,), lambda x: x.kthvalue(2).values, reference=lambda x: np.sort(x, 1)[:, 1],
        dtypes=REAL,
    ),
    Sample(
        "kthvalue indices", lambda lib, x: lib.kthvalue(x, 3, 0, True)[1], (X,), lambda x: x.kthvalue(3, 0, True).indices,
        reference=lambda x: np.argsort(x, 0)[2:3], differentiable=False,
    ),
    Sample(
        "mode", lambda lib, x: lib.mode(x, 1).values, (i(4, 9, low=0, high=3),), lambda x: x.mode(1)[0], differentiable=False, dtypes=REAL,
    ),
    Sample("mode gradient", lambda lib, x: lib.mode(x, 0)[0], (f(1, 4),), lambda x: x.mode(0).values, reference=lambda x: x[0]),
    Sample(
        "mode indices", lambda lib, x: lib.mode(x, 1).indices, (i(4, 9, low=0, high=3),), lambda x: x.mode(1)[1], differentiable=False,
        dtypes=("int64", "float32"),
    ),
]  # fmt: skip
