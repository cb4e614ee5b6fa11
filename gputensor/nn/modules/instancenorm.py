"""Instance normalization under the path that PyTorch has it."""

from gputensor.nn.modules.batchnorm import InstanceNorm1d as InstanceNorm1d
from gputensor.nn.modules.batchnorm import InstanceNorm2d as InstanceNorm2d
from gputensor.nn.modules.batchnorm import InstanceNorm3d as InstanceNorm3d
from gputensor.nn.modules.batchnorm import _InstanceNorm as _InstanceNorm
