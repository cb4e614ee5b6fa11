"""Looking at values before they are used as places."""

import numpy as np


def first_outside(index: np.ndarray, size: int) -> int | None:
    """One of the integers that are not 0 <= i < size, None if there is none."""
    if not index.size:
        return None
    # as an unsigned number a negative one is huge: one pass instead of two
    if index.dtype.kind == "i" and index.itemsize >= 4 and index.view(f"u{index.itemsize}").max() < size:
        return None
    low, high = int(index.min()), int(index.max())
    return low if low < 0 else high if high >= size else None


def any_outside(x: np.ndarray, low: float, high: float) -> bool:
    """Whether an element is not low <= x <= high; nan counts as outside."""
    return bool(x.size) and not (x.min() >= low and x.max() <= high)
