"""Mixed precision: functions that gain by it run in float16 or bfloat16, the delicate ones in float32."""

from gputensor.amp import autocast_mode as autocast_mode
from gputensor.amp import grad_scaler as grad_scaler
from gputensor.amp.autocast_mode import autocast as autocast
from gputensor.amp.autocast_mode import custom_bwd as custom_bwd
from gputensor.amp.autocast_mode import custom_fwd as custom_fwd
from gputensor.amp.autocast_mode import is_autocast_available as is_autocast_available
from gputensor.amp.grad_scaler import GradScaler as GradScaler
