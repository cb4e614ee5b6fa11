"""Square brackets, gathering, scattering, and the functions that select or write by index."""

import numpy as np

from tests.samples import Input, Sample, b, f

FLOATS = ("float32", "float64", "float16", "bfloat16")
ANY = (*FLOATS, "complex64", "int64", "uint8")
REAL = (*FLOATS, "int64", "uint8")


def index(*shape, high):
    return Input(shape, "index", 0, high, False)


def put(x, where, value):
    out = x.copy()
    out[where] = value
    return out


def added(x, where, value):
    out = x.copy()
    np.add.at(out, where, value)
    return out


ROWS = np.arange(3)[:, None]
ORDER = f(2, 3, kind="distinct", grad=False)  # sorted, it names places that do not repeat

SAMPLES = [
    Sample("brackets int", lambda lib, x: x[1], (f(3, 4),), reference=lambda x: x[1], dtypes=(*ANY, "bool")),
    Sample(
        "brackets slices",
        lambda lib, x: x[..., None, 1:3],
        (f(3, 4),),
        reference=lambda x: x[..., None, 1:3],
        dtypes=(*ANY, "bool"),
    ),
    Sample(
        "brackets negative step",
        lambda lib, x: x[::-2, 2:0:-1],
        (f(5, 4),),
        reference=lambda x: x[::-2, 2:0:-1],
        torch=False,
        reason="PyTorch has no negative steps",
    ),
    Sample(
        "brackets array",
        lambda lib, x, j: x[:, j],
        (f(3, 4), index(2, 5, high=4)),
        reference=lambda x, j: x[:, j],
        dtypes=ANY,
    ),
    Sample(
        "brackets arrays",
        lambda lib, x, j, k: x[j, :, k],
        (f(3, 2, 4), index(5, high=3), index(5, high=4)),
        reference=lambda x, j, k: x[j, :, k],
    ),
    Sample("brackets mask", lambda lib, x, m: x[m], (f(3, 4), b(3, 4)), reference=lambda x, m: x[m], dtypes=ANY),
    Sample(
        "brackets mask of rows",
        lambda lib, x, m: x[1:, m],
        (f(3, 4), b(4)),
        reference=lambda x, m: x[1:, m],
        dtypes=ANY,
    ),
    Sample(
        "select",
        lambda lib, x: lib.select(x, 1, -1),
        (f(3, 4),),
        lambda x: x.select(1, -1),
        reference=lambda x: x[:, -1],
        dtypes=ANY,
    ),
    Sample(
        "index_put",
        lambda lib, x, v, j: lib.index_put(x, (j,), v),
        (f(3, 4), f(4), index(1, high=3)),
        lambda x, v, j: x.index_put((j,), v),
        lambda x, v, j: x.index_put_((j,), v),
        reference=lambda x, v, j: put(x, j, v),
        dtypes=ANY,
    ),
    Sample(
        "index_put accumulate",
        lambda lib, x, v, j, k: lib.index_put(x, (j, k), v, accumulate=True),
        (f(3, 4), f(6), index(6, high=3), index(6, high=4)),
        lambda x, v, j, k: x.index_put((j, k), v, True),
        lambda x, v, j, k: x.index_put_((j, k), v, True),
        reference=lambda x, v, j, k: added(x, (j, k), v),
    ),
    Sample(
        "index_put mask",
        lambda lib, x, m: lib.index_put(x, (m,), lib.sum(x)),
        (f(3, 4), b(3, 4)),
        reference=lambda x, m: put(x, m, x.sum()),
    ),
    Sample(
        "gather",
        lambda lib, x, j: lib.gather(x, 1, j),
        (f(3, 4), index(2, 5, high=4)),
        lambda x, j: x.gather(1, j),
        reference=lambda x, j: x[ROWS[:2], j],
        dtypes=(*ANY, "bool"),
    ),
    Sample(
        "gather with a 0-d index",
        lambda lib, x, j: lib.gather(x, 0, j),
        (f(4), index(high=4)),
        lambda x, j: x.gather(0, j),
        reference=lambda x, j: x[int(j)],
    ),
    Sample(
        "gather dim 0",
        lambda lib, x, j: lib.gather(x, dim=0, index=j),
        (f(3, 4), index(5, 2, high=3)),
        lambda x, j: x.gather(0, j),
        reference=lambda x, j: x[j, np.arange(2)],
        dtypes=FLOATS,
    ),
    Sample(
        "gather expanded index",
        lambda lib, x, j: lib.gather(x, 0, j[:, None].expand(5, 4)),
        (f(3, 4), index(5, high=3)),
        reference=lambda x, j: x[j],
        dtypes=FLOATS,
    ),
    Sample(
        "gather of 0-d",
        lambda lib, x, j: lib.gather(x, 0, j),
        (f(), index(high=1)),
        lambda x, j: x.gather(0, j),
        reference=lambda x, j: x,
    ),
    Sample(
        "take_along_dim",
        lambda lib, x, j: lib.take_along_dim(x, j, 1),
        (f(3, 4), index(1, 2, high=4)),
        lambda x, j: x.take_along_dim(j, 1),
        reference=lambda x, j: np.take_along_axis(x, np.broadcast_to(j, (3, 2)), 1),
        dtypes=ANY,
    ),
    Sample(
        "take_along_dim flat",
        lambda lib, x, j: lib.take_along_dim(x, j),
        (f(3, 4), index(2, 3, high=12)),
        reference=lambda x, j: x.reshape(-1)[j.reshape(-1)],
    ),
    Sample(
        "scatter",
        lambda lib, x, v, k: lib.scatter(x, 1, lib.argsort(k, 1), v),
        (f(3, 4), f(2, 3), ORDER),
        reference=lambda x, v, k: put(x, (ROWS[:2], np.argsort(k, 1)), v),
        dtypes=REAL,
    ),
    Sample(
        "scatter number",
        lambda lib, x, j: lib.scatter(x, 0, j, 1.5),
        (f(3, 4), index(2, 4, high=3)),
        lambda x, j: x.scatter(0, j, value=1.5),
        lambda x, j: x.scatter_(0, j, 1.5),
        reference=lambda x, j: put(x, (j, np.arange(4)), 1.5),
        dtypes=FLOATS,
    ),
    Sample(
        "scatter add",
        lambda lib, x, v, j: lib.scatter(x, 0, j, v, reduce="add"),
        (f(3, 4), f(5, 4), index(5, 4, high=3)),
        lambda x, v, j: x.scatter(0, j, v, reduce="add"),
        lambda x, v, j: x.scatter_(0, j, v, reduce="add"),
        reference=lambda x, v, j: added(x, (j, np.arange(4)), v),
        torch=False,
        reason="PyTorch warns that this form will go, and gives it no gradient",
    ),
    Sample(
        "scatter_add",
        lambda lib, x, v, j: lib.scatter_add(x, 0, j, v),
        (f(3, 4), f(5, 4), index(5, 4, high=3)),
        lambda x, v, j: x.scatter_add(0, j, v),
        lambda x, v, j: x.scatter_add_(0, j, v),
        reference=lambda x, v, j: added(x, (j, np.arange(4)), v),
        dtypes=ANY,
    ),
    Sample(
        "scatter_add expanded index",
        lambda lib, x, v, j: lib.scatter_add(x, 1, j.expand(3, 6), v),
        (f(3, 4), f(3, 6), index(6, high=4)),
        reference=lambda x, v, j: added(x, (slice(None), j), v),
        dtypes=FLOATS,
    ),
    Sample(
        "scatter_reduce sum",
        lambda lib, x, v, j: lib.scatter_reduce(x, 0, j, v, "sum", include_self=False),
        (f(4), f(6), index(6, high=4)),
        lambda x, v, j: x.scatter_reduce(0, j, v, "sum", include_self=False),
        lambda x, v, j: x.scatter_reduce_(0, j, v, "sum", include_self=False),
    ),
    Sample(
        "scatter_reduce mean",
        lambda lib, x, v, j: lib.scatter_reduce(x, 0, j, v, "mean"),
        (f(4), f(6), index(6, high=4)),
        lambda x, v, j: x.scatter_reduce(0, j, v, "mean"),
        lambda x, v, j: x.scatter_reduce_(0, j, v, "mean"),
    ),
    Sample(
        "scatter_reduce prod",
        lambda lib, x, v, j: lib.scatter_reduce(x, 0, j, v, "prod"),
        (f(4), f(6), index(6, high=4)),
        lambda x, v, j: x.scatter_reduce(0, j, v, "prod"),
        lambda x, v, j: x.scatter_reduce_(0, j, v, "prod"),
    ),
    Sample(
        "scatter_reduce amax",
        lambda lib, x, v, j: lib.scatter_reduce(x, 0, j, v, "amax"),
        (f(4, kind="distinct"), f(6), index(6, high=4)),
        lambda x, v, j: x.scatter_reduce(0, j, v, "amax"),
        lambda x, v, j: x.scatter_reduce_(0, j, v, "amax"),
    ),
    Sample(
        "scatter_reduce amin",
        lambda lib, x, v, j: lib.scatter_reduce(x, 0, j, v, "amin", include_self=False),
        (f(4), f(6, kind="distinct"), index(6, high=4)),
        lambda x, v, j: x.scatter_reduce(0, j, v, "amin", include_self=False),
    ),
    Sample(
        "index_select",
        lambda lib, x, j: lib.index_select(x, 1, j),
        (f(3, 4), index(6, high=4)),
        lambda x, j: x.index_select(1, j),
        reference=lambda x, j: x[:, j],
        dtypes=(*ANY, "bool"),
    ),
    Sample(
        "take",
        lambda lib, x, j: lib.take(x, j),
        (f(3, 4), index(2, 3, high=12)),
        lambda x, j: x.take(j),
        reference=lambda x, j: x.reshape(-1)[j],
        dtypes=ANY,
    ),
    Sample(
        "put accumulate",
        lambda lib, x, v, j: x.put(j, v, True),
        (f(3, 4), f(6), index(2, 3, high=12)),
        lambda x, v, j: x.put(j, v, accumulate=True),
        lambda x, v, j: x.put_(j, v, True),
        reference=lambda x, v, j: added(x.reshape(-1), j.reshape(-1), v).reshape(3, 4),
    ),
    Sample(
        "index_add",
        lambda lib, x, v, j: lib.index_add(x, 0, j, v),
        (f(3, 4), f(3, 4), index(3, high=3)),
        lambda x, v, j: x.index_add(0, j, v),
        lambda x, v, j: x.index_add_(0, j, v),
        reference=lambda x, v, j: added(x, j, v),
        dtypes=ANY,
    ),
    Sample(
        "index_add alpha",
        lambda lib, x, v, j: lib.index_add(x, 1, j, v, alpha=2),
        (f(3, 4), f(3, 6), index(6, high=4)),
        lambda x, v, j: x.index_add(1, j, v, alpha=2),
        lambda x, v, j: x.index_add_(1, j, v, alpha=2),
        reference=lambda x, v, j: added(x, (slice(None), j), 2 * v),
    ),
    Sample(
        "index_copy",
        lambda lib, x, v, k: lib.index_copy(x, 1, lib.argsort(k[0]), v),
        (f(3, 4), f(3, 3), ORDER),
        reference=lambda x, v, k: put(x, (slice(None), np.argsort(k[0])), v),
        dtypes=REAL,
    ),
    Sample(
        "index_fill",
        lambda lib, x, j: lib.index_fill(x, 1, j, 2),
        (f(3, 4), index(2, high=4)),
        lambda x, j: x.index_fill(1, j, 2),
        lambda x, j: x.index_fill_(1, j, 2),
        reference=lambda x, j: put(x, (slice(None), j), 2),
        dtypes=ANY,
    ),
    Sample(
        "index_fill tensor",
        lambda lib, x, v, j: lib.index_fill(x, 0, j, v),
        (f(3, 4), f(), index(2, high=3)),
        lambda x, v, j: x.index_fill(0, j, v),
        lambda x, v, j: x.index_fill_(0, j, v),
        reference=lambda x, v, j: put(x, j, v),
    ),
    Sample(
        "masked_fill",
        lambda lib, x, m: lib.masked_fill(x, m, 2),
        (f(3, 4), b(3, 4)),
        lambda x, m: x.masked_fill(m, 2),
        lambda x, m: x.masked_fill_(m, 2),
        reference=lambda x, m: np.where(m, 2, x),
        dtypes=ANY,
    ),
    Sample(
        "masked_fill tensor broadcast",
        lambda lib, x, v, m: lib.masked_fill(x, m, v),
        (f(3, 4), f(), b(4)),
        lambda x, v, m: x.masked_fill(m, v),
        lambda x, v, m: x.masked_fill_(m, v),
        reference=lambda x, v, m: np.where(m, v, x),
    ),
    Sample(
        "masked_fill larger mask",
        lambda lib, x, m: lib.masked_fill(x, m, 2.0),
        (f(4), b(3, 4)),
        lambda x, m: x.masked_fill(m, 2.0),
        reference=lambda x, m: np.where(m, 2, x),
    ),
    Sample(
        "masked_select",
        lambda lib, x, m: lib.masked_select(x, m),
        (f(3, 4), b(4)),
        lambda x, m: x.masked_select(m),
        reference=lambda x, m: x[:, m].reshape(-1),
        dtypes=ANY,
    ),
    Sample(
        "masked_scatter",
        lambda lib, x, v, m: lib.masked_scatter(x, m, v),
        (f(3, 4), f(4, 3), b(3, 4)),
        lambda x, v, m: x.masked_scatter(m, v),
        lambda x, v, m: x.masked_scatter_(m, v),
        reference=lambda x, v, m: put(x, m, v.reshape(-1)[: m.sum()]),
    ),
]
