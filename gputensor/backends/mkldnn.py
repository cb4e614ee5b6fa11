"""oneDNN, which is not used; its switches are accepted without an effect."""

from __future__ import annotations

__all__ = ["allow_tf32", "deterministic", "enabled", "is_available"]

enabled = False
deterministic = False
allow_tf32 = True


def is_available() -> bool:
    """False.

    >>> import gputensor as gt
    >>> gt.backends.mkldnn.is_available()
    False
    """
    return False


def __dir__() -> list[str]:
    return __all__
