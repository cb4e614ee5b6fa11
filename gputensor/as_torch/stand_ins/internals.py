"""The few names of `torch._C` and `torch.storage` that programs and other libraries take from there."""

from __future__ import annotations

import contextlib

from gputensor import (
    Generator as Generator,
    Size as Size,
    Tensor as TensorBase,
    device as device,
    dtype as dtype,
    set_grad_enabled,
)
from gputensor.core.subclasses import stays_plain
from gputensor.errors import LinAlgError
from gputensor.ops.storage import TypedStorage as TypedStorage, UntypedStorage as UntypedStorage

_TensorBase = TensorBase
_LinAlgError = LinAlgError
_disabled_torch_function_impl = stays_plain


DisableTorchFunction = contextlib.nullcontext
DisableTorchFunctionSubclass = contextlib.nullcontext


def _set_grad_enabled(enabled: bool) -> None:
    """Record, or no longer."""
    set_grad_enabled(enabled)


def _jit_set_profiling_mode(on: bool) -> bool:
    """False: nothing is compiled."""
    return False


def _jit_set_profiling_executor(on: bool) -> bool:
    """False: nothing is compiled."""
    return False


def _jit_override_can_fuse_on_cpu(on: bool) -> None:
    """Nothing: nothing is compiled."""


def _jit_override_can_fuse_on_gpu(on: bool) -> None:
    """Nothing: nothing is compiled."""


def _jit_set_texpr_fuser_enabled(on: bool) -> None:
    """Nothing: nothing is compiled."""


def _get_tracing_state() -> None:
    """None: nothing is traced."""


def _log_api_usage_once(event: str) -> None:
    """Nothing: nobody is told what is used."""
