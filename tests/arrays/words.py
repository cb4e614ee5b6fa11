"""One table of rows, a word each, and the question that every namespace is asked: the same values as NumPy's words.

A row makes the arguments of its word from an `Asked`: arrays of one dtype in one layout, plain numbers, index arrays.
Layouts are made with words, so that every library gets its own transposed, reversed, sliced or broadcast array.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np

from gputensor.arrays import numpy_

Make = Callable[["Asked"], Any]

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
BOOL, INT8, UINT8, INT32, INT64, FLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 = map(
    np.dtype, ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128")
)
INTS = (UINT8, INT32, INT64)
SIGNED = (INT8, INT32, INT64)
HALVES = (FLOAT16, BFLOAT16)
FLOATS = (*HALVES, FLOAT32, FLOAT64)
COMPLEX = (COMPLEX64, COMPLEX128)
REAL = (*INTS, *FLOATS)
NUMBERS = (*REAL, *COMPLEX)
ALL = (BOOL, *NUMBERS)


@dataclass(frozen=True)
class Layout:
    """How an array lies in memory: the shape that is made, and the word that makes a view of it."""

    name: str
    shape: tuple[int, ...]
    look: Callable[[Any, Any], Any] = lambda xp, x: x


LAYOUTS = (
    Layout("contiguous", (3, 4)),
    Layout("transposed", (4, 3), lambda xp, x: xp.permute_dims(x, (1, 0))),
    Layout("reversed", (3, 4), lambda xp, x: xp.flip(x, (0, 1))),
    Layout("sliced", (6, 8), lambda xp, x: xp.getitem(x, (slice(None, None, 2), slice(1, None, 2)))),
    Layout("broadcast", (1, 4), lambda xp, x: xp.broadcast_to(x, (3, 4))),
    Layout("0-d", ()),
    Layout("empty", (0, 4)),
    Layout("three dims", (2, 3, 5)),
)


@dataclass(frozen=True)
class Operand:
    """An array to be: its values on the host, and its layout."""

    host: np.ndarray
    look: Callable[[Any, Any], Any] = lambda xp, x: x

    def on(self, xp: Any) -> Any:
        return self.look(xp, xp.from_host(self.host.copy()))  # words that write must not reach the next namespace

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(np.shape(self.on(numpy_)))

    @property
    def ndim(self) -> int:
        return len(self.shape)


@dataclass(frozen=True)
class Number:
    """What the word `scalar` makes of a Python number: an operand that need not be an array."""

    value: Any
    dtype: np.dtype

    def on(self, xp: Any) -> Any:
        return xp.scalar(self.value, self.dtype)


@dataclass
class Asked:
    """What a row makes its arguments of; the same ones for every namespace."""

    dtype: np.dtype
    layout: Layout
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(20))

    def x(self, low: float = -3.0, high: float = 3.0) -> Operand:
        """An array of the dtype asked for, in the layout asked for, with values between low and high."""
        return Operand(self._values(self.layout.shape, low, high, self.dtype), self.layout.look)

    def array(self, shape: tuple[int, ...], low: float = -3.0, high: float = 3.0, dtype: Any = None) -> Operand:
        """A contiguous array of another shape."""
        return Operand(self._values(shape, low, high, np.dtype(dtype or self.dtype)))

    def mask(self, shape: tuple[int, ...]) -> Operand:
        return Operand(np.asarray(self.rng.random(shape) < 0.5))

    def index(self, shape: tuple[int, ...], n: int) -> Operand:
        """Index values for an axis of n, negative ones included."""
        return Operand(np.asarray(self.rng.integers(-n, n, shape)))

    def place(self, shape: tuple[int, ...], n: int) -> Operand:
        """Index values for an axis of n, none of them negative."""
        return Operand(np.asarray(self.rng.integers(0, n, shape)))

    def places(self, shape: tuple[int, ...], n: int, axis: int) -> Operand:
        """Index values for an axis of n that repeat nowhere along it."""
        order = np.argsort(self.rng.random((*shape[:axis], n, *shape[axis + 1 :])), axis)
        return Operand(np.take(order, np.arange(shape[axis]), axis))

    def _values(self, shape: tuple[int, ...], low: float, high: float, dtype: np.dtype) -> np.ndarray:
        if dtype == BOOL:
            return np.asarray(self.rng.random(shape) < 0.5)
        if dtype.kind in "iu":
            return self.rng.integers(max(int(low), 0) if dtype.kind == "u" else int(low), int(high) + 1, shape).astype(
                dtype
            )
        values = low + (high - low) * self.rng.random(shape)
        if dtype.kind == "c":
            values = values + 1j * (low + (high - low) * self.rng.random(shape))
        return np.asarray(values).astype(dtype)


@dataclass(frozen=True)
class Row:
    """A word, its arguments (several calls may be asked for), and where the question makes sense."""

    word: str
    make: Make
    dtypes: tuple[np.dtype, ...]
    ulps: int = 4  # CPU libraries run the same loops; NumPy and SciPy promise 4 for their vector loops
    gpu_ulps: int = 16  # CUDA documents up to 9 (lgamma aside) and adds in another order
    strict: tuple[np.dtype, ...] | None = None  # array-api-strict's dtypes where the standard knows fewer
    layouts: tuple[str, ...] | None = None
    note: str = ""

    def asked_of(self, dtypes: tuple[np.dtype, ...]) -> Iterator[Asked]:
        for layout in LAYOUTS:
            if self.layouts is None or layout.name in self.layouts:
                for dtype in dtypes:
                    yield Asked(dtype, layout)

    def calls(self, asked: Asked) -> list[tuple[Any, ...]]:
        made = self.make(asked)
        return made if isinstance(made, list) else [made]


def place(xp: Any, argument: Any) -> Any:
    """The argument with its operands as arrays of xp."""
    if isinstance(argument, (Operand, Number)):
        return argument.on(xp)
    if type(argument) in (list, tuple):
        return type(argument)([place(xp, a) for a in argument])
    return argument


def answer(xp: Any, word: str, arguments: tuple[Any, ...]) -> Any:
    """What a word gives, as NumPy arrays; None for a word that writes into its first argument means that argument."""
    placed = [place(xp, a) for a in arguments]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no word promises warnings, nor their absence
        out = getattr(xp, word)(*placed)
    return _on_host(xp, placed[0] if out is None else out)


def _on_host(xp: Any, out: Any) -> Any:
    if isinstance(out, tuple):
        return tuple([_on_host(xp, o) for o in out])
    if type(out) in (bool, int, float, complex):
        return out
    return np.array(xp.to_host(out))


def check(xp: Any, row: Row, dtypes: tuple[np.dtype, ...], ulps: int) -> int:
    """Ask a row of xp and of NumPy, in every layout and dtype; returns how many calls were compared."""
    count = 0
    for asked in row.asked_of(dtypes):
        for arguments in row.calls(asked):
            what = f"{row.word}, {asked.dtype.name}, {asked.layout.name}, {_brief(arguments)}"
            try:
                got = answer(xp, row.word, arguments)
            except Exception as error:
                raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
            same(got, answer(numpy_, row.word, arguments), ulps, what)
            count += 1
    return count


def same(got: Any, expected: Any, ulps: int, what: str) -> None:
    """Equal in type, shape and dtype, and in values to so many units in the last place of the largest."""
    if isinstance(expected, tuple):
        assert isinstance(got, tuple), what
        assert len(got) == len(expected), what
        for g, e in zip(got, expected, strict=True):
            same(g, e, ulps, what)
        return
    if not isinstance(expected, np.ndarray):
        assert got == expected, what
        return
    assert got.dtype == expected.dtype, f"{what}: dtype {got.dtype}, expected {expected.dtype}"
    assert got.shape == expected.shape, f"{what}: shape {got.shape}, expected {expected.shape}"
    if expected.dtype.kind in "biu":
        assert (got == expected).all(), f"{what}:\n{got}\nexpected\n{expected}"
        return
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    eps = float(ml_dtypes.finfo(expected.real.dtype).eps)
    np.testing.assert_allclose(
        got.astype(wide), expected.astype(wide), rtol=ulps * eps, atol=ulps * eps, equal_nan=True, err_msg=what
    )


def _brief(arguments: tuple[Any, ...]) -> str:
    return ", ".join(
        [f"<{a.host.dtype.name} {a.shape}>" if isinstance(a, Operand) else repr(a)[:60] for a in arguments]
    )
