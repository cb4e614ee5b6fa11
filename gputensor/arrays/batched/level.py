"""A vmap at work: how many examples, which kind of random numbers, and its namespaces."""

from __future__ import annotations

import itertools
from typing import Any
from weakref import WeakValueDictionary

from gputensor.arrays.batched.namespace import BatchNamespace

_numbers = itertools.count(1)


class Level:
    """One vmap at work. Levels are numbered in the order in which they begin; the newest hides the outermost axis.

    size: the number of examples. randomness: "error", "different" or "same".
    """

    __slots__ = ("_over", "number", "randomness", "size")

    def __init__(self, size: int, randomness: str) -> None:
        self.size, self.randomness = size, randomness
        self.number = next(_numbers)
        # weak, as each namespace holds its level: no cycle that only the garbage collector would free
        self._over: WeakValueDictionary[int, BatchNamespace] = WeakValueDictionary()

    def over(self, inner: Any) -> Any:
        """The namespace of this level over the namespace below: one object for each, so that `is` compares them."""
        found = self._over.get(id(inner))
        if found is None:
            found = self._over[id(inner)] = BatchNamespace(self, inner)
        return found


def base_of(ns: Any) -> Any:
    """The namespace of the device below all batches."""
    return ns.base if ns.library == "batch" else ns


def levels_of(ns: Any) -> tuple[Level, ...]:
    """The levels of a namespace, oldest first."""
    found = []
    while ns.library == "batch":
        found.append(ns.level)
        ns = ns.inner
    return tuple(found[::-1])


def over_all(base: Any, levels: Any) -> Any:
    """The namespace of several levels over a device's."""
    for level in sorted(levels, key=lambda level: level.number):
        base = level.over(base)
    return base
