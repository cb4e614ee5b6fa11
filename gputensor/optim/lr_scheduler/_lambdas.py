"""Schedules given by functions."""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from typing import Any

from gputensor.optim.lr_scheduler._base import LRScheduler, rates
from gputensor.optim.optimizer import Optimizer

Factor = Callable[[int], float]


class _OfFunctions(LRScheduler):
    """A function an epoch for every group. Functions are not saved, other callables by their attributes."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Factor | Sequence[Factor], last_epoch: int = -1) -> None:
        several = isinstance(lr_lambda, (list, tuple))
        functions: list[Any] = list(lr_lambda) if several else [lr_lambda] * len(optimizer.param_groups)  # type: ignore[arg-type]  # a list, where it is several
        if len(functions) != len(optimizer.param_groups):
            raise ValueError(
                f"{type(self).__name__}: Expected {len(optimizer.param_groups)} lr_lambdas, but got {len(functions)}"
            )
        for function in functions:
            if not callable(function):
                raise TypeError(
                    f"{type(self).__name__}: lr_lambda should be a function, but got {type(function).__name__}"
                )
        self.lr_lambdas = functions
        super().__init__(optimizer, last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer and functions; of other callables their attributes."""
        state = {key: value for key, value in self.__dict__.items() if key not in ("optimizer", "lr_lambdas")}
        state["lr_lambdas"] = [
            None if isinstance(f, types.FunctionType) else f.__dict__.copy() for f in self.lr_lambdas
        ]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.__dict__.update({key: value for key, value in state_dict.items() if key != "lr_lambdas"})
        for function, attributes in zip(self.lr_lambdas, state_dict["lr_lambdas"], strict=True):
            if attributes is not None:
                function.__dict__.update(attributes)


class LambdaLR(_OfFunctions):
    """The rate is the first one times lr_lambda(epoch); one function, or one a group.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.5]
    """

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        return [base * f(self.last_epoch) for f, base in zip(self.lr_lambdas, self.base_lrs, strict=True)]


class MultiplicativeLR(_OfFunctions):
    """The rate is multiplied by lr_lambda(epoch) every epoch; one function, or one a group.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda epoch: 0.5)
    >>> for _ in range(2):
    ...     optimizer.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        if self._is_initial:
            return rates(self.optimizer, "lr")
        groups = zip(self.lr_lambdas, self.optimizer.param_groups, strict=True)
        return [group["lr"] * f(self.last_epoch) for f, group in groups]
