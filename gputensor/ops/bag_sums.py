"""Sums and maxima over bags of rows, in blocks: the rows of all bags at once may be many times what comes out."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF, INT64

ELEMENTS = 2**22  # of the rows that are held at once


class BagSums(Primitive):
    """weight: (rows, width), index: (number,), bag: (number,) int64, rising -> (bags, width), never of 16-bit floats.

    A primitive: the rows of all numbers would be held at once, and kept for the gradient. padding: a row that counts
    nowhere, -1 for none; scaled: the gradient of a row is divided by how often it was looked up.
    """

    __slots__ = ("bags", "padding", "parts", "scaled")
    saves: ClassVar[tuple[str, ...]] = ("index", "bag")
    name = "embedding_bag"

    def __init__(self, bags: int, padding: int, scaled: bool, parts: list[tuple[slice, int, int]]) -> None:
        self.bags, self.padding, self.scaled = bags, padding, scaled
        self.parts = parts  # the numbers of a block, its first bag, how many bags it has

    def forward(self, xp: Any, weight: Any, index: Any, bag: Any) -> Any:
        return self._sums(xp, weight, index, bag)

    def vjp_weight(self, xp: Any, g: Any, out: Any, weight: Any, index: Any, bag: Any) -> Any:
        return self._spread(xp, g, weight, index, bag)

    def _sums(self, xp: Any, weight: Any, index: Any, bag: Any, *factors: Any) -> Any:
        out = None
        for part, first, count in self.parts:
            local = xp.getitem(bag, (part,)) - first
            sums = xp.index_add(self._rows(xp, weight, index, part, *factors), (count, *weight.shape[1:]), (local,))
            if len(self.parts) == 1:
                return sums
            out = xp.zeros_for(sums, (self.bags, *weight.shape[1:])) if out is None else out
            seen = xp.getitem(out, (slice(first, first + count),))
            xp.copy_into(seen, seen + sums)
        return out

    def _spread(self, xp: Any, g: Any, weight: Any, index: Any, bag: Any, *factors: Any) -> Any:
        total = None
        for part, _, _ in self.parts:
            numbers = xp.getitem(index, (part,))
            row = (*numbers.shape, 1)
            rows = xp.index_get(g, (xp.getitem(bag, (part,)),))
            for f in factors:
                rows = rows * xp.astype(xp.reshape(xp.getitem(f, (part,)), row), rows.dtype)
            rows = self._counted(xp, rows, numbers)
            if self.scaled:
                counts = xp.index_get(xp.bincount(index, None, weight.shape[0]), (numbers,))
                rows = rows / xp.astype(xp.reshape(counts, row), rows.dtype)
            found = xp.index_add(rows, weight.shape, (numbers,))
            total = found if total is None else total + found
        return total

    def _rows(self, xp: Any, weight: Any, index: Any, part: slice, *factors: Any) -> Any:
        numbers = xp.getitem(index, (part,))
        rows = xp.index_get(weight, (numbers,))
        rows = xp.astype(rows, F32) if rows.dtype in HALF else rows
        for f in factors:
            rows = rows * xp.astype(xp.reshape(xp.getitem(f, (part,)), (*numbers.shape, 1)), rows.dtype)
        return self._counted(xp, rows, numbers)

    def _counted(self, xp: Any, rows: Any, numbers: Any) -> Any:
        if self.padding < 0:
            return rows
        return xp.where(xp.reshape(numbers != self.padding, (*numbers.shape, 1)), rows, xp.zeros_for(rows, ()))


class WeightedBagSums(BagSums):
    """`BagSums` of rows times factors: (number,), a primitive for the same reason."""

    __slots__ = ()
    saves = ("weight", "index", "bag", "factors")

    def forward(self, xp: Any, weight: Any, index: Any, bag: Any, factors: Any) -> Any:  # type: ignore[override]  # one operand more
        return self._sums(xp, weight, index, bag, factors)

    def vjp_weight(  # type: ignore[override]  # one operand more
        self, xp: Any, g: Any, out: Any, weight: Any, index: Any, bag: Any, factors: Any
    ) -> Any:
        return self._spread(xp, g, weight, index, bag, factors)

    def vjp_factors(self, xp: Any, g: Any, out: Any, weight: Any, index: Any, bag: Any, factors: Any) -> Any:
        found = []
        for part, _, _ in self.parts:
            rows = self._rows(xp, weight, index, part) * xp.index_get(g, (xp.getitem(bag, (part,)),))
            found.append(xp.sum(rows, (1,), False))
        return found[0] if len(found) == 1 else xp.concat(found, 0)


def parts_of(xp: Any, bag: Any, bags: int, weight: Any) -> list[tuple[slice, int, int]]:
    """Blocks of numbers, of so few elements that they fit; one inside of vmap, where the bags are nobody's to read."""
    count = bag.shape[0]
    # a block no smaller than the table: its gradient is as large as that
    step = max(ELEMENTS, math.prod(weight.shape)) // max(weight.shape[1], 1)
    if xp.library == "batch" or count <= step or not bags:
        return [(slice(0, count), 0, bags)]
    first = xp.to_host(xp.getitem(bag, (slice(None, None, step),)))
    last = np.append(xp.to_host(xp.getitem(bag, (slice(step - 1, None, step),))), bags - 1)
    return [
        (slice(k * step, min((k + 1) * step, count)), int(a), int(b) + 1 - int(a))
        for k, (a, b) in enumerate(zip(first, last, strict=False))
    ]


def largest_rows(xp: Any, weight: Any, numbers: Any, bag: Any, bags: int, padding: int) -> tuple[Any, Any]:
    """Which row has the maximum of each bag, the first of several: (bags, width) int64; and whether a bag is empty.

    Bags of similar length are taken together, the shorter ones filled up with their last number.
    """
    n, b = xp.to_host(numbers), xp.to_host(bag)
    if padding >= 0:
        n, b = n[n != padding], b[n != padding]
    width = weight.shape[1]
    lengths = np.bincount(b, minlength=bags)
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    chosen = xp.zeros((bags, width), INT64)
    full = int(np.count_nonzero(lengths))
    at = 0
    while at < full:
        longest = int(lengths[order[at]])
        own = order[at : min(at + max(1, ELEMENTS // max(longest * width, 1)), full)]
        places = starts[own, None] + np.minimum(np.arange(longest), lengths[own, None] - 1)
        table = xp.from_host(np.ascontiguousarray(n[places].astype(np.int64)))
        rows = xp.index_get(weight, (table,))
        best = xp.argmax(rows, 1)
        xp.index_write(chosen, (xp.from_host(own.astype(np.int64)),), xp.take_along_axis(table, best, 1))
        at += len(own)
    return chosen, xp.from_host(lengths == 0)
