"""The last look at what a pickle made: values of programs, and nothing that only a pickle may use."""

from __future__ import annotations

from argparse import Namespace
from itertools import chain
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.size import Size
from gputensor.io.faults import Fault
from gputensor.io.interpreter import DICTS, KEYS, kind_of
from gputensor.ops.layout import layout

_DEEPEST = 500
_PLAIN = frozenset(
    (*KEYS, bytearray, Size, Namespace, layout, *DICTS, list, tuple, set, frozenset, np.ndarray)
)  # fmt: skip


def check_finished(value: Any) -> None:
    """Raise Fault where a value holds what a pickle may use and not leave: classes, functions, storages."""
    seen: set[int] = set()
    pending: list[tuple[Any, int]] = [(value, 0)]
    while pending:
        one, depth = pending.pop()
        if isinstance(one, (Tensor, np.generic)):
            continue
        if type(one) not in _PLAIN:
            raise Fault(f"saves {kind_of(one)} as a value; values are tensors, numbers, text and containers of them")
        if isinstance(one, dict):
            inside: Any = chain(one.keys(), one.values())
        elif type(one) is Namespace:
            inside = vars(one).values()
        elif isinstance(one, (list, tuple, set, frozenset)):
            inside = one
        else:
            continue
        if id(one) in seen:
            continue
        seen.add(id(one))
        if depth >= _DEEPEST:
            raise Fault(f"has containers in containers to a depth of {_DEEPEST}, which no program can print or copy")
        pending.extend([(item, depth + 1) for item in inside if type(item) not in _ATOMS])


_ATOMS = frozenset((str, int, float, bool, bytes, complex, type(None)))
