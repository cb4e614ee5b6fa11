"""Arrays into and out of a batch: how an axis is hidden, shown again, and how values without it go along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.arrays.batched.array import Batched

if TYPE_CHECKING:
    from gputensor.arrays.batched.level import Level


def lifted(array: Any, have: Any, to: Any) -> Any:
    """An array of namespace `have` in namespace `to`, which has all of its levels and more: there it is unbatched."""
    if have is to:
        return array
    if have.library == "batch" and have.level is to.level:
        return Batched(to, lifted(array.value, have.inner, to.inner), array.batched)
    return Batched(to, lifted(array, have, to.inner), False)


def entered(array: Any, ns: Any, level: Level, axis: int) -> tuple[Any, Any]:
    """An array whose axis is hidden as the examples of `level`, a view; and its namespace."""
    if ns.library == "batch" and ns.level.number > level.number:
        value, inner = entered(array.value, ns.inner, level, axis + array.batched)
        to = ns.level.over(inner)
        return Batched(to, value, array.batched), to
    to = level.over(ns)
    return Batched(to, moved_axis(ns, array, axis, 0), True), to


def left(array: Any, ns: Any, level: Level, axis: int) -> tuple[Any, Any]:
    """The reverse: the examples of `level` along an axis; an array without that level is repeated."""
    if ns.library == "batch" and ns.level.number > level.number:
        value, inner = left(array.value, ns.inner, level, axis + array.batched)
        to = ns.level.over(inner)
        return Batched(to, value, array.batched), to
    if ns.library == "batch" and ns.level is level:
        if array.batched:
            return moved_axis(ns.inner, array.value, 0, axis), ns.inner
        array, ns = array.value, ns.inner
    shape = tuple(array.shape)
    wide = ns.expand_dims(array, (axis,))
    return ns.broadcast_to(wide, (*shape[:axis], level.size, *shape[axis:])), ns


def moved_axis(ns: Any, x: Any, source: int, target: int) -> Any:
    """A view of x with one axis at another place."""
    if source == target:
        return x
    axes = list(range(len(x.shape)))
    axes.insert(target, axes.pop(source))
    return ns.permute_dims(x, tuple(axes))
