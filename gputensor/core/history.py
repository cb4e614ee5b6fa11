"""Whose history a tensor has: views renew their node lazily, when they are asked for it after their base was
written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor.core.modes import is_grad_enabled
from gputensor.core.nodes import Leaf, new_node
from gputensor.core.tensor_base import cell_of
from gputensor.errors import GradError


def node_of(x: Any) -> Any:
    """The node of x, renewed first if x is a view whose base was written since."""
    if x._parent is not None and x._seen != x._cell[0]:
        refresh(x)
    return x._node


def refresh(x: Any) -> None:
    """Replay the views that lead to x over the base's new history: lazily, and without recursion."""
    stale = []
    while x._parent is not None and x._seen != x._cell[0]:
        stale.append(x)
        x = x._parent
    for v in reversed(stale):
        if v._seen < getattr(v._parent, "_reshaped", 0):
            v._how = "made before its base changed its shape in place"
        how, parent = v._how, v._parent._node
        if type(how) is str:
            if parent is not None:
                raise GradError(
                    f"a view ({how}) is out of date: its base or another view of it was written in place; take the "
                    "view again after the write"
                )
        elif parent is not None:
            v._node = new_node(how, (parent,), v.array, v.xp)
        elif type(v._node) is not Leaf:  # a view made a leaf by requires_grad_() stays one
            v._node = None
        v._seen = v._cell[0]


def mark_views(ts: Sequence[Any], base: Any, how: str) -> None:
    cell = cell_of(base)
    for t in ts:
        t._cell = cell
        t._parent = base
        t._seen = cell[0]
        t._how = how if is_grad_enabled() else "made while nothing was recorded"


def root_of(x: Any) -> Any:
    """The tensor at the end of the chain of views."""
    while x._parent is not None:
        x = x._parent
    return x
