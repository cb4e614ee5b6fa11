"""RAdam: Adam whose first steps, where the second moment is not known well, do without it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import scalar
from gputensor.optim.optimizer import Params


@dataclass
class RAdamRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    new1: Any  # 1 - beta1
    beta2: Any
    new2: Any  # 1 - beta2
    step_size: Any  # lr with the bias correction of the first moment, and of the second where it counts
    eps: Any  # None while the variance is not known well
    weight_decay: Any  # added to the gradient
    shrink: Any  # 1 - lr * weight_decay, decoupled from the gradient
    maximize: bool


def radam(xp: Any, r: RAdamRates, p: Any, g: Any, m: Any, v: Any) -> None:
    """One step on parameter p with gradient g and moments m and v, in place."""
    if r.maximize:
        g = -g
    if r.shrink is not None:
        p *= r.shrink
    elif r.weight_decay is not None:
        g = g + p * r.weight_decay
    m += (g - m) * r.new1
    v *= r.beta2
    v += g * g * r.new2
    p -= m * r.step_size if r.eps is None else m * r.step_size / (xp.sqrt(v) + r.eps)


class RAdam(CountedOptimizer):
    """RAdam: Adam with a rectified variance.

    m and v as in `Adam`;  rho = R - 2*t*beta2**t / (1 - beta2**t) with R = 2 / (1 - beta2) - 1. Where rho > 5: p = p -
    lr * m / (1 - beta1**t) * sqrt(1 - beta2**t) / (sqrt(v) + eps) * sqrt((rho-4)(rho-2)R / ((R-4)(R-2)rho)), before: p
    = p - lr * m / (1 - beta1**t). decoupled_weight_decay: as `AdamW`. foreach and capturable are accepted and make no
    difference. differentiable: record the step. Raises ValueError for rates out of range. Source: Liu et al. 2019, "On
    the variance of the adaptive learning rate and beyond", arXiv:1908.03265.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> (w * w).sum().backward(); gt.optim.RAdam([w], lr=0.25).step(); w.tolist()
    [0.5]
    """

    _state_names = ("exp_avg", "exp_avg_sq")
    _formula = staticmethod(radam)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, check_options("RAdam", defaults))

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> RAdamRates:
        lr = group["lr"] if xp is None else float(group["lr"])
        beta1, beta2 = group["betas"]
        decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        step_size = lr / (1 - beta1**key)
        correction2 = 1 - beta2**key
        most = 2 / (1 - beta2) - 1
        rho = most - 2 * key * beta2**key / correction2
        known = rho > 5.0
        if known:
            rectified = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)
            step_size = step_size * math.sqrt(correction2 * rectified)
        return RAdamRates(
            new1=scalar(1 - beta1, xp, dtype),
            beta2=scalar(beta2, xp, dtype),
            new2=scalar(1 - beta2, xp, dtype),
            step_size=scalar(step_size, xp, dtype),
            eps=scalar(group["eps"], xp, dtype) if known else None,
            weight_decay=None if decoupled or decay == 0 else scalar(decay, xp, dtype),
            shrink=scalar(1 - lr * decay, xp, dtype) if decoupled and decay != 0 else None,
            maximize=group["maximize"],
        )
