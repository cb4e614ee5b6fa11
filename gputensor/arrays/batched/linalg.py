"""Products."""

from __future__ import annotations

import math
from typing import Any

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import Rules


class LinalgRules(Rules):
    __slots__ = ()

    def matmul(self, x: Any, y: Any) -> Batched:
        inner = self.inner
        x, y = self.of(x), self.of(y)
        if not (x.batched or y.batched):
            return self.made(inner.matmul(x.value, y.value), False)
        n, m = x.ndim, y.ndim
        a, b = x.value, y.value
        if n == 1:
            a = inner.expand_dims(a, (1,) if x.batched else (0,))
        if m == 1:
            b = inner.expand_dims(b, (2,) if y.batched else (1,))
        if not y.batched and m <= 2 and a.size and b.size:
            # one product of all rows of all examples
            rows = inner.matmul(inner.reshape(a, (math.prod(a.shape[:-1]), a.shape[-1])), b)
            out = inner.reshape(rows, (*a.shape[:-1], b.shape[-1]))
        else:
            depth = max(n, m, 2)
            a = self.deepened(Batched(self, a, True), depth) if x.batched else a
            b = self.deepened(Batched(self, b, True), depth) if y.batched else b
            out = inner.matmul(a, b)
        if m == 1:
            out = inner.squeeze(out, (len(out.shape) - 1,))
        if n == 1:
            out = inner.squeeze(out, (len(out.shape) - (1 if m == 1 else 2),))
        return self.made(out, True)
