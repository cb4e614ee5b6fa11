"""Views: tensors that look at another tensor's memory and share its write stamp."""

from __future__ import annotations

from _thread import get_ident
from typing import Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply1
from gputensor.core.explain import explain
from gputensor.core.history import refresh
from gputensor.core.modes import OFF
from gputensor.core.nodes import Node, tick
from gputensor.core.primitive import Primitive

new = object.__new__
OBSERVERS = _apply.OBSERVERS
STARTERS = _apply.STARTERS


def take_view(prim: Primitive, x: Any) -> Any:
    """Run a view primitive; where the library had to copy (a reshape of a transposed array), the result is an ordinary
    one."""
    try:
        a = x.array
        xp = x.xp
        if STARTERS:
            for start in STARTERS:
                start(prim, (x,))
        out = prim.forward(xp, a)
        if not xp.is_view_of(out, a):
            if out is not a:
                return apply1(prim, x)
            out = xp.getitem(a, ...)
    except Exception as error:
        raise explain(prim, (x,), error) from None
    return as_view(prim, x, out)


def as_view(prim: Primitive, x: Any, out: Any) -> Any:
    """A tensor for `out`, a view of x's array made by `prim`."""
    cell = x._cell
    if cell is None:
        cell = x._cell = [0, None]
    elif x._parent is not None and x._seen != cell[0]:
        refresh(x)
    t = new(_apply.Tensor)
    t.array = out
    t.xp = x.xp
    t._cell = cell
    t._parent = x
    t._how = prim
    t._seen = cell[0]
    node = x._node
    if not OFF or get_ident() not in OFF:
        if node is not None:
            t._node = n = Node()
            n.prim = prim
            n.edges = n.args = (node,)
            n.xp = x.xp
            n.cells = n.hooks = n.kern = None
            n.seq = tick()
            n.shape = out.shape
            n.dtype = out.dtype
        else:
            t._node = None
        if x._parent is not None and type(x._how) is str:
            t._how = x._how
    else:
        t._node = None
        t._how = "made while nothing was recorded"
    if OBSERVERS:
        for observer in OBSERVERS:
            observer(prim, (x,), t)
    return t
