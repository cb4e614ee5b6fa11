"""``axes=`` of the functions of vectors and matrices: which dims of the operands and of the result are theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor import Tensor
from gputensor.interop.numpy_door.arguments import one_axis

# how many dims of the operands and of the result the function is about
_COUNTS: dict[str, tuple[int, int, int]] = {
    "matmul": (2, 2, 2),
    "vecdot": (1, 1, 0),
    "matvec": (2, 1, 1),
    "vecmat": (1, 2, 1),
}


def with_axes(name: str, function: Callable[..., Tensor], xs: list[Tensor], axes: Any) -> Tensor:
    """function of xs, whose own dims are where `axes` says: an int or a tuple for each operand and for the result.

    ``array @= t`` comes with axes, so that the result cannot have another shape than the array. Raises ValueError for
    numbers of dims that are not the function's, AxisError for a dim out of range.
    """
    counts = list(_COUNTS[name])
    if name == "matmul":
        vectors = [x.ndim == 1 for x in xs]
        counts = [2 - vectors[0], 2 - vectors[1], 2 - sum(vectors)]
    entries = [k if isinstance(k, tuple) else (k,) for k in axes]
    if len(entries) == 2 and not counts[2]:
        entries.append(())
    if [len(entry) for entry in entries] != counts:
        raise ValueError(
            f"{name}: axes must name {counts} dims of the operands and of the result for shapes "
            f"{[tuple(x.shape) for x in xs]}, got {axes}"
        )
    moved = [_last(name, x, entry) for x, entry in zip(xs, entries, strict=False)]
    out = function(*moved)
    into = _places(name, out, entries[2])
    return out.movedim(list(range(out.ndim - len(into), out.ndim)), into) if into else out


def _last(name: str, x: Tensor, entry: tuple[Any, ...]) -> Tensor:
    places = _places(name, x, entry)
    return x.movedim(places, list(range(x.ndim - len(places), x.ndim)))


def _places(name: str, x: Tensor, entry: tuple[Any, ...]) -> list[int]:
    places = [one_axis(name, x.ndim, k) for k in entry]
    if len(set(places)) != len(places):
        raise np.exceptions.AxisError(f"{name}: axes name dim {places[0]} twice")
    return places
