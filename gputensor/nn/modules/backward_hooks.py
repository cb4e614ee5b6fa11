"""Backward hooks of modules: a node around the inputs and one around the outputs see the gradients pass."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gputensor._tensor import Tensor
from gputensor.core.apply import applyn, wrap
from gputensor.core.history import mark_views
from gputensor.core.modes import records
from gputensor.core.primitive import Primitive

if TYPE_CHECKING:
    from gputensor.nn.modules.module import Module

Hook = Callable[..., Any]
Grads = tuple[Any, ...]


class Watch(Primitive):
    """Its operands, unchanged; their gradients pass through `notice`, which sees them all and may replace them."""

    __slots__ = ("notice", "nout")
    passes = True

    def __init__(self, count: int, notice: Callable[[Grads], Grads]) -> None:
        self.nout = count
        self.notice = notice

    def forward(self, xp: Any, *xs: Any) -> Any:
        return xs if self.nout != 1 else xs[0]

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> list[Any]:
        gs = g if self.nout != 1 else (g,)
        recorded = any([isinstance(x, Tensor) for x in gs])
        shown = gs if recorded else [wrap(x, xp) for x in gs]
        changed = self.notice(tuple(shown))
        return list(changed) if recorded else [None if x is None else x.array for x in changed]


class BackwardHooks:
    """The backward hooks of one call of a module.

    before: called with (module, grad_output); after: called with (module, grad_input, grad_output). Both see a tuple
    with an entry for every argument or result, None where that is no tensor or needs no gradient. What they return
    replaces the gradients.
    """

    def __init__(self, module: Module, before: Sequence[Hook], after: Sequence[Hook]) -> None:
        self.module, self.before, self.after = module, before, after
        self.grad_output: Grads | None = None
        self.inputs: list[int] | None = None  # which arguments are tensors; None where no gradient reaches any
        self.outputs: list[int] | None = None
        self.n_inputs = self.n_outputs = 0

    def watch_inputs(self, args: Grads) -> Grads:
        self.n_inputs = len(args)
        args, self.inputs = _watched(args, self._at_inputs)
        return args

    def watch_outputs(self, result: Any) -> Any:
        if not isinstance(result, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors "
                f"but received {type(result)}",
                stacklevel=5,
            )
            return result
        many = result if isinstance(result, tuple) else (result,)
        self.n_outputs = len(many)
        many, self.outputs = _watched(many, self._at_outputs)
        return many if isinstance(result, tuple) else many[0]

    def _at_outputs(self, gs: Grads) -> Grads:
        assert self.outputs is not None
        grads = _spread(gs, self.outputs, self.n_outputs)
        for hook in self.before:
            changed = hook(self.module, grads)
            if changed is None:
                continue
            changed = changed if isinstance(changed, (tuple, list)) else (changed,)
            if len(changed) != len(grads):
                raise RuntimeError(
                    f"Backward pre hook returned an invalid number of grad_output, got {len(changed)}, but "
                    f"expected {len(grads)}"
                )
            grads = tuple(changed)
        self.grad_output = grads
        if self.inputs is None:
            self._without_inputs(grads)
        return tuple([grads[k] for k in self.outputs])

    def _without_inputs(self, grads: Grads) -> None:
        """No gradient will reach the inputs: the hooks are called here, with None for each of them."""
        if self.after:
            warnings.warn(
                "Full backward hook is firing when gradients are computed with respect to module outputs since no "
                "inputs "
                "require gradients.",
                stacklevel=2,
            )
        for hook in self.after:
            changed = hook(self.module, (None,) * self.n_inputs, grads)
            if changed is not None and any([g is not None for g in changed]):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None or None "
                    "for all gradients."
                )
        self.grad_output = None

    def _at_inputs(self, gs: Grads) -> Grads:
        assert self.inputs is not None
        if self.grad_output is None:
            return gs  # the gradient came past the module's output, as in a second derivative
        grads = _spread(gs, self.inputs, self.n_inputs)
        for hook in self.after:
            changed = hook(self.module, grads, self.grad_output)
            if changed is None:
                continue
            changed = changed if isinstance(changed, (tuple, list)) else (changed,)
            if len(changed) != len(grads):
                raise RuntimeError(
                    f"Backward hook returned an invalid number of grad_input, got {len(changed)}, but expected "
                    f"{len(grads)}"
                )
            grads = tuple(changed)
        self.grad_output = None
        return tuple([grads[k] for k in self.inputs])


def _watched(values: Grads, notice: Callable[[Grads], Grads]) -> tuple[Grads, list[int] | None]:
    """The values with those that require grad passed through one Watch, and their places; None where there are none."""
    places = [k for k, v in enumerate(values) if isinstance(v, Tensor) and v.requires_grad]
    if not places or not records():
        return values, None
    tensors = [values[k] for k in places]
    seen = applyn(Watch(len(tensors), notice), tensors)
    out = list(values)
    for k, tensor, twin in zip(places, tensors, seen if len(tensors) != 1 else (seen,), strict=True):
        # the same memory under another history: a write would be seen by one of the two only
        mark_views([twin], tensor, "that passed the backward hooks of a module")
        out[k] = twin
    return (tuple(out) if type(values) is tuple else type(values)(*out)), places


def _spread(gs: Grads, places: list[int], size: int) -> Grads:
    out: list[Any] = [None] * size
    for k, g in zip(places, gs, strict=True):
        out[k] = g
    return tuple(out)
