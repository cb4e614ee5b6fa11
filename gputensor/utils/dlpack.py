"""DLPack, under PyTorch's name of this module."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.ops.dlpack import from_dlpack as from_dlpack, to_dlpack as to_dlpack


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.utils.dlpack", name)
