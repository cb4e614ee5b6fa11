"""What programs that write optimizers of their own take from PyTorch's files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import gputensor as gt
from gputensor.optim.optimizer import Params

ParamsT: TypeAlias = Params
params_t = ParamsT


def _use_grad_for_differentiable(func: Callable[..., Any]) -> Callable[..., Any]:
    """func, a step, without being recorded."""
    return gt.no_grad()(func)


def _default_to_fused_or_foreach(params: Any, differentiable: bool, use_fused: bool = False) -> tuple[bool, bool]:
    """Neither: there is one way."""
    return False, False


def _get_value(x: Any) -> Any:
    """The number of a tensor; others as they are."""
    return x.item() if isinstance(x, gt.Tensor) else x


def _dispatch_sqrt(x: Any) -> Any:
    """The root of a number or a tensor."""
    return x.sqrt() if isinstance(x, gt.Tensor) else x**0.5
