"""Helpers of PyTorch's layers that programs which copied a layer's code take from its file."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from gputensor import Tensor
from gputensor.nn import Module, ModuleList, functional


def _get_clones(module: Module, N: int) -> ModuleList:
    """N copies of a module, each with parameters of its own."""
    return ModuleList([copy.deepcopy(module) for _ in range(N)])


def _get_activation_fn(activation: str) -> Callable[[Tensor], Tensor]:
    """relu or gelu, by its name. Raises RuntimeError for another name."""
    if activation not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {activation}")
    found: Any = getattr(functional, activation)
    return found


def apply_permutation(tensor: Tensor, permutation: Tensor, dim: int = 1) -> Tensor:
    """The slices of a tensor along a dim in another order."""
    return tensor.index_select(dim, permutation)
