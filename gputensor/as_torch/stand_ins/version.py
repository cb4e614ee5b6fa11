"""PyTorch's version, and the CUDA in use, as programs parse them."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.as_torch.stand_ins.torch_version import __version__ as __version__


def __getattr__(name: str) -> Any:
    if name == "cuda":  # asked of the driver when it is wanted
        return _cuda()
    raise AttributeError(f"module 'torch.version' has no attribute {name!r}")


def _cuda() -> str | None:
    """The version of the CUDA runtime, "12.4"; None without a GPU."""
    if not gt.cuda.is_available():
        return None
    import cupy

    number = int(cupy.cuda.runtime.runtimeGetVersion())
    return f"{number // 1000}.{number % 1000 // 10}"
