"""In which steps of a program a profiler records."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from gputensor.errors import ArgumentError


class ProfilerAction(Enum):
    """What a profiler does in a step.

    >>> import gputensor as gt
    >>> gt.profiler.ProfilerAction.RECORD.name
    'RECORD'
    """

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def schedule(
    *, wait: int, warmup: int, active: int, repeat: int = 0, skip_first: int = 0, skip_first_wait: int = 0
) -> Callable[[int], ProfilerAction]:
    """A function from the number of a step to what the profiler does in it.

    The first skip_first steps are left alone; then cycles of `wait` steps left alone, `warmup` steps of warming up and
    `active` recorded ones, `repeat` times (0: until the end). skip_first_wait: 1 leaves out the wait of the first
    cycle. Raises ArgumentError for negative numbers and for active below 1.

    >>> import gputensor as gt
    >>> plan = gt.profiler.schedule(wait=1, warmup=0, active=2)
    >>> [plan(step).name for step in range(4)]
    ['NONE', 'RECORD', 'RECORD_AND_SAVE', 'NONE']
    """
    if min(wait, warmup, repeat, skip_first) < 0 or active < 1:
        raise ArgumentError(
            f"schedule: wait, warmup, repeat and skip_first must not be negative and active must be above 0, got "
            f"wait={wait}, warmup={warmup}, active={active}, repeat={repeat}, skip_first={skip_first}"
        )

    def action(step: int) -> ProfilerAction:
        if step < 0:
            raise ArgumentError(f"schedule: the number of a step must not be negative, got {step}")
        if step < skip_first:
            return ProfilerAction.NONE
        step -= skip_first
        if skip_first_wait:
            step += wait
        cycle = wait + warmup + active
        if repeat and step // cycle >= repeat:
            return ProfilerAction.NONE
        place = step % cycle
        if place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        return ProfilerAction.RECORD if place < cycle - 1 else ProfilerAction.RECORD_AND_SAVE

    return action
