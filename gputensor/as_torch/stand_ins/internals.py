"""The few names of `torch._C` and `torch.storage` that programs and other libraries take from there."""

from __future__ import annotations

from gputensor import Generator as Generator
from gputensor import Size as Size
from gputensor import Tensor as TensorBase
from gputensor import device as device
from gputensor import dtype as dtype
from gputensor.core.subclasses import stays_plain
from gputensor.errors import LinAlgError
from gputensor.ops.storage import TypedStorage as TypedStorage
from gputensor.ops.storage import UntypedStorage as UntypedStorage

_TensorBase = TensorBase
_LinAlgError = LinAlgError
_disabled_torch_function_impl = stays_plain


def _get_tracing_state() -> None:
    """None: nothing is traced."""


def _log_api_usage_once(event: str) -> None:
    """Nothing: nobody is told what is used."""
