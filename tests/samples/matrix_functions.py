"""Samples of norms, condition numbers, powers and functions of matrices, and of products of linear algebra."""

import numpy as np
import scipy.linalg

from tests.samples import Sample, f
from tests.samples.linalg import LOOSE, PRECISE, definite, good, row

HALVES = ("float16", "bfloat16")
PRODUCTS = ("float32", "float64", "complex64", "int64")
OVERWRITTEN = {"torch": False, "reason": "PyTorch's gradient raises: it has overwritten what it needs"}

NORMS = [
    *[
        row(
            f"linalg.vector_norm {order}",
            lambda lib, x, order=order: lib.linalg.vector_norm(x, order, dim=1),
            (f(2, 3),),
            lambda x, order=order: np.linalg.norm(x, order, axis=1),
            dtypes=(*PRECISE, *HALVES),
        )
        for order in (2, 1, 3, 0.5, float("inf"), float("-inf"))
    ],
    *[
        row(
            f"linalg.matrix_norm {order}",
            lambda lib, x, order=order: lib.linalg.matrix_norm(x, order, keepdim=order == 1),
            (f(2, 4, 3),),
            lambda x, order=order: np.linalg.norm(x, order, axis=(1, 2), keepdims=order == 1),
            dtypes=PRECISE if order in (2, -2, "nuc") else (*PRECISE, *HALVES),
        )
        for order in ("fro", "nuc", 1, -1, 2, -2, float("inf"), float("-inf"))
    ],
    row(
        "linalg.matrix_norm dims",
        lambda lib, x: (lib.linalg.matrix_norm(x, 1, dim=(2, 0)), lib.linalg.matrix_norm(x, "nuc", (0, 2), True)),
        (f(2, 4, 3),),
        lambda x: (np.linalg.norm(x, 1, axis=(2, 0)), np.linalg.norm(x, "nuc", axis=(0, 2), keepdims=True)),
    ),
    row(
        "frobenius_norm",
        lambda lib, x: lib.frobenius_norm(x, (0, 2), True),
        (f(2, 4, 3),),
        lambda x: np.linalg.norm(x, axis=(0, 2), keepdims=True),
        torch=False,
        reason="PyTorch warns that it is old; tests/ops/test_rare_forms.py compares",
    ),
    row(
        "nuclear_norm",
        lambda lib, x: lib.nuclear_norm(x, (0, 2)),
        (f(2, 4, 3),),
        lambda x: np.linalg.norm(x, "nuc", axis=(0, 2)),
        torch=False,
        reason="PyTorch warns that it is old; tests/ops/test_rare_forms.py compares",
    ),
    row("linalg.norm", lambda lib, x: lib.linalg.norm(x), (f(2, 3, 2),), lambda x: np.linalg.norm(x.reshape(-1))),
    row("linalg.norm matrix", lambda lib, x: lib.linalg.norm(x, 1), (f(2, 3),), lambda x: np.linalg.norm(x, 1)),
    row("norm nuc", lambda lib, x: lib.norm(x, "nuc"), (f(2, 3),), lambda x: np.linalg.norm(x, "nuc")),
    *[
        row(
            f"linalg.cond {p}",
            lambda lib, x, p=p: lib.linalg.cond(good(lib, x), p),
            (f(3, 3),),
            lambda x, p=p: np.linalg.cond(good(np, x), p),
            torch=p in (None, 2, -2, "nuc"),
            reason=LOOSE["reason"]
            if p in (None, 2, -2, "nuc")
            else "PyTorch's gradient raises: it overwrites the inverse",
        )
        for p in (None, "fro", "nuc", 1, -1, 2, -2, float("inf"), float("-inf"))
    ],
]

FUNCTIONS = [
    row(
        "matrix_exp",
        lambda lib, x: lib.matrix_exp(x),
        (f(2, 3, 3),),
        scipy.linalg.expm,
        method=lambda x: x.matrix_exp(),
    ),
    row(
        "matrix_exp in 16 bits",
        lambda lib, x: lib.matrix_exp(x),
        (f(3, 3),),
        lambda x: scipy.linalg.expm(np.asarray(x, np.float64)),
        dtypes=HALVES,
        torch=False,
        reason="PyTorch computes it in 16 bits, and overflows",
    ),
    row(
        "linalg.matrix_exp large",
        lambda lib, x: lib.linalg.matrix_exp(4 * x),
        (f(2, 2),),
        lambda x: scipy.linalg.expm(4 * x),
    ),
    *[
        row(
            f"matrix_power {n}",
            lambda lib, x, n=n: lib.matrix_power(x, n),
            (f(2, 3, 3),),
            lambda x, n=n: np.linalg.matrix_power(x, n),
            method=lambda x, n=n: x.matrix_power(n),
            dtypes=(*PRECISE, *HALVES, "int64"),
        )
        for n in (1, 2, 5)
    ],
    row(
        "matrix_power negative",
        lambda lib, x: lib.linalg.matrix_power(good(lib, x), -3),
        (f(3, 3),),
        lambda x: np.linalg.matrix_power(good(np, x), -3),
    ),
    row(
        "linalg.vander",
        lambda lib, x: lib.linalg.vander(x, N=4),
        (f(2, 3),),
        lambda x: x[..., None] ** np.arange(4),
        dtypes=(*PRECISE, "int64"),
    ),
    row(
        "vander",
        lambda lib, x: lib.vander(x),
        (f(3),),
        np.vander,
        dtypes=(*PRECISE, "int64"),
        **OVERWRITTEN,
    ),
    row(
        "vander increasing",
        lambda lib, x: lib.vander(x, 4, True),
        (f(3),),
        lambda x: np.vander(x, 4, True),
        dtypes=(*PRECISE, "int64"),
        **OVERWRITTEN,
    ),
    row(
        "linalg.vecdot",
        lambda lib, x, y: lib.linalg.vecdot(x, y),
        (f(2, 3), f(3)),
        lambda x, y: (np.conj(x) * y).sum(-1),
        dtypes=(*PRECISE, *HALVES),
    ),
    row(
        "linalg.vecdot dim",
        lambda lib, x, y: lib.linalg.vecdot(x, y, dim=0),
        (f(3, 2), f(3, 2)),
        lambda x, y: (np.conj(x) * y).sum(0),
    ),
    row(
        "linalg.cross",
        lambda lib, x, y: lib.linalg.cross(x, y),
        (f(2, 3), f(1, 3)),
        np.cross,
        dtypes=(*PRODUCTS, *HALVES),
    ),
    row(
        "linalg.multi_dot",
        lambda lib, x, y, z: lib.linalg.multi_dot([x, y, z]),
        (f(2, 3), f(3, 4), f(4)),
        lambda x, y, z: x @ y @ z,
    ),
    row(
        "linalg.diagonal",
        lambda lib, x: lib.linalg.diagonal(x, offset=1),
        (f(2, 3, 4),),
        lambda x: x.diagonal(1, -2, -1),
    ),
    row("linalg.matmul", lambda lib, x, y: lib.linalg.matmul(x, y), (f(2, 3), f(3, 4)), np.matmul),
    row(
        "svd_lowrank",
        lambda lib, x: (lambda r: (r[1], r[0] @ lib.diag_embed(r[1]).to(r[0].dtype) @ r[2].mH))(lib.svd_lowrank(x, 3)),
        (f(5, 3),),
        lambda x: (np.linalg.svd(x)[1], x),
        differentiable=False,
    ),
    row(
        "pca_lowrank",
        lambda lib, x: lib.pca_lowrank(x, 3)[1],
        (f(6, 3),),
        lambda x: np.linalg.svd(x - x.mean(0))[1],
        differentiable=False,
    ),
    row(
        "lobpcg",
        lambda lib, x: lib.lobpcg(definite(lib, x), k=2)[0],
        (f(9, 9),),
        lambda x: np.linalg.eigvalsh(definite(np, x))[..., ::-1][..., :2],
        differentiable=False,
        dtypes=("float64",),
        rtol=1e-3,
        reason="it stops at residuals below the root of eps; PyTorch too",
    ),
]

SAMPLES: list[Sample] = [*NORMS, *FUNCTIONS]
