"""Stable argsorts over NumPy: a value's bits and its place as one number, which the vectorized unstable sort puts in
order in a fifth of the time that the stable one takes."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_FEW = 256  # elements below which NumPy's calls cost more than their work
_BLOCK = 1 << 15  # elements that are keys at a time, so that they stay in the cache
_SIGN, _NAN = np.uint32(1 << 31), np.uint32(0x7FC00000)
_PLACE = np.uint64(0xFFFFFFFF)


def stable_order(x: Array, axis: int, descending: bool) -> Array:
    """The places that put x in order along axis, equal elements in the order of their places. NaN is the largest."""
    n = x.shape[axis]
    if x.size < _FEW or x.dtype.kind not in "fiu" or (x.dtype.itemsize < 4 and x.dtype.kind != "f") or n >= 2**32:
        return _by_numpy(x, axis, descending)
    rows = np.ascontiguousarray(np.moveaxis(x, axis, -1)).reshape(-1, n)
    keys_of: Any = _keys_of_floats
    if x.dtype.kind != "f":
        low, high = int(rows.min()), int(rows.max())
        if high - low >= 2**32:
            return _by_numpy(x, axis, descending)
        keys_of = _Offset(low)
    elif x.dtype.itemsize > 4:
        return _by_numpy(x, axis, descending)
    out = np.empty(rows.shape, np.int64)
    places = np.arange(n, dtype=np.uint64)
    step = max(_BLOCK // n, 1)
    for k in range(0, len(rows), step):
        keys = keys_of(rows[k : k + step])
        if descending:
            np.invert(keys, keys)
        packed = keys.astype(np.uint64)
        np.left_shift(packed, np.uint64(32), packed)
        np.bitwise_or(packed, places, packed)
        packed.sort(-1)
        np.bitwise_and(packed, _PLACE, out[k : k + step].view(np.uint64))
    shape = (*x.shape[:axis], *x.shape[axis + 1 :], n)
    return np.ascontiguousarray(np.moveaxis(out.reshape(shape), -1, axis))


def _by_numpy(x: Array, axis: int, descending: bool) -> Array:
    if not descending:
        return np.argsort(x, axis, kind="stable")
    # stable descending order is the reverse of the stable ascending order of the reversed array
    flipped = np.argsort(np.flip(x, axis), axis, kind="stable")
    return np.subtract(x.shape[axis] - 1, np.flip(flipped, axis), order="C")


def _keys_of_floats(x: Array) -> Array:
    """uint32 numbers in the order of float ones: the bits, all turned where the sign is set, else the sign alone."""
    # -0.0 + 0.0 is 0.0, which it is equal to
    wide = np.add(x, np.float32(0), dtype=np.float32)
    bits = wide.view(np.uint32)
    np.copyto(bits, _NAN, where=np.isnan(wide))
    turned = np.right_shift(wide.view(np.int32), 31).view(np.uint32)
    np.bitwise_or(turned, _SIGN, turned)
    return np.bitwise_xor(bits, turned, turned)


class _Offset:
    """uint32 numbers in the order of integers: how far they are above the smallest."""

    def __init__(self, low: int) -> None:
        self.low = low

    def __call__(self, x: Array) -> Array:
        return np.subtract(x, x.dtype.type(self.low)).astype(np.uint32)
