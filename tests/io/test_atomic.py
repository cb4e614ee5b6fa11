"""A save that fails leaves the old file; what is left of one that was killed is removed by the next."""

import errno
import io
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import gputensor as gt
from gputensor.io import CheckpointError, atomic

ROOT = Path(gt.__file__).parents[1]
VALUE = {"x": gt.arange(1000)}


def left(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture
def old(tmp_path):
    """A file that must stay whole."""
    path = tmp_path / "a.pt"
    gt.save({"epoch": 1}, path)
    return path


def whole(path):
    return gt.load(path) == {"epoch": 1} and left(path.parent) == [path.name]


def test_an_object_that_cannot_be_saved_leaves_the_old_file(old):
    for obj in ({"f": lambda: 0}, {"model": gt.nn.Linear(1, 1)}):
        with pytest.raises(gt.errors.ArgumentError):
            gt.save(obj, old)
        assert whole(old)


def test_a_full_disk_leaves_the_old_file(old, monkeypatch):
    written = []

    def write(fd, data):
        written.append(len(data))
        if sum(written) > 5000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os_write(fd, data)

    os_write = os.write
    monkeypatch.setattr(atomic.os, "write", write)
    with pytest.raises(OSError, match=r"a\.pt' could not be written \(No space left on device\); the file that was"):
        gt.save(VALUE, old)
    monkeypatch.undo()
    assert whole(old)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_late_leaves_the_old_file(old, monkeypatch, call):
    def fail(*args):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(atomic.os, call, fail)
    with pytest.raises(OSError, match="could not be written"):
        gt.save(VALUE, old)
    monkeypatch.undo()
    assert whole(old)


def test_an_interrupt_leaves_the_old_file(old, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        gt.save(VALUE, old)
    monkeypatch.undo()
    assert whole(old)


def run(code, *args, **kwargs):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        capture_output=True, **kwargs,
    )  # fmt: skip


def test_a_limit_of_the_system_leaves_the_old_file(old):
    code = """if True:
        import resource, sys, gputensor as gt
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            gt.save({"x": gt.zeros(100_000)}, sys.argv[1])
        except OSError as error:
            print(error)
    """
    done = run(code, old)
    assert "could not be written (File too large)" in done.stdout, done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000
    assert whole(old)


@pytest.mark.slow
def test_a_small_disk_that_is_full_leaves_the_old_file(tmp_path):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        path = tmp_path / "a.pt"
        gt.save({"epoch": 1}, path)
        with pytest.raises(OSError, match="No space left on device"):
            gt.save({"x": gt.zeros(1_000_000)}, path)
        assert whole(path)
    finally:
        subprocess.run(["umount", tmp_path], check=True)


SAVING = """if True:
    import sys, gputensor as gt
    for k in range(1, 1_000_000):
        gt.save({"epoch": k, "x": gt.full((50_000,), k)}, sys.argv[1])
        print(k, flush=True)
"""


def killed(path, after):
    """Save again and again in a process that is killed some time after its first save."""
    child = subprocess.Popen(
        [sys.executable, "-c", SAVING, str(path)], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after)
        child.send_signal(signal.SIGKILL)


def check_after_kill(path):
    found = gt.load(path)
    assert (found["x"] == found["epoch"]).all()
    assert found["x"].shape == (50_000,)


def test_a_kill_leaves_the_old_or_the_new_file_and_the_next_save_removes_what_is_left(tmp_path):
    path = tmp_path / "a.pt"
    rng = random.Random(1)
    for _ in range(3):
        killed(path, rng.random() / 100)
        check_after_kill(path)
    stale = tmp_path / (atomic._PREFIX + "0" * 12 + "-1.tmp")
    stale.write_bytes(b"of another file")
    gt.save({"epoch": 1}, path)
    assert left(tmp_path) == sorted([stale.name, "a.pt"])


KILLING = """if True:
    import os, random, signal, sys, time, gputensor as gt

    path, kills = sys.argv[1], int(sys.argv[2])
    rng = random.Random(2)
    interrupted = 0
    gt.save({"epoch": 0, "x": gt.zeros(50_000)}, path)
    for kill in range(kills):
        child = os.fork()
        if not child:
            for k in range(1, 1_000_000):
                gt.save({"epoch": k, "x": gt.full((50_000,), k)}, path)
        time.sleep(rng.random() / 20)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = gt.load(path)
        assert found["x"].shape == (50_000,)
        assert (found["x"] == found["epoch"]).all()
        interrupted += len(os.listdir(os.path.dirname(path))) > 1
    print(interrupted)
"""


@pytest.mark.slow
def test_two_hundred_kills_tear_nothing(tmp_path):
    path = tmp_path / "a.pt"
    done = run(KILLING, path, 200)
    assert done.returncode == 0, done.stderr
    print(f"{done.stdout.strip()} of 200 kills came in the middle of a save")
    assert int(done.stdout) > 20, "the kills come too late to show anything"
    gt.save({"epoch": 1}, path)
    assert whole(path)


def test_a_save_beside_another_does_not_remove_its_temporary_file(tmp_path):
    path = tmp_path / "a.pt"
    with atomic.replacing(path) as write:
        write(b"one")
        assert len(left(tmp_path)) == 1
        gt.save({"epoch": 1}, path)
        assert len(left(tmp_path)) == 2
    assert path.read_bytes() == b"one"
    assert left(tmp_path) == ["a.pt"]


def test_saves_of_many_threads_leave_one_of_their_files(tmp_path):
    path = tmp_path / "a.pt"

    def save(k):
        for _ in range(5):
            gt.save({"x": gt.full((1000,), k)}, path)
            assert gt.load(path)["x"].unique().numel() == 1

    threads = [threading.Thread(target=save, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left(tmp_path) == ["a.pt"]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_permissions_of_the_old_file_are_kept_and_new_ones_follow_the_umask(tmp_path):
    path = tmp_path / "a.pt"
    before = os.umask(0o027)
    try:
        gt.save(VALUE, path)
        assert mode(path) == 0o640
        path.chmod(0o604)
        gt.save(VALUE, path)
        assert mode(path) == 0o604
    finally:
        os.umask(before)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "a.pt", tmp_path / "latest.pt"
    link.symlink_to(target)
    for epoch in (1, 2):
        gt.save({"epoch": epoch}, link)
        assert link.is_symlink()
        assert gt.load(target) == {"epoch": epoch}
    assert left(tmp_path / "real") == ["a.pt"]


def test_a_pipe_is_written_as_it_is(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    found = []
    reader = threading.Thread(target=lambda: found.append(path.read_bytes()))
    reader.start()
    gt.save({"epoch": 3}, path)
    reader.join()
    assert gt.load(io.BytesIO(found[0])) == {"epoch": 3}
    gt.save(VALUE, "/dev/null")


def test_places_that_cannot_be_written_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*makedirs"):
        gt.save(VALUE, tmp_path / "none" / "a.pt")
    with pytest.raises(IsADirectoryError, match="this is a directory"):
        gt.save(VALUE, tmp_path)
    for path in (f"{tmp_path}/new/", f"{tmp_path}/.", "", b"new/"):
        with pytest.raises(IsADirectoryError, match="names none"):
            gt.save(VALUE, path)
    assert not list(tmp_path.iterdir())
    if os.path.isdir("/proc"):
        with pytest.raises(FileNotFoundError, match="cannot be written"):
            gt.save(VALUE, "/proc/a.pt")
    if os.geteuid():
        tmp_path.chmod(0o500)
        with pytest.raises(PermissionError, match="cannot be written"):
            gt.save(VALUE, tmp_path / "a.pt")


def test_a_file_that_may_not_be_written_stays(tmp_path, monkeypatch):
    path = tmp_path / "a.pt"
    gt.save({"epoch": 1}, path)
    path.chmod(0o444)
    monkeypatch.setattr(atomic.os, "access", lambda *args: False)  # root may write everything
    with pytest.raises(PermissionError, match="may not be written"):
        gt.save(VALUE, path)
    assert whole(path)


def test_long_names_are_saved(tmp_path):
    path = tmp_path / ("n" * 251 + ".pt")
    gt.save({"epoch": 1}, path)
    assert whole(path)


def test_without_locks_only_old_temporary_files_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "fcntl", None)
    path = tmp_path / "a.pt"
    with atomic.replacing(path) as write:
        write(b"x")
        (name,) = left(tmp_path)
    stale = tmp_path / name
    for age, stays in ((0, True), (100_000, False)):
        stale.write_bytes(b"")
        os.utime(stale, (time.time() - age,) * 2)
        gt.save({"epoch": 1}, path)
        assert stale.exists() == stays


def test_a_truncated_file_is_refused(old):
    old.write_bytes(old.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="truncated"):
        gt.load(old)
