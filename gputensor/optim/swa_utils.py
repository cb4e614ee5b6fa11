"""Averages of a model's weights over training: stochastic weight averaging and moving averages."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.modes import no_grad
from gputensor.nn.modules.batchnorm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from gputensor.nn.modules.module import Module
from gputensor.ops.from_data import tensor
from gputensor.optim.lr_scheduler._base import LRScheduler
from gputensor.optim.lr_scheduler._cycle import Each, each
from gputensor.optim.optimizer import Optimizer

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

Average = Callable[[Tensor, Tensor, Any], Tensor]
AverageAll = Callable[[Sequence[Tensor], Sequence[Tensor], Any], None]


class AveragedModel(Module):
    """A copy of a model that holds the average of its weights over all calls of `update_parameters`.

    avg_fn(average, weight, n): the new average of one tensor after n of them; multi_avg_fn(averages, weights, n): of
    all, in place. Without either: the mean. use_buffers: average the buffers too, else they are copied. Raises
    ValueError for both functions. Source: Izmailov et al. 2018, arXiv:1803.05407.

    >>> import gputensor as gt
    >>> model = gt.nn.Linear(1, 1, bias=False)
    >>> average = gt.optim.swa_utils.AveragedModel(model)
    >>> for value in (1.0, 3.0):
    ...     with gt.no_grad(): _ = model.weight.fill_(value)
    ...     average.update_parameters(model)
    >>> average.module.weight.item(), average.n_averaged
    (2.0, tensor(2))
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Average | None = None,
        multi_avg_fn: AverageAll | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise ValueError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    @no_grad()
    def update_parameters(self, model: Module) -> None:
        """Take the weights of `model` into the average; the first time they are copied."""
        ours: list[Tensor] = list(self.module.parameters())
        theirs: list[Tensor] = list(model.parameters())
        buffers, their_buffers = list(self.module.buffers()), list(model.buffers())
        if self.use_buffers:
            ours, theirs = [*ours, *buffers], [*theirs, *their_buffers]
        averages = [p.detach() for p in ours]
        weights = [q.detach().to(p.device) for p, q in zip(ours, theirs, strict=True)]
        if not int(self.n_averaged):
            for average, weight in zip(averages, weights, strict=True):
                average.copy_(weight)
        elif self.multi_avg_fn is not None:
            for some, their_some in _by_kind(averages, weights):
                self.multi_avg_fn(some, their_some, self.n_averaged)
        else:
            function = self.avg_fn or get_swa_avg_fn()
            for average, weight in zip(averages, weights, strict=True):
                average.copy_(function(average, weight, self.n_averaged))
        if not self.use_buffers:
            for buffer, given in zip(buffers, their_buffers, strict=True):
                buffer.detach().copy_(given.detach().to(buffer.device))
        self.n_averaged += 1


def _by_kind(averages: list[Tensor], weights: list[Tensor]) -> Iterable[tuple[list[Tensor], list[Tensor]]]:
    """Tensors of one device and dtype together."""
    kinds: dict[Any, tuple[list[Tensor], list[Tensor]]] = {}
    for average, weight in zip(averages, weights, strict=True):
        some, their_some = kinds.setdefault((average.device, average.dtype), ([], []))
        some.append(average)
        their_some.append(weight)
    return kinds.values()


def get_ema_multi_avg_fn(decay: float = 0.999) -> AverageAll:
    """A moving average of many tensors, in place: decay * average + (1 - decay) * weight.

    Raises ValueError for a decay outside [0, 1].

    >>> import gputensor as gt
    >>> average = gt.tensor([1.0])
    >>> gt.optim.swa_utils.get_ema_multi_avg_fn(0.5)([average], [gt.tensor([2.0])], 1); average
    tensor([1.5000])
    """
    mix = get_ema_avg_fn(decay)

    @no_grad()
    def update(averages: Sequence[Tensor], weights: Sequence[Tensor], n: Any) -> None:
        for average, weight in zip(averages, weights, strict=True):
            average.copy_(mix(average, weight, n))

    return update


def get_swa_multi_avg_fn() -> AverageAll:
    """The mean of many tensors, in place: average + (weight - average) / (n + 1).

    >>> import gputensor as gt
    >>> average = gt.tensor([1.0])
    >>> gt.optim.swa_utils.get_swa_multi_avg_fn()([average], [gt.tensor([2.0])], 1); average
    tensor([1.5000])
    """
    mix = get_swa_avg_fn()

    @no_grad()
    def update(averages: Sequence[Tensor], weights: Sequence[Tensor], n: Any) -> None:
        for average, weight in zip(averages, weights, strict=True):
            average.copy_(mix(average, weight, n))

    return update


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """A moving average of one tensor: decay * average + (1 - decay) * weight.

    Raises ValueError for a decay outside [0, 1].

    >>> import gputensor as gt
    >>> gt.optim.swa_utils.get_ema_avg_fn(0.75)(gt.tensor([1.0]), gt.tensor([2.0]), 1)
    tensor([1.2500])
    """
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")

    @no_grad()
    def mix(average: Tensor, weight: Tensor, n: Any) -> Tensor:
        return decay * average + (1 - decay) * weight

    return mix


def get_swa_avg_fn() -> Average:
    """The mean of one tensor: average + (weight - average) / (n + 1).

    >>> import gputensor as gt
    >>> gt.optim.swa_utils.get_swa_avg_fn()(gt.tensor([1.0]), gt.tensor([2.0]), 3)
    tensor([1.2500])
    """

    @no_grad()
    def mix(average: Tensor, weight: Tensor, n: Any) -> Tensor:
        return average + (weight - average) / (n + 1)

    return mix


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Compute the running statistics of all batch normalizations anew, over one pass of `loader`.

    loader: batches, or sequences whose first element is the batch; they go to `device` if it is given. The model runs
    in training mode meanwhile; its layers weigh all batches alike.

    >>> import gputensor as gt
    >>> model = gt.nn.BatchNorm1d(1)
    >>> gt.optim.swa_utils.update_bn([gt.tensor([[1.0], [3.0]])], model); model.running_mean
    tensor([2.])
    """
    layers = [m for m in model.modules() if isinstance(m, (BatchNorm1d, BatchNorm2d, BatchNorm3d))]
    if not layers:
        return
    momenta = [layer.momentum for layer in layers]
    training = model.training
    model.train()
    try:
        for layer in layers:
            layer.reset_running_stats()
            layer.momentum = None
        for batch in loader:
            inputs = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(inputs if device is None else inputs.to(device))
    finally:
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum
        model.train(training)


class SWALR(LRScheduler):
    """The rate moves from what it is to swa_lr within anneal_epochs epochs and stays there.

    anneal_strategy: "cos" or "linear". swa_lr: one number, or one a group. Raises ValueError for settings that do not
    fit.

    >>> import gputensor as gt
    >>> optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    >>> scheduler = gt.optim.swa_utils.SWALR(optimizer, swa_lr=0.5, anneal_epochs=2, anneal_strategy="linear")
    >>> rates = []
    >>> for _ in range(4): rates += scheduler.get_last_lr(); optimizer.step(); scheduler.step()
    >>> rates
    [1.0, 0.75, 0.5, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Each,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        for group, rate in zip(optimizer.param_groups, each("swa_lr", optimizer, swa_lr), strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step: int) -> float:
        """What swa_lr counts for after so many steps."""
        part = max(0, min(1, step / max(1, self.anneal_epochs)))
        return part if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * part)) / 2

    def get_lr(self) -> list[Any]:
        self._check_within_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, share = self._share(step - 1), self._share(step)
        values = []
        for group in self.optimizer.param_groups:
            goal = group["swa_lr"]
            # the rate that the annealing began with, also where another scheduler changed it meanwhile
            first = goal if before == 1 else (group["lr"] - before * goal) / (1 - before)
            values.append(goal * share + first * (1 - share))
        return values


def __dir__() -> list[str]:
    return __all__
