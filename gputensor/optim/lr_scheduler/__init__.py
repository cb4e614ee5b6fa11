"""Learning rates that change with the epochs. Names and semantics are those of `torch.optim.lr_scheduler`."""

from gputensor.optim.lr_scheduler._base import LRScheduler as LRScheduler, _LRScheduler as _LRScheduler
from gputensor.optim.lr_scheduler._closed import (
    ConstantLR as ConstantLR,
    CosineAnnealingLR as CosineAnnealingLR,
    ExponentialLR as ExponentialLR,
    LinearLR as LinearLR,
    MultiStepLR as MultiStepLR,
    PolynomialLR as PolynomialLR,
    StepLR as StepLR,
)
from gputensor.optim.lr_scheduler._cycle import OneCycleLR as OneCycleLR
from gputensor.optim.lr_scheduler._cyclic import (
    CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts,
    CyclicLR as CyclicLR,
)
from gputensor.optim.lr_scheduler._joined import ChainedScheduler as ChainedScheduler, SequentialLR as SequentialLR
from gputensor.optim.lr_scheduler._lambdas import LambdaLR as LambdaLR, MultiplicativeLR as MultiplicativeLR
from gputensor.optim.lr_scheduler._plateau import ReduceLROnPlateau as ReduceLROnPlateau
