"""Every word runs on its namespace's device, whatever device is current; with one GPU that costs nothing."""

import numpy as np
import pytest

from tests import doubles
from tests.arrays.test_vocabulary import WORDS
from tests.arrays.word_rows import ROWS
from tests.arrays.words import check
from tests.doubles.cupy_double import _memory

# never touch the data: views and questions
FREE = {
    "address",
    "memory_bounds",
    "reinterpret",
    "as_strided",
    "broadcast_to",
    "expand_dims",
    "flip",
    "getitem",
    "is_view_of",
    "moved",
    "permute_dims",
    "real",
    "scalar",
    "shares_memory",
    "sliding_window",
    "spread",
    "squeeze",
    "strides",
    "view_as_real",
    "writable",
}


@pytest.fixture
def two():
    """The namespaces of two GPUs; the first one is current."""
    with doubles.installed(devices=2):
        from gputensor.arrays.cupy_ import loading

        yield loading.namespace(0), loading.namespace(1)


@pytest.mark.parametrize("word", sorted({row.word for row in ROWS}))
def test_words_run_on_their_device_while_another_is_current(two, word):
    _, xp = two
    for row in [row for row in ROWS if row.word == word]:
        check(xp, row, row.dtypes[:2], row.ulps)
    assert _memory.current_device() == 0


def test_results_lie_on_the_device_of_their_namespace(two):
    _, xp = two
    x = xp.from_host(np.arange(6.0).reshape(2, 3))
    results = [
        xp.zeros((2,), np.dtype(np.float32)),
        xp.exp(x),
        xp.sum(x),
        xp.index_get(x, (xp.from_host(np.array([1])),)),
        xp.matmul(x, xp.permute_dims(x, (1, 0))),
        xp.uniform01(7, 0, 4, np.dtype(np.float32)),
    ]
    assert {r.device.id for r in results} == {1}


def test_the_current_device_comes_back_when_a_word_raises(two):
    _, xp = two
    with pytest.raises(ValueError, match="broadcast"):
        xp.add(xp.zeros((2,), np.dtype(np.float32)), xp.zeros((3,), np.dtype(np.float32)))
    assert _memory.current_device() == 0


def test_enter_makes_a_device_current_for_operators(two):
    import cupy

    first, second = two
    x = second.from_host(np.ones(2))
    with pytest.raises(ValueError, match="different from the current device"):
        x + x
    token = second.enter()
    try:
        assert cupy.cuda.runtime.getDevice() == 1
        assert (x + x).device.id == 1
        inner = first.enter()
        assert cupy.cuda.runtime.getDevice() == 0
        first.leave(inner)
        assert cupy.cuda.runtime.getDevice() == 1
    finally:
        second.leave(token)
    assert cupy.cuda.runtime.getDevice() == 0


def test_arrays_move_between_devices(two):
    from gputensor.arrays import numpy_

    first, second = two
    values = np.arange(6.0).reshape(2, 3)
    x = first.permute_dims(first.from_host(values), (1, 0))
    before = _memory.copies_to_host[0]
    there = first.moved(x, first, second)
    assert _memory.copies_to_host[0] == before
    assert there.device.id == 1
    assert (second.to_host(there) == values.T).all()
    assert (second.moved(there, second, numpy_) == values.T).all()
    assert (first.to_host(numpy_.moved(values, numpy_, first)) == values).all()


def test_with_several_gpus_every_word_that_computes_is_placed(two):
    xp, _ = two
    words = WORDS
    assert {w for w in words if not hasattr(getattr(type(xp), w), "__wrapped__")} == FREE


def test_with_one_gpu_words_are_called_directly():
    with doubles.installed(devices=1):
        from gputensor.arrays.cupy_ import loading

        xp = loading.namespace(0)
        words = {row.word for row in ROWS}
        assert not [w for w in words if hasattr(getattr(type(xp), w), "__wrapped__")]
        assert (xp.to_host(xp.add(xp.from_host(np.ones(2)), 1.0)) == 2).all()
