"""Rows of copies of views, of copies with the part of a view replaced, and of other names of shapes and indexing."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tests.samples import Input, Sample, f

ANY = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
NUMBERS = ("float32", "float64", "complex64", "int64")


def index(*shape, high):
    return Input(shape, "index", 0, high, False)


def replaced(x, place, v):
    out = np.array(x)
    out[place] = v
    return out


def diagonal_replaced(x, v):
    out = np.array(x)
    rows = np.arange(v.shape[0])
    out[rows, rows + 1] = v
    return out


def strided_replaced(x, v):
    out = np.array(x, order="C")
    as_strided(out.reshape(-1)[1:], v.shape, (3 * out.itemsize, out.itemsize))[...] = v
    return out


def reduced(ufunc, x, i, v, start=None):
    out = np.array(x)
    if start is not None:
        out[i] = start
    ufunc.at(out, i, v)
    return out


def mean_reduced(x, i, v):
    total, count = np.array(x), np.ones(x.shape)
    np.add.at(total, i, v)
    np.add.at(count, i, 1)
    return total / count


SAMPLES: list[Sample] = [
    Sample(
        "copies of views of a matrix",
        lambda lib, x: (
            lib.diagonal_copy(x, 1),
            lib.t_copy(x),
            lib.transpose_copy(x, 0, 1),
            lib.permute_copy(x, (1, 0)),
            lib.select_copy(x, 1, -1),
            lib.slice_copy(x, 1, 0, 3, 2),
            lib.narrow_copy(x, 1, 1, 2),
            lib.unsqueeze_copy(x, 1),
            lib.squeeze_copy(x),
            lib.alias_copy(x),
            lib.expand_copy(x, (2, 2, 3)),
        ),
        (f(2, 3),),
        reference=lambda x: (
            np.diagonal(x, 1),
            x.T,
            x.T,
            x.T,
            x[:, -1],
            x[:, :3:2],
            x[:, 1:3],
            x[:, None],
            np.squeeze(x),
            x,
            np.broadcast_to(x, (2, 2, 3)),
        ),
        dtypes=ANY,
    ),
    Sample(
        "copies of the parts",
        lambda lib, x: (
            *lib.unbind_copy(x),
            *lib.split_copy(x, 2, 1),
            *lib.split_with_sizes_copy(x, [1, 2], 1),
            lib.unfold_copy(x, 1, 2, 1),
        ),
        (f(2, 3),),
        reference=lambda x: (
            x[0],
            x[1],
            x[:, :2],
            x[:, 2:],
            x[:, :1],
            x[:, 1:],
            np.lib.stride_tricks.sliding_window_view(x, 2, 1),
        ),
        dtypes=ANY,
    ),
    Sample(
        "copies of views of contiguous memory",
        lambda lib, x: (
            lib.view_copy(x.contiguous(), (3, 2)),
            lib.as_strided_copy(x.contiguous(), (2, 2), (1, 2), 1),
        ),
        (f(2, 3),),
        reference=lambda x: (x.reshape(3, 2), np.stack([x.reshape(-1)[1::2][:2], x.reshape(-1)[2::2][:2]])),
        dtypes=ANY,
    ),
    Sample(
        "copies of complex views",
        lambda lib, x: (lib.view_as_real_copy(lib.view_as_complex_copy(x.contiguous())), lib.detach_copy(x)),
        (f(3, 2),),
        reference=lambda x: (x, x),
        dtypes=("float32", "float64"),
        torch=False,
        reason="PyTorch's copies of complex views have no gradient",
    ),
    Sample(
        "parts that may be written",
        lambda lib, x: (
            *lib.unsafe_chunk(x, 2, 1),
            *lib.unsafe_split(x, 2, 1),
            *lib.unsafe_split_with_sizes(x, [1, 2], 1),
            *lib.split_with_sizes(x, [2, 1], 1),
        ),
        (f(2, 3),),
        method=lambda x: (
            *x.unsafe_chunk(2, 1),
            *x.unsafe_split(2, 1),
            *x.unsafe_split_with_sizes([1, 2], 1),
            *x.split_with_sizes([2, 1], 1),
        ),
        reference=lambda x: (x[:, :2], x[:, 2:], x[:, :2], x[:, 2:], x[:, :1], x[:, 1:], x[:, :2], x[:, 2:]),
        dtypes=ANY,
    ),
    Sample(
        "select_scatter",
        lambda lib, x, v: lib.select_scatter(x, v, 1, -1),
        (f(2, 3), f(2)),
        method=lambda x, v: x.select_scatter(v, 1, -1),
        reference=lambda x, v: replaced(x, (slice(None), -1), v),
        dtypes=ANY,
    ),
    Sample(
        "slice_scatter",
        lambda lib, x, v: lib.slice_scatter(x, v, 1, 0, 10, 2),
        (f(2, 3), f(2, 2)),
        method=lambda x, v: x.slice_scatter(v, 1, 0, 10, 2),
        reference=lambda x, v: replaced(x, (slice(None), slice(0, None, 2)), v),
        dtypes=ANY,
    ),
    Sample(
        "diagonal_scatter",
        lambda lib, x, v: lib.diagonal_scatter(x, v, 1),
        (f(3, 3), f(2)),
        method=lambda x, v: x.diagonal_scatter(v, 1),
        reference=diagonal_replaced,
        dtypes=ANY,
    ),
    Sample(
        "as_strided_scatter",
        lambda lib, x, v: lib.as_strided_scatter(x.contiguous(), v, (2, 2), (3, 1), 1),
        (f(2, 3), f(2, 2)),
        method=lambda x, v: x.contiguous().as_strided_scatter(v, (2, 2), (3, 1), 1),
        reference=strided_replaced,
        dtypes=ANY,
        torch=False,
        reason="PyTorch's gradient for input is that of other places; values are compared in test_views_copied.py",
    ),
    Sample(
        "as_strided_",
        lambda lib, x: lib.as_strided_(x.contiguous() * 1, (2, 2), (1, 3), 1),
        (f(2, 3),),
        reference=lambda x: np.array([[x[0, 1], x[1, 1]], [x[0, 2], x[1, 2]]]),
        dtypes=("float32", "float64", "complex64", "int64"),
    ),
    Sample(
        "sum_to_size",
        lambda lib, x: x.sum_to_size(1, 3),
        (f(4, 2, 3),),
        reference=lambda x: x.sum((0, 1), keepdims=True)[0],
        dtypes=NUMBERS,
    ),
    Sample(
        "fill_diagonal_",
        lambda lib, x: (x * 1).fill_diagonal_(2, wrap=True),
        (f(7, 2),),
        reference=lambda x: np.array([2 if k % 3 == 0 else v for k, v in enumerate(x.reshape(-1))], x.dtype).reshape(
            7, 2
        ),
        dtypes=("float32", "float64", "complex64", "int64"),
    ),
    Sample(
        "index_reduce prod",
        lambda lib, x, v, i: lib.index_reduce(x, 0, i, v, "prod"),
        (f(3, 2), f(4, 2), index(4, high=3)),
        method=lambda x, v, i: x.index_reduce(0, i, v, "prod"),
        reference=lambda x, v, i: reduced(np.multiply, x, i, v),
        dtypes=NUMBERS,
        torch=False,
        reason="PyTorch warns that it is in beta; compared in test_views_copied.py",
    ),
    Sample(
        "index_reduce_ amax",
        lambda lib, x, v, i: (x * 1).index_reduce_(0, i, v, "amax", include_self=False),
        (f(3, 2, kind="distinct"), f(4, 2, kind="distinct"), index(4, high=3)),
        reference=lambda x, v, i: reduced(np.maximum, x, i, v, -np.inf),
        second=False,
        dtypes=("float32", "float64", "bfloat16"),
        torch=False,
        reason="PyTorch warns that it is in beta; compared in test_views_copied.py",
    ),
    Sample(
        "index_reduce mean",
        lambda lib, x, v, i: lib.index_reduce(x, 0, i, v, "mean"),
        (f(3, 2), f(4, 2), index(4, high=3)),
        reference=lambda x, v, i: mean_reduced(x, i, v),
        dtypes=("float32", "float64"),
        torch=False,
        reason="PyTorch warns that it is in beta; compared in test_views_copied.py",
    ),
    Sample(
        "unravel_index",
        lambda lib, i: lib.unravel_index(i, (2, 3)),
        (index(4, high=6),),
        reference=lambda i: np.unravel_index(i, (2, 3)),
        differentiable=False,
        dtypes=("int64",),
    ),
    Sample(
        "nonzero_static",
        lambda lib, x: lib.nonzero_static(x > 0, size=6),
        (f(2, 3),),
        reference=lambda x: np.concatenate([np.argwhere(x > 0), np.full((6 - (x > 0).sum(), 2), -1)]),
        differentiable=False,
        dtypes=("float32", "float64"),
    ),
    Sample(
        "fill",
        lambda lib, x: lib.fill(x, 3),
        (f(2, 3),),
        reference=lambda x: np.full_like(x, 3),
        dtypes=("float32", "float64", "int64"),
    ),
]
