"""The version that programs ask for: that of the PyTorch whose names and semantics these are."""

from __future__ import annotations

import re
from typing import Any


class TorchVersion(str):
    """A version that is a string and compares by its numbers, with strings and tuples.

    >>> version = TorchVersion("2.13.0+gputensor")
    >>> version >= "2.2", version >= (1, 10), version.split(".")[0], version == "2.13.0+gputensor"
    (True, True, '2', True)
    """

    __slots__ = ()

    def __lt__(self, other: Any) -> bool:
        return _release(self) < _release(other)

    def __le__(self, other: Any) -> bool:
        return _release(self) <= _release(other)

    def __gt__(self, other: Any) -> bool:
        return _release(self) > _release(other)

    def __ge__(self, other: Any) -> bool:
        return _release(self) >= _release(other)


def _release(version: Any) -> tuple[int, ...]:
    """The numbers before any letter, without zeros at the end: "2.13.0+gputensor" -> (2, 13)."""
    parts = version if isinstance(version, (tuple, list)) else re.match(r"[\d.]*", str(version))[0].split(".")  # type: ignore[index]  # the pattern matches every text
    numbers = [int(part) for part in parts if str(part).isdigit()]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


__version__ = TorchVersion("2.13.0+gputensor")
