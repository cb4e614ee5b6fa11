"""Arguments of operations that move a window over spatial dims, made canonical: a tuple of ints with one entry a
dim."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from gputensor.core import apply as _apply
from gputensor.core.explain import describe
from gputensor.errors import ShapeError
from gputensor.ops.layout import contiguous_format, is_contiguous, ordered_clone, suggested_format

Ints = int | Sequence[int]


def per_dim(name: str, argument: str, value: Any, dims: int, least: int = 1) -> tuple[int, ...]:
    """An int for every spatial dim from one int, or from one int a dim.

    Raises TypeError for anything else, ShapeError for a wrong number of ints or one below `least`.
    """
    try:
        return _per_dim(name, argument, tuple(value) if isinstance(value, list) else value, dims, least)
    except TypeError as error:
        if not str(error).startswith(name):
            raise TypeError(f"{name}: {argument} must be an int or {dims} ints, got {value!r}") from None
        raise


@lru_cache(1024)
def _per_dim(name: str, argument: str, value: Any, dims: int, least: int) -> tuple[int, ...]:
    if isinstance(value, (tuple, Sequence)) and not isinstance(value, str):
        sizes = tuple([operator.index(v) for v in value])
        if len(sizes) == 1:
            sizes *= dims
        if len(sizes) != dims:
            raise ShapeError(f"{name}: {argument} must be one int or {dims} ints, got {tuple(value)}")
    else:
        # a str gets here, too, and raises the TypeError
        sizes = (operator.index(value),) * dims  # pyright: ignore[reportArgumentType]
    if min(sizes) < least:
        raise ShapeError(f"{name}: {argument} must be at least {least}, got {value}")
    return sizes


def batched(name: str, input: Any, dims: int) -> tuple[Any, bool]:
    """input with a dim for the batch, and whether it had none: (channel, *size) becomes (1, channel, *size).

    Raises TypeError for what is no Tensor, ShapeError for another number of dims.
    """
    if not isinstance(input, _apply.Tensor):
        raise TypeError(f"{name}: input must be a Tensor, got {describe(input)}")
    shape = input.array.shape
    if len(shape) == dims + 2:
        return input, False
    if len(shape) == dims + 1:
        return input.reshape((1, *shape)), True
    size = ", ".join(("depth", "height", "width")[3 - dims :]) if dims > 1 else "length"
    raise ShapeError(
        f"{name}: expected input of shape (batch, channel, {size}) or (channel, {size}), got {tuple(shape)}"
    )


def in_format_of(out: Any, x: Any) -> Any:
    """out in channels-last memory if x is."""
    format = suggested_format(x.array)
    if format is contiguous_format or out.array.ndim != x.array.ndim or is_contiguous(out.array, format):
        return out
    return ordered_clone(out, format)


def unbatched(x: Any, alone: bool) -> Any:
    """The result for the one element that came without a dim for the batch."""
    return x.reshape(x.array.shape[1:]) if alone else x
