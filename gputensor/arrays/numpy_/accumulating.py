"""Running sums and products, whose errors would add up: float32 runs in float64, 16-bit floats in float32."""

import numpy as np

Array = np.ndarray

_WIDER = {np.dtype(np.float32): np.dtype(np.float64), np.dtype(np.complex64): np.dtype(np.complex128)}
# so many elements are wide at a time
_BLOCK = 1 << 14


def accumulate(combine: np.ufunc, x: Array, axis: int, dtype: np.dtype | None) -> Array:
    """combine.accumulate along axis. dtype: the result's, None for x's own."""
    if x.dtype.itemsize == 2 and x.dtype.kind in "fV":
        return combine.accumulate(x, axis, np.float32).astype(dtype or x.dtype)
    if dtype not in (None, x.dtype) or x.dtype not in _WIDER:
        return combine.accumulate(x, axis, dtype)
    wide = _WIDER[x.dtype]
    if x.size <= _BLOCK:
        return combine.accumulate(x, axis, wide).astype(x.dtype)
    out = np.empty_like(x, subok=False)
    _fill(out, combine, x, axis % x.ndim, wide)
    return out


def _fill(out: Array, combine: np.ufunc, x: Array, axis: int, wide: np.dtype) -> None:
    """Block after block: of the first axis, if that is another one; else along it, from where the last one ended."""
    if x.size <= _BLOCK:
        out[...] = combine.accumulate(x, axis, wide)
        return
    rows = max(1, _BLOCK * x.shape[0] // x.size)
    if axis:
        for k in range(0, x.shape[0], rows):
            part = slice(k, k + rows) if rows > 1 else k
            _fill(out[part], combine, x[part], axis if rows > 1 else axis - 1, wide)
        return
    last = None
    for k in range(0, x.shape[0], rows):
        block = x[k : k + rows].astype(wide)
        if last is not None:
            combine(last, block[:1], block[:1])
        combine.accumulate(block, 0, None, block)
        out[k : k + rows] = block
        last = block[-1:].copy()
