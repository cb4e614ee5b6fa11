"""Long text of a pickle, which stays where it lies until it is known what it shall be.

Pickles of protocol 2, which is PyTorch's, write bytes as Latin-1 text that ``_codecs.encode`` turns back. Made by way
of a text they would take memory for both, more than a file may have.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

import numpy as np

from gputensor.io.faults import Budget, Fault

# texts and bytes from this length on are paid before they are made
LONG = 1 << 12
_PIECE = 1 << 20


class LongText:
    """The bytes of a pickle from `begin` to `end`, UTF-8. here: the place of its opcode."""

    __slots__ = ("_begin", "_data", "_end", "_here")

    def __init__(self, data: bytes | bytearray, begin: int, end: int, here: int) -> None:
        self._data = data
        self._begin = begin
        self._end = end
        self._here = here

    def text(self, budget: Budget) -> str:
        """The text, paid for."""
        highest = int(np.frombuffer(self._data, np.uint8, self._end - self._begin, self._begin).max())
        # a letter beyond ASCII widens all others; a text is begun in the narrower form, and both lie there when the
        # wide letter is met
        wide = 1 if highest < 0x80 else 2 if highest < 0xC4 else 3 if highest < 0xF0 else 6
        budget.room((self._end - self._begin) * wide, "long text")
        with memoryview(self._data) as data:
            try:
                value = str(data[self._begin : self._end], "utf-8", "surrogatepass")
            except UnicodeDecodeError:
                raise self._no_utf8() from None
        budget.charge(value.__sizeof__(), "long text")
        return value

    def latin1(self, budget: Budget) -> bytes:
        """The bytes that the text stands for, paid for. Raises Fault where it stands for none."""
        size = self._letters(budget)
        out = io.BytesIO()
        # so that it grows once; getvalue() gives its memory away, without a copy
        out.seek(max(size, 1) - 1)
        out.write(b"\0")
        out.seek(0)
        for piece in self._pieces():
            out.write(piece)
        return out.getvalue()

    def latin1_array(self, budget: Budget) -> bytearray:
        """The same as a bytearray."""
        out = bytearray(self._letters(budget))
        at = 0
        for piece in self._pieces():
            out[at : at + len(piece)] = piece
            at += len(piece)
        return out

    def _letters(self, budget: Budget) -> int:
        flat = np.frombuffer(self._data, np.uint8, self._end - self._begin, self._begin)
        # bytes 10xxxxxx go on with a letter, all others begin one
        count = sum(
            int(np.count_nonzero(flat[k : k + _PIECE].view(np.int8) >= -64)) for k in range(0, flat.size, _PIECE)
        )
        budget.charge(count + 60, "bytes")
        return count

    def _pieces(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with memoryview(self._data) as data:
            for at in range(self._begin, self._end, _PIECE):
                stop = min(at + _PIECE, self._end)
                try:
                    yield decoder.decode(data[at:stop], stop == self._end).encode("latin-1")
                except UnicodeDecodeError:
                    raise self._no_utf8() from None
                except UnicodeEncodeError:
                    raise Fault(
                        f"has a pickle with bytes at byte {self._here:,} that are not written as Latin-1 text"
                    ) from None

    def _no_utf8(self) -> Fault:
        return Fault(f"has a pickle with text at byte {self._here:,} that is no UTF-8")
