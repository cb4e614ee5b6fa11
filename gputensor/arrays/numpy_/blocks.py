"""Passes over blocks of rows: a block's temporaries stay in the cache, and large arrays are split over threads.

Where a block begins depends on the shape alone, so that sums over blocks have the same bits with any number of threads.
"""

from collections.abc import Callable
from typing import Any

from gputensor.arrays.numpy_ import threads

_BLOCK = 1 << 16  # elements of a block of a small array: what its passes make fits the cache
_LARGE_BLOCK = 1 << 18  # of a large one: with several threads, short operations would fight for the interpreter
_LARGE = 1 << 19  # elements from which blocks are split over threads
# elements of a part, of which a function makes many temporaries: alone, and beside another thread's
_PART, _LARGE_PART = 1 << 15, 1 << 17
_LARGE_PARTS = 1 << 22  # elements from which such parts are split over threads


def rows_of_a_block(rows: int, width: int) -> int:
    """How many rows of `width` elements a block has."""
    return max(1, (_LARGE_BLOCK if rows * width >= _LARGE else _BLOCK) // max(width, 1))


def each_block(function: Callable[[int, int], Any], rows: int, width: int) -> None:
    """Call ``function(start, stop)`` for blocks that cover the rows; matrix products in it run on one thread."""
    step = rows_of_a_block(rows, width)
    count = -(-rows // step)

    def part(start: int, stop: int) -> None:
        for k in range(start, stop):
            function(k * step, min(k * step + step, rows))

    if rows * width < _LARGE or count < 2:
        part(0, count)
        return
    with threads.split_products():
        threads.split(part, count)


def each_part(function: Callable[[int, int], Any], size: int) -> None:
    """Call ``function(start, stop)`` for parts that cover ``range(size)``, in any order."""
    split = size >= _LARGE_PARTS and threads.count() > 1
    step = _LARGE_PART if split else _PART

    def parts(first: int, last: int) -> None:
        for k in range(first, last):
            function(k * step, min(k * step + step, size))

    if split:
        threads.split(parts, -(-size // step))
    else:
        parts(0, -(-size // step))
