"""Random orders too long to be held: each place is computed from its number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gputensor.ops.random import randint

ROUNDS = 8
PORTION = 4096
_U = np.uint64


def lazy_order(count: int, generator: Any) -> Iterator[int]:
    """The numbers 0, ..., count - 1 in random order, in memory that does not grow with count.

    A Feistel network over the pairs of halves of a number is a permutation of 0, ..., 4**k - 1, whatever its rounds
    compute; numbers of `count` and above are sent through again until they fall below (cycle walking), which keeps it
    one. It is chosen by 8 keys out of the generator: not every order can come, but no pattern shows.
    Sources: Luby and Rackoff 1988; Black and Rogaway 2002, Ciphers with arbitrary finite domains, method 2.

    >>> import gputensor as gt
    >>> sorted(lazy_order(10, gt.Generator()))
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    keys = [_U(k) for k in randint(0, 2**62, (ROUNDS,), generator=generator).tolist()]
    half = _U(max(((count - 1).bit_length() + 1) // 2, 1))
    for start in range(0, count, PORTION):
        x = _permuted(np.arange(start, min(start + PORTION, count), dtype=_U), half, keys)
        outside = np.flatnonzero(x >= count)
        while outside.size:
            x[outside] = _permuted(x[outside], half, keys)
            outside = outside[x[outside] >= count]
        yield from x.tolist()


def _permuted(x: np.ndarray, half: np.uint64, keys: list[np.uint64]) -> np.ndarray:
    low = (_U(1) << half) - _U(1)
    left, right = x >> half, x & low
    for key in keys:
        left, right = right, left ^ (_mixed(right ^ key) & low)
    return (left << half) | right


def _mixed(x: np.ndarray) -> np.ndarray:
    """A hash whose every bit hangs on all of x. Source: Steele, Lea and Flood 2014, SplitMix64, its last steps."""
    x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))
