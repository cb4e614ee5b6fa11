"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._listed import Group, ListedOptimizer, alike
from gputensor.optim._lists import new_states
from gputensor.optim._options import check_flags, number, scalar
from gputensor.optim.optimizer import Params


@dataclass
class SGDRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    lr: Any
    momentum: Any
    keep: Any  # 1 - dampening
    weight_decay: Any
    nesterov: bool
    maximize: bool


def sgd(xp: Any, r: SGDRates, p: Any, g: Any, buf: Any = None) -> None:
    """One step on parameter p with gradient g and momentum buffer buf, in place."""
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    if buf is not None:
        buf *= r.momentum
        buf += g if r.keep is None else g * r.keep
        g = g + buf * r.momentum if r.nesterov else buf
    p -= g * r.lr


class SGD(ListedOptimizer):
    """Stochastic gradient descent, with momentum.

    g = gradient (minus it, with maximize) + weight_decay * p;  buf = momentum * buf + (1 - dampening) * g, at first g
    itself; p = p - lr * buf, or with nesterov p - lr * (g + momentum * buf). foreach and fused are accepted and make no
    difference: small parameters are always worked on as one. differentiable: record the step. Raises ValueError for
    negative rates, and for nesterov without momentum or with dampening. Source: Sutskever et al. 2013, "On the
    importance of initialization and momentum in deep learning".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> (w * w).sum().backward()
    >>> gt.optim.SGD([w], lr=0.25).step(); w.tolist()
    [0.5]
    """

    _state_names = ("momentum_buffer",)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        name = type(self).__name__
        if not number(name, "lr", lr) >= 0.0:
            raise ValueError(f"{type(self).__name__}: Invalid learning rate: {lr}; use a number of at least 0")
        if not number(name, "momentum", momentum) >= 0.0:
            raise ValueError(f"{type(self).__name__}: Invalid momentum value: {momentum}; use a number of at least 0")
        number(name, "dampening", dampening)
        if not number(name, "weight_decay", weight_decay) >= 0.0:
            raise ValueError(
                f"{type(self).__name__}: Invalid weight_decay value: {weight_decay}; use a number of at least 0"
            )
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(f"{name}: Nesterov momentum requires a momentum and zero dampening")
        check_flags(foreach, fused, differentiable)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("nesterov", False)
            group.setdefault("maximize", False)
            group.setdefault("foreach", None)
            group.setdefault("differentiable", False)
            group.setdefault("fused", False)

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        recorded = group["differentiable"]
        if group["momentum"] == 0:
            lists = self._lists(k)
            lists.prepare(params)
            self._run(lists, params, grads, (), sgd, partial(_rates, group, True), recorded)
            return
        first = [self.state[p].get("momentum_buffer") is None for p in params]
        for fresh, some, their_grads in alike(first, params, grads):
            lists = self._lists(k, fresh and some is not params)
            lists.prepare(some)
            if fresh:
                for p, buffer in zip(some, new_states(some), strict=True):
                    self.state[p]["momentum_buffer"] = buffer
            buffers = [self.state[p]["momentum_buffer"] for p in some]
            self._run(lists, some, their_grads, (buffers,), sgd, partial(_rates, group, fresh), recorded)


def _rates(group: Group, first: bool, xp: Any, dtype: Any) -> SGDRates:
    """The options of a group; the first momentum buffer is the gradient itself, without dampening."""
    decay, dampening = group["weight_decay"], group["dampening"]
    return SGDRates(
        lr=scalar(group["lr"], xp, dtype),
        momentum=scalar(group["momentum"], xp, dtype),
        keep=None if first or dampening == 0 else scalar(1 - dampening, xp, dtype),
        weight_decay=None if float(decay) == 0 else scalar(decay, xp, dtype),
        nesterov=group["nesterov"],
        maximize=group["maximize"],
    )
