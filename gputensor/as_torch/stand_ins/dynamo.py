"""`torch._dynamo`, as far as programs call it themselves."""

from __future__ import annotations

from typing import Any

from gputensor.as_torch.stand_ins import config as config
from gputensor.as_torch.stand_ins.compiler import (
    allow_in_graph as allow_in_graph,
    disable as disable,
    is_compiling as is_compiling,
    list_backends as list_backends,
    reset as reset,
)


def mark_dynamic(t: Any, index: Any, **kwargs: Any) -> None:
    """Nothing: shapes are what they are. See `gputensor.compile`."""


def graph_break(msg: str = "") -> None:
    """Nothing: there is no graph to break. See `gputensor.compile`."""


def optimize(*args: Any, **kwargs: Any) -> Any:
    """A decorator that changes nothing. See `gputensor.compile`."""
    return allow_in_graph
