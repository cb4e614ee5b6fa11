"""Functions of one array that cost enough for large arrays to be split over threads.

Only those with a price of a third of a nanosecond an element or more: additions and their kind wait for memory, which
threads share.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.arrays.numpy_ import threads

Array = np.ndarray

# elements from which two threads are faster than one by more than the price of waking the second
DEAR = 300_000


def in_parts(ufunc: np.ufunc) -> Callable[..., Array]:
    """A ufunc of one array, over several threads where the array is large and lies in one piece."""

    def word(x: Any, out: Array | None = None, /) -> Any:
        if getattr(x, "size", 0) < DEAR or not _plain(x, out):
            return ufunc(x, out)
        result = np.empty(x.shape, x.dtype) if out is None else out
        flat, into = x.reshape(-1), result.reshape(-1)
        threads.split(lambda start, stop: ufunc(flat[start:stop], into[start:stop]), x.size, DEAR // 2)
        return result

    word.__name__ = word.__qualname__ = ufunc.__name__
    return word


def over_rows(function: Callable[..., Any], x: Array, dtype: Any) -> Array:
    """``function(x, -1, out=out)`` for an array in C order: (…, n) -> (…), parts of the rows on several threads."""
    flat = x.reshape(-1, x.shape[-1])
    out = np.empty(len(flat), dtype)
    least = max(1, DEAR // x.shape[-1])
    threads.split(lambda start, stop: function(flat[start:stop], 1, out=out[start:stop]), len(flat), least)
    return out.reshape(x.shape[:-1])


def has_many_rows(x: Array, axis: Any) -> bool:
    """Whether a reduction over `axis` is one over the contiguous rows of a large array."""
    return bool(
        x.size >= 2 * DEAR
        and axis in (-1, x.ndim - 1, (-1,), (x.ndim - 1,))
        and x.flags.c_contiguous
        and x.shape[-1] > 1
        and x.dtype.kind in "fiu"
    )


def _plain(x: Array, out: Array | None) -> bool:
    """Floats and complex numbers in C order, and a result that lies the same way."""
    return (
        x.dtype.kind in "fc"
        and x.flags.c_contiguous
        and (out is None or (out.flags.c_contiguous and out.dtype is x.dtype and out.shape == x.shape))
    )
