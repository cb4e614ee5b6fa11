"""Reductions and running reductions. 16-bit floats accumulate in float32 and are rounded once, at the end."""

from typing import Protocol

import numpy as np

from gputensor.arrays.vocabulary.terms import A, Axis


class Reductions(Protocol[A]):
    def all(self, x: A, axis: Axis = None, keepdims: bool = False) -> A: ...

    def any(self, x: A, axis: Axis = None, keepdims: bool = False) -> A: ...

    def argmax(self, x: A, axis: int | None = None, keepdims: bool = False) -> A:
        """The first place of the largest value; NaN is the largest (where there are several, any of them)."""
        ...

    def argmin(self, x: A, axis: int | None = None, keepdims: bool = False) -> A:
        """The first place of the smallest value; NaN is the smallest (where there are several, any of them)."""
        ...

    def cumulative_extreme(self, x: A, axis: int, largest: bool) -> A:
        """The largest (or smallest) value so far; NaN from the first one on. In doubling steps it took NumPy 30 times
        as long."""
        ...

    def cumulative_prod(self, x: A, axis: int, dtype: np.dtype | None = None) -> A: ...

    def cumulative_sum(self, x: A, axis: int, dtype: np.dtype | None = None) -> A: ...

    def max(self, x: A, axis: Axis = None, keepdims: bool = False) -> A: ...

    def mean(self, x: A, axis: Axis = None, keepdims: bool = False) -> A: ...

    def min(self, x: A, axis: Axis = None, keepdims: bool = False) -> A: ...

    def prod(self, x: A, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> A: ...

    def sum(self, x: A, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> A: ...

    def var(self, x: A, axis: Axis = None, keepdims: bool = False, correction: float = 1.0) -> A:
        """As the standard's, two passes; no degrees of freedom left gives inf, and 0/0 NaN, as in PyTorch."""
        ...
