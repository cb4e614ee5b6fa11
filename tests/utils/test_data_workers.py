"""Worker processes: what they deliver, in which order, and their exceptions."""

import gc
import multiprocessing
import os
import random
import subprocess
import sys
import time

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError
from gputensor.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, _pool, get_worker_info

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


class Unprintable(Exception):
    """An exception that is not made of a message alone."""

    def __init__(self, code, reason):
        super().__init__(code, reason)


class Stream(IterableDataset):
    """Each worker's share of 0, 1, ..., count - 1."""

    def __init__(self, count):
        self.count = count

    def __iter__(self):
        info = get_worker_info()
        return iter(range(info.id, self.count, info.num_workers))


def lists(loader):
    return [batch.tolist() for batch in loader]


def samples(loader):
    return [sample for batch in loader for sample in batch.tolist()]


def at(index, do):
    """A function of an index that calls `do` for one index."""
    return lambda asked: do() if asked == index else None


def running(pid):
    """Whether a process exists, a zombie included."""
    return os.path.exists(f"/proc/{pid}")


def pids(iterator):
    return [worker.process.pid for worker in iterator._workers]


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("prefetch", [1, 3])
def test_workers_change_neither_order_nor_content(workers, prefetch):
    # Later samples are ready first.
    dataset = Numbers(23, lambda index: time.sleep(0.002 * (index % 3)))
    loader = DataLoader(dataset, batch_size=4, num_workers=workers, prefetch_factor=prefetch)
    assert lists(loader) == lists(loader) == lists(DataLoader(Numbers(23), batch_size=4))


def test_shuffled_order_does_not_depend_on_the_workers():
    orders = []
    for workers in (0, 2):
        generator = gt.Generator().manual_seed(3)
        loader = DataLoader(Numbers(40), batch_size=4, shuffle=True, num_workers=workers, generator=generator)
        orders.append([lists(loader), lists(loader), generator.get_state().tolist()])
    assert orders[0] == orders[1]


def test_workers_read_ahead():
    # Two batches each are asked for at once, and one more for each that is taken.
    started = multiprocessing.get_context("fork").Value("i", 0)

    def count(index):
        with started.get_lock():
            started.value += 1

    iterator = iter(DataLoader(Numbers(20, count), num_workers=2))
    deadline = time.monotonic() + 10
    while started.value < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert started.value == 4
    next(iterator)
    while started.value < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert started.value == 5


def test_no_batches_is_no_batches():
    assert lists(DataLoader(Numbers(0), num_workers=2)) == []


def test_large_batches_arrive_whole():
    data = np.random.default_rng(0).normal(size=(12, 50_000))
    loader = DataLoader(TensorDataset(gt.from_numpy(data)), batch_size=3, num_workers=2)
    batches = [x.numpy() for (x,) in loader]
    assert (np.concatenate(batches) == data).all()
    assert all(batch.flags.writeable for batch in batches)


def test_structures_arrive_as_they_were():
    def collate(batch):
        return {"x": np.arange(3), "names": ["a", None], "n": (batch, 1.5)}

    (batch,) = DataLoader(Numbers(2), batch_size=2, num_workers=1, collate_fn=collate)
    assert batch["x"].tolist() == [0, 1, 2]
    assert batch["names"] == ["a", None]
    assert batch["n"] == ([0, 1], 1.5)


def test_workers_know_who_they_are():
    def tell(batch):
        info = get_worker_info()
        return info.id, info.num_workers, info.seed, len(info.dataset), os.getpid()

    told = list(DataLoader(Numbers(4), num_workers=2, collate_fn=tell))
    assert [entry[0] for entry in told] == [0, 1, 0, 1]
    assert {(entry[1], entry[3]) for entry in told} == {(2, 4)}
    assert told[1][2] == told[0][2] + 1
    assert len({entry[4] for entry in told}) == 2
    assert get_worker_info() is None


def test_workers_draw_different_numbers_the_same_each_run():
    def draw(batch):
        return random.random(), np.random.rand(), int(gt.randint(0, 2**40, (1,)).item())

    def run():
        loader = DataLoader(Numbers(4), num_workers=2, collate_fn=draw, generator=gt.Generator().manual_seed(1))
        return list(loader), list(loader)

    before = random.getstate()
    first, again = run(), run()
    assert first == again
    numbers = [number for epoch in first for draws in epoch for number in draws]
    assert len(set(numbers)) == len(numbers)
    assert random.getstate() == before


def test_worker_init_fn_is_called_with_the_id():
    ids = multiprocessing.get_context("fork").Array("i", [0, 0, 0])

    def init(worker):
        ids[worker] += worker + 1

    list(DataLoader(Numbers(6), num_workers=3, worker_init_fn=init))
    assert ids[:] == [1, 2, 3]


def test_streams_are_shared_out():
    loader = DataLoader(Stream(11), batch_size=2, num_workers=3)
    assert lists(loader) == lists(loader) == [[0, 3], [1, 4], [2, 5], [6, 9], [7, 10], [8]]
    dropped = DataLoader(Stream(11), batch_size=2, num_workers=3, drop_last=True)
    assert lists(dropped) == [[0, 3], [1, 4], [2, 5], [6, 9], [7, 10]]
    assert list(DataLoader(Stream(5), batch_size=None, num_workers=2)) == [0, 1, 2, 3, 4]


def test_an_exception_is_raised_here_with_the_workers_traceback():
    def fail():
        raise IndexError("sample 5 is broken")

    loader = DataLoader(Numbers(10, at(5, fail)), batch_size=2, num_workers=2)
    with pytest.raises(IndexError) as caught:
        list(loader)
    text = str(caught.value)
    assert "Caught IndexError in DataLoader worker process 0.\nIts pid is" in text
    assert "while it made a batch" in text
    assert "in fail" in text
    assert 'raise IndexError("sample 5 is broken")' in text


def test_a_key_error_keeps_its_lines():
    with pytest.raises(KeyError) as caught:
        list(DataLoader(Numbers(1, at(0, lambda: {}["missing"])), num_workers=1))
    assert "\n" in str(caught.value)
    assert "KeyError: 'missing'" in str(caught.value)


def test_an_exception_that_cannot_be_made_again_is_a_runtime_error():
    def fail():
        raise Unprintable(1, "two arguments")

    def fail_locally():
        class Local(Exception):
            pass

        raise Local("of a local class")

    for do, words in ((fail, "two arguments"), (fail_locally, "of a local class")):
        with pytest.raises(RuntimeError, match=words):
            list(DataLoader(Numbers(1, at(0, do)), num_workers=1))


def test_stop_iteration_in_a_worker_does_not_end_the_loop_silently():
    def stop():
        raise StopIteration

    with pytest.raises(RuntimeError, match="raised StopIteration"):
        list(DataLoader(Numbers(3, at(1, stop)), num_workers=1))


def test_batches_before_and_after_a_failing_one_are_delivered():
    def fail():
        raise ValueError("only this one")

    iterator = iter(DataLoader(Numbers(4, at(1, fail)), num_workers=2))
    assert next(iterator).tolist() == [0]
    with pytest.raises(ValueError, match="only this one"):
        next(iterator)
    assert [batch.tolist() for batch in iterator] == [[2], [3]]


def test_errors_in_collate_fn_and_worker_init_fn_are_raised_here():
    def fail(_):
        raise ValueError("it went wrong")

    with pytest.raises(ValueError, match=r"(?s)while it made a batch.*it went wrong"):
        list(DataLoader(Numbers(2), num_workers=1, collate_fn=fail))
    with pytest.raises(ValueError, match=r"(?s)in worker_init_fn.*it went wrong"):
        list(DataLoader(Numbers(2), num_workers=1, worker_init_fn=fail))


def test_a_batch_that_cannot_be_sent_is_an_error():
    with pytest.raises((AttributeError, TypeError, RuntimeError), match=r"(?i)pickle"):
        list(DataLoader(Numbers(2), num_workers=1, collate_fn=lambda batch: lambda: batch))


def test_persistent_workers_stay_from_pass_to_pass():
    def tell(batch):
        return batch[0], os.getpid()

    loader = DataLoader(Numbers(6), num_workers=2, persistent_workers=True, collate_fn=tell)
    first, second = list(loader), list(loader)
    assert [index for index, _ in first] == list(range(6))
    assert first == second
    started = pids(loader._kept)
    assert {pid for _, pid in first} == set(started)
    del loader
    assert not any(map(running, started))


def test_persistent_workers_drop_an_unfinished_pass():
    loader = DataLoader(Numbers(50), batch_size=2, num_workers=2, persistent_workers=True)
    for stop in (0, 1, 5):
        for i, batch in enumerate(loader):
            assert batch.tolist() == [2 * i, 2 * i + 1]
            if i == stop:
                break
    assert samples(loader) == list(range(50))


def test_persistent_streams_start_again():
    loader = DataLoader(Stream(7), batch_size=2, num_workers=2, persistent_workers=True)
    assert lists(loader) == lists(loader) == [[0, 2], [1, 3], [4, 6], [5]]


def test_processes_are_forked_unless_cuda_is_in_use():
    assert _pool.start_context(None, cuda_in_use=False).get_start_method() == "fork"
    assert _pool.start_context(None, cuda_in_use=True).get_start_method() == "spawn"
    assert _pool.start_context("spawn", cuda_in_use=True).get_start_method() == "spawn"
    own = multiprocessing.get_context("forkserver")
    assert _pool.start_context(own, cuda_in_use=True) is own


def test_a_fork_after_cuda_is_refused_where_it_was_asked_for(monkeypatch):
    monkeypatch.setattr(gt.cuda, "is_initialized", lambda: True)
    with pytest.raises(RuntimeError, match="CUDA, which does not survive a fork; use multiprocessing_context='spawn'"):
        iter(DataLoader(Numbers(2), num_workers=1, multiprocessing_context="fork"))


def test_what_cannot_be_spawned_is_said(tmp_path):
    # In a program of its own: spawning starts a helper process that lives as long as the program.
    path = tmp_path / "program.py"
    path.write_text(
        "from gputensor.utils.data import DataLoader\n"
        "iter(DataLoader([1], collate_fn=lambda x: x, num_workers=1, multiprocessing_context='spawn'))\n"
    )
    program = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=15)
    assert program.returncode == 1
    assert "RuntimeError: DataLoader: worker processes are spawned here" in program.stderr
    assert "define dataset, collate_fn and worker_init_fn at the top of a module" in program.stderr


def test_a_start_that_fails_leaves_no_process(monkeypatch):
    context = multiprocessing.get_context("fork")
    start = context.Process.start
    started = []

    def fail_the_third(process):
        if len(started) == 2:
            raise OSError("no more processes")
        start(process)
        started.append(process.pid)

    monkeypatch.setattr(context.Process, "start", fail_the_third)
    with pytest.raises(OSError, match="no more processes"):
        iter(DataLoader(Numbers(4), num_workers=3))
    assert not any(map(running, started))


def test_workers_end_with_the_exception_and_need_no_collector():
    class Failing(Dataset):
        def __len__(self):
            return 12

        def __getitem__(self, i):
            if i == 5:
                raise KeyError("bad")
            return i

    gc.disable()
    try:
        with pytest.raises(KeyError):
            list(DataLoader(Failing(), batch_size=2, num_workers=2))
        assert multiprocessing.active_children() == []
    finally:
        gc.enable()


class Scaled(Dataset):
    def __init__(self):
        self.weight = gt.ones(2, requires_grad=True)

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return self.weight * i


def test_a_history_does_not_cross_to_another_process():
    with pytest.raises(GradError, match=r"cannot be sent to another process.*return x.detach\(\)"):
        list(DataLoader(Scaled(), batch_size=2, num_workers=1))
    (batch,) = DataLoader(Scaled(), batch_size=2)
    assert batch.grad_fn is not None


class Threads(Dataset):
    """How many threads a worker's products use."""

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return gt.get_num_threads()


def test_workers_use_one_thread_each():
    before = gt.get_num_threads()
    assert [batch.tolist() for batch in DataLoader(Threads(), 2, num_workers=2)] == [[1, 1], [1, 1]]
    assert gt.get_num_threads() == before
