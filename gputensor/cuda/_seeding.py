"""Seeds and states of the GPUs' generators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gputensor.core.random import Generator, generator_for
from gputensor.cuda._devices import current_device, device_count, index_of, is_available


def manual_seed(seed: int) -> None:
    """Seed the default generator of the current GPU; harmless without one.

    >>> import gputensor as gt
    >>> gt.cuda.manual_seed(0)
    """
    if is_available():
        generator_for(f"cuda:{current_device()}").manual_seed(seed)


def manual_seed_all(seed: int) -> None:
    """Seed the default generators of all GPUs; harmless without one.

    >>> import gputensor as gt
    >>> gt.cuda.manual_seed_all(0)
    """
    for generator in _generators():
        generator.manual_seed(seed)


def seed() -> None:
    """Seed the default generator of the current GPU with a number that the system makes up; harmless without one.

    >>> import gputensor as gt
    >>> gt.cuda.seed()
    """
    if is_available():
        generator_for(f"cuda:{current_device()}").seed()


def seed_all() -> None:
    """Seed the default generators of all GPUs with one number that the system makes up; harmless without one.

    >>> import gputensor as gt
    >>> gt.cuda.seed_all()
    """
    manual_seed_all(Generator().seed())


def initial_seed() -> int:
    """The seed of the current GPU's default generator. Raises DeviceError without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.initial_seed()
    """
    return generator_for(f"cuda:{index_of(None)}").initial_seed()


def get_rng_state(device: Any = "cuda") -> Any:
    """The state of a GPU's default generator: (24,) uint8, on the CPU. Raises DeviceError without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.get_rng_state()
    """
    return generator_for(f"cuda:{index_of(device)}").get_state()


def get_rng_state_all() -> list[Any]:
    """The states of all GPUs' default generators; empty without a GPU.

    >>> import gputensor as gt
    >>> len(gt.cuda.get_rng_state_all()) == gt.cuda.device_count()
    True
    """
    return [generator.get_state() for generator in _generators()]


def set_rng_state(new_state: Any, device: Any = "cuda") -> None:
    """Let a GPU's default generator continue from a state that `get_rng_state` gave; harmless without a GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.set_rng_state(gt.cuda.get_rng_state())
    """
    if is_available():
        generator_for(f"cuda:{index_of(device)}").set_state(new_state)


def set_rng_state_all(new_states: Iterable[Any]) -> None:
    """Let all GPUs' default generators continue from what `get_rng_state_all` gave.

    >>> import gputensor as gt
    >>> gt.cuda.set_rng_state_all(gt.cuda.get_rng_state_all())
    """
    for index, state in enumerate(new_states):
        set_rng_state(state, index)


def _generators() -> list[Generator]:
    return [generator_for(f"cuda:{index}") for index in range(device_count())]
