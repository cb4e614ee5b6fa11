"""The graph: backward, gradients of any order, functions with gradients of their own, checks, and what watches them."""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING, Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.autograd import forward_ad as forward_ad, function as function, graph as graph, variable as variable
from gputensor.autograd.anomaly import (
    detect_anomaly as detect_anomaly,
    is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled,
    is_anomaly_enabled as is_anomaly_enabled,
    set_detect_anomaly as set_detect_anomaly,
)
from gputensor.autograd.check import (
    GradcheckError as GradcheckError,
    gradcheck as gradcheck,
    gradgradcheck as gradgradcheck,
)
from gputensor.autograd.function import Function as Function
from gputensor.autograd.functional_api import backward as backward, grad as grad
from gputensor.autograd.graph import set_multithreading_enabled as set_multithreading_enabled
from gputensor.autograd.variable import Variable as Variable
from gputensor.core.modes import (
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)

if _TYPE_CHECKING:
    from gputensor.autograd import functional as functional, profiler as profiler

__all__ = [
    "Function",
    "GradcheckError",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "forward_ad",
    "function",
    "functional",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "inference_mode",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "no_grad",
    "profiler",
    "set_detect_anomaly",
    "set_grad_enabled",
    "set_multithreading_enabled",
    "variable",
]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> _Any:
    if name == "profiler":  # few programs want it, and it takes a while to load
        return _importlib.import_module("gputensor.autograd.profiler")
    if name == "functional":  # its Jacobians stand on vmap
        return _importlib.import_module("gputensor.autograd.functional")
    raise _left_out("gputensor.autograd", name)
