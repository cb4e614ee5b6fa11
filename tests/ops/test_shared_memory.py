"""Shared memory is seen by processes of every kind, and a copy of it is a copy."""

import copy
import io
import multiprocessing
import os
import pickle
import queue

import pytest

import gputensor as gt
from gputensor.ops import shared_memory

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="other systems have no files in memory that can be sent"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


def train(layer, view):
    with gt.no_grad():
        for parameter in layer.parameters():
            parameter.fill_(7.0)
        view += 1


def answer(wanted, given):
    x = wanted.get()
    x.fill_(3)
    given.put(x.is_shared())


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_process_that_was_started_anew_trains_the_shared_weights(method):
    context = multiprocessing.get_context(method)
    layer, x = gt.nn.Linear(2, 2).share_memory(), gt.zeros(3, dtype=gt.bfloat16).share_memory_()
    weight = layer.weight
    process = context.Process(target=train, args=(layer, x[1:]))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert weight.tolist() == [[7, 7], [7, 7]]
    assert layer.bias.tolist() == [7, 7]
    assert x.tolist() == [0, 1, 1]


def test_a_queue_sends_shared_memory_and_not_a_copy():
    context = multiprocessing.get_context("spawn")
    wanted, given = context.Queue(), context.Queue()
    x = gt.zeros(2).share_memory_()
    process = context.Process(target=answer, args=(wanted, given))
    process.start()
    wanted.put(x)
    try:
        shared = given.get(timeout=60)
    except queue.Empty:
        process.terminate()
        raise
    process.join()
    assert shared is True
    assert x.tolist() == [3, 3]


def test_a_pickle_and_a_copy_of_shared_memory_are_apart_from_it():
    x = gt.arange(4.0).share_memory_()
    for y in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x)):
        y.fill_(9)
        assert not y.is_shared()
    file = io.BytesIO()
    gt.save(x, file)
    file.seek(0)
    assert gt.load(file).tolist() == x.tolist() == [0, 1, 2, 3]
    head, tail = pickle.loads(pickle.dumps((x[:2], x)))
    tail.fill_(5)
    assert head.tolist() == [5, 5]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are counted there")
def test_a_thousand_shared_tensors_take_few_descriptors_and_give_them_back():
    before = len(os.listdir("/proc/self/fd"))
    shared_memory._last.clear()
    many = [gt.full((3,), float(k)).share_memory_() for k in range(1000)]
    assert [x[0].item() for x in many] == list(range(1000))
    assert len(os.listdir("/proc/self/fd")) <= before + 4
    shared_memory._last.clear()
    del many
    assert len(os.listdir("/proc/self/fd")) <= before


def test_a_forked_process_does_not_share_its_own_tensors_with_its_parents_later_ones():
    x = gt.zeros(2).share_memory_()
    child = os.fork()
    if not child:
        gt.full((2,), 4.0).share_memory_()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert gt.zeros(2).share_memory_().tolist() == x.tolist() == [0, 0]
    assert gt.empty(2).share_memory_().is_shared()


def test_where_no_file_can_be_sent_sending_says_so():
    mapping = shared_memory.Mapping(-1, 8)
    mapping.file = None
    with pytest.raises(gt.errors.DeviceError, match="clone"):
        shared_memory._send(mapping)


def test_the_names_of_ways_to_share_are_taken():
    for name in gt.multiprocessing.get_all_sharing_strategies():
        gt.multiprocessing.set_sharing_strategy(name)
    assert gt.multiprocessing.get_sharing_strategy() == "file_descriptor"
    with pytest.raises(ValueError, match="'file_system', got 'wire'"):
        gt.multiprocessing.set_sharing_strategy("wire")
