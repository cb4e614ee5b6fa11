"""How a pooling window moves: the one description that operations and array libraries share."""

from dataclasses import dataclass
from math import prod

import numpy as np


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows over the spatial dims, every entry one number a dim.

    Tap k of window i is element ``i * stride - padding + k * dilation``, for ``0 <= i < count`` and ``0 <= k <
    kernel``; taps outside the array do not exist.
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    count: tuple[int, ...]

    def seen(self, dim: int, tap: int, size: int) -> tuple[slice, slice] | None:
        """The windows for which this tap exists, and the elements of an axis of `size` that it is; None if there are
        none."""
        stride = self.stride[dim]
        at = tap * self.dilation[dim] - self.padding[dim]
        first = max(0, -(at // stride))
        last = min(self.count[dim] - 1, (size - 1 - at) // stride)
        if last < first:
            return None
        start = first * stride + at
        return slice(first, last + 1), slice(start, start + (last - first) * stride + 1, stride)

    def disjoint(self) -> bool:
        """Whether no element is in two windows."""
        return all([s > d * (k - 1) for s, k, d in zip(self.stride, self.kernel, self.dilation, strict=True)])

    def offset_dtype(self) -> np.dtype:
        """The smallest dtype that numbers the taps of a window."""
        return np.min_scalar_type(max(prod(self.kernel) - 1, 1))
