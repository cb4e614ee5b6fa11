"""Batches cut into one part a device, and joined again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.devices import as_device, device
from gputensor.errors import ArgumentError
from gputensor.ops.joining import cat


def scatter(inputs: Any, target_gpus: Sequence[Any], dim: int = 0) -> Any:
    """The parts of every tensor in `inputs` along dim, one a device: a tuple for a tensor, else a list.

    inputs: a tensor, or tuples, lists and dicts of them; what is no tensor is given to every device. There are fewer
    parts than devices where a tensor is too small. Gradients flow back.

    >>> import gputensor as gt
    >>> gt.nn.parallel.scatter(gt.tensor([1, 2, 3]), ["cpu", "cpu"])
    (tensor([1, 2]), tensor([3]))
    """
    devices = [where(d) for d in target_gpus]
    if not devices:
        raise ArgumentError("scatter: target_gpus must name at least one device, got none")
    return _scattered(inputs, devices, dim)


def scatter_kwargs(
    inputs: Any, kwargs: dict[str, Any] | None, target_gpus: Sequence[Any], dim: int = 0
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """`scatter` of arguments and keyword arguments, with as many of one as of the other.

    >>> import gputensor as gt
    >>> gt.nn.parallel.scatter_gather.scatter_kwargs((gt.ones(1),), {"scale": 2}, ["cpu"])
    (((tensor([1.]),),), ({'scale': 2},))
    """
    places = list(scatter(inputs, target_gpus, dim)) if inputs else []
    named = list(scatter(kwargs, target_gpus, dim)) if kwargs else []
    count = max(len(places), len(named))
    places += [()] * (count - len(places))
    named += [{}] * (count - len(named))
    return tuple(places), tuple(named)


def gather(outputs: Any, target_device: Any, dim: int = 0) -> Any:
    """The outputs of several devices joined along dim on one: tensors, or tuples, lists and dicts of them.

    0-d tensors become one vector. Gradients flow back. Raises ValueError for dicts with different keys.

    >>> import gputensor as gt
    >>> gt.nn.parallel.gather([gt.ones(1), gt.zeros(2)], "cpu")
    tensor([1., 0., 0.])
    """
    target = where(target_device)
    first = outputs[0]
    if isinstance(first, Tensor):
        parts = [o.to(target) for o in outputs]
        return cat([p.reshape(1) for p in parts] if first.dim() == 0 else parts, 0 if first.dim() == 0 else dim)
    if first is None:
        return None
    if isinstance(first, dict):
        if any([len(first) != len(o) for o in outputs]):
            raise ValueError("All dicts must have the same number of keys")
        return type(first)([(key, gather([o[key] for o in outputs], target, dim)) for key in first])
    joined = [gather(list(parts), target, dim) for parts in zip(*outputs, strict=True)]
    return type(first)(*joined) if hasattr(first, "_fields") else type(first)(joined)


def where(target: Any) -> device:
    """A device by name, object or the number of a GPU; -1 is the CPU."""
    return as_device("cpu" if target == -1 else target)


def _scattered(x: Any, devices: list[device], dim: int) -> Any:
    if isinstance(x, Tensor):
        parts = x.chunk(len(devices), dim) if len(devices) > 1 else (x,)
        return tuple([part.to(d) for part, d in zip(parts, devices, strict=False)])
    if isinstance(x, (tuple, list)) and x:
        columns = zip(*[_scattered(v, devices, dim) for v in x], strict=False)
        if hasattr(x, "_fields"):
            return [type(x)(*column) for column in columns]
        return [tuple(column) if isinstance(x, tuple) else list(column) for column in columns]
    if isinstance(x, dict) and x:
        columns = zip(*[_scattered(v, devices, dim) for v in x.values()], strict=False)
        return [type(x)(zip(x, column, strict=True)) for column in columns]
    return [x for _ in devices]
