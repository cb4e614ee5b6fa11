"""gputensor.multiprocessing and gputensor.futures."""

import os
import threading

import pytest

import gputensor as gt
from gputensor import futures, multiprocessing as mp


def add_rank(rank, queue):
    queue.put((rank, gt.ones(2) * rank))


def fail_in_one(rank, seconds):
    if rank == 1:
        raise ValueError("wrong in one")
    threading.Event().wait(seconds)


def die(rank):
    os.kill(os.getpid(), 9)


@pytest.fixture
def forking():
    # the tests themselves hold no locks in other threads; spawning would import everything anew, for seconds each
    return "fork"


def test_processes_send_tensors(forking):
    context = mp.get_context(forking)
    queue = context.SimpleQueue()
    mp.start_processes(add_rank, (queue,), nprocs=2, start_method=forking)
    found = dict([queue.get(), queue.get()])
    assert {rank: x.tolist() for rank, x in found.items()} == {0: [0.0, 0.0], 1: [1.0, 1.0]}


@pytest.mark.slow
def test_spawned_processes_run_a_function_of_a_module():
    assert mp.spawn(print, args=(), nprocs=1) is None


def test_the_first_failure_ends_the_others(forking):
    with pytest.raises(mp.ProcessRaisedException, match="wrong in one") as caught:
        mp.start_processes(fail_in_one, (60,), nprocs=3, start_method=forking)
    assert caught.value.error_index == 1


def test_a_killed_process_is_named_with_its_signal(forking):
    with pytest.raises(mp.ProcessExitedException, match="SIGKILL") as caught:
        mp.start_processes(die, nprocs=1, start_method=forking)
    assert caught.value.signal_name == "SIGKILL"


def test_a_context_is_joined_later(forking):
    context = mp.get_context(forking)
    queue = context.SimpleQueue()
    running = mp.start_processes(add_rank, (queue,), nprocs=1, join=False, start_method=forking)
    assert len(running.pids()) == 1
    assert queue.get()[1].tolist() == [0.0, 0.0]
    while not running.join(timeout=10):
        pass
    assert running.join()


def test_the_names_of_the_standard_library_are_there():
    here, there = mp.Pipe()
    here.send(gt.arange(3))
    assert there.recv().tolist() == [0, 1, 2]
    assert mp.cpu_count() >= 1
    assert mp.current_process().name
    with pytest.raises(ValueError, match="nprocs"):
        mp.spawn(print, nprocs=0)
    with pytest.raises(ValueError, match="start_method"):
        mp.spawn(print, start_method="fork")


def test_a_future_is_waited_for_and_followed():
    first = futures.Future()
    doubled = first.then(lambda done: done.value() * 2)
    failed = first.then(lambda done: 1 / 0)
    seen = []
    doubled.add_done_callback(lambda done: seen.append(done.value()))
    assert not first.done()
    with pytest.raises(RuntimeError, match="no result yet"):
        first.value()
    threading.Timer(0.01, first.set_result, [21]).start()
    assert doubled.wait() == 42
    assert seen == [42]
    with pytest.raises(ZeroDivisionError):
        failed.wait()
    with pytest.raises(RuntimeError, match="set already"):
        first.set_result(1)
    with pytest.raises(TypeError, match="exception"):
        futures.Future().set_exception(3)


def test_several_futures_are_waited_for():
    several = [futures.Future() for _ in range(3)]
    every = futures.collect_all(several)
    for k, future in enumerate(several):
        assert not every.done()
        future.set_result(k)
    assert futures.wait_all(several) == [0, 1, 2]
    assert [future.value() for future in every.wait()] == [0, 1, 2]
    assert futures.collect_all([]).wait() == []
    bad = futures.Future()
    bad.set_exception(KeyError("k"))
    with pytest.raises(KeyError):
        futures.wait_all([bad])
