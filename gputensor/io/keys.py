"""What may be a key of a dict or an element of a set, and the name of an attribute: the same when saved and loaded."""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.devices import device
from gputensor.core.dtypes import dtype
from gputensor.core.size import Size

KEYS = (str, int, float, bool, bytes, complex, type(None), dtype, device)
# parts that every key may have; those beyond are bounded by the length of the pickle, for all keys together
FREE_PARTS = 100
# hashes of tuples in tuples recur
_DEEPEST = 50


def key_parts(key: Any, most: int) -> int:
    """How many parts a key has; 0 for what is no key: more than `most`, too deep, or of a kind that is none."""
    count = 0
    level = [key]
    for _ in range(_DEEPEST):
        count += len(level)
        if count > most:
            return 0
        below: list[Any] = []
        for one in level:
            if type(one) in (tuple, Size, frozenset):
                if len(one) > most - count - len(below):
                    return 0
                below.extend(one)
            elif not (type(one) in KEYS or isinstance(one, (np.generic, Tensor))):
                return 0
        if not below:
            return count
        level = below
    return 0


def is_attribute(name: Any, kind: type) -> bool:
    """Whether an object of the class `kind` may get an attribute of this name, which hides none of the class."""
    return type(name) is str and not name.startswith("__") and not hasattr(kind, name)
