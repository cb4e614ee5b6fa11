"""Adam and AdamW: steps scaled by running averages of the gradient and of its square."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import scalar
from gputensor.optim.optimizer import Params


@dataclass
class AdamRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    beta2: Any
    new1: Any  # 1 - beta1
    new2: Any  # 1 - beta2
    step_size: Any  # lr, with both bias corrections
    eps: Any  # with the bias correction of the second moment
    weight_decay: Any  # added to the gradient
    shrink: Any  # 1 - lr * weight_decay, decoupled from the gradient
    maximize: bool


def adam(xp: Any, r: AdamRates, p: Any, g: Any, m: Any, v: Any, largest: Any = None) -> None:
    """One step on parameter p with gradient g and moments m and v, in place; `largest` v replaces v."""
    if r.maximize:
        g = -g
    if r.shrink is not None:
        p *= r.shrink
    elif r.weight_decay is not None:
        g = g + p * r.weight_decay
    m += (g - m) * r.new1
    v *= r.beta2
    v += g * g * r.new2
    if largest is not None:
        # not maximum(), which would save what is overwritten here when a step is recorded
        largest[...] = v = xp.where(largest >= v, largest, v)
    # the bias corrections of m and v stand in step_size and eps, which saves two passes
    p -= m * r.step_size / (xp.sqrt(v) + r.eps)


class Adam(CountedOptimizer):
    """Adam: every element's step is its averaged gradient over the root of its averaged squared gradient.

    g = gradient (minus it, with maximize) + weight_decay * p;  m = beta1*m + (1 - beta1)*g;  v = beta2*v + (1 -
    beta2)*g*g; p = p - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps), t the number of the step. amsgrad:
    the largest v so far takes the place of v. decoupled_weight_decay: as `AdamW`. foreach, fused and capturable are
    accepted and make no difference. differentiable: record the step. Raises ValueError for rates out of range. Source:
    Kingma and Ba 2014, arXiv:1412.6980; amsgrad: Reddi et al. 2018, "On the convergence of Adam and beyond".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0, -1.0]))
    >>> optimizer = gt.optim.Adam([w], lr=0.25)
    >>> (w * w).sum().backward(); optimizer.step(); w
    Parameter containing:
    tensor([ 0.7500, -0.7500], requires_grad=True)
    """

    _state_names = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    _formula = staticmethod(adam)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        if isinstance(lr, Tensor) and foreach and not capturable:
            raise ValueError(
                f"{type(self).__name__}: lr as a Tensor is not supported for capturable=False and foreach=True"
            )
        if isinstance(betas, Iterable) and not (
            all([isinstance(b, float) for b in betas]) or all([isinstance(b, Tensor) for b in betas])
        ):
            raise ValueError(f"{type(self).__name__}: betas must be either both floats or both Tensors, got {betas}")
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, check_options(type(self).__name__, defaults))

    def _names(self, group: Group) -> tuple[str, ...]:
        return self._state_names if group["amsgrad"] else self._state_names[:2]

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> AdamRates:
        lr, decay, decoupled = group["lr"], group["weight_decay"], group["decoupled_weight_decay"]
        if xp is not None:
            lr = float(lr)
        beta1, beta2 = [float(b) for b in group["betas"]]
        root2 = math.sqrt(1 - beta2**key)
        return AdamRates(
            beta2=scalar(beta2, xp, dtype),
            new1=scalar(1 - beta1, xp, dtype),
            new2=scalar(1 - beta2, xp, dtype),
            step_size=scalar(lr * (root2 / (1 - beta1**key)), xp, dtype),
            eps=scalar(group["eps"] * root2, xp, dtype),
            weight_decay=None if decoupled or decay == 0 else scalar(decay, xp, dtype),
            shrink=scalar(1 - lr * decay, xp, dtype) if decoupled and decay != 0 else None,
            maximize=group["maximize"],
        )


class AdamW(Adam):
    """`Adam` whose weight decay shrinks the parameters themselves and does not enter the averages.

    p = (1 - lr * weight_decay) * p before each step of Adam. Source: Loshchilov and Hutter 2017, arXiv:1711.05101.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> optimizer = gt.optim.AdamW([w], lr=0.25, weight_decay=0.5)
    >>> (w * w).sum().backward(); optimizer.step(); w.tolist()
    [0.625]
    """

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
