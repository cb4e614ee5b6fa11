"""Settings of layers that are one int for all dims or one int a dim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor.errors import ShapeError
from gputensor.ops.dims import one_int

Ints = int | Sequence[int]

_WORDS = {1: "length", 2: "height, width", 3: "depth, height, width"}


def ntuple(layer: str, name: str, value: Any, n: int) -> tuple[int, ...]:
    """n ints from an int or a sequence of n ints. Raises ValueError for another count.

    >>> ntuple("Conv2d", "stride", 2, 2), ntuple("Conv2d", "stride", (1, 2), 2)
    ((2, 2), (1, 2))
    """
    if not isinstance(value, Sequence):
        return (value,) * n
    if len(value) != n:
        raise ValueError(f"{layer}: {name} must be an int or {n} ints, got {tuple(value)}")
    return tuple(value)


def check_size(layer: str, name: str, value: Any) -> None:
    """Raise for a size that no parameter can have: TypeError for what is no int, ShapeError for a negative one."""
    if one_int(layer, name, value) < 0:
        raise ShapeError(f"{layer}: {name} must not be negative, got {value}")


def dims_in_words(n: int) -> str:
    """The dims of the input of a layer over n dims, in words.

    >>> dims_in_words(2)
    '([batch,] channels, height, width)'
    """
    return f"([batch,] channels, {_WORDS[n]})"
