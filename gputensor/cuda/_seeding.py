"""Seeds of the GPUs' generators."""

from __future__ import annotations

from gputensor.core.random import generator_for
from gputensor.cuda._devices import current_device, device_count, is_available


def manual_seed(seed: int) -> None:
    """Seed the default generator of the current GPU; harmless without one."""
    if is_available():
        generator_for(f"cuda:{current_device()}").manual_seed(seed)


def manual_seed_all(seed: int) -> None:
    """Seed the default generators of all GPUs; harmless without one."""
    for index in range(device_count()):
        generator_for(f"cuda:{index}").manual_seed(seed)
