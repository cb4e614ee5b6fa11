"""Memory that large results come from: kept by the process, so that the next result of its size costs no page faults.

By default glibc gives every block of more than 32 MB at most back to the system at once and asks for it anew, and the
system clears each page when it is first touched: for results of 40 MB that was a sixth of the time of an addition, with
huge pages. Told to keep what it has, it hands out the same memory again. This is for the whole process, NumPy's own
temporaries included; the environment variable GPUTENSOR_MALLOC=default leaves glibc as it is. Other C libraries have no
such switch.

Source: mallopt(3) of the Linux manual.
"""

import ctypes
import os
import sys
from typing import Any

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_NEVER = 2**31 - 1


def keep_memory() -> bool:
    """Ask glibc to keep freed memory; whether it does. Nothing is asked where GPUTENSOR_MALLOC is "default"."""
    if os.environ.get("GPUTENSOR_MALLOC") == "default":
        return False
    mallopt = _function("mallopt")
    return mallopt is not None and all(
        [mallopt(_MMAP_THRESHOLD, 1 << 30), mallopt(_TRIM_THRESHOLD, _NEVER), mallopt(_TOP_PAD, 64 << 20)]
    )


def give_back() -> bool:
    """Return free memory to the system; whether there was any to return."""
    trim = _function("malloc_trim")
    return trim is not None and bool(trim(ctypes.c_size_t(0)))


def _function(name: str) -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except OSError:  # a static interpreter has no library to look in
        return None


KEPT = keep_memory()
