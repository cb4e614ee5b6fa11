"""What programs ask of PyTorch's serialization besides `save` and `load`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from gputensor._left_out import left_out
from gputensor.io.faults import Budget, Fault
from gputensor.io.loading import load as load, translated
from gputensor.io.pytorch_reader import pickle_prefix, unknown_names
from gputensor.io.saving import save as save
from gputensor.io.source import Source
from gputensor.io.zip_reader import Archive

_allowed: list[Any] = []


def add_safe_globals(safe_globals: Sequence[Any]) -> None:
    """Remember classes and functions that a program trusts. Unlike torch: `load` does not call them.

    What `load` makes is a closed table: tensors, numbers, text, containers, NumPy's arrays and numbers,
    argparse.Namespace. A file with objects of other classes raises CheckpointError also after this.

    >>> import gputensor as gt, argparse
    >>> gt.serialization.add_safe_globals([argparse.Namespace])
    >>> gt.serialization.get_safe_globals()
    [<class 'argparse.Namespace'>]
    >>> gt.serialization.clear_safe_globals()
    """
    _allowed.extend(found for found in safe_globals if found not in _allowed)


def get_safe_globals() -> list[Any]:
    """What `add_safe_globals` was given. See `gputensor.serialization.add_safe_globals`."""
    return list(_allowed)


def clear_safe_globals() -> None:
    """Forget what `add_safe_globals` was given. See `gputensor.serialization.add_safe_globals`."""
    _allowed.clear()


def safe_globals(safe_globals: Sequence[Any]) -> AbstractContextManager[None]:
    """`add_safe_globals` for a ``with`` block. See `gputensor.serialization.add_safe_globals`."""
    return _for_a_while(safe_globals)


@contextmanager
def _for_a_while(given: Sequence[Any]) -> Iterator[None]:
    before = list(_allowed)
    add_safe_globals(given)
    try:
        yield
    finally:
        _allowed[:] = before


def get_unsafe_globals_in_checkpoint(f: Any) -> list[str]:
    """The names in a ``.pt`` file that `load` would refuse, in their order; nothing of the file is run.

    f: a path or a file object. Raises CheckpointError where the file is no zip archive of PyTorch's.

    >>> import gputensor as gt, io
    >>> file = io.BytesIO()
    >>> gt.save(gt.ones(2), file); _ = file.seek(0)
    >>> gt.serialization.get_unsafe_globals_in_checkpoint(file)
    []
    """
    with Source(f) as source:
        return translated(source.name, lambda: _names(source))


def _names(source: Source) -> list[str]:
    archive = Archive(source, Budget(source.size, None))
    prefix = pickle_prefix(archive)
    if prefix is None:
        raise Fault("is no PyTorch file: it has no member data.pkl")
    return unknown_names(archive.read(archive.find(f"{prefix}data.pkl"), crc_may_be_zero=True))


def __getattr__(name: str) -> Any:
    raise left_out("gputensor.serialization", name)
