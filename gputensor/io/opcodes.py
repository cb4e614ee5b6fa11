"""The words of a pickle: which there are here, and what follows each. Nothing is run.

Source: Python's pickletools, protocols 2 to 5, of which PyTorch writes protocol 2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from gputensor.io.faults import Budget, Fault
from gputensor.io.long_text import LONG, LongText

# numbers of this many bytes and more are no numbers of a program, and slow to print
_LONGEST_INT = 1024

# code -> (its name in Python's pickletools, how the argument is written)
OPCODES: dict[int, tuple[str, str]] = {
    0x80: ("PROTO", "<B"),
    0x95: ("FRAME", "<Q"),
    ord("."): ("STOP", ""),
    ord("("): ("MARK", ""),
    ord("0"): ("POP", ""),
    ord("1"): ("POP_MARK", ""),
    ord("N"): ("NONE", ""),
    0x88: ("NEWTRUE", ""),
    0x89: ("NEWFALSE", ""),
    ord("J"): ("BININT", "<i"),
    ord("K"): ("BININT1", "<B"),
    ord("M"): ("BININT2", "<H"),
    0x8A: ("LONG1", "int <B"),
    0x8B: ("LONG4", "int <I"),
    ord("G"): ("BINFLOAT", ">d"),
    ord("X"): ("BINUNICODE", "text <I"),
    0x8C: ("SHORT_BINUNICODE", "text <B"),
    0x8D: ("BINUNICODE8", "text <Q"),
    ord("U"): ("SHORT_BINSTRING", "string <B"),
    ord("T"): ("BINSTRING", "string <I"),
    ord("C"): ("SHORT_BINBYTES", "bytes <B"),
    ord("B"): ("BINBYTES", "bytes <I"),
    0x8E: ("BINBYTES8", "bytes <Q"),
    0x96: ("BYTEARRAY8", "bytearray <Q"),
    ord(")"): ("EMPTY_TUPLE", ""),
    0x85: ("TUPLE1", ""),
    0x86: ("TUPLE2", ""),
    0x87: ("TUPLE3", ""),
    ord("t"): ("TUPLE", ""),
    ord("]"): ("EMPTY_LIST", ""),
    ord("a"): ("APPEND", ""),
    ord("e"): ("APPENDS", ""),
    ord("l"): ("LIST", ""),
    ord("}"): ("EMPTY_DICT", ""),
    ord("s"): ("SETITEM", ""),
    ord("u"): ("SETITEMS", ""),
    ord("d"): ("DICT", ""),
    0x8F: ("EMPTY_SET", ""),
    0x90: ("ADDITEMS", ""),
    0x91: ("FROZENSET", ""),
    ord("q"): ("BINPUT", "<B"),
    ord("r"): ("LONG_BINPUT", "<I"),
    0x94: ("MEMOIZE", ""),
    ord("h"): ("BINGET", "<B"),
    ord("j"): ("LONG_BINGET", "<I"),
    ord("c"): ("GLOBAL", "lines"),
    0x93: ("STACK_GLOBAL", ""),
    0x81: ("NEWOBJ", ""),
    ord("R"): ("REDUCE", ""),
    ord("b"): ("BUILD", ""),
    ord("Q"): ("BINPERSID", ""),
}

# words of pickles that no checkpoint needs; each has been part of an attack or is of the time before PyTorch
REFUSED: dict[int, str] = {
    ord("i"): "INST",
    ord("o"): "OBJ",
    ord("P"): "PERSID",
    0x82: "EXT1",
    0x83: "EXT2",
    0x84: "EXT4",
    0x92: "NEWOBJ_EX",
    0x97: "NEXT_BUFFER",
    0x98: "READONLY_BUFFER",
    ord("2"): "DUP",
    ord("I"): "INT",
    ord("L"): "LONG",
    ord("F"): "FLOAT",
    ord("S"): "STRING",
    ord("V"): "UNICODE",
    ord("p"): "PUT",
    ord("g"): "GET",
}


def opcodes(data: bytes | bytearray, start: int = 0, budget: Budget | None = None) -> Iterator[tuple[str, Any, int]]:
    """(name, argument, place) of each word from `start` to STOP, whose argument is the place behind it.

    budget: must have room for long bytes before they are made; long text is then left as it lies, a LongText by the
    name LONG_TEXT. Raises Fault for words that are unknown, refused or
    cut off.
    """
    at = start
    while True:
        if at >= len(data):
            raise Fault(f"has a pickle that is truncated at byte {at:,}: it does not end with STOP")
        here, code = at, data[at]
        known = OPCODES.get(code)
        if known is None:
            name = REFUSED.get(code)
            what = f"the opcode {name}, which is not read" if name else f"no opcode but {code:#04x}"
            raise Fault(f"has a pickle with {what}, at byte {here:,}; checkpoints are pickles of protocol 2 to 5")
        at += 1
        name, form = known
        if name == "STOP":
            yield name, at, here
            return
        argument: Any = None
        if form == "lines":
            argument, at = _lines(data, at)
        elif form:
            kind, _, form = form.rpartition(" ")
            size = struct.calcsize(form)
            if at + size > len(data):
                raise Fault(f"has a pickle that is truncated at byte {here:,}, in {name}")
            (argument,) = struct.unpack_from(form, data, at)
            at += size
            if kind:
                if argument > len(data) - at:
                    raise Fault(
                        f"has a pickle with {name} of {argument:,} bytes at byte {here:,}, "
                        f"and {len(data) - at:,} are left"
                    )
                begin, at = at, at + argument
                if budget is not None and argument >= LONG:
                    budget.position = at
                    if kind == "text":
                        yield "LONG_TEXT", LongText(data, begin, at, here), here
                        continue
                    budget.room(argument * (2 if kind == "string" else 1), "long bytes")
                with memoryview(data) as view:
                    argument = _decoded(kind, view[begin:at], here)
        yield name, argument, here


def _lines(data: bytes | bytearray, at: int) -> tuple[tuple[str, str], int]:
    """The module and the name that GLOBAL writes, a line each."""
    words = []
    for _ in range(2):
        end = data.find(b"\n", at, at + 1000)
        if end < 0:
            raise Fault(f"has a pickle with GLOBAL at byte {at - 1:,} and no name after it")
        words.append(_decoded("text", memoryview(data)[at:end], at))
        at = end + 1
    return (words[0], words[1]), at


def _decoded(kind: str, raw: memoryview, here: int) -> Any:
    if kind == "text":
        try:
            return str(raw, "utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Fault(f"has a pickle with text at byte {here:,} that is no UTF-8") from None
    if kind == "string":  # Python 2's, text or bytes
        whole = bytes(raw)
        return whole.decode("ascii") if whole.isascii() else whole
    if kind == "int":
        if len(raw) > _LONGEST_INT:
            raise Fault(
                f"has a pickle with a number of {len(raw):,} bytes at byte {here:,}; the longest is {_LONGEST_INT}"
            )
        return int.from_bytes(raw, "little", signed=True)
    return bytearray(raw) if kind == "bytearray" else bytes(raw)
