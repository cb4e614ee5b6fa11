"""Whose history a tensor has: views renew their node lazily, when they are asked for it after their base was
written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gputensor.core.hooks import move_retained
from gputensor.core.modes import records
from gputensor.core.nodes import Leaf, Node, Pick, new_node
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.errors import GradError


def node_of(x: Any) -> Any:
    """The node of x, renewed first if x is a view whose base was written since."""
    if x._parent is not None and x._seen != x._cell[0]:
        refresh(x)
    return x._node


def refresh(x: Any) -> None:
    """Replay the views that lead to x over the base's new history: lazily, and without recursion."""
    stale = []
    how: Any  # a primitive or a str; the checkers would see only the str assigned below
    while x._parent is not None and x._seen != x._cell[0]:
        stale.append(x)
        x = x._parent
    for v in reversed(stale):
        if hasattr(v._parent, "_restructured") and not _shows(v, v._parent):
            base = _base_of_before(v)
            if base is None:
                v._how = "made before its base changed its shape in place"
            else:
                v._parent = base
        how, parent = v._how, v._parent._node
        if type(how) is str:
            if parent is not None:
                if not records():
                    return  # nobody asks for its history now; it stays out of date
                raise GradError(
                    f"a view ({how}) is out of date: its base or another view of it was written in place; take the "
                    "view again after the write"
                )
        elif parent is not None:
            old, v._node = v._node, new_node(how, (parent,), v.array, v.xp)
            if old is not None and old.hooks is not None:
                move_retained(old, v._node)
        elif type(v._node) is not Leaf:  # a view made a leaf by requires_grad_() stays one
            v._node = None
        v._seen = v._cell[0]


def _base_of_before(v: Any) -> Any:
    """What v's base was before it changed its shape in place, which lives on as that one's own base; None if gone."""
    base = v._parent._parent
    while base is not None and not _shows(v, base):
        base = base._parent
    return base


def _shows(v: Any, base: Any) -> bool:
    """Whether v's view of a base gives the memory that v looks at: not if the base changed its shape since."""
    xp, how = v.xp, v._how
    if type(how) is str:
        return True
    try:
        part = how.forward(xp, base.array)
    except Exception:  # a dim or an index that the base no longer has
        return False
    return (
        part.shape == v.array.shape
        and xp.strides(part) == xp.strides(v.array)
        and xp.address(part) == xp.address(v.array)
    )


def mark_views(ts: Sequence[Any], base: Any, how: str) -> None:
    cell = cell_of(base)
    for t in ts:
        t._cell = cell
        t._parent = base
        t._seen = cell[0]
        t._how = how if records() else "made while nothing was recorded"


def root_of(x: Any) -> Any:
    """The tensor at the end of the chain of views."""
    while x._parent is not None:
        x = x._parent
    return x


def new_nodes(result: Any) -> Iterator[Any]:
    """The nodes that an operation made, each once, given its result or tuple of results."""
    last = None
    for t in result if isinstance(result, tuple) else (result,):
        if not isinstance(t, TensorBase):
            continue
        node: Any = t._node
        if t._parent is not None and t._seen != t._cell[0]:  # type: ignore[index]  # a view has a cell
            # a write through a view: the new history is the base's, with the operation itself as its second operand
            node = root_of(t)._node
            if node is not None and isinstance(node.edges[-1], Node):
                yield node.edges[-1]
        if isinstance(node, Pick):
            node = node.edges[0]
        if isinstance(node, Node) and node is not last:  # the results of one operation share its node
            yield node
            last = node
