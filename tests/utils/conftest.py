"""No test here may hang or leave a process: each is interrupted after its time, also within a wait for one."""

import gc
import multiprocessing
import os
import signal
from pathlib import Path

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


def _children():
    """The processes that this one started and that are still there, zombies too."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.fixture
def no_process_is_left(monkeypatch):
    """After each test there is no child, not even a zombie, and no descriptor more than before."""
    from gputensor.utils.data import DataLoader, _pool

    monkeypatch.setattr(_pool, "_PATIENCE", 1.0)
    # What multiprocessing itself opens at first use, and keeps.
    list(DataLoader([0], num_workers=1))
    multiprocessing.get_context("fork").Value("i", 0)
    known = _children()  # multiprocessing's own helper, where an earlier test started one
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    yield
    gc.collect()
    assert multiprocessing.active_children() == []
    assert _children() <= known
    assert len(os.listdir("/proc/self/fd")) == files
