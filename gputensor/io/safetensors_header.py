"""The header of a safetensors file: JSON of one fixed form, read without a JSON parser.

A general parser takes any depth and any size of Python objects; this one takes the form and nothing else.
Source: the format section of safetensors' README (repository at commit 24b0b28).
"""

from __future__ import annotations

import json
import math
import re
from typing import NamedTuple

import numpy as np

from gputensor.io.dtype_names import KINDS, SAFETENSORS, Kind
from gputensor.io.faults import Budget, Fault, cost_of_dims

_SPACE = re.compile(rb"[ \t\n\r]*")
_RUN = re.compile(rb'[^"\\\x00-\x1f]*')
_ESCAPES = re.compile(rb'(?:\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){1,64}')
_NUMBER = re.compile(rb"(?:0|[1-9][0-9]{0,18})(?![0-9.eE])")
_LONGEST_NAME = 1 << 16
# texts from this length on are paid before they are made; shorter ones are in the costs below
_LONG = 1 << 8
# an Entry and its Tensor, measured; an entry of the metadata besides its text
_TENSOR_COST, _NOTE_COST = 1000, 300
_MOST_DIMS = 64
_LARGEST = (1 << 63) - 1
_TOO_NARROW = {"F4": "4-bit", "F6_E2M3": "6-bit", "F6_E3M2": "6-bit"}


class Entry(NamedTuple):
    """One tensor: how its elements lie, its shape, and its bytes, counted from the end of the header."""

    kind: Kind
    shape: tuple[int, ...]
    start: int
    end: int


class _Reader:
    """A place in the header."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self.data = data
        self.at = 0
        self.budget = budget

    def fail(self, expected: str) -> Fault:
        seen = self.data[self.at : self.at + 20]
        return Fault(f"has a damaged header: expected {expected} at its byte {self.at:,}, found {seen!r}")

    def space(self) -> None:
        found = _SPACE.match(self.data, self.at)
        assert found is not None
        self.at = found.end()

    def string(self, longest: int) -> str:
        begin = self.at
        end, escaped = self._end_of_string()
        if end - begin > longest:
            raise Fault(f"has a damaged header: text of {end - begin:,} bytes at its byte {begin:,}")
        self.at = self.budget.position = end
        if end - begin > _LONG:
            self._pay(begin, end, escaped)
        try:
            value = str(memoryview(self.data)[begin + 1 : end - 1], "utf-8")
            if escaped:
                value = json.loads(f'"{value}"')
                value.encode()
        except UnicodeError:
            raise Fault(f"has a damaged header: text before its byte {self.at:,} is no UTF-8") from None
        return value

    def _end_of_string(self) -> tuple[int, bool]:
        """The place behind the text that begins here, and whether there are escapes in it."""
        data, begin, escaped = self.data, self.at, False
        end = begin + 1 if data[begin : begin + 1] == b'"' else len(data)
        while True:
            run = _RUN.match(data, end)
            end = end if run is None else run.end()
            if data[end : end + 1] == b'"':
                return end + 1, escaped
            found = _ESCAPES.match(data, end)
            if found is None:
                raise self.fail("text in quotes")
            # a JSON parser makes a text of each, and of what stands between them
            self.budget.charge(80 + 16 * (found.end() - end), "the header")
            end, escaped = found.end(), True

    def _pay(self, begin: int, end: int, escaped: bool) -> None:
        # the widest letter widens all, and of a text with escapes there are more than one
        highest = int(np.frombuffer(self.data, np.uint8, end - begin, begin).max())
        width = 1 if highest < 0x80 else 2 if highest < 0xC4 else 3 if highest < 0xF0 else 6
        self.budget.charge((end - begin) * (2 * width + 4 if escaped else width), "the header")

    def null(self) -> bool:
        """Whether there is no value here, which is then passed."""
        found = self.data[self.at : self.at + 4] == b"null"
        self.at += 4 * found
        return found

    def number(self) -> int:
        found = _NUMBER.match(self.data, self.at)
        if found is None:
            raise self.fail("an int of at least 0")
        self.at = found.end()
        return int(found[0])

    def numbers(self, most: int) -> list[int]:
        """A list of ints."""
        self.open(b"[")
        out: list[int] = []
        if self.ends(b"]"):
            return out
        while True:
            if len(out) == most:
                raise self.fail(f"at most {most} numbers in a list")
            out.append(self.number())
            if self.next(b"]"):
                return out

    def open(self, bracket: bytes) -> None:
        self.space()
        if self.data[self.at : self.at + 1] != bracket:
            raise self.fail(repr(bracket.decode()))
        self.at += 1

    def ends(self, bracket: bytes) -> bool:
        """Whether the bracket closes here, at once."""
        self.space()
        found = self.data[self.at : self.at + 1] == bracket
        self.at += found
        return found

    def next(self, bracket: bytes) -> bool:
        """Whether the bracket closes here; else there must be a comma, and something behind it."""
        if self.ends(bracket):
            return True
        if self.data[self.at : self.at + 1] != b",":
            raise self.fail(f"',' or {bracket.decode()!r}")
        self.at += 1
        self.space()
        return False

    def key(self) -> str:
        """Text and a colon."""
        self.space()
        out = self.string(_LONGEST_NAME)
        self.space()
        if self.data[self.at : self.at + 1] != b":":
            raise self.fail("':'")
        self.at += 1
        self.space()
        return out


def parsed(data: bytes, budget: Budget) -> tuple[dict[str, Entry], dict[str, str]]:
    """(tensors by name, metadata) of a header. Raises Fault for any other form."""
    reader = _Reader(data, budget)
    budget.position, budget.total = 0, len(data)
    tensors: dict[str, Entry] = {}
    metadata: dict[str, str] | None = None
    if data[:1] != b"{":
        raise reader.fail("'{'")
    reader.open(b"{")
    done = reader.ends(b"}")
    while not done:
        name = reader.key()
        if name in tensors or (name == "__metadata__" and metadata is not None):
            raise Fault(f"has a header with two entries of the name {name!r:.80}")
        if name == "__metadata__":
            metadata = {} if reader.null() else _metadata(reader)
        else:
            budget.charge(_TENSOR_COST, "the header")
            tensors[name] = _entry(reader, name)
        done = reader.next(b"}")
    reader.space()
    if reader.at < len(data):
        raise reader.fail("nothing but spaces after the header")
    return tensors, metadata or {}


def _metadata(reader: _Reader) -> dict[str, str]:
    out: dict[str, str] = {}
    reader.open(b"{")
    done = reader.ends(b"}")
    while not done:
        key = reader.key()
        if key in out:
            raise Fault(f"has two entries {key!r:.80} in its __metadata__")
        reader.budget.charge(_NOTE_COST, "the header")
        out[key] = reader.string(len(reader.data))
        done = reader.next(b"}")
    return out


def _entry(reader: _Reader, name: str) -> Entry:
    short, shape, place = "", None, None
    reader.open(b"{")
    seen: set[str] = set()
    done = False
    while not done:
        key = reader.key()
        if key in seen:
            raise Fault(f"says {key!r:.40} of the tensor {name!r:.80} twice")
        seen.add(key)
        if key == "dtype":
            short = reader.string(40)
        elif key == "shape":
            shape = tuple(reader.numbers(_MOST_DIMS))
            reader.budget.charge(cost_of_dims(len(shape)), "the header")
        elif key == "data_offsets":
            place = reader.numbers(2)
        else:
            raise Fault(f"says {key!r:.40} of the tensor {name!r:.80}, which the format does not know")
        done = reader.next(b"}")
    if shape is None or place is None or len(place) != 2 or "dtype" not in seen:
        raise Fault(f"lacks dtype, shape or data_offsets of the tensor {name!r:.80}")
    if short not in SAFETENSORS:
        what = f"{_TOO_NARROW[short]} floats" if short in _TOO_NARROW else f"the dtype {short!r}"
        raise Fault(
            f"has {what} in the tensor {name!r:.80}, which NumPy has not; the dtypes are {', '.join(SAFETENSORS)}"
        )
    kind = KINDS[SAFETENSORS[short]]
    if math.prod([n for n in shape if n]) * 16 > _LARGEST:
        raise Fault(f"has a tensor {name!r:.80} of shape {shape}, which no memory can have")
    wanted = math.prod(shape) * kind.itemsize
    start, end = place
    if end - start != wanted:
        raise Fault(
            f"has a tensor {name!r:.80} of shape {shape} and dtype {short} that needs {wanted:,} bytes, "
            f"and has {end - start:,} (bytes {start:,} to {end:,})"
        )
    return Entry(kind, shape, start, end)


def check_places(tensors: dict[str, Entry], size: int) -> None:
    """Raise Fault unless the tensors fill the `size` bytes after the header, without holes and overlaps."""
    at, before = 0, "the header"
    for name, entry in sorted(tensors.items(), key=lambda item: (item[1].start, item[1].end)):
        if entry.start != at:
            word = (
                f"overlaps {before}" if entry.start < at else f"leaves {entry.start - at:,} bytes free after {before}"
            )
            raise Fault(f"has a tensor {name!r:.80} at byte {entry.start:,} that {word}")
        at, before = entry.end, f"the tensor {name!r:.80}"
    if at > size:
        raise Fault(f"is truncated: {before} ends at byte {at:,} after the header, where {size:,} are; fetch it again")
    if at < size:
        raise Fault(f"has {size - at:,} bytes after {before}, the last, that belong to no tensor")
