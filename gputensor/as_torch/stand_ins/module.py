"""What `torch.nn.modules.module` has beside the module itself: programs call and derive from it."""

from __future__ import annotations

from gputensor.nn.modules.hooks import register_module_full_backward_hook as register_module_backward_hook
from gputensor.nn.modules.state import IncompatibleKeys as _IncompatibleKeys

__all__ = ["_IncompatibleKeys", "_addindent", "register_module_backward_hook"]


def _addindent(s_: str, numSpaces: int) -> str:
    """The text with every line but the first moved to the right."""
    return f"\n{' ' * numSpaces}".join(s_.split("\n"))
