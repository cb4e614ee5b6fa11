"""Muon: momentum whose matrices are made nearly orthogonal before each step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.writes import touched
from gputensor.errors import ArgumentError
from gputensor.optim._counted import check_options
from gputensor.optim._listed import Group, ListedOptimizer
from gputensor.optim._lists import new_states
from gputensor.optim._options import number
from gputensor.optim.optimizer import Params


def orthogonalized(xp: Any, g: Any, coefficients: tuple[float, float, float], steps: int, eps: float) -> Any:
    """A matrix (n, m) with the singular vectors of g and singular values near 1, by Newton and Schulz's iteration."""
    if steps >= 100:
        raise ValueError("Number of steps must be less than 100 for computational efficiency")
    if g.ndim != 2:
        raise ValueError(f"Muon: the gradient must be a matrix, got shape {tuple(g.shape)}")
    a, b, c = coefficients
    wide = g.shape[0] > g.shape[1]
    x = xp.astype(g, np.dtype(np.float32))
    if wide:
        x = x.T
    x = x / max(float(xp.sum(x * x)) ** 0.5, eps)
    for _ in range(steps):
        gram = xp.matmul(x, x.T)
        x = x * a + xp.matmul(gram * b + xp.matmul(gram, gram) * c, x)
    return x.T if wide else x


class Muon(ListedOptimizer):
    """Muon: every weight matrix steps along its momentum with all singular values made about equal.

    For the 2-d weights of hidden layers; give biases, embeddings and the last layer to another optimizer. buf =
    momentum*buf + (1 - momentum)*g, O the nearly orthogonal matrix of buf (with nesterov of g + momentum*(buf - g));  p
    = (1 - lr*weight_decay) * p - lr' * O, lr' = lr * sqrt(max(1, n/m)) for p (n, m), or with
    adjust_lr_fn="match_rms_adamw" lr * 0.2 * sqrt(max(n, m)). Raises ValueError for parameters that are no matrices and
    rates out of range. Unlike torch: the
    iteration runs in float32, not in bfloat16. Source: Jordan et al.
    2024, "Muon: an optimizer for hidden layers in neural networks"; match_rms_adamw: Liu et al. 2025, arXiv:2502.16982.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.eye(2))
    >>> (w * w).sum().backward(); gt.optim.Muon([w], lr=0.1).step(); bool((w.diagonal() < 1).all())
    True
    """

    _state_names = ("momentum_buffer",)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        if isinstance(lr, Tensor) and lr.numel() != 1:
            raise ValueError("Tensor lr must be 1-element")
        if not number("Muon", "momentum", momentum) >= 0.0:
            raise ValueError(f"momentum should be >= 0 but is: {momentum}")
        if adjust_lr_fn not in (None, "original", "match_rms_adamw"):
            raise ArgumentError(
                f"Muon: adjust_lr_fn must be None, 'original' or 'match_rms_adamw', got {adjust_lr_fn!r}"
            )
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, check_options("Muon", defaults))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own. Raises ValueError for one that is no matrix."""
        super().add_param_group(param_group)
        for p in self.param_groups[-1]["params"]:
            if p.ndim != 2:
                self.param_groups.pop()
                raise ValueError(f"Muon only supports 2D parameters whereas we found a parameter with size: {p.shape}")

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        new = [p for p in params if "momentum_buffer" not in self.state[p]]
        for p, fresh in zip(new, new_states(new), strict=True):
            self.state[p]["momentum_buffer"] = fresh
        lr, momentum = float(group["lr"]), group["momentum"]
        with np.errstate(all="ignore"):
            for p, g in zip(params, grads, strict=True):
                xp, buffer = p.xp, self.state[p]["momentum_buffer"]
                token = xp.enter()
                try:
                    buf = buffer.array
                    buf += (g - buf) * (1 - momentum)
                    ahead = g + (buf - g) * momentum if group["nesterov"] else buf
                    step = orthogonalized(xp, ahead, group["ns_coefficients"], group["ns_steps"], group["eps"])
                    p.array[...] *= 1 - lr * group["weight_decay"]
                    p.array[...] -= xp.astype(step * _adjusted(lr, group["adjust_lr_fn"], *p.shape), p.array.dtype)
                finally:
                    xp.leave(token)
                touched(p, "optimizer.step")
                touched(buffer, "optimizer.step")


def _adjusted(lr: float, rule: str | None, n: int, m: int) -> float:
    if rule == "match_rms_adamw":
        return lr * 0.2 * math.sqrt(max(n, m))
    return lr * math.sqrt(max(1.0, n / m)) if m else lr
