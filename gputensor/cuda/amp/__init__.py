"""PyTorch's older names for mixed precision on a GPU; new code is clearer with `gputensor.amp`."""

from __future__ import annotations

from gputensor.amp import custom_bwd as custom_bwd, custom_fwd as custom_fwd
from gputensor.amp.autocast_mode import autocast as _autocast
from gputensor.core.dtypes import dtype as _dtype, float16
from gputensor.cuda.amp import grad_scaler as grad_scaler
from gputensor.cuda.amp.grad_scaler import GradScaler as GradScaler

__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd", "grad_scaler"]


class autocast(_autocast):
    """`gputensor.autocast` for "cuda".

    >>> import gputensor as gt
    >>> with gt.cuda.amp.autocast(enabled=False):
    ...     gt.is_autocast_enabled("cuda")
    False
    """

    def __init__(self, enabled: bool = True, dtype: _dtype = float16, cache_enabled: bool = True) -> None:
        super().__init__("cuda", dtype=dtype, enabled=enabled, cache_enabled=cache_enabled)


def __dir__() -> list[str]:
    return __all__
