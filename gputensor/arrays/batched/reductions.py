"""Reductions: the axes move one to the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import Rules

Axis = tuple[int, ...] | None


class ReductionRules(Rules):
    __slots__ = ()

    def _over(self, word: Callable[..., Any], x: Any, axis: Axis, *rest: Any) -> Batched:
        x = self.of(x)
        if x.batched:
            axis = tuple(range(1, 1 + x.ndim)) if axis is None else tuple([k + 1 for k in axis])
        return self.made(word(x.value, axis, *rest), x.batched)

    def _along(self, word: Callable[..., Any], x: Any, axis: int, *rest: Any) -> Batched:
        x = self.of(x)
        return self.made(word(x.value, axis + x.batched, *rest), x.batched)

    def all(self, x: Any, axis: Axis = None, keepdims: bool = False) -> Batched:
        return self._over(self.inner.all, x, axis, keepdims)

    def any(self, x: Any, axis: Axis = None, keepdims: bool = False) -> Batched:
        return self._over(self.inner.any, x, axis, keepdims)

    def max(self, x: Any, axis: Axis = None, keepdims: bool = False) -> Batched:
        return self._over(self.inner.max, x, axis, keepdims)

    def min(self, x: Any, axis: Axis = None, keepdims: bool = False) -> Batched:
        return self._over(self.inner.min, x, axis, keepdims)

    def mean(self, x: Any, axis: Axis = None, keepdims: bool = False) -> Batched:
        return self._over(self.inner.mean, x, axis, keepdims)

    def sum(self, x: Any, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> Batched:
        return self._over(self.inner.sum, x, axis, keepdims, dtype)

    def prod(self, x: Any, axis: Axis = None, keepdims: bool = False, dtype: np.dtype | None = None) -> Batched:
        return self._over(self.inner.prod, x, axis, keepdims, dtype)

    def var(self, x: Any, axis: Axis = None, keepdims: bool = False, correction: float = 1.0) -> Batched:
        return self._over(self.inner.var, x, axis, keepdims, correction)

    def sum_rows(self, x: Any) -> Batched:
        x = self.of(x)
        return self.made(self.inner.sum(x.value, (1,)) if x.batched else self.inner.sum_rows(x.value), x.batched)

    def argmax(self, x: Any, axis: int | None = None, keepdims: bool = False) -> Batched:
        return self._place(self.inner.argmax, x, axis, keepdims)

    def argmin(self, x: Any, axis: int | None = None, keepdims: bool = False) -> Batched:
        return self._place(self.inner.argmin, x, axis, keepdims)

    def _place(self, word: Callable[..., Any], x: Any, axis: int | None, keepdims: bool) -> Batched:
        x = self.of(x)
        if axis is not None or not x.batched:
            return self.made(word(x.value, None if axis is None else axis + x.batched, keepdims), x.batched)
        out = word(self.inner.reshape(x.value, (self.size, x.size)), 1, False)
        return self.made(self.inner.reshape(out, (self.size, *(1,) * x.ndim)) if keepdims else out, True)

    def cumulative_extreme(self, x: Any, axis: int, largest: bool) -> Batched:
        return self._along(self.inner.cumulative_extreme, x, axis, largest)

    def cumulative_prod(self, x: Any, axis: int, dtype: np.dtype | None = None) -> Batched:
        return self._along(self.inner.cumulative_prod, x, axis, dtype)

    def cumulative_sum(self, x: Any, axis: int, dtype: np.dtype | None = None) -> Batched:
        return self._along(self.inner.cumulative_sum, x, axis, dtype)

    def argsort(self, x: Any, axis: int, descending: bool) -> Batched:
        return self._along(self.inner.argsort, x, axis, descending)

    def sort(self, x: Any, axis: int, descending: bool) -> Batched:
        return self._along(self.inner.sort, x, axis, descending)

    def top_k(self, x: Any, k: int, axis: int, largest: bool) -> Batched:
        x = self.of(x)
        return self.made(self.inner.top_k(x.value, k, axis + x.batched, largest), x.batched)
