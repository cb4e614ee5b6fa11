"""What can be hung on a node of the graph, and the handle that takes it off again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class RetainedGrad:
    """A hook that keeps the gradient of a tensor that is no leaf; it moves on when the tensor is written in place."""

    __slots__ = ("grad",)

    def __init__(self) -> None:
        self.grad: Any = None

    def __call__(self, g: Any) -> None:
        # a copy: the same array travels on, and users write gradients in place
        self.grad = g.clone() if self.grad is None else self.grad + g


class BeforeNode:
    """A hook of a whole node, called with the gradients of its outputs before its own step."""

    __slots__ = ("hook",)

    def __init__(self, hook: Callable[..., Any]) -> None:
        self.hook = hook


class AfterNode:
    """A hook of a whole node, called with the gradients of its inputs and outputs after its own step."""

    __slots__ = ("hook",)

    def __init__(self, hook: Callable[..., Any]) -> None:
        self.hook = hook


class HookHandle:
    """What registering a hook returns; `remove()` takes the hook away, also at the end of a ``with`` block."""

    __slots__ = ("_hook", "_node", "_slot")

    def __init__(self, node: Any, slot: str, hook: Any) -> None:
        self._node, self._slot, self._hook = node, slot, hook

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        kept = list(getattr(self._node, self._slot) or ())
        for k, h in enumerate(kept):
            if h is self._hook:
                del kept[k]
                break
        setattr(self._node, self._slot, tuple(kept) or None)

    def __enter__(self) -> HookHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def retained(node: Any) -> RetainedGrad | None:
    """The hook that keeps the gradient at `node`, if there is one."""
    for hook in getattr(node, "hooks", None) or ():
        if type(hook) is RetainedGrad:
            return hook
    return None


def add_hook(node: Any, hook: Any) -> None:
    """Hang a hook on a node: tensor hooks in their order, then what keeps the gradient, then the node's own."""
    hooks = list(node.hooks or ())
    hooks.append(hook)
    hooks.sort(key=_rank)
    node.hooks = tuple(hooks)


def _rank(hook: Any) -> int:
    kind = type(hook)
    return 1 if kind is RetainedGrad else 2 if kind is BeforeNode else 3 if kind is AfterNode else 0


def move_retained(old: Any, node: Any) -> None:
    """Let a kept gradient follow its tensor to the node it got by a write."""
    keeper = retained(old)
    if keeper is not None:
        old.hooks = tuple([h for h in old.hooks if h is not keeper]) or None
        add_hook(node, keeper)
