"""Derivatives forwards through a `Function` that has a rule for them, its ``jvp``.

Derivatives forwards are gradients of gradients. In the first of the two passes such a function leaves a node in the
place of its gradient, and what the second pass asks this node for is the rule's result.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import ref

import numpy as np

from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.nodes import Branching, Node, Spec, new_pick, tick
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import GradError, ShapeError


class _Pass(threading.local):
    """Whether this thread is in the first pass of a derivative forwards."""

    forwards = False


_PASS = _Pass()


@contextmanager
def pass_forwards(value: bool = True) -> Iterator[None]:
    """The backward passes inside, whose seeds are zeros, are there to be differentiated with respect to their seeds."""
    before, _PASS.forwards = _PASS.forwards, value
    try:
        yield
    finally:
        _PASS.forwards = before


def in_pass_forwards() -> bool:
    """Whether a backward pass of this thread is there to be differentiated with respect to its seeds."""
    return _PASS.forwards


class PushStep(Primitive):
    """In the place of the gradients of a `Function`: linear in the seeds, and its own gradient is the user's jvp."""

    __slots__ = ("arrived", "node", "nout")
    custom = True
    passes = True

    def __init__(self, node: Any, arrived: tuple[int, ...], wanted: int) -> None:
        self.node = node  # the call that is differentiated
        self.arrived = arrived  # the results of the call that a seed led to
        self.nout = wanted

    def __repr__(self) -> str:
        return f"{self.node.prim!r}Jvp"

    def forward(self, xp: Any, *xs: Any) -> Any:
        raise NotImplementedError("the gradient of a Function is made by the pass")

    def vjp_all(self, ns: Any, g: Any, out: Any, args: Any) -> list[Any]:
        node, step = self.node, self.node.prim
        ctx, name = node.ctx, repr(step)
        given = dict(zip(step.places, g if self.nout != 1 else [g], strict=True))
        tangents = [self._tangent(k, given.get(k), ctx) for k in range(len(ctx.needs_input_grad))]
        ctx._lent, ctx._pushes = node.args, True
        try:
            result = step.function.jvp(ctx, *tangents)
        finally:
            ctx._lent, ctx._pushes = None, False
        found = result if isinstance(result, tuple) else (result,)
        if len(found) != step.nout:
            raise GradError(f"{name}.jvp: returned {len(found)} derivatives, but forward had {step.nout} results")
        create = any([isinstance(t, TensorBase) for t in (g if self.nout != 1 else [g])])
        return [self._fitting(k, found[k], create) for k in self.arrived]

    def _tangent(self, k: int, g: Any, ctx: Any) -> Any:
        if k not in ctx._operands:
            return None
        spec, xp = ctx._operands[k]
        if g is None:
            materialized = ctx._materialize and spec.dtype in FLOATING
            return wrap(xp.zeros(spec.shape, spec.dtype), xp) if materialized else None
        if isinstance(g, TensorBase):
            return g
        return wrap(xp.asarray(g) if isinstance(g, np.generic) else g, xp)

    def _fitting(self, k: int, r: Any, create: bool) -> Any:
        if r is None:
            return None
        name = repr(self.node.prim)
        if not isinstance(r, TensorBase):
            raise TypeError(f"{name}.jvp: derivative {k} must be a Tensor or None, got {type(r).__name__}")
        shape = tuple(self.node.shape if self.node.prim.nout == 1 else self.node.shape[k])
        if tuple(r.array.shape) != shape:
            raise ShapeError(
                f"{name}.jvp: derivative {k} is {describe(r)}, but result {k} of forward has shape {shape}"
            )
        return r if create else r.array


def pushed_through(node: Any, gradients: list[Any]) -> list[Any]:
    """What stands for the gradients of the operands of a call in the first pass: zeros that lead to its jvp."""
    arrived = tuple([k for k, g in enumerate(gradients) if g is not None and node_of(g) is not None])
    if not arrived:
        return [None] * len(node.edges)
    prim = PushStep(node, arrived, len(node.edges))
    specs = [node.ctx._operands[k] for k in node.prim.places]
    several = len(node.edges) != 1
    n: Any = Branching() if several else Node()
    n.prim, n.xp = prim, node.xp
    n.edges = n.args = tuple([node_of(gradients[k]) for k in arrived])
    n.cells = n.hooks = n.kern = None
    n.seq = tick()
    if several:
        n.shape, n.dtype = tuple([s.shape for s, _ in specs]), tuple([s.dtype for s, _ in specs])
    else:
        n.shape, n.dtype = specs[0][0].shape, specs[0][0].dtype
    places = [new_pick(n, k, s) for k, (s, _) in enumerate(specs)] if several else [n]
    if several:
        n.picks = tuple([ref(p) for p in places])
    return [
        None if e is None else wrap(xp.zeros(s.shape, s.dtype), xp, place)
        for e, (s, xp), place in zip(node.edges, specs, places, strict=True)
    ]


def operands_of(args: tuple[Any, ...]) -> dict[int, tuple[Spec, Any]]:
    """Shape, dtype and namespace of the tensors among the arguments of a call, by their places."""
    return {k: (Spec(a.array), a.xp) for k, a in enumerate(args) if isinstance(a, TensorBase)}
