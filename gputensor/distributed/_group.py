"""The group of processes, which has one member."""

from __future__ import annotations

import os
from typing import Any

from gputensor.core.devices import as_device
from gputensor.errors import ArgumentError

_backend: list[str] = []  # the name given to init_process_group, while there is a group


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: Any = None,
    world_size: int = -1,
    rank: int = -1,
    store: Any = None,
    group_name: str = "",
    pg_options: Any = None,
    device_id: Any = None,
) -> None:
    """Make the group of one process.

    backend: any name, remembered for `get_backend`. world_size, rank: given, or read from the environment variables
    WORLD_SIZE and RANK, or 1 and 0. The other arguments are accepted without an effect: there is nobody to find.
    Raises RuntimeError for a world size above 1 and for a second call before `destroy_process_group`, ArgumentError for
    a rank that is not 0.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group("gloo", rank=0, world_size=1)
    >>> gt.distributed.get_world_size()
    1
    >>> gt.distributed.destroy_process_group()
    """
    if _backend:
        raise RuntimeError("init_process_group: there is a group already; call destroy_process_group() first")
    size = _number("WORLD_SIZE", 1) if world_size == -1 else world_size
    number = _number("RANK", 0) if rank == -1 else rank
    if size != 1:
        raise RuntimeError(
            f"init_process_group: world size {size} was asked for, but gputensor does not communicate between "
            "processes; run one process (world size 1)"
        )
    if number != 0:
        raise ArgumentError(f"init_process_group: rank must be 0 in a group of one process, got {number}")
    _backend.append("undefined" if backend is None else str(backend).lower())


def destroy_process_group(group: Any = None) -> None:
    """End the group. Raises RuntimeError where there is none.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.destroy_process_group()
    >>> gt.distributed.is_initialized()
    False
    """
    require_group("destroy_process_group")
    _backend.clear()


def is_available() -> bool:
    """True: what works with one process is here.

    >>> import gputensor as gt
    >>> gt.distributed.is_available(), gt.distributed.is_initialized()
    (True, False)
    """
    return True


def is_initialized() -> bool:
    """Whether `init_process_group` was called.

    >>> import gputensor as gt
    >>> gt.distributed.is_initialized()
    False
    """
    return bool(_backend)


def get_rank(group: Any = None) -> int:
    """0. Raises RuntimeError before `init_process_group`.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.get_rank()
    0
    >>> gt.distributed.destroy_process_group()
    """
    require_group("get_rank")
    return 0


def get_world_size(group: Any = None) -> int:
    """1. Raises RuntimeError before `init_process_group`.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.get_world_size()
    1
    >>> gt.distributed.destroy_process_group()
    """
    require_group("get_world_size")
    return 1


def get_backend(group: Any = None) -> str:
    """The name that `init_process_group` was given. Raises RuntimeError before it.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group("gloo")
    >>> gt.distributed.get_backend()
    'gloo'
    >>> gt.distributed.destroy_process_group()
    """
    require_group("get_backend")
    return _backend[0]


def get_default_backend_for_device(device: Any) -> str:
    """The backend that PyTorch would use for a device: "nccl" for CUDA, "gloo" for the CPU.

    >>> import gputensor as gt
    >>> gt.distributed.get_default_backend_for_device("cpu")
    'gloo'
    """
    return "nccl" if as_device(device).type == "cuda" else "gloo"


def is_nccl_available() -> bool:
    """False: there is no communication between GPUs.

    >>> import gputensor as gt
    >>> gt.distributed.is_nccl_available()
    False
    """
    return False


def is_gloo_available() -> bool:
    """False: there is no communication between processes.

    >>> import gputensor as gt
    >>> gt.distributed.is_gloo_available()
    False
    """
    return False


def is_mpi_available() -> bool:
    """False: there is no communication between processes.

    >>> import gputensor as gt
    >>> gt.distributed.is_mpi_available()
    False
    """
    return False


def is_ucc_available() -> bool:
    """False: there is no communication between processes.

    >>> import gputensor as gt
    >>> gt.distributed.is_ucc_available()
    False
    """
    return False


def is_torchelastic_launched() -> bool:
    """Whether PyTorch's launcher started this process.

    >>> import gputensor as gt
    >>> gt.distributed.is_torchelastic_launched()
    False
    """
    return "TORCHELASTIC_RUN_ID" in os.environ


class NoGroupError(ValueError, RuntimeError):
    """There is no group of processes yet. PyTorch raises ValueError, and RuntimeError in some places."""


def require_group(name: str) -> None:
    """Refuse a call that needs the group before there is one."""
    if not _backend:
        raise NoGroupError(f"{name}: there is no group; call gputensor.distributed.init_process_group() first")


def _number(variable: str, default: int) -> int:
    text = os.environ.get(variable)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise ArgumentError(f"init_process_group: {variable} must be a number, it is {text!r}") from None
