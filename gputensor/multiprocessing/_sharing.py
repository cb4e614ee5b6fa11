"""How shared memory is sent: there is one way, and the names of PyTorch's two are taken."""

from __future__ import annotations

from gputensor.errors import ArgumentError


def get_all_sharing_strategies() -> set[str]:
    """The names that `set_sharing_strategy` takes.

    >>> import gputensor as gt
    >>> sorted(gt.multiprocessing.get_all_sharing_strategies())
    ['file_descriptor', 'file_system']
    """
    return {"file_descriptor", "file_system"}


def get_sharing_strategy() -> str:
    """How memory in `Tensor.share_memory_` is sent to other processes.

    >>> import gputensor as gt
    >>> gt.multiprocessing.get_sharing_strategy()
    'file_descriptor'
    """
    return "file_descriptor"


def set_sharing_strategy(new_strategy: str) -> None:
    """Nothing: descriptors are sent, one for many tensors, so that there is no reason for another way.

    Raises ArgumentError for a name that is none of `get_all_sharing_strategies`.

    >>> import gputensor as gt
    >>> gt.multiprocessing.set_sharing_strategy("file_system")
    """
    if new_strategy not in get_all_sharing_strategies():
        raise ArgumentError(
            f"set_sharing_strategy: new_strategy must be 'file_descriptor' or 'file_system', got {new_strategy!r}"
        )
