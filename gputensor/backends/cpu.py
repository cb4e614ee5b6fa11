"""What the CPU can do."""

from __future__ import annotations

from gputensor.arrays.numpy_.blas import cpu_features

__all__ = ["get_cpu_capability"]

_LEVELS = (("AVX512F", "AVX512"), ("AVX512_SKX", "AVX512"), ("AVX2", "AVX2"), ("X86_V4", "AVX512"), ("X86_V3", "AVX2"))


def get_cpu_capability() -> str:
    """The widest vector instructions that NumPy uses here: "AVX512", "AVX2" or "DEFAULT".

    >>> import gputensor as gt
    >>> gt.backends.cpu.get_cpu_capability() in ("AVX512", "AVX2", "DEFAULT")
    True
    """
    found = {level for name, level in _LEVELS if name in cpu_features()}
    return "AVX512" if "AVX512" in found else "AVX2" if found else "DEFAULT"


def __dir__() -> list[str]:
    return __all__
