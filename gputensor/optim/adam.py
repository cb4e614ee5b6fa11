"""Adam and AdamW: steps scaled by running averages of the gradient and of its square."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.dtypes import float32, float64, get_default_dtype
from gputensor.core.explain import describe
from gputensor.ops.creation import tensor
from gputensor.optim._listed import Group, ListedOptimizer, alike
from gputensor.optim._lists import new_states
from gputensor.optim._options import check_flags, number, scalar
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


class Adam(ListedOptimizer):
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
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        name = type(self).__name__
        if not number(name, "lr", lr) >= 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        if not number(name, "eps", eps) >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        if not isinstance(betas, Iterable) or len(tuple(betas)) != 2:
            raise TypeError(f"{name}: betas must be two numbers, got {describe(betas)}")
        for k, beta in enumerate(betas):
            if not 0.0 <= number(name, f"betas[{k}]", beta) < 1.0:
                raise ValueError(f"Invalid beta parameter at index {k}: {beta}")
        if not number(name, "weight_decay", weight_decay) >= 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        if not (all([isinstance(b, float) for b in betas]) or all([isinstance(b, Tensor) for b in betas])):
            raise ValueError("betas must be either both floats or both Tensors")
        check_flags(foreach, fused, differentiable)
        defaults = {
            "lr": lr,
            "betas": tuple(betas),
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
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("amsgrad", False)
            group.setdefault("maximize", False)
            group.setdefault("foreach", None)
            group.setdefault("capturable", False)
            group.setdefault("differentiable", False)
            group.setdefault("decoupled_weight_decay", False)
            group.setdefault("fused", None)
            for p in group["params"]:
                known = self.state.get(p)
                if known and not isinstance(known["step"], Tensor):
                    known["step"] = _count(p, group, float(known["step"]))

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        states = [self.state[p] for p in params]
        new = [p for p, s in zip(params, states, strict=True) if not s]
        if new:
            self._begin(group, new)
        names = self._state_names if group["amsgrad"] else self._state_names[:2]
        steps = [s["step"].array.item() + 1 for s in states]
        for j, (step, some, their_grads) in enumerate(alike(steps, params, grads)):
            lists = self._lists(k, j)
            lists.prepare(some)
            theirs = states if some is params else [self.state[p] for p in some]
            for s in theirs:
                s["step"].array[...] = step
            moments = [[s[name] for s in theirs] for name in names]
            rates = partial(_rates, group, step)
            self._run(lists, some, their_grads, moments, adam, rates, group["differentiable"])

    def _begin(self, group: Group, params: list[Tensor]) -> None:
        """The state before the first step."""
        for p in params:
            self.state[p]["step"] = _count(p, group, 0.0)
        for name in self._state_names if group["amsgrad"] else self._state_names[:2]:
            for p, zeros in zip(params, new_states(params), strict=True):
                self.state[p][name] = zeros


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


def _rates(group: Group, step: float, xp: Any, dtype: Any) -> AdamRates:
    """The options of a group at one step."""
    lr, decay, decoupled = group["lr"], group["weight_decay"], group["decoupled_weight_decay"]
    if xp is not None:
        lr = float(lr)
    beta1, beta2 = [float(b) for b in group["betas"]]
    root2 = math.sqrt(1 - beta2**step)
    return AdamRates(
        beta2=scalar(beta2, xp, dtype),
        new1=scalar(1 - beta1, xp, dtype),
        new2=scalar(1 - beta2, xp, dtype),
        step_size=scalar(lr * (root2 / (1 - beta1**step)), xp, dtype),
        eps=scalar(group["eps"] * root2, xp, dtype),
        weight_decay=None if decoupled or decay == 0 else scalar(decay, xp, dtype),
        shrink=scalar(1 - lr * decay, xp, dtype) if decoupled and decay != 0 else None,
        maximize=group["maximize"],
    )


def _count(p: Tensor, group: Group, value: float) -> Tensor:
    """The number of steps as a 0-d tensor: on the CPU, unless the group says that a kernel reads it."""
    kernel = group["capturable"] or group["fused"]
    wide = float64 if get_default_dtype() is float64 and not group["fused"] else float32
    return tensor(value, dtype=wide, device=p.device if kernel else "cpu")
