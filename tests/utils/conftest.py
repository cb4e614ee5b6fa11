"""No test here may hang: each is interrupted after its time, also within a wait for a process."""

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
