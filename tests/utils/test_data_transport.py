"""Values between processes: equal, writable, of any size, and without descriptors left over."""

import gc
import multiprocessing
import os
import threading

import ml_dtypes
import numpy as np
import pytest

from gputensor.utils.data import _transport


def sent(value, label=0):
    """What arrives of a value that is sent through a connection."""
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        thread = threading.Thread(target=lambda: _transport.send(ours, label, _transport.pack(value)))
        thread.start()
        received = _transport.receive(theirs)
        thread.join()
    return received


def open_files():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("count", [0, 1, 5, 1000, 100_000])
@pytest.mark.parametrize("file", [True, False])
def test_arrays_arrive_equal_and_writable(monkeypatch, count, file):
    if not file:
        monkeypatch.setattr(_transport, "_memory_file", lambda: None)
    rng = np.random.default_rng(0)
    value = {
        "float": rng.normal(size=(count, 3)).astype(np.float32),
        "bfloat16": rng.normal(size=count).astype(ml_dtypes.bfloat16),
        "bool": rng.normal(size=count) > 0,
        "columns": np.asfortranarray(rng.normal(size=(count, 2))),
        "strided": rng.normal(size=(count, 4))[:, ::2],
        "text": ["a" * count, None],
    }
    label, received = sent(value, label=("any", 3))
    assert label == ("any", 3)
    assert received["text"] == value["text"]
    for name in list(value)[:-1]:
        assert received[name].dtype == value[name].dtype
        assert (received[name] == value[name]).all()
        received[name][...] = 1
        assert received[name].flags.writeable


def test_large_arrays_are_aligned_and_do_not_overlap():
    value = [np.full(n, n % 256, np.uint8) for n in (70_001, 1, 33, 64, 0, 5)]
    _, received = sent(value)
    for array in received:
        array += 1
    assert [set(array.tolist()) for array in received] == [{(n + 1) % 256} for n in (70_001 % 256, 1, 33, 64)] + [
        set(),
        {6},
    ]
    assert all(array.ctypes.data % 64 == 0 for array in received if array.size)


def test_the_sender_may_change_an_array_after_sending():
    array = np.zeros(100_000)
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        _transport.send(ours, 0, _transport.pack(array))
        array[:] = 1
        _, received = _transport.receive(theirs)
    assert not received.any()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors in /proc")
def test_many_batches_kept_do_not_use_up_descriptors(monkeypatch):
    monkeypatch.setattr(_transport, "_MOST_MAPPINGS", 8)
    gc.collect()
    before = open_files()
    kept = [sent(np.full(50_000, i))[1] for i in range(40)]
    assert open_files() <= before + 8
    assert all((array == i).all() for i, array in enumerate(kept))
    del kept
    assert open_files() == before


def test_a_sender_that_has_gone_is_an_error():
    ours, theirs = multiprocessing.Pipe()
    ours.close()
    with theirs, pytest.raises(EOFError):
        _transport.receive(theirs)


def test_a_sender_that_dies_before_the_memory_comes_is_an_error():
    ours, theirs = multiprocessing.Pipe()
    ours.send((0, [100_000, 4], None))
    ours.close()
    with theirs, pytest.raises(EOFError):
        _transport.receive(theirs)
