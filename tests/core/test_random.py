"""Generators: seeds, positions, states, and the defaults of the devices."""

import copy
import os
import pickle
import threading

import numpy as np
import pytest

from gputensor.core import random as core_random
from gputensor.core.devices import device
from gputensor.core.random import Generator


@pytest.fixture(autouse=True)
def defaults_given_back(monkeypatch):
    """Each test has default generators to itself."""
    monkeypatch.setattr(core_random, "_generators", {"cpu": core_random.default_generator})
    with core_random.fork_rng():
        yield


def test_reserving_hands_out_words_one_after_the_other():
    generator = Generator().manual_seed(5)
    assert [generator.reserve(n) for n in (10, 5, 0, 1)] == [(5, 0), (5, 10), (5, 15), (5, 15)]


def test_10_then_5_words_are_followed_by_what_follows_15():
    parts, whole = Generator(), Generator()
    parts.reserve(10)
    parts.reserve(5)
    whole.reserve(15)
    assert parts.reserve(1) == whole.reserve(1)


def test_new_generator_begins_as_every_new_one_does():
    assert Generator().initial_seed() == Generator().initial_seed() == 67280421310721


@pytest.mark.parametrize(
    ("seed", "wrapped"),
    [(0, 0), (-1, 2**64 - 1), (-(2**63), 2**63), (2**64 - 1, 2**64 - 1), (np.int32(4), 4), (True, 1), (3.7, 3)],
)
def test_negative_seeds_wrap(seed, wrapped):
    assert Generator().manual_seed(seed).initial_seed() == wrapped
    assert core_random.manual_seed(seed).initial_seed() == core_random.initial_seed() == wrapped


@pytest.mark.torch
@pytest.mark.parametrize("seed", [0, 12, -1, -(2**63), 2**63, 2**64 - 1])
def test_seeds_are_read_as_pytorch_reads_them(seed):
    torch = pytest.importorskip("torch")
    assert Generator().manual_seed(seed).initial_seed() == torch.Generator().manual_seed(seed).initial_seed()


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1])
def test_seed_beyond_64_bits_is_refused_and_changes_nothing(seed):
    generator = Generator().manual_seed(3)
    generator.reserve(4)
    with pytest.raises(ValueError, match=rf"manual_seed: seed {seed} does not fit 64 bits"):
        generator.manual_seed(seed)
    with pytest.raises(ValueError, match="does not fit 64 bits"):
        core_random.manual_seed(seed)
    assert generator.reserve(1) == (3, 4)


def test_manual_seed_begins_the_stream_again():
    generator = Generator().manual_seed(3)
    generator.reserve(100)
    assert generator.manual_seed(3) is generator
    assert generator.reserve(1) == (3, 0)


def test_seed_differs_from_call_to_call():
    generator = Generator()
    first, second = generator.seed(), generator.seed()
    assert first != second
    assert generator.initial_seed() == second
    assert core_random.seed() == core_random.initial_seed() != core_random.seed()


def test_state_is_saved_and_restored():
    generator = Generator().manual_seed(-1)
    generator.reserve(2**40)
    state = generator.get_state()
    assert state.numpy().dtype == np.uint8
    assert state.ndim == 1
    generator.reserve(7)
    generator.set_state(state)
    assert generator.reserve(1) == (2**64 - 1, 2**40)
    other = Generator()
    other.set_state(state)
    assert other.initial_seed() == 2**64 - 1


def test_state_is_a_copy():
    generator = Generator().manual_seed(1)
    state = generator.get_state()
    state[:] = 0
    assert generator.reserve(1) == (1, 0)


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (np.zeros(24, np.float32), TypeError, "a state is a uint8 tensor, and this one is float32"),
        (np.zeros(3, np.uint8), RuntimeError, "this one has shape \\(3,\\)"),
        (np.zeros(24, np.uint8), RuntimeError, "not the state of a gputensor generator"),
        (np.zeros(5056, np.uint8), RuntimeError, "states of other libraries"),
    ],
)
def test_what_is_no_state_is_refused_and_changes_nothing(state, error, words):
    generator = Generator().manual_seed(1)
    generator.reserve(3)
    with pytest.raises(error, match=words):
        generator.set_state(state)
    assert generator.reserve(1) == (1, 3)


def test_states_are_wrapped_and_unwrapped_by_what_is_registered(monkeypatch):
    class Wrapped:
        def __init__(self, array):
            self.array = array

        def numpy(self):
            return self.array

    monkeypatch.setattr(core_random, "_wrap_state", core_random._wrap_state)
    core_random.register_state_wrapper(Wrapped)
    generator = Generator().manual_seed(8)
    state = generator.get_state()
    assert isinstance(state, Wrapped)
    generator.reserve(3)
    generator.set_state(state)
    assert generator.reserve(1) == (8, 0)
    assert isinstance(core_random.get_rng_state(), Wrapped)


def test_clone_goes_its_own_way_from_the_same_place():
    generator = Generator("cuda:1").manual_seed(9)
    generator.reserve(5)
    twin = generator.clone_state()
    assert twin.device == device("cuda:1")
    assert twin.reserve(2) == generator.reserve(2) == (9, 5)
    twin.reserve(1)
    assert generator.reserve(1) == (9, 7)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))])
def test_copies_keep_seed_position_and_device(copied):
    generator = Generator("cuda:1").manual_seed(9)
    generator.reserve(5)
    twin = copied(generator)
    assert twin.device == device("cuda:1")
    assert twin.reserve(1) == (9, 5)
    assert generator.reserve(1) == (9, 5)


def test_threads_reserve_disjoint_words():
    generator = Generator().manual_seed(0)
    taken = [[] for _ in range(8)]

    def draw(i):
        taken[i] += [generator.reserve(3)[1] for _ in range(2000)]

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(offset for offsets in taken for offset in offsets) == list(range(0, 3 * 16_000, 3))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_fork_while_a_thread_reserves_does_not_hang():
    generator = Generator().manual_seed(1)
    with core_random._lock:  # as another thread would hold it
        child = os.fork()
        if child == 0:
            os._exit(0 if generator.reserve(1) == (1, 0) else 1)
    # The child ends by itself, or the test's own time limit ends it.
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_manual_seed_seeds_all_devices_present_and_to_come():
    early = core_random.generator_for("cuda:0")
    early.reserve(5)
    assert core_random.manual_seed(77) is core_random.default_generator
    late = core_random.generator_for("cuda:1")
    assert early.reserve(1) == late.reserve(1) == core_random.default_generator.reserve(1) == (77, 0)
    assert core_random.generator_for("cuda:0") is early
    assert core_random.generator_for("cpu") is core_random.default_generator


def test_defaults_are_seeded_by_the_system(tmp_path):
    import subprocess
    import sys

    code = "from gputensor.core.random import initial_seed; print(initial_seed())"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60) for _ in "ab"]
    assert runs[0].stdout != runs[1].stdout
    assert all(run.stdout.strip().isdigit() for run in runs)


def test_rng_state_is_that_of_the_cpu():
    core_random.manual_seed(5)
    core_random.default_generator.reserve(3)
    state = core_random.get_rng_state()
    core_random.default_generator.reserve(3)
    core_random.set_rng_state(state)
    assert core_random.default_generator.reserve(1) == (5, 3)


def test_fork_rng_gives_back_what_was_drawn_and_seeded_inside():
    core_random.manual_seed(1)
    cuda = core_random.generator_for("cuda:0")
    cuda.reserve(4)
    with core_random.fork_rng():
        core_random.default_generator.reserve(10)
        core_random.manual_seed(2)
        late = core_random.generator_for("cuda:1")
        late.reserve(9)
    assert core_random.default_generator.reserve(1) == (1, 0)
    assert cuda.reserve(1) == (1, 4)
    assert late.reserve(1) == core_random.generator_for("cuda:2").reserve(1) == (1, 0)


def test_fork_rng_gives_back_when_the_body_raises():
    core_random.manual_seed(1)

    def body():
        with core_random.fork_rng():
            core_random.manual_seed(2)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        body()
    assert core_random.default_generator.reserve(1) == (1, 0)


def test_fork_rng_looks_after_the_devices_it_is_given():
    core_random.manual_seed(1)
    kept, left = core_random.generator_for("cuda:0"), core_random.generator_for("cuda:1")
    with core_random.fork_rng(devices=[0]):
        core_random.manual_seed(2)
    assert kept.reserve(1) == core_random.default_generator.reserve(1) == (1, 0)
    assert left.reserve(1) == (2, 0)


def test_fork_rng_can_be_switched_off():
    core_random.manual_seed(1)
    with core_random.fork_rng(enabled=False):
        core_random.manual_seed(2)
    assert core_random.initial_seed() == 2


def test_repr_names_device_seed_and_position():
    generator = Generator("cuda:0").manual_seed(4)
    generator.reserve(6)
    assert repr(generator) == "<gputensor.Generator device=cuda:0 seed=4 position=6>"
