"""Random numbers for transforms, from gputensor's generator."""

from __future__ import annotations

import gputensor as gt


def uniform(low: float, high: float) -> float:
    """A number between low and high.

    >>> uniform(2.0, 2.0)
    2.0
    """
    return low + (high - low) * gt.rand(()).item()


def below(n: int) -> int:
    """A whole number from 0 to n - 1.

    >>> below(1)
    0
    """
    return int(gt.randint(0, n, ()).item())
