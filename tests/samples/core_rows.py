"""Samples of the families that came with the core: reductions, shapes, indexing, products, copies and casts."""

import numpy as np

from tests.samples import Sample, f

ALL = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
FLOATS = ("float32", "float64", "float16", "bfloat16", "complex64")
ROWS = [2, 0, -1, 0]

SAMPLES: list[Sample] = [
    Sample(
        "core sum", lambda lib, x: lib.sum(x, 0), (f(3, 4),), method=lambda x: x.sum(0), reference=lambda x: x.sum(0),
    ),
    Sample(
        "core mean", lambda lib, x: lib.mean(x), (f(3, 4),), method=lambda x: x.mean(), reference=lambda x: x.mean(),
    ),
    Sample(
        "core matmul", lambda lib, x, y: lib.matmul(x, y), (f(3, 4), f(4, 2)),
        method=lambda x, y: x @ y, reference=np.matmul, dtypes=FLOATS,
    ),
    Sample(
        "core matmul broadcast", lambda lib, x, y: lib.matmul(x, y), (f(2, 1, 3, 4), f(5, 4, 2)),
        method=lambda x, y: x.matmul(y), reference=np.matmul, dtypes=FLOATS,
    ),
    Sample(
        "core matmul vectors", lambda lib, x, y: x @ y, (f(4), f(4)),
        method=lambda x, y: x.matmul(y), reference=np.matmul,
    ),
    Sample(
        "core reshape", lambda lib, x: lib.reshape(x, (2, -1)), (f(3, 4),),
        method=lambda x: x.reshape(2, 6), reference=lambda x: x.reshape(2, 6), dtypes=ALL,
    ),
    Sample(
        "core permute", lambda lib, x: lib.permute(x, (2, 0, 1)), (f(2, 3, 4),),
        method=lambda x: x.permute(2, 0, 1), reference=lambda x: x.transpose(2, 0, 1), dtypes=ALL,
    ),
    Sample(
        "core expand", lambda lib, x: x.expand(2, 3, 4) * x, (f(3, 1),),
        reference=lambda x: np.broadcast_to(x, (2, 3, 4)) * x, dtypes=FLOATS,
    ),
    Sample(
        "core unbind", lambda lib, x: lib.unbind(x, 1), (f(3, 4),),
        method=lambda x: x.unbind(1), reference=lambda x: tuple(x.T), dtypes=ALL,
    ),
    Sample(
        "core clone", lambda lib, x: lib.clone(x), (f(3, 4),),
        method=lambda x: x.clone(), reference=np.copy, dtypes=ALL,
    ),
    Sample(
        "getitem int", lambda lib, x: x[1], (f(3, 4),), reference=lambda x: x[1], dtypes=ALL,
    ),
    Sample(
        "getitem slices", lambda lib, x: x[1:, ::2], (f(3, 4),), reference=lambda x: x[1:, ::2], dtypes=ALL,
    ),
    Sample(
        "getitem negative step", lambda lib, x: x[::-1, 3:0:-2], (f(3, 4),), reference=lambda x: x[::-1, 3:0:-2],
        dtypes=ALL, torch=False, reason="PyTorch refuses negative steps",
    ),
    Sample(
        "getitem none and ellipsis", lambda lib, x: x[None, ..., 1, None], (f(3, 4, 2),),
        reference=lambda x: x[None, ..., 1, None], dtypes=ALL,
    ),
    Sample(
        "getitem rows", lambda lib, x: x[ROWS], (f(3, 4),), reference=lambda x: x[ROWS], dtypes=ALL,
    ),
    Sample(
        "getitem two arrays", lambda lib, x: x[[0, 2, 0], [1, 1, 3]], (f(3, 4),),
        reference=lambda x: x[[0, 2, 0], [1, 1, 3]], dtypes=ALL,
    ),
    Sample(
        "getitem array among slices", lambda lib, x: x[1:, [0, 2, 0]], (f(3, 4),),
        reference=lambda x: x[1:, [0, 2, 0]], dtypes=ALL,
    ),
    Sample(
        "getitem mask", lambda lib, x: x[lib.tensor([True, False, True])], (f(3, 4),),
        reference=lambda x: x[[True, False, True]], dtypes=ALL,
    ),
    Sample(
        "setitem slice", lambda lib, x, y: _set(x, (slice(1, None), 0), y), (f(3, 4), f(2)),
        reference=lambda x, y: _put(x, (slice(1, None), 0), y), dtypes=ALL,
    ),
    Sample(
        "setitem broadcast", lambda lib, x, y: _set(x, slice(1, None), y), (f(3, 4), f(1, 4)),
        reference=lambda x, y: _put(x, slice(1, None), y), dtypes=ALL,
    ),
    Sample(
        "setitem rows", lambda lib, x, y: _set(x, [2, 0], y), (f(3, 4), f(4)),
        reference=lambda x, y: _put(x, [2, 0], y), dtypes=ALL,
    ),
    Sample(
        "setitem mask", lambda lib, x, y: _set(x, lib.tensor([True, False, True]), y), (f(3, 4), f(2, 4)),
        reference=lambda x, y: _put(x, [True, False, True], y), dtypes=ALL,
    ),
    Sample(
        "setitem through a view", lambda lib, x, y: _set_view(x, y), (f(3, 4), f(3)),
        reference=lambda x, y: _put(x, (slice(None), 2), y), dtypes=ALL,
    ),
    Sample(
        "to float64", lambda lib, x: x.to(lib.float64), (f(3, 4),), method=lambda x: x.double(),
        reference=lambda x: x, dtypes=("float32", "float64", "float16", "bfloat16", "int64", "bool"),
    ),
    Sample(
        "copy_", lambda lib, x, y: (x * 1).copy_(y), (f(3, 4), f(4)),
        reference=lambda x, y: np.broadcast_to(y, x.shape),
        dtypes=FLOATS,
    ),
    Sample("zero_", lambda lib, x: (x * 1).zero_(), (f(3, 4),), reference=np.zeros_like, dtypes=FLOATS),
    Sample("fill_", lambda lib, x: (x * 1).fill_(2.5), (f(3, 4),), reference=lambda x: x * 0 + 2.5, dtypes=FLOATS),
]  # fmt: skip


def _set(x, index, y):
    out = x.clone()
    out[index] = y
    return out


def _set_view(x, y):
    out = x.clone()
    out.t()[2:3].t()[:, 0] = y
    return out


def _put(x, index, y):
    out = x.copy()
    out[index] = y
    return out
