"""The version of gputensor, and of what it runs on."""

from __future__ import annotations

import importlib.metadata as _metadata

from gputensor._version import __version__ as __version__

__all__ = ["cuda", "debug", "git_version", "hip", "rocm", "xpu"]

git_version: str | None = None  # a wheel does not know the commit it was made of
debug = False
hip: str | None = None  # AMD's GPUs are not supported
rocm: str | None = None
xpu: str | None = None  # nor are Intel's


def _cuda() -> str | None:
    """The CUDA series that the installed CuPy is for, without importing it: "12.x"; None without CuPy."""
    for wheel, series in (("cupy-cuda13x", "13.x"), ("cupy-cuda12x", "12.x"), ("cupy", "unknown")):
        try:
            _metadata.version(wheel)
        except _metadata.PackageNotFoundError:
            continue
        return series
    return None


cuda: str | None = _cuda()


def __dir__() -> list[str]:
    return __all__
