"""Adamax: Adam with the largest gradient in the place of its mean square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import scalar
from gputensor.optim.optimizer import Params


@dataclass
class AdamaxRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    new1: Any  # 1 - beta1
    beta2: Any
    step_size: Any  # lr, with the bias correction of the first moment
    eps: Any
    weight_decay: Any
    maximize: bool


def adamax(xp: Any, r: AdamaxRates, p: Any, g: Any, m: Any, u: Any) -> None:
    """One step on parameter p with gradient g, its mean m and its decaying maximum u, in place."""
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    m += (g - m) * r.new1
    faded, size = u * r.beta2, xp.abs(g) + r.eps
    u[...] = largest = xp.where(faded >= size, faded, size)
    p -= m * r.step_size / largest


class Adamax(CountedOptimizer):
    """Adamax: the averaged gradient over the largest recent one.

    g = gradient (minus it, with maximize) + weight_decay * p;  m = beta1*m + (1 - beta1)*g;  u = max(beta2*u, |g| +
    eps);  p = p - lr / (1 - beta1**t) * m / u, t the number of the step. foreach and capturable are accepted and make
    no difference. differentiable: record the step. Raises ValueError for rates out of range. Source: Kingma and Ba
    2014, arXiv:1412.6980, section 7.1.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0, -2.0]))
    >>> (w * w).sum().backward(); gt.optim.Adamax([w], lr=0.25).step(); w.tolist()
    [0.75, -1.75]
    """

    _state_names = ("exp_avg", "exp_inf")
    _formula = staticmethod(adamax)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, check_options("Adamax", defaults))

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> AdamaxRates:
        decay = group["weight_decay"]
        lr = group["lr"] if xp is None else float(group["lr"])
        beta1, beta2 = group["betas"]
        return AdamaxRates(
            new1=scalar(1 - beta1, xp, dtype),
            beta2=scalar(beta2, xp, dtype),
            step_size=scalar(lr / (1 - beta1**key), xp, dtype),
            eps=scalar(group["eps"], xp, dtype),
            weight_decay=None if decay == 0 else scalar(decay, xp, dtype),
            maximize=group["maximize"],
        )
