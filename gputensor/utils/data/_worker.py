"""A worker process of a data loader: reads the batches it is asked for, in order, until its parent goes."""

from __future__ import annotations

import math
import os
import pickle
import queue
import random
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, NoReturn

import numpy as np

import gputensor as gt
from gputensor.utils.data import _transport
from gputensor.utils.data._fetching import Recipe, fetch
from gputensor.utils.data._worker_info import WorkerInfo, set_worker_info


class Assignment(NamedTuple):
    """What a worker is started with."""

    id: int
    num_workers: int
    base_seed: int
    recipe: Recipe
    init: Callable[[int], Any] | None


class Task(NamedTuple):
    """One item of the loader's sampler, in a pass over the dataset that has a number."""

    epoch: int
    index: Any


class _Verbatim(str):
    """A message that a KeyError shows as it is, lines and all."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class WorkerError(NamedTuple):
    """An exception of a worker on its way to the parent: its class, pickled, and its story."""

    kind: bytes
    message: str

    @classmethod
    def of(cls, error: Exception, worker: int, doing: str) -> WorkerError:
        """The exception being handled, with its traceback."""
        try:
            kind = pickle.dumps(type(error))
        except Exception:
            kind = pickle.dumps(RuntimeError)
        story = "".join(traceback.format_exception(error))
        # the first line is PyTorch's, which programs look for
        where = f"DataLoader worker process {worker}.\nIts pid is {os.getpid()}; it happened {doing}."
        return cls(kind, f"Caught {type(error).__name__} in {where}\nOriginal {story}")

    def reraise(self) -> NoReturn:
        """Raise the exception in this process: of the same class, where that can be made of a message alone."""
        try:
            error = pickle.loads(self.kind)(_Verbatim(self.message))
        except Exception:
            error = None
        if not isinstance(error, Exception) or isinstance(error, StopIteration):
            error = RuntimeError(self.message)
        try:
            raise error
        finally:
            # an exception that its own traceback holds would keep the loader and its processes for the collector
            del error


def run(assignment: Assignment, connection: Connection, inherited: list[Connection]) -> None:
    """The worker's whole life. `inherited`: the parent's ends of connections that a fork has copied."""
    # Ctrl-C reaches the whole group of processes; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    newest: list[float] = [0]  # the latest pass, or infinity when the parent has gone
    threading.Thread(target=_listen, args=(connection, tasks, newest), daemon=True).start()

    failure = _prepare(assignment)
    read: Any = None
    epoch = -1
    while (task := tasks.get()) is not None:
        if task.epoch < newest[0]:
            continue  # the parent has begun another pass and no longer waits for this one
        try:
            if failure is None and task.epoch != epoch:
                epoch, read = task.epoch, assignment.recipe.start()
            packed = _transport.pack(failure or fetch(read, task.index))
        except Exception as error:
            packed = _transport.pack(WorkerError.of(error, assignment.id, "while it made a batch"))
        try:
            _transport.send(connection, task.epoch, packed)
        except (BrokenPipeError, ConnectionResetError):
            return


def _prepare(assignment: Assignment) -> WorkerError | None:
    """One thread, seeds for every generator; tell the user's code where it runs, let it prepare itself."""
    gt.set_num_threads(1)  # the workers share the cores already
    seed = (assignment.base_seed + assignment.id) % 2**63
    gt.manual_seed(seed)
    random.seed(seed)
    np.random.seed(np.random.SeedSequence(seed).generate_state(4))
    set_worker_info(WorkerInfo(assignment.id, assignment.num_workers, seed, assignment.recipe.dataset))
    if assignment.init is None:
        return None
    try:
        assignment.init(assignment.id)
    except Exception as error:
        return WorkerError.of(error, assignment.id, "in worker_init_fn")
    return None


def _listen(connection: Connection, tasks: queue.SimpleQueue[Task | None], newest: list[float]) -> None:
    """Take tasks from the parent at once, so that it never waits; end the worker when the parent has gone."""
    parent = os.getppid()
    try:
        while True:
            while not connection.poll(5.0):
                # A killed parent's end of the connection may live on in other processes it has forked.
                if os.getppid() != parent:
                    os._exit(1)
            task = connection.recv()
            newest[0] = task.epoch
            tasks.put(task)
    except (EOFError, OSError):
        newest[0] = math.inf
        tasks.put(None)
