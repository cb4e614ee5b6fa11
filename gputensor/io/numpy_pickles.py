"""NumPy's numbers and arrays in pickles: only of numbers, bytes and text, and only with as many bytes as they need."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gputensor.io.dtype_names import text_is_whole
from gputensor.io.faults import Fault
from gputensor.io.interpreter import Machine, Unfinished, name_of, shown, word
from gputensor.io.rebuilding import sizes

# bool, numbers, bytes, text; never objects, which would be pickles again
_KINDS = "?bhilqBHILQefdFD"
_MOST = 1 << 24


class NumpyDtype(Unfinished):
    """A NumPy dtype whose byte order is to come."""

    __slots__ = ("value",)
    name = "numpy.dtype"

    def __init__(self, value: np.dtype) -> None:
        self.value = value

    def set_state(self, m: Machine, state: Any) -> None:
        """Take the byte order; a dtype of plain numbers has no other state."""
        order: Any = word(state[1]) if type(state) is tuple and len(state) in (8, 9) else ""
        if order not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
            raise m.fail("a NumPy dtype with fields")
        self.value = self.value.newbyteorder(order)


def dtype(m: Machine, args: tuple[Any, ...]) -> NumpyDtype:
    """numpy.dtype(code, align, copy)."""
    code = args[0] if 1 <= len(args) <= 3 else None
    if type(code) is not str or len(code) > 12 or code[:1] not in "biufcSU" or not code[1:].isascii():
        raise m.fail(f"a NumPy dtype that is not read: {shown(code)}; arrays of numbers, bytes and text are")
    if not code[1:].isdigit():
        raise m.fail(f"a NumPy dtype that is not read: {shown(code)}")
    try:
        made = np.dtype(code)
    except (TypeError, ValueError):
        raise m.fail(f"a NumPy dtype that does not exist: {code!r}") from None
    if made.char not in _KINDS + "SU" or made.itemsize > _MOST:
        raise m.fail(f"a NumPy dtype that is not read: {code!r}")
    return NumpyDtype(made)


def scalar(m: Machine, args: tuple[Any, ...]) -> np.generic:
    """numpy's scalar(dtype, bytes)."""
    if len(args) != 2 or type(args[0]) is not NumpyDtype:
        raise m.fail("a NumPy number of something else than a dtype and bytes")
    m.budget.charge(args[0].value.itemsize, "NumPy arrays")
    found: np.generic = _array(m, args[0].value, args[1], (1,), False)[0]
    return found


def reconstruct(m: Machine, args: tuple[Any, ...]) -> np.ndarray:
    """numpy's _reconstruct(ndarray, (0,), b"b"): an array that waits for its state."""
    if len(args) != 3 or name_of(args[0]) != "numpy.ndarray":
        raise m.fail("a NumPy array of a class that is not read")
    made = np.empty(0, np.int8)
    m.unbuilt[id(made)] = made, _set_state
    return made


def _set_state(m: Machine, target: np.ndarray, state: Any) -> None:
    if type(state) is not tuple or len(state) != 5 or type(state[2]) is not NumpyDtype or type(state[3]) is not bool:
        raise m.fail("a NumPy array with a damaged state")
    _, shape, kind, fortran, data = state
    value = _array(m, kind.value, data, shape, fortran)
    # NumPy keeps the bytes themselves, unless they are few or have to be turned round
    if type(data) is not bytes or not value.dtype.isnative or not value.flags.aligned:
        m.budget.charge(2 * value.nbytes, "NumPy arrays")
    else:
        m.budget.charge(min(value.nbytes, 1000), "NumPy arrays")
    # the array is known by name already, so it becomes what it should be; all of this was checked above
    target.__setstate__((1, value.shape, value.dtype, fortran, bytes(data)))


def from_buffer(m: Machine, args: tuple[Any, ...]) -> np.ndarray:
    """numpy's _frombuffer(bytes, dtype, shape, order), of pickles of protocol 5."""
    if len(args) != 4 or type(args[1]) is not NumpyDtype or word(args[3]) not in ("C", "F"):
        raise m.fail("a NumPy array of something else than bytes, a dtype, a shape and an order")
    data, kind, shape, order = args
    found = _array(m, kind.value, data, shape, order == "F")
    if found.flags.writeable and found.flags.aligned:
        return found  # over a bytearray, which is paid for
    m.budget.charge(found.nbytes, "NumPy arrays")
    return found.copy("K")


def _array(m: Machine, kind: np.dtype, data: Any, shape: Any, fortran: bool) -> np.ndarray:
    """An array of these bytes, if they are as many as it needs and mean something."""
    found = sizes(m, shape, "a NumPy array")
    if isinstance(data, str) and data.isascii():
        m.budget.charge(len(data), "NumPy arrays")
        data = data.encode()
    wanted = math.prod(found) * kind.itemsize
    if type(data) not in (bytes, bytearray) or len(data) != wanted or not kind.itemsize:
        size = len(data) if isinstance(data, (bytes, bytearray)) else "no"
        raise m.fail(f"a NumPy array of shape {found} and dtype {kind} that has {size} bytes, not {wanted:,}")
    # bools and text are looked at, which takes time; the bytes themselves are there already
    m.budget.charge(200 + 32 * len(found) + (wanted >> 4 if kind.kind in "bU" else 0), "NumPy arrays")
    buffer: Any = data
    flat = np.frombuffer(buffer, kind)
    if kind.kind == "b" and flat.view(np.uint8).max(initial=0) > 1:
        raise Fault("has a NumPy array of bools that are neither 0 nor 1")
    if not text_is_whole(flat):
        raise Fault("has a NumPy array of text with letters that do not exist")
    return flat.reshape(found, order="F" if fortran else "C")
