"""`torch.types`: for annotations."""

# ruff: noqa: UP007
from __future__ import annotations

import os
from typing import IO, Union

from gputensor import Size as Size, Tensor as Tensor, device, dtype

Number = Union[int, float, bool]
Device = Union[device, str, int, None]
FileLike = Union[str, os.PathLike[str], IO[bytes]]
_dtype = dtype
_device = device
_size = Union[Size, list[int], tuple[int, ...]]
_int, _float, _bool, _complex = int, float, bool, complex
