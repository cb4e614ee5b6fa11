"""Older base classes of `torch.autograd.function`, which programs derive from."""

from __future__ import annotations

from typing import Any

from gputensor.autograd import Function


class InplaceFunction(Function):
    """A Function that may write its result into its input."""

    def __init__(self, inplace: bool = False, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inplace = inplace
