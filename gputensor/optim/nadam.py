"""NAdam: Adam that looks one step ahead along its momentum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options, count
from gputensor.optim._listed import Group
from gputensor.optim._options import number, scalar
from gputensor.optim.optimizer import Params


@dataclass
class NAdamRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    new1: Any  # 1 - beta1
    beta2: Any
    new2: Any  # 1 - beta2
    root2: Any  # of 1 - beta2**t
    of_gradient: Any  # what the gradient counts for in the step, with lr
    of_mean: Any  # what its mean counts for
    eps: Any
    weight_decay: Any  # added to the gradient
    shrink: Any  # 1 - lr * weight_decay, decoupled from the gradient
    maximize: bool


def nadam(xp: Any, r: NAdamRates, p: Any, g: Any, m: Any, v: Any) -> None:
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
    p -= (g * r.of_gradient + m * r.of_mean) / (xp.sqrt(v) / r.root2 + r.eps)


class NAdam(CountedOptimizer):
    """NAdam: Adam with Nesterov's momentum.

    mu(t) = beta1 * (1 - 0.96**(t*momentum_decay) / 2), P(t) the product of mu(1) to mu(t);  m and v as in `Adam`; p =
    p - lr * ((1 - mu(t)) / (1 - P(t)) * g + mu(t+1) / (1 - P(t+1)) * m) / (sqrt(v / (1 - beta2**t)) + eps).
    decoupled_weight_decay: as `AdamW`. foreach and capturable are accepted and make no difference. differentiable:
    record the step. Raises ValueError for rates out of range. Source: Dozat 2016, "Incorporating Nesterov momentum into
    Adam".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> (w * w).sum().backward(); gt.optim.NAdam([w], lr=0.1).step(); 0.8 < w.item() < 1.0
    True
    """

    _state_names = ("exp_avg", "exp_avg_sq")
    _formula = staticmethod(nadam)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        if not number("NAdam", "momentum_decay", momentum_decay) >= 0.0:
            raise ValueError(f"NAdam: Invalid momentum_decay value: {momentum_decay}; use a number of at least 0")
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, check_options("NAdam", defaults))

    def _begin(self, group: Group, params: list[Tensor]) -> None:
        for p in params:
            self.state[p]["step"] = count(p, group, 0.0)
            self.state[p]["mu_product"] = count(p, group, 1.0)
        super()._begin(group, params)

    def _key(self, group: Group, state: dict[str, Any]) -> Any:
        step = state["step"].array.item() + 1
        # rounded as it is kept, so that steps after loading are the same
        product = state["mu_product"].array
        return step, float(product.dtype.type(product.item() * _momentum(group, step)))

    def _advance(self, group: Group, key: Any, states: Sequence[dict[str, Any]]) -> None:
        for s in states:
            s["step"].array[...], s["mu_product"].array[...] = key

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> NAdamRates:
        step, product = key
        lr = group["lr"] if xp is None else float(group["lr"])
        beta1, beta2 = group["betas"]
        decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        after = _momentum(group, step + 1)
        return NAdamRates(
            new1=scalar(1 - beta1, xp, dtype),
            beta2=scalar(beta2, xp, dtype),
            new2=scalar(1 - beta2, xp, dtype),
            root2=scalar(math.sqrt(1 - beta2**step), xp, dtype),
            of_gradient=scalar(lr * ((1 - _momentum(group, step)) / (1 - product)), xp, dtype),
            of_mean=scalar(lr * (after / (1 - product * after)), xp, dtype),
            eps=scalar(group["eps"], xp, dtype),
            weight_decay=None if decoupled or decay == 0 else scalar(decay, xp, dtype),
            shrink=scalar(1 - lr * decay, xp, dtype) if decoupled and decay != 0 else None,
            maximize=group["maximize"],
        )


def _momentum(group: Group, step: float) -> float:
    return group["betas"][0] * (1 - 0.5 * 0.96 ** (step * group["momentum_decay"]))
