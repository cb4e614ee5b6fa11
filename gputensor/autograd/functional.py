"""Derivatives of functions at a point: Jacobians, Hessians, and their products with vectors.

The transforms of `gputensor.func` do the same for functions, and nest; these are PyTorch's older forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gputensor.autograd.functional_api import grad
from gputensor.core.apply import wrap
from gputensor.core.history import node_of
from gputensor.core.modes import enable_grad
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import GradError, ShapeError

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def jacobian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of `func` at inputs.

    inputs: a tensor or a tuple of tensors, the arguments of func, which returns a tensor or a tuple. For each result
    (*out) and each input (*in) a tensor (*out, *in): one tensor, a tuple where either is a tuple, a tuple of tuples
    where both are. create_graph: record it, for higher derivatives. strict: raise GradError (a RuntimeError) where a
    result does not depend on an input, instead of giving zeros. vectorize: all rows at once, by vmap. strategy:
    "forward-mode" computes columns, with vectorize only.

    >>> import gputensor as gt
    >>> gt.autograd.functional.jacobian(lambda x: x**2, gt.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if strategy not in ("reverse-mode", "forward-mode"):
        raise ValueError(f"jacobian: strategy must be 'reverse-mode' or 'forward-mode', got {strategy!r}")
    if vectorize and strict:
        raise RuntimeError("jacobian: strict=True and vectorize=True do not go together; leave one out")
    many, xs = _tuple("jacobian", "inputs", inputs)
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError("jacobian: strategy='forward-mode' cannot create a graph; use 'reverse-mode'")
        if not vectorize:
            raise NotImplementedError("jacobian: strategy='forward-mode' needs vectorize=True")
        return _forwards(func, many, xs)
    several, outs, own = _evaluated("jacobian", func, xs, create_graph, strict)
    rows = []
    for k, out in enumerate(outs):
        grads = _rows(out, own, create_graph, vectorize)
        parts = []
        for j, (x, g) in enumerate(zip(own, grads, strict=True)):
            if g is None and strict:
                raise GradError(f"jacobian: result {k} is independent of input {j}, which strict=True does not allow")
            shape = (*out.array.shape, *x.array.shape)
            parts.append(wrap(x.xp.zeros(shape, x.array.dtype), x.xp) if g is None else g.reshape(shape))
        if strict and create_graph and any([node_of(p) is None for p in parts]):
            raise GradError(
                f"jacobian: the Jacobian of result {k} is independent of the inputs, which strict=True does not allow "
                "with create_graph=True"
            )
        rows.append(tuple(parts))
    found = tuple([r if many else r[0] for r in rows])
    return found if several else found[0]


def hessian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of a function that returns one element, at inputs.

    For inputs (*in) a tensor (*in, *in); for a tuple of inputs a tuple of tuples, [i][j] over inputs i and j. The other
    arguments are those of `jacobian`. Raises GradError (a RuntimeError) where func returns anything else.

    >>> import gputensor as gt
    >>> gt.autograd.functional.hessian(lambda x: x.prod(), gt.tensor([2.0, 3.0]))
    tensor([[0., 1.],
            [1., 0.]])
    """
    many, xs = _tuple("hessian", "inputs", inputs)
    forwards = outer_jacobian_strategy == "forward-mode"
    if forwards and not vectorize:
        raise NotImplementedError("hessian: outer_jacobian_strategy='forward-mode' needs vectorize=True")

    def gradient(*args: Any) -> Any:
        out = _single("hessian", func(*args))
        found = _row("hessian", out, args, strict)
        return tuple(found) if many else found[0]

    return jacobian(gradient, xs if many else xs[0], create_graph, strict, vectorize, outer_jacobian_strategy)


def vjp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(value of `func` at inputs, product of v with its Jacobian).

    v: as the value, may be left out where that has one element. The product has the form of inputs. create_graph,
    strict: as in `jacobian`. Raises ShapeError where v does not fit.

    >>> import gputensor as gt
    >>> gt.autograd.functional.vjp(lambda x: x**2, gt.tensor([1.0, 2.0]), gt.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    many, xs = _tuple("vjp", "inputs", inputs)
    several, outs, own = _evaluated("vjp", func, xs, create_graph, strict)
    vs = _vectors("vjp", v, outs, "result")
    got = _filled("vjp", _gradients(outs, own, vs, create_graph), own, strict)
    return _given(several, outs, create_graph), _given(many, got, create_graph)


def jvp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(value of `func` at inputs, product of its Jacobian with v): the derivative in direction v.

    v: as inputs, may be left out where that has one element. Computed as the gradient of a gradient, so operations need
    second derivatives. create_graph, strict: as in `jacobian`. Raises ShapeError where v does not fit.

    >>> import gputensor as gt
    >>> gt.autograd.functional.jvp(lambda x: x**2, gt.tensor([1.0, 2.0]), gt.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    _, xs = _tuple("jvp", "inputs", inputs)
    vs = _vectors("jvp", v, xs, "input")
    several, outs, own = _evaluated("jvp", func, xs, create_graph, strict)
    got = _pushed("jvp", outs, own, vs, create_graph, strict)
    return _given(several, outs, create_graph), _given(several, got, create_graph)


def vhp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(value of `func` at inputs, product of v with its matrix of second derivatives); func returns one element.

    v: as inputs; create_graph, strict: as in `jacobian`.

    >>> import gputensor as gt
    >>> gt.autograd.functional.vhp(lambda x: (x**3).sum(), gt.tensor([1.0, 2.0]), gt.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    many, xs = _tuple("vhp", "inputs", inputs)
    vs = _vectors("vhp", v, xs, "input")
    _, outs, own = _evaluated("vhp", func, xs, create_graph, strict)
    out = _single("vhp", outs[0] if len(outs) == 1 else tuple(outs))
    with enable_grad():
        first = _row("vhp", out, own, strict)
    got = _filled("vhp", _gradients(first, own, vs, create_graph), own, strict)
    return _given(False, [out], create_graph), _given(many, got, create_graph)


def hvp(
    func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """(value of `func` at inputs, product of its matrix of second derivatives with v); func returns one element.

    The matrix is symmetric where the second derivatives are continuous, and `vhp`, which is cheaper, gives the same.

    >>> import gputensor as gt
    >>> gt.autograd.functional.hvp(lambda x: (x**3).sum(), gt.tensor([1.0, 2.0]), gt.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    many, xs = _tuple("hvp", "inputs", inputs)
    vs = _vectors("hvp", v, xs, "input")
    _, outs, own = _evaluated("hvp", func, xs, create_graph, strict)
    out = _single("hvp", outs[0] if len(outs) == 1 else tuple(outs))
    with enable_grad():
        first = _row("hvp", out, own, strict)
    got = _pushed("hvp", first, own, vs, create_graph, strict)
    return _given(False, [out], create_graph), _given(many, got, create_graph)


# ---------------------------------------------------------------- what they share


def _tuple(name: str, what: str, xs: Any) -> tuple[bool, tuple[Any, ...]]:
    """Whether there is a tuple of tensors, and the tensors."""
    many = isinstance(xs, (tuple, list))
    found = tuple(xs) if many else (xs,)
    for k, x in enumerate(found):
        if not isinstance(x, TensorBase):
            which = f"element {k} of {what}" if many else what
            raise TypeError(f"{name}: {what} must be a Tensor or a tuple of Tensors, but {which} is {type(x).__name__}")
    return many, found


def _evaluated(
    name: str, func: Any, xs: Sequence[Any], create_graph: bool, strict: bool
) -> tuple[bool, tuple[Any, ...], list[Any]]:
    """func at tensors with a history of their own: whether it returns a tuple, its results, and these tensors."""
    own: list[Any] = []
    for x in xs:
        inherits = create_graph and node_of(x) is not None
        own.append(x.view_as(x) if inherits else x.detach().requires_grad_(x.array.dtype in FLOATING))
    with enable_grad():
        several, outs = _tuple(name, "the value of the function", func(*own))
    if strict:
        for k, out in enumerate(outs):
            if node_of(out) is None:
                raise GradError(f"{name}: result {k} does not require grad, which strict=True does not allow")
    return several, outs, own


def _single(name: str, out: Any) -> Any:
    if isinstance(out, (tuple, list)) or not isinstance(out, TensorBase):
        raise GradError(f"{name}: the function must return one Tensor, got {type(out).__name__}")
    if out.array.size != 1:
        raise GradError(f"{name}: the function must return one element, got shape {tuple(out.array.shape)}")
    return out.reshape(())  # type: ignore[attr-defined]  # checked to be a Tensor


def _vectors(name: str, v: Any, like: Sequence[Any], what: str) -> list[Any]:
    if v is None:
        if len(like) != 1 or like[0].array.size != 1:
            raise GradError(f"{name}: v may be left out only where there is one {what} of one element")
        return [wrap(like[0].xp.ones_like(like[0].array), like[0].xp)]
    _, vs = _tuple(name, "v", v)
    if len(vs) != len(like):
        raise ShapeError(f"{name}: v has {len(vs)} tensors, expected {len(like)}, one for each {what}")
    for k, (one, x) in enumerate(zip(vs, like, strict=True)):
        if tuple(one.array.shape) != tuple(x.array.shape):
            raise ShapeError(
                f"{name}: tensor {k} of v has shape {tuple(one.array.shape)}, the {what} {tuple(x.array.shape)}; they "
                "must be equal"
            )
    return list(vs)


def _gradients(outs: Sequence[Any], own: Sequence[Any], vs: Sequence[Any], create: bool) -> list[Any]:
    """The gradients with respect to `own`, None where there is none."""
    pairs = [(o, v) for o, v in zip(outs, vs, strict=True) if node_of(o) is not None]
    wanted = [x for x in own if node_of(x) is not None]
    if not pairs or not wanted:
        return [None] * len(own)
    roots, seeds = zip(*pairs, strict=True)
    found = iter(grad(roots, wanted, seeds, retain_graph=True, create_graph=create, allow_unused=True))
    return [None if node_of(x) is None else next(found) for x in own]


def _row(name: str, out: Any, own: Sequence[Any], strict: bool) -> list[Any]:
    """The recorded gradient of a single element; zeros where it does not depend on an input."""
    if node_of(out) is None:
        return [x * 0 for x in own]
    found = _gradients((out,), own, (None,), True)
    if strict and any([g is None for g in found]):
        raise GradError(f"{name}: the result is independent of an input, which strict=True does not allow")
    return [x * 0 if g is None else g for g, x in zip(found, own, strict=True)]


def _filled(name: str, found: Sequence[Any], like: Sequence[Any], strict: bool) -> list[Any]:
    if strict and any([g is None for g in found]):
        raise GradError(f"{name}: the result is independent of an input, which strict=True does not allow")
    return [wrap(x.xp.zeros_like(x.array), x.xp) if g is None else g for g, x in zip(found, like, strict=True)]


def _pushed(
    name: str, outs: Sequence[Any], own: Sequence[Any], vs: Sequence[Any], create: bool, strict: bool
) -> list[Any]:
    """The derivative of outs in direction vs: a gradient is linear in its seed, and its gradient is the transpose."""
    seeds = [wrap(o.xp.zeros_like(o.array), o.xp).requires_grad_() for o in outs]
    with enable_grad():
        rows = _gradients(outs, own, seeds, True)
    pairs = [(r, v) for r, v in zip(rows, vs, strict=True) if r is not None]
    found = _gradients([r for r, _ in pairs], seeds, [v for _, v in pairs], create)
    return _filled(name, found, outs, strict)


def _rows(out: Any, own: Sequence[Any], create: bool, vectorize: bool) -> list[Any]:
    """For each input the gradients of all elements of a result, stacked; None where there is none."""
    n, wanted = out.array.size, [x for x in own if node_of(x) is not None]
    if node_of(out) is None or not wanted:
        return [None] * len(own)
    flat = out.reshape(-1)
    if not n:
        return [wrap(x.xp.zeros((0, *x.array.shape), x.array.dtype), x.xp) for x in own]
    xp = out.xp
    places = xp.arange_for(out.array, n)
    units = wrap(xp.astype(xp.equal(xp.reshape(places, (n, 1)), xp.reshape(places, (1, n))), out.array.dtype), xp)
    if vectorize:
        rows: Any = grad(
            flat, wanted, units, retain_graph=True, create_graph=create, allow_unused=True, is_grads_batched=True
        )
    else:
        each = [
            grad(flat, wanted, units[k], retain_graph=True, create_graph=create, allow_unused=True) for k in range(n)
        ]
        rows = [None if column[0] is None else _stacked(column) for column in zip(*each, strict=True)]
    found = iter(rows)
    return [None if node_of(x) is None else next(found) for x in own]


def _stacked(rows: Sequence[Any]) -> Any:
    first = rows[0].reshape((1, *rows[0].array.shape))
    if len(rows) == 1:
        return first
    from gputensor.ops.joining import stack  # operations stand above the graph

    return stack(rows)


def _forwards(func: Any, many: bool, xs: tuple[Any, ...]) -> Any:
    from gputensor.func import jacfwd  # the transforms stand above everything

    return jacfwd(func, tuple(range(len(xs))) if many else 0)(*[x.detach() for x in xs])


def _given(many: bool, found: Sequence[Any], create: bool) -> Any:
    out = tuple(found) if create else tuple([t.detach() for t in found])
    return out if many else out[0]


def __dir__() -> list[str]:
    return __all__
