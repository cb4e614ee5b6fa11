"""Sorting, the k best, searching, counting, and what is unique."""

import numpy as np

from tests.samples import Input, Sample, b, f, i

FLOATS = ("float32", "float64", "float16", "bfloat16")
REAL = (*FLOATS, "int64", "int32", "uint8")

X = f(3, 5, kind="distinct")
TIES = i(4, 9, low=0, high=4)
COUNTED = Input((9,), "index", 0, 5, False)

SAMPLES = [
    Sample("sort values", lambda lib, x: lib.sort(x).values, (X,), lambda x: x.sort()[0], reference=lambda x: np.sort(x), dtypes=REAL),
    Sample(
        "sort values descending", lambda lib, x: lib.sort(x, 0, True)[0], (X,), lambda x: x.sort(dim=0, descending=True).values,
        reference=lambda x: np.sort(x, 0)[::-1], dtypes=REAL,
    ),
    Sample("sort of 0-d", lambda lib, x: lib.sort(x).values, (f(),), lambda x: x.sort()[0], reference=lambda x: x),
    Sample(
        "sort indices of ties", lambda lib, x: lib.sort(x, stable=True).indices, (TIES,), lambda x: x.sort(stable=True)[1],
        reference=lambda x: np.argsort(x, kind="stable"), differentiable=False, dtypes=(*REAL, "bool"),
    ),
    Sample(
        "sort indices of ties descending", lambda lib, x: lib.sort(x, dim=0, descending=True, stable=True).indices, (TIES,),
        lambda x: x.sort(stable=True, dim=0, descending=True)[1], reference=lambda x: np.argsort(-x, 0, kind="stable"),
        differentiable=False, dtypes=REAL,
    ),
    Sample(
        "argsort", lambda lib, x: lib.argsort(x, 1, True), (X,), lambda x: x.argsort(dim=1, descending=True),
        reference=lambda x: np.argsort(-x, 1), differentiable=False, dtypes=FLOATS,
    ),
    Sample(
        "argsort stable", lambda lib, x: lib.argsort(x, stable=True), (TIES,), lambda x: x.argsort(stable=True),
        reference=lambda x: np.argsort(x, kind="stable"), differentiable=False, dtypes=REAL,
    ),
    Sample("msort", lambda lib, x: lib.msort(x), (X,), lambda x: x.msort(), reference=lambda x: np.sort(x, 0), dtypes=REAL),
    Sample(
        "topk values", lambda lib, x: lib.topk(x, 2).values, (X,), lambda x: x.topk(2)[0], reference=lambda x: np.sort(x)[:, :-3:-1], dtypes=REAL,
    ),
    Sample(
        "topk values smallest", lambda lib, x: lib.topk(x, 2, 0, False)[0], (X,), lambda x: x.topk(2, dim=0, largest=False).values,
        reference=lambda x: np.sort(x, 0)[:2], dtypes=REAL,
    ),
    Sample(
        "topk of many", lambda lib, x: lib.topk(x, 3, 1).values, (f(2, 100, kind="distinct"),), lambda x: x.topk(3, 1)[0],
        reference=lambda x: np.sort(x)[:, :-4:-1], dtypes=("float32", "float64"),
    ),
    Sample(
        "topk indices", lambda lib, x: lib.topk(x, 3).indices, (X,), lambda x: x.topk(3)[1], reference=lambda x: np.argsort(-x)[:, :3],
        differentiable=False, dtypes=FLOATS,
    ),
    Sample("topk of none", lambda lib, x: lib.topk(x, 0).values, (X,), lambda x: x.topk(0)[0], reference=lambda x: x[:, :0]),
    Sample(
        "searchsorted", lambda lib, x, y: lib.searchsorted(lib.sort(x).values, y), (f(5, grad=False), f(3, 4, grad=False)),
        reference=lambda x, y: np.searchsorted(np.sort(x), y), differentiable=False,
    ),
    Sample(
        "searchsorted right", lambda lib, x, y: lib.searchsorted(lib.sort(x).values, y, right=True), (i(5), i(3, 4)),
        reference=lambda x, y: np.searchsorted(np.sort(x), y, "right"), differentiable=False, dtypes=REAL,
    ),
    Sample(
        "searchsorted batched", lambda lib, x, y: lib.searchsorted(lib.sort(x).values, y, side="left"), (i(3, 6), i(3, 4)),
        reference=lambda x, y: np.stack([np.searchsorted(np.sort(p), q) for p, q in zip(x, y, strict=True)]), differentiable=False, dtypes=REAL,
    ),
    Sample(
        "searchsorted batched right", lambda lib, x, y: lib.searchsorted(lib.sort(x).values, y, right=True, out_int32=True), (i(3, 6), i(3, 4)),
        reference=lambda x, y: np.stack([np.searchsorted(np.sort(p), q, "right") for p, q in zip(x, y, strict=True)]),
        differentiable=False, dtypes=REAL,
    ),
    Sample(
        "searchsorted sorter", lambda lib, x, y: lib.searchsorted(x, y, sorter=lib.argsort(x)), (f(6, grad=False), f(4, grad=False)),
        reference=lambda x, y: np.searchsorted(np.sort(x), y), differentiable=False, dtypes=("float32", "float64"),
    ),
    Sample(
        "bucketize", lambda lib, x, y: lib.bucketize(x, lib.sort(y).values), (i(3, 4), i(5)), reference=lambda x, y: np.searchsorted(np.sort(y), x),
        differentiable=False, dtypes=REAL,
    ),
    Sample(
        "bucketize right", lambda lib, x, y: lib.bucketize(x, lib.sort(y).values, right=True, out_int32=True), (i(3, 4), i(5)),
        reference=lambda x, y: np.searchsorted(np.sort(y), x, "right"), differentiable=False, dtypes=REAL,
    ),
    Sample("isin", lambda lib, x, y: lib.isin(x, y), (i(3, 4), i(5)), reference=np.isin, differentiable=False, dtypes=REAL),
    Sample(
        "isin invert", lambda lib, x: lib.isin(x, 2, invert=True), (i(3, 4),), reference=lambda x: x != 2, differentiable=False, dtypes=REAL,
    ),
    Sample(
        "histc", lambda lib, x: lib.histc(x, 5, -1, 1), (f(40, grad=False),), lambda x: x.histc(5, -1, 1),
        reference=lambda x: np.histogram(x, 5, (-1, 1))[0].astype(float), differentiable=False, dtypes=("float32", "float64"),
    ),
    Sample(
        "histc of its range", lambda lib, x: lib.histc(x, bins=4), (f(40, grad=False),), lambda x: x.histc(4),
        reference=lambda x: np.histogram(x, 4)[0].astype(float), differentiable=False, dtypes=("float32", "float64"),
    ),
    Sample("unique", lambda lib, x: lib.unique(x), (TIES,), lambda x: x.unique(), reference=np.unique, differentiable=False, dtypes=(*REAL, "bool")),
    Sample(
        "unique inverse counts", lambda lib, x: lib.unique(x, return_inverse=True, return_counts=True), (TIES,),
        lambda x: x.unique(return_inverse=True, return_counts=True), differentiable=False, dtypes=(*REAL, "bool"),
    ),
    Sample("unique counts", lambda lib, x: lib.unique(x, return_counts=True), (TIES,), differentiable=False, dtypes=("int64",)),
    Sample(
        "unique slices", lambda lib, x: lib.unique(x, dim=0, return_inverse=True, return_counts=True), (i(8, 2, low=0, high=2),),
        lambda x: x.unique(return_inverse=True, return_counts=True, dim=0), differentiable=False, dtypes=(*REAL, "bool"),
    ),
    Sample(
        "unique slices of dim 1", lambda lib, x: lib.unique(x, dim=1), (i(2, 9, 1, low=0, high=2),), lambda x: x.unique(dim=1),
        reference=lambda x: np.unique(x, axis=1), differentiable=False, dtypes=("int64", "float32"),
    ),
    Sample(
        "unique_consecutive", lambda lib, x: lib.unique_consecutive(x, return_inverse=True, return_counts=True), (i(3, 8, low=0, high=2),),
        lambda x: x.unique_consecutive(True, True), differentiable=False, dtypes=(*REAL, "bool"),
    ),
    Sample(
        "unique_consecutive slices", lambda lib, x: lib.unique_consecutive(x, True, True, dim=0), (i(8, 2, low=0, high=2),),
        differentiable=False, dtypes=("int64", "float32"),
    ),
    Sample("bincount", lambda lib, x: lib.bincount(x), (COUNTED,), lambda x: x.bincount(), reference=np.bincount, differentiable=False, dtypes=("int64", "int32", "uint8")),
    Sample(
        "bincount weights", lambda lib, x, w: lib.bincount(x, w, 9), (COUNTED, f(9, grad=False)), lambda x, w: x.bincount(w, minlength=9),
        reference=lambda x, w: np.bincount(x, w, 9), differentiable=False, dtypes=("float32", "float64"),
    ),
    Sample("nonzero", lambda lib, x: lib.nonzero(x), (b(3, 4),), lambda x: x.nonzero(), reference=np.argwhere, differentiable=False, dtypes=("bool", *REAL)),
    Sample(
        "nonzero as tuple", lambda lib, x: lib.nonzero(x, as_tuple=True), (b(3, 4),), lambda x: x.nonzero(as_tuple=True), reference=np.nonzero,
        differentiable=False, dtypes=("bool", "float32"),
    ),
    Sample("argwhere", lambda lib, x: lib.argwhere(x), (b(3, 4),), lambda x: x.argwhere(), reference=np.argwhere, differentiable=False, dtypes=("bool", "int64")),
]  # fmt: skip
