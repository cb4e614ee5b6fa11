"""Rows of products and linear algebra."""

import numpy as np

from tests.interop.numpy_rows import COMPLEX, SIGNAL, SPD, TALL, C, M, V, row

ROWS = {
    np.linalg.cholesky: [
        row(lambda x: np.linalg.cholesky(x @ np.matrix_transpose(x) + SPD), (2, 3, 3), dtype=False),
        row(lambda x: np.linalg.cholesky((x + x.T) / 2, upper=True), SPD),
    ],
    np.linalg.cond: [row(np.linalg.cond, SPD), row(lambda x: np.linalg.cond(x, "fro"), SPD)],
    np.linalg.det: [row(np.linalg.det, (2, 3, 3))],
    np.linalg.diagonal: [row(lambda x: np.linalg.diagonal(x, offset=1), C)],
    np.linalg.eig: [row(lambda x: np.sort(np.linalg.eig(x).eigenvalues.real), SPD, dtype=False)],
    np.linalg.eigh: [row(lambda x: np.linalg.eigh((x + x.T) / 2).eigenvalues, SPD)],
    np.linalg.eigvals: [row(lambda x: np.sort(np.linalg.eigvals(x).real), SPD)],
    np.linalg.eigvalsh: [row(lambda x: np.linalg.eigvalsh((x + x.T) / 2), SPD)],
    np.linalg.inv: [row(np.linalg.inv, SPD)],
    np.linalg.lstsq: [
        row(lambda a, b: np.linalg.lstsq(a, b)[0], TALL, (4,)),
        row(lambda a, b: np.linalg.lstsq(a, b)[:3], TALL, (4, 2)),
        row(lambda a, b: np.linalg.lstsq(a, b)[3], TALL, (4, 2)),
    ],
    np.linalg.matrix_norm: [
        row(np.linalg.matrix_norm, C),
        row(lambda x: np.linalg.matrix_norm(x, ord=1, keepdims=True), C),
    ],
    np.linalg.matrix_power: [
        row(lambda x: np.linalg.matrix_power(x, 3), SPD),
        row(lambda x: np.linalg.matrix_power(x, -2), SPD),
    ],
    np.linalg.matrix_rank: [row(np.linalg.matrix_rank, SPD), row(np.linalg.matrix_rank, np.ones((3, 3)))],
    np.linalg.norm: [
        row(np.linalg.norm, V),
        row(np.linalg.norm, C),
        row(lambda x: np.linalg.norm(x, axis=1, keepdims=True), M),
        row(lambda x: np.linalg.norm(x, 1, axis=0), M),
        row(lambda x: np.linalg.norm(x, np.inf), V),
        row(lambda x: np.linalg.norm(x, "nuc"), TALL),
        row(lambda x: np.linalg.norm(x, 2, axis=(1, 2)), C),
        row(lambda x: np.linalg.norm(x, keepdims=True), C),
    ],
    np.linalg.pinv: [row(np.linalg.pinv, TALL)],
    np.linalg.qr: [
        row(lambda x: abs(np.linalg.qr(x).R), TALL),
        row(lambda x: abs(np.linalg.qr(x, "r")), TALL),
        row(lambda x: np.shape(np.linalg.qr(x, "complete")[0]), TALL),
    ],
    np.linalg.slogdet: [
        row(lambda x: np.linalg.slogdet(x).logabsdet, (2, 3, 3)),
        row(lambda x: np.linalg.slogdet(x).sign, (2, 3, 3), flat=True),
    ],
    np.linalg.solve: [
        row(lambda a, b: np.linalg.solve(a, b), SPD, (3,)),
        row(lambda a, b: np.linalg.solve(a + SPD, b), (2, 3, 3), (3, 2), dtype=False),
    ],
    np.linalg.svd: [
        row(lambda x: np.linalg.svd(x).S, TALL),
        row(lambda x: np.linalg.svd(x, compute_uv=False), TALL),
        row(lambda x: np.shape(np.linalg.svd(x, full_matrices=False)[0]), TALL),
    ],
    np.linalg.svdvals: [row(np.linalg.svdvals, TALL)],
    np.linalg.tensorinv: [row(lambda x: np.linalg.tensorinv(x.reshape(3, 1, 3, 1)), SPD)],
    np.linalg.tensorsolve: [row(lambda x, b: np.linalg.tensorsolve(x.reshape(3, 1, 3, 1), b), SPD, (3, 1))],
    np.linalg.trace: [row(np.linalg.trace, C)],
    np.linalg.vector_norm: [row(np.linalg.vector_norm, M), row(lambda x: np.linalg.vector_norm(x, axis=1, ord=3), M)],
    np.cross: [
        row(lambda x, y: np.cross(x, y), (4, 3), (3,)),
        row(lambda x, y: np.cross(x, y, axisa=0, axisb=1, axisc=0), (3, 4), (4, 3)),
    ],
    np.dot: [
        row(lambda x, y: np.dot(x, y), V, V),
        row(lambda x, y: np.dot(x, y), M, (4, 2)),
        row(lambda x, y: np.dot(x, y), C, (2, 4, 5)),
        row(lambda x, y: np.dot(x, y), C, (4,)),
        row(lambda x: np.dot(x, 2.0), V),
    ],
    np.einsum: [
        row(lambda x, y: np.einsum("ij, kj -> ik", x, y), M, (2, 4)),
        row(lambda x: np.einsum("ii", x), SPD),
        row(lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), M, (4, 2)),
        row(lambda x: np.einsum("...j->j...", x, optimize=True), C),
    ],
    np.einsum_path: [row(lambda x, y: np.einsum_path("ij,jk->ik", x, y)[0], M, (4, 2))],
    np.inner: [row(lambda x, y: np.inner(x, y), M, (2, 4))],
    np.kron: [row(lambda x, y: np.kron(x, y), (2, 2), (1, 3))],
    np.linalg.cross: [row(lambda x, y: np.linalg.cross(x, y), (4, 3), (4, 3))],
    np.linalg.matmul: [row(lambda x, y: np.linalg.matmul(x, y), M, (4, 2))],
    np.linalg.multi_dot: [row(lambda x, y, z: np.linalg.multi_dot([x, y, z]), M, (4, 2), (2,))],
    np.linalg.outer: [row(lambda x, y: np.linalg.outer(x, y), V, (2,))],
    np.linalg.tensordot: [row(lambda x, y: np.linalg.tensordot(x, y, axes=1), M, (4, 2))],
    np.linalg.vecdot: [row(lambda x, y: np.linalg.vecdot(x, y), M, M)],
    np.outer: [row(lambda x, y: np.outer(x, y), (2, 2), V)],
    np.polyfit: [
        row(lambda x, y: np.polyfit(x, y, 2), SIGNAL, (6,), tolerance=1e-7),
        row(lambda x, y: np.polyfit(x, y, 1, w=[1.0, 2.0, 1.0, 1.0, 3.0, 1.0]), SIGNAL, (6, 2), tolerance=1e-7),
    ],
    np.polyval: [row(lambda p, x: np.polyval(p, x), (3,), M)],
    np.tensordot: [
        row(lambda x, y: np.tensordot(x, y), C, (3, 4, 2)),
        row(lambda x, y: np.tensordot(x, y, axes=([0, 2], [1, 0])), C, (4, 2)),
        row(lambda x, y: np.tensordot(x, y, axes=(1, 0)), M, (4, 2)),
    ],
    np.vander: [row(np.vander, (4,)), row(lambda x: np.vander(x, 3, increasing=True), (4,))],
    np.vdot: [row(lambda x, y: np.vdot(x, y), M, M), row(lambda x: np.vdot(x, x), COMPLEX)],
}
