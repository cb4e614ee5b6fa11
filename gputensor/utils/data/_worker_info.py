"""What a worker process may know about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WorkerInfo:
    """What `get_worker_info` tells: which worker of how many this is, its seed, and its copy of the dataset."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """In a worker process of a `DataLoader`: its id, num_workers, seed and dataset; in the main process None.

    >>> from gputensor.utils.data import get_worker_info
    >>> get_worker_info() is None
    True
    """
    return _info


def set_worker_info(info: WorkerInfo) -> None:
    """Let `get_worker_info` return `info` in this process."""
    global _info
    _info = info
