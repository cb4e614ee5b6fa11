"""What a result of SciPy consists of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

import gputensor as gt


def parts(result: Any) -> Iterator[Any]:
    """The arrays, numbers and words in a result, in the order that NumPy's and ours share."""
    if result is None or isinstance(result, (gt.Tensor, np.ndarray, np.generic, bool, int, float, complex, str)):
        yield result
    elif isinstance(result, slice):
        yield from parts((result.start, result.stop, result.step))
    elif isinstance(result, dict):
        for key in sorted(result):
            yield from parts(result[key])
    elif isinstance(result, (tuple, list)):
        for item in result:
            yield from parts(item)
    elif dataclasses.is_dataclass(result):
        for field in dataclasses.fields(result):
            yield from parts(getattr(result, field.name))
    else:
        raise TypeError(f"no array, number or word: {type(result)}; the call has to take its result apart")
