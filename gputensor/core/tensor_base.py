"""The slots of a tensor. What users call is added by the families in `gputensor.ops` and joined in
`gputensor._tensor`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gputensor.core.nodes import GraphNode
    from gputensor.core.primitive import Primitive


class TensorBase:
    """One array, the namespace of its device, and what the graph needs to know about it.

    array: the NumPy or CuPy array; 0-d arrays, never NumPy scalars.
    xp: the namespace of the device; ``x.xp is y.xp`` is the device check.
    _node: the Node that made this tensor, its Leaf, its Pick, or None without history.
    _cell: None until somebody saves, views or writes; then ``[stamp of the last write, who wrote]``, shared by all
    views and detached twins.
    _parent: None, or the tensor this one is a view of. Only then the next two exist:
    _how: the view primitive that made it, or a str that says why writes through it cannot be recorded.
    _seen: the stamp that ``_node`` belongs to; when it differs from the cell's, ``_node`` is out of date.
    """

    # a dict, as help() shows its texts
    __slots__ = {
        "__dict__": None,
        "__weakref__": None,
        "_cell": None,
        "_how": None,
        "_node": None,
        "_parent": None,
        "_seen": None,
        "array": "The NumPy or CuPy array that holds the values; writes to it are not seen by the graph.",
        "xp": "The namespace of the device, whose functions take the array; `x.xp is y.xp` where the devices agree.",
    }
    array: Any
    xp: Any
    _node: GraphNode | None
    _cell: list[Any] | None
    _parent: TensorBase | None
    _how: Primitive | str
    _seen: int


def cell_of(x: TensorBase) -> list[Any]:
    """The write stamp of x's memory, made at first need."""
    c = x._cell
    if c is None:
        c = x._cell = [0, None]
    return c
