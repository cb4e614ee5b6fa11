"""Discrete Fourier transforms, in the precision of their operand, by the standard's names of the scale.

norm: which transforms divide by the number n of points: "backward" the inverse ones, "forward" the others, "ortho" all,
by the root of n. 16-bit floats are no operands. An axis that is transformed has at least one element; others may have
none.
"""

from typing import Protocol

from gputensor.arrays.vocabulary.terms import A


class Fourier(Protocol[A]):
    def fftn(self, x: A, axes: tuple[int, ...], norm: str) -> A:
        """The transform along several axes; x is complex or real, for which the libraries do half of the work."""
        ...

    def ifftn(self, x: A, axes: tuple[int, ...], norm: str) -> A:
        """The inverse of `fftn`; x is complex or real."""
        ...

    def irfft(self, x: A, n: int, axis: int, norm: str) -> A:
        """The inverse of `rfft`: n real points from n // 2 + 1 complex ones, whose unneeded parts are ignored."""
        ...

    def rfft(self, x: A, axis: int, norm: str) -> A:
        """The first n // 2 + 1 points of the transform of n real ones; the others are their conjugates."""
        ...
