"""vmap: a function of one example over all examples of a batch at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from gputensor._tensor import Tensor
from gputensor.arrays.batched.level import Level
from gputensor.core.batches import at_work, enter, is_batched, leave
from gputensor.ops.joining import cat
from gputensor.ops.splitting import tensor_split
from gputensor.utils._pytree import broadcast_to_and_flatten, tree_flatten, tree_unflatten

Dims = Any  # int, None, or a tree of them


def vmap(
    func: Callable[..., Any],
    in_dims: Dims = 0,
    out_dims: Dims = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that maps `func` over a dim of its arguments: func sees one example, all are computed at once.

    in_dims: which dim of each argument runs over the examples: an int, or a tree of ints that fits the arguments, None
    for what is the same for all. Arguments given by keyword are the same for all. out_dims: where the examples go in
    the results; None for a result that is the same for all. randomness: "error" refuses random numbers, "different"
    gives each example its own, "same" gives all the same. chunk_size: so many examples at a time, which bounds the
    memory.

    No loop: an array of func's has a hidden axis, for which every word of the array vocabulary has a rule
    (`gputensor.arrays.batched`). Nests with itself and with `grad` in any order. func must not ask for values: ``if``
    on a tensor, ``.item()``, masks as indices and `nonzero` raise RuntimeError where examples differ. In-place
    operations work, but not from a tensor with examples into one without (ShapeError).

    Raises ValueError for in_dims and out_dims that do not fit, and for arguments of different sizes.
    Unlike torch: an autograd.Function needs no rule of its own.

    >>> import gputensor as gt
    >>> gt.vmap(gt.dot)(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.ones(2, 2))
    tensor([3., 7.])
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(f"vmap: randomness must be 'error', 'different' or 'same', got {randomness!r}")
    if not (chunk_size is None or (isinstance(chunk_size, int) and chunk_size > 0)):
        raise ValueError(f"vmap: chunk_size must be None or positive, got {chunk_size!r}")

    @functools.wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        flat, dims, spec, size = _arguments(func, in_dims, args)
        if chunk_size is None or chunk_size >= size:
            return _run(func, flat, dims, spec, size, out_dims, randomness, kwargs)
        count = -(-size // chunk_size)
        bounds = [min(k * chunk_size, size) for k in range(1, count)]
        parts: list[list[Any]] = [
            list(tensor_split(x, bounds, d)) if d is not None else [x] * count for x, d in zip(flat, dims, strict=True)
        ]
        done = []
        for k in range(count):
            given = [part[k] for part in parts]
            here = min(chunk_size, size - k * chunk_size)
            done.append(_run(func, given, dims, spec, here, out_dims, randomness, kwargs))
        return _together(func, done, out_dims)

    return mapped


def _name(func: Any) -> str:
    return getattr(func, "__name__", None) or repr(func)


def _arguments(func: Any, in_dims: Dims, args: tuple[Any, ...]) -> tuple[list[Any], list[Any], Any, int]:
    """The leaves of the arguments, the dim of each, their structure, and the number of examples."""
    call = f"vmap({_name(func)}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{call}: in_dims must be an int or a tuple that fits the structure of the inputs, got "
            f"{type(in_dims).__name__}"
        )
    if not args:
        raise ValueError(f"{call}: there are no inputs; add some, or drop vmap")
    flat, spec = tree_flatten(args)
    dims = broadcast_to_and_flatten(in_dims, spec)
    if dims is None:
        raise ValueError(
            f"{call}: in_dims does not fit the structure of the inputs: in_dims is a tree of {in_dims!r}, the inputs "
            f"are {spec!r}"
        )
    found: list[Any] = []
    sizes: dict[int, int] = {}
    for x, d in zip(flat, dims, strict=True):
        if d is None:
            found.append(None)
            continue
        if not isinstance(d, int):
            raise ValueError(f"{call}: got in_dim={d!r} for an input; it must be an int or None")
        if not isinstance(x, Tensor):
            raise ValueError(
                f"{call}: got in_dim={d} for an input of type {type(x).__name__}; only Tensors are mapped over, use "
                "None for the others"
            )
        n = x.array.ndim
        if not -n <= d < n:
            raise ValueError(
                f"{call}: got in_dim={d} for an input of shape {tuple(x.array.shape)}; use "
                + (f"{-n} <= in_dim < {n}" if n else "None for a 0-d tensor")
            )
        found.append(d % n)
        sizes[x.array.shape[d % n]] = 1
    if not sizes:
        raise ValueError(f"{call}: no input is mapped over, all in_dims are None; drop vmap")
    if len(sizes) > 1:
        raise ValueError(f"{call}: the dims mapped over must have one size, got {sorted(sizes)}")
    return flat, found, spec, next(iter(sizes))


def _run(
    func: Any, flat: Sequence[Any], dims: Sequence[Any], spec: Any, size: int, out_dims: Dims, randomness: str,
    kwargs: dict[str, Any],
) -> Any:  # fmt: skip
    level = Level(size, randomness)
    given = [x if d is None else enter(x, level, d) for x, d in zip(flat, dims, strict=True)]
    with at_work(level):
        out = func(*tree_unflatten(given, spec), **kwargs)
    leaves, out_spec = tree_flatten(out)
    where = _out_dims(func, out_dims, out_spec)
    return tree_unflatten([_result(func, x, level, d) for x, d in zip(leaves, where, strict=True)], out_spec)


def _out_dims(func: Any, out_dims: Dims, spec: Any) -> list[Any]:
    found = broadcast_to_and_flatten(out_dims, spec)
    # a single result may have its dim in a tuple
    if found is None and spec.is_leaf() and isinstance(out_dims, tuple) and len(out_dims) == 1:
        found = list(out_dims)
    if found is None or any([not (d is None or isinstance(d, int)) for d in found]):
        raise ValueError(
            f"vmap({_name(func)}, ..., out_dims={out_dims})(<inputs>): out_dims does not fit the structure of the "
            f"results, {spec!r}"
        )
    return found


def _result(func: Any, x: Any, level: Level, dim: int | None) -> Any:
    if not isinstance(x, Tensor):
        if dim is None:
            return x
        raise ValueError(
            f"vmap({_name(func)}, ...): `{_name(func)}` must only return Tensors, got {type(x).__name__}; use "
            "out_dims=None for what is the same for all examples"
        )
    if dim is None:
        if is_batched(x, level):
            raise ValueError(
                f"vmap({_name(func)}, ...): `{_name(func)}` returned a tensor that differs between the examples, and "
                "its out_dim is None"
            )
        return leave(x, level, 0)[0]
    n = x.array.ndim + 1
    if not -n <= dim < n:
        raise IndexError(
            f"vmap({_name(func)}, ...): out_dim {dim} is out of range for a result of shape {tuple(x.array.shape)}; "
            f"use {-n} <= out_dim < {n}"
        )
    return leave(x, level, dim % n)


def _together(func: Any, done: list[Any], out_dims: Dims) -> Any:
    """The results of the chunks, joined."""
    flat = [tree_flatten(part) for part in done]
    spec = flat[0][1]
    where = _out_dims(func, out_dims, spec)
    columns = zip(*[leaves for leaves, _ in flat], strict=True)
    joined = [parts[0] if d is None else cat(parts, d) for parts, d in zip(columns, where, strict=True)]
    return tree_unflatten(joined, spec)
