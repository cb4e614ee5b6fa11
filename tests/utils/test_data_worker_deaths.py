"""Worker processes that die, hang or are given up: what is said, and that none is left behind."""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from gputensor.utils.data import DataLoader, Dataset, _pool

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="forks, and reads /proc"),
    pytest.mark.usefixtures("no_process_is_left"),
]


class Numbers(Dataset):
    """0, 1, ...; `at(index)` may do something first, in the worker that is asked for `index`."""

    def __init__(self, count=10, at=lambda index: None):
        self.count, self.at = count, at

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.at(index)
        return index


def lists(loader):
    return [batch.tolist() for batch in loader]


def at(index, do):
    """A function of an index that calls `do` for one index."""
    return lambda asked: do() if asked == index else None


def running(pid):
    """Whether a process exists, a zombie included."""
    return os.path.exists(f"/proc/{pid}")


def pids(iterator):
    return [worker.process.pid for worker in iterator._workers]


def deadly(name):
    return {
        "os._exit": lambda: os._exit(7),
        "sys.exit": lambda: sys.exit(7),
        "kill -9": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "terminate": lambda: os.kill(os.getpid(), signal.SIGTERM),
        "segfault": lambda: ctypes.string_at(0),
        "abort": os.abort,
    }[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("os._exit", "exited with code 7"),
        ("sys.exit", "exited with code 7"),
        ("kill -9", "was killed by signal SIGKILL; the system may have run out of memory"),
        ("terminate", "was killed by signal SIGTERM"),
        ("segfault", "was killed by signal SIGSEGV"),
        ("abort", "was killed by signal SIGABRT"),
    ],
)
def test_a_worker_that_dies_is_reported_with_pid_and_cause(name, words):
    loader = DataLoader(Numbers(20, at(6, deadly(name))), batch_size=2, num_workers=2)
    iterator = iter(loader)
    started = pids(iterator)
    batches = []
    with pytest.raises(RuntimeError, match=rf"DataLoader worker 1 \(pid {started[1]}\) {words}"):
        batches.extend(iterator)
    assert lists(batches) == [[0, 1], [2, 3], [4, 5]]
    assert not any(map(running, started))
    with pytest.raises(StopIteration):
        next(iterator)


def test_a_worker_killed_from_outside_while_it_is_busy_is_reported():
    iterator = iter(DataLoader(Numbers(4, lambda index: time.sleep(60)), num_workers=2))
    os.kill(pids(iterator)[0], signal.SIGKILL)
    with pytest.raises(RuntimeError, match=r"worker 0 .* was killed by signal SIGKILL"):
        next(iterator)


def test_a_worker_that_dies_in_the_middle_of_a_message_is_reported(monkeypatch):
    def die(label, sizes):
        os.kill(os.getpid(), signal.SIGKILL)

    # In the worker: between the announcement of a large batch and the batch itself.
    monkeypatch.setattr(_pool._transport.reduction, "send_handle", lambda *arguments: die(*arguments[:2]))
    loader = DataLoader(Numbers(2), num_workers=1, collate_fn=lambda batch: np.zeros(100_000))
    with pytest.raises(RuntimeError, match="was killed by signal SIGKILL"):
        list(loader)


def test_a_worker_that_dies_between_passes_is_reported_and_replaced():
    loader = DataLoader(Numbers(4), num_workers=2, persistent_workers=True)
    assert lists(loader) == [[0], [1], [2], [3]]
    victim = pids(loader._kept)[1]
    os.kill(victim, signal.SIGKILL)
    os.waitid(os.P_PID, victim, os.WEXITED | os.WNOWAIT)
    with pytest.raises(RuntimeError, match=rf"worker 1 \(pid {victim}\) was killed by signal SIGKILL"):
        lists(loader)
    assert lists(loader) == [[0], [1], [2], [3]]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_worker_that_dies_and_leaves_a_fork_of_itself_is_reported(monkeypatch):
    # The fork holds everything open by which the worker's end would show.
    monkeypatch.setattr(_pool, "_LOOK_AGAIN", 0.1)
    fork = multiprocessing.get_context("fork").Value("i", 0)

    def die():
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        fork.value = pid
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        with pytest.raises(RuntimeError, match="was killed by signal SIGKILL"):
            list(DataLoader(Numbers(2, at(0, die)), num_workers=1))
    finally:
        if fork.value > 1:
            os.kill(fork.value, signal.SIGKILL)


def test_a_worker_that_hangs_is_reported_after_the_timeout():
    loader = DataLoader(Numbers(4, at(1, lambda: time.sleep(60))), num_workers=1, timeout=0.3)
    iterator = iter(loader)
    (pid,) = pids(iterator)
    assert next(iterator).tolist() == [0]
    with pytest.raises(RuntimeError, match=rf"worker 0 \(pid {pid}\) gave no batch within the timeout of 0.3 s"):
        next(iterator)
    assert not running(pid)


def test_a_worker_that_ignores_sigterm_is_killed(monkeypatch):
    def hang():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)

    iterator = iter(DataLoader(Numbers(4, at(1, hang)), num_workers=1, timeout=0.5))
    (pid,) = pids(iterator)
    next(iterator)
    with pytest.raises(RuntimeError, match="timeout"):
        next(iterator)
    assert not running(pid)


def test_leaving_the_loop_ends_the_workers():
    iterator = iter(DataLoader(Numbers(100), num_workers=2))
    started = pids(iterator)
    for _ in iterator:
        break
    assert all(map(running, started))
    del iterator
    assert not any(map(running, started))


def test_abandoning_a_generator_over_a_loader_ends_the_workers():
    started = []

    def doubled():
        iterator = iter(DataLoader(Numbers(100), num_workers=2))
        started.extend(pids(iterator))
        for batch in iterator:
            yield 2 * batch

    generator = doubled()
    assert next(generator).tolist() == [0]
    del generator
    assert not any(map(running, started))


def test_the_end_of_a_pass_ends_the_workers():
    iterator = iter(DataLoader(Numbers(3), num_workers=2))
    started = pids(iterator)
    list(iterator)
    assert not any(map(running, started))
    with pytest.raises(StopIteration):
        next(iterator)


def test_workers_end_at_once_while_another_loaders_live():
    first = iter(DataLoader(Numbers(100), num_workers=2))
    second = iter(DataLoader(Numbers(100), num_workers=2))
    begin = time.monotonic()
    first.close(patience=15.0)
    assert time.monotonic() - begin < 10
    assert next(second).tolist() == [0]
    second.close()


def test_an_exception_in_the_loops_body_ends_the_workers():
    started = []

    def train():
        iterator = iter(DataLoader(Numbers(100), num_workers=2))
        started.extend(pids(iterator))
        for _ in iterator:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    gc.collect()
    assert not any(map(running, started))


@pytest.fixture
def interruptible():
    """SIGINT as in a terminal; a shell starts its background jobs with SIGINT ignored, and programs inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_waiting_ends_the_workers_at_once():
    iterator = iter(DataLoader(Numbers(4, lambda index: time.sleep(60)), num_workers=2))
    started = pids(iterator)
    interrupted = [signal.signal(signal.SIGUSR1, lambda number, frame: signal.raise_signal(signal.SIGINT))]
    killer = subprocess.Popen(["sh", "-c", f"sleep 0.2; kill -USR1 {os.getpid()}"])
    try:
        with pytest.raises(KeyboardInterrupt):
            next(iterator)
    finally:
        signal.signal(signal.SIGUSR1, interrupted[0])
        killer.wait()
    assert not any(map(running, started))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_fork_of_the_parent_leaves_its_workers_alone():
    iterator = iter(DataLoader(Numbers(10), num_workers=2))
    child = os.fork()
    if child == 0:
        iterator = None  # would end the workers, were they the child's
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert [batch.tolist() for batch in iterator] == [[i] for i in range(10)]


PROGRAM = """
import os, signal, sys, time
from gputensor.utils.data import DataLoader, Dataset

class Slow(Dataset):
    def __len__(self):
        return 1000
    def __getitem__(self, index):
        time.sleep(0.01)
        return index

if __name__ == "__main__":
    loader = DataLoader(Slow(), num_workers=2, multiprocessing_context=sys.argv[1])
    iterator = iter(loader)
    next(iterator)
    print(*[worker.process.pid for worker in iterator._workers], flush=True)
"""


def start_program(tmp_path, ending, method="fork"):
    """A program that uses two workers and goes on with `ending`; returns it and its workers' pids."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM + textwrap.indent(ending, "    "))
    program = subprocess.Popen(
        [sys.executable, str(path), method],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return program, [int(pid) for pid in program.stdout.readline().split()]


def finish(program):
    out, errors = program.communicate(timeout=15)
    return program.returncode, out, errors


def gone(processes, seconds):
    deadline = time.monotonic() + seconds
    while any(map(running, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(running, processes))


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_program_and_workers(tmp_path):
    program, workers = start_program(tmp_path, "for batch in iterator: pass")
    os.killpg(program.pid, signal.SIGINT)
    code, _, errors = finish(program)
    assert code == -signal.SIGINT
    assert errors.count("KeyboardInterrupt") == 1  # from the program, none from its workers
    assert gone(workers, 1)


def test_the_end_of_the_program_ends_workers_of_an_iterator_still_alive(tmp_path):
    program, workers = start_program(tmp_path, "pass")
    assert finish(program) == (0, "", "")
    assert gone(workers, 1)


def test_an_error_that_ends_the_program_ends_its_workers(tmp_path):
    program, workers = start_program(tmp_path, "raise SystemExit(3)")
    assert finish(program) == (3, "", "")
    assert gone(workers, 1)


def test_workers_end_when_their_parent_is_killed(tmp_path):
    program, workers = start_program(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    assert finish(program)[0] == -signal.SIGKILL
    assert gone(workers, 10)


def test_spawned_workers_work_as_forked_ones(tmp_path):
    program, workers = start_program(tmp_path, "print([int(next(iterator)) for _ in range(3)])", "spawn")
    assert finish(program) == (0, "[1, 2, 3]\n", "")
    assert gone(workers, 1)
