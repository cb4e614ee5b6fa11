"""Operations with a gradient of the user's own: `Function`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from weakref import ref

import numpy as np

from gputensor.autograd import engine
from gputensor.autograd.pushing import in_pass_forwards, operands_of, pass_forwards, pushed_through
from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.history import node_of, root_of
from gputensor.core.modes import no_grad, records
from gputensor.core.nodes import Branching, Leaf, Node, new_pick, tick
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.core.writes import set_history, touched
from gputensor.errors import DeviceError, GradError


class FunctionCtx:
    """What `forward` and `backward` of one call of a `Function` share; any other attribute may be set on it.

    needs_input_grad: for every argument of ``apply``, whether it is a tensor that requires grad.
    """

    needs_input_grad: tuple[bool, ...] = ()
    _to_save: tuple[Any, ...] = ()
    _dirty: tuple[Any, ...] = ()
    _constant: tuple[Any, ...] = ()
    _materialize: bool = True
    _node: Callable[[], Any] | None = None
    _lent: tuple[Any, ...] | None = None
    _for_forward: tuple[Any, ...] = ()
    _operands: ClassVar[dict[int, Any]] = {}
    _pushes: bool = False

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep inputs and outputs (or None) for `backward`, as its `saved_tensors`; a later call replaces them.

        Writing to one of them in place before backward is an error there. Anything that is no tensor is kept as an
        attribute of ctx. Raises TypeError for anything but tensors and None.
        """
        for k, t in enumerate(tensors):
            if t is not None and not isinstance(t, TensorBase):
                raise TypeError(
                    f"save_for_backward: argument {k} must be a Tensor or None, got {type(t).__name__}; keep other "
                    "things as "
                    "attributes of ctx"
                )
        self._to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep inputs and outputs (or None) for `jvp`, which finds them as its `saved_tensors`."""
        self._for_forward = tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say that `forward` wrote to these inputs in place; they have to be among its results."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say that these outputs have no gradient; `backward` gets zeros for them."""
        self._constant = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether `backward` gets zeros (the default) or None for outputs that no gradient reached."""
        self._materialize = bool(value)

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The older name of `saved_tensors`."""
        return self.saved_tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What was saved. Raises GradError where one was written since, or where backward has freed them."""
        node = None if self._node is None else self._node()
        if node is None:
            return self._to_save
        if self._pushes and self._for_forward:
            return tuple([None if s is None else s.unpack(node) for s in self._for_forward])
        if node.prim.deferred:
            node.prim.restore(node)
        held = self._lent if self._lent is not None else node.args
        if held is None:
            raise engine._used_twice(node.prim)
        return tuple([None if s is None else s.unpack(node) for s in held])


class Saved:
    """A saved tensor: its array and where it came from, but not the tensor, which would tie its graph into a cycle."""

    __slots__ = ("array", "cell", "edge", "index", "xp")

    def __init__(self, t: Any, index: int | None) -> None:
        self.array = t.array
        self.xp = t.xp
        self.cell = cell_of(t)
        self.index = index  # which output of the node it is
        self.edge = None if index is not None else node_of(t)

    def with_array(self, array: Any) -> Saved:
        """The same with another array."""
        other = object.__new__(Saved)
        other.array, other.xp, other.cell, other.index, other.edge = array, self.xp, self.cell, self.index, self.edge
        return other

    def unpack(self, node: Any) -> Any:
        """The tensor again, with its place in the graph, so that gradients of gradients go through it."""
        if self.cell[0] > node.seq:
            raise engine._overwritten(node, self.cell)
        edge = self.edge
        if self.index is not None:
            edge = node if node.prim.nout == 1 else node.output(self.index)
        t = wrap(self.array, self.xp, edge)
        t._cell = self.cell
        return t


class FunctionNode(Branching):
    """The node of a call of a `Function`; ``ctx`` is what its forward and backward share."""

    __slots__ = ("ctx",)
    ctx: FunctionCtx

    def name(self) -> str:
        return f"{self.prim!r}Backward"

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What the call saved for its backward."""
        return self.ctx.saved_tensors

    @property
    def needs_input_grad(self) -> tuple[bool, ...]:
        """For every argument of the call, whether it is a tensor that requires grad."""
        return self.ctx.needs_input_grad


class FunctionStep(Primitive):
    """The primitive of one call: hands tensors to the user's backward and checks what comes back."""

    __slots__ = ("function", "nout", "places")
    custom = True
    passes = True

    def __init__(self, function: type[Function], places: tuple[int, ...]) -> None:
        self.function = function
        self.places = places  # which arguments are the operands
        self.nout = 1

    def __repr__(self) -> str:
        return self.function.__name__

    def forward(self, xp: Any, *xs: Any) -> Any:
        raise NotImplementedError("a Function runs its own forward")

    def vjp_all(self, ns: Any, g: Any, out: Any, args: Any) -> list[Any]:
        node, xp = out, out.xp
        create = ns is engine.TENSOR_NAMESPACE
        ctx = node.ctx
        if create and in_pass_forwards() and self.function.jvp is not Function.jvp:
            return pushed_through(node, g if self.nout != 1 else [g])
        gradients = [self._incoming(node, k, gk, create) for k, gk in enumerate(g if self.nout != 1 else [g])]
        ctx._lent = args
        try:
            with pass_forwards(False):
                result = _backward_of(self.function)(ctx, *gradients)
        finally:
            ctx._lent = None
        given = result if isinstance(result, tuple) else (result,)
        wanted = len(ctx.needs_input_grad)
        if len(given) < wanted or any([r is not None for r in given[wanted:]]):
            raise GradError(
                f"{self!r}.backward: returned {len(given)} gradients, but forward had {wanted} arguments; use None "
                "for those without one"
            )
        for k, r in enumerate(given):
            if r is not None and k not in self.places:
                raise GradError(
                    f"{self!r}.backward: gradient {k} must be None, for argument {k} of forward was no tensor"
                )
        return [
            self._outgoing(node, k, given[k], edge, create, xp) for k, edge in zip(self.places, node.edges, strict=True)
        ]

    def _incoming(self, node: Any, k: int, g: Any, create: bool) -> Any:
        xp = node.xp
        if g is None:
            shape, dtype = node.shape[k], node.dtype[k]
            return None if dtype is None or not node.ctx._materialize else wrap(xp.zeros(shape, dtype), xp)
        return g if create else wrap(xp.asarray(g) if isinstance(g, np.generic) else g, xp)

    def _outgoing(self, node: Any, k: int, r: Any, edge: Any, create: bool, xp: Any) -> Any:
        if r is None or edge is None:
            return None
        if not isinstance(r, _apply.Tensor):
            raise TypeError(f"{self!r}.backward: gradient {k} must be a Tensor or None, got {type(r).__name__}")
        # inside vmap the gradient of what is the same for all examples may be another one for each
        if r.xp is not edge.xp and not (create and "batch" in (r.xp.library, edge.xp.library)):
            raise DeviceError(
                f"{self!r}.backward: gradient {k} is {describe(r)}, which is another device than argument {k} of "
                "forward is on"
            )
        return r if create else r.array


class Function:
    """An operation with a gradient of its own. Subclass it, and call ``apply``, never an instance.

    ``forward(ctx, *args)`` computes, unrecorded, and keeps on ctx what ``backward(ctx, *grad_outputs)`` needs;
    backward returns one gradient an argument of forward, None for those that have none. Or: ``forward(*args)`` and
    ``setup_context(ctx, inputs, output)``, which keeps. Both are static methods over Tensors. With create_graph the
    calls in backward are recorded, so gradients of gradients come for free.

    Results: a Tensor or a tuple; what is no Tensor passes through, and inside lists and dicts nothing is
    differentiated. An input that is returned as it is comes back as a view. Derivatives forwards (`func.jvp`,
    `autograd.forward_ad`) come from the static method ``jvp(ctx, *grad_inputs)`` where there is one, else from the
    gradients of gradients; jvp runs when a derivative is asked for. Raises NotImplementedError where forward
    or backward is missing, GradError where backward returns a wrong number of gradients, ShapeError where one does
    not fit its argument.

    >>> import gputensor as gt
    >>> class Cube(gt.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * 3 * x**2
    >>> x = gt.tensor([1.0, 2.0], requires_grad=True)
    >>> Cube.apply(x).sum().backward()
    >>> x.grad
    tensor([ 3., 12.])
    """

    generate_vmap_rule: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"{type(self).__name__}: a Function has no instances; call {type(self).__name__}.apply(...)")

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result; to be overridden."""
        raise NotImplementedError("a Function needs a static method forward(ctx, *args)")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep on ctx what backward needs; where it is overridden, forward has no ctx."""
        raise NotImplementedError("setup_context is to be overridden")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The gradients of the arguments of forward, given those of its results; to be overridden."""
        raise NotImplementedError("a Function needs a static method backward(ctx, *grad_outputs)")

    @staticmethod
    def vjp(ctx: Any, *grad_outputs: Any) -> Any:
        """Another name for `backward`."""
        raise NotImplementedError("a Function needs a static method backward(ctx, *grad_outputs)")

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """The derivatives of the results of forward, given those of its arguments; may be overridden."""
        raise NotImplementedError("a Function needs a static method jvp(ctx, *grad_inputs), or backward")

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run forward on the arguments and record the call."""
        if cls.forward is Function.forward:
            raise NotImplementedError(f"{cls.__name__}: a Function needs a static method forward(ctx, *args)")
        ctx = FunctionCtx()
        separate = cls.setup_context is not Function.setup_context
        if separate:
            args, kwargs = _bound(cls.forward, args, kwargs), {}
        places = tuple([k for k, a in enumerate(args) if isinstance(a, TensorBase)])
        tensors = tuple([args[k] for k in places])
        edges = tuple([node_of(t) for t in tensors])
        needs = [False] * len(args)
        for k, e in zip(places, edges, strict=True):
            needs[k] = e is not None
        ctx.needs_input_grad = tuple(needs)
        if cls.jvp is not Function.jvp:
            ctx._operands = operands_of(args)  # type: ignore[misc]  # the class has the default
        with no_grad():
            if separate:
                output = cls.forward(*args)
                cls.setup_context(ctx, args, output)
            else:
                output = cls.forward(ctx, *args, **kwargs)
        recorded = records() and any(needs)
        prim = FunctionStep(cls, places)
        result = _finish(prim, ctx, tensors, edges, output, recorded)
        for observer in _apply.OBSERVERS:
            observer(prim, tensors, result)
        return result


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate the backward of a `Function` that cannot be differentiated again: doing so raises.

    >>> import gputensor as gt
    >>> class Twice(gt.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...
    ...     @staticmethod
    ...     @gt.autograd.function.once_differentiable
    ...     def backward(ctx, g):
    ...         return g * 2
    >>> x = gt.ones(1, requires_grad=True)
    >>> (dx,) = gt.autograd.grad(Twice.apply(x), x, create_graph=True)
    >>> dx
    tensor([2.], grad_fn=<OnceDifferentiableBackward0>)
    """

    @functools.wraps(backward)
    def unrecorded(ctx: Any, *gradients: Any) -> Any:
        with no_grad():
            result = backward(ctx, *gradients)
        node = None if ctx._node is None else ctx._node()
        if not records() or node is None:
            return result
        prim = OnceDifferentiable()
        sources = tuple([node_of(g) for g in gradients if g is not None])
        many = isinstance(result, tuple)
        marked = []
        for r in result if many else (result,):
            if isinstance(r, TensorBase):
                r = wrap(r.array, r.xp)
                r._node = _node_over(Node(), prim, (*node.edges, *sources), r.array, r.xp)
            marked.append(r)
        return tuple(marked) if many else marked[0]

    return unrecorded


class OnceDifferentiable(Primitive):
    """Refuses to be differentiated."""

    __slots__ = ()

    def forward(self, xp: Any, *xs: Any) -> Any:
        return xs[0]

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> list[Any]:
        raise GradError("trying to differentiate twice a Function whose backward is marked once_differentiable")


def _backward_of(function: type[Function]) -> Callable[..., Any]:
    own = function.backward is not Function.backward
    if own and function.vjp is not Function.vjp:
        raise GradError(
            f"{function.__name__}: has both backward and vjp, which are two names of one method; leave one out"
        )
    return function.backward if own else function.vjp


def _bound(forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Arguments by position, defaults filled in."""
    bound = inspect.signature(forward).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def _node_over(n: Any, prim: Primitive, edges: tuple[Any, ...], out: Any, xp: Any) -> Any:
    n.prim, n.edges, n.args, n.xp = prim, edges, edges, xp
    n.cells = n.hooks = n.kern = None
    n.seq = tick()
    n.shape, n.dtype = out.shape, out.dtype
    return n


def _finish(
    prim: FunctionStep, ctx: FunctionCtx, tensors: Sequence[Any], edges: tuple[Any, ...], output: Any, recorded: bool
) -> Any:
    """The results of a call as the caller gets them: with their place in the graph, inputs among them as views."""
    name = prim.function.__name__
    many = isinstance(output, tuple)
    outs = output if many else (output,)
    dirty = _ids(ctx._dirty)
    inputs = _ids(tensors)
    missing = dirty - _ids(outs)
    if missing:
        raise GradError(
            f"{name}.forward: a tensor marked dirty is not among the results; an input that is written in place must "
            "be returned"
        )
    constant = _ids(ctx._constant)
    differentiable = [isinstance(t, TensorBase) and t.array.dtype in FLOATING and id(t) not in constant for t in outs]
    for t in ctx._dirty:
        _check_dirty(name, t, recorded, sum([isinstance(o, TensorBase) for o in outs]))
    if not recorded or not any(differentiable):
        finished = [_alias(t, None, name) if id(t) in inputs and id(t) not in dirty else t for t in outs]
        for t in ctx._dirty:
            touched(t, name)
        return tuple(finished) if many else finished[0]
    for t in ctx._dirty:
        cell_of(t)
        touched(t, name)
    first = next(t for t, d in zip(outs, differentiable, strict=True) if d)
    node: Any = FunctionNode()
    node.prim, node.edges, node.xp = prim, edges, first.xp
    node.ctx, node.hooks, node.kern, node.cells = ctx, None, None, None
    node.seq = tick()
    prim.nout = len(outs)
    # the place of every result in the graph, before the results get theirs: what is saved refers to it
    saved = [None if s is None else Saved(s, _index_of(s, outs, inputs, dirty, differentiable)) for s in ctx._to_save]
    if ctx._for_forward:
        kept = ctx._for_forward if prim.function.jvp is not Function.jvp else ()
        ctx._for_forward = tuple(
            [None if s is None else Saved(s, _index_of(s, outs, inputs, dirty, differentiable)) for s in kept]
        )
    picks: list[Any] = [node]
    if len(outs) == 1:
        node.shape, node.dtype = first.array.shape, first.array.dtype
    else:
        node.shape = tuple([t.array.shape if isinstance(t, TensorBase) else () for t in outs])
        node.dtype = tuple([t.array.dtype if isinstance(t, TensorBase) else None for t in outs])
        picks = [
            new_pick(node, k, t.array) if d else None for k, (t, d) in enumerate(zip(outs, differentiable, strict=True))
        ]
        node.picks = tuple([None if p is None else ref(p) for p in picks])
    finished = []
    for t, pick in zip(outs, picks, strict=True):
        if not isinstance(t, TensorBase):
            finished.append(t)
        elif id(t) in dirty:
            if pick is not None:
                set_history(t, pick)
            finished.append(t)
        elif id(t) in inputs or (t._node is not None and node_of(t) is not None):
            # an input, or somebody else's tensor: its own history stays as it is
            finished.append(_alias(t, pick, name))
        else:
            finished.append(_result(t, pick, name))
    node.args = tuple(saved)
    if saved:
        node.cells = ()  # not None: backward frees what was saved
    ctx._to_save = ctx._dirty = ctx._constant = ()
    ctx._node = ref(node)
    return tuple(finished) if many else finished[0]


def _ids(things: Sequence[Any]) -> set[int]:
    return {id(t) for t in things}


def _index_of(
    s: Any, outs: Sequence[Any], inputs: set[int], dirty: set[int], differentiable: Sequence[bool]
) -> int | None:
    """Which result a saved tensor is; None for an input, unless forward wrote to it, and for anything else."""
    for k, t in enumerate(outs):
        if t is s and differentiable[k] and (id(s) not in inputs or id(s) in dirty):
            return k
    return None


def _check_dirty(name: str, t: Any, recorded: bool, results: int) -> None:
    if not recorded:
        return
    if type(root_of(t)._node) is Leaf:
        raise GradError(
            f"{name}.forward: wrote in place to {'a view of ' if t._parent is not None else ''}a leaf that requires "
            "grad; give it a clone()"
        )
    if t._parent is not None and type(t._how) is str:
        raise GradError(
            f"{name}.forward: a view {t._how} cannot be written in place while gradients are recorded; clone() it first"
        )
    if t._parent is not None and results > 1:
        raise GradError(
            f"{name}.forward: wrote in place to a view, so it must have no other result; give it a clone() or return "
            "that view alone"
        )


def _alias(t: Any, pick: Any, name: str) -> Any:
    """A view of a tensor under another history."""
    out = wrap(t.xp.getitem(t.array, ...), t.xp, pick)
    out._cell = cell_of(t)
    out._parent = t
    out._how = f"that the function {name} returned"
    out._seen = out._cell[0]
    return out


def _result(t: Any, pick: Any, name: str) -> Any:
    """A tensor made by forward, with its place in the graph."""
    if t._parent is not None:
        # a write through it would have to override the function's own gradient
        t._how = f"that the function {name} returned"
        t._seen = t._cell[0]
    t._node = pick
    return t
