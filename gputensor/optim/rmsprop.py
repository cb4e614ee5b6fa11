"""RMSprop: steps divided by a running root mean square of the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import number, scalar
from gputensor.optim.optimizer import Params


@dataclass
class RMSpropRates:
    """The rates of one step: numbers, 0-d arrays or tensors. None leaves that part of the formula out."""

    lr: Any
    alpha: Any
    new: Any  # 1 - alpha
    eps: Any
    weight_decay: Any
    momentum: Any
    centered: bool
    maximize: bool


def rmsprop(xp: Any, r: RMSpropRates, p: Any, g: Any, v: Any, *others: Any) -> None:
    """One step on parameter p with gradient g and mean square v, in place.

    others: with momentum its buffer, if centered then the mean of the gradient.
    """
    if r.maximize:
        g = -g
    if r.weight_decay is not None:
        g = g + p * r.weight_decay
    v *= r.alpha
    v += g * g * r.new
    spread = v
    if r.centered:
        mean = others[-1]
        mean += (g - mean) * r.new
        spread = v - mean * mean
    step = g / (xp.sqrt(spread) + r.eps)
    if r.momentum is not None:
        buf = others[0]
        buf *= r.momentum
        buf += step
        step = buf
    p -= step * r.lr


class RMSprop(CountedOptimizer):
    """RMSprop: every element's step is its gradient over the root of its averaged squared gradient.

    g = gradient (minus it, with maximize) + weight_decay * p;  v = alpha*v + (1 - alpha)*g*g; centered: v less the
    squared average of g takes v's place;  s = g / (sqrt(v) + eps);  momentum: buf = momentum*buf + s takes s's place;
    p = p - lr * s. foreach and capturable are accepted and make no difference. differentiable: record the step. Raises
    ValueError for rates out of range. Source: Hinton 2012, "Neural networks for machine learning", lecture 6e;
    centered: Graves 2013, arXiv:1308.0850.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0]))
    >>> optimizer = gt.optim.RMSprop([w], lr=0.125, alpha=0.75)
    >>> (w * w).sum().backward(); optimizer.step(); w.tolist()
    [0.75]
    """

    _state_names = ("square_avg", "momentum_buffer", "grad_avg")
    _formula = staticmethod(rmsprop)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        if not number("RMSprop", "momentum", momentum) >= 0.0:
            raise ValueError(f"RMSprop: Invalid momentum value: {momentum}; use a number of at least 0")
        if not number("RMSprop", "alpha", alpha) >= 0.0:
            raise ValueError(f"RMSprop: Invalid alpha value: {alpha}; use a number of at least 0")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, check_options("RMSprop", defaults))

    def _names(self, group: Group) -> tuple[str, ...]:
        return (
            "square_avg",
            *(("momentum_buffer",) if group["momentum"] > 0 else ()),
            *(("grad_avg",) if group["centered"] else ()),
        )

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> RMSpropRates:
        decay, momentum = group["weight_decay"], group["momentum"]
        return RMSpropRates(
            lr=scalar(group["lr"], xp, dtype),
            alpha=scalar(group["alpha"], xp, dtype),
            new=scalar(1 - group["alpha"], xp, dtype),
            eps=scalar(group["eps"], xp, dtype),
            weight_decay=None if decay == 0 else scalar(decay, xp, dtype),
            momentum=None if momentum == 0 else scalar(momentum, xp, dtype),
            centered=group["centered"],
            maximize=group["maximize"],
        )
