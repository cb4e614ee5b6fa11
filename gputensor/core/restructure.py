"""Changing the shape of a tensor in place: the object gets another view of its memory, which is not written."""

from __future__ import annotations

from typing import Any

from gputensor.core.apply import OBSERVERS, wrap
from gputensor.core.history import node_of, root_of
from gputensor.core.hooks import move_retained
from gputensor.core.modes import records
from gputensor.core.nodes import Leaf, new_node
from gputensor.core.primitive import Primitive
from gputensor.core.writes import stamp
from gputensor.errors import GradError


def restructure(x: Any, prim: Primitive) -> Any:
    """x <- prim(x), a view of all of x; returns x.

    Raises GradError where PyTorch does: a leaf that requires grad, a view of one, a view whose writes cannot be
    recorded, while recording. Nothing is changed by a call that failed.
    """
    xp = x.xp
    array = prim.forward(xp, x.array)
    node = node_of(x)
    if node is not None and records():
        if type(root_of(x)._node) is Leaf:
            raise GradError(
                f"{prim.name}_: a leaf that requires grad, or a view of one, cannot be changed in place while "
                "gradients are recorded; "
                f"use {prim.name}(), or write inside `with gputensor.no_grad():`"
            )
        if x._parent is not None and type(x._how) is str:
            raise GradError(f"{prim.name}_: a view {x._how} cannot be changed in place; use {prim.name}()")
    leaf = type(node) is Leaf
    twins = getattr(x, "_restructured", 0)
    if x._cell is not None:
        if not leaf:
            # other tensors look at this memory: what was x, shape and history, lives on as the base of what x becomes
            twin = wrap(x.array, xp, node)
            twin._cell, twin._parent = x._cell, x._parent
            if x._parent is not None:
                twin._how = x._how
            x._how = twin._how if twin._parent is not None and type(twin._how) is str else prim
            x._parent = twin
            twins += 1
        stamp(x._cell, prim)
        x._seen = x._cell[0]
        if x._parent is not None and x._parent._parent is not None:
            x._parent._seen = x._seen
        # older views of x were taken of another shape: they are replayed over the twins, of which there are so many
        x._restructured = twins
    if leaf:
        node.shape = array.shape
    elif node is not None:
        x._node = new_node(prim, (node,), array, xp)
        if node.hooks is not None:
            move_retained(node, x._node)
    x.array = array
    for observer in OBSERVERS:
        observer(prim, (x,), x)
    return x
