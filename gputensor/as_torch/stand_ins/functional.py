"""Names of `torch.nn.functional` that are no functions of it, and are used by code that was copied from it."""

from __future__ import annotations

from gputensor.as_torch.stand_ins.overrides import (
    handle_torch_function as handle_torch_function,
    has_torch_function as has_torch_function,
)

__all__ = ["handle_torch_function", "has_torch_function"]
