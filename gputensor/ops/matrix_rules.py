"""What the gradients of linear algebra are made of, over a namespace xp: words on the last two axes."""

from __future__ import annotations

from typing import Any

from gputensor.ops.diagonals import Diagonal


def swapped(xp: Any, x: Any) -> Any:
    """Matrices transposed, not conjugated."""
    n = len(x.shape)
    return xp.permute_dims(x, (*range(n - 2), n - 1, n - 2))


def adjoint(xp: Any, x: Any) -> Any:
    """Matrices transposed and conjugated."""
    return xp.conj(swapped(xp, x))


def on_diagonal(xp: Any, values: Any, like: Any) -> Any:
    """Zeros of the shape of `like` with values on the diagonal."""
    n = len(like.shape)
    return xp.view_put(values, like.shape, values.dtype, (Diagonal(0, n - 2, n - 1),))


def diagonal_of(xp: Any, x: Any) -> Any:
    n = len(x.shape)
    return xp.diagonal(x, 0, n - 2, n - 1)


def identity(xp: Any, x: Any) -> Any:
    """The identity in the shape of x."""
    return xp.tril(xp.triu(xp.ones_like(x), 0), 0)


def columns(xp: Any, values: Any) -> Any:
    """(..., n) -> (..., 1, n), to scale columns with."""
    return xp.reshape(values, (*values.shape[:-1], 1, values.shape[-1]))


def rows(xp: Any, values: Any) -> Any:
    """(..., n) -> (..., n, 1), to scale rows with."""
    return xp.reshape(values, (*values.shape, 1))


def divided(xp: Any, above: Any, below: Any) -> Any:
    """above / below, and 0 where both are 0: equal values whose vectors nobody asked for have a gradient still."""
    nothing = xp.logical_and(above == 0, below == 0)
    return above / xp.where(nothing, xp.ones_like(below), below)


def part(xp: Any, x: Any, rows: slice, columns: slice) -> Any:
    """A block of matrices."""
    return xp.getitem(x, (Ellipsis, rows, columns))
