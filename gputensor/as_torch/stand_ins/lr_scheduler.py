"""The older name of the schedulers' base class, from which programs derive their own."""

from gputensor.optim.lr_scheduler import LRScheduler

_LRScheduler = LRScheduler
