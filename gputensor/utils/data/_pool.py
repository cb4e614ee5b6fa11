"""The parent's side of worker processes: starting them, reading their batches in order, noticing their death."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import socket
import sys
import time
import warnings
import weakref
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import wait
from typing import Any

from gputensor.autograd.profiling.recorder import record_function
from gputensor.utils.data import _transport, _worker
from gputensor.utils.data._fetching import EXHAUSTED, Recipe

# A worker that is told to stop may finish the batch it is making; then it is ended.
_PATIENCE = 5.0
# How often a worker is looked at whose end would not show: one that has forked itself, and was killed.
_LOOK_AGAIN = 5.0


class Worker:
    """A running worker process and the connection to it."""

    __slots__ = ("connection", "id", "process")

    def __init__(self, context: Any, assignment: _worker.Assignment, siblings: list[Worker]) -> None:
        self.id = assignment.id
        self.connection, theirs = context.Pipe(duplex=True)
        # A forked child must close its copies of our ends, or it would never see that we have gone.
        inherited = [*(w.connection for w in siblings), self.connection] if _forks(context) else []
        self.process = context.Process(target=_worker.run, args=(assignment, theirs, inherited), daemon=True)
        try:
            with warnings.catch_warnings():
                # NumPy's own threads count as threads, and survive a fork.
                warnings.filterwarnings("ignore", message=".*fork.*", category=DeprecationWarning)
                self.process.start()
        except BaseException as error:
            self.connection.close()
            if isinstance(error, (pickle.PicklingError, AttributeError, TypeError)) and not _forks(context):
                raise RuntimeError(
                    "DataLoader: worker processes are spawned here (they can be forked on Linux only, and only before "
                    "the first use of CUDA), and what they need cannot be pickled: define dataset, collate_fn and "
                    f"worker_init_fn at the top of a module: {error}"
                ) from error
            raise
        finally:
            # Ours to close, now: a later worker would inherit it and hide this one's death.
            theirs.close()

    def hang_up(self) -> None:
        """Close the connection: the worker sees that and ends."""
        if hasattr(socket, "AF_UNIX"):
            # Also for copies of our end in workers that other loaders have forked, which would keep it open.
            with (
                contextlib.suppress(OSError),
                socket.fromfd(self.connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as twin,
            ):
                twin.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def death(self) -> RuntimeError:
        """The error that tells how the process ended."""
        self.process.join(_PATIENCE)
        code = self.process.exitcode
        name = f"DataLoader worker {self.id} (pid {self.process.pid})"
        if code is None:
            return RuntimeError(f"{name} closed its connection without a batch; its dataset must not touch open files")
        if code >= 0:
            return RuntimeError(
                f"{name} exited with code {code} before it delivered its batch; "
                "look above for what it printed, or run with num_workers=0 to see the error itself"
            )
        try:
            cause = signal.Signals(-code).name
        except ValueError:
            cause = str(-code)
        hint = {
            "SIGKILL": "; the system may have run out of memory: try fewer workers or smaller batches",
            "SIGBUS": "; shared memory may have run out: try fewer workers or smaller batches",
            "SIGSEGV": "; a library that the dataset uses may not survive a fork: try multiprocessing_context='spawn'",
        }.get(cause, "")
        return RuntimeError(f"{name} was killed by signal {cause}{hint}")


class WorkerIterator:
    """The batches of a loader, made by worker processes, in the order of its sampler.

    Each worker has a connection of its own, so that no lock is shared with a process that may die. Batch after batch
    is asked for in turn; the answers of one worker come in order, so the next batch is always the next answer of the
    worker whose turn it is.
    """

    def __init__(
        self,
        recipe: Recipe,
        indices: Iterator[Any],
        order: Any,
        *,
        num_workers: int,
        prefetch: int,
        timeout: float,
        base_seed: int,
        init: Any,
        context: Any,
        persistent: bool,
    ) -> None:
        self._prefetch, self._timeout, self._persistent = prefetch, timeout, persistent
        self._order = order
        self._workers: list[Worker] = []
        # Runs when the iterator is given up, however that happens, and at the latest when Python ends.
        self._end = weakref.finalize(self, _stop, self._workers, os.getpid())
        self._epoch = 0
        self._turns: deque[Worker] = deque()
        try:
            for i in range(num_workers):
                assignment = _worker.Assignment(i, num_workers, base_seed, recipe, init)
                self._workers.append(Worker(context, assignment, self._workers))
            self.restart(indices)
        except BaseException:
            self.close(patience=0.0)
            raise

    @property
    def closed(self) -> bool:
        """Whether the workers have been ended."""
        return not self._end.alive

    def restart(self, indices: Iterator[Any]) -> None:
        """Begin another pass over the dataset; answers of an unfinished one are thrown away when they come."""
        self._epoch += 1
        self._indices = indices
        self._turns.clear()
        self._finished: set[int] = set()
        for _ in range(self._prefetch):
            for worker in self._workers:
                self._ask(worker)

    def __len__(self) -> int:
        """The number of all batches; TypeError for a stream."""
        return len(self._order)

    def __iter__(self) -> WorkerIterator:
        return self

    def __next__(self) -> Any:
        try:
            with record_function("enumerate(DataLoader)"):
                value = self._next()
        except StopIteration:
            if not self._persistent:
                self.close()
            raise
        except BaseException:
            # Interrupted at any point, even within a message, this iterator could not go on.
            self.close(patience=0.0)
            raise
        if isinstance(value, _worker.WorkerError):
            value.reraise()
        return value

    def close(self, patience: float | None = None) -> None:
        """End the workers; those that are still busy after `patience` seconds are terminated."""
        self._turns.clear()
        if self._end.detach() is not None:
            _stop(self._workers, os.getpid(), patience)

    def _next(self) -> Any:
        while self._turns:
            worker = self._turns.popleft()
            if worker.id in self._finished:
                continue
            value = self._answer(worker)
            if value is EXHAUSTED:
                self._finished.add(worker.id)
                continue
            self._ask(worker)
            return value
        raise StopIteration

    def _ask(self, worker: Worker) -> None:
        """Give a worker the next item of the sampler, if there is one."""
        for index in self._indices:
            # The death of a worker is reported when its turn comes.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                worker.connection.send(_worker.Task(self._epoch, index))
            self._turns.append(worker)
            return

    def _answer(self, worker: Worker) -> Any:
        """The next answer of a worker to this pass."""
        deadline = time.monotonic() + self._timeout if self._timeout else None
        while True:
            left = _LOOK_AGAIN if deadline is None else min(max(deadline - time.monotonic(), 0.0), _LOOK_AGAIN)
            ready = wait([worker.connection, worker.process.sentinel], left)
            if not ready and worker.process.is_alive():
                if deadline is not None and time.monotonic() >= deadline:
                    raise self._late(worker)
                continue
            # What a worker sent before it died is still there to be read.
            if worker.connection not in ready and not worker.connection.poll():
                raise worker.death()
            try:
                epoch, value = _transport.receive(worker.connection)
            except (EOFError, ConnectionResetError):
                raise worker.death() from None
            if epoch == self._epoch:
                return value

    def _late(self, worker: Worker) -> RuntimeError:
        return RuntimeError(
            f"DataLoader worker {worker.id} (pid {worker.process.pid}) gave no batch within the timeout of "
            f"{self._timeout:g} s; give it more time, or find what blocks the dataset with num_workers=0"
        )


def _stop(workers: list[Worker], owner: int, patience: float | None = None) -> None:
    """End processes and wait for each of them, so that none is left, not even as a zombie."""
    if os.getpid() != owner:
        return  # in a fork of the parent, whose children they are not
    deadline = time.monotonic() + (_PATIENCE if patience is None else patience)
    try:
        for worker in workers:
            worker.hang_up()
        for worker in workers:
            worker.process.join(max(deadline - time.monotonic(), 0.0))
    finally:
        for worker in workers:
            if worker.process.is_alive():
                worker.process.terminate()
        for worker in workers:
            worker.process.join(1.0)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            with contextlib.suppress(ValueError):
                worker.process.close()


def _forks(context: Any) -> bool:
    return bool(context.get_start_method() == "fork")


def start_context(wanted: Any, cuda_in_use: bool) -> Any:
    """The way to start processes: what the user wants, else fork on Linux while CUDA is not in use, else spawn.

    RuntimeError where the user wants a fork of a process that uses CUDA: the child could not.
    """
    if wanted is None:
        return multiprocessing.get_context("fork" if sys.platform == "linux" and not cuda_in_use else "spawn")
    context = multiprocessing.get_context(wanted) if isinstance(wanted, str) else wanted
    if cuda_in_use and _forks(context):
        raise RuntimeError(
            "DataLoader: this process has used CUDA, which does not survive a fork; "
            "use multiprocessing_context='spawn', or start iterating before the first use of CUDA"
        )
    return context
