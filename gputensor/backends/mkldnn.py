"""oneDNN, which is not used; its switches are accepted without an effect."""

from __future__ import annotations

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
