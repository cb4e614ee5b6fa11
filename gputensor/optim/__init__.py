"""Optimizers. Names and semantics are those of `torch.optim`."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.optim import lr_scheduler as lr_scheduler, optimizer as optimizer, swa_utils as swa_utils
from gputensor.optim.adadelta import Adadelta as Adadelta
from gputensor.optim.adafactor import Adafactor as Adafactor
from gputensor.optim.adagrad import Adagrad as Adagrad
from gputensor.optim.adam import Adam as Adam, AdamW as AdamW
from gputensor.optim.adamax import Adamax as Adamax
from gputensor.optim.asgd import ASGD as ASGD
from gputensor.optim.lbfgs import LBFGS as LBFGS
from gputensor.optim.muon import Muon as Muon
from gputensor.optim.nadam import NAdam as NAdam
from gputensor.optim.optimizer import (
    Optimizer as Optimizer,
    register_optimizer_step_post_hook as register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook as register_optimizer_step_pre_hook,
)
from gputensor.optim.radam import RAdam as RAdam
from gputensor.optim.rmsprop import RMSprop as RMSprop
from gputensor.optim.rprop import Rprop as Rprop
from gputensor.optim.sgd import SGD as SGD

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "lr_scheduler",
    "optimizer",
    "register_optimizer_step_post_hook",
    "register_optimizer_step_pre_hook",
    "swa_utils",
]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.optim", name)
