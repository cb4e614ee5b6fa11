"""Multilabel margin loss over NumPy: the pairs of right and wrong classes are counted in sorted rows, not formed."""

from typing import Any

import numpy as np

from gputensor.arrays.kernels import MULTILABEL_MARGIN

Array = np.ndarray
PAIRS = 2**12  # a row's right times its other classes, below which forming them is faster


def _fits(prim: Any, x: Array, right: Array, listed: Array, wrong: Array) -> bool:
    # sums of infinite values cannot be taken apart again
    return right.shape[1] * x.shape[1] > PAIRS and bool(np.isfinite(x).all())


def _forward(prim: Any, recorded: bool, x: Array, right: Array, listed: Array, wrong: Array) -> tuple[Array, Any]:
    rows, classes = x.shape
    loss, slopes = np.empty(rows, x.dtype), np.zeros(x.shape, x.dtype) if recorded else None
    for k in range(rows):
        places, others = right[k][listed[k]], np.flatnonzero(wrong[k])
        # 1 - x[right] + x[wrong] is above 0 where x[wrong] is above -(1 - x[right])
        values, bounds = np.sort(x[k][others]), -(1 - x[k][places])
        below = np.searchsorted(values, bounds, "right")
        centre = values.dtype.type(0) if not len(values) else values[-1]
        above = np.zeros(len(values) + 1)
        # from the largest on, around which little is lost
        np.cumsum(np.subtract(values, centre, dtype=np.float64)[::-1], out=above[1:])
        count = len(values) - below
        loss[k] = np.add.reduce(above[count] - count * np.subtract(bounds, centre, dtype=np.float64))
        if slopes is not None:
            slopes[k, others] = np.searchsorted(np.sort(bounds), x[k][others], "left")
            slopes[k] -= np.bincount(places, count, classes)
    return loss, slopes


def _vjp(prim: Any, g: Array, slopes: Any, edges: Any) -> tuple[Array, None, None, None]:
    return g[:, None] * slopes, None, None, None


MULTILABEL_MARGIN["numpy"] = (_fits, _forward, _vjp)
