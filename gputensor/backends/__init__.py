"""The switches of PyTorch's libraries, for programs that set them.

Most are accepted without an effect, because there is nothing to switch: each says so. `is_available` is honest.
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.backends import (
    cpu as cpu,
    cuda as cuda,
    cudnn as cudnn,
    mkl as mkl,
    mkldnn as mkldnn,
    mps as mps,
    openmp as openmp,
    opt_einsum as opt_einsum,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.backends", name)
