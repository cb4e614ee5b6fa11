"""Processes that `multiprocessing` starts anew, with "spawn" or "forkserver", see the alias before anything else."""

from __future__ import annotations

import multiprocessing
import multiprocessing.spawn
import runpy
from pathlib import Path
from typing import Any

_FIRST = str(Path(__file__).with_name("_child.py"))


class _InstallFirst:
    """Unpickled, it runs the file that installs the alias: before a new process imports the main program."""

    def __reduce__(self) -> tuple[Any, ...]:
        return runpy.run_path, (_FIRST, None, "first")


def follow() -> None:
    """Let the processes that this one will start have the alias, too."""
    inner = multiprocessing.spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, Any]:
        """What a new process is told first. It loads all of it, and heeds the keys that it knows."""
        return {"gputensor.as_torch": _InstallFirst(), **inner(name)}

    multiprocessing.spawn.get_preparation_data = get_preparation_data
    # the server of "forkserver" would import the main program first, without having been told
    multiprocessing.set_forkserver_preload([])
