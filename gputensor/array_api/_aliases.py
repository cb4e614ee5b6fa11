"""Between the two doors: one tensor under two types, which share memory, history and write stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gputensor as gt
from gputensor.core.apply import new
from gputensor.core.history import node_of
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase, cell_of

if TYPE_CHECKING:
    from gputensor.array_api._array import Array

_Array: Any = None  # the class registers itself, once: its operators need what is here


def register_array(cls: type) -> None:
    """Close the circle: what this door makes is an instance of `cls`."""
    global _Array
    _Array = cls


class Alias(Primitive):
    """The same elements under another type: a view of all of them, so that a write through one is the other's too."""

    __slots__ = ()
    view = True
    passes = True

    def forward(self, xp: Any, x: Any) -> Any:
        return x

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


ALIAS = Alias()


def plain(x: Any) -> Any:
    """x as a Tensor that follows PyTorch, sharing memory and history. What is no tensor stays as it is.

    Functions of the other door are handed these: their operators, and those of what is made of them, are PyTorch's.
    """
    return _alias(x, gt.Tensor) if isinstance(x, TensorBase) else x


def shared(x: Any) -> Array:
    """A tensor as an Array that shares memory and history; an Array is itself."""
    return x if type(x) is _Array else _alias(x, _Array)


def _alias(x: Any, cls: type) -> Any:
    t: Any = new(cls)
    t.array = x.array
    t.xp = x.xp
    t._cell = cell = cell_of(x)
    t._node = node_of(x)
    t._how = ALIAS
    if x._parent is None:
        t._seen = cell[0]
    else:
        t._seen = x._seen  # a view made under no_grad may stay out of date
        if type(x._how) is str:
            t._how = x._how
    t._parent = x
    return t


def made(t: Any) -> Array:
    """A result of the other door as an Array. Nobody else has `t`: its place in the graph goes over."""
    a: Any = new(_Array)
    a.array = t.array
    a.xp = t.xp
    a._node = t._node
    a._cell = t._cell
    a._parent = parent = t._parent
    if parent is not None:
        a._how = t._how
        a._seen = t._seen
    return a
