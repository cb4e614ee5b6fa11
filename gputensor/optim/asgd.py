"""ASGD: stochastic gradient descent with an average of the parameters over the later steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options, count
from gputensor.optim._listed import Group
from gputensor.optim._options import scalar
from gputensor.optim.optimizer import Params


@dataclass
class ASGDRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    eta: Any  # the rate of this step
    shrink: Any  # 1 - lambd * eta
    mu: Any  # what the parameter counts for in the average
    weight_decay: Any
    maximize: bool


def asgd(xp: Any, r: ASGDRates, p: Any, g: Any, average: Any) -> None:
    """One step on parameter p with gradient g and the average of p, in place."""
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    p *= r.shrink
    p -= g * r.eta
    if r.mu is None:
        average[...] = p
    else:
        average += (p - average) * r.mu


class ASGD(CountedOptimizer):
    """ASGD: averaged stochastic gradient descent. The average is ``state[p]["ax"]``.

    eta = lr / (1 + lambd*lr*t)**alpha and mu = 1 / max(1, t - t0), t the number of steps done before (eta at first lr);
    p = (1 - lambd*eta) * p - eta * g;  average = average + mu * (p - average). foreach and capturable are accepted and
    make no difference. differentiable: record the step. Raises ValueError for rates out of range. Source: Polyak and
    Juditsky 1992, "Acceleration of stochastic approximation by averaging".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> optimizer = gt.optim.ASGD([w], lr=0.25, lambd=0.0)
    >>> (w * w).sum().backward(); optimizer.step(); w.tolist(), optimizer.state[w]["ax"].tolist()
    ([0.5], [0.5])
    """

    _state_names = ("ax",)
    _formula = staticmethod(asgd)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, check_options("ASGD", defaults))

    def _begin(self, group: Group, params: list[Tensor]) -> None:
        for p in params:
            self.state[p]["step"] = count(p, group, 0.0)
            self.state[p]["eta"] = count(p, group, float(group["lr"]))
            self.state[p]["mu"] = count(p, group, 1.0)
        super()._begin(group, params)

    def _key(self, group: Group, state: dict[str, Any]) -> Any:
        return state["step"].array.item() + 1, state["eta"].array.item(), state["mu"].array.item()

    def _advance(self, group: Group, key: Any, states: Sequence[dict[str, Any]]) -> None:
        step = key[0]
        lr = float(group["lr"])
        eta = lr / (1 + group["lambd"] * lr * step) ** group["alpha"]
        mu = 1 / max(1, step - group["t0"])
        for s in states:
            s["step"].array[...], s["eta"].array[...], s["mu"].array[...] = step, eta, mu

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> ASGDRates:
        _, eta, mu = key
        decay = group["weight_decay"]
        return ASGDRates(
            eta=scalar(eta, xp, dtype),
            shrink=scalar(1 - group["lambd"] * eta, xp, dtype),
            mu=None if mu == 1 else scalar(mu, xp, dtype),
            weight_decay=None if decay == 0 else scalar(decay, xp, dtype),
            maximize=group["maximize"],
        )
