"""Large work in parts, side by side on a few threads.

The threads wait, each behind a lock of its own, from the first use on: waking one that way costs half of what a queue
or `concurrent.futures` costs. One call at a time has them: another user thread that comes meanwhile, and a part that
wants to split again, do their work alone. A forked child starts threads of its own.
"""

import contextvars
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gputensor.arrays.numpy_ import blas

Part = Callable[[int, int], Any]

_pool: list["_Worker"] = []
_taken = threading.Lock()


class _Worker:
    """A thread that runs one part at a time; it never ends, and does not keep the process alive."""

    def __init__(self) -> None:
        self.go, self.done = threading.Lock(), threading.Lock()
        self.go.acquire()
        self.done.acquire()
        self.work: Any = None
        self.error: BaseException | None = None
        self.left = False  # its caller waits no longer
        threading.Thread(target=self._serve, name="gputensor", daemon=True).start()

    def _serve(self) -> None:
        while not self.left:
            self.go.acquire()
            try:
                context, function, start, stop = self.work
                context.run(function, start, stop)
            except BaseException as error:
                self.error = error
            finally:
                self.work = context = function = None  # nothing of the caller's is kept alive
                self.done.release()


def count() -> int:
    """How many threads large work may use: as many as BLAS, so that one setting, or one variable, rules both."""
    return _alone.before if _alone.users else blas.threads_now()


def split(function: Part, size: int, least: int = 1) -> None:
    """Call ``function(start, stop)`` for parts that cover ``range(size)``, none of fewer than `least` but for the last.

    The parts run side by side, in copies of the caller's context (NumPy's error state is in it). The first error of a
    part is raised when all are done.
    """
    parts = min(count(), size // max(least, 1))
    if parts < 2 or not _taken.acquire(False):
        function(0, size)
        return
    try:
        _run(function, [size * k // parts for k in range(parts + 1)])
    finally:
        _taken.release()


def _run(function: Part, bounds: list[int]) -> None:
    try:
        while len(_pool) < len(bounds) - 2:
            _pool.append(_Worker())
    except RuntimeError:  # no more threads: a limit of the system, or Python is about to end
        function(bounds[0], bounds[-1])
        return
    workers = _pool[: len(bounds) - 2]
    for k, worker in enumerate(workers, 1):
        worker.work = (contextvars.copy_context(), function, bounds[k], bounds[k + 1])
        worker.go.release()
    error: BaseException | None = None
    try:
        function(bounds[0], bounds[1])
    except Exception as first:
        error = first
    except BaseException:
        _leave(workers)
        raise
    try:
        for worker in workers:
            worker.done.acquire()
            error, worker.error = error or worker.error, None
    except BaseException:
        _leave(workers)
        raise
    if error is not None:
        raise error


def _leave(workers: list[_Worker]) -> None:
    """Ctrl-C while parts run: these threads end with their part, and the next caller gets new ones."""
    _pool.clear()
    for worker in workers:
        worker.left = True


@contextmanager
def split_products() -> Iterator[bool]:
    """Within, matrix products run on the thread that asks for them; gives whether BLAS could be told so.

    For parts that multiply: two of them with threads of BLAS's own under each would fight for the cores.
    """
    with _alone.lock:
        if not _alone.users:
            _alone.before = blas.threads_now()
        told = blas.tell(1)
        _alone.users += 1
    try:
        yield told
    finally:
        with _alone.lock:
            _alone.users -= 1
            if told and not _alone.users:  # the last of several user threads
                blas.tell(_alone.before)


class _Alone:
    """Who has told BLAS to use one thread, and how many it had before."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = self.before = 0


_alone = _Alone()


def _forget() -> None:
    """In a forked child the threads are gone, and the locks may be held by one that is."""
    global _taken, _alone
    _pool.clear()
    _taken = threading.Lock()
    if _alone.users:
        blas.tell(_alone.before)
    _alone = _Alone()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
