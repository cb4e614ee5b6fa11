"""Rows of the special words: ordinary values in every layout, and the places where the functions have poles."""

import numpy as np

from tests.arrays.elementwise_rows import PLAIN, WIDE, binary, unary
from tests.arrays.words import FLOAT64, FLOATS, INT32, INT64, INTS, Operand, Row

SERIES = "a series of its own in cupyx"
ENDS = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 0.5, 1.0, -1.0, 30.0])
KINDS = ("j0", "j1", "y0", "y1", "i0", "i0e", "i1", "i1e", "k0", "k0e", "k1", "k1e")


def _two(word, low, high):
    return Row(
        word,
        lambda a: [(a.x(low, high), a.x(low, high)), (a.x(low, high), a.array((), low, high))],
        FLOATS,
        gpu_ulps=256,
        note=SERIES,
    )


ROWS = [
    unary("airy_ai", FLOATS, -20.0, 20.0, gpu_ulps=64, note="a series of its own"),
    Row(
        "airy_ai",
        lambda a: (Operand(np.concatenate([ENDS, np.linspace(-40, 20, 601)])),),
        (FLOAT64,),
        ulps=200,
        gpu_ulps=2000,
        layouts=PLAIN,
        note="the phase of the asymptotic series, some 170 at -40, is rounded",
    ),
    Row("bessel", lambda a: [(kind, a.x(0.2, 4.0)) for kind in KINDS], FLOATS, gpu_ulps=64, note=SERIES),
    Row(
        "bessel",
        lambda a: [(kind, Operand(ENDS.astype(a.dtype))) for kind in KINDS],
        WIDE,
        layouts=PLAIN,
        note="poles",
    ),
    unary("erfcx", FLOATS, gpu_ulps=64, note=SERIES),
    unary("frexp", FLOATS, -30.0, 30.0),
    _two("gammainc", 0.3, 4.0),
    _two("gammaincc", 0.3, 4.0),
    binary("gcd", (INT32, INT64, *INTS[:1]), -12, 30),
    binary("lcm", (INT32, INT64, *INTS[:1]), 0, 12),
    unary("ndtri", FLOATS, 0.01, 0.99, gpu_ulps=256, note=SERIES),
    _two("zeta", 1.2, 5.0),
]
