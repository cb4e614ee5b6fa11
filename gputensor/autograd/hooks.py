"""Calling the hooks of a node while the graph is walked."""

from __future__ import annotations

from typing import Any

from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.hooks import AfterNode, BeforeNode
from gputensor.errors import DeviceError, DtypeError, ShapeError


def run_hooks(n: Any, g: Any, create: bool) -> Any:
    """Call the hooks of a node with its gradient; what they return replaces it.

    g: an array, with `create` a tensor; for a node with several outputs a list of them, None where nothing arrived.
    """
    for hook in n.hooks:
        kind = type(hook)
        if kind is AfterNode:
            continue
        if kind is BeforeNode:
            g = _run_before(n, g, hook.hook, create)
            continue
        shown = g if create else wrap(g, n.xp)
        changed = hook(shown)
        if changed is not None:
            g = _replacement("a gradient hook", changed, shown, create)
    return g


def _run_before(n: Any, g: Any, hook: Any, create: bool) -> Any:
    many = type(g) is list
    shown = _shown(n, g if many else [g], create)
    changed = hook(shown)
    if changed is None:
        return g
    new = _replacements("register_prehook", changed, shown, create)
    return new if many else new[0]


def run_after_hooks(n: Any, gradients: list[Any], g: Any, create: bool) -> list[Any]:
    """Call the hooks that come after a node with the gradients of its inputs, which they may replace, and outputs."""
    for hook in n.hooks:
        if type(hook) is AfterNode:
            shown = _shown(n, gradients, create)
            changed = hook.hook(shown, _shown(n, g if type(g) is list else [g], create))
            if changed is not None:
                gradients = _replacements("register_hook", changed, shown, create)
    return gradients


def _shown(n: Any, gs: list[Any], create: bool) -> tuple[Any, ...]:
    return tuple([g if g is None or create else wrap(g, n.xp) for g in gs])


def _replacements(name: str, changed: Any, shown: tuple[Any, ...], create: bool) -> list[Any]:
    new = changed if isinstance(changed, tuple) else (changed,)
    if len(new) != len(shown):
        raise ShapeError(f"{name}: the hook returned {len(new)} gradients in place of {len(shown)}")
    return [
        None if c is None else _replacement(f"{name}: a hook", c, s, create) for c, s in zip(new, shown, strict=True)
    ]


def _replacement(who: str, changed: Any, shown: Any, create: bool) -> Any:
    if not isinstance(changed, _apply.Tensor):
        raise TypeError(f"{who} must return a Tensor or None, got {type(changed).__name__}")
    if shown is not None:
        if tuple(changed.array.shape) != tuple(shown.array.shape):
            raise ShapeError(
                f"{who} changed the shape of the gradient from {tuple(shown.array.shape)} to "
                f"{tuple(changed.array.shape)}"
            )
        if changed.xp is not shown.xp:
            raise DeviceError(
                f"{who} moved the gradient from {describe(shown)} to {describe(changed)}; return it on the same device"
            )
        if changed.array.dtype != shown.array.dtype:
            raise DtypeError(f"{who} changed the dtype of the gradient from {describe(shown)} to {describe(changed)}")
    return changed if create else changed.array
