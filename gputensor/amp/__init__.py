"""Mixed precision: functions that gain by it run in float16 or bfloat16, the delicate ones in float32."""

from gputensor.amp import autocast_mode as autocast_mode, grad_scaler as grad_scaler
from gputensor.amp.autocast_mode import (
    autocast as autocast,
    custom_bwd as custom_bwd,
    custom_fwd as custom_fwd,
    is_autocast_available as is_autocast_available,
)
from gputensor.amp.grad_scaler import GradScaler as GradScaler
