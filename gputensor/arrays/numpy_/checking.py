"""Looking at values before they are used as places."""

import numpy as np


def first_outside(index: np.ndarray, size: int) -> int | None:
    """One of the integers that are not 0 <= i < size, None if there is none."""
    if not index.size:
        return None
    # as an unsigned number a negative one is huge: one pass instead of two
    if index.dtype.kind == "i":
        if index.view(f"u{index.itemsize}").max() < size:
            return None
        low = int(index.min())
        return low if low < 0 else int(index.max())
    high = int(index.max())
    return high if high >= size else None
