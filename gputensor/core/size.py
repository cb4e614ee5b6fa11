"""The shape of a tensor: a tuple with PyTorch's extras."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any, SupportsIndex

from gputensor.core.naming import full_name

# what is known to be ints already needs no look at each
new_size = tuple.__new__


class Size(tuple[int, ...]):
    """A tuple of ints that prints as PyTorch's and counts elements.

    >>> import gputensor as gt
    >>> s = gt.zeros(2, 3).shape
    >>> s, s.numel(), s[1:], s == (2, 3)
    (gputensor.Size([2, 3]), 6, gputensor.Size([3]), True)
    """

    __slots__ = ()

    def __new__(cls, sizes: Iterable[SupportsIndex] = ()) -> Size:
        given = tuple(sizes)
        try:
            return new_size(cls, map(operator.index, given))
        except TypeError:
            raise TypeError(f"Size: expected ints, got {given!r:.60}") from None

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return math.prod(self)

    def __repr__(self) -> str:
        return full_name(f"Size([{', '.join(map(str, self))}])")

    def __getitem__(self, index: Any) -> Any:
        out = tuple.__getitem__(self, index)
        return new_size(Size, out) if isinstance(index, slice) else out

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, tuple(other)))

    def __radd__(self, other: Any) -> Size:
        if not isinstance(other, tuple):  # a list extended by a Size stays a list
            return NotImplemented
        return Size(other + tuple(self))

    def __mul__(self, times: SupportsIndex) -> Size:
        return new_size(Size, tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (tuple(self),)  # the class has two names under gputensor.as_torch


def _again(sizes: tuple[int, ...]) -> Size:
    return Size(sizes)
