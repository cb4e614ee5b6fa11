"""PyTorch's older names for mixed precision on the CPU; new code is clearer with `gputensor.amp`."""

from __future__ import annotations

from gputensor.amp.autocast_mode import autocast as _autocast
from gputensor.amp.grad_scaler import GradScaler as _GradScaler
from gputensor.core.dtypes import bfloat16, dtype as _dtype

__all__ = ["GradScaler", "autocast"]


class autocast(_autocast):
    """`gputensor.autocast` for "cpu".

    >>> import gputensor as gt
    >>> with gt.cpu.amp.autocast():
    ...     gt.is_autocast_enabled("cpu")
    True
    """

    def __init__(self, enabled: bool = True, dtype: _dtype = bfloat16, cache_enabled: bool = True) -> None:
        super().__init__("cpu", dtype=dtype, enabled=enabled, cache_enabled=cache_enabled)


class GradScaler(_GradScaler):
    """`gputensor.amp.GradScaler` for "cpu".

    >>> import gputensor as gt
    >>> gt.cpu.amp.GradScaler().get_scale()
    65536.0
    """

    def __init__(
        self,
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        super().__init__("cpu", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


def __dir__() -> list[str]:
    return __all__
