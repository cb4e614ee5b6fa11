"""CuPy's `cupy.linalg` of the double: batches, and no error for a singular matrix but NaN and infinities."""

import numpy as np

from tests.doubles.cupy_double._array import check_place, host_of, new


class LinAlgError(Exception):
    """Raised only under ``cupyx.errstate(linalg='raise')``, which the double does not know."""


def _matrices(a):
    check_place(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.dtype.itemsize == 2:
        raise TypeError(f"float16 and bfloat16 are not supported in linalg: {a.dtype}")
    return host_of(a)


def _each(function, a, *others):
    """The function on every matrix of a batch; where NumPy raises, NaN."""
    stack = a.reshape(-1, *a.shape[-2:])
    more = [o.reshape(-1, *o.shape[-2:]) for o in others]
    outs = []
    for k in range(stack.shape[0]):
        try:
            outs.append(function(stack[k], *[m[k] for m in more]))
        except np.linalg.LinAlgError:
            outs.append(np.full_like(stack[k] if not more else more[0][k], np.nan))
    return np.stack(outs).reshape(a.shape[:-2] + outs[0].shape) if outs else np.empty(a.shape)


def cholesky(a):
    return new(_each(np.linalg.cholesky, _matrices(a)))


def inv(a):
    return new(_each(np.linalg.inv, _matrices(a)))


def solve(a, b):
    check_place(b)
    host = _matrices(a)
    vector = b.ndim == 1
    right = host_of(b)[..., None] if vector else np.broadcast_to(host_of(b), host.shape[:-2] + b.shape[-2:])
    out = _each(np.linalg.solve, host, np.broadcast_to(right, host.shape[:-2] + right.shape[-2:]))
    return new(out[..., 0] if vector else out)


def det(a):
    return new(np.linalg.det(_matrices(a)))


def slogdet(a):
    return tuple([new(o) for o in np.linalg.slogdet(_matrices(a))])


def qr(a, mode="reduced"):
    out = np.linalg.qr(_matrices(a), mode)
    return new(out) if mode == "r" else tuple([new(o) for o in out])


def svd(a, full_matrices=True, compute_uv=True):
    out = np.linalg.svd(_matrices(a), full_matrices, compute_uv)
    return tuple([new(o) for o in out]) if compute_uv else new(out)


def eigh(a, UPLO="L"):  # noqa: N803
    return tuple([new(o) for o in np.linalg.eigh(_matrices(a), UPLO)])


def eigvalsh(a, UPLO="L"):  # noqa: N803
    return new(np.linalg.eigvalsh(_matrices(a), UPLO))


def pinv(a, rcond=1e-15):
    return new(np.linalg.pinv(_matrices(a), rcond))


def norm(x, ord=None, axis=None, keepdims=False):
    check_place(x)
    return new(np.linalg.norm(host_of(x), ord, axis, keepdims))
