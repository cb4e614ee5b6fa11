"""Optimizers. Names and semantics are those of `torch.optim`."""

from gputensor.optim import lr_scheduler as lr_scheduler
from gputensor.optim.adam import Adam as Adam
from gputensor.optim.adam import AdamW as AdamW
from gputensor.optim.optimizer import Optimizer as Optimizer
from gputensor.optim.optimizer import register_optimizer_step_post_hook as register_optimizer_step_post_hook
from gputensor.optim.optimizer import register_optimizer_step_pre_hook as register_optimizer_step_pre_hook
from gputensor.optim.sgd import SGD as SGD
