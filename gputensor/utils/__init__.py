"""Helpers around the library: loading data, checkpoints of activations, DLPack, records for TensorBoard."""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING, Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.utils import _pytree as _pytree, checkpoint as checkpoint, data as data, dlpack as dlpack

if _TYPE_CHECKING:
    from gputensor.utils import tensorboard as tensorboard


def __getattr__(name: str) -> _Any:
    if name == "tensorboard":  # its writer package is optional
        return _importlib.import_module("gputensor.utils.tensorboard")
    raise _left_out("gputensor.utils", name)
