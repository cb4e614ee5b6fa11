"""Marks and ranges that Nvidia's profilers show beside the work of a program; nothing happens without a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gputensor.cuda._devices import is_available, runtime

__all__ = ["mark", "range", "range_pop", "range_push"]

_depth = [0]


def mark(msg: str) -> None:
    """Mark this moment.

    >>> import gputensor as gt
    >>> gt.cuda.nvtx.mark("here")
    """
    if is_available():
        runtime().mark(msg)


def range_push(msg: str) -> int:
    """Begin a range inside the one that is open; returns how many were open before.

    >>> import gputensor as gt
    >>> gt.cuda.nvtx.range_push("forward")
    0
    >>> gt.cuda.nvtx.range_pop()
    0
    """
    if is_available():
        runtime().push_range(msg)
    _depth[0] += 1
    return _depth[0] - 1


def range_pop() -> int:
    """End the innermost range; returns how many are still open.

    >>> import gputensor as gt
    >>> gt.cuda.nvtx.range_push("forward")
    0
    >>> gt.cuda.nvtx.range_pop()
    0
    """
    if is_available():
        runtime().pop_range()
    _depth[0] -= 1
    return _depth[0]


@contextmanager
def range(msg: str) -> Iterator[None]:
    """A range around a ``with`` block.

    >>> import gputensor as gt
    >>> with gt.cuda.nvtx.range("forward"):
    ...     pass
    """
    range_push(msg)
    try:
        yield
    finally:
        range_pop()


def __dir__() -> list[str]:
    return __all__
