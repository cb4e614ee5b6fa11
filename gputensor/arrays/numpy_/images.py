"""Work on the images of a batch in parts, on several threads where there is enough of it."""

from collections.abc import Callable

import numpy as np

from gputensor.arrays.numpy_ import threads

Array = np.ndarray

_THREADED = 1 << 27  # multiplications from which images are split over threads


def over_images(function: Callable[[int, int], object], count: int, work: int) -> None:
    """Call ``function(start, stop)`` for parts of `count` images that cost `work` multiplications together.

    A thread's products then run on it alone: the copies before and after them are split, too.
    """
    if count == 1 or work < _THREADED or threads.count() == 1:
        function(0, count)
        return
    with threads.split_products():
        threads.split(function, count)


def summed(function: Callable[[int, int], Array], count: int, work: int) -> Array:
    """The sum of ``function(start, stop)`` over parts of the images, in the order of the parts."""
    found: list[tuple[int, Array]] = []
    over_images(lambda start, stop: found.append((start, function(start, stop))), count, work)
    found.sort(key=lambda part: part[0])
    total = found[0][1]
    for _, part in found[1:]:
        total += part
    return total
