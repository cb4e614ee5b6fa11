"""`backward` and `grad`: the two ways to ask for gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.autograd.engine import run_backward
from gputensor.core.apply import wrap
from gputensor.core.history import node_of
from gputensor.core.nodes import Leaf
from gputensor.errors import GradError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Sequence[Tensor] | Tensor | None = None,
) -> None:
    """Add the gradients of `tensors` to the ``grad`` of the leaves they were computed from.

    grad_tensors: one gradient a tensor, None for a tensor of one element. retain_graph: keep saved values (default:
    create_graph).
    create_graph: record this pass. inputs: only these get a gradient. Raises GradError as `Tensor.backward`.

    >>> import gputensor as gt
    >>> x = gt.tensor([1.0, 2.0], requires_grad=True)
    >>> gt.autograd.backward((x * x).sum())
    >>> x.grad
    tensor([2., 4.])
    """
    roots = _roots("backward", tensors)
    seeds = (None,) * len(roots) if grad_tensors is None else _several(grad_tensors, "backward", "grad_tensors")
    if len(seeds) != len(roots):
        raise ValueError(f"backward: {len(roots)} tensors need as many grad_tensors, got {len(seeds)}")
    targets = None
    if inputs is not None:
        chosen = _several(inputs, "backward", "inputs")
        if not chosen:
            raise ValueError("backward: inputs must not be empty; leave it out to reach all leaves")
        targets = [_node("backward", t) for t in chosen]
    got = run_backward(
        roots, seeds, targets, create_graph if retain_graph is None else retain_graph, create_graph, True
    )
    if targets is not None:
        for t, n in zip(_several(inputs, "backward", "inputs"), targets, strict=True):
            if not isinstance(n, Leaf) and n in got and t.retains_grad is False:
                t.retain_grad()
                # a copy: the same array may have reached other tensors, and gradients are written in place
                t.grad = got[n].clone() if create_graph else wrap(t.xp.copy(got[n]), t.xp)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor, ...]:
    """The gradients of `outputs` (summed) with respect to `inputs`, without touching any ``grad``.

    grad_outputs: one gradient an output, None for an output of one element. create_graph: record this pass, so that the
    result can be differentiated again. allow_unused: give None for an input that outputs do not depend on, instead of
    an error; materialize_grads: give zeros. only_inputs must be True, as it always was. Raises GradError for an input
    that does not require grad or was not used, NotImplementedError for is_grads_batched.

    >>> import gputensor as gt
    >>> x = gt.tensor(3.0, requires_grad=True)
    >>> (dx,) = gt.autograd.grad(x**3, x, create_graph=True)
    >>> gt.autograd.grad(dx, x)
    (tensor(18.),)
    """
    if not only_inputs:
        raise ValueError("grad: only_inputs=False would be backward(); call that")
    if is_grads_batched:
        raise NotImplementedError("grad: is_grads_batched is not available; call grad once for every gradient")
    roots, wanted = _roots("grad", outputs), _several(inputs, "grad", "inputs")
    seeds = (None,) * len(roots) if grad_outputs is None else _several(grad_outputs, "grad", "grad_outputs")
    if len(seeds) != len(roots):
        raise ValueError(f"grad: {len(roots)} outputs need as many grad_outputs, got {len(seeds)}")
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "grad: materialize_grads=True fills unused inputs with zeros, so allow_unused must not be False"
        )
    targets = [_node("grad", t) for t in wanted]
    got = run_backward(
        roots, seeds, targets, create_graph if retain_graph is None else retain_graph, create_graph, False
    )
    out: list[Any] = []
    for k, (t, n) in enumerate(zip(wanted, targets, strict=True)):
        g = got.get(n)
        if g is not None:
            out.append(g if create_graph else wrap(_own(g, n, t), t.xp))
        elif materialize_grads:
            out.append(wrap(t.xp.zeros_like(t.array), t.xp))
        elif allow_unused:
            out.append(None)
        else:
            raise GradError(
                f"grad: input {k} was not used to compute the outputs; pass allow_unused=True to get None for it"
            )
    return tuple(out)


def _own(g: Any, n: Any, t: Any) -> Any:
    # a broadcast gradient looks like a full array but cannot be written
    return (
        g
        if t.xp.writable(g) and 0 not in [s for s, m in zip(g.strides, g.shape, strict=True) if m > 1]
        else t.xp.copy(g, "C")
    )


def _several(x: Any, name: str, argument: str) -> tuple[Any, ...]:
    if hasattr(x, "array"):
        return (x,)
    try:
        return tuple(x)
    except TypeError:
        raise TypeError(
            f"{name}: {argument} must be a Tensor or a sequence of Tensors, got {type(x).__name__}"
        ) from None


def _roots(name: str, x: Any) -> tuple[Any, ...]:
    roots = _several(x, name, "outputs" if name == "grad" else "tensors")
    if not roots:
        raise ValueError(f"{name}: at least one tensor to start from is needed, got none")
    for t in roots:
        if not hasattr(t, "array"):
            raise TypeError(f"{name}: expected a Tensor or several to start from, got {type(t).__name__}")
    return roots


def _node(name: str, t: Any) -> Any:
    if not hasattr(t, "array"):
        raise TypeError(f"{name}: inputs must be Tensors, got {type(t).__name__}")
    n = node_of(t)
    if n is None:
        raise GradError(f"{name}: one of the inputs does not require grad; set requires_grad=True before it is used")
    return n
