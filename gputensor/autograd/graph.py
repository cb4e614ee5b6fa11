"""The graph seen from outside: its nodes, its edges, hooks on what it saves."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

from gputensor._left_out import left_out as _left_out
from gputensor.autograd.deferred import (
    Region,
    disable_saved_tensors_hooks as disable_saved_tensors_hooks,
    fill,
    saved_arrays,
    saved_tensors_hooks as saved_tensors_hooks,
    strip,
)
from gputensor.autograd.engine import PASSES
from gputensor.core.history import node_of
from gputensor.core.hooks import HookHandle, add_hook
from gputensor.core.nodes import GraphNode as Node, Pick
from gputensor.core.writes import touched
from gputensor.errors import GradError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
    "set_multithreading_enabled",
]


class save_on_cpu(saved_tensors_hooks):
    """Inside the block, keep saved tensors in the computer's memory; backward copies them back to their device.

    On a GPU that makes room, at the price of two copies. pin_memory and device_type are accepted without effect.

    >>> import gputensor as gt
    >>> x = gt.tensor([3.0], requires_grad=True)
    >>> with gt.autograd.graph.save_on_cpu():
    ...     y = x * x
    >>> y.backward()
    >>> x.grad
    tensor([6.])
    """

    __slots__ = ()

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        super().__init__(lambda t: (t.device, t.cpu()), lambda packed: packed[1].to(packed[0]))


class allow_mutation_on_saved_tensors:
    """Inside the block, tensors may be written in place after an operation saved them: it keeps copies of its own.

    Unlike torch: everything that is saved is copied at once, and not only before a write, which takes as much memory
    again; backward may be called after the block, too. Raises RuntimeError for a block inside another.

    >>> import gputensor as gt
    >>> x = gt.ones(2, requires_grad=True)
    >>> with gt.autograd.graph.allow_mutation_on_saved_tensors():
    ...     y = x.clone()
    ...     square = y * y
    ...     _ = y.zero_()
    >>> square.sum().backward()
    >>> x.grad
    tensor([2., 2.])
    """

    __slots__ = ("_region",)

    def __init__(self) -> None:
        self._region = Region(_keep_copies)

    def __enter__(self) -> allow_mutation_on_saved_tensors:
        if get_ident() in _MUTABLE:
            raise RuntimeError("allow_mutation_on_saved_tensors: a block inside another; leave one out")
        _MUTABLE.add(get_ident())
        self._region.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        _MUTABLE.discard(get_ident())
        self._region.__exit__(kind, error, where)

    def clear(self) -> None:
        """Accepted for PyTorch programs: the copies belong to the graph, and go with it."""


_MUTABLE: set[int] = set()  # threads inside of a block


def _never(n: Any, prim: Any) -> None:
    raise AssertionError("what was saved is back at once")


def _keep_copies(n: Any) -> None:
    copies = [n.xp.copy(a) for a in saved_arrays(n)]
    prim = strip(n, 0, _never)
    fill(n, prim, copies, [[0, None] for _ in prim.cells])


class _MultiHandle:
    """What `register_multi_grad_hook` returns; `remove()` takes the hook away."""

    __slots__ = ("_handles",)

    def __init__(self, handles: Sequence[HookHandle]) -> None:
        self._handles = tuple(handles)

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        for handle in self._handles:
            handle.remove()

    def __enter__(self) -> _MultiHandle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def register_multi_grad_hook(tensors: Sequence[Tensor], fn: Callable[[Any], Any], *, mode: str = "all") -> _MultiHandle:
    """Call `fn` once a backward pass with the gradients of several tensors.

    mode: "all" calls ``fn(grads)`` when every gradient that the pass computes has arrived, a list with None for the
    others; "any" calls ``fn(grad)`` with the first one. What fn returns is ignored. Raises ValueError for another mode,
    GradError (a RuntimeError) in mode "all" where a tensor does not require grad.

    >>> import gputensor as gt
    >>> a, b = gt.ones(2, requires_grad=True), gt.ones(2, requires_grad=True)
    >>> _ = gt.autograd.graph.register_multi_grad_hook((a, b), print)
    >>> (a * 2).sum().backward()
    [tensor([2., 2.]), None]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"register_multi_grad_hook: mode must be 'all' or 'any', got {mode!r}")
    if not callable(fn):
        raise TypeError(f"register_multi_grad_hook: fn must be callable, got {type(fn).__name__}")
    nodes = [node_of(t) for t in tensors]
    if mode == "all" and any([n is None for n in nodes]):
        raise GradError("register_multi_grad_hook: every tensor must require grad; leave out the others")
    together = _Together([n for n in nodes if n is not None], fn, mode == "all")
    handles = []
    for k, n in enumerate(together.nodes):
        hook = _One(together, k)
        add_hook(n, hook)
        handles.append(HookHandle(n, "hooks", hook))
    together.nodes = [id(n) for n in together.nodes]  # the nodes hold this object, not the other way round
    PASSES.append(ref(together, PASSES.remove))
    return _MultiHandle(handles)


class _Together:
    """The gradients of several nodes in one pass, by thread: how many are still to come, and those that came."""

    __slots__ = ("__weakref__", "_all", "_fn", "_passes", "nodes")

    def __init__(self, nodes: list[Any], fn: Callable[[Any], Any], every: bool) -> None:
        self.nodes: list[Any] = nodes
        self._fn, self._all = fn, every
        self._passes: dict[int, tuple[list[int], list[Any]]] = {}

    def begin(self, order: Sequence[Any], leaves: Sequence[Any], wanted: Any, keep: Any) -> None:
        """A pass begins that will come by these nodes, or only by the wanted ones and those to be kept."""
        met = {id(n) for n in (*order, *leaves) if wanted is None or n in wanted or n in keep}
        coming = sum([n in met for n in self.nodes])
        if coming:
            self._passes[get_ident()] = ([coming if self._all else 1], [None] * len(self.nodes))

    def arrived(self, k: int, g: Any) -> None:
        count, found = self._passes[get_ident()]
        found[k] = g
        count[0] -= 1
        if not count[0]:
            if self._all:
                del self._passes[get_ident()]
            self._fn(found if self._all else g)


class _One:
    """The hook of one of the nodes."""

    __slots__ = ("_k", "_together")

    def __init__(self, together: _Together, k: int) -> None:
        self._together, self._k = together, k

    def __call__(self, g: Any) -> None:
        self._together.arrived(self._k, g)


class set_multithreading_enabled:
    """Accepted for PyTorch programs: backward runs on the thread that calls it, in any case.

    >>> import gputensor as gt
    >>> with gt.autograd.graph.set_multithreading_enabled(False):
    ...     pass
    """

    __slots__ = ("mode",)

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


class GradientEdge(NamedTuple):
    """A place in the graph: a node and which of its outputs."""

    node: Node
    output_nr: int


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The place in the graph at which the gradient of a tensor arrives. Raises GradError if it does not require grad.

    >>> import gputensor as gt
    >>> x = gt.ones(2, requires_grad=True)
    >>> gt.autograd.graph.get_gradient_edge(x * 2).node
    <MulBackward0>
    """
    node = node_of(tensor)
    if node is None:
        raise GradError("get_gradient_edge: this tensor does not require grad")
    source: Any = node.edges[0] if isinstance(node, Pick) else node
    return GradientEdge(source, node.index if isinstance(node, Pick) else 0)


def increment_version(tensor: Tensor | Sequence[Tensor]) -> None:
    """Say that the memory of a tensor was written by something the graph cannot see, so that backward notices.

    >>> import gputensor as gt
    >>> x = gt.ones(2, requires_grad=True)
    >>> y = x * x
    >>> gt.autograd.graph.increment_version(x)
    >>> y.sum().backward()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    gputensor.errors.GradError: backward of mul (output float32 of shape (2,)): a value it saved was changed in place...
    """
    for t in (tensor,) if hasattr(tensor, "array") else tensor:
        touched(t, "increment_version")


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.autograd.graph", name)
