"""Tensors into and out of a vmap, recorded: the crossings between the namespaces of `gputensor.arrays.batched`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from gputensor.arrays.batched.crossing import entered, left, lifted
from gputensor.arrays.batched.level import Level, base_of, levels_of, over_all
from gputensor.arrays.batched.random_bits import randomness_error
from gputensor.core import random as streams
from gputensor.core.apply import register_batches, wrap
from gputensor.core.explain import device_error
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.nodes import new_node
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase, cell_of

_local = threading.local()


def current_levels() -> tuple[Level, ...]:
    """The vmaps at work in this thread, outermost first."""
    levels: tuple[Level, ...] = getattr(_local, "levels", ())
    return levels


class at_work:
    """The body runs inside a vmap."""

    __slots__ = ("_before", "_level")

    def __init__(self, level: Level) -> None:
        self._level = level

    def __enter__(self) -> None:
        self._before = current_levels()
        _local.levels = (*self._before, self._level)

    def __exit__(self, *error: object) -> None:
        _local.levels = self._before


class Crossing(Primitive):
    """Made by hand below, as operand and result have different namespaces."""

    __slots__ = ("axis", "level")

    def __init__(self, level: Level, axis: int) -> None:
        self.level, self.axis = level, axis


class Enter(Crossing):
    """An axis becomes the examples of a vmap: a view."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return entered(x, xp, self.level, self.axis)[0]

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # over Tensors the namespace is the gradient's own, and it may be in newer vmaps
        return leave(g, self.level, self.axis) if isinstance(g, TensorBase) else left(g, xp, self.level, self.axis)[0]


class Leave(Crossing):
    """The examples of a vmap become an axis: a view."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return left(x, xp, self.level, self.axis)[0]

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if isinstance(g, TensorBase):
            return enter(g, self.level, self.axis)
        return entered(g, xp, self.level, self.axis)[0]


class Lift(Primitive):
    """The same value for every example of some vmaps; its gradient is the sum of theirs."""

    __slots__ = ("levels",)

    def __init__(self, levels: tuple[Level, ...]) -> None:
        self.levels = levels

    def forward(self, xp: Any, x: Any) -> Any:
        return lifted(x, xp, over_all(base_of(xp), {*levels_of(xp), *self.levels}))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        for level in self.levels:
            if isinstance(g, TensorBase):
                g = leave(g, level, 0).sum(0)
            else:
                g, xp = left(g, xp, level, 0)
                g = xp.asarray(xp.sum(g, (0,)))
        return g


def _crossed(prim: Primitive, x: Any, array: Any, xp: Any, shares: bool) -> Any:
    t = wrap(array, xp)
    if shares:
        t._cell = cell_of(x)
    node = node_of(x)
    if node is not None and records():
        t._node = new_node(prim, (node,), array, xp)
    return t


def enter(x: Any, level: Level, axis: int) -> Any:
    """x with an axis hidden as the examples of a vmap; the memory is shared."""
    array, xp = entered(x.array, x.xp, level, axis)
    t = _crossed(Enter(level, axis), x, array, xp, True)
    if node_of(x) is not None:
        # a write to the part would have to become a write to x, which the graph of x could not see
        t._parent, t._how, t._seen = x, "made by vmap of its argument", t._cell[0]
    return t


def leave(x: Any, level: Level, axis: int) -> Any:
    """x with the examples of a vmap as an axis; without examples of its own it is repeated."""
    x = lift(x, (level,))
    array, xp = left(x.array, x.xp, level, axis)
    return _crossed(Leave(level, axis), x, array, xp, True)


def is_batched(x: Any, level: Level) -> bool:
    """Whether the examples of a vmap may differ in x."""
    array, xp = x.array, x.xp
    while xp.library == "batch":
        if xp.level is level:
            return bool(array.batched)
        array, xp = array.value, xp.inner
    return False


def lift(x: Any, levels: Sequence[Level]) -> Any:
    """x as a tensor that takes part in these vmaps, too; itself if it does already."""
    have = levels_of(x.xp)
    more = tuple([level for level in levels if level not in have])
    if not more:
        return x
    to = over_all(base_of(x.xp), (*have, *more))
    t = _crossed(Lift(more), x, lifted(x.array, x.xp, to), to, False)
    if node_of(x) is None:
        t._cell = cell_of(x)
    return t


def together(name: Any, xs: Sequence[Any]) -> list[Any]:
    """Tensors of one device in one namespace, that of all vmaps in which one of them takes part.

    Raises DeviceError for tensors on several devices.
    """
    levels = {level for x in xs for level in levels_of(x.xp)}
    if not levels or any([base_of(x.xp) is not base_of(xs[0].xp) for x in xs]):
        raise device_error(name, xs)
    return [lift(x, tuple(levels)) for x in xs]


def place_of_draws(xp: Any) -> Any:
    """The namespace of a draw: with each vmap at work that gives every example numbers of its own."""
    levels = current_levels()
    if any([level.randomness == "error" for level in levels]):
        raise randomness_error()
    return over_all(base_of(xp), {*levels_of(xp), *[level for level in levels if level.randomness == "different"]})


register_batches(together)
streams.register_batches(place_of_draws)
