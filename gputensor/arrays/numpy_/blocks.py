"""Passes over blocks of rows: a block's temporaries stay in the cache, and large arrays are split over threads."""

from collections.abc import Callable
from typing import Any

from gputensor.arrays.numpy_ import threads

_BLOCK = 1 << 16  # elements of a block on one thread: what its passes make fits the cache
_THREADED_BLOCK = 1 << 18  # with several, short operations would fight for the interpreter
_THREADED = 1 << 18  # elements from which rows are split


def rows_of_a_block(rows: int, width: int) -> int:
    """How many rows of `width` elements a block has."""
    return max(1, (_THREADED_BLOCK if _splits(rows, width) else _BLOCK) // max(width, 1))


def each_block(function: Callable[[int, int], Any], rows: int, width: int) -> None:
    """Call ``function(start, stop)`` for blocks that cover the rows; matrix products in it run on one thread."""
    step = rows_of_a_block(rows, width)

    def part(start: int, stop: int) -> None:
        for first in range(start, stop, step):
            function(first, min(first + step, stop))

    if not _splits(rows, width):
        part(0, rows)
        return
    with threads.split_products():
        threads.split(part, rows)


def _splits(rows: int, width: int) -> bool:
    return rows > 1 and rows * width >= _THREADED and threads.count() > 1
