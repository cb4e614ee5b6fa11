"""The entries of PyTorch's list that count, and the callables of gputensor that answer them."""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

import gputensor as gt

# private, sparse, masked, quantized and compiler entries, and steps of PyTorch's own backward pass; aten's slice and
# hash_tensor, which have no public name
LEFT_OUT = re.compile(
    r"^_|^masked\.|^sparse\.|^torch\.|^jiterator|sparse|_backward$|^native_|_jvp$|sampled_addmm|quantize|^hash_tensor$"
    r"|^slice$"
)
# values that are drawn, or whatever was in memory: shapes and dtypes are compared, numbers are not
DRAWN = re.compile(
    r"bernoulli|cauchy|exponential$|geometric|log_normal|multinomial|^normal|rand|uniform|dropout|rrelu|empty"
    r"|fractional_max|^resize_|^svd_lowrank$"
)
# which of several equal values an index names is not defined
TIED = re.compile(r"^(sort|argsort|topk|kthvalue|mode)$")
# PyTorch computes 8-bit images with weights in fixed point, which may give the next level
IN_FIXED_POINT = re.compile(r"interpolate|upsample")
# the imaginary part of a running logarithm is right up to whole turns, by the order in which it was summed
UP_TO_TURNS = re.compile(r"^logcumsumexp$")


def operators(only: str = "") -> Iterator[Any]:
    """The entries of the list that count."""
    from torch.testing._internal.common_methods_invocations import op_db

    for op in op_db:
        if not LEFT_OUT.search(op.name) and re.search(only, full_name(op)):
            yield op


def full_name(op: Any) -> str:
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


def ours_of(op: Any) -> Callable[..., Any] | None:
    """The same callable over gputensor: by its path, or PyTorch's wrapper with our module in the place of torch."""
    import torch

    function = op.op
    if _is_wrapper(function):
        return twin(function)
    found = _path(gt, op.name)
    if found is None:
        found = getattr(gt.Tensor, op.name, None)
        if isinstance(found, property):
            return found.fget
    if function is getattr(torch.Tensor, op.name, None) and hasattr(gt.Tensor, op.name):
        found = getattr(gt.Tensor, op.name)
    if found is None and hasattr(function, "__name__"):
        found = _path(gt, function.__name__)
    return found


def in_place_of(op: Any) -> Callable[..., Any] | None:
    """Our form of the entry's in-place variant."""
    function = op.inplace_variant
    if isinstance(function, functools.partial):
        inner = function.func
        inner = twin(inner) if _is_wrapper(inner) else exchanged(inner)
        return functools.partial(inner, *function.args, **function.keywords)
    if _is_wrapper(function):
        return twin(function)
    name = function.__name__
    return getattr(gt.Tensor, name, None) or getattr(gt.nn.functional, name, None) or _path(gt, name)


def twin(function: Any) -> Any:
    """A Python function of the list with our module wherever it says torch."""
    names = {k: exchanged(v) for k, v in function.__globals__.items() if k in ("torch", "F")}
    cells = function.__closure__
    made = types.FunctionType(
        function.__code__, {**function.__globals__, **names}, function.__name__, function.__defaults__,
        tuple([types.CellType(exchanged(c.cell_contents)) for c in cells]) if cells else None,
    )  # fmt: skip
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def exchanged(value: Any) -> Any:
    """torch, or a function, module or layer of it, as ours; a function of the list as its twin."""
    import torch

    if value is torch:
        return gt
    if value is torch.nn.functional:
        return gt.nn.functional
    if isinstance(value, torch.nn.Module):
        return getattr(gt.nn, type(value).__name__)()
    if isinstance(value, types.FunctionType) and value.__module__.startswith("torch.testing"):
        return twin(value)
    if callable(value) and getattr(value, "__module__", "") and str(value.__module__).startswith("torch"):
        path = f"{value.__module__}.{getattr(value, '__qualname__', '')}".removeprefix("torch.")
        return _path(gt, path) or _path(gt, getattr(value, "__name__", "?")) or value
    if type(value).__name__ in ("builtin_function_or_method", "method_descriptor"):
        name = value.__name__
        return _path(gt, name) or _path(gt.nn.functional, name) or getattr(gt.Tensor, name, value)
    return value


def _is_wrapper(function: Any) -> bool:
    return isinstance(function, types.FunctionType) and not (function.__module__ or "").startswith(
        ("torch.nn.functional", "torch.functional", "torch._tensor", "torch._jit", "torch.signal")
    )


def _path(root: Any, path: str) -> Any:
    for part in path.split("."):
        root = getattr(root, part, None)
        if root is None:
            return None
    return root
