"""Modules whose first values nobody needs."""

from __future__ import annotations

import inspect
from typing import Any

from gputensor.errors import ArgumentError
from gputensor.nn.modules.module import Module


def skip_init(module_cls: type, *args: Any, **kwargs: Any) -> Any:
    """A module whose parameters have undefined values. Raises RuntimeError for a class without the argument device.

    Unlike torch: the first values are drawn and dropped, so that no time is saved and the random stream moves on.

    >>> import gputensor as gt
    >>> gt.nn.utils.skip_init(gt.nn.Linear, 2, 3).weight.shape
    gputensor.Size([3, 2])
    """
    if not (isinstance(module_cls, type) and issubclass(module_cls, Module)):
        raise ArgumentError(f"Expected a Module; got {module_cls}")
    if "device" not in inspect.signature(module_cls).parameters:
        raise ArgumentError("Module must support a 'device' arg to skip initialization")
    device = kwargs.pop("device", "cpu")
    return module_cls(*args, **kwargs).to_empty(device=device)
