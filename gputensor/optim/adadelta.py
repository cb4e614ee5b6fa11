"""Adadelta: steps scaled by running averages of the squared gradient and of the squared step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import number, scalar
from gputensor.optim.optimizer import Params


@dataclass
class AdadeltaRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    lr: Any
    rho: Any
    new: Any  # 1 - rho
    eps: Any
    weight_decay: Any
    maximize: bool


def adadelta(xp: Any, r: AdadeltaRates, p: Any, g: Any, v: Any, steps: Any) -> None:
    """One step on parameter p with gradient g and the mean squares of gradient and step, in place."""
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    v *= r.rho
    v += g * g * r.new
    step = xp.sqrt(steps + r.eps) / xp.sqrt(v + r.eps) * g
    steps *= r.rho
    steps += step * step * r.new
    p -= step * r.lr


class Adadelta(CountedOptimizer):
    """Adadelta: gradients scaled by the root mean square of earlier steps over that of earlier gradients.

    g = gradient (minus it, with maximize) + weight_decay * p;  v = rho*v + (1 - rho)*g*g;  s = sqrt(u + eps) / sqrt(v +
    eps) * g;  u = rho*u + (1 - rho)*s*s;  p = p - lr * s. foreach and capturable are accepted and make no difference.
    differentiable: record the step. Raises ValueError for rates out of range. Source: Zeiler 2012, arXiv:1212.5701.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> (w * w).sum().backward(); gt.optim.Adadelta([w], rho=0.0, eps=1.0).step(); round(w.item(), 4)
    0.1056
    """

    _state_names = ("square_avg", "acc_delta")
    _formula = staticmethod(adadelta)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        if not 0.0 <= number("Adadelta", "rho", rho) <= 1.0:
            raise ValueError(f"Adadelta: Invalid rho value: {rho}; use 0 <= rho <= 1")
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, check_options("Adadelta", defaults))

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> AdadeltaRates:
        decay = group["weight_decay"]
        return AdadeltaRates(
            lr=scalar(group["lr"], xp, dtype),
            rho=scalar(group["rho"], xp, dtype),
            new=scalar(1 - group["rho"], xp, dtype),
            eps=scalar(group["eps"], xp, dtype),
            weight_decay=None if decay == 0 else scalar(decay, xp, dtype),
            maximize=group["maximize"],
        )
