"""Random numbers: by the vmap's ``randomness`` each example its own, all the same, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import Rules, sentence

INT64 = np.dtype(np.int64)


class RandomRules(Rules):
    __slots__ = ()

    def stream(self, source: Any) -> Any:
        """The generator as draws of this namespace see it: where examples differ, it gives words for each of them."""
        if self.level.randomness == "error":
            raise randomness_error()
        below = self.inner.stream(source) if self.inner.library == "batch" else source
        return _Multiplied(below, self.size) if self.level.randomness == "different" else below

    @property
    def _different(self) -> bool:
        return self.level.randomness == "different"

    def _rows(self, word: Any, key: int, offset: int, count: int, *how: Any) -> Batched:
        if not self._different:
            return self.made(word(key, offset, count, *how), False)
        flat = word(key, offset, self.size * count, *how)
        return self.made(self.inner.reshape(flat, (self.size, count)), True)

    def bernoulli(self, key: int, offset: int, count: int, p: Any) -> Batched:
        if isinstance(p, float):
            return self._rows(self.inner.bernoulli, key, offset, count, p)
        p = self.of(p)
        if not self._different:
            if p.batched:
                # one number in [0, 1) for all examples, to the 32 bits that a draw has
                u = self.inner.random_words(key, offset, count // 2 + 1)
                halves = self.inner.reshape(self.inner.stack([u % 2**32, u // 2**32], 1), (-1,))
                halves = self.inner.astype(self.inner.getitem(halves, slice(0, count)), np.dtype(np.float64))
                return self.made(halves < self.inner.round(self.inner.astype(p.value, halves.dtype) * 2.0**32), True)
            return self.made(self.inner.bernoulli(key, offset, count, p.value), False)
        chance = self.inner.reshape(self.full_size(p, (count,)), (self.size * count,))
        flat = self.inner.bernoulli(key, offset, self.size * count, chance)
        return self.made(self.inner.reshape(flat, (self.size, count)), True)

    def exponential(self, key: int, offset: int, count: int, dtype: np.dtype) -> Batched:
        return self._rows(self.inner.exponential, key, offset, count, dtype)

    def permutation(self, key: int, offset: int, count: int) -> Batched:
        if not self._different:
            return self.made(self.inner.permutation(key, offset, count), False)
        words = self.inner.random_words(key, offset, self.size * count)
        order = self.inner.argsort(self.inner.reshape(words, (self.size, count)), 1, False)
        return self.made(self.inner.astype(order, INT64), True)

    def random_integers(self, key: int, offset: int, count: int, low: int, high: int, dtype: np.dtype) -> Batched:
        return self._rows(self.inner.random_integers, key, offset, count, low, high, dtype)

    def random_words(self, key: int, offset: int, count: int) -> Batched:
        return self._rows(self.inner.random_words, key, offset, count)

    def sampled(self, draw: Callable[..., np.ndarray], *xs: Any) -> Batched:
        """What a draw on the host makes of arrays that broadcast, for all examples at once."""
        made = [self.of(x) for x in xs]
        inner, shape = self.inner, np.broadcast_shapes(*[tuple(x.shape) for x in made])
        if self._different:
            values = [self.full_size(x, shape) for x in made]
        elif any([x.batched for x in made]):
            raise sentence(
                "vmap: numbers that are drawn by rejection cannot be the same where their distribution differs by "
                "example; use randomness='different', or draw them outside of vmap"
            )
        else:
            values = [x.value for x in made]
        if inner.library == "batch":
            return self.made(inner.sampled(draw, *values), self._different)
        return self.made(inner.from_host(draw(*[inner.to_host(v) for v in values])), self._different)

    def standard_normal(self, key: int, offset: int, count: int, dtype: np.dtype) -> Batched:
        return self._rows(self.inner.standard_normal, key, offset, count, dtype)

    def uniform01(self, key: int, offset: int, count: int, dtype: np.dtype) -> Batched:
        return self._rows(self.inner.uniform01, key, offset, count, dtype)


class _Multiplied:
    """A generator that reserves words for every example at once."""

    __slots__ = ("_source", "_times")

    def __init__(self, source: Any, times: int) -> None:
        self._source, self._times = source, times

    def reserve(self, count: int) -> Any:
        return self._source.reserve(count * self._times)


def randomness_error() -> RuntimeError:
    return sentence(
        "vmap: called random operation while in randomness error mode; use randomness='different' for numbers of each "
        "example's own, randomness='same' for the same numbers in all, or draw them outside of vmap"
    )
