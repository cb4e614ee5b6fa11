"""Schedules with a formula: steps, exponentials, lines, polynomials, cosines.

`get_lr` goes from one rate to the next, so that other schedulers (and hands) may change the rates too; the formula from
the first rate to that of any epoch is `_get_closed_form_lr`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from gputensor.core.explain import check_number, describe
from gputensor.errors import ArgumentError
from gputensor.optim.lr_scheduler._base import LRScheduler, rates
from gputensor.optim.optimizer import Optimizer


def _epochs(name: str, argument: str, value: Any) -> Any:
    """A number of epochs. Raises TypeError for no number, ArgumentError for 0, by which no epoch is divided."""
    check_number(name, argument, value)
    if value == 0:
        raise ArgumentError(f"{name}: {argument} must not be 0; a rate that stays needs no scheduler")
    return value


class _Scaling(LRScheduler):
    """A schedule that multiplies the rates of all groups by one factor in each epoch."""

    def _factor(self) -> float | None:
        """By how much the rates change in this epoch; None for not at all."""
        raise NotImplementedError

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        factor = self._factor()
        if factor is None:
            return rates(self.optimizer, "lr")
        return [group["lr"] * factor for group in self.optimizer.param_groups]


class StepLR(_Scaling):
    """The rate is multiplied by gamma every step_size epochs.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for _ in range(4):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size = _epochs("StepLR", "step_size", step_size)
        check_number(type(self).__name__, "gamma", gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        return None if self.last_epoch == 0 or self.last_epoch % self.step_size != 0 else self.gamma

    def _get_closed_form_lr(self) -> list[Any]:
        return [base * self.gamma ** (self.last_epoch // self.step_size) for base in self.base_lrs]


class MultiStepLR(_Scaling):
    """The rate is multiplied by gamma at every milestone; a milestone named twice counts twice.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[1, 3], gamma=0.5)
    >>> for _ in range(3):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        if not isinstance(milestones, Iterable):
            raise TypeError(f"MultiStepLR: milestones must be several ints, got {describe(milestones)}; use a list")
        self.milestones = Counter(milestones)
        check_number(type(self).__name__, "gamma", gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        times = self.milestones.get(self.last_epoch)
        return None if times is None else self.gamma**times

    def _get_closed_form_lr(self) -> list[Any]:
        passed = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [base * self.gamma**passed for base in self.base_lrs]


class ConstantLR(_Scaling):
    """The rate is multiplied by factor until epoch total_iters. Raises ValueError unless 0 <= factor <= 1.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.ConstantLR(optimizer, factor=0.5, total_iters=4)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        if not 0 <= factor <= 1.0:
            raise ValueError(f"Constant multiplicative factor expected to be between 0 and 1, got {factor}")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        if self.last_epoch == 0:
            return self.factor
        return 1.0 / self.factor if self.last_epoch == self.total_iters else None

    def _get_closed_form_lr(self) -> list[Any]:
        factor = 1 if self.last_epoch >= self.total_iters else self.factor
        return [base * factor for base in self.base_lrs]


class LinearLR(_Scaling):
    """The rate is multiplied by a factor that goes from start_factor to end_factor in total_iters epochs.

    Raises ValueError unless 0 < start_factor <= 1 and 0 <= end_factor <= 1.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=4)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1.0:
            raise ValueError(
                "LinearLR: Starting multiplicative factor expected to be greater than 0 and less or equal to 1, got "
                f"{start_factor}"
            )
        if not 0 <= end_factor <= 1.0:
            raise ValueError(f"LinearLR: Ending multiplicative factor expected to be between 0 and 1, got {end_factor}")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        if self.last_epoch == 0:
            return self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        change = self.end_factor - self.start_factor
        return 1.0 + change / (self.total_iters * self.start_factor + (self.last_epoch - 1) * change)

    def _get_closed_form_lr(self) -> list[Any]:
        change = self.end_factor - self.start_factor
        factor = self.start_factor + change * min(self.total_iters, self.last_epoch) / self.total_iters
        return [base * factor for base in self.base_lrs]


class ExponentialLR(_Scaling):
    """The rate is multiplied by gamma every epoch.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        check_number(type(self).__name__, "gamma", gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        return None if self._is_initial else self.gamma

    def _get_closed_form_lr(self) -> list[Any]:
        return [base * self.gamma**self.last_epoch for base in self.base_lrs]


class PolynomialLR(_Scaling):
    """The rate is the first one times (1 - epoch / total_iters)**power, and 0 from total_iters on.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=4)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float | None:
        if self._is_initial or self.last_epoch > self.total_iters:
            return None
        left, before = self.total_iters - self.last_epoch, self.total_iters - self.last_epoch + 1
        return (left / before) ** self.power

    def _get_closed_form_lr(self) -> list[Any]:
        left = 1.0 - min(self.total_iters, self.last_epoch) / self.total_iters
        return [base * left**self.power for base in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """The rate goes along half a cosine from the first one to eta_min in T_max epochs, and back.

    eta_min + (first - eta_min) * (1 + cos(pi * epoch / T_max)) / 2. Source: Loshchilov and Hutter 2016,
    arXiv:1608.03983, without the restarts.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=2)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max = _epochs("CosineAnnealingLR", "T_max", T_max)
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        if self._is_initial:
            return rates(self.optimizer, "lr")
        epoch, period, low = self.last_epoch, self.T_max, self.eta_min
        if self._step_count == 1 and epoch > 0:
            return [low + (base - low) * (1 + math.cos(epoch * math.pi / period)) / 2 for base in self.base_lrs]
        if (epoch - 1 - period) % (2 * period) == 0:
            # the rate is eta_min, which no factor can leave
            rise = (1 - math.cos(math.pi / period)) / 2
            groups = zip(self.base_lrs, self.optimizer.param_groups, strict=True)
            return [group["lr"] + (base - low) * rise for base, group in groups]
        ratio = (1 + math.cos(math.pi * epoch / period)) / (1 + math.cos(math.pi * (epoch - 1) / period))
        return [ratio * (group["lr"] - low) + low for group in self.optimizer.param_groups]

    def _get_closed_form_lr(self) -> list[Any]:
        height = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]
