"""spawn: a function in several processes, the first failure of which ends all."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any


class ProcessException(Exception):
    """A process that `spawn` started did not end well."""

    def __init__(self, msg: str, error_index: int, pid: int) -> None:
        super().__init__(msg)
        self.msg = msg
        self.error_index = error_index
        self.pid = pid

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.msg, self.error_index, self.pid)


class ProcessRaisedException(ProcessException):
    """The function raised an exception; the message has its traceback."""


class ProcessExitedException(ProcessException):
    """The process ended by a signal or by an exit code that is not 0."""

    def __init__(
        self, msg: str, error_index: int, error_pid: int, exit_code: int, signal_name: str | None = None
    ) -> None:
        super().__init__(msg, error_index, error_pid)
        self.exit_code = exit_code
        self.signal_name = signal_name

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.msg, self.error_index, self.pid, self.exit_code, self.signal_name)


class ProcessContext:
    """The processes that `spawn` and `start_processes` started, where they were not to be waited for.

    >>> import gputensor as gt
    >>> none_left = gt.multiprocessing.ProcessContext([], [])
    >>> none_left.pids(), none_left.join()
    ([], True)
    """

    def __init__(self, processes: Sequence[Any], failures: Sequence[Any]) -> None:
        self.processes = list(processes)
        self._failures = list(failures)
        self._running = {process.sentinel: k for k, process in enumerate(processes)}

    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return [int(process.pid) for process in self.processes]

    def join(self, timeout: float | None = None, grace_period: float | None = None) -> bool:
        """Wait until a process ends; True where all have ended well.

        timeout: seconds to wait, None for ever. grace_period: seconds between the polite request to the others to end,
        once one has failed, and the signal that they cannot ignore. Raises ProcessRaisedException or
        ProcessExitedException for a process that failed, after the others were ended.
        """
        if not self._running:
            return True
        ended = multiprocessing.connection.wait(list(self._running), timeout)
        failed = None
        for sentinel in ended:
            k = self._running.pop(sentinel)
            self.processes[k].join()
            if self.processes[k].exitcode and failed is None:
                failed = k
        if failed is None:
            return not self._running
        self._end_others(30.0 if grace_period is None else grace_period)
        raise self._failure(failed)

    def _end_others(self, grace: float) -> None:
        for process in self.processes:
            if process.is_alive():
                process.terminate()
        limit = time.monotonic() + grace
        for process in self.processes:
            process.join(max(0.0, limit - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

    def _failure(self, k: int) -> ProcessException:
        process = self.processes[k]
        try:
            text = self._failures[k].recv()
        except EOFError:  # it ended without a word
            pass
        else:
            return ProcessRaisedException(f"process {k} (pid {process.pid}) raised:\n\n{text}", k, process.pid)
        code = process.exitcode
        if code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"signal {-code}"
            text = f"process {k} (pid {process.pid}) was ended by {name}"
            return ProcessExitedException(text, k, process.pid, code, name)
        return ProcessExitedException(f"process {k} (pid {process.pid}) exited with code {code}", k, process.pid, code)


SpawnContext = ProcessContext


def spawn(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Run ``fn(i, *args)`` in nprocs new processes, i from 0 on.

    fn must be importable: a function of a module, not a lambda. join: wait for all, and return None; else return the
    `ProcessContext`. Raises ProcessRaisedException, with the traceback, or ProcessExitedException where one fails; the
    others are ended then. Raises ValueError below one process.

    >>> import gputensor as gt
    >>> gt.multiprocessing.spawn(print, nprocs=0)
    Traceback (most recent call last):
    ...
    ValueError: spawn: nprocs must be a positive int, got 0
    """
    if start_method != "spawn":
        raise ValueError(f"spawn: start_method must be 'spawn', got {start_method!r}; use start_processes for others")
    return start_processes(fn, args, nprocs, join, daemon, start_method)


def start_processes(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """`spawn` with any start method of `multiprocessing`. Arguments, result and errors are those of `spawn`.

    >>> import gputensor as gt
    >>> gt.multiprocessing.start_processes(print, nprocs=0)
    Traceback (most recent call last):
    ...
    ValueError: spawn: nprocs must be a positive int, got 0
    """
    if isinstance(nprocs, bool) or not isinstance(nprocs, int) or nprocs < 1:
        raise ValueError(f"spawn: nprocs must be a positive int, got {nprocs!r}")
    library: Any = multiprocessing.get_context(start_method)
    processes, failures = [], []
    for k in range(nprocs):
        reader, writer = library.Pipe(duplex=False)
        process = library.Process(target=_run, args=(fn, k, args, writer), daemon=daemon)
        process.start()
        writer.close()
        processes.append(process)
        failures.append(reader)
    context = ProcessContext(processes, failures)
    if not join:
        return context
    while not context.join():
        pass
    return None


def _run(fn: Callable[..., Any], k: int, args: tuple[Any, ...], failure: Any) -> None:
    """What a process does: an exception's traceback goes to the parent."""
    try:
        fn(k, *args)
    except KeyboardInterrupt:
        pass
    except Exception:
        failure.send(traceback.format_exc())
        raise SystemExit(1) from None
