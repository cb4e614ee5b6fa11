"""Seeds and states of the default random generators, under PyTorch's name of this module.

>>> import gputensor as gt
>>> with gt.random.fork_rng():
...     _ = gt.random.manual_seed(0)
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.core.random import (
    default_generator as default_generator,
    fork_rng as fork_rng,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.random", name)
