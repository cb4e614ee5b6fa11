"""The workloads of bench/cpu.py: name -> builder. A builder takes a library with PyTorch's API and gives what to time.

`MAIN` is the list whose geometric means have bars; `FURTHER` is reported beside it; `STEPS` names whole training steps,
whose peak memory is measured, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import arrays, layers, training

Builder = Callable[[Any], Callable[[], Any]]

MAIN: dict[str, Builder] = {**arrays.MAIN, **layers.MAIN, **training.MAIN}
FURTHER: dict[str, Builder] = {**arrays.FURTHER, **layers.FURTHER, **training.FURTHER}
STEPS: tuple[str, ...] = (*training.MAIN, *training.FURTHER)
TINY: tuple[str, ...] = arrays.TINY + training.TINY
