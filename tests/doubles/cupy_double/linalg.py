"""CuPy's `cupy.linalg` of the double: batches, and no error for a singular matrix but NaN (L5)."""

import numpy as _np

from tests.doubles.cupy_double._array import check_place as _check_place, host_of as _host_of, new as _new


class LinAlgError(Exception):
    """Raised only under ``cupyx.errstate(linalg='raise')``, which the double does not know."""


def _matrices(a):
    _check_place(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.dtype.itemsize == 2:
        raise TypeError(f"float16 and bfloat16 are not supported in linalg: {a.dtype}")
    return _host_of(a)


def _each(function, a, *others):
    """The function on every matrix of a batch; where NumPy raises, NaN."""
    stack = a.reshape(-1, *a.shape[-2:])
    more = [o.reshape(-1, *o.shape[-2:]) for o in others]
    outs = []
    for k in range(stack.shape[0]):
        try:
            outs.append(function(stack[k], *[m[k] for m in more]))
        except _np.linalg.LinAlgError:
            outs.append(_np.full_like(stack[k] if not more else more[0][k], _np.nan))
    return (
        _np.stack(outs).reshape(a.shape[:-2] + outs[0].shape) if outs else _np.empty((others or (a,))[0].shape, a.dtype)
    )


def cholesky(a):
    return _new(_each(_np.linalg.cholesky, _matrices(a)))


def inv(a):
    return _new(_each(_np.linalg.inv, _matrices(a)))


def solve(a, b):
    _check_place(b)
    host = _matrices(a)
    if b.ndim > 1 and a.shape[:-1] != b.shape[:-1]:
        raise ValueError("a must have (..., M, M) shape and b must have (..., M, K) for multidimensional b")
    vector = b.ndim == 1
    right = _host_of(b)[..., None] if vector else _np.broadcast_to(_host_of(b), host.shape[:-2] + b.shape[-2:])
    out = _each(_np.linalg.solve, host, _np.broadcast_to(right, host.shape[:-2] + right.shape[-2:]))
    return _new(out[..., 0] if vector else out)


def det(a):
    sign, size = _np.linalg.slogdet(_matrices(a))
    return _new(_np.asarray(sign * _np.exp(size)))


def slogdet(a):
    return tuple([_new(_np.asarray(o)) for o in _np.linalg.slogdet(_matrices(a))])


def qr(a, mode="reduced"):
    out = _np.linalg.qr(_matrices(a), mode)
    return _new(out) if mode == "r" else tuple([_new(_np.asarray(o)) for o in out])


def svd(a, full_matrices=True, compute_uv=True):
    out = _np.linalg.svd(_matrices(a), full_matrices, compute_uv)
    return tuple([_new(o) for o in out]) if compute_uv else _new(out)


def eigh(a, UPLO="L"):
    return tuple([_new(o) for o in _np.linalg.eigh(_matrices(a), UPLO)])


def eigvalsh(a, UPLO="L"):
    return _new(_np.linalg.eigvalsh(_matrices(a), UPLO))


def pinv(a, rcond=1e-15):
    return _new(_np.linalg.pinv(_matrices(a), rcond))


def norm(x, ord=None, axis=None, keepdims=False):
    _check_place(x)
    return _new(_np.linalg.norm(_host_of(x), ord, axis, keepdims))
