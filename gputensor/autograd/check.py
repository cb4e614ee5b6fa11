"""Gradients checked against finite differences.

A complex number counts as its two real parts, on both sides, so one real Jacobian serves real and complex functions
alike: the gradient of Re(out) is asked for with the incoming gradient 1, that of Im(out) with 1j, and comes as d/dRe
+ i d/dIm.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.autograd.forward_ad import dual_level, make_dual, unpack_dual
from gputensor.autograd.functional_api import grad
from gputensor.core.apply import on_its_device, wrap
from gputensor.core.explain import dtype_name
from gputensor.core.history import node_of
from gputensor.core.nodes import new_leaf
from gputensor.core.promotion import C128, F64, FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import GradError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class GradcheckError(GradError):
    """A gradient that does not agree with finite differences.

    >>> import gputensor as gt
    >>> x = gt.tensor([2.0], dtype=gt.float64, requires_grad=True)
    >>> gt.autograd.gradcheck(lambda t: t.detach() * t, x)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    gputensor.autograd.check.GradcheckError: gradcheck: output 0 with respect to input 0 ...

    Repair: the backward of the function under test; here, leave out ``detach()``.
    """


def gradcheck(
    func: Callable[..., Tensor | Sequence[Tensor]],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Whether the gradients of func agree with central differences, for every input that requires grad.

    (f(x + eps) - f(x - eps)) / (2 eps) within atol + rtol * |gradient|. inputs: float64 or complex128, for in less
    the differences drown in rounding (a warning). func gets the inputs themselves, whose elements are changed in
    place and put back. fast_mode: one random direction instead of the whole Jacobian. nondet_tol: how much a second
    backward may differ. check_undefined_grad: zeros coming in must give zeros. check_grad_dtypes, masked are
    accepted: dtypes always match, and there are no sparse tensors. Raises GradcheckError, which names input, output
    and both Jacobians (or returns False without raise_exception); ValueError where no input requires grad or one has
    stride 0, or nothing is to be checked. check_batched_grad: several gradients coming in at once, as `autograd.grad`
    takes them with is_grads_batched, give what they give one by one. check_forward_ad: derivatives forwards, by dual
    tensors, agree with the differences, too; check_batched_forward_grad: also several at once, by `vmap`;
    check_backward_ad=False: only these.

    >>> import gputensor as gt
    >>> x = gt.tensor([1.0, 2.0], dtype=gt.float64, requires_grad=True)
    >>> gt.autograd.gradcheck(lambda t: t * t, x)
    True
    """
    ways = _ways("gradcheck", check_backward_ad, check_forward_ad)
    if check_batched_grad and not check_backward_ad:
        raise ValueError("gradcheck: check_batched_grad needs check_backward_ad")
    if check_batched_forward_grad and not check_forward_ad:
        raise ValueError("gradcheck: check_batched_forward_grad needs check_forward_ad")
    given = _tuple(inputs)
    places = _checked_places(given)
    try:
        _check("gradcheck", func, given, places, eps, atol, rtol, nondet_tol, check_undefined_grad, fast_mode, ways)
        if check_batched_grad:
            _check_batched("gradcheck", func, given, places)
        if check_batched_forward_grad:
            _check_batched_forwards("gradcheck", func, given, places)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Tensor | Sequence[Tensor]],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Whether the gradients of the gradients of func agree with central differences of the gradients.

    grad_outputs: what to send backwards, random unless given; with gen_non_contig_grad_outputs, random and not
    contiguous. They are inputs of the second check too, which so covers the gradient with respect to the incoming
    gradient. check_rev_over_rev, check_fwd_over_rev: the gradients are differentiated backwards, forwards. Everything
    else as in `gradcheck`.

    >>> import gputensor as gt
    >>> x = gt.tensor([1.0, 2.0], dtype=gt.float64, requires_grad=True)
    >>> gt.autograd.gradgradcheck(lambda t: t * t * t, x)
    True
    """
    ways = _ways("gradgradcheck", check_rev_over_rev, check_fwd_over_rev)
    given = _tuple(inputs)
    _checked_places(given)
    outputs = [t for t in _outputs(func, given) if node_of(t) is not None]
    if not outputs:
        raise ValueError("gradgradcheck: no output of the function requires grad")
    if grad_outputs is None:
        rng = np.random.default_rng(0)
        upward = [_random_like(rng, t, gen_non_contig_grad_outputs) for t in outputs]
    else:
        upward = [t if t._node is not None else _leaf(t.array, t.xp) for t in _tuple(grad_outputs)]
    first = len(given)

    def first_gradients(*args: Any) -> tuple[Any, ...]:
        wanted = [t for t in args[:first] if _differentiable(t)]
        reached = [t for t in _outputs(func, args[:first]) if node_of(t) is not None]
        found = grad(reached, wanted, list(args[first:]), create_graph=True, allow_unused=True)
        return tuple([g for g in found if g is not None])

    everything = (*given, *upward)
    places = [k for k, t in enumerate(everything) if _differentiable(t)]
    try:
        _check(
            "gradgradcheck",
            first_gradients,
            everything,
            places,
            eps,
            atol,
            rtol,
            nondet_tol,
            check_undefined_grad,
            fast_mode,
            ways,
        )
        if check_batched_grad:
            _check_batched("gradgradcheck", first_gradients, everything, places)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _check(
    name: str, func: Any, inputs: tuple[Any, ...], places: list[int], eps: float, atol: float, rtol: float,
    nondet_tol: float, check_undefined_grad: bool, fast_mode: bool, ways: tuple[bool, bool],
) -> None:  # fmt: skip
    outputs = _outputs(func, inputs)
    wanted = [inputs[k] for k in places]
    if fast_mode:
        return _check_fast(name, func, inputs, places, outputs, eps, atol, rtol, ways)
    numerical = [_numerical(func, inputs, k, len(outputs), eps) for k in places]
    backwards, forwards = ways
    if forwards:
        for k, tables in zip(places, numerical, strict=True):
            for o, (moved, slopes) in enumerate(zip(_pushed(func, inputs, k, len(outputs)), tables, strict=True)):
                if not np.allclose(moved, slopes, rtol, atol, equal_nan=True):
                    raise GradcheckError("forwards, " + _mismatch(name, o, k, slopes, moved))
    for o, out in enumerate(outputs if backwards else ()):
        analytical = _analytical(out, wanted)
        for k, ours, table in zip(places, analytical, numerical, strict=True):
            if not np.allclose(ours, table[o], rtol, atol, equal_nan=True):
                raise GradcheckError(_mismatch(name, o, k, table[o], ours))
        if node_of(out) is None:
            continue
        again = _analytical(out, wanted)
        for k, ours, second in zip(places, analytical, again, strict=True):
            if (
                ours.size
                and not np.all(np.abs(ours - second) <= nondet_tol)
                and not np.array_equal(ours, second, equal_nan=True)
            ):
                raise GradcheckError(
                    f"{name}: two backward passes give different gradients of output {o} with respect to input {k}, "
                    "by up to "
                    f"{np.max(np.abs(ours - second)):.3g}; nondet_tol is {nondet_tol}"
                )
        if check_undefined_grad:
            zeros = wrap(out.xp.zeros_like(out.array), out.xp)
            for k, g in zip(places, grad(out, wanted, zeros, retain_graph=True, allow_unused=True), strict=True):
                if g is not None and np.any(_host(g)):
                    raise GradcheckError(
                        f"{name}: zeros coming into output {o} give a gradient of input {k} that is not zero"
                    )


def _check_fast(
    name: str,
    func: Any,
    inputs: tuple[Any, ...],
    places: list[int],
    outputs: list[Any],
    eps: float,
    atol: float,
    rtol: float,
    ways: tuple[bool, bool],
) -> None:
    """One number a pair: v . J u for random directions u and v."""
    rng = np.random.default_rng(0)
    wanted = [inputs[k] for k in places]
    upward = [_direction(rng, out) for out in outputs]
    analytical: list[list[Any]] = []
    for out, v in zip(outputs, upward, strict=True):
        if node_of(out) is None or not ways[0]:
            analytical.append([None] * len(wanted))
            continue
        seed = wrap(out.xp.from_host(v), out.xp)
        analytical.append(list(grad(out, wanted, seed, retain_graph=True, allow_unused=True)))
    for i, (k, x) in enumerate(zip(places, wanted, strict=True)):
        u = _direction(rng, x)
        before = np.array(_host(x))
        _overwrite(x, before + eps * u)
        high = [np.array(_host(t)) for t in _outputs(func, inputs)]
        _overwrite(x, before - eps * u)
        low = [np.array(_host(t)) for t in _outputs(func, inputs)]
        _overwrite(x, before)
        moved = _along(func, inputs, k, u) if ways[1] else []
        for o, v in enumerate(upward):
            slope = _dot(v, (high[o] - low[o]) / (2 * eps))
            g = analytical[o][i]
            found = [0.0 if g is None else _dot(u, _host(g))] if ways[0] else []
            found += [_dot(v, moved[o])] if ways[1] else []
            for ours in found:
                if not abs(slope - ours) <= atol * max(1.0, np.abs(u).sum() * np.abs(v).sum()) + rtol * abs(ours):
                    raise GradcheckError(
                        f"{name}: output {o} with respect to input {k}, along a random direction: numerical "
                        f"{slope:.8g}, analytical {ours:.8g}"
                    )


def _check_batched(name: str, func: Any, inputs: tuple[Any, ...], places: list[int]) -> None:
    """Gradients of two incoming gradients at once, beside those of one after the other."""
    rng = np.random.default_rng(0)
    wanted = [inputs[k] for k in places]
    for o, out in enumerate(_outputs(func, inputs)):
        if node_of(out) is None:
            continue
        seeds = [_direction(rng, out) for _ in range(2)]
        single = [
            grad(out, wanted, wrap(out.xp.from_host(seed), out.xp), retain_graph=True, allow_unused=True)
            for seed in seeds
        ]
        both = wrap(out.xp.from_host(np.stack(seeds)), out.xp)
        at_once = grad(out, wanted, both, retain_graph=True, allow_unused=True, is_grads_batched=True)
        for k, found, *expected in zip(places, at_once, *single, strict=True):
            for j, g in enumerate(expected):
                ours = np.zeros(()) if found is None else _host(found)[j]
                theirs = np.zeros(()) if g is None else _host(g)
                if not np.allclose(ours, theirs, equal_nan=True):
                    raise GradcheckError(
                        f"{name}: batched gradients of output {o} with respect to input {k} differ from those one by "
                        f"one:\nbatched:\n{ours}\none by one:\n{theirs}"
                    )


def _numerical(func: Any, inputs: tuple[Any, ...], k: int, count: int, eps: float) -> list[np.ndarray]:
    """The Jacobians of all outputs with respect to input k, (real parts of the input, real parts of the output)."""
    x = inputs[k]
    a = x.array
    steps = (eps, eps * 1j) if a.dtype.kind == "c" else (eps,)
    rows: list[list[np.ndarray]] = [[] for _ in range(count)]
    for index in np.ndindex(a.shape):
        before = _host(x)[index]
        put = partial(on_its_device, x.xp, a.__setitem__, index)
        for step in steps:
            put(before + step)
            high = [_parts(t) for t in _outputs(func, inputs)]
            put(before - step)
            low = [_parts(t) for t in _outputs(func, inputs)]
            put(before)
            for o in range(count):
                rows[o].append((high[o] - low[o]) / (2 * eps))
    if rows and not rows[0]:
        return [np.zeros((0, _parts(t).size)) for t in _outputs(func, inputs)]
    return [np.array(r) for r in rows]


def _along(func: Any, inputs: tuple[Any, ...], k: int, direction: np.ndarray) -> list[np.ndarray]:
    """The derivatives of all outputs as input k moves in one direction, by dual tensors."""
    x = inputs[k]
    with dual_level():
        given = list(inputs)
        given[k] = make_dual(x, wrap(x.xp.from_host(direction), x.xp))
        pairs = [unpack_dual(t) for t in _outputs(func, given)]
    return [_host(p.primal) * 0 if p.tangent is None else _host(p.tangent) for p in pairs]


def _pushed(func: Any, inputs: tuple[Any, ...], k: int, count: int) -> list[np.ndarray]:
    """The Jacobians of all outputs with respect to input k, as `_numerical` has them, by derivatives forwards."""
    a = inputs[k].array
    rows: list[list[np.ndarray]] = [[] for _ in range(count)]
    for index in np.ndindex(a.shape):
        for unit in (1, 1j) if a.dtype.kind == "c" else (1,):
            direction = np.zeros(a.shape, a.dtype)
            direction[index] = unit
            for row, moved in zip(rows, _along(func, inputs, k, direction), strict=True):
                row.append(_real_parts(moved))
    if rows and not rows[0]:
        return [np.zeros((0, _parts(t).size)) for t in _outputs(func, inputs)]
    return [np.array(r) for r in rows]


def _check_batched_forwards(name: str, func: Any, inputs: tuple[Any, ...], places: list[int]) -> None:
    """Derivatives in two directions at once, by vmap, beside those of one after the other."""
    from gputensor.func import jvp, vmap  # the transforms stand above everything

    rng = np.random.default_rng(0)
    for k in places:
        x = inputs[k]
        directions = np.stack([_direction(rng, x) for _ in range(2)])

        def moved(t: Any, k: int = k, x: Any = x) -> tuple[Any, ...]:
            return jvp(lambda own: tuple(_outputs(func, (*inputs[:k], own, *inputs[k + 1 :]))), (x,), (t,))[1]

        both = vmap(moved)(wrap(x.xp.from_host(directions), x.xp))
        for j, direction in enumerate(directions):
            for o, (ours, theirs) in enumerate(zip(both, _along(func, inputs, k, direction), strict=True)):
                if not np.allclose(_host(ours)[j], theirs, equal_nan=True):
                    raise GradcheckError(
                        f"{name}: batched derivatives forwards of output {o} with respect to input {k} differ from "
                        f"those one by one:\nbatched:\n{_host(ours)[j]}\none by one:\n{theirs}"
                    )


def _analytical(out: Any, wanted: list[Any]) -> list[np.ndarray]:
    """The Jacobians of one output with respect to several inputs, (parts of the input, parts of the output)."""
    columns: list[list[np.ndarray]] = [[] for _ in wanted]
    units = (1, 1j) if out.array.dtype.kind == "c" else (1,)
    for index in np.ndindex(out.array.shape):
        for unit in units:
            seed = np.zeros(out.array.shape, out.array.dtype)
            seed[index] = unit
            if node_of(out) is None:
                found: Sequence[Any] = [None] * len(wanted)
            else:
                found = grad(out, wanted, wrap(out.xp.from_host(seed), out.xp), retain_graph=True, allow_unused=True)
            for column, g, x in zip(columns, found, wanted, strict=True):
                column.append(_parts(x) * 0 if g is None else _parts(g))
    return [
        np.array(column).T if column else np.zeros((_parts(x).size, 0))
        for column, x in zip(columns, wanted, strict=True)
    ]


def _mismatch(name: str, o: int, k: int, numerical: np.ndarray, analytical: np.ndarray) -> str:
    off = np.abs(numerical - analytical)
    row, column = np.unravel_index(int(np.argmax(np.where(np.isnan(off), np.inf, off))), off.shape)
    return (
        f"{name}: output {o} with respect to input {k} differs from finite differences, most in component {row} of "
        "the input and "
        f"{column} of the output: numerical {numerical[row, column]:.8g}, analytical {analytical[row, column]:.8g}\n"
        f"numerical:\n{numerical}\nanalytical:\n{analytical}"
    )


def _checked_places(inputs: tuple[Any, ...]) -> list[int]:
    """Which inputs are to be checked."""
    places = [k for k, t in enumerate(inputs) if _differentiable(t)]
    if not places:
        raise ValueError("gradcheck: no input requires grad; make one with requires_grad=True")
    for k in places:
        a = inputs[k].array
        if a.dtype not in (F64, C128):
            warnings.warn(
                f"gradcheck: input {k} is {dtype_name(a.dtype)}; finite differences need float64 or complex128",
                UserWarning,
                stacklevel=3,
            )
        if a.size and any(n > 1 and s == 0 for n, s in zip(a.shape, a.strides, strict=True)):
            raise ValueError(
                f"gradcheck: elements of input {k} share memory (a stride is 0), so that one cannot be changed "
                "alone; clone() it"
            )
    return places


def _ways(name: str, backwards: bool, forwards: bool) -> tuple[bool, bool]:
    """Which of the two directions are to be checked. Raises ValueError where none is."""
    if not (backwards or forwards):
        raise ValueError(f"{name}: nothing is to be checked, neither backwards nor forwards; leave one of them True")
    return bool(backwards), bool(forwards)


def _differentiable(t: Any) -> bool:
    return isinstance(t, TensorBase) and node_of(t) is not None


def _outputs(func: Any, inputs: Sequence[Any]) -> list[Any]:
    """The floating-point results of the function. Raises TypeError where it returned no tensor at all."""
    results = _tuple(func(*inputs))
    if not any([isinstance(t, TensorBase) for t in results]):
        kinds = ", ".join([type(t).__name__ for t in results]) or "nothing"
        raise TypeError(f"gradcheck: the function must return a Tensor or several, got {kinds}")
    return [t for t in results if isinstance(t, TensorBase) and t.array.dtype in FLOATING]


def _tuple(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, (tuple, list)) else (x,)


def _leaf(array: Any, xp: Any) -> Any:
    t = wrap(array, xp)
    t._node = new_leaf(array.shape, array.dtype, xp)
    return t


def _host(t: Any) -> np.ndarray:
    return t.xp.to_host(t.array)


def _overwrite(x: Any, value: np.ndarray) -> None:
    # not a write that the graph should know of: the old values come back
    x.xp.copy_into(x.array, x.xp.from_host(np.asarray(value, x.array.dtype)))


def _parts(t: Any) -> np.ndarray:
    """All elements as a flat array of reals, in float64; a complex number is two."""
    return _real_parts(_host(t))


def _real_parts(values: np.ndarray) -> np.ndarray:
    a: Any = np.array(values).reshape(-1)
    return a.view(a.real.dtype).astype(np.float64) if a.dtype.kind == "c" else a.astype(np.float64)


def _direction(rng: np.random.Generator, t: Any) -> np.ndarray:
    a = t.array
    u = rng.standard_normal(a.shape)
    if a.dtype.kind == "c":
        u = u + 1j * rng.standard_normal(a.shape)
    return np.asarray(u / max(float(np.linalg.norm(u)), 1e-300), a.dtype)


def _dot(u: np.ndarray, v: np.ndarray) -> float:
    return float(np.real(np.vdot(u, v)))


def _random_like(rng: np.random.Generator, t: Any, spread: bool) -> Any:
    """A leaf like t with random values; with `spread`, every second element of a larger array."""
    shape = tuple(t.array.shape)
    wide = (*shape[:-1], shape[-1] * 2) if spread and shape else shape
    values = rng.standard_normal(wide)
    if t.array.dtype.kind == "c":
        values = values + 1j * rng.standard_normal(wide)
    array = t.xp.from_host(np.asarray(values, t.array.dtype))
    return _leaf(array[..., ::2] if wide != shape else array, t.xp)
