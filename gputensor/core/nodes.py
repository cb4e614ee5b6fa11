"""The graph: nodes, not tensors. Edges point to older nodes only, so the order of creation is a topological order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gputensor.core.primitive import Primitive

# one clock stamps nodes and writes: "written after saved" is the comparison `cell[0] > node.seq`
tick = itertools.count(1).__next__


class GraphNode:
    """What the three kinds of node share: the face that users see as ``grad_fn``."""

    __slots__ = ()
    prim: Primitive | None
    edges: tuple[GraphNode | None, ...]
    hooks: tuple[Any, ...] | None
    seq: int

    def name(self) -> str:
        """PyTorch's name of the backward step, for example ``MulBackward0``."""
        return f"{type(self.prim).__name__}Backward0"

    def __repr__(self) -> str:
        return f"<{self.name()}>"

    @property
    def next_functions(self) -> tuple[tuple[GraphNode | None, int], ...]:
        """The nodes of the operands, each with the number of the output that was used."""
        return tuple((e.edges[0], e.index) if isinstance(e, Pick) else (e, 0) for e in self.edges)


class Node(GraphNode):
    """One recorded operation: its primitive, its edges, what it saved.

    It is also what a gradient sees of a value that nobody saved: ``shape`` and ``dtype`` are those of its output.
    ``args`` holds, for every operand, the saved array or else the operand's edge; ``cells`` the write stamps of what
    was saved.
    """

    __slots__ = (
        "__weakref__", "args", "cells", "dtype", "edges", "hooks", "kern", "out", "prim", "seq", "shape", "where", "xp",
    )  # fmt: skip
    shape: tuple[int, ...]
    dtype: np.dtype


class Leaf(GraphNode):
    """The end of the graph at a tensor that requires grad; the gradient accumulates here, so that tensors and graph
    form no cycle."""

    __slots__ = ("__weakref__", "dtype", "edges", "grad", "hooks", "post", "prim", "seq", "shape", "xp")

    def name(self) -> str:
        return "AccumulateGrad"


class Pick(GraphNode):
    """Output `index` of a node with several outputs, so that an edge is always one object."""

    __slots__ = ("__weakref__", "dtype", "edges", "hooks", "index", "prim", "seq", "shape", "xp")
    index: int

    def name(self) -> str:
        node = self.edges[0]
        return node.name() if node is not None else "Pick"


class Spec:
    """Shape and dtype of an operand that was not saved and has no node."""

    __slots__ = ("dtype", "shape")

    def __init__(self, array: Any) -> None:
        self.shape: tuple[int, ...] = array.shape
        self.dtype: np.dtype = array.dtype


def new_leaf(shape: tuple[int, ...], dtype: np.dtype, xp: Any) -> Leaf:
    n = Leaf()
    n.prim = None
    n.edges = ()
    n.grad = None
    n.seq = -1
    n.hooks = n.post = None
    n.shape = shape
    n.dtype = dtype
    n.xp = xp
    return n


def new_node(prim: Primitive, edges: tuple[GraphNode | None, ...], out: Any, xp: Any) -> Node:
    """A node that saves nothing. The hot paths write the same stores out by hand."""
    n = Node()
    n.prim = prim
    n.edges = n.args = edges
    n.xp = xp
    n.cells = n.hooks = n.kern = None
    n.seq = tick()
    n.shape = out.shape
    n.dtype = out.dtype
    return n


def new_pick(node: Node, index: int, out: Any) -> Pick:
    n = Pick()
    n.prim = None
    n.edges = (node,)
    n.index = index
    n.xp = node.xp
    n.seq = tick()
    n.shape = out.shape
    n.dtype = out.dtype
    n.hooks = None
    return n
