"""Settings that are one value for all dims or one a dim, under the names that programs import from PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any


def _ntuple(n: int, name: str = "parse") -> Callable[[Any], tuple[Any, ...]]:
    """A function that makes n values of one, and leaves several as they are, as a tuple.

    >>> _ntuple(2)(3), _ntuple(2)([1, 2])
    ((3, 3), (1, 2))
    """

    def parse(x: Any) -> tuple[Any, ...]:
        return tuple(x) if isinstance(x, Iterable) else (x,) * n

    parse.__name__ = name
    return parse


_single = _ntuple(1, "_single")
_pair = _ntuple(2, "_pair")
_triple = _ntuple(3, "_triple")
_quadruple = _ntuple(4, "_quadruple")


def _reverse_repeat_tuple(t: Sequence[Any], n: int) -> tuple[Any, ...]:
    """The values of t from the last to the first, each n times: paddings in the order of `functional.pad`.

    >>> _reverse_repeat_tuple((1, 2), 2)
    (2, 2, 1, 1)
    """
    return tuple([x for x in reversed(t) for _ in range(n)])


def _list_with_default(out_size: Sequence[int | None] | int, defaults: Sequence[int]) -> Any:
    """out_size with the sizes that are None taken from the end of `defaults`.

    >>> _list_with_default([None, 3], [7, 8, 9])
    [8, 3]
    """
    if isinstance(out_size, int) or out_size is None:
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(f"Input dimension should be at least {len(out_size) + 1}")
    return [d if v is None else v for v, d in zip(out_size, defaults[-len(out_size) :], strict=True)]
