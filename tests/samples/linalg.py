"""Rows of linear algebra. Matrices are made well-conditioned inside the rows, so that every drawn input will do."""

import numpy as np
import scipy.linalg

import gputensor
from tests.samples import Sample, f

PRECISE = ("float32", "float64", "complex64", "complex128")
LOOSE = {"rtol": 2e-4, "reason": "elimination and iterations lose digits by the condition of the matrix"}


def eye(lib, x):
    return np.eye(x.shape[-1]) if lib is np else lib.eye(x.shape[-1], dtype=x.dtype, device=x.device)


def good(lib, x):
    """Far from singular."""
    return x / 2 + 3 * eye(lib, x)


def definite(lib, x):
    """Symmetric (Hermitian) and positive definite, its eigenvalues apart."""
    other = np.conj(np.swapaxes(x, -1, -2)) if lib is np else x.mH
    spread = eye(lib, x).cumsum(0).sum(0) * eye(lib, x)
    return (x + other) / 4 + 3 * spread


def apart(lib, x):
    """Of full rank, its singular values apart, also where all rows of x are the same."""
    m, n = x.shape[-2:]
    if lib is np:
        return x / 4 + np.eye(m, n) * np.arange(2, n + 2)
    return x / 4 + lib.eye(m, n, dtype=x.dtype, device=x.device) * lib.arange(2, n + 2, device=x.device)


def row(name, call, inputs, reference=None, **more):
    return Sample(name, call, inputs, reference=reference, **{"dtypes": PRECISE, **LOOSE, **more})


def np_lu(x):
    p, lower, upper = scipy.linalg.lu(x)
    return [p, lower, upper]


SYSTEMS = [
    row(
        "linalg.solve",
        lambda lib, x, b: lib.linalg.solve(good(lib, x), b),
        (f(3, 3), f(3, 2)),
        lambda x, b: np.linalg.solve(good(np, x), b),
    ),
    row(
        "linalg.solve vector",
        lambda lib, x, b: lib.linalg.solve(good(lib, x), b),
        (f(3, 3), f(3)),
        lambda x, b: np.linalg.solve(good(np, x), b),
    ),
    row(
        "linalg.solve batches of vectors",
        lambda lib, x, b: lib.linalg.solve(good(lib, x), b),
        (f(2, 3, 3), f(2, 3)),
        lambda x, b: np.linalg.solve(good(np, x), b[..., None])[..., 0],
    ),
    row(
        "linalg.solve broadcast from the right",
        lambda lib, x, b: lib.linalg.solve(good(lib, x), b, left=False),
        (f(3, 3), f(2, 2, 3)),
        lambda x, b: b @ np.linalg.inv(good(np, x)),
    ),
    row(
        "linalg.solve_ex",
        lambda lib, x, b: lib.linalg.solve_ex(good(lib, x), b),
        (f(2, 3, 3), f(3, 1)),
        lambda x, b: (np.linalg.solve(good(np, x), b), np.zeros(x.shape[:-2])),
    ),
    row("linalg.inv", lambda lib, x: lib.linalg.inv(good(lib, x)), (f(2, 3, 3),), lambda x: np.linalg.inv(good(np, x))),
    row(
        "inverse",
        lambda lib, x: lib.inverse(good(lib, x)),
        (f(3, 3),),
        lambda x: np.linalg.inv(good(np, x)),
        torch=True,
    ),
    row(
        "linalg.inv_ex",
        lambda lib, x: lib.linalg.inv_ex(good(lib, x)),
        (f(3, 3),),
        lambda x: (np.linalg.inv(good(np, x)), np.zeros(())),
    ),
    *[
        row(
            f"linalg.solve_triangular {'upper' if upper else 'lower'} {'left' if left else 'right'}{' unit' * unit}",
            lambda lib, x, b, upper=upper, left=left, unit=unit: lib.linalg.solve_triangular(
                good(lib, x), b if left else b.mT, upper=upper, left=left, unitriangular=unit
            ),
            (f(2, 3, 3), f(2, 3, 2)),
        )
        for upper in (False, True)
        for left in (False, True)
        for unit in (False, True)
    ],
    row(
        "linalg.solve_triangular broadcast",
        lambda lib, x, b: lib.linalg.solve_triangular(good(lib, x), b, upper=True),
        (f(3, 3), f(2, 3, 2)),
        lambda x, b: np.linalg.solve(np.triu(good(np, x)), b),
    ),
    row(
        "triangular_solve",
        lambda lib, x, b: lib.triangular_solve(b, good(lib, x), transpose=True),
        (f(3, 3), f(3, 2)),
        lambda x, b: (np.linalg.solve(np.triu(good(np, x)).T, b), good(np, x)),
        method=lambda x, b: b.triangular_solve(x / 2 + 3 * eye(gputensor, x), transpose=True),
    ),
    row(
        "linalg.tensorinv",
        lambda lib, x: lib.linalg.tensorinv(good(lib, x).reshape(2, 3, 6)),
        (f(6, 6),),
        lambda x: np.linalg.tensorinv(good(np, x).reshape(2, 3, 6)),
    ),
    row(
        "linalg.tensorsolve",
        lambda lib, x, b: lib.linalg.tensorsolve(good(lib, x).reshape(2, 3, 6), b),
        (f(6, 6), f(2, 3)),
        lambda x, b: np.linalg.tensorsolve(good(np, x).reshape(2, 3, 6), b),
    ),
    row(
        "linalg.tensorsolve dims",
        lambda lib, x, b: lib.linalg.tensorsolve(good(lib, x).reshape(2, 3, 6).permute(2, 0, 1), b, dims=(0,)),
        (f(6, 6), f(2, 3)),
        lambda x, b: np.linalg.tensorsolve(good(np, x).reshape(2, 3, 6), b),
    ),
]

DEFINITE = [
    row(
        "linalg.cholesky",
        lambda lib, x: lib.linalg.cholesky(definite(lib, x)),
        (f(2, 3, 3),),
        lambda x: np.linalg.cholesky(definite(np, x)),
    ),
    row(
        "linalg.cholesky upper",
        lambda lib, x: lib.linalg.cholesky(definite(lib, x), upper=True),
        (f(3, 3),),
        lambda x: np.conj(np.linalg.cholesky(definite(np, x)).T),
    ),
    row(
        "linalg.cholesky_ex",
        lambda lib, x: lib.linalg.cholesky_ex(definite(lib, x)),
        (f(3, 3),),
        lambda x: (np.linalg.cholesky(definite(np, x)), np.zeros(())),
    ),
    row(
        "cholesky",
        lambda lib, x: lib.cholesky(definite(lib, x)),
        (f(3, 3),),
        lambda x: np.linalg.cholesky(definite(np, x)),
    ),
    row(
        "cholesky_solve",
        lambda lib, x, b: lib.cholesky_solve(b, lib.tril(good(lib, x))),
        (f(2, 3, 3), f(3, 2)),
        lambda x, b: np.linalg.solve(
            np.tril(good(np, x)) @ np.conj(np.swapaxes(np.tril(good(np, x)), -1, -2)), np.broadcast_to(b, (2, 3, 2))
        ),
    ),
    row(
        "cholesky_solve upper",
        lambda lib, x, b: lib.cholesky_solve(b, lib.triu(good(lib, x)), upper=True),
        (f(3, 3), f(3, 2)),
        lambda x, b: np.linalg.solve(np.conj(np.triu(good(np, x)).T) @ np.triu(good(np, x)), b),
    ),
    row(
        "cholesky_inverse",
        lambda lib, x: lib.cholesky_inverse(lib.linalg.cholesky(definite(lib, x))),
        (f(2, 3, 3),),
        lambda x: np.linalg.inv(definite(np, x)),
    ),
]

DETERMINANTS = [
    row("det", lambda lib, x: lib.det(x), (f(2, 3, 3),), np.linalg.det, method=lambda x: x.det()),
    row(
        "det of a singular matrix",
        lambda lib, x: lib.det(lib.cat((x, x[..., :1, :] + x[..., 1:, :]), -2)),
        (f(2, 3),),
        lambda x: np.zeros(()),
    ),
    row("linalg.det", lambda lib, x: lib.linalg.det(x), (f(1, 1),), np.linalg.det),
    row(
        "slogdet",
        lambda lib, x: lib.slogdet(good(lib, x)),
        (f(2, 3, 3),),
        lambda x: np.linalg.slogdet(good(np, x)),
        method=lambda x: (x / 2 + 3 * eye(gputensor, x)).slogdet(),
    ),
    row(
        "linalg.slogdet",
        lambda lib, x: lib.linalg.slogdet(good(lib, x))[1],
        (f(3, 3),),
        lambda x: np.linalg.slogdet(good(np, x))[1],
    ),
    row(
        "logdet",
        lambda lib, x: lib.logdet(good(lib, x)),
        (f(2, 3, 3),),
        lambda x: np.log(np.linalg.det(good(np, x))),
        method=lambda x: (x / 2 + 3 * eye(gputensor, x)).logdet(),
    ),
]

FACTORS = [
    row("linalg.lu", lambda lib, x: lib.linalg.lu(good(lib, x)), (f(3, 3),), lambda x: np_lu(good(np, x))),
    row("linalg.lu tall", lambda lib, x: lib.linalg.lu(apart(lib, x)), (f(4, 2),), lambda x: np_lu(apart(np, x))),
    row("linalg.lu wide", lambda lib, x: lib.linalg.lu(apart(lib, x)), (f(2, 2, 4),)),
    row("linalg.lu_factor", lambda lib, x: lib.linalg.lu_factor(good(lib, x)), (f(3, 3),)),
    row("linalg.lu_factor_ex", lambda lib, x: lib.linalg.lu_factor_ex(apart(lib, x)), (f(2, 4, 3),)),
    row("lu", lambda lib, x: lib.lu(apart(lib, x)), (f(3, 4),), method=lambda x: apart(gputensor, x).lu()),
    row("lu_unpack", lambda lib, x: lib.lu_unpack(*lib.linalg.lu_factor_ex(apart(lib, x))[:2]), (f(3, 4),)),
    *[
        row(
            f"linalg.lu_solve {'left' if left else 'right'}{' adjoint' * adjoint}",
            lambda lib, x, b, left=left, adjoint=adjoint: lib.linalg.lu_solve(
                *lib.linalg.lu_factor(good(lib, x)), b if left else b.mT, left=left, adjoint=adjoint
            ),
            (f(2, 3, 3), f(2, 3, 2)),
        )
        for left in (False, True)
        for adjoint in (False, True)
    ],
    row(
        "lu_solve",
        lambda lib, x, b: lib.lu_solve(b, *lib.linalg.lu_factor(good(lib, x))),
        (f(3, 3), f(2, 3, 2)),
        lambda x, b: np.linalg.solve(good(np, x), b),
    ),
    row(
        "linalg.ldl_factor",
        lambda lib, x: lib.linalg.ldl_factor(definite(lib, x), hermitian=True),
        (f(2, 3, 3),),
        differentiable=False,
    ),
    row(
        "linalg.ldl_factor_ex",
        lambda lib, x: lib.linalg.ldl_factor_ex((x + x.mT) / 2),
        (f(4, 4),),
        differentiable=False,
    ),
    row(
        "linalg.ldl_solve",
        lambda lib, x, b: lib.linalg.ldl_solve(*lib.linalg.ldl_factor((x + x.mT) / 2), b),
        (f(2, 4, 4), f(2, 4, 2)),
        lambda x, b: np.linalg.solve((x + np.swapaxes(x, -1, -2)) / 2, b),
        differentiable=False,
    ),
    row(
        "linalg.qr",
        lambda lib, x: lib.linalg.qr(apart(lib, x)),
        (f(2, 4, 3),),
        lambda x: tuple(np.linalg.qr(apart(np, x))),
    ),
    row(
        "linalg.qr wide",
        lambda lib, x: lib.linalg.qr(apart(lib, x)),
        (f(3, 4),),
        lambda x: tuple(np.linalg.qr(apart(np, x))),
    ),
    row(
        "linalg.qr square",
        lambda lib, x: lib.linalg.qr(apart(lib, x), "complete"),
        (f(3, 3),),
        lambda x: tuple(np.linalg.qr(apart(np, x))),
    ),
    row(
        "linalg.qr complete",
        lambda lib, x: lib.linalg.qr(x, mode="complete"),
        (f(4, 3),),
        lambda x: tuple(np.linalg.qr(x, "complete")),
        differentiable=False,
    ),
    row(
        "linalg.qr r",
        lambda lib, x: lib.linalg.qr(x, mode="r").R,
        (f(4, 3),),
        lambda x: np.linalg.qr(x, "r"),
        differentiable=False,
    ),
    row(
        "qr",
        lambda lib, x: lib.qr(apart(lib, x)),
        (f(4, 3),),
        lambda x: tuple(np.linalg.qr(apart(np, x))),
        method=lambda x: apart(gputensor, x).qr(),
    ),
    row("geqrf", lambda lib, x: lib.geqrf(x), (f(4, 3),), differentiable=False, method=lambda x: x.geqrf()),
    row("linalg.householder_product", lambda lib, x, t: lib.linalg.householder_product(x, t), (f(2, 4, 3), f(2, 2))),
    row("orgqr", lambda lib, x, t: lib.orgqr(x, t), (f(3, 3), f(3)), method=lambda x, t: x.orgqr(t)),
    *[
        row(
            f"ormqr {'left' if left else 'right'}{' transposed' * transpose}",
            lambda lib, x, b, left=left, transpose=transpose: lib.ormqr(
                *lib.geqrf(x.detach()), b if left else b.mT, left, transpose
            ),
            (f(4, 3, grad=False), f(4, 2)),
            method=lambda x, b, left=left, transpose=transpose: x.geqrf()[0].ormqr(
                x.geqrf()[1], b if left else b.mT, left, transpose
            ),
        )
        for left in (False, True)
        for transpose in (False, True)
    ],
]

SPECTRA = [
    row(
        "linalg.eigh",
        lambda lib, x: (lambda r: (r[0], r[1].abs()))(lib.linalg.eigh(definite(lib, x))),
        (f(2, 3, 3),),
        lambda x: (lambda r: (r[0], np.abs(r[1])))(np.linalg.eigh(definite(np, x))),
    ),
    row(
        "linalg.eigh upper",
        lambda lib, x: lib.linalg.eigh(definite(lib, x), UPLO="U")[0],
        (f(3, 3),),
        lambda x: np.linalg.eigvalsh(definite(np, x)),
    ),
    row(
        "linalg.eigvalsh",
        lambda lib, x: lib.linalg.eigvalsh(definite(lib, x)),
        (f(3, 3),),
        lambda x: np.linalg.eigvalsh(definite(np, x)),
    ),
    row(
        "linalg.eig",
        lambda lib, x: (lambda r: (r[0].abs(), r[1].abs()))(lib.linalg.eig(definite(lib, x) + lib.triu(x, 1) / 4)),
        (f(3, 3),),
    ),
    row(
        "linalg.eigvals",
        lambda lib, x: lib.linalg.eigvals(definite(lib, x) + lib.triu(x, 1) / 4),
        (f(2, 3, 3),),
    ),
    row(
        "linalg.svd",
        lambda lib, x: (lambda r: (r[0].abs(), r[1], r[2].abs()))(lib.linalg.svd(apart(lib, x), full_matrices=False)),
        (f(2, 4, 3),),
        lambda x: (lambda r: (np.abs(r[0]), r[1], np.abs(r[2])))(np.linalg.svd(apart(np, x), False)),
    ),
    row(
        "linalg.svd wide",
        lambda lib, x: (lambda r: (r[0].abs(), r[1], r[2].abs()))(lib.linalg.svd(apart(lib, x), full_matrices=False)),
        (f(2, 4),),
        lambda x: (lambda r: (np.abs(r[0]), r[1], np.abs(r[2])))(np.linalg.svd(apart(np, x), False)),
    ),
    row(
        "linalg.svd products",
        lambda lib, x: (lambda r: (r[0][:, :1] @ r[2][:1], r[1]))(lib.linalg.svd(apart(lib, x))),
        (f(3, 4),),
    ),
    row(
        "linalg.svdvals",
        lambda lib, x: lib.linalg.svdvals(apart(lib, x)),
        (f(2, 4, 3),),
        lambda x: np.linalg.svd(apart(np, x))[1],
    ),
    row(
        "svd",
        lambda lib, x: (lambda r: (r[0].abs(), r[1], r[2].abs()))(lib.svd(apart(lib, x))),
        (f(4, 3),),
        lambda x: (lambda r: (np.abs(r[0]), r[1], np.abs(r[2].T)))(np.linalg.svd(apart(np, x), False)),
        method=lambda x: (lambda r: (r[0].abs(), r[1], r[2].abs()))(apart(gputensor, x).svd()),
    ),
    row(
        "linalg.pinv",
        lambda lib, x: lib.linalg.pinv(apart(lib, x)),
        (f(2, 4, 3),),
        lambda x: np.linalg.pinv(apart(np, x)),
    ),
    row(
        "linalg.pinv wide",
        lambda lib, x: lib.linalg.pinv(apart(lib, x)),
        (f(2, 4),),
        lambda x: np.linalg.pinv(apart(np, x)),
    ),
    row(
        "linalg.pinv hermitian",
        lambda lib, x: lib.linalg.pinv(definite(lib, x), hermitian=True),
        (f(3, 3),),
        lambda x: np.linalg.pinv(definite(np, x)),
    ),
    row(
        "pinverse",
        lambda lib, x: lib.pinverse(apart(lib, x)),
        (f(4, 3),),
        lambda x: np.linalg.pinv(apart(np, x)),
        method=lambda x: apart(gputensor, x).pinverse(),
    ),
    row(
        "linalg.lstsq",
        lambda lib, x, b: lib.linalg.lstsq(x, b, driver="gels")[:2],
        (f(4, 2), f(4, 3)),
        lambda x, b: np.linalg.lstsq(x, b)[:2],
        differentiable=False,
    ),
    row(
        "linalg.lstsq solution",
        lambda lib, x, b: lib.linalg.lstsq(apart(lib, x), b).solution,
        (f(2, 2, 4), f(2, 2, 3)),
        lambda x, b: np.linalg.pinv(apart(np, x)) @ b,
    ),
    row(
        "linalg.matrix_rank",
        lambda lib, x: lib.linalg.matrix_rank(x),
        (f(2, 4, 3),),
        np.linalg.matrix_rank,
        differentiable=False,
    ),
]

SAMPLES: list[Sample] = [*SYSTEMS, *DEFINITE, *DETERMINANTS, *FACTORS, *SPECTRA]
