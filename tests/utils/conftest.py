"""No test here may hang or leave a process: each is interrupted after its time, also within a wait for one."""

import gc
import multiprocessing
import os
import signal

import pytest

SECONDS = 20


@pytest.fixture(autouse=True)
def time_limit():
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(number, frame):
        raise TimeoutError(f"the test took longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def no_process_is_left(monkeypatch):
    """After each test there is no child, not even a zombie, and no descriptor more than before."""
    from gputensor.utils.data import DataLoader, _pool

    monkeypatch.setattr(_pool, "_PATIENCE", 1.0)
    # What multiprocessing itself opens at first use, and keeps.
    list(DataLoader([0], num_workers=1))
    multiprocessing.get_context("fork").Value("i", 0)
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    yield
    gc.collect()
    assert multiprocessing.active_children() == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert len(os.listdir("/proc/self/fd")) == files
