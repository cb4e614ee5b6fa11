"""gputensor: a device-agnostic tensor over NumPy and CuPy, with PyTorch's API and gradients of any order."""

import warnings as _warnings

from gputensor._version import __version__ as __version__
from gputensor import _tensor_namespace as _tensor_namespace
from gputensor import autograd as autograd
from gputensor._tensor import Tensor as Tensor
from gputensor.core.modes import enable_grad as enable_grad
from gputensor.core.modes import no_grad as no_grad
from gputensor.core.modes import inference_mode as inference_mode
from gputensor.core.modes import is_grad_enabled as is_grad_enabled
from gputensor.core.modes import is_inference_mode_enabled as is_inference_mode_enabled
from gputensor.core.modes import set_grad_enabled as set_grad_enabled
from gputensor.autograd.anomaly import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from gputensor.autograd.anomaly import is_anomaly_enabled as is_anomaly_enabled
from gputensor.ops.creation import from_numpy as from_numpy
from gputensor.ops.creation import ones as ones
from gputensor.ops.creation import tensor as tensor
from gputensor.ops.creation import zeros as zeros
from gputensor.ops.exponential import exp as exp

# results follow IEEE 754 silently, as in PyTorch; NumPy's warnings about them are for NumPy's users
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"gputensor\.")
