"""Types that programs write into annotations."""

from __future__ import annotations

import os
from typing import IO, Union

import numpy as np

from gputensor import Size as Size
from gputensor import Tensor as Tensor
from gputensor import device, dtype

Number = Union[int, float, bool]  # noqa: UP007: programs subscript and compare it as PyTorch's
Device = Union[device, str, int, None]  # noqa: UP007
FileLike = Union[str, os.PathLike[str], IO[bytes]]  # noqa: UP007
_dtype = dtype
_device = device
_size = Union[Size, list[int], tuple[int, ...]]  # noqa: UP007
_int, _float, _bool, _complex = int, float, bool, complex
_Number = (int, float, bool, np.number)
