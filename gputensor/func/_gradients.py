"""Gradients of functions: grad, grad_and_value, vjp, jvp, linearize."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from gputensor.autograd.pushing import pass_forwards
from gputensor.core.apply import wrap
from gputensor.core.batches import current_levels, lift
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.modes import enable_grad, records
from gputensor.core.nodes import new_leaf
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import GradError, ShapeError
from gputensor.func._level import OVER, Differentiation, scalar_error
from gputensor.utils._pytree import tree_flatten, tree_map, tree_unflatten

Argnums = int | tuple[int, ...]


def grad(func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that computes the gradient of `func`, which returns a 0-d tensor.

    argnums: the argument, or several, with respect to which to differentiate; each may be a tree of tensors, and the
    gradient has its structure (a tuple for several). has_aux: func returns (value, auxiliary), and the result is
    (gradient, auxiliary). Nests with itself, `vmap` and the others. Inputs that the value does not depend on get zeros.

    Raises GradError (a RuntimeError) where func does not return a 0-d floating-point tensor.
    Unlike torch: TypeError, not ValueError, for what is no tensor; func may write tensors that it captured in place,
    and these then have a history.

    >>> import gputensor as gt
    >>> gt.func.grad(gt.func.grad(lambda x: x**3))(gt.tensor(2.0))
    tensor(12.)
    """

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        grads, value = _grad_and_value("grad", func, argnums, has_aux, args, kwargs)
        return (grads, value[1]) if has_aux else grads

    return gradient


def grad_and_value(func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that computes (gradient, value) of `func`, or (gradient, (value, auxiliary)); arguments as for `grad`.

    >>> import gputensor as gt
    >>> gt.func.grad_and_value(lambda x: (x * x).sum())(gt.tensor([1.0, 2.0]))
    (tensor([2., 4.]), tensor(5.))
    """

    @functools.wraps(func)
    def both(*args: Any, **kwargs: Any) -> Any:
        return _grad_and_value("grad_and_value", func, argnums, has_aux, args, kwargs)

    return both


def _grad_and_value(
    name: str, func: Any, argnums: Any, has_aux: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Any]:
    chosen = arguments_at(name, argnums, args)
    flat, spec = tree_flatten(chosen)
    level = Differentiation(name, flat)
    own = tree_unflatten(level.inputs, spec)
    with enable_grad():
        out = func(*replaced(argnums, args, own), **kwargs)
        aux = None
        if has_aux:
            out, aux = split_aux(name, out)
    level.over()
    if not isinstance(out, TensorBase) or out.array.ndim:
        raise scalar_error(name, out)
    if out.array.dtype.kind not in "fV":
        raise GradError(f"{name}: the function must return a real floating-point tensor, got {describe(out)}")
    grads = tree_unflatten(level.gradients((out,), (None,), False), spec)
    value = level.outward(out)
    return grads, (value, tree_map(level.outward, aux)) if has_aux else value


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """The value of `func` at primals, and a function that takes cotangents of it back to the primals.

    ``value, pull = vjp(func, *primals)``; pull(cotangents), a tree with the structure of the value, returns a tuple
    with the gradient of each primal. It can be called many times, and inside `vmap`. has_aux: func returns (value,
    auxiliary), and the result is (value, pull, auxiliary).

    >>> import gputensor as gt
    >>> value, pull = gt.func.vjp(gt.sin, gt.tensor([0.0, 0.0]))
    >>> pull(gt.tensor([1.0, 2.0]))
    (tensor([1., 2.]),)
    """
    level, outs, spec, out_spec, aux = _evaluated("vjp", func, primals, has_aux)

    def pull(cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        given, given_spec = tree_flatten(cotangents)
        if given_spec != out_spec and not (len(given) == len(outs) == 1):
            raise ShapeError(f"vjp: expected cotangents with the structure {out_spec!r}, got {given_spec!r}")
        for c, o in zip(given, outs, strict=True):
            _fits("vjp", "cotangent", c, o)
        now = Differentiation.of(level.inputs, level.nodes, records())
        return tree_unflatten(now.gradients(outs, given, retain_graph, create_graph), spec)

    value = tree_unflatten([level.outward(o) for o in outs], out_spec)
    return (value, pull, tree_map(level.outward, aux)) if has_aux else (value, pull)


def jvp(
    func: Callable[..., Any], primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False
) -> tuple[Any, ...]:
    """The value of `func` at primals, and its derivative in the direction of tangents.

    primals, tangents: tuples of the same structure. Returns (value, derivative), with has_aux (value, derivative,
    auxiliary). Computed as the gradient of a gradient, which is linear in what it is given: it costs about three times
    the function, and operations must have second derivatives. strict: raise GradError where the value does not depend
    on the primals, instead of giving zeros.

    >>> import gputensor as gt
    >>> gt.func.jvp(gt.sin, (gt.tensor(0.0),), (gt.tensor(2.0),))
    (tensor(0.), tensor(2.))
    """
    if not isinstance(primals, tuple) or not isinstance(tangents, tuple):
        raise RuntimeError(
            f"jvp: primals and tangents must be tuples, got {type(primals).__name__} and {type(tangents).__name__}"
        )
    _, spec = tree_flatten(primals)
    if tree_flatten(tangents)[1] != spec:
        raise RuntimeError(f"jvp: tangents must have the structure of primals, {spec!r}")
    out = _pushed("jvp", func, primals, has_aux, strict)
    return (out[0], out[1](*tangents), *out[2:])


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of `func` at primals, and the linear function ``push(*tangents)`` that gives its derivative there.

    The function is evaluated once, however many tangents are pushed; push can be called inside `vmap`.

    >>> import gputensor as gt
    >>> value, push = gt.func.linearize(lambda x: x * x, gt.tensor(3.0))
    >>> push(gt.tensor(1.0)), push(gt.tensor(2.0))
    (tensor(6.), tensor(12.))
    """
    value, push = _pushed("linearize", func, primals, False, False)
    return value, push


def _pushed(name: str, func: Any, primals: tuple[Any, ...], has_aux: bool, strict: bool) -> tuple[Any, ...]:
    level, outs, spec, out_spec, aux = _evaluated(name, func, primals, has_aux, True)
    if strict and any([node_of(o) is None for o in outs]):
        raise GradError(f"{name}: a result does not depend on the primals, and strict=True was given")
    # a gradient is linear in its seed: its own gradient with respect to the seed is the derivative forwards
    seeds = [_seed(o) if o.array.dtype in FLOATING else None for o in outs]
    pairs = [(o, s) for o, s in zip(outs, seeds, strict=True) if s is not None]
    with pass_forwards():
        rows = level.gradients([o for o, _ in pairs], [s for _, s in pairs], True, True)

    def push(*tangents: Any) -> Any:
        given, given_spec = tree_flatten(tangents)
        if given_spec != spec:
            raise RuntimeError(f"{name}: tangents must have the structure of the primals, {spec!r}")
        for t, x in zip(given, level.inputs, strict=True):
            _fits(name, "tangent", t, x)
        recorded = records() and (level.leads_outside(rows + outs) or any([node_of(t) is not None for t in given]))
        back = Differentiation.of([s for _, s in pairs], [node_of(s) for _, s in pairs], recorded)
        used = [(r, t) for r, t in zip(rows, given, strict=True) if node_of(r) is not None]
        moved = iter(back.gradients([r for r, _ in used], [t for _, t in used], True, back.recorded))
        derivatives = [None if s is None else next(moved) for s in seeds]
        filled = [
            wrap(o.xp.zeros_like(o.array), o.xp) if d is None else _own_only(level, back, d)
            for o, d in zip(outs, derivatives, strict=True)
        ]
        return tree_unflatten(filled, out_spec)

    value = tree_unflatten([level.outward(o) for o in outs], out_spec)
    return (value, push, tree_map(level.outward, aux)) if has_aux else (value, push)


def _seed(like: Any) -> Any:
    leaf = new_leaf(like.array.shape, like.array.dtype, like.xp)
    leaf.seq = OVER  # nobody but the transform itself wants its gradient
    return wrap(like.xp.zeros_like(like.array), like.xp, leaf)


def _own_only(level: Differentiation, back: Differentiation, x: Any) -> Any:
    """A derivative without history where that leads nowhere but to the inputs and the seeds of this transform."""
    if node_of(x) is None:
        return x
    return Differentiation.of([], [*level.nodes, *back.nodes], True).outward(x)


def _evaluated(
    name: str, func: Any, primals: tuple[Any, ...], has_aux: bool, writable: bool = False
) -> tuple[Differentiation, list[Any], Any, Any, Any]:
    if not primals:
        raise RuntimeError(f"{name}: at least one primal is needed")
    flat, spec = tree_flatten(primals)
    level = Differentiation(name, flat)
    aux = None
    with enable_grad():
        out = func(*tree_unflatten(level.writable() if writable else level.inputs, spec))
        if has_aux:
            out, aux = split_aux(name, out)
    level.over()
    outs, out_spec = tree_flatten(out)
    for o in outs:
        if not isinstance(o, TensorBase):
            raise GradError(f"{name}: the function must only return Tensors, got {type(o).__name__}")
    if not outs:
        raise GradError(f"{name}: the function returned no tensor")
    # inside vmap a result that is the same for all examples may have different cotangents
    return level, [lift(o, current_levels()) for o in outs], spec, out_spec, aux


def _fits(name: str, what: str, given: Any, like: Any) -> None:
    if not isinstance(given, TensorBase):
        raise RuntimeError(f"{name}: each {what} must be a Tensor, got {describe(given)}")
    if tuple(given.array.shape) != tuple(like.array.shape):
        raise ShapeError(
            f"{name}: a {what} has shape {tuple(given.array.shape)}, what it belongs to has {tuple(like.array.shape)}; "
            "they must be equal"
        )


# ---------------------------------------------------------------- arguments by number


def arguments_at(name: str, argnums: Any, args: Sequence[Any]) -> Any:
    """The arguments with these numbers: one, or a tuple of several. Raises ShapeError for a number out of range."""
    if isinstance(argnums, int) and not isinstance(argnums, bool):
        return args[_number(name, argnums, args)]
    if not isinstance(argnums, tuple) or not argnums:
        raise RuntimeError(f"{name}: argnums must be an int or a tuple of ints that is not empty, got {argnums!r}")
    numbers = [_number(name, k, args) for k in argnums]
    if len(set(numbers)) != len(numbers):
        raise RuntimeError(f"{name}: argnums must not repeat, got {argnums}")
    return tuple([args[k] for k in numbers])


def _number(name: str, k: Any, args: Sequence[Any]) -> int:
    if not isinstance(k, int) or isinstance(k, bool):
        raise RuntimeError(f"{name}: argnums must be an int or a tuple of ints, got {k!r}")
    if not -len(args) <= k < len(args):
        raise RuntimeError(f"{name}: argnums={k} is out of range for {len(args)} arguments")
    return k % len(args)


def replaced(argnums: Any, args: Sequence[Any], own: Any) -> list[Any]:
    """The arguments with those of these numbers replaced."""
    out = list(args)
    if isinstance(argnums, int):
        out[argnums] = own
    else:
        for k, x in zip(argnums, own, strict=True):
            out[k] = x
    return out


def split_aux(name: str, out: Any) -> tuple[Any, Any]:
    if not isinstance(out, tuple) or len(out) != 2:
        raise RuntimeError(f"{name}: with has_aux=True the function must return (output, aux), got {describe(out)}")
    return out
