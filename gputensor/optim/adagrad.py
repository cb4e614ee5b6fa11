"""Adagrad: steps divided by the root of the sum of all squared gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options, count, fill
from gputensor.optim._listed import Group
from gputensor.optim._lists import new_states
from gputensor.optim._options import number, scalar
from gputensor.optim.optimizer import Params


@dataclass
class AdagradRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    lr: Any  # with the decay of this step
    eps: Any
    weight_decay: Any
    maximize: bool


def adagrad(xp: Any, r: AdagradRates, p: Any, g: Any, total: Any) -> None:
    """One step on parameter p with gradient g and the sum of squares, in place."""
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    total += g * g
    p -= g * r.lr / (xp.sqrt(total) + r.eps)


class Adagrad(CountedOptimizer):
    """Adagrad: every element's step is its gradient over the root of the sum of its squared gradients.

    g = gradient (minus it, with maximize) + weight_decay * p;  s = s + g*g, at first initial_accumulator_value; p = p -
    lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps), t the number of the step. foreach and fused are accepted and make
    no difference. differentiable: record the step. Raises ValueError for rates out of range. Source: Duchi, Hazan and
    Singer 2011, "Adaptive subgradient methods for online learning and stochastic optimization".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0, -2.0]))
    >>> (w * w).sum().backward(); gt.optim.Adagrad([w], lr=0.25).step(); w.tolist()
    [0.75, -1.75]
    """

    _state_names = ("sum",)
    _formula = staticmethod(adagrad)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        if not number("Adagrad", "lr_decay", lr_decay) >= 0.0:
            raise ValueError(f"Adagrad: Invalid lr_decay value: {lr_decay}; use a number of at least 0")
        if not number("Adagrad", "initial_accumulator_value", initial_accumulator_value) >= 0.0:
            raise ValueError(
                f"Adagrad: Invalid initial_accumulator_value value: {initial_accumulator_value}; use a number of at "
                "least 0"
            )
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, check_options("Adagrad", defaults))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own; their sums begin at once, as in PyTorch."""
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        self._begin(group, [p for p in group["params"] if p not in self.state])

    def _begin(self, group: Group, params: list[Tensor]) -> None:
        for p, total in zip(params, new_states(params), strict=True):
            fill(total, group["initial_accumulator_value"])
            self.state[p] = {"step": count(p, {**group, "capturable": False}, 0.0), "sum": total}

    def share_memory(self) -> None:
        """Accepted as in PyTorch: state shares memory with other threads anyway."""

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> AdagradRates:
        decay = group["weight_decay"]
        lr = group["lr"] if xp is None else float(group["lr"])
        return AdagradRates(
            lr=scalar(lr / (1 + (key - 1) * group["lr_decay"]), xp, dtype),
            eps=scalar(group["eps"], xp, dtype),
            weight_decay=None if decay == 0 else scalar(decay, xp, dtype),
            maximize=group["maximize"],
        )

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        super()._update(k, {**group, "capturable": False}, params, grads)
