"""One differentiation: tensors that start a graph of their own, and what of it is left when it is over.

A transform gives its function tensors with nodes of its own. Gradients stop at these, so that transforms nest; the
pass is recorded only where something outside of the transform needs a gradient of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor.autograd.engine import run_backward
from gputensor.core.apply import wrap
from gputensor.core.batches import current_levels, lift
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.nodes import new_leaf
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.errors import DtypeError, GradError

OVER = -2  # in place of a leaf's stamp: it belonged to a transform that is over


class Differentiation:
    """The tensors with respect to which one transform differentiates."""

    __slots__ = ("inputs", "nodes", "recorded")

    def __init__(self, name: str, tensors: Sequence[Any]) -> None:
        self.recorded = records()  # whether somebody outside may differentiate the results
        self.inputs = [self._own(name, x) for x in tensors]
        self.nodes = [node_of(x) for x in self.inputs]

    @classmethod
    def of(cls, inputs: list[Any], nodes: list[Any], recorded: bool) -> Differentiation:
        """With respect to tensors that have nodes of their own already."""
        new = cls.__new__(cls)
        new.inputs, new.nodes, new.recorded = inputs, nodes, recorded
        return new

    def _own(self, name: str, x: Any) -> Any:
        if not isinstance(x, TensorBase):
            raise TypeError(f"{name}: only Tensors can be differentiated, got {describe(x)}")
        if x.array.dtype not in FLOATING:
            raise DtypeError(
                f"{name}: only floating-point and complex tensors can be differentiated, got {describe(x)}; convert it "
                "with .float()"
            )
        # inside vmap each example has a gradient of its own, also where the value is the same for all
        x = lift(x, current_levels())
        if self.recorded and node_of(x) is not None:
            return x.view_as(x)
        t = wrap(x.array, x.xp, new_leaf(x.array.shape, x.array.dtype, x.xp))
        t._cell = cell_of(x)
        return t

    def writable(self) -> list[Any]:
        """The inputs with a node of their own in the place of a leaf, which could not be written in place."""
        return [x if n.edges else _beyond_the_leaf(x) for x, n in zip(self.inputs, self.nodes, strict=True)]

    def over(self) -> None:
        """The function has been evaluated: from now on nobody else can want gradients of the inputs."""
        for n in self.nodes:
            if not n.edges:
                n.seq = OVER

    def leads_outside(self, tensors: Sequence[Any]) -> bool:
        """Whether something that these were computed from, other than the inputs, needs a gradient."""
        if not self.recorded:
            return False
        own = set(self.nodes)
        stack = [n for n in [node_of(t) for t in tensors] if n is not None]
        seen = set(stack)
        while stack:
            n = stack.pop()
            if n in own:
                if any([e is not None for e in n.edges]):
                    return True
                continue
            if not n.edges:
                if n.seq != OVER:
                    return True
                continue
            for e in n.edges:
                if e is not None and e not in seen:
                    seen.add(e)
                    stack.append(e)
        return False

    def outward(self, x: Any) -> Any:
        """A result as it is seen outside: without history unless it leads there."""
        if not isinstance(x, TensorBase) or node_of(x) is None or self.leads_outside((x,)):
            return x
        return x.detach()  # type: ignore[attr-defined]  # a Tensor, as TensorBase is one

    def gradients(
        self, outputs: Sequence[Any], seeds: Sequence[Any], retain: bool, create: bool | None = None
    ) -> list[Any]:
        """The gradients of outputs with respect to the inputs: tensors, zeros where there is none.

        create: whether the pass is recorded; by default where somebody outside may need it.
        """
        pairs = [(t, s) for t, s in zip(outputs, seeds, strict=True) if node_of(t) is not None]
        if not pairs:
            return [_zeros(x) for x in self.inputs]
        roots, given = zip(*pairs, strict=True)
        # over tensors of several namespaces only the recorded pass knows what to do
        mixed = any([s is not None and s.xp is not t.xp for t, s in pairs])
        recorded = self.recorded if create is None else create
        needed = create or (
            recorded and (any([node_of(s) is not None for s in given if s is not None]) or self.leads_outside(roots))
        )
        found = run_backward(roots, given, self.nodes, retain or bool(needed), bool(needed or mixed), False)
        out = []
        for x, n in zip(self.inputs, self.nodes, strict=True):
            g = found.get(n)
            if g is None:
                out.append(_zeros(x))
            elif needed or mixed:
                out.append(g if needed else g.detach())
            else:
                out.append(wrap(x.xp.copy(g) if not x.xp.writable(g) else g, x.xp))
        return out


def _zeros(x: Any) -> Any:
    return wrap(x.xp.zeros_like(x.array), x.xp)


def scalar_error(name: str, out: Any) -> GradError:
    if not isinstance(out, TensorBase):
        return GradError(f"{name}: the function must return a Tensor, got {type(out).__name__}")
    return GradError(f"{name}: the function must return a 0-d tensor, got shape {tuple(out.array.shape)}")


def _beyond_the_leaf(x: Any) -> Any:
    t = wrap(x.array, x.xp, node_of(x.view_as(x)))
    t._cell = cell_of(x)
    return t
