"""Inputs that are the same numbers in every library: drawn by NumPy, handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def normal(lib: Any, *shape: int, seed: int = 0, grad: bool = False, scale: float = 1.0) -> Any:
    """A float32 tensor of normal numbers in memory of the library's own."""
    drawn = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32) * np.float32(scale)
    made = lib.tensor(drawn)
    return made.requires_grad_() if grad else made


def whole(lib: Any, high: int, *shape: int, seed: int = 0) -> Any:
    """An int64 tensor of numbers below `high`."""
    return lib.tensor(np.random.default_rng(seed).integers(0, high, shape))


def forward_backward(f: Callable[[], Any], *leaves: Any, seed: Any = None) -> Callable[[], None]:
    """What to time for a function of leaves: forward, backward from `seed` (None: ones), gradients dropped."""
    if seed is None:
        seed = ones_beside(f())

    def step() -> None:
        f().backward(seed)
        for leaf in leaves:
            leaf.grad = None

    return step


def ones_beside(x: Any) -> Any:
    """Ones of a tensor's shape and dtype, outside of the graph."""
    return x.detach() * 0 + 1
