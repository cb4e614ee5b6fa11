"""The graph seen from outside: its nodes, its edges, hooks on what it saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gputensor._left_out import left_out as _left_out
from gputensor.autograd.deferred import disable_saved_tensors_hooks as disable_saved_tensors_hooks
from gputensor.autograd.deferred import saved_tensors_hooks as saved_tensors_hooks
from gputensor.core.history import node_of
from gputensor.core.nodes import GraphNode as Node
from gputensor.core.nodes import Pick
from gputensor.core.writes import touched
from gputensor.errors import GradError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

__all__ = [
    "GradientEdge",
    "Node",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
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


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.autograd.graph", name)
