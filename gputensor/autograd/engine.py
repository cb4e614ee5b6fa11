"""Walking the graph backwards: one pass over the nodes in the reverse of their creation, no recursion, no cycles.

Every gradient rule is textbook. Done here, once: summing back what was broadcast, casting to the operand's dtype,
conjugating around complex results, checking that saved values were not written, adding up, hooks, freeing.
"""

from __future__ import annotations

import threading
from _thread import get_ident
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np

from gputensor.autograd.anomaly import ANOMALY, check_nan, watched
from gputensor.autograd.hooks import run_after_hooks, run_hooks
from gputensor.core import apply as _apply
from gputensor.core.apply import applyn, new, wrap
from gputensor.core.explain import describe, dtype_name
from gputensor.core.history import node_of
from gputensor.core.modes import OFF
from gputensor.core.nodes import GraphNode, Leaf, Spec
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import C64, C128, FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import touched, who_wrote
from gputensor.errors import DtypeError, GradError, OutOfMemoryError, ShapeError

_BY_AGE = attrgetter("seq")
# weak references to hooks of several tensors, told at the start of every pass which nodes it will come by
PASSES: list[Any] = []
_ACCUMULATE = threading.Lock()
WATCHERS: list[Any] = []  # each makes a step of another one that watches it: profilers
TENSOR_NAMESPACE: Any = None  # the vocabulary over Tensors registers itself, once, when the package is imported


def register_namespace(namespace: Any) -> None:
    """Close the upward edge: gradients of gradients run over `namespace`."""
    global TENSOR_NAMESPACE
    TENSOR_NAMESPACE = namespace


def run_backward(
    roots: Sequence[Any],
    seeds: Sequence[Any],
    targets: Sequence[GraphNode] | None,
    retain: bool,
    create: bool,
    accumulate: bool,
) -> dict[GraphNode, Any]:
    """Send gradients from `roots` down the graph.

    seeds: one gradient a root, None for an implicit 1. targets: the nodes whose gradients are wanted, None for all
    leaves.
    accumulate: add them to the leaves' ``grad``; else return them by node, as arrays (as tensors with `create`).
    """
    # a node's entry: None while nothing arrived, else the sum so far
    grads: dict[Any, Any] = {}
    stack: list[Any] = []
    owned: set[Any] = set()  # the sum was made here and may be written into
    for t, seed in zip(roots, seeds, strict=True):
        n, s = _seed(t, seed, create, accumulate)
        if n in grads:
            total = grads[n] + s
            # 0-d sums come as scalars, which have no memory that a leaf's gradient could be
            grads[n] = n.xp.asarray(total) if isinstance(total, np.generic) else total
        else:
            grads[n] = s
            stack.append(n)
    shared: set[Any] = set(stack)  # what arrived may be looked at by somebody else
    order, leaves = _collect(grads, stack)
    wanted = keep = None
    if targets is not None:
        wanted = set(targets)
        keep = _needed(order, wanted)
    if PASSES:
        for weak in list(PASSES):
            together = weak()
            if together is not None:
                together.begin(order, leaves, wanted, keep)
    got: dict[GraphNode, Any] = {}
    me = get_ident()
    was_off = OFF.get(me)
    if create:
        OFF.pop(me, None)
    else:
        OFF[me] = True
    anomaly = ANOMALY.get(me) if ANOMALY else None
    plain = wanted is None and not create and anomaly is None and not WATCHERS
    step = _step if anomaly is None else watched(_step, anomaly)
    for watch in WATCHERS:
        step = watch(step)
    library = roots[0].xp
    token = library.enter()
    try:
        for n in order:
            g = grads.pop(n)
            if g is None:
                continue
            if n.xp is not library:
                # kernels run on the current device: make it the node's own
                library.leave(token)
                library = n.xp
                token = library.enter()
            prim = n.prim
            if n.hooks is not None or not plain or prim is None or prim.rare:
                look = anomaly is not None and anomaly.check_nan
                step(n, prim, g, grads, owned, shared, wanted, keep, got, retain, create, look)
                continue
            # the everyday node, written out: one to three operands, real or not, nobody watching
            args = n.args
            if args is None:
                raise _used_twice(prim)
            cells = n.cells
            if cells is not None:
                seq = n.seq
                for c in cells:
                    if c[0] > seq:
                        raise _overwritten(n, c)
            out = n.out if prim.save_out else n
            edges = n.edges
            kernel = n.kern
            if cells is not None and not retain:
                n.args = n.cells = n.out = n.kern = None
            if prim.passes:
                shared.update(edges)
            dt = n.dtype
            if dt is C64 or dt is C128:
                g = _conj(library, g)
                for e, gi in zip(edges, _vjps(prim, library, g, out, args, edges), strict=True):
                    if e is not None:
                        _add(grads, owned, e, _fit(library, library.conj(gi), e, n))
                continue
            if kernel is not None or len(edges) == 3:
                if kernel is None:
                    gradients = _vjps(prim, library, g, out, args, edges)
                else:
                    gradients = kernel[0](prim, g, kernel[1], edges)
                for e, gi in zip(edges, gradients, strict=True):
                    if e is None or gi is None:
                        continue
                    if gi.shape != e.shape or gi.dtype is not e.dtype or type(gi) is not type(g):
                        gi = _fit(library, gi, e, n)
                    if grads[e] is None:
                        grads[e] = gi
                    else:
                        _add(grads, owned, e, gi)
                continue
            if len(edges) == 1:
                e = edges[0]
                gi = prim.vjp1(library, g, out, args[0])
                if gi.shape != e.shape or gi.dtype is not e.dtype or type(gi) is not type(g):
                    gi = _fit(library, gi, e, n)
                if grads[e] is None:
                    grads[e] = gi
                else:
                    _add(grads, owned, e, gi)
                continue
            a, b = args
            e, f = edges
            if e is not None:
                gi = prim.vjp1(library, g, out, a, b)
                if gi.shape != e.shape or gi.dtype is not e.dtype or type(gi) is not type(g):
                    gi = _fit(library, gi, e, n)
                if grads[e] is None:
                    grads[e] = gi
                else:
                    _add(grads, owned, e, gi)
            if f is not None:
                gi = prim.vjp2(library, g, out, a, b)
                if gi.shape != f.shape or gi.dtype is not f.dtype or type(gi) is not type(g):
                    gi = _fit(library, gi, f, n)
                if grads[f] is None:
                    grads[f] = gi
                else:
                    _add(grads, owned, f, gi)
        for n in leaves:
            g = grads.pop(n)
            if g is None:
                continue
            if n.hooks is not None:
                g = run_hooks(n, g, create)
                owned.discard(n)
            if wanted is not None:
                if n in wanted:
                    got[n] = g
                if not accumulate or n not in wanted:
                    continue
            if accumulate:
                if n.xp is not library:
                    library.leave(token)
                    library = n.xp
                    token = library.enter()
                _accumulate(n, g, create, n in owned, n in shared)
    except MemoryError as error:
        if isinstance(error, OutOfMemoryError):
            raise
        raise OutOfMemoryError(f"backward: out of memory{': ' if str(error) else ''}{error}") from None
    finally:
        library.leave(token)
        if was_off is not None:
            OFF[me] = was_off
        else:
            OFF.pop(me, None)
    return got


def _collect(grads: dict[Any, Any], stack: list[Any]) -> tuple[list[Any], list[Any]]:
    """All nodes below the roots, newest first, and the leaves."""
    order = [n for n in stack if n.edges]
    leaves = [n for n in stack if not n.edges]
    push, pop, add = stack.append, stack.pop, order.append
    while stack:
        for e in pop().edges:
            if e is not None and e not in grads:
                grads[e] = None
                if e.edges:
                    push(e)
                    add(e)
                else:
                    leaves.append(e)
    order.sort(key=_BY_AGE, reverse=True)
    return order, leaves


def _needed(order: list[Any], wanted: set[Any]) -> set[Any]:
    """The nodes from which a wanted one can be reached."""
    keep: set[Any] = set()
    for n in reversed(order):
        for e in n.edges:
            if e is not None and (e in keep or e in wanted):
                keep.add(n)
                break
    return keep


def _step(
    n: Any, prim: Any, g: Any, grads: dict[Any, Any], owned: set[Any], shared: set[Any], wanted: set[Any] | None,
    keep: set[Any] | None, got: dict[Any, Any], retain: bool, create: bool, anomaly: bool,
) -> None:  # fmt: skip
    """Any node, in any mode: hooks, several outputs, kernels, chosen inputs, gradients of gradients."""
    if n.hooks is not None:
        g = run_hooks(n, g, create)
        owned.discard(n)
        shared.update(n.edges)
    if keep is not None and wanted is not None:
        if n in wanted:
            got[n] = g
        if n not in keep:
            return
    if prim is None:
        _gather_pick(n, g, grads)
        return
    if prim.deferred:
        prim.restore(n)
        prim = n.prim
    args = n.args
    if args is None:
        raise _used_twice(prim)
    cells = n.cells
    for c in cells or ():
        if c[0] > n.seq:
            raise _overwritten(n, c)
    edges = n.edges
    if prim.nout != 1 and not prim.custom:
        g = _filled(n, g, create)
    kernel = None
    if create:
        # kernels and their residues are for first derivatives only: the rule itself runs again, over tensors
        ns = TENSOR_NAMESPACE
        args, out = (args, n) if prim.custom else _lifted(n)
    else:
        ns = n.xp
        out = n.out if prim.save_out else n
        kernel = n.kern
    if not retain and cells is not None:
        n.args = n.cells = n.kern = n.out = None
    if prim.passes:
        shared.update(edges)
    conjugate = not prim.custom and (n.dtype is C64 or n.dtype is C128)
    if keep is not None and wanted is not None:
        edges = tuple([e if e is not None and (e in keep or e in wanted) else None for e in edges])
    upward = _conj(ns, g) if conjugate else g
    if kernel is None:
        gradients = _vjps(prim, ns, upward, out, args, edges)
    else:
        gradients = kernel[0](prim, upward, kernel[1], edges)
    fitted: list[Any] = []
    for k, (e, gi) in enumerate(zip(edges, gradients, strict=True)):
        if e is None or gi is None:
            fitted.append(None)
            continue
        gi = _fit(ns, ns.conj(gi) if conjugate else gi, e, n)
        if create and gi._node is None and not prim.custom:
            gi = _tied(gi, args, out)
        if anomaly:
            check_nan(n, k, gi.array if create else gi)
        fitted.append(gi)
    if n.hooks is not None:
        fitted = run_after_hooks(n, fitted, g, create)
    for e, gi in zip(edges, fitted, strict=True):
        if gi is None:
            continue
        if grads[e] is None:
            grads[e] = gi
        elif create:
            grads[e] = grads[e] + gi
        else:
            _add(grads, owned, e, gi)


def _vjps(prim: Any, ns: Any, g: Any, out: Any, args: Any, edges: Any) -> Sequence[Any]:
    """The gradients of all operands that have an edge."""
    if not prim.arity:
        return prim.vjp_all(ns, g, out, args)
    return [None if e is None else vjp(prim, ns, g, out, *args) for e, vjp in zip(edges, prim.vjps, strict=True)]


def _add(grads: dict[Any, Any], owned: set[Any], e: Any, gi: Any) -> None:
    """Add to what reached a node already: the second gradient makes a new sum, later ones go into it."""
    old = grads[e]
    if old is None:
        grads[e] = gi
    elif e in owned:
        e.xp.add(old, gi, old)
    else:
        # the library of the operand: a copy to another device sends its gradient back
        total = e.xp.add(old, gi)
        # 0-d sums come as scalars, which cannot be added into
        grads[e] = e.xp.asarray(total) if isinstance(total, np.generic) else total
        owned.add(e)


def _conj(ns: Any, g: Any) -> Any:
    out = ns.conj(g)
    # operations on 0-d arrays give scalars, which are no operands for the rules
    return ns.asarray(out) if isinstance(out, np.generic) else out


def _fit(ns: Any, gi: Any, e: Any, n: Any) -> Any:
    """A gradient in its operand's shape and dtype."""
    array = gi.array if isinstance(gi, TensorBase) else gi
    shape, want = array.shape, e.shape
    dtype = array.dtype
    if shape != want:
        axes, keep, reshape = _broadcast_axes(shape, want)
        if axes is None:
            raise ShapeError(
                f"backward of {n.prim!r}: a gradient of shape {tuple(shape)} reached an operand of shape {tuple(want)}"
            )
        gi = ns.sum(gi, axes, keep)
        if reshape:
            gi = ns.reshape(gi, want)
    if dtype is not e.dtype and dtype != e.dtype:
        if dtype.kind == "c" and e.dtype.kind != "c":
            gi = ns.real(gi)
        gi = ns.astype(gi, e.dtype)
    # NumPy's reductions to 0-d give scalars
    return ns.asarray(gi) if isinstance(gi, np.generic) else gi


@lru_cache(4096)
def _broadcast_axes(shape: tuple[int, ...], want: tuple[int, ...]) -> tuple[tuple[int, ...] | None, bool, bool]:
    """Which axes to sum over to undo a broadcast from `want` to `shape`; whether to keep them; whether to reshape
    then."""
    extra = len(shape) - len(want)
    if extra < 0 or any([w not in (1, s) for s, w in zip(shape[extra:], want, strict=True)]):
        return None, False, False
    inner = tuple([k + extra for k, w in enumerate(want) if w == 1 and shape[k + extra] != 1])
    axes = tuple(range(extra)) + inner
    return axes, bool(inner), bool(extra and inner)


def _used_twice(prim: Any) -> GradError:
    return GradError(
        f"backward: the graph of {prim!r} was used before and its saved values are freed; pass retain_graph=True to "
        "the first backward"
    )


def _overwritten(n: Any, cell: Any) -> GradError:
    return GradError(
        f"backward of {n.prim!r} ({_outputs(n)}): a value it saved was changed in place afterwards, by "
        f"{who_wrote(cell)}; write to a clone(), or use the form without the underscore"
    )


def _outputs(n: Any) -> str:
    """What a node gave, for messages; a node of several outputs holds tuples of their dtypes and shapes."""
    if not isinstance(n.dtype, tuple):
        return f"output {dtype_name(n.dtype)} of shape {n.shape}"
    each = [f"{dtype_name(d)} of shape {shape}" for d, shape in zip(n.dtype, n.shape, strict=True)]
    return f"outputs {', '.join(each)}"


def _outgrown(have: Any, g: Any) -> ShapeError:
    return ShapeError(
        f"backward: the gradient has shape {tuple(g.shape)}, and the grad that is there {tuple(have.array.shape)}: the "
        "tensor's data was replaced by some of another shape; set its grad to None first"
    )


def _called(accumulate: bool) -> str:
    return "backward" if accumulate else "grad"


def _argument(accumulate: bool) -> str:
    return "gradient" if accumulate else "grad_outputs"


def _given(accumulate: bool) -> str:
    """How messages begin that are about the gradient a pass starts with."""
    return f"{_called(accumulate)}: {_argument(accumulate)}"


def _seed(t: Any, seed: Any, create: bool, accumulate: bool) -> tuple[Any, Any]:
    """The node of a root and the gradient that it starts with."""
    n = t._node
    if t._parent is not None:
        n = node_of(t)
    if n is None:
        raise GradError(
            f"{_called(accumulate)}: this tensor ({describe(t)}) does not require grad and has no history; "
            "set requires_grad=True on a tensor that it is computed from"
        )
    a = t.array
    if seed is None:
        if a.shape and a.size != 1:
            raise GradError(
                f"{_called(accumulate)}: the gradient is implicit only for a tensor of one element, and this one has "
                f"shape {tuple(a.shape)}; reduce it first, for example with .sum(), or pass {_argument(accumulate)}="
            )
        dt = n.dtype
        if dt is C64 or dt is C128:
            raise GradError(
                f"{_called(accumulate)}: the gradient is implicit only for real tensors, and this one is complex; "
                f"pass {_argument(accumulate)}="
            )
        s = t.xp.ones_like(a)
        return n, wrap(s, t.xp) if create else s
    if not isinstance(seed, _apply.Tensor):
        raise TypeError(f"{_given(accumulate)} must be a Tensor, got {type(seed).__name__}")
    if tuple(seed.array.shape) != tuple(a.shape):
        raise ShapeError(
            f"{_given(accumulate)} has shape {tuple(seed.array.shape)}, the tensor has shape {tuple(a.shape)}; they "
            "must be equal"
        )
    # a gradient inside vmap may be another one for each example, of a graph that is the same for all
    if seed.xp is not t.xp and not (create and "batch" in (seed.xp.library, t.xp.library)):
        raise GradError(
            f"{_given(accumulate)} is {describe(seed)}, the tensor is {describe(t)}; move it to the tensor's device"
        )
    if (seed.array.dtype.kind == "c") != (a.dtype.kind == "c"):
        raise DtypeError(
            f"backward: gradient is {describe(seed)}, the tensor is {describe(t)}; both must be real or both complex"
        )
    if create:
        return n, _apply.cast(seed, a.dtype)
    s = seed.array
    return n, s if s.dtype is a.dtype else t.xp.astype(s, a.dtype)


def _gather_pick(n: Any, g: Any, grads: dict[Any, Any]) -> None:
    """Put the gradient of one output into the list that its node waits for."""
    node = n.edges[0]
    slots = grads[node]
    if slots is None:
        slots = grads[node] = [None] * len(node.shape)
    # several Picks of one output add up: one from the user, others made while lifting
    have = slots[n.index]
    if have is not None:
        g = have + g
    slots[n.index] = n.xp.asarray(g) if isinstance(g, np.generic) else g


def _filled(n: Any, gs: list[Any], create: bool) -> list[Any]:
    """Zeros for the outputs that no gradient reached."""
    out = []
    for g, shape, dtype in zip(gs, n.shape, n.dtype, strict=True):
        if g is None and dtype in FLOATING:
            g = n.xp.zeros(shape, dtype)
            g = wrap(g, n.xp) if create else g
        out.append(g)
    return out


def _lifted(n: Any) -> tuple[list[Any], Any]:
    """What was saved, as tensors that know where they came from and keep their write stamps: gradients of gradients."""
    prim, xp = n.prim, n.xp
    cells = iter(n.cells or ())
    args: list[Any] = []
    for a, e in zip(n.args, n.edges, strict=True):
        if isinstance(a, (GraphNode, Spec)):
            args.append(a)
            continue
        saved = wrap(xp.asarray(a) if isinstance(a, np.generic) else a, xp, e)
        saved._cell = next(cells, None)  # the original's: a write between the two backwards is still seen
        args.append(saved)
    if not prim.save_out:
        return args, n
    if prim.nout == 1:
        out = wrap(n.out, xp, n)
        out._cell = next(cells, None)
        return args, out
    outs = []
    for k, o in enumerate(n.out):
        t = wrap(o, xp, n.output(k) if o.dtype in FLOATING else None)
        t._cell = next(cells, None)
        outs.append(t)
    return args, tuple(outs)


class Tie(Primitive):
    """A gradient that does not change with the values it was computed from, where it does not jump: that of a relu.

    As in PyTorch it has a history all the same, through which a further gradient is zero and no error.
    """

    __slots__ = ()
    specs = True

    def forward(self, xp: Any, *xs: Any) -> Any:
        return xs[0]

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        return [g, *[xp.zeros_for(g, a.shape) for a in args[1:]]]


TIE = Tie()


def _tied(gi: Any, args: Any, out: Any) -> Any:
    """A gradient without a history, tied to what the rule read and what has one."""
    known = [x for x in (*args, *(out if isinstance(out, tuple) else (out,))) if isinstance(x, TensorBase)]
    known = [x for x in known if x._node is not None]
    return applyn(TIE, [gi, *known]) if known else gi


def _accumulate(leaf: Leaf, g: Any, create: bool, owned: bool, shared: bool) -> None:
    """Add a gradient to a leaf's ``grad``."""
    xp = leaf.xp
    with _ACCUMULATE:
        have = leaf.grad
        if create:
            # a copy: the same tensor may have reached other leaves, and gradients are written in place
            leaf.grad = g.clone() if have is None else have + g
        elif have is None:
            # somebody's view, or an array that somebody else may hold, is copied
            if not owned and (shared or leaf.hooks is not None or g.base is not None):
                g = xp.copy(g)
            t = new(_apply.Tensor)
            t.array = g
            t.xp = xp
            t._node = t._cell = t._parent = None
            leaf.grad = t
        else:
            try:
                if have.array.dtype is g.dtype and xp.writable(have.array):
                    # also where it has a history, as in PyTorch
                    xp.add(have.array, g, have.array)
                    touched(have, "backward")
                else:
                    leaf.grad = wrap(xp.asarray(have.array + g), xp)
            except ValueError:
                raise _outgrown(have, g) from None
    if leaf.post is not None:
        for hook in leaf.post:
            hook()
    if leaf.hooks is not None:
        run_after_hooks(leaf, [], g, create)
