"""Jacobians and Hessians: all rows, or all columns, at once by vmap."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from gputensor.core.apply import wrap
from gputensor.core.tensor_base import TensorBase
from gputensor.func._gradients import Argnums, arguments_at, linearize, replaced, split_aux, vjp
from gputensor.func._vmap import vmap
from gputensor.utils._pytree import tree_flatten, tree_map, tree_unflatten


def jacrev(
    func: Callable[..., Any],
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable[..., Any]:
    """A function that computes the Jacobian of `func` backwards, a row an element of the result.

    func: one argument of shape (*in), or trees of them, to a tensor (*out), or a tree; the Jacobian has shape (*out,
    *in), in the structure of the result with that of the argument at each leaf; a tuple for several argnums. has_aux:
    func returns (value, auxiliary), and the result is (Jacobian, auxiliary). chunk_size: so many rows at a time, which
    bounds the memory. Raises GradError (a RuntimeError) where func returns something else than floating-point tensors.

    >>> import gputensor as gt
    >>> gt.func.jacrev(lambda x: x**2)(gt.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError(f"jacrev: chunk_size must be None or positive, got {chunk_size!r}")

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        chosen = arguments_at("jacrev", argnums, args)
        flat, spec = tree_flatten(chosen)

        def of_leaves(*leaves: Any) -> Any:
            return func(*replaced(argnums, args, tree_unflatten(leaves, spec)), **kwargs)

        found = vjp(of_leaves, *flat, has_aux=has_aux)
        value, pull = found[0], found[1]
        outs, out_spec = tree_flatten(value)
        basis = _basis(outs)

        def one(*cotangents: Any) -> Any:
            return pull(tree_unflatten(cotangents, out_spec))

        rows = vmap(one, chunk_size=chunk_size)(*basis)
        parts = []
        start = 0
        for o in outs:
            stop = start + o.array.size
            own = [r[start:stop].reshape((*o.array.shape, *x.array.shape)) for r, x in zip(rows, flat, strict=True)]
            parts.append(tree_unflatten(own, spec))
            start = stop
        result = tree_unflatten(parts, out_spec)
        return (result, found[2]) if has_aux else result

    return jacobian


def jacfwd(
    func: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """A function that computes the Jacobian of `func` forwards, a column an element of the argument.

    The result is that of `jacrev`. Derivatives forwards are gradients of gradients here (see `jvp`): for a function
    with few inputs and many results it still needs fewer passes. randomness: as in `vmap`, of which this is made.

    >>> import gputensor as gt
    >>> gt.func.jacfwd(lambda x: gt.stack([x[0] * x[1], x[0]]))(gt.tensor([2.0, 3.0]))
    tensor([[3., 2.],
            [1., 0.]])
    """

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        chosen = arguments_at("jacfwd", argnums, args)
        flat, spec = tree_flatten(chosen)
        aux: list[Any] = []

        def of_leaves(*leaves: Any) -> Any:
            out = func(*replaced(argnums, args, tree_unflatten(leaves, spec)), **kwargs)
            if has_aux:
                out, more = split_aux("jacfwd", out)
                aux.append(more)
            return out

        value, push = linearize(of_leaves, *flat)
        outs, out_spec = tree_flatten(value)

        def one(*tangents: Any) -> Any:
            return tuple(tree_flatten(push(*tangents))[0])

        columns = vmap(one, out_dims=-1, randomness=randomness)(*_basis(flat))
        parts = []
        for o, c in zip(outs, columns, strict=True):
            own, start = [], 0
            for x in flat:
                stop = start + x.array.size
                own.append(c[..., start:stop].reshape((*o.array.shape, *x.array.shape)))
                start = stop
            parts.append(tree_unflatten(own, spec))
        result = tree_unflatten(parts, out_spec)
        if not has_aux:
            return result
        return result, tree_map(lambda t: t.detach() if isinstance(t, TensorBase) else t, aux[0])  # type: ignore[attr-defined]  # a Tensor, as TensorBase is one

    return jacobian


def hessian(func: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """A function that computes the second derivatives of `func`: ``jacfwd(jacrev(func, argnums), argnums)``.

    For a func from (*in) to (*out) the result has shape (*out, *in, *in).

    >>> import gputensor as gt
    >>> gt.func.hessian(lambda x: x.prod())(gt.tensor([1.0, 2.0, 3.0]))
    tensor([[0., 3., 2.],
            [3., 0., 1.],
            [2., 1., 0.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)


def _basis(tensors: Sequence[Any]) -> list[Any]:
    """The unit vectors of all elements of some tensors: for each tensor (elements of all, *shape)."""
    total = sum([t.array.size for t in tensors])
    out = []
    start = 0
    for t in tensors:
        n, xp = t.array.size, t.xp
        rows = xp.reshape(xp.arange_for(t.array, total), (total, 1))
        places = xp.reshape(xp.arange_for(t.array, n), (1, n)) + start
        units = xp.astype(xp.equal(rows, places), t.array.dtype)
        out.append(wrap(xp.reshape(units, (total, *t.array.shape)), xp))
        start += n
    return out
