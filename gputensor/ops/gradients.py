"""The face of the graph on a tensor: requires_grad, grad, backward, hooks, detach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import ref

from gputensor.autograd.engine import run_backward
from gputensor.autograd.functional_api import backward
from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.explain import check_recordable, describe
from gputensor.core.history import node_of, root_of
from gputensor.core.hooks import HookHandle, RetainedGrad, add_hook, retained
from gputensor.core.nodes import Leaf, Node, Pick, new_leaf, new_node, shown
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.core.subclasses import of_same_class
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.core.writes import ViewWrite
from gputensor.errors import DtypeError, GradError, ShapeError
from gputensor.ops.dims import checked

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

    _Slots = TensorBase  # the methods assign to slots that only the joined class has
else:
    _Slots = object


def detach(input: Tensor) -> Tensor:
    """The same memory without history; see `Tensor.detach`.

    >>> import gputensor as gt
    >>> gt.detach(gt.tensor([1.0], requires_grad=True)).requires_grad
    False
    """
    return checked("detach", input).detach()


def detach_(input: Tensor) -> Tensor:
    """Forget the history of input, in place. Raises GradError for a view.

    >>> import gputensor as gt
    >>> gt.detach_(gt.tensor([1.0], requires_grad=True)).requires_grad
    False
    """
    return checked("detach_", input).detach_()


class Replaced(Primitive):
    """The history of a tensor whose data was replaced by some of another shape: the gradient must fit the old one."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return x

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g

    def called(self, node: Any) -> str:
        return str(node.edges[0].name())


REPLACED = Replaced()


def _refuse_shape(g: Any) -> None:
    raise ShapeError(
        f"backward: a gradient of shape {tuple(g.shape)} reached a leaf whose data was replaced by some of another "
        "shape after it was used; replace them before"
    )


def recording(name: str, x: Any, requires_grad: Any) -> Any:
    """x, which operation `name` made, as a leaf that is recorded from now on."""
    check_recordable(name, x, requires_grad)
    return x.requires_grad_()


class GradientMethods(_Slots):
    """What a tensor knows of the graph."""

    __slots__ = ()

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor; may be set on leaves."""
        how = self._how if self._parent is not None else None
        return self._node is not None if type(how) is str else node_of(self) is not None

    @requires_grad.setter
    def requires_grad(self, on: bool) -> None:
        self.requires_grad_(on)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording what is computed from this leaf, in place.

        Raises DtypeError for integers and booleans, GradError for a tensor that was computed from others (use
        detach()).
        Unlike torch: a view that was made of this tensor before does not require grad until one of them is written.
        """
        check_recordable("requires_grad_", self, requires_grad)
        node = node_of(self)
        if requires_grad:
            if node is None:
                ended = self.__dict__.pop("_ended", None)
                leaf = None if ended is None else ended()
                if leaf is None or leaf.shape != self.array.shape or leaf.dtype != self.array.dtype:
                    leaf = new_leaf(self.array.shape, self.array.dtype, self.xp)
                    leaf.owner = ref(self)
                # else graphs from before end here again
                self._node = leaf
                leaf.grad = self.__dict__.pop("_grad", None)
        elif node is not None:
            if not isinstance(node, Leaf):
                raise GradError(
                    "requires_grad_(False): this tensor was computed from others that require grad; use .detach()"
                )
            self._end_of_leaf(node)
        return self  # type: ignore[return-value]

    def _end_of_leaf(self, node: Leaf) -> None:
        """Record no longer, and keep what `grad` is: graphs that end at the node add to it no more."""
        self._node = None
        self.__dict__["_ended"] = ref(node)
        if node.grad is not None:
            self.__dict__["_grad"] = node.grad
            node.grad = None

    @property
    def is_leaf(self) -> bool:
        """Whether this tensor was made by the user, not computed from tensors that require grad."""
        node = node_of(self)
        return node is None or isinstance(node, Leaf)

    @property
    def grad_fn(self) -> Any:
        """The node that made this tensor; None for leaves."""
        node = node_of(self)
        if isinstance(node, Pick):
            return shown(node.edges[0])
        return None if isinstance(node, Leaf) else shown(node)

    @property
    def output_nr(self) -> int:
        """Which output of `grad_fn` this tensor is; 0 for leaves."""
        node = node_of(self)
        return node.index if isinstance(node, Pick) else 0

    @property
    def grad(self) -> Any:
        """The gradient that backward added up here: None before; of a tensor that is no leaf, only after
        `retain_grad()`."""
        several = self._parent is not None and type(self._how) is str  # the gradient is kept elsewhere
        node = self._node if several else node_of(self)
        if isinstance(node, Leaf):
            return node.grad
        keeper = retained(node)
        if keeper is not None:
            return keeper.grad
        # a tensor that gets none from backward may be given one, as in PyTorch
        return self.__dict__.get("_grad")

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is None and type(self._node) is Leaf:
            self._node.grad = None
            return
        if value is not None:
            if not hasattr(value, "array"):
                raise TypeError(f"grad: must be a Tensor or None, got {type(value).__name__}")
            if tuple(value.array.shape) != tuple(self.array.shape):
                raise ShapeError(
                    f"grad: has shape {tuple(value.array.shape)}, the tensor has {tuple(self.array.shape)}; they must "
                    "be equal"
                )
            if value.array.dtype != self.array.dtype or value.xp is not self.xp:
                raise DtypeError(
                    f"grad: is {describe(value)}, the tensor is {describe(self)}; dtype and device must be equal"
                )
        node = node_of(self)
        if isinstance(node, Leaf):
            node.grad = value
            return
        keeper = retained(node)
        if keeper is not None:
            keeper.grad = value
            return
        if value is None:
            self.__dict__.pop("_grad", None)
        else:
            self.__dict__["_grad"] = value

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Sequence[Tensor] | Tensor | None = None,
    ) -> None:
        """Add the gradient of this tensor to the ``grad`` of every leaf it was computed from.

        gradient: of this tensor's shape; may be left out for one element. retain_graph: keep what was saved, for
        another backward.
        create_graph: record the backward pass, for higher derivatives. inputs: only these tensors get a gradient.
        Raises GradError without history, on a second backward, or where a saved value was written in place.
        """
        if inputs is None:
            run_backward(
                (self,), (gradient,), None, create_graph if retain_graph is None else retain_graph, create_graph, True
            )
        else:
            backward(self, gradient, retain_graph, create_graph, inputs=inputs)  # type: ignore[arg-type]

    def retain_grad(self) -> None:
        """Keep the gradient of this tensor in ``grad`` although it is no leaf. Raises GradError if it does not require
        grad."""
        node = node_of(self)
        if node is None:
            raise GradError("retain_grad: this tensor does not require grad")
        if not isinstance(node, Leaf) and retained(node) is None:
            keeper = RetainedGrad()
            keeper.grad = self.__dict__.pop("_grad", None)
            add_hook(node, keeper)

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was called on this tensor (False for leaves, as in PyTorch)."""
        return retained(node_of(self)) is not None

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> HookHandle:
        """Call `hook(gradient)` whenever the gradient of this tensor is computed; a tensor it returns replaces the
        gradient.

        Returns a handle with `remove()`. Raises GradError if this tensor does not require grad.
        """
        node = node_of(self)
        if node is None:
            raise GradError("register_hook: this tensor does not require grad")
        if not callable(hook):
            raise TypeError(f"register_hook: hook must be callable, got {type(hook).__name__}")
        add_hook(node, hook)
        return HookHandle(node, "hooks", hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> HookHandle:
        """Call `hook(tensor)` after backward added to this leaf's ``grad``. Raises GradError for a tensor that is no
        leaf with grad."""
        node = node_of(self)
        if not isinstance(node, Leaf):
            raise GradError("register_post_accumulate_grad_hook: only leaves that require grad accumulate gradients")

        if not callable(hook):
            raise TypeError(f"register_post_accumulate_grad_hook: hook must be callable, got {type(hook).__name__}")
        me = ref(self)  # the leaf must not hold its tensor: a cycle

        def call() -> None:
            tensor = me()
            if tensor is not None:
                hook(tensor)  # type: ignore[arg-type]  # a Tensor, as TensorBase is one

        node.post = (*(node.post or ()), call)
        return HookHandle(node, "post", call)

    def detach(self) -> Tensor:
        """The same memory without history. Writes to either are seen by both, and by the graph."""
        t = wrap(self.array, self.xp)
        t._cell = cell_of(self)
        return of_same_class(self, t) if _apply.SLOW else t

    def detach_(self) -> Tensor:
        """Forget the history of this tensor, in place. A view that was the last to be written keeps its own.

        Raises GradError for a view.
        """
        if self._is_view():
            raise GradError("detach_: a view cannot be detached in place; use .detach()")
        node = self._node
        if isinstance(node, Leaf):
            self._end_of_leaf(node)
        elif isinstance(node, Node) and type(node.prim) is ViewWrite and node.prim.writer is not None:
            view = node.prim.writer()
            if view is not None:
                node_of(view)
        t: Any = self
        while t is not None:  # and what it was before it changed its shape in place
            t._node = None
            if t._parent is not None:
                t._seen = t._cell[0]
            t = t._parent
        return self  # type: ignore[return-value]

    @property
    def data(self) -> Tensor:
        """The same memory without history; writes through it are invisible to the graph. Prefer `detach()`.

        Unlike torch: when other data is put here between an operation and its backward, the gradient is that of the
        data that was used, and raises ShapeError where the shape of a leaf changed.
        """
        t = wrap(self.array, self.xp)
        return of_same_class(self, t) if _apply.SLOW else t

    @data.setter
    def data(self, value: Tensor) -> None:
        if not hasattr(value, "array"):
            raise TypeError(f"data: must be a Tensor, got {type(value).__name__}")
        if isinstance(self._node, Leaf) and value.array.dtype not in FLOATING:
            raise DtypeError(
                "data: this tensor requires grad and can hold only floating-point and complex data, "
                f"got {describe(value)}; convert it with .float(), or call requires_grad_(False) first"
            )
        node: Any = self._node
        if self._parent is not None:
            if type(self._how) is not str:
                node = node_of(self)
            # no view any more, nor of the memory that others look at
            self._parent, self._restructured = None, 0
        self._cell = None
        other_shape = tuple(value.array.shape) != tuple(self.array.shape)
        self.array, self.xp = value.array, value.xp
        if isinstance(node, Leaf):
            if other_shape:
                node = self._leaf_of_another_shape(node)
            node.shape, node.dtype, node.xp = value.array.shape, value.array.dtype, value.xp
        elif node is not None and other_shape:
            node = new_node(REPLACED, (node,), self.array, self.xp)
        self._node = node

    def _leaf_of_another_shape(self, old: Leaf) -> Leaf:
        """A leaf in the place of `old`, in which graphs from before still end: they are refused there."""
        leaf = new_leaf(old.shape, old.dtype, old.xp)
        leaf.owner, leaf.grad, leaf.hooks, leaf.post = old.owner, old.grad, old.hooks, old.post
        old.grad, old.post, old.hooks = None, None, (_refuse_shape,)
        return leaf

    @property
    def _version(self) -> int:
        """A number that grows with every write to this memory, from the first time that it is asked for on.

        Unlike torch: 0 until then unless the tensor is recorded or has views, and it grows by more than 1.
        """
        return cell_of(self)[0]

    def _is_view(self) -> bool:
        return self._base is not None

    @property
    def _base(self) -> Any:
        """The tensor at the end of the chain of views; None if this is no view."""
        base: Any = self._parent
        if base is None:
            return None
        for _ in range(getattr(self, "_restructured", 0)):  # what this tensor was before it changed its shape in place
            base = base._parent
        return None if base is None else root_of(base)
