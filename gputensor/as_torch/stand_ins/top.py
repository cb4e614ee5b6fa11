"""Names of PyTorch's top level that gputensor has not, or gives another value."""

from __future__ import annotations

from typing import Any

from gputensor.as_torch.stand_ins.foreach import named
from gputensor.as_torch.stand_ins.torch_version import __version__ as __version__


def _assert(condition: Any, message: str) -> None:
    """Python's assert as a function; a tensor counts as its one element."""
    if not condition:
        raise AssertionError(message)


def __getattr__(name: str) -> Any:
    function = named(name)
    if function is None:
        raise AttributeError(name)
    return function
