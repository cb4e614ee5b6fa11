"""Seeds of the GPUs' generators."""

from __future__ import annotations

from gputensor.core import random


def manual_seed(seed: int) -> None:
    """Seed the default generator of the current GPU; harmless without one."""
    manual_seed_all(seed)


def manual_seed_all(seed: int) -> None:
    """Seed the default generators of all GPUs; harmless without one."""
    random.manual_seed_cuda(seed)
