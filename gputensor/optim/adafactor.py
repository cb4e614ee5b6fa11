"""Adafactor: Adam's second moment from its row and column means alone, and no first moment: little memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.limits import finfo
from gputensor.core.writes import touched
from gputensor.errors import DtypeError
from gputensor.optim._counted import check_options, count
from gputensor.optim._listed import Group, ListedOptimizer
from gputensor.optim._options import number
from gputensor.optim.optimizer import Params


@dataclass
class AdafactorRates:
    """The rates of one step, as numbers."""

    lr: float  # relative to the size of the parameter
    shrink: float  # 1 - lr * weight_decay
    keep: float  # what the mean squares so far count for
    eps1: float
    eps2: float
    clip: float  # the largest root mean square of the update
    maximize: bool


def adafactor(xp: Any, r: AdafactorRates, p: Any, g: Any, row: Any, column: Any, full: Any) -> None:
    """One step on parameter p with gradient g, in place.

    p: (…, n, m) with the mean squares of its rows, row (…, n, 1), and columns, column (…, 1, m); for fewer dims full
    has p's shape, and row and column are None.
    """
    if r.maximize:
        g = -g
    # steps are relative to the size of the parameter
    alpha = max(r.eps2, _root_mean_square(xp, p)) * r.lr
    if r.shrink != 1:
        p *= r.shrink
    squares = g * g
    if full is None:
        row += (xp.mean(squares, (-1,), True) - row) * (1 - r.keep)
        column += (xp.mean(squares, (-2,), True) - column) * (1 - r.keep)
        mean = xp.mean(row, (-2,), True)
        estimate = row @ column / xp.where(mean >= r.eps1, mean, r.eps1)
    else:
        full += (squares - full) * (1 - r.keep)
        estimate = full + 0
    floor = r.eps1 * r.eps1
    step = g / xp.sqrt(xp.where(estimate >= floor, estimate, floor))
    p -= step * (alpha / max(1.0, _root_mean_square(xp, step) / r.clip))


def _root_mean_square(xp: Any, x: Any) -> float:
    return float(xp.sum(x * x)) ** 0.5 / (x.size**0.5 if x.size else 1.0)


class Adafactor(ListedOptimizer):
    """Adafactor: every element's step is its gradient over the root of a mean square that is kept by row and column.

    A parameter of two or more dims keeps n + m numbers for each of its matrices (n, m) instead of n * m. beta2 at step
    t is 1 - t**beta2_decay; eps: the smallest root mean square (None: that of the dtype) and the smallest size of a
    parameter that steps are relative to; d: the largest root mean square of a step; lr: at most, min(lr, 1/sqrt(t)).
    foreach is accepted and makes no difference. Raises ValueError for rates out of range, DtypeError for complex
    parameters. Source: Shazeer and Stern 2018, arXiv:1804.04235.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.ones(2, 3))
    >>> (w * w).sum().backward(); optimizer = gt.optim.Adafactor([w], lr=0.5); optimizer.step(); w[0, 0].item()
    0.5
    """

    _state_names = ()

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        if isinstance(lr, Tensor) and lr.numel() != 1:
            raise ValueError("Tensor lr must be 1-element")
        if not number("Adafactor", "beta2_decay", beta2_decay) <= 0.0:
            raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
        if eps[0] is not None and not eps[0] >= 0.0:
            raise ValueError(f"epsilon1 should be >= 0 but is: {eps[0]}")
        if not eps[1] >= 0.0:
            raise ValueError(f"epsilon2 should be >= 0 but is: {eps[1]}")
        if not number("Adafactor", "d", d) >= 1.0:
            raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, check_options("Adafactor", defaults))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own. Raises DtypeError for complex ones."""
        super().add_param_group(param_group)
        for p in self.param_groups[-1]["params"]:
            if p.is_complex():
                self.param_groups.pop()
                raise DtypeError(f"Adafactor: complex parameters are not supported, got one of shape {tuple(p.shape)}")

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        with np.errstate(all="ignore"):
            for p, g in zip(params, grads, strict=True):
                state = self.state[p]
                if not state:
                    state.update(_begin(p))
                t = state["step"].array.item() + 1
                state["step"].array[...] = t
                eps1, eps2 = group["eps"]
                rates = AdafactorRates(
                    lr=min(float(group["lr"]), 1 / t**0.5),
                    shrink=1 - float(group["lr"]) * float(group["weight_decay"]),
                    keep=1 - t ** group["beta2_decay"],
                    eps1=float(finfo(p.dtype).eps) if eps1 is None else eps1,
                    eps2=eps2,
                    clip=group["d"],
                    maximize=group["maximize"],
                )
                token = p.xp.enter()
                try:
                    parts = [state.get(name) for name in ("row_var", "col_var", "variance")]
                    adafactor(p.xp, rates, p.array, g, *[None if s is None else s.array for s in parts])
                finally:
                    p.xp.leave(token)
                for t_ in (p, *[s for s in parts if s is not None]):
                    touched(t_, "optimizer.step")


def _begin(p: Tensor) -> dict[str, Tensor]:
    """The state before the first step."""
    step = count(p, {"capturable": False}, 0.0)
    shape = tuple(p.shape)

    def zeros(*size: int) -> Tensor:
        return wrap(p.xp.zeros(size, p.array.dtype), p.xp)

    if len(shape) > 1:
        return {"step": step, "row_var": zeros(*shape[:-1], 1), "col_var": zeros(*shape[:-2], 1, shape[-1])}
    return {"step": step, "variance": zeros(*shape)}
