"""The rows: every word of the vocabulary with arguments that ask for what it promises."""

from typing import Any

import numpy as np

from tests.arrays import elementwise_rows, linalg_rows, neural_rows, special_rows
from tests.arrays.words import (
    ALL,
    BFLOAT16,
    BOOL,
    COMPLEX,
    COMPLEX64,
    FLOAT32,
    FLOAT64,
    FLOATS,
    INT8,
    INT32,
    INT64,
    INTS,
    NUMBERS,
    REAL,
    Asked,
    Operand,
    Row,
)

FULL = ("contiguous", "transposed", "reversed", "sliced", "broadcast", "three dims")  # at least one element, two dims
PLAIN = ("contiguous",)
WIDE = (FLOAT32, FLOAT64)


def axes_of(ndim: int) -> list[Any]:
    return [None, (), *[(k,) for k in range(ndim)], *([tuple(range(ndim))] if ndim > 1 else [])]


def reducing(word: str, dtypes: Any, low: float = -3.0, high: float = 3.0, **more: Any) -> Row:
    def make(a: Asked) -> Any:
        x = a.x(low, high)
        return [(x, axis, keep) for axis in axes_of(x.ndim) for keep in (False, True)]

    return Row(word, make, dtypes, **more)


def extreme(word: str) -> Row:
    def make(a: Asked) -> Any:
        x = a.x()
        full = [
            axis for axis in axes_of(x.ndim) if 0 not in [x.shape[k] for k in (range(x.ndim) if axis is None else axis)]
        ]
        return [(x, axis, keep) for axis in full for keep in (False, True)]

    return Row(word, make, (BOOL, *REAL), strict=(*INTS, *WIDE))


def place_of(word: str) -> Row:
    def make(a: Asked) -> Any:
        x = a.x()
        ones = [k for k in range(x.ndim) if x.shape[k]]
        return [(x, axis, keep) for axis in ([None] if 0 not in x.shape else []) + ones for keep in (False, True)]

    return Row(word, make, (BOOL, *REAL), strict=(*INTS, *WIDE))


def running(word: str, low: float, high: float) -> Row:
    def make(a: Asked) -> Any:
        x = a.x(low, high)
        return [(x, k) for k in range(x.ndim)]

    return Row(word, make, ALL, strict=(*INTS, *WIDE, *COMPLEX))


def running_extreme(a: Asked) -> Any:
    x = a.x()
    return [(x, k, largest) for k in range(x.ndim) for largest in (False, True)]


REDUCTIONS = [
    reducing("all", ALL),
    reducing("any", ALL),
    place_of("argmax"),
    place_of("argmin"),
    Row("cumulative_extreme", running_extreme, (BOOL, *REAL), strict=(*INTS, *WIDE)),
    running("cumulative_prod", -1.5, 1.5),
    running("cumulative_sum", -3.0, 3.0),
    extreme("max"),
    reducing("mean", (*FLOATS, *COMPLEX), strict=WIDE),
    extreme("min"),
    reducing("prod", ALL, -1.5, 1.5, ulps=32, note="each of a dozen products is rounded, in another order"),
    reducing("sum", ALL),
    Row("sum", lambda a: (a.x(), (0,), False, FLOAT64), (INT32, *FLOATS), layouts=FULL, note="a wider dtype"),
    Row("prod", lambda a: (a.x(-1.5, 1.5), (0,), False, FLOAT64), (INT32, *FLOATS), layouts=FULL, note="a wider dtype"),
    Row("sum_rows", lambda a: [(a.array((5, 3)),), (a.array((0, 3)),)], (*FLOATS, *COMPLEX), layouts=PLAIN, ulps=16),
    Row(
        "var",
        lambda a: [(a.x(), axis, False, c) for axis in axes_of(a.x().ndim) for c in (1.0, 0.0, 0.5, 100.0)],
        (*FLOATS, *COMPLEX),
        ulps=16,
        gpu_ulps=64,
        note="the sums of squares are rounded in another order",
    ),
]


class Look:
    """A view primitive as `view_put` and `view_set` read it."""

    def __init__(self, word: str, *arguments: Any) -> None:
        self.word, self.arguments = word, arguments

    def forward(self, xp: Any, x: Any) -> Any:
        return getattr(xp, self.word)(x, *self.arguments)

    def __repr__(self) -> str:
        return f"{self.word}{self.arguments}"


CHAINS = [
    (),
    (Look("getitem", (1,)),),
    (Look("getitem", (slice(None), slice(None, None, 2))),),
    (Look("permute_dims", (1, 0)), Look("getitem", (2,))),
    (Look("flip", (0,)), Look("getitem", (slice(0, 2), 1))),
    (Look("diagonal", 0, 0, 1),),
    (Look("reshape", (2, 6)), Look("getitem", (1, slice(1, 4)))),
    # a copy in C order: the value must not be lost in it
    (Look("permute_dims", (1, 0)), Look("reshape", (12,)), Look("getitem", (slice(3, 9),))),
]


def _seen(chain: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    from gputensor.arrays import numpy_

    part: Any = np.empty(shape)
    for look in chain:
        part = look.forward(numpy_, part)
    return part.shape


def _elsewhere(shape: tuple[int, ...]) -> list[Any]:
    """Basic indices that reach into every corner of an array of two dims."""
    n, m = shape
    return [
        (0,),
        (-1, 1),
        (slice(None), 2),
        (slice(1, n),),
        (slice(None, None, -1), slice(None, m, 3)),
        (None, 1),
        (Ellipsis, 0),
    ]


SHAPES = [
    Row("reinterpret", lambda a: [(a.x(), np.dtype(f"int{8 * a.dtype.itemsize}"))], (*INTS, *FLOATS)),
    Row("reinterpret", lambda a: [(a.array((3, 4)), np.dtype(d)) for d in ("uint8", "int16")], WIDE, layouts=PLAIN),
    Row(
        "strided_add",
        lambda a: [(a.array((3, 2)), (2, 1), 1, 12), (a.array((3, 4)), (1, 1), 0, 6), (a.array((4,)), (-2,), 9, 12)],
        ALL,
        layouts=PLAIN,
        ulps=16,
        note="overlaps add up, in any order",
    ),
    Row(
        "window_add",
        lambda a: [(a.array((3, 2)), 0, 4, 1), (a.array((2, 3, 2)), 1, 6, 2), (a.array((2, 2, 3)), 1, 4, 1)],
        NUMBERS,
        layouts=PLAIN,
        ulps=16,
        note="overlaps add up",
    ),
    Row(
        "as_strided",
        lambda a: [
            (a.array((12,)), (3, 2), (2, 1), 1),
            (a.array((12,)), (4,), (-2,), 9),
            (a.array((12,)), (), (), 5),
        ],
        ALL,
        layouts=PLAIN,
    ),
    Row(
        "astype",
        lambda a: [(a.x(0, 3), d) for d in (BOOL, INT8, INT64, FLOAT32, BFLOAT16, COMPLEX64)],
        (BOOL, *REAL),
        strict=(),
    ),
    Row("astype", lambda a: [(a.x(0, 3), d) for d in (INT64, FLOAT32, COMPLEX64)], (BOOL, *REAL)),
    Row("broadcast_to", lambda a: (a.x(), (2, *a.x().shape)), ALL),
    Row("concat", lambda a: [([a.x(), a.x()], 0), ((a.x(),), 0)] if a.x().ndim else [], ALL),
    Row("copy", lambda a: [(a.x(),), (a.x(), "C"), (a.x(), "K")], ALL),
    Row("copy_into", lambda a: [(a.array(a.x().shape), a.x(0, 3)), (a.array((2, *a.x().shape)), a.x(0, 3))], ALL),
    Row("copy_into", lambda a: (a.array(a.x().shape, dtype=FLOAT64), a.x(0, 3)), ALL, note="a cast; complex drops"),
    Row("diagonal", lambda a: [(a.x(), k, 0, 1) for k in (-1, 0, 1, 9)] + [(a.x(), 0, 1, 0)], ALL, layouts=FULL),
    Row("expand_dims", lambda a: [(a.x(), (0,)), (a.x(), (0, 1))], ALL),
    Row("flip", lambda a: [(a.x(), axis) for axis in axes_of(a.x().ndim)[1:]], ALL),
    Row("getitem", lambda a: [(a.x(), i) for i in _elsewhere((3, 4))], ALL, layouts=FULL[:-1]),
    Row("getitem", lambda a: [(a.x(), ()), (a.x(), Ellipsis)], ALL),
    Row("permute_dims", lambda a: (a.x(), tuple(reversed(range(a.x().ndim)))), ALL),
    Row("reinterpret", lambda a: [(a.array((3, 4)), d) for d in (INT8, INT64)], (INT32, INT64, FLOAT32), layouts=PLAIN),
    Row("reshape", lambda a: [(a.x(), (int(np.prod(a.x().shape)),)), (a.x(), (1, *a.x().shape))], ALL),
    Row("sliding_window", lambda a: [(a.x(), 0, 2, 1), (a.x(), 1, 2, 2), (a.x(), 1, 3, 1)], ALL, layouts=FULL),
    Row("spread", lambda a: (a.x(), (2, *a.x().shape)), ALL),
    Row("squeeze", lambda a: [(a.array((1, 3, 1)), k) for k in ((), (0,), (0, 2))], ALL, layouts=PLAIN),
    Row(
        "strided_add",
        lambda a: [(a.array((3, 2)), (2, 1), 1, 8), (a.array((3, 2)), (1, 1), 0, 4), (a.array((2,)), (-3,), 3, 4)],
        NUMBERS,
        layouts=PLAIN,
        note="places overlap",
    ),
    Row(
        "window_add",
        lambda a: [(a.array((3, 2)), 0, 4, 1), (a.array((2, 2, 3)), 0, 5, 2), (a.array((2, 3, 2)), 1, 8, 3)],
        NUMBERS,
        layouts=PLAIN,
        note="windows overlap",
    ),
    Row("stack", lambda a: [([a.x(), a.x()], k) for k in range(a.x().ndim + 1)], ALL),
    Row(
        "view_put",
        lambda a: [(a.array(_seen(c, (3, 4))), (3, 4), a.dtype, c) for c in CHAINS],
        ALL,
        layouts=PLAIN,
    ),
    Row(
        "view_set",
        lambda a: [(a.x(), c, a.array(_seen(c, (3, 4)))) for c in CHAINS] + [(a.x(), c, 0) for c in CHAINS],
        ALL,
        layouts=FULL[:-1],
        strict=(*INTS, *WIDE, *COMPLEX),
    ),
    Row("writable", lambda a: (a.x(),), (FLOAT32,)),
]


def _indices(a: Asked) -> list[tuple[Any, ...]]:
    """Index arrays, masks, slices, None and Ellipsis mixed, for an array of shape (3, 4)."""
    i, j = a.index((5,), 3), a.index((5,), 4)
    return [
        (i,),
        (i, j),
        (a.index((2, 1), 3), a.index((3,), 4)),
        (slice(None), j),
        (i, slice(1, 3)),
        (Ellipsis, j),
        (1, j),
        (None, i, None),
        (i, None, j),
        (a.mask((3, 4)),),
        (a.mask((3,)),),
        (slice(None), a.mask((4,))),
        (a.index((2,), 3), a.mask((4,))) if False else (a.mask((3,)), 2),
        (a.index((0,), 3),),
    ]


def _reached(index: tuple[Any, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    host = tuple([i.host if isinstance(i, Operand) else i for i in index])
    return np.empty(shape)[host].shape


def _single_places(a: Asked) -> list[tuple[Any, ...]]:
    """The same, without repeats: a place written twice has no promised value."""
    return [
        (a.places((2,), 3, 0),),
        (slice(None), a.places((3,), 4, 0)),
        (a.places((3,), 3, 0), a.places((3,), 4, 0)),
        (a.mask((3, 4)),),
        (a.mask((3,)),),
        (Ellipsis, a.places((2,), 4, 0)),
    ]


def _distinct(a: Asked, shape: tuple[int, ...]) -> Operand:
    """Values of which no two are equal, in disorder."""
    n = int(np.prod(shape))
    return Operand((a.rng.permutation(n) - (0 if a.dtype.kind == "u" else n // 2)).astype(a.dtype).reshape(shape))


def _few(a: Asked, shape: tuple[int, ...]) -> Operand:
    """Values of which many are equal; NaN among the floats."""
    values = a.rng.integers(0, 3, shape).astype(a.dtype)
    if a.dtype.kind in "fV" and values.size > 3:
        values.flat[::5] = np.nan
    return Operand(values)


SORTABLE = (BOOL, *REAL)
INDEXING = [
    Row(
        "argsort",
        lambda a: [(_few(a, (5, 7)), k, d) for k in (0, 1) for d in (False, True)],
        SORTABLE,
        layouts=PLAIN,
        strict=(*INTS, *WIDE),
    ),
    Row(
        "argsort",
        lambda a: [(_few(a, (0, 3)), k, d) for k in (0, 1) for d in (False, True)],
        SORTABLE,
        layouts=PLAIN,
        strict=(),
    ),
    Row("argsort", lambda a: [(a.x(), k, d) for k in (0, 1) for d in (False, True)], (INT32, *FLOATS), layouts=FULL),
    Row("bincount", lambda a: [(a.array((9,), 0, 4), None, n) for n in (0, 7)], INTS, layouts=PLAIN),
    Row("bincount", lambda a: [(a.array((9,), 0, 4, INT64), a.array((9,)), 6)], WIDE, layouts=PLAIN),
    Row(
        "bincount",
        lambda a: [(a.array((0,), 0, 4, INT64), w, 3) for w in (None, a.array((0,), dtype=FLOAT32))],
        (INT64,),
        layouts=PLAIN,
    ),
    Row(
        "index_add",
        lambda a: [(a.array(_reached(i, (3, 4))), (3, 4), i) for i in _indices(a)],
        ALL,
        layouts=PLAIN,
        ulps=16,
    ),
    Row("index_get", lambda a: [(a.x(), i) for i in _indices(a)], ALL, layouts=FULL[:-1]),
    Row(
        "index_put",
        lambda a: [(a.x(), i, a.array(_reached(i, (3, 4)))) for i in _single_places(a)],
        ALL,
        layouts=FULL[:-1],
    ),
    Row(
        "index_put", lambda a: [(a.x(), i, a.array(())) for i in _indices(a)], ALL, layouts=FULL[:-1], note="one value"
    ),
    Row(
        "index_write",
        lambda a: [(a.array((3, 4)), i, a.array(_reached(i, (3, 4)))) for i in _single_places(a)],
        ALL,
        layouts=PLAIN,
    ),
    Row(
        "index_write",
        lambda a: [(a.array((3, 4)), i, a.array(_reached(i, (3, 4))), True) for i in _indices(a)],
        ALL,
        layouts=PLAIN,
        ulps=16,
        note="repeats add up, in any order",
    ),
    Row("nonzero", lambda a: (a.x(-1, 1),), ALL),
    Row(
        "scatter",
        lambda a: [
            (a.x(), a.places((2, 4), 3, 0), a.array((2, 4)), 0),
            (a.x(), a.places((3, 2), 4, 1), a.array((3, 2)), 1),
        ],
        ALL,
        layouts=FULL[:-1],
    ),
    Row(
        "scatter_add",
        lambda a: [(a.x(), a.place((5, 4), 3), a.array((5, 4)), 0), (a.x(), a.place((2, 6), 4), a.array((2, 6)), 1)],
        ALL,
        layouts=FULL[:-1],
        ulps=16,
        note="repeats add up, in any order",
    ),
    Row(
        "scatter_reduce",
        lambda a: (
            [(a.x(), a.place((5, 4), 3), a.array((5, 4)), 0, how) for how in ("max", "min", "prod")]
            + [(a.x(), a.place((2, 6), 4), a.array((2, 6)), 1, "max")]
        ),
        (BOOL, *REAL),
        layouts=FULL[:-1],
        ulps=16,
        note="repeats combine, in any order",
    ),
    Row(
        "scatter_reduce",
        lambda a: (a.x(-1, 1), a.place((5, 4), 3), a.array((5, 4), -1, 1), 0, "prod"),
        (COMPLEX64,),
        layouts=FULL[:-1],
        ulps=16,
        note="complex products",
    ),
    Row(
        "scatter_reduce",
        lambda a: [(a.x(), a.place((5, 4), 3), _few(a, (5, 4)), 0, how) for how in ("max", "min")],
        FLOATS,
        layouts=PLAIN,
        note="NaN stays",
    ),
    Row(
        "scatter_write",
        lambda a: [
            (a.array((3, 4)), a.places((2, 4), 3, 0), a.array((2, 4)), 0),
            (a.array((3, 4)), a.place((5, 4), 3), a.array((5, 4)), 0, True),
            (a.array((3, 4)), a.place((3, 6), 4), a.array((3, 6)), 1, True),
        ],
        ALL,
        layouts=PLAIN,
        ulps=16,
        note="repeats add up, in any order",
    ),
    Row(
        "searchsorted",
        lambda a: [
            (Operand(np.sort(a.array((9,)).host.astype(FLOAT64)).astype(a.dtype)), a.array((2, 5)), r)
            for r in (False, True)
        ],
        REAL,
        layouts=PLAIN,
    ),
    Row("searchsorted", lambda a: (a.array((0,)), a.array((3,)), False), REAL, layouts=PLAIN),
    Row(
        "sort",
        lambda a: [(_few(a, (5, 7)), k, d) for k in (0, 1) for d in (False, True)],
        SORTABLE,
        layouts=PLAIN,
        strict=(*INTS,),
    ),
    Row("sort", lambda a: [(a.x(), k, d) for k in (0, 1) for d in (False, True)], (INT32, *FLOATS), layouts=FULL),
    Row("take", lambda a: [(a.x(), a.place((5,), a.x().shape[k]), k) for k in (0, 1)], ALL, layouts=FULL),
    Row("take", lambda a: [(a.x(), a.place(s, 3), 0) for s in ((0,), (), (2, 3))], ALL, layouts=FULL[:-1]),
    Row(
        "take_along_axis",
        lambda a: [(a.x(), a.place((5, 4), 3), 0), (a.x(), a.place((2, 6), 4), 1), (a.x(), a.place((0, 4), 3), 0)],
        ALL,
        layouts=FULL[:-1],
    ),
    Row(
        "top_k",
        lambda a: [(_distinct(a, (2, 100)), k, 1, big) for k in (0, 3, 60) for big in (True, False)],
        (INT32, INT64, FLOAT32, FLOAT64),
        layouts=PLAIN,
    ),
    Row("top_k", lambda a: [(_distinct(a, (9, 2)), 4, 0, big) for big in (True, False)], REAL, layouts=PLAIN),
    Row(
        "unique",
        lambda a: [(_few(a, (5, 4)),), (_few(a, ()),), (_few(a, (0,)),)],
        SORTABLE,
        layouts=PLAIN,
        strict=(*INTS,),
    ),
    Row("unique", lambda a: (a.x(),), (INT32, *FLOATS)),
]

CREATION = [
    Row(
        "arange",
        lambda a: [(0, 5, 1, a.dtype), (3, 4, -1, a.dtype), (0.5, 6, 0.1, a.dtype), (1, 0, 1, a.dtype)],
        (INT32, INT64, *FLOATS),
        layouts=PLAIN,
    ),
    Row("arange_for", lambda a: (a.x(), 4), (FLOAT32,)),
    Row("asarray", lambda a: [([1, 0, 2], a.dtype), (1, a.dtype)], ALL, layouts=PLAIN),
    Row("asarray", lambda a: [(a.x(),), (2.5,), (True,)], ALL),
    Row(
        "from_host",
        lambda a: [
            (a.array((2, 3)).host,),
            (a.array((2, 3)).host.T,),
            (a.array((5,)).host[::-2],),
            (a.array(()).host,),
        ],
        ALL,
        layouts=PLAIN,
    ),
    Row(
        "full",
        lambda a: [((2, 3), 2, a.dtype), ((), 1, a.dtype), ((0, 2), 0, a.dtype)],
        ALL,
        layouts=PLAIN,
        strict=(*INTS, *WIDE, *COMPLEX),
    ),
    Row("full_like", lambda a: (a.x(), 1), ALL, strict=(*INTS, *WIDE, *COMPLEX)),
    Row("item", lambda a: [(a.array(()),), (a.array((1, 1)),)], ALL, layouts=PLAIN),
    Row("ones", lambda a: [((2, 3), a.dtype), ((), a.dtype)], ALL, layouts=PLAIN),
    Row("ones_like", lambda a: (a.x(),), ALL),
    Row("scalar", lambda a: (2, a.dtype), NUMBERS, layouts=PLAIN),
    Row("to_host", lambda a: (a.x(),), ALL),
    Row("tril", lambda a: [(a.x(), k) for k in (-1, 0, 2)], ALL, layouts=FULL),
    Row("triu", lambda a: [(a.x(), k) for k in (-1, 0, 2)], ALL, layouts=FULL),
    Row("zeros", lambda a: [((2, 3), a.dtype), ((0,), a.dtype)], ALL, layouts=PLAIN),
    Row("zeros_for", lambda a: (a.x(), (2, 2)), ALL),
    Row("zeros_like", lambda a: (a.x(),), ALL),
]

_PRODUCTS = [
    ((3, 4), (4, 5)),
    ((4,), (4,)),
    ((3, 4), (4,)),
    ((4,), (4, 5)),
    ((1, 4), (4, 1)),
    ((2, 3, 4), (4, 5)),
    ((2, 3, 4), (4,)),
    ((4,), (2, 4, 5)),
    ((2, 3, 4), (2, 4, 5)),
    ((1, 3, 4), (2, 4, 5)),
    ((2, 1, 3, 4), (3, 4, 2)),
    ((0, 4), (4, 2)),
    ((3, 0), (0, 2)),
    ((2, 3, 0), (0, 2)),
    ((0, 3, 4), (4, 2)),
]

LINALG = [
    Row(
        "matmul",
        lambda a: [(a.array(p, -1, 1), a.array(q, -1, 1)) for p, q in _PRODUCTS],
        (INT32, INT64, *FLOATS, *COMPLEX),
        layouts=PLAIN,
        ulps=8,
    ),
    Row(
        "matmul",
        lambda a: [(a.x(-1, 1), a.array((4, 3), -1, 1)), (a.array((5, 3), -1, 1), a.x(-1, 1))],
        (INT64, *FLOATS, *COMPLEX),
        layouts=FULL[:-1],
        ulps=8,
    ),
]

NORMS = ("backward", "ortho", "forward")


def transforming(word: str) -> Row:
    def make(a: Asked) -> Any:
        x = a.x()
        full = tuple([k for k in range(x.ndim) if x.shape[k]])
        return [(x, axes, norm) for axes in {full, full[:1], full[-1:], full[::-1], ()} for norm in NORMS]

    return Row(word, make, (FLOAT32, FLOAT64, *COMPLEX), ulps=16)


def halved(a: Asked) -> Any:
    x = a.x()
    return [(x, axis, norm) for axis in range(x.ndim) if x.shape[axis] for norm in NORMS]


def unhalved(a: Asked) -> Any:
    x = a.x()
    axes = [k for k in range(x.ndim) if x.shape[k] > 1]
    return [(x, 2 * x.shape[k] - odd, k, norm) for k in axes for odd in (1, 2) for norm in NORMS]


FOURIER = [
    transforming("fftn"),
    transforming("ifftn"),
    Row("rfft", halved, WIDE, layouts=(*FULL, "empty"), ulps=16),
    Row("irfft", unhalved, COMPLEX, layouts=(*FULL, "empty"), ulps=16),
]

RANDOM = [
    Row(
        "bernoulli",
        lambda a: [(7, 3, 9, 0.3), (7, 3, 9, 1.0), (7, 0, 4, a.array((4,), 0, 1, FLOAT64))],
        (FLOAT32,),
        layouts=PLAIN,
    ),
    Row("exponential", lambda a: (7, 5, 9, a.dtype), FLOATS, layouts=PLAIN, note="logarithms differ by some ulp"),
    Row("permutation", lambda a: (7, 5, 20), (FLOAT32,), layouts=PLAIN),
    Row(
        "random_integers",
        lambda a: [(7, 1, 9, -3, 4, a.dtype), (7, 1, 0, 0, 2, a.dtype)],
        (INT8, INT32, INT64),
        layouts=PLAIN,
    ),
    Row("random_integers", lambda a: (7, 1, 9, -(2**63), 2**63, a.dtype), (INT64,), layouts=PLAIN),
    Row("random_words", lambda a: [(2**100 + 5, 2, 9), (7, 0, 0)], (FLOAT32,), layouts=PLAIN),
    Row(
        "standard_normal",
        lambda a: (7, 5, 9, a.dtype),
        FLOATS,
        layouts=PLAIN,
        gpu_ulps=32,
        note="log, sin and cos differ by some ulp",
    ),
    Row("uniform01", lambda a: (7, 5, 9, a.dtype), FLOATS, layouts=PLAIN),
]

ROWS = [
    *elementwise_rows.ROWS,
    *special_rows.ROWS,
    *REDUCTIONS,
    *SHAPES,
    *INDEXING,
    *CREATION,
    *LINALG,
    *FOURIER,
    *linalg_rows.ROWS,
    *RANDOM,
    *neural_rows.ROWS,
]
