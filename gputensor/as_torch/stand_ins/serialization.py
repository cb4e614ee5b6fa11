"""`torch.serialization`: which classes may be loaded. gputensor loads tensors alone, whatever is allowed here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class safe_globals:
    """A ``with`` block that changes nothing: files are never executed, and classes never made.

    >>> with safe_globals([dict]):
    ...     pass
    """

    def __init__(self, safe_globals: Iterable[Any]) -> None:
        self.safe_globals = list(safe_globals)

    def __enter__(self) -> None:
        """Nothing. See `safe_globals`."""

    def __exit__(self, *error: object) -> None:
        """Nothing. See `safe_globals`."""


def add_safe_globals(safe_globals: Iterable[Any]) -> None:
    """Nothing. See `safe_globals`."""


def get_safe_globals() -> list[Any]:
    """None at all. See `safe_globals`."""
    return []


def clear_safe_globals() -> None:
    """Nothing. See `safe_globals`."""
