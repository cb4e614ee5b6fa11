"""opt_einsum, which `gputensor.einsum` does not use; its switches are accepted without an effect."""

from __future__ import annotations

__all__ = ["enabled", "is_available", "strategy"]

enabled = False
strategy: str | None = None


def is_available() -> bool:
    """False.

    >>> import gputensor as gt
    >>> gt.backends.opt_einsum.is_available()
    False
    """
    return False


def __dir__() -> list[str]:
    return __all__
