"""The base of the schedulers."""

from __future__ import annotations

import warnings
from typing import Any

from gputensor._tensor import Tensor
from gputensor.optim.optimizer import Optimizer


class LRScheduler:
    """Sets the learning rates of an optimizer's groups, one step an epoch (or a batch). A subclass writes `get_lr`.

    The first rates are kept as ``initial_lr`` in the groups. last_epoch: -1 to begin, otherwise the epoch to go on
    from. Raises TypeError for what is no Optimizer, KeyError where a group to go on with has no ``initial_lr``.

    >>> import gputensor as gt
    >>> class Falling(gt.optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [base / (1 + self.last_epoch) for base in self.base_lrs]
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = Falling(optimizer)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.5]
    """

    optimizer: Optimizer
    last_epoch: int
    base_lrs: list[Any]
    _step_count: int
    _last_lr: list[Any]
    _is_initial = False
    _get_lr_called_within_step = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(self).__name__}: {type(optimizer).__name__} is not an Optimizer")
        self.optimizer = optimizer
        if last_epoch == -1:
            for group in optimizer.param_groups:
                group.setdefault("initial_lr", _own(group["lr"]))
        else:
            for k, group in enumerate(optimizer.param_groups):
                if "initial_lr" not in group:
                    raise KeyError(
                        f"param 'initial_lr' is not specified in param_groups[{k}] when resuming scheduler with "
                        f"last_epoch >= 0; load the optimizer's state_dict first, or leave last_epoch out to begin"
                    )
        self.base_lrs = rates(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        optimizer.__dict__.setdefault("_opt_called", False)
        self._initial_step()

    def _initial_step(self) -> None:
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self) -> list[Any]:
        """The rates of this epoch, from the rates that the groups have; called by `step`.

        Use `get_last_lr` to read them.
        """
        raise NotImplementedError(f"{type(self).__name__} is missing the required get_lr function")

    def get_last_lr(self) -> list[Any]:
        """The rates that the last step set, one a group."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Set the rates of the next epoch, or of `epoch` (deprecated).

        Warns where the optimizer has made no step yet.
        """
        if self._step_count == 1 and not self.optimizer._opt_called:  # type: ignore[attr-defined]  # set by the first step
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. Call them in the opposite "
                "order: otherwise "
                "the first value of the learning rate schedule is skipped.",
                UserWarning,
                stacklevel=2,
            )
        self._step_count += 1
        if epoch is not None:
            warn_of_epoch()
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        self._get_lr_called_within_step = True
        try:
            if epoch is None:
                self.last_epoch += 1
                values = self.get_lr()
            else:
                self.last_epoch = epoch
                values = getattr(self, "_get_closed_form_lr", self.get_lr)()
        finally:
            self._get_lr_called_within_step = False
        for group, value in zip(self.optimizer.param_groups, values, strict=True):
            set_rate(group, "lr", value)
        self._last_lr = rates(self.optimizer, "lr")

    def _check_within_step(self) -> None:
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use `get_last_lr()`.",
                UserWarning,
                stacklevel=3,
            )

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.__dict__.update(state_dict)


class _LRScheduler(LRScheduler):
    """`LRScheduler` under its older name, from which programs derive."""


def rates(optimizer: Optimizer, key: str) -> list[Any]:
    """An option of every group."""
    return [_own(group[key]) for group in optimizer.param_groups]


def set_rate(group: dict[str, Any], key: str, value: Any) -> None:
    """Set an option of a group; a tensor is written in place, for others may hold it."""
    if isinstance(group[key], Tensor):
        group[key].fill_(float(value))
    else:
        group[key] = value


def warn_of_epoch() -> None:
    warnings.warn(
        "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. "
        "Please use "
        "`scheduler.step()` to step the scheduler.",
        UserWarning,
        stacklevel=3,
    )


def _own(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value
