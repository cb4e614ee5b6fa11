"""Generators: which words of which random stream the next draw takes.

A generator is a seed and a position. It makes no numbers itself: a draw reserves the words it needs, and the array
library of the tensor's device makes the numbers of (key, offset), the same ones on every device
(`gputensor.arrays.random_layout`).
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from gputensor.core.devices import as_device, device

_FRESH_SEED = 67280421310721  # what an unseeded torch.Generator begins with
_STATE_MARK = b"gtPhilox"
_STATE_SIZE = len(_STATE_MARK) + 16

# Held for an addition only; one lock for all generators keeps them picklable.
_lock = threading.Lock()


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    # Another thread may hold the lock while this one forks; in the child nobody would ever release it.
    os.register_at_fork(after_in_child=_renew_lock)

# Makes a Tensor of a state; the public package registers it, so that states are Tensors as in PyTorch.
_wrap_state: Callable[[np.ndarray], Any] = lambda state: state  # noqa: E731


def register_state_wrapper(wrap: Callable[[np.ndarray], Any]) -> None:
    """Let `get_state` and `get_rng_state` return ``wrap(array)`` for a (24,) uint8 array."""
    global _wrap_state
    _wrap_state = wrap


# Says where inside vmaps a draw happens; registered when vmap is first used.
_place: Callable[[Any], Any] | None = None


def register_batches(place: Callable[[Any], Any]) -> None:
    """Let `drawing_on` ask `place(namespace)`."""
    global _place
    _place = place


def drawing_on(xp: Any) -> Any:
    """The namespace that a draw for tensors of `xp` runs on: inside vmaps it may have to draw for every example."""
    return xp if _place is None else _place(xp)


class Generator:
    """A stream of random numbers: a seed, and how many words of the stream were taken.

    The stream of a seed is ``np.random.Philox(key=seed).random_raw()``, on every device. Draws that are made in the
    same order get the same words, with any number of threads inside a draw; threads that draw from one generator at
    once get disjoint words, in the order in which they come.

    A new generator always begins with the same seed, as in PyTorch; `seed` takes one from the system.

    >>> from gputensor.core.random import Generator
    >>> generator = Generator().manual_seed(7)
    >>> generator.reserve(10), generator.reserve(5)
    ((7, 0), (7, 10))
    """

    __slots__ = ("__weakref__", "_device", "_offset", "_seed")

    def __init__(self, device: Any = "cpu") -> None:
        self._device = as_device(device)
        self._seed = _FRESH_SEED
        self._offset = 0

    @property
    def device(self) -> device:
        """The device whose draws this generator serves."""
        return self._device

    def manual_seed(self, seed: int) -> "Generator":
        """Begin the stream of `seed`, -2**63 <= seed < 2**64; negative ones stand for ``seed + 2**64``.

        Returns the generator. ValueError where the seed is out of range.
        """
        seed = _as_seed(seed)
        with _lock:
            self._seed, self._offset = seed, 0
        return self

    def seed(self) -> int:
        """Begin the stream of a seed that the system makes up, and return that seed."""
        seed = int.from_bytes(os.urandom(8), "little")
        self.manual_seed(seed)
        return seed

    def initial_seed(self) -> int:
        """The seed of the stream, as a number from 0 to 2**64 - 1."""
        return self._seed

    def reserve(self, words: int) -> tuple[int, int]:
        """Take the next `words` words of the stream: their key and the number of the first; safe in threads."""
        with _lock:
            offset = self._offset
            self._offset = offset + words
            return self._seed, offset

    def get_offset(self) -> int:
        """How many words of the stream were taken.

        Unlike torch: generators of the CPU have one, too.
        """
        return self._offset

    def set_offset(self, offset: int) -> None:
        """Continue from the word of that number. ValueError where it is negative."""
        if offset < 0:
            raise ValueError(f"set_offset: offset must not be negative, got {offset}")
        with _lock:
            self._offset = int(offset)

    def get_state(self) -> Any:
        """A copy of the state, seed and position: (24,) uint8, on the CPU."""
        return _wrap_state(self._state_array())

    def set_state(self, new_state: Any) -> None:
        """Continue from `new_state`, which `get_state` gave: a uint8 tensor or array.

        TypeError where it is not uint8, RuntimeError where it is no state of a generator; then nothing changes.
        """
        seed, offset = _read_state(new_state)
        with _lock:
            self._seed, self._offset = seed, offset

    def clone_state(self) -> "Generator":
        """A new generator at the same place of the same stream."""
        twin = Generator(self._device)
        twin.set_state(self._state_array())
        return twin

    def _state_array(self) -> np.ndarray:
        with _lock:
            seed, offset = self._seed, self._offset
        content = _STATE_MARK + seed.to_bytes(8, "little") + offset.to_bytes(8, "little")
        return np.frombuffer(content, np.uint8).copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._device, self._state_array().tobytes())

    def __repr__(self) -> str:
        return f"<gputensor.Generator device={self._device} seed={self._seed} position={self._offset}>"


def _restore(where: device, state: bytes) -> Generator:
    generator = Generator(where)
    generator.set_state(np.frombuffer(state, np.uint8))
    return generator


def _as_seed(seed: int) -> int:
    try:
        value = int(seed)
    except (TypeError, ValueError) as error:
        raise type(error)(f"manual_seed: seed must be an int, got {type(seed).__name__} {seed!r}") from None
    if not -(2**63) <= value < 2**64:
        raise ValueError(f"manual_seed: seed {value} does not fit 64 bits; use -2**63 <= seed < 2**64")
    return value % 2**64


def _read_state(state: Any) -> tuple[int, int]:
    array = np.asarray(state.numpy() if hasattr(state, "numpy") else state)
    if array.dtype != np.uint8:
        raise TypeError(f"set_state: a state is a uint8 tensor, and this one is {array.dtype}; use what get_state gave")
    content = array.tobytes()
    if array.shape != (_STATE_SIZE,) or not content.startswith(_STATE_MARK):
        raise RuntimeError(
            f"set_state: not the state of a gputensor generator, {_STATE_SIZE} bytes that begin with "
            f"{_STATE_MARK!r}: this one has shape {array.shape} and begins with {content[:8]!r}; "
            "use what get_state gave (states of other libraries' generators have no counterpart here)"
        )
    return int.from_bytes(content[8:16], "little"), int.from_bytes(content[16:24], "little")


default_generator = Generator()
default_generator.seed()

_generators: dict[str, Generator] = {"cpu": default_generator}
# What a device's generator begins with, should it first be used later.
_newcomer = default_generator.clone_state()


def generator_for(where: Any) -> Generator:
    """The default generator of a device, made when first asked for with the seed last given to `manual_seed`."""
    name = str(where)
    found = _generators.get(name)
    if found is None:
        found = _generators.setdefault(name, Generator(where).manual_seed(_newcomer.initial_seed()))
    return found


def manual_seed(seed: int) -> Generator:
    """Seed the default generators of all devices, -2**63 <= seed < 2**64; returns the CPU's.

    The same seed gives the same numbers on every device. Unlike torch: not the numbers that PyTorch draws for it.
    Raises ValueError for a seed out of range, TypeError for one that is no int.

    >>> import gputensor as gt
    >>> with gt.random.fork_rng():
    ...     first = gt.manual_seed(5) and gt.rand(3)
    ...     gt.equal(first, gt.manual_seed(5) and gt.rand(3))
    True
    """
    _newcomer.manual_seed(seed)
    for generator in list(_generators.values()):
        generator.manual_seed(seed)
    return default_generator


def seed() -> int:
    """Seed the default generators of all devices with a number that the system makes up, and return it.

    >>> import gputensor as gt
    >>> with gt.random.fork_rng():
    ...     gt.seed() == gt.initial_seed()
    True
    """
    return manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()


def initial_seed() -> int:
    """The seed of the CPU's default generator, as a number from 0 to 2**64 - 1.

    >>> import gputensor as gt
    >>> with gt.random.fork_rng():
    ...     _ = gt.manual_seed(7)
    ...     gt.initial_seed()
    7
    """
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """The state of the CPU's default generator, seed and position: (24,) uint8, a copy.

    >>> import gputensor as gt
    >>> state = gt.get_rng_state()
    >>> state.shape, state.dtype
    (gputensor.Size([24]), gputensor.uint8)
    """
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Let the CPU's default generator continue from `new_state`, which `get_rng_state` gave.

    Raises TypeError where it is not uint8, RuntimeError where it is no state of a generator.

    >>> import gputensor as gt
    >>> state = gt.get_rng_state()
    >>> first = gt.rand(3)
    >>> gt.set_rng_state(state)
    >>> gt.equal(first, gt.rand(3))
    True
    """
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(
    devices: Iterable[Any] | None = None, enabled: bool = True, *, device_type: str | None = None
) -> Iterator[None]:
    """A context that gives the default generators back as they were when it was entered.

    `devices`: the ones to look after beside the CPU, an integer meaning a CUDA device; None means all. With
    ``enabled=False`` nothing is done. `device_type`: "cuda", which other devices there are.

    >>> import gputensor as gt
    >>> with gt.random.fork_rng():
    ...     inside = gt.rand(3)
    >>> gt.equal(inside, gt.rand(3))
    True
    """
    if not enabled:
        yield
        return
    chosen = None if devices is None else {"cpu"} | {f"cuda:{d}" if isinstance(d, int) else str(d) for d in devices}
    newcomer = _newcomer._state_array()
    before = {name: generator._state_array() for name, generator in _generators.items()}
    try:
        yield
    finally:
        _newcomer.set_state(newcomer)
        for name, generator in list(_generators.items()):
            if chosen is None or name in chosen:
                # A generator made inside goes back to where it would have begun.
                generator.set_state(before.get(name, newcomer))


def all_states() -> dict[str, np.ndarray]:
    """Where the default generators of all devices are now, for `replaying`."""
    return {"": _newcomer._state_array(), **{name: g._state_array() for name, g in list(_generators.items())}}


@contextmanager
def replaying(states: dict[str, np.ndarray]) -> Iterator[None]:
    """A context that draws again what was drawn after `states` were taken; then the generators go on as before."""
    with fork_rng():
        for name, generator in list(_generators.items()):
            # one made since then began as a newcomer
            generator.set_state(states.get(name, states[""]))
        yield
