"""`torch.__config__`: how the library was built."""

from __future__ import annotations

import os
import platform

import numpy as np

from gputensor._version import __version__


def show() -> str:
    """What computes here, as a text."""
    return f"gputensor {__version__} under the name torch\n  - NumPy {np.__version__}\n  - {platform.platform()}\n"


def parallel_info() -> str:
    """How many threads there may be, as a text."""
    return f"std::thread::hardware_concurrency() : {os.cpu_count()}\n"
