"""The schedule of one cycle: up, down, and far down."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from gputensor.optim.lr_scheduler._base import LRScheduler
from gputensor.optim.optimizer import Optimizer

Each = float | Sequence[float]


class OneCycleLR(LRScheduler):
    """The rate rises from max_lr / div_factor to max_lr and falls to that first rate over final_div_factor.

    total_steps, or epochs * steps_per_epoch, is the length; pct_start the part of it that rises. anneal_strategy: "cos"
    or "linear". cycle_momentum: momentum (or beta1) goes the other way, between max_momentum and base_momentum.
    three_phase: falls first to the first rate, in as many steps as it rose. max_lr and the momenta: one number, or one
    a group. Raises ValueError for settings that do not fit. Source: Smith and Topin 2017, arXiv:1708.07120.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0, momentum=0.9)
    >>> scheduler = gt.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
    >>> round(scheduler.get_last_lr()[0], 3)
    0.04
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: Each,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: Each = 0.85,
        max_momentum: Each = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(self).__name__}: {type(optimizer).__name__} is not an Optimizer")
        self.optimizer = optimizer
        self.total_steps = _length(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"OneCycleLR: anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        if cycle_momentum and not {"momentum", "betas"} & set(optimizer.defaults):
            raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
        self._anneal_func_type = anneal_strategy
        self._schedule_phases = _phases(self.total_steps, pct_start, three_phase)
        self.cycle_momentum = cycle_momentum
        self.use_beta1 = "betas" in optimizer.defaults
        highest = each("max_lr", optimizer, max_lr)
        most = each("max_momentum", optimizer, max_momentum)
        least = each("base_momentum", optimizer, base_momentum)
        if last_epoch == -1:
            for group, top, heavy, light in zip(optimizer.param_groups, highest, most, least, strict=True):
                group["initial_lr"] = top / div_factor
                group["max_lr"] = top
                group["min_lr"] = group["initial_lr"] / final_div_factor
                if cycle_momentum:
                    self._set_momentum(group, heavy)
                    group["max_momentum"] = heavy
                    group["base_momentum"] = light
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        number = self.last_epoch
        if number > self.total_steps:
            raise ValueError(f"Tried to step {number} times. The specified number of total steps is {self.total_steps}")
        values = []
        for group in self.optimizer.param_groups:
            # the phase that this step is in, and where the one before it ended
            ends = [phase["end_step"] for phase in self._schedule_phases]
            k = min(bisect_left(ends, number), len(ends) - 1)
            phase, begin = self._schedule_phases[k], ends[k - 1] if k else 0.0
            part = (number - begin) / (ends[k] - begin)
            values.append(self._between(group[phase["start_lr"]], group[phase["end_lr"]], part))
            if self.cycle_momentum:
                self._set_momentum(
                    group, self._between(group[phase["start_momentum"]], group[phase["end_momentum"]], part)
                )
        return values

    def _set_momentum(self, group: dict[str, Any], value: float) -> None:
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value

    def _between(self, start: float, end: float, part: float) -> float:
        """The value at this part of the way."""
        if self._anneal_func_type == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)


def _length(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is not None:
        given = {"total_steps": total_steps}
    elif epochs is not None and steps_per_epoch is not None:
        given = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    else:
        raise ValueError("OneCycleLR: You must define either total_steps OR (epochs AND steps_per_epoch)")
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(f"OneCycleLR: Expected positive integer {name}, but got {value}")
    return math.prod(given.values())


def _phases(steps: int, rising: float, three: bool) -> list[dict[str, Any]]:
    """Where each phase ends, and between which options of the group the rate and the momentum move in it."""

    def phase(end: float, rate: tuple[str, str], momentum: tuple[str, str]) -> dict[str, Any]:
        return {
            "end_step": end,
            "start_lr": rate[0],
            "end_lr": rate[1],
            "start_momentum": momentum[0],
            "end_momentum": momentum[1],
        }

    top = float(rising * steps) - 1
    up = phase(top, ("initial_lr", "max_lr"), ("max_momentum", "base_momentum"))
    if not three:
        return [up, phase(steps - 1, ("max_lr", "min_lr"), ("base_momentum", "max_momentum"))]
    return [
        up,
        phase(float(2 * rising * steps) - 2, ("max_lr", "initial_lr"), ("base_momentum", "max_momentum")),
        phase(steps - 1, ("initial_lr", "min_lr"), ("max_momentum", "max_momentum")),
    ]


def each(name: str, optimizer: Optimizer, value: Any) -> list[float]:
    """One number for all groups or one a group, as a list. Raises ValueError for another count."""
    groups = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has {len(value)} values, "
            f"param_groups has {groups}."
        )
    return list(value)
