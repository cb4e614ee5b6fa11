"""Rows of the shapes: reshape and its kin, orders of dims, expansions."""

import numpy as np

from tests.samples import Sample, f


def matrix(x):
    """x itself; PyTorch warns of transposes of 0-d tensors."""
    return x if x.ndim else x.reshape(1, 1)


ANY = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")

SAMPLES: list[Sample] = [
    Sample(
        "reshape",
        lambda lib, x: lib.reshape(x, (3, -1)),
        (f(2, 6),),
        method=lambda x: x.reshape(3, -1),
        reference=lambda x: x.reshape(3, -1),
        dtypes=ANY,
    ),
    Sample(
        "reshape to its own shape", lambda lib, x: x.reshape(x.shape), (f(2, 3),), reference=lambda x: x, dtypes=ANY
    ),
    Sample(
        "reshape that may copy",
        lambda lib, x: x.transpose(0, 1).reshape(-1),
        (f(2, 3),),
        reference=lambda x: x.swapaxes(0, 1).reshape(-1),
    ),
    Sample(
        "reshape_as",
        lambda lib, x, y: x.reshape_as(y),
        (f(2, 3), f(3, 2, grad=False)),
        reference=lambda x, y: x.reshape(y.shape),
    ),
    Sample(
        "view_as",
        lambda lib, x, y: x.clone().contiguous().view_as(y),
        (f(2, 3), f(3, 2, grad=False)),
        reference=lambda x, y: x.reshape(y.shape),
    ),
    Sample(
        "view",
        lambda lib, x: x.contiguous().view(-1, 2),
        (f(2, 3, 4),),
        reference=lambda x: x.reshape(-1, 2),
        dtypes=ANY,
    ),
    Sample(
        "view as another dtype",
        lambda lib, x: x.contiguous().view(lib.int32),
        (f(2, 3),),
        differentiable=False,
        dtypes=("float32",),
    ),
    Sample(
        "flatten",
        lambda lib, x: lib.flatten(x, 1),
        (f(2, 3, 4),),
        method=lambda x: x.flatten(1),
        reference=lambda x: x.reshape(2, 12),
        dtypes=ANY,
    ),
    Sample(
        "flatten all",
        lambda lib, x: lib.flatten(x),
        (f(2, 3),),
        method=lambda x: x.flatten(),
        reference=lambda x: x.reshape(-1),
    ),
    Sample(
        "unflatten",
        lambda lib, x: lib.unflatten(x, 1, (3, -1)),
        (f(2, 6),),
        method=lambda x: x.unflatten(1, (3, -1)),
        reference=lambda x: x.reshape(2, 3, 2),
    ),
    Sample(
        "ravel",
        lambda lib, x: lib.ravel(x),
        (f(2, 3),),
        method=lambda x: x.ravel(),
        reference=lambda x: x.reshape(-1),
        dtypes=ANY,
    ),
    Sample(
        "squeeze",
        lambda lib, x: lib.squeeze(x),
        (f(1, 3, 1),),
        method=lambda x: x.squeeze(),
        inplace=lambda x: x.squeeze_(),
        reference=np.squeeze,
        dtypes=ANY,
    ),
    Sample(
        "squeeze dim",
        lambda lib, x: lib.squeeze(x, 0),
        (f(1, 3, 1),),
        method=lambda x: x.squeeze(0),
        inplace=lambda x: x.squeeze_(0),
    ),
    Sample("squeeze dims", lambda lib, x: lib.squeeze(x, (0, 2)), (f(1, 3, 1),), method=lambda x: x.squeeze((0, 2))),
    Sample(
        "unsqueeze",
        lambda lib, x: lib.unsqueeze(x, 1),
        (f(2, 3),),
        method=lambda x: x.unsqueeze(1),
        inplace=lambda x: x.unsqueeze_(1),
        reference=lambda x: x[:, None],
        dtypes=ANY,
    ),
    Sample("atleast_1d", lambda lib, x: lib.atleast_1d(x), (f(),), reference=np.atleast_1d),
    Sample("atleast_2d", lambda lib, x: lib.atleast_2d(x), (f(3),), reference=np.atleast_2d),
    Sample(
        "atleast_3d",
        lambda lib, x, y: lib.atleast_3d(x, y),
        (f(3), f(2, 3)),
        reference=lambda x, y: np.atleast_3d(x, y),
    ),
    Sample(
        "clone", lambda lib, x: lib.clone(x), (f(2, 3),), method=lambda x: x.clone(), reference=lambda x: x, dtypes=ANY
    ),
    Sample(
        "clone channels last",
        lambda lib, x: lib.clone(x, memory_format=lib.channels_last),
        (f(2, 3, 2, 2),),
        reference=lambda x: x,
    ),
    Sample(
        "contiguous", lambda lib, x: x.transpose(0, 1).contiguous(), (f(2, 3),), reference=lambda x: x.swapaxes(0, 1)
    ),
    # orders of dims
    Sample(
        "permute",
        lambda lib, x: lib.permute(x, (2, 0, 1)),
        (f(2, 3, 4),),
        method=lambda x: x.permute(2, 0, 1),
        reference=lambda x: x.transpose(2, 0, 1),
        dtypes=ANY,
    ),
    Sample(
        "transpose",
        lambda lib, x: lib.transpose(x, 0, -1),
        (f(2, 3, 4),),
        method=lambda x: x.transpose(0, -1),
        inplace=lambda x: x.transpose_(0, -1),
        reference=lambda x: x.swapaxes(0, -1),
        dtypes=ANY,
    ),
    Sample(
        "swapaxes",
        lambda lib, x: lib.swapaxes(x, 0, 1),
        (f(2, 3),),
        method=lambda x: x.swapaxes(0, 1),
        inplace=lambda x: x.swapaxes_(0, 1),
        reference=lambda x: x.swapaxes(0, 1),
    ),
    Sample(
        "swapdims",
        lambda lib, x: lib.swapdims(x, 0, 1),
        (f(2, 3),),
        method=lambda x: x.swapdims(0, 1),
        inplace=lambda x: x.swapdims_(0, 1),
        reference=lambda x: x.swapaxes(0, 1),
    ),
    Sample(
        "t",
        lambda lib, x: lib.t(x),
        (f(2, 3),),
        method=lambda x: x.t(),
        inplace=lambda x: x.t_(),
        reference=lambda x: x.T,
        dtypes=ANY,
    ),
    Sample("T", lambda lib, x: matrix(x).T, (f(2, 3),), reference=lambda x: matrix(x).T, dtypes=ANY),
    Sample("mT", lambda lib, x: matrix(x).mT, (f(2, 3, 4),), reference=lambda x: x.swapaxes(-1, -2), dtypes=ANY),
    Sample("H", lambda lib, x: matrix(x).H, (f(2, 3),), reference=lambda x: matrix(x).conj().T, dtypes=ANY),
    Sample(
        "adjoint",
        lambda lib, x: lib.adjoint(matrix(x)),
        (f(2, 3, 2),),
        method=lambda x: x.mH,
        reference=lambda x: x.conj().swapaxes(-1, -2),
        dtypes=ANY,
    ),
    Sample(
        "movedim",
        lambda lib, x: lib.movedim(x, (0, 1), (2, 0)),
        (f(2, 3, 4),),
        method=lambda x: x.movedim((0, 1), (2, 0)),
        reference=lambda x: np.moveaxis(x, (0, 1), (2, 0)),
    ),
    Sample(
        "moveaxis",
        lambda lib, x: lib.moveaxis(x, 0, -1),
        (f(2, 3, 4),),
        method=lambda x: x.moveaxis(0, -1),
        reference=lambda x: np.moveaxis(x, 0, -1),
    ),
    # expansions
    Sample(
        "expand",
        lambda lib, x: x.expand(4, -1, 3),
        (f(2, 1),),
        reference=lambda x: np.broadcast_to(x, (4, x.shape[0], 3)),
        dtypes=ANY,
    ),
    Sample(
        "expand_as",
        lambda lib, x, y: x.expand_as(y),
        (f(2, 1), f(2, 3, grad=False)),
        reference=lambda x, y: np.broadcast_to(x, y.shape),
    ),
    Sample(
        "broadcast_to",
        lambda lib, x: lib.broadcast_to(x, (2, 2, 3)),
        (f(1, 3),),
        method=lambda x: x.broadcast_to(2, 2, 3),
        reference=lambda x: np.broadcast_to(x, (2, 2, 3)),
        dtypes=ANY,
    ),
    Sample(
        "broadcast_tensors",
        lambda lib, x, y: lib.broadcast_tensors(x, y),
        (f(2, 1), f(3)),
        reference=lambda x, y: np.broadcast_arrays(x, y),
    ),
    Sample(
        "repeat", lambda lib, x: x.repeat(2, 1, 3), (f(2, 3),), reference=lambda x: np.tile(x, (2, 1, 3)), dtypes=ANY
    ),
    Sample("repeat one", lambda lib, x: x.repeat(3), (f(1),), reference=lambda x: np.tile(x, 3)),
    Sample(
        "tile",
        lambda lib, x: lib.tile(x, (2,)),
        (f(2, 3),),
        method=lambda x: x.tile(2),
        reference=lambda x: np.tile(x, 2),
        dtypes=ANY,
    ),
    Sample(
        "repeat_interleave",
        lambda lib, x: lib.repeat_interleave(x, 2, 1),
        (f(2, 3),),
        method=lambda x: x.repeat_interleave(2, 1),
        reference=lambda x: np.repeat(x, 2, 1),
        dtypes=ANY,
    ),
    Sample(
        "repeat_interleave all",
        lambda lib, x: lib.repeat_interleave(x, 3),
        (f(2, 2),),
        reference=lambda x: np.repeat(x, 3),
    ),
    Sample(
        "repeat_interleave each",
        lambda lib, x: lib.repeat_interleave(x, lib.tensor([2, 0, 1]), 1),
        (f(2, 3),),
        reference=lambda x: np.repeat(x, [2, 0, 1], 1),
    ),
]
