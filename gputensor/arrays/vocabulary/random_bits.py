"""Random numbers out of numbered words: pure functions of a stream's key, a word's number and a count.

No word of the standard: it has no random numbers. `gputensor.arrays.random_layout` says which words of the stream a
number is made of and how many a draw takes; both libraries give the same bits, except that `exponential` and
`standard_normal` may differ by a few units in the last place. Results have one dim.
"""

from typing import Protocol

import numpy as np

from gputensor.arrays.vocabulary.terms import A


class Random(Protocol[A]):
    def bernoulli(self, key: int, offset: int, count: int, p: "float | A") -> A:
        """True with probability p, a number or (count,) float of this library: bool."""
        ...

    def exponential(self, key: int, offset: int, count: int, dtype: np.dtype) -> A:
        """Mean 1, never 0."""
        ...

    def permutation(self, key: int, offset: int, count: int) -> A:
        """0, …, count - 1 in random order: int64."""
        ...

    def random_integers(self, key: int, offset: int, count: int, low: int, high: int, dtype: np.dtype) -> A:
        """low <= n < high, high - low at most 2**64; values that do not fit dtype wrap."""
        ...

    def random_words(self, key: int, offset: int, count: int) -> A:
        """The words of the stream themselves: uint64."""
        ...

    def standard_normal(self, key: int, offset: int, count: int, dtype: np.dtype) -> A:
        """Mean 0, variance 1."""
        ...

    def uniform01(self, key: int, offset: int, count: int, dtype: np.dtype) -> A:
        """In [0, 1), never rounded up to 1: as many random bits as dtype has digits."""
        ...
