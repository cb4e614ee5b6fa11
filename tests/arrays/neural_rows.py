"""Rows of convolution, pooling and checks of values."""

from gputensor.arrays.windows import Windows
from tests.arrays.words import FLOAT32, FLOAT64, FLOATS, INT64, INTS, UINT8, Asked, Operand, Row

PLAIN = ("contiguous",)
WIDE = (FLOAT32, FLOAT64)

# spatial shape, kernel, stride, padding, dilation, groups
GEOMETRIES = [
    ((7,), (3,), (1,), ((0, 0),), (1,), 1),
    ((7,), (2,), (2,), ((1, 2),), (2,), 2),
    ((5, 4), (3, 2), (1, 1), ((1, 1), (0, 1)), (1, 1), 1),
    ((6, 5), (3, 3), (2, 1), ((1, 1), (1, 1)), (1, 2), 2),
    ((5, 4), (1, 1), (2, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((5, 4), (2, 2), (1, 1), ((0, 0), (0, 0)), (1, 1), 4),
    ((3, 4, 3), (2, 2, 1), (1, 2, 1), ((1, 0), (0, 0), (0, 0)), (1, 1, 1), 1),
]
WINDOWS = [
    ((7,), Windows((2,), (2,), (0,), (1,), (3,))),
    ((6, 5), Windows((2, 2), (2, 2), (0, 0), (1, 1), (3, 2))),
    ((6, 5), Windows((3, 3), (2, 1), (1, 1), (1, 1), (3, 5))),
    ((7, 6), Windows((2, 3), (1, 2), (1, 1), (2, 1), (7, 3))),
    ((3, 4, 3), Windows((2, 2, 2), (1, 2, 1), (0, 0, 0), (1, 1, 1), (2, 2, 2))),
]


def results(size, kernel, stride, padding, dilation):
    return tuple(
        [
            (n + sum(p) - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
        ]
    )


def convolutions(a: Asked):
    for size, kernel, stride, padding, dilation, groups in GEOMETRIES:
        x = a.array((2, 4, *size), -1, 1)
        w = a.array((4, 4 // groups, *kernel), -1, 1)
        y = a.array((2, 4, *results(size, kernel, stride, padding, dilation)), -1, 1)
        yield x, w, y, size, kernel, (stride, padding, dilation, groups)


def pools(a: Asked, ties: bool = False):
    for size, windows in WINDOWS:
        x = a.array((2, 3, *size))
        # maxima that are equal, and windows of nan
        x = Operand((x.host * 0).astype(x.host.dtype)) if ties else x
        offsets = a.array((2, 3, *windows.count), 0, 2, UINT8)
        yield x, offsets, a.array((2, 3, *windows.count)), size, windows


ROWS = [
    Row("any_outside", lambda a: (a.x(), -9.0, 9.0), FLOATS, layouts=("contiguous", "empty")),
    Row(
        "conv",
        lambda a: [(x, w, bias, *rest) for x, w, _, _, _, rest in convolutions(a) for bias in (None, a.array((4,)))],
        (*FLOATS, INT64),
        layouts=PLAIN,
        ulps=16,
        gpu_ulps=64,
        strict=WIDE,
    ),
    Row(
        "conv_transpose",
        lambda a: [(y, w, size, *rest) for _, w, y, size, _, rest in convolutions(a)],
        FLOATS,
        layouts=PLAIN,
        ulps=16,
        gpu_ulps=64,
    ),
    Row(
        "conv_weight",
        lambda a: [(x, y, kernel, *rest) for x, _, y, _, kernel, rest in convolutions(a)],
        FLOATS,
        layouts=PLAIN,
        ulps=32,
        gpu_ulps=64,
    ),
    Row("first_outside", lambda a: [(a.array((2, 3), 0, 3), 4), (a.array((0,), 0, 1), 4)], INTS, layouts=PLAIN),
    Row(
        "max_pool",
        lambda a: [(x, w) for x, _, _, _, w in pools(a)],
        (*FLOATS, *INTS),
        layouts=PLAIN,
        strict=(*INTS, *WIDE),
    ),
    Row(
        "max_pool_offsets",
        lambda a: [(x, w) for t in (False, True) for x, _, _, _, w in pools(a, t)],
        (*FLOATS, *INTS),
        layouts=PLAIN,
        strict=(*INTS, *WIDE),
    ),
    Row(
        "sum_rows",
        lambda a: [(a.array((5, 3)),), (a.array((0, 3)),), (a.array((5, 0)),)],
        FLOATS,
        layouts=PLAIN,
        ulps=8,
    ),
    Row(
        "window_put",
        lambda a: [(g, offsets, size, w) for _, offsets, g, size, w in pools(a)],
        FLOATS,
        layouts=PLAIN,
        ulps=8,
    ),
    Row("window_spread", lambda a: [(g, size, w) for _, _, g, size, w in pools(a)], FLOATS, layouts=PLAIN, ulps=16),
    Row("window_sum", lambda a: [(x, w) for x, _, _, _, w in pools(a)], FLOATS, layouts=PLAIN, ulps=16),
    Row("window_take", lambda a: [(x, offsets, w) for x, offsets, _, _, w in pools(a)], FLOATS, layouts=PLAIN),
]
