"""Intel's MKL, where NumPy was built with it."""

from __future__ import annotations

from gputensor.arrays.numpy_.blas import blas_name

__all__ = ["is_available"]


def is_available() -> bool:
    """Whether NumPy multiplies matrices with MKL.

    >>> import gputensor as gt
    >>> isinstance(gt.backends.mkl.is_available(), bool)
    True
    """
    return "mkl" in blas_name().lower()


def __dir__() -> list[str]:
    return __all__
