"""The last look at what a pickle made: values of programs, and nothing that only a pickle may use."""

from __future__ import annotations

from argparse import Namespace
from collections import OrderedDict
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.size import Size
from gputensor.io.faults import Budget, Fault
from gputensor.io.interpreter import DICTS, kind_of
from gputensor.io.keys import KEYS
from gputensor.ops.layout import layout

DEEPEST = 500
_ATOMS = frozenset((str, int, float, bool, bytes, complex, type(None)))
_PLAIN = frozenset(
    (*KEYS, bytearray, Size, Namespace, layout, *DICTS, list, tuple, set, frozenset, np.ndarray)
)  # fmt: skip
# a container of so few items, none of which is a container, may be looked at again and again
_FEW = 8
# an id, and its place in the set of those that were seen
_SEEN = 170


def check_finished(value: Any, budget: Budget) -> None:
    """Raise Fault where a value holds what a pickle may use and not leave: classes, functions, storages."""
    seen: set[int] = set()
    noted: set[int] = set()
    level = [value]
    for _ in range(DEEPEST + 1):
        below: list[Any] = []
        for one in level:
            count, inside = _inside(one)
            if not count or (count > _FEW and id(one) in seen):
                continue
            found = [item for item in inside if type(item) not in _ATOMS]
            metadata = _metadata(one)
            if metadata is not None:
                found.append(metadata)
            if (not found and count <= _FEW) or id(one) in seen:
                continue
            budget.charge(_SEEN + 9 * len(found), "the last look")
            seen.add(id(one))
            if metadata is not None and id(metadata) not in noted:
                noted.add(id(metadata))
                _check_metadata(metadata)
            below.extend(found)
        if not below:
            return
        level = below
    raise Fault(f"has containers in containers to a depth of {DEEPEST}, which no program can print or copy")


def _inside(one: Any) -> tuple[int, Iterable[Any]]:
    """How many values a value holds, and these. Raises Fault for what is no value of a program."""
    if isinstance(one, Tensor):
        return len(one.__dict__), one.__dict__.values()
    if isinstance(one, np.generic):
        return 0, ()
    if type(one) not in _PLAIN:
        raise Fault(f"saves {kind_of(one)} as a value; values are tensors, numbers, text and containers of them")
    if isinstance(one, dict):
        return 2 * len(one) + (_metadata(one) is not None), chain(one.keys(), one.values())
    if type(one) is Namespace:
        return len(vars(one)), vars(one).values()
    return (len(one), one) if isinstance(one, (list, tuple, set, frozenset)) else (0, ())


def _metadata(one: Any) -> Any:
    return one.__dict__.get("_metadata") if type(one) is OrderedDict else None


def _check_metadata(metadata: dict[Any, Any]) -> None:
    # modules compare the versions with numbers
    for part in metadata.values():
        if not isinstance(part, dict) or type(part.get("version")) not in (int, type(None)):
            raise Fault("has a state_dict with a _metadata that is none: dicts with a number as their version")
