"""Learning rates that change with the epochs. Names and semantics are those of `torch.optim.lr_scheduler`."""

from gputensor.optim.lr_scheduler._base import LRScheduler as LRScheduler
from gputensor.optim.lr_scheduler._base import _LRScheduler as _LRScheduler
from gputensor.optim.lr_scheduler._closed import ConstantLR as ConstantLR
from gputensor.optim.lr_scheduler._closed import CosineAnnealingLR as CosineAnnealingLR
from gputensor.optim.lr_scheduler._closed import ExponentialLR as ExponentialLR
from gputensor.optim.lr_scheduler._closed import LinearLR as LinearLR
from gputensor.optim.lr_scheduler._closed import MultiStepLR as MultiStepLR
from gputensor.optim.lr_scheduler._closed import PolynomialLR as PolynomialLR
from gputensor.optim.lr_scheduler._closed import StepLR as StepLR
from gputensor.optim.lr_scheduler._cycle import OneCycleLR as OneCycleLR
from gputensor.optim.lr_scheduler._cyclic import CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts
from gputensor.optim.lr_scheduler._cyclic import CyclicLR as CyclicLR
from gputensor.optim.lr_scheduler._joined import ChainedScheduler as ChainedScheduler
from gputensor.optim.lr_scheduler._joined import SequentialLR as SequentialLR
from gputensor.optim.lr_scheduler._lambdas import LambdaLR as LambdaLR
from gputensor.optim.lr_scheduler._lambdas import MultiplicativeLR as MultiplicativeLR
from gputensor.optim.lr_scheduler._plateau import ReduceLROnPlateau as ReduceLROnPlateau
