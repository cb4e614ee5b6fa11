"""The graph: nodes, not tensors. Edges point to older nodes only, so the order of creation is a topological order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from gputensor.core.hooks import AfterNode, BeforeNode, HookHandle, add_hook
from gputensor.errors import GradError

if TYPE_CHECKING:
    from gputensor.core.primitive import Primitive

# one clock stamps nodes and writes: "written after saved" is the comparison `cell[0] > node.seq`
tick = itertools.count(1).__next__
_METADATA: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


class GraphNode:
    """What the three kinds of node share: the face that users see as ``grad_fn``.

    >>> import gputensor as gt
    >>> y = gt.ones(2, requires_grad=True) * 2
    >>> isinstance(y.grad_fn, gt.autograd.graph.Node), y.grad_fn.name()
    (True, 'MulBackward0')
    """

    __slots__ = ()
    prim: Primitive | None
    edges: tuple[GraphNode | None, ...]
    hooks: tuple[Any, ...] | None
    seq: int

    def name(self) -> str:
        """PyTorch's name of the backward step, for example ``MulBackward0``."""
        prim: Any = self.prim
        prim = prim.original if prim.deferred else prim
        return prim.called(self)

    def __repr__(self) -> str:
        return f"<{self.name()}>"

    @property
    def next_functions(self) -> tuple[tuple[GraphNode | None, int], ...]:
        """The nodes of the operands, each with the number of the output that was used."""
        return tuple((shown(e.edges[0]), e.index) if isinstance(e, Pick) else (shown(e), 0) for e in self.edges)

    @property
    def metadata(self) -> dict[Any, Any]:
        """A dict for whatever its user wants to note about this node."""
        return _METADATA.setdefault(self, {})

    def register_hook(self, hook: Callable[..., Any]) -> HookHandle:
        """Call `hook(grad_inputs, grad_outputs)`, tuples, after this step; a tuple it returns replaces the first.

        An entry is None where no gradient was needed. Returns a handle with `remove()`.
        """
        return self._hang("register_hook", AfterNode, hook)

    def register_prehook(self, hook: Callable[..., Any]) -> HookHandle:
        """Call `hook(grad_outputs)`, a tuple, before this node's step; a tuple it returns replaces grad_outputs."""
        return self._hang("register_prehook", BeforeNode, hook)

    def _hang(self, name: str, kind: type, hook: Callable[..., Any]) -> HookHandle:
        if not callable(hook):
            raise TypeError(f"{name}: hook must be callable, got {type(hook).__name__}")
        hung = kind(hook)
        add_hook(self, hung)
        return HookHandle(self, "hooks", hung)


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
    args: Any
    cells: tuple[Any, ...] | None
    out: Any
    kern: Any
    where: Any
    xp: Any

    @property
    def _saved_self(self) -> Any:
        """The first operand, with its history, if it was saved, else None; AttributeError where it never is."""
        return self._saved("self", 0)

    @property
    def _saved_other(self) -> Any:
        """The second operand, with its history, if it was saved, else None; AttributeError where it never is."""
        return self._saved("other", 1)

    @property
    def _saved_result(self) -> Any:
        """The result, with its history; AttributeError for an operation that does not save it."""
        return self._saved("result", -1)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_saved_") or self._may_save(name)]

    def _may_save(self, name: str) -> bool:
        prim: Any = self.prim
        prim = prim.original if prim.deferred else prim
        if name == "_saved_result":
            return bool(prim.save_out and prim.nout == 1)
        k = 0 if name == "_saved_self" else 1
        return bool(prim.arity and prim.save_in[k : k + 1] == (True,))

    def _saved(self, name: str, k: int) -> Any:
        from gputensor.core.apply import wrap

        if not self._may_save(f"_saved_{name}"):
            raise AttributeError(f"{self.name()} saves no {name!r}")
        if self.args is None:
            raise GradError(f"_saved_{name}: backward has freed what {self.name()} saved; pass it retain_graph=True")
        prim: Any = self.prim
        if prim.deferred:
            prim.restore(self)
        saved = self.out if k < 0 else self.args[k]
        if isinstance(saved, (GraphNode, Spec)):
            return None
        return wrap(self.xp.asarray(saved), self.xp, self if k < 0 else self.edges[k])


class Branching(Node):
    """A node with several outputs that can find the Pick of each again, without keeping it: that would be a cycle."""

    __slots__ = ("picks",)
    picks: tuple[Any, ...]  # weak references, None for an output without a gradient

    def output(self, k: int) -> Any:
        """The place of output k in the graph."""
        known = self.picks[k]
        pick = None if known is None else known()
        if pick is None:
            pick = new_pick(self, k, Spec.of(self.shape[k], self.dtype[k]))  # type: ignore[arg-type]
        return pick


# (class, name) -> the class of nodes that are shown under that name
_NAMED: dict[tuple[type, str], type] = {}


def shown(node: Any) -> Any:
    """The node that a user asked for: its class then bears its name, as programs ask ``type(node).__name__``."""
    if isinstance(node, Node):
        name, kind = node.name(), type(node)
        if kind.__name__ != name:
            named = _NAMED.get((kind, name))
            if named is None:
                body = {"__slots__": (), "__module__": __name__}
                named = _NAMED.setdefault((kind, name), type(name, (kind,), body))
            node.__class__ = named
    return node


class Leaf(GraphNode):
    """The end of the graph at a tensor that requires grad; the gradient accumulates here, so that tensors and graph
    form no cycle."""

    __slots__ = ("__weakref__", "dtype", "edges", "grad", "hooks", "owner", "post", "prim", "seq", "shape", "xp")
    shape: tuple[int, ...]
    dtype: np.dtype
    grad: Any
    owner: Any  # a weak reference to the tensor, which holds this node
    post: tuple[Any, ...] | None
    xp: Any

    def name(self) -> str:
        return "AccumulateGrad"

    @property
    def variable(self) -> Any:
        """The tensor whose gradient accumulates here; raises AttributeError once it is gone."""
        tensor = None if self.owner is None else self.owner()
        if tensor is None:
            raise AttributeError("variable: the tensor of this node is gone; keep a reference to it")
        return tensor


class Pick(GraphNode):
    """Output `index` of a node with several outputs, so that an edge is always one object."""

    __slots__ = ("__weakref__", "dtype", "edges", "hooks", "index", "prim", "seq", "shape", "xp")
    index: int
    shape: tuple[int, ...]
    dtype: np.dtype
    xp: Any

    def name(self) -> str:
        node = self.edges[0]
        return node.name() if node is not None else "Pick"


class Spec:
    """Shape and dtype of an operand that was not saved and has no node."""

    __slots__ = ("dtype", "shape")

    def __init__(self, array: Any) -> None:
        self.shape: tuple[int, ...] = array.shape
        self.dtype: np.dtype = array.dtype

    @classmethod
    def of(cls, shape: tuple[int, ...], dtype: np.dtype) -> Spec:
        spec = object.__new__(cls)
        spec.shape, spec.dtype = shape, dtype
        return spec


Leaf.__name__ = Leaf.__qualname__ = "AccumulateGrad"  # what users see of it, as of `shown`


def new_leaf(shape: tuple[int, ...], dtype: np.dtype, xp: Any) -> Leaf:
    """A leaf without a gradient, for a tensor of that shape and dtype."""
    n = Leaf()
    n.prim = None
    n.edges = ()
    n.grad = None
    n.seq = -1
    n.hooks = n.post = n.owner = None
    n.shape = shape
    n.dtype = dtype
    n.xp = xp
    return n


def new_node(prim: Primitive, edges: tuple[GraphNode | None, ...], out: Any, xp: Any, kind: type[Node] = Node) -> Any:
    """A node that saves nothing. The hot paths write the same stores out by hand."""
    n = kind()
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
