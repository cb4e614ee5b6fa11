"""`GradScaler` under PyTorch's older name."""

from __future__ import annotations

from gputensor.amp.grad_scaler import GradScaler as _GradScaler, OptState as OptState


class GradScaler(_GradScaler):
    """`gputensor.amp.GradScaler` for "cuda".

    >>> import gputensor as gt
    >>> gt.cuda.amp.GradScaler(enabled=False).get_scale()
    1.0
    """

    def __init__(
        self,
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)
