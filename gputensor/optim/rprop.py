"""Rprop: steps of a size of their own for every element, by the sign of the gradient alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim._counted import CountedOptimizer, check_options
from gputensor.optim._listed import Group
from gputensor.optim._options import scalar
from gputensor.optim.optimizer import Params


@dataclass
class RpropRates:
    """The rates of one step: numbers, 0-d arrays or tensors."""

    less: Any
    more: Any
    smallest: Any
    largest: Any
    maximize: bool


def rprop(xp: Any, r: RpropRates, p: Any, g: Any, prev: Any, size: Any) -> None:
    """One step on parameter p with gradient g, the gradient before and the sizes of the steps, in place."""
    if r.maximize:
        g = -g
    same = g * prev
    wanted = xp.where(same > 0, size * r.more, xp.where(same < 0, size * r.less, size))
    wanted = xp.where(wanted >= r.smallest, wanted, r.smallest)
    size[...] = wanted = xp.where(wanted <= r.largest, wanted, r.largest)
    # after a change of sign the element rests for one step
    g = xp.where(same < 0, 0, g)
    p -= xp.sign(g) * wanted
    prev[...] = g


class Rprop(CountedOptimizer):
    """Rprop: the size of every element's step grows while the sign of its gradient stays, and shrinks when it changes.

    s = s * etas[1] where gradient and the one before have the same sign, s * etas[0] where they differ (there the
    element rests for this step), within step_sizes; at first lr. p = p - s * sign(gradient). For full batches. foreach
    and capturable are accepted and make no difference. differentiable: record the step. Raises ValueError for rates out
    of range. Source: Riedmiller and Braun 1993, "A direct adaptive method for faster backpropagation learning".

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([1.0, -2.0]))
    >>> (w * w).sum().backward(); gt.optim.Rprop([w], lr=0.25).step(); w.tolist()
    [0.75, -1.75]
    """

    _state_names = ("prev", "step_size")
    _formula = staticmethod(rprop)

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Rprop: Invalid eta values: {etas[0]}, {etas[1]}; use 0 < etas[0] < 1 < etas[1]")
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, check_options("Rprop", defaults))

    def _first(self, group: Group, name: str) -> float:
        return float(group["lr"]) if name == "step_size" else 0.0

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> RpropRates:
        less, more = group["etas"]
        smallest, largest = group["step_sizes"]
        return RpropRates(
            less=scalar(less, xp, dtype),
            more=scalar(more, xp, dtype),
            smallest=scalar(smallest, xp, dtype),
            largest=scalar(largest, xp, dtype),
            maximize=group["maximize"],
        )
