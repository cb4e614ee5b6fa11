"""cuDNN's switches: accepted and remembered. gputensor's convolutions do not call cuDNN, so that none has an effect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = [
    "allow_tf32",
    "benchmark",
    "benchmark_limit",
    "deterministic",
    "enabled",
    "flags",
    "is_acceptable",
    "is_available",
    "set_flags",
    "version",
]

enabled = True
benchmark = False  # nothing is tried out: there is one way to compute a convolution
benchmark_limit: int | None = 10
deterministic = False  # convolutions always are
allow_tf32 = True  # float32 is computed in float32


def is_available() -> bool:
    """Whether cuDNN is used: False.

    >>> import gputensor as gt
    >>> gt.backends.cudnn.is_available(), gt.backends.cudnn.version()
    (False, None)
    """
    return False


def version() -> int | None:
    """The version of the cuDNN in use: None.

    >>> import gputensor as gt
    >>> gt.backends.cudnn.version() is None
    True
    """
    return None


def is_acceptable(tensor: Any) -> bool:
    """Whether cuDNN would be used for a tensor: False.

    >>> import gputensor as gt
    >>> gt.backends.cudnn.is_acceptable(gt.ones(1))
    False
    """
    return False


def set_flags(
    _enabled: bool | None = None,
    _benchmark: bool | None = None,
    _benchmark_limit: int | None = None,
    _deterministic: bool | None = None,
    _allow_tf32: bool | None = None,
    _fp32_precision: str = "none",
) -> tuple[bool, bool, int | None, bool, bool]:
    """Set several switches, None leaves one as it is; returns what they were.

    >>> import gputensor as gt
    >>> before = gt.backends.cudnn.set_flags(_benchmark=True)
    >>> _ = gt.backends.cudnn.set_flags(*before)
    """
    global enabled, benchmark, benchmark_limit, deterministic, allow_tf32
    before = (enabled, benchmark, benchmark_limit, deterministic, allow_tf32)
    enabled = enabled if _enabled is None else _enabled
    benchmark = benchmark if _benchmark is None else _benchmark
    benchmark_limit = benchmark_limit if _benchmark_limit is None else _benchmark_limit
    deterministic = deterministic if _deterministic is None else _deterministic
    allow_tf32 = allow_tf32 if _allow_tf32 is None else _allow_tf32
    return before


@contextmanager
def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int | None = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
    fp32_precision: str = "none",
) -> Iterator[None]:
    """A ``with`` block with other switches.

    >>> import gputensor as gt
    >>> with gt.backends.cudnn.flags(deterministic=True):
    ...     gt.backends.cudnn.deterministic
    True
    """
    before = set_flags(enabled, benchmark, benchmark_limit, deterministic, allow_tf32)
    try:
        yield
    finally:
        set_flags(*before)


def __dir__() -> list[str]:
    return __all__
