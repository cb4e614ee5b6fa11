"""Names of `torch.nn.init` without checks, which programs that copied its code call."""

from __future__ import annotations

from typing import Any

from gputensor import Tensor
from gputensor.nn import init


def _no_grad_uniform_(tensor: Tensor, a: float, b: float, generator: Any = None) -> Tensor:
    return init.uniform_(tensor, a, b, generator)


def _no_grad_normal_(tensor: Tensor, mean: float, std: float, generator: Any = None) -> Tensor:
    return init.normal_(tensor, mean, std, generator)


def _no_grad_trunc_normal_(
    tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Any = None
) -> Tensor:
    return init.trunc_normal_(tensor, mean, std, a, b, generator)


def _no_grad_fill_(tensor: Tensor, val: float) -> Tensor:
    return init.constant_(tensor, val)


def _no_grad_zero_(tensor: Tensor) -> Tensor:
    return init.zeros_(tensor)
