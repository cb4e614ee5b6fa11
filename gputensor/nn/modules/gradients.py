"""The gradients of many parameters at once, read and cleared where the leaves keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.nodes import Leaf


def with_gradients(params: Sequence[Tensor]) -> tuple[Sequence[Tensor], list[Any]]:
    """The parameters that have a gradient, and the arrays of the gradients."""
    try:
        # where every parameter is a leaf with a gradient, reading the nodes takes a fifth of the time
        return params, [p._node.grad.array for p in params]  # type: ignore[union-attr]  # both are there: they were just asked for
    except AttributeError:
        found = [(p, p.grad) for p in params]
    return [p for p, g in found if g is not None], [g.array for _, g in found if g is not None]


def clear_gradients(params: Iterable[Tensor], set_to_none: bool) -> None:
    """Forget the gradients, or fill them with zeros and cut them off from what they were computed from."""
    for p in params:
        node = p._node
        if set_to_none and type(node) is Leaf:
            node.grad = None
            continue
        g = p.grad
        if g is None:
            continue
        if set_to_none:
            p.grad = None
            continue
        if g.grad_fn is not None:
            g.detach_()
        else:
            g.requires_grad_(False)
        g.zero_()
