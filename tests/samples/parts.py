"""Rows of windows, flips, diagonals, joins and splits."""

import numpy as np

from tests.samples import Sample, f

ANY = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")


def windows(x):
    return np.lib.stride_tricks.sliding_window_view(x, 3, 1)[:, ::2]


SAMPLES: list[Sample] = [
    Sample(
        "narrow",
        lambda lib, x: lib.narrow(x, 1, 1, 2),
        (f(2, 4),),
        method=lambda x: x.narrow(1, 1, 2),
        reference=lambda x: x[:, 1:3],
        dtypes=ANY,
    ),
    Sample("unfold", lambda lib, x: x.unfold(1, 3, 2), (f(2, 7),), reference=windows, dtypes=ANY),
    Sample("unfold wide windows", lambda lib, x: x.unfold(0, 5, 1), (f(6, 2),)),
    Sample("unfold apart", lambda lib, x: x.unfold(-1, 2, 3), (f(2, 7),)),
    Sample(
        "as_strided",
        lambda lib, x: lib.as_strided(x.contiguous(), (2, 3), (1, 2), 1),
        (f(3, 4),),
        method=lambda x: x.contiguous().as_strided((2, 3), (1, 2), 1),
        dtypes=ANY,
    ),
    Sample(
        "as_strided overlapping",
        lambda lib, x: x.clone(memory_format=lib.contiguous_format).as_strided((3, 3), (1, 1)),
        (f(6),),
    ),
    Sample(
        "as_strided transposed",
        lambda lib, x: x.clone(memory_format=lib.contiguous_format).transpose(0, 1).as_strided((2, 2), (2, 1)),
        (f(3, 4),),
    ),
    # flips
    Sample(
        "flip",
        lambda lib, x: lib.flip(x, (0, 1)),
        (f(2, 3),),
        method=lambda x: x.flip(0, 1),
        reference=lambda x: np.flip(x, (0, 1)),
        dtypes=ANY,
    ),
    Sample("fliplr", lambda lib, x: lib.fliplr(x), (f(2, 3),), method=lambda x: x.fliplr(), reference=np.fliplr),
    Sample("flipud", lambda lib, x: lib.flipud(x), (f(2, 3),), method=lambda x: x.flipud(), reference=np.flipud),
    Sample(
        "roll",
        lambda lib, x: lib.roll(x, (1, -2), (0, 1)),
        (f(2, 5),),
        method=lambda x: x.roll((1, -2), (0, 1)),
        reference=lambda x: np.roll(x, (1, -2), (0, 1)),
        dtypes=ANY,
    ),
    Sample(
        "roll flat",
        lambda lib, x: lib.roll(x, 2),
        (f(2, 3),),
        method=lambda x: x.roll(2),
        reference=lambda x: np.roll(x, 2),
    ),
    Sample(
        "rot90", lambda lib, x: lib.rot90(x), (f(2, 3),), method=lambda x: x.rot90(), reference=np.rot90, dtypes=ANY
    ),
    Sample(
        "rot90 thrice",
        lambda lib, x: lib.rot90(x, 3, (1, 2)),
        (f(2, 3, 2),),
        reference=lambda x: np.rot90(x, 3, (1, 2)),
    ),
    Sample("rot90 twice", lambda lib, x: lib.rot90(x, 2), (f(2, 3),), reference=lambda x: np.rot90(x, 2)),
    # diagonals and triangles
    Sample(
        "diagonal",
        lambda lib, x: lib.diagonal(x),
        (f(3, 4),),
        method=lambda x: x.diagonal(),
        reference=np.diagonal,
        dtypes=ANY,
    ),
    Sample(
        "diagonal of other dims",
        lambda lib, x: lib.diagonal(x, -1, 2, 0),
        (f(3, 2, 4),),
        method=lambda x: x.diagonal(-1, 2, 0),
        reference=lambda x: np.diagonal(x, -1, 2, 0),
    ),
    Sample(
        "diag of a vector",
        lambda lib, x: lib.diag(x, 1),
        (f(3),),
        method=lambda x: x.diag(1),
        reference=lambda x: np.diag(x, 1),
        dtypes=ANY,
    ),
    Sample("diag of a matrix", lambda lib, x: lib.diag(x), (f(3, 2),), method=lambda x: x.diag(), reference=np.diag),
    Sample(
        "diag_embed",
        lambda lib, x: lib.diag_embed(x, -1, 0, 2),
        (f(2, 3),),
        method=lambda x: x.diag_embed(-1, 0, 2),
        dtypes=ANY,
    ),
    Sample(
        "diagflat", lambda lib, x: lib.diagflat(x), (f(2, 2),), method=lambda x: x.diagflat(), reference=np.diagflat
    ),
    Sample(
        "tril",
        lambda lib, x: lib.tril(x, 1),
        (f(3, 4),),
        method=lambda x: x.tril(1),
        inplace=lambda x: x.tril_(1),
        reference=lambda x: np.tril(x, 1),
        dtypes=ANY,
    ),
    Sample(
        "triu",
        lambda lib, x: lib.triu(x),
        (f(2, 3, 3),),
        method=lambda x: x.triu(),
        inplace=lambda x: x.triu_(),
        reference=np.triu,
        dtypes=ANY,
    ),
    Sample(
        "trace",
        lambda lib, x: lib.trace(x),
        (f(3, 4),),
        method=lambda x: x.trace(),
        reference=np.trace,
        dtypes=("float32", "float64", "float16", "bfloat16", "complex64", "int64"),
    ),
    # joins
    Sample(
        "cat",
        lambda lib, x, y: lib.cat([x, y], 1),
        (f(2, 3), f(2, 2)),
        reference=lambda x, y: np.concatenate([x, y], 1),
        dtypes=ANY,
    ),
    Sample("cat with an empty vector", lambda lib, x, y: lib.cat([x, y]), (f(0), f(2, 2)), reference=lambda x, y: y),
    Sample("cat of one", lambda lib, x: lib.cat([x]), (f(2, 2),), reference=lambda x: x),
    Sample(
        "cat of the same twice",
        lambda lib, x: lib.cat([x, x * 2, x]),
        (f(2, 2),),
        reference=lambda x: np.concatenate([x, x * 2, x]),
    ),
    Sample(
        "concat",
        lambda lib, x, y: lib.concat([x, y]),
        (f(2, 3), f(1, 3)),
        reference=lambda x, y: np.concatenate([x, y]),
    ),
    Sample(
        "concatenate",
        lambda lib, x, y: lib.concatenate([x, y]),
        (f(2, 3), f(1, 3)),
        reference=lambda x, y: np.concatenate([x, y]),
    ),
    Sample(
        "stack",
        lambda lib, x, y: lib.stack([x, y], 1),
        (f(2, 3), f(2, 3)),
        reference=lambda x, y: np.stack([x, y], 1),
        dtypes=ANY,
    ),
    Sample(
        "hstack", lambda lib, x, y: lib.hstack([x, y]), (f(2, 3), f(2, 1)), reference=lambda x, y: np.hstack([x, y])
    ),
    Sample("vstack", lambda lib, x, y: lib.vstack([x, y]), (f(3), f(3)), reference=lambda x, y: np.vstack([x, y])),
    Sample(
        "row_stack", lambda lib, x, y: lib.row_stack([x, y]), (f(3), f(3)), reference=lambda x, y: np.vstack([x, y])
    ),
    Sample(
        "dstack", lambda lib, x, y: lib.dstack([x, y]), (f(2, 3), f(2, 3)), reference=lambda x, y: np.dstack([x, y])
    ),
    Sample(
        "column_stack",
        lambda lib, x, y: lib.column_stack([x, y]),
        (f(2), f(2, 3)),
        reference=lambda x, y: np.column_stack([x, y]),
    ),
    Sample("block_diag", lambda lib, x, y: lib.block_diag(x, y), (f(2, 1), f(3)), dtypes=ANY),
    Sample(
        "meshgrid",
        lambda lib, x, y: lib.meshgrid(x, y, indexing="ij"),
        (f(2), f(3)),
        reference=lambda x, y: np.meshgrid(x, y, indexing="ij"),
        dtypes=ANY,
    ),
    Sample(
        "meshgrid xy",
        lambda lib, x, y: lib.meshgrid(x, y, indexing="xy"),
        (f(2), f(3)),
        reference=lambda x, y: np.meshgrid(x, y),
    ),
    Sample("cartesian_prod", lambda lib, x, y: lib.cartesian_prod(x, y), (f(2), f(3))),
    Sample("combinations", lambda lib, x: lib.combinations(x, 2), (f(4),)),
    # splits
    Sample(
        "split",
        lambda lib, x: lib.split(x, 2, 1),
        (f(2, 5),),
        method=lambda x: x.split(2, 1),
        reference=lambda x: np.split(x, [2, 4], 1),
        dtypes=ANY,
    ),
    Sample(
        "split sizes",
        lambda lib, x: lib.split(x, [1, 0, 4], 1),
        (f(2, 5),),
        method=lambda x: x.split([1, 0, 4], 1),
        reference=lambda x: np.split(x, [1, 1], 1),
    ),
    Sample(
        "chunk",
        lambda lib, x: lib.chunk(x, 3),
        (f(5, 2),),
        method=lambda x: x.chunk(3),
        reference=lambda x: [x[:2], x[2:4], x[4:]],
        dtypes=ANY,
    ),
    Sample(
        "tensor_split",
        lambda lib, x: lib.tensor_split(x, (1, 3)),
        (f(5),),
        method=lambda x: x.tensor_split((1, 3)),
        reference=lambda x: np.split(x, (1, 3)),
    ),
    Sample(
        "tensor_split sections",
        lambda lib, x: lib.tensor_split(x, 3),
        (f(5),),
        reference=lambda x: np.array_split(x, 3),
    ),
    Sample(
        "hsplit",
        lambda lib, x: lib.hsplit(x, 2),
        (f(2, 4),),
        method=lambda x: x.hsplit(2),
        reference=lambda x: np.hsplit(x, 2),
    ),
    Sample(
        "vsplit",
        lambda lib, x: lib.vsplit(x, 2),
        (f(4, 2),),
        method=lambda x: x.vsplit(2),
        reference=lambda x: np.vsplit(x, 2),
    ),
    Sample(
        "dsplit",
        lambda lib, x: lib.dsplit(x, 2),
        (f(2, 1, 4),),
        method=lambda x: x.dsplit(2),
        reference=lambda x: np.dsplit(x, 2),
    ),
    Sample(
        "unbind",
        lambda lib, x: lib.unbind(x, 1),
        (f(2, 3),),
        method=lambda x: x.unbind(1),
        reference=lambda x: list(np.moveaxis(x, 1, 0)),
        dtypes=ANY,
    ),
]
