"""New arrays. Those that a program may write into have an entry for every example, as PyTorch's `new_zeros` has."""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.crossing import lifted
from gputensor.arrays.batched.rules import Rules, data_dependent_error

Shape = tuple[int, ...]


class CreationRules(Rules):
    __slots__ = ()

    def arange(self, start: float, count: int, step: float, dtype: np.dtype) -> Batched:
        return self.made(self.inner.arange(start, count, step, dtype), False)

    def arange_for(self, x: Any, count: int) -> Batched:
        return self.made(self.inner.arange_for(self.of(x).value, count), False)

    def asarray(self, x: Any, dtype: np.dtype | None = None) -> Batched:
        if type(x) is Batched:
            x = self.of(x)
            return x if dtype is None or x.dtype == dtype else self.astype(x, dtype)
        return self.of(self.base.asarray(x, dtype))

    def astype(self, x: Any, dtype: np.dtype) -> Batched:
        x = self.of(x)
        return self.made(self.inner.astype(x.value, dtype), x.batched)

    def empty(self, shape: Shape, dtype: np.dtype) -> Batched:
        return self.made(self.inner.empty((self.size, *shape), dtype), True)

    def zeros(self, shape: Shape, dtype: np.dtype) -> Batched:
        return self.made(self.inner.zeros((self.size, *shape), dtype), True)

    def ones(self, shape: Shape, dtype: np.dtype) -> Batched:
        return self.made(self.inner.ones((self.size, *shape), dtype), True)

    def full(self, shape: Shape, value: Any, dtype: np.dtype) -> Batched:
        if not shape:
            return self.made(self.inner.full((), value, dtype), False)
        return self.made(self.inner.full((self.size, *shape), value, dtype), True)

    def full_like(self, x: Any, value: Any) -> Batched:
        x = self.of(x)
        return self.made(self.inner.full_like(x.value, value), x.batched)

    def ones_like(self, x: Any) -> Batched:
        return self.one(self.inner.ones_like, x)

    def zeros_like(self, x: Any) -> Batched:
        return self.one(self.inner.zeros_like, x)

    def zeros_for(self, x: Any, shape: Shape) -> Batched:
        x = self.of(x)
        return self.made(self.inner.zeros_for(x.value, (self.size, *shape) if x.batched else shape), x.batched)

    def from_host(self, x: np.ndarray) -> Batched:
        return self.of(self.base.from_host(x))

    def scalar(self, y: Any, dtype: np.dtype, /) -> Batched:
        return self.of(self.base.scalar(y, dtype))

    def item(self, x: Any) -> Any:
        x = self.of(x)
        if x.batched:
            raise data_dependent_error(".item(), or the truth of a condition,")
        return self.inner.item(x.value)

    def all_examples(self, x: Any) -> bool:
        """Whether all elements of all examples are true: for checks of arguments, which may raise for one of them."""
        inner, value = self.inner, self.of(x).value
        return bool(inner.all_examples(value) if inner.library == "batch" else inner.item(inner.all(value)))

    def to_host(self, x: Any) -> Any:
        x = self.of(x)
        if x.batched:
            raise data_dependent_error(".numpy() or .tolist()")
        return self.inner.to_host(x.value)

    def host_of_all(self, x: Any) -> Any:
        """The values of all examples on the host, with the examples as first axes where they differ."""
        inner, value = self.inner, self.of(x).value
        return inner.host_of_all(value) if inner.library == "batch" else inner.to_host(value)

    def on(self, base: Any) -> Any:
        """The namespace of the same levels over another device's."""
        return self.level.over(self.inner.on(base) if self.inner.library == "batch" else base)

    def moved(self, x: Any, source: Any, target: Any) -> Any:
        if target.library != "batch":  # a gradient that goes back to a tensor of no vmap
            target = self.on(target)
        x = self.of(x)
        return Batched(target, self.inner.moved(x.value, self.inner, target.inner), x.batched)

    def tril(self, x: Any, k: int) -> Batched:
        x = self.of(x)
        return self.made(self.inner.tril(x.value, k), x.batched)

    def triu(self, x: Any, k: int) -> Batched:
        x = self.of(x)
        return self.made(self.inner.triu(x.value, k), x.batched)

    def raised(self, array: Any, have: Any) -> Any:
        """An array of a namespace with some of these levels, in this one."""
        return lifted(array, have, self)
