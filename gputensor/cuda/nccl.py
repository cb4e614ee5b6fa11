"""NCCL, Nvidia's library for messages between GPUs: only its version is of use to one process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gputensor.cuda._devices import is_available as _has_gpu, runtime as _runtime
from gputensor.errors import DeviceError

__all__ = ["is_available", "version"]


def version() -> tuple[int, int, int]:
    """The version of the NCCL that CuPy found: major, minor, patch. Raises DeviceError without a GPU or without NCCL.

    >>> import gputensor as gt
    >>> if gt.cuda.nccl.is_available([]):
    ...     assert gt.cuda.nccl.version() > (2, 0, 0)
    """
    number = _runtime().nccl_version()
    if number is None:
        raise DeviceError("nccl.version: CuPy finds no NCCL; one process does not need it")
    # from 2.9 on the major number has a digit more in front of it
    major = 10000 if number >= 10000 else 1000
    return number // major, number % major // 100, number % 100


def is_available(tensors: Iterable[Any]) -> bool:
    """Whether NCCL is there and could send these tensors: dense ones on GPUs, each on another.

    >>> import gputensor as gt
    >>> gt.cuda.nccl.is_available([gt.zeros(1)])
    False
    """
    if not _has_gpu() or _runtime().nccl_version() is None:
        return False
    given = list(tensors)
    sendable = [t.is_cuda and t.is_contiguous() for t in given]
    return all(sendable) and len({t.device for t in given}) == len(given)


def __dir__() -> list[str]:
    return __all__
