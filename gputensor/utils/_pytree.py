"""Trees of tuples, lists, dicts and named tuples: taken apart into leaves, and put together again.

What is no such container is a leaf, None too. The order of a dict's leaves is that of its keys as they were put in.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gputensor.errors import ShapeError

PyTree = Any
Context = Any
FlattenFunc = Callable[[Any], tuple[list[Any], Any]]
UnflattenFunc = Callable[[Iterable[Any], Any], Any]


class NodeDef(NamedTuple):
    """How a kind of container is taken apart and put together."""

    type: type
    flatten_fn: FlattenFunc
    unflatten_fn: UnflattenFunc


SUPPORTED_NODES: dict[type, NodeDef] = {}


def register_pytree_node(
    cls: type, flatten_fn: FlattenFunc, unflatten_fn: UnflattenFunc, *, serialized_type_name: str | None = None,
    **_: Any,
) -> None:  # fmt: skip
    """Let instances of `cls` be inner nodes of trees.

    flatten_fn(x) gives its children and a context; unflatten_fn(children, context) puts it together again. Raises
    ValueError for a class that is registered already.

    >>> from gputensor.utils._pytree import register_pytree_node, tree_map
    >>> class Pair:
    ...     def __init__(self, a, b):
    ...         self.a, self.b = a, b
    >>> register_pytree_node(Pair, lambda p: ([p.a, p.b], None), lambda children, _: Pair(*children))
    >>> tree_map(lambda x: x + 1, Pair(1, 2)).b
    3
    """
    if cls in SUPPORTED_NODES:
        raise ValueError(f"register_pytree_node: {cls.__name__} is registered already")
    SUPPORTED_NODES[cls] = NodeDef(cls, flatten_fn, unflatten_fn)


class TreeSpec:
    """The structure of a tree without its leaves: ``type``, ``context`` and the specs of the children.

    A leaf has no type. Two specs are equal when trees of them can be put together of the same leaves.
    """

    __slots__ = ("children_specs", "context", "num_children", "num_leaves", "num_nodes", "type")
    __hash__ = None  # type: ignore[assignment]  # it may hold what cannot be hashed
    num_leaves: int
    num_nodes: int

    def __init__(self, type: Any, context: Context, children_specs: list[TreeSpec]) -> None:
        self.type, self.context, self.children_specs = type, context, children_specs
        self.num_children = len(children_specs)
        self.num_leaves = 1 if type is None else sum([s.num_leaves for s in children_specs])
        self.num_nodes = 1 + sum([s.num_nodes for s in children_specs])

    def is_leaf(self) -> bool:
        return self.type is None

    def unflatten(self, leaves: Iterable[Any]) -> PyTree:
        """See `tree_unflatten`."""
        return tree_unflatten(leaves, self)

    def flatten_up_to(self, tree: PyTree) -> list[PyTree]:
        """The subtrees of a tree that stand where this structure has leaves. Raises ValueError where it differs."""
        found: list[PyTree] = []
        self._collect(tree, found)
        return found

    def _collect(self, tree: PyTree, found: list[PyTree]) -> None:
        if self.type is None:
            found.append(tree)
            return
        kind = _kind(tree)
        if kind is not self.type and not (kind in _DICTS and self.type in _DICTS):
            raise ShapeError(f"tree: expected a {self.type.__name__} here, got {type(tree).__name__}")
        children, context = _children(kind, tree)
        if kind in _DICTS and _keys(kind, context) != _keys(self.type, self.context):
            mine = _keys(self.type, self.context)
            if set(mine) != set(tree):
                raise ShapeError(f"tree: expected a dict with the keys {mine}, got {list(tree)}")
            children = [tree[k] for k in mine]
        elif kind not in _DICTS and context != self.context:
            raise ShapeError(f"tree: expected {self.type.__name__} with {self.context!r}, got {context!r}")
        if len(children) != self.num_children:
            raise ShapeError(f"tree: expected {self.num_children} parts in a {kind.__name__}, got {len(children)}")
        for spec, child in zip(self.children_specs, children, strict=True):
            spec._collect(child, found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TreeSpec):
            return NotImplemented
        return self.type is other.type and self.context == other.context and self.children_specs == other.children_specs

    def __repr__(self) -> str:
        if self.type is None:
            return "*"
        return f"TreeSpec({self.type.__name__}, {self.context!r}, {self.children_specs!r})"


class LeafSpec(TreeSpec):
    """The structure of a tree that is a single leaf."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(None, None, [])


def tree_flatten(tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> tuple[list[Any], TreeSpec]:
    """The leaves of a tree in order, and its structure. is_leaf: what to leave whole besides.

    >>> from gputensor.utils._pytree import tree_flatten
    >>> tree_flatten({"a": 1, "b": (2, [3])})[0]
    [1, 2, 3]
    """
    leaves: list[Any] = []
    spec = _flatten(tree, leaves, is_leaf)
    return leaves, spec


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> PyTree:
    """The tree of a structure with these leaves. Raises ShapeError (a ValueError) for another number of leaves.

    >>> from gputensor.utils._pytree import tree_flatten, tree_unflatten
    >>> leaves, spec = tree_flatten((1, {"a": 2}))
    >>> tree_unflatten([10, 20], spec)
    (10, {'a': 20})
    """
    if not isinstance(treespec, TreeSpec):
        raise TypeError(f"tree_unflatten: treespec must be a TreeSpec, got {type(treespec).__name__}")
    given = list(leaves)
    if len(given) != treespec.num_leaves:
        raise ShapeError(f"tree_unflatten: the structure has {treespec.num_leaves} leaves, got {len(given)}")
    return _unflatten(iter(given), treespec)


def tree_leaves(tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> list[Any]:
    """The leaves of a tree in order.

    >>> from gputensor.utils._pytree import tree_leaves
    >>> tree_leaves([1, (2, None)])
    [1, 2, None]
    """
    return tree_flatten(tree, is_leaf)[0]


def tree_iter(tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> Iterable[Any]:
    """An iterator over the leaves of a tree."""
    return iter(tree_leaves(tree, is_leaf))


def tree_structure(tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> TreeSpec:
    """The structure of a tree without its leaves.

    >>> from gputensor.utils._pytree import tree_structure
    >>> tree_structure((1, 2)).num_leaves
    2
    """
    return tree_flatten(tree, is_leaf)[1]


def tree_map(
    func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: Callable[[PyTree], bool] | None = None
) -> PyTree:
    """A tree of the same structure with func(leaf, …) for each leaf; rests: trees with a subtree at each leaf.

    Raises ShapeError (a ValueError) where the structures differ.

    >>> from gputensor.utils._pytree import tree_map
    >>> tree_map(lambda x, y: x + y, {"a": 1, "b": [2]}, {"a": 10, "b": [20]})
    {'a': 11, 'b': [22]}
    """
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [spec.flatten_up_to(rest) for rest in rests]
    return tree_unflatten([func(*parts) for parts in zip(leaves, *others, strict=True)], spec)


def tree_map_(
    func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: Callable[[PyTree], bool] | None = None
) -> PyTree:
    """`tree_map` for what func does, not for what it returns; returns the tree itself."""
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [spec.flatten_up_to(rest) for rest in rests]
    for parts in zip(leaves, *others, strict=True):
        func(*parts)
    return tree


def tree_map_only(
    type_or_types_or_pred: Any, func: Callable[[Any], Any], tree: PyTree,
    is_leaf: Callable[[PyTree], bool] | None = None,
) -> PyTree:  # fmt: skip
    """`tree_map` over the leaves of a type, of one of several, or that a predicate accepts; others stay.

    >>> from gputensor.utils._pytree import tree_map_only
    >>> tree_map_only(int, lambda x: -x, [1, "a"])
    [-1, 'a']
    """
    chosen = _predicate(type_or_types_or_pred)
    return tree_map(lambda x: func(x) if chosen(x) else x, tree, is_leaf=is_leaf)


def tree_all(pred: Callable[[Any], bool], tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> bool:
    """Whether pred is true of all leaves."""
    return all([pred(x) for x in tree_leaves(tree, is_leaf)])


def tree_any(pred: Callable[[Any], bool], tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> bool:
    """Whether pred is true of a leaf."""
    return any([pred(x) for x in tree_leaves(tree, is_leaf)])


def tree_all_only(
    type_or_types: Any, pred: Callable[[Any], bool], tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None
) -> bool:
    """Whether pred is true of all leaves of a type."""
    return all([pred(x) for x in tree_leaves(tree, is_leaf) if isinstance(x, type_or_types)])


def tree_any_only(
    type_or_types: Any, pred: Callable[[Any], bool], tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None
) -> bool:
    """Whether pred is true of a leaf of a type."""
    return any([pred(x) for x in tree_leaves(tree, is_leaf) if isinstance(x, type_or_types)])


def broadcast_to_and_flatten(tree: PyTree, treespec: TreeSpec) -> list[Any] | None:
    """A tree that may end early, one leaf standing for all below it, as the leaves of a structure; None if it cannot.

    >>> from gputensor.utils._pytree import broadcast_to_and_flatten, tree_structure
    >>> broadcast_to_and_flatten((0, None), tree_structure(([1, 2], 3)))
    [0, 0, None]
    """
    kind = _kind(tree)
    if kind is None:
        return [tree] * treespec.num_leaves
    if treespec.type is not kind:
        return None
    children, context = _children(kind, tree)
    if len(children) != treespec.num_children or context != treespec.context:
        return None
    out: list[Any] = []
    for child, spec in zip(children, treespec.children_specs, strict=True):
        part = broadcast_to_and_flatten(child, spec)
        if part is None:
            return None
        out += part
    return out


# ---------------------------------------------------------------- the kinds of containers


_DICTS = (dict, OrderedDict, defaultdict)


def _kind(tree: Any) -> Any:
    """The registered type of a container; None for a leaf."""
    kind = type(tree)
    if kind in SUPPORTED_NODES:
        return kind
    return namedtuple if isinstance(tree, tuple) and hasattr(kind, "_fields") else None


def _children(kind: Any, tree: Any) -> tuple[list[Any], Context]:
    return SUPPORTED_NODES[kind].flatten_fn(tree)


def _flatten(tree: Any, leaves: list[Any], is_leaf: Callable[[Any], bool] | None) -> TreeSpec:
    kind = None if is_leaf is not None and is_leaf(tree) else _kind(tree)
    if kind is None:
        leaves.append(tree)
        return LeafSpec()
    children, context = _children(kind, tree)
    return TreeSpec(kind, context, [_flatten(child, leaves, is_leaf) for child in children])


def _unflatten(leaves: Any, spec: TreeSpec) -> Any:
    if spec.type is None:
        return next(leaves)
    children = [_unflatten(leaves, child) for child in spec.children_specs]
    return SUPPORTED_NODES[spec.type].unflatten_fn(children, spec.context)


def _predicate(what: Any) -> Callable[[Any], bool]:
    if isinstance(what, (type, tuple)):
        return lambda x: isinstance(x, what)
    if callable(what):
        found: Any = what
        return found
    raise TypeError(f"tree_map_only: expected a type, a tuple of types or a predicate, got {what!r}")


def _keys(kind: Any, context: Context) -> list[Any]:
    keys: list[Any] = context[1] if kind is defaultdict else context
    return keys


class namedtuple:
    """Stands for all named tuples; the context is the class."""


register_pytree_node(tuple, lambda x: (list(x), None), lambda children, _: tuple(children))
register_pytree_node(list, lambda x: (list(x), None), lambda children, _: list(children))
register_pytree_node(dict, lambda x: (list(x.values()), list(x)), lambda c, keys: dict(zip(keys, c, strict=True)))
register_pytree_node(
    OrderedDict, lambda x: (list(x.values()), list(x)), lambda c, keys: OrderedDict(zip(keys, c, strict=True))
)
register_pytree_node(
    defaultdict,
    lambda x: (list(x.values()), [x.default_factory, list(x)]),
    lambda c, context: defaultdict(context[0], zip(context[1], c, strict=True)),
)
register_pytree_node(deque, lambda x: (list(x), x.maxlen), lambda children, most: deque(children, maxlen=most))
register_pytree_node(namedtuple, lambda x: (list(x), type(x)), lambda children, cls: cls(*children))
