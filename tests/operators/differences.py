"""Where gputensor differs from PyTorch on purpose, or PyTorch is wrong, in the answers to PyTorch's own list."""

from __future__ import annotations

import re
from typing import NamedTuple


class Difference(NamedTuple):
    """question: values, in-place, out or errors; operator: a pattern of names; said: a pattern of what differs."""

    question: str
    operator: str
    said: str
    reason: str


DIFFERENCES: tuple[Difference, ...] = ()


def explained(question: str, operator: str, said: str) -> Difference | None:
    """The listed difference that covers one that was found."""
    for d in DIFFERENCES:
        if d.question == question and re.fullmatch(d.operator, operator) and re.search(d.said, said):
            return d
    return None
