"""Rows of the elementwise words: ordinary values in every layout, special values, and results into `out`."""

from typing import Any

import numpy as np

from tests.arrays.words import (
    ALL,
    BFLOAT16,
    BOOL,
    COMPLEX,
    FLOAT32,
    FLOAT64,
    FLOATS,
    INT32,
    INT64,
    INTS,
    LAYOUTS,
    NUMBERS,
    REAL,
    Asked,
    Number,
    Operand,
    Row,
)

PLAIN = ("contiguous",)
WIDE = (FLOAT32, FLOAT64)
TURNED = LAYOUTS[1].look
SPECIAL_VALUES = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.5])


def unary(word: str, dtypes: Any, low: float = -3.0, high: float = 3.0, **more: Any) -> Row:
    return Row(word, lambda a: (a.x(low, high),), dtypes, **more)


def binary(word: str, dtypes: Any, low: float = -3.0, high: float = 3.0, **more: Any) -> Row:
    """Two arrays, a broadcast operand, and a Python scalar."""

    def make(a: Asked) -> Any:
        x = a.x(low, high)
        number = True if a.dtype == BOOL else 2 if a.dtype.kind in "iu" else 1.5
        calls = [
            (x, a.x(low, high)),
            (x, a.array((), low, high)),
            (x, Number(number, a.dtype)),
            (Number(number, a.dtype), x),
        ]
        # a float beside bfloat16 makes float32 by NumPy's rules and float64 by np.where's: not promised
        return calls if a.dtype == BFLOAT16 else [*calls, (x, number)]

    return Row(word, make, dtypes, **more)


def special(word: str, operands: int = 1, **more: Any) -> Row:
    """Infinities, NaN and signed zeros, in every pair of them."""

    def make(a: Asked) -> Any:
        values = SPECIAL_VALUES.astype(a.dtype)
        if operands == 1:
            return (Operand(values),)
        return (Operand(np.repeat(values, len(values))), Operand(np.tile(values, len(values))))

    return Row(word, make, FLOATS, layouts=PLAIN, strict=(), note="special values", **more)


ELEMENTWISE = [
    unary("abs", NUMBERS),
    unary("acos", (*FLOATS, *COMPLEX), -0.9, 0.9),
    unary("acosh", (*FLOATS, *COMPLEX), 1.1, 4.0),
    binary("add", ALL, strict=(*INTS, *WIDE, *COMPLEX)),
    unary("angle", (*FLOATS, *COMPLEX)),
    unary("asin", (*FLOATS, *COMPLEX), -0.9, 0.9),
    unary("asinh", (*FLOATS, *COMPLEX)),
    unary("atan", (*FLOATS, *COMPLEX), -0.9, 0.9),
    binary("atan2", FLOATS),
    unary("atanh", (*FLOATS, *COMPLEX), -0.9, 0.9),
    binary("bitwise_and", (BOOL, *INTS)),
    unary("bitwise_invert", (BOOL, *INTS)),
    binary("bitwise_left_shift", INTS, 0, 3),
    binary("bitwise_or", (BOOL, *INTS)),
    binary("bitwise_right_shift", INTS, 0, 3),
    binary("bitwise_xor", (BOOL, *INTS)),
    unary("ceil", FLOATS),
    unary("conj", ALL),
    binary("copysign", FLOATS),
    unary("cos", (*FLOATS, *COMPLEX)),
    unary("cosh", (*FLOATS, *COMPLEX)),
    unary("digamma", FLOATS, 1.6, 5.0, gpu_ulps=64, note="a series of its own in cupyx"),
    binary("divide", NUMBERS, 1.0, 3.0, strict=(INT32, INT64, *WIDE, *COMPLEX)),
    binary("equal", ALL),
    unary("erf", FLOATS),
    unary("erfc", FLOATS),
    unary("erfinv", FLOATS, -0.9, 0.9, gpu_ulps=64, note="approximated by other polynomials"),
    unary("exp", (*FLOATS, *COMPLEX)),
    unary("exp2", FLOATS),
    unary("expm1", (*FLOATS, *COMPLEX), gpu_ulps=32, note="complex: exp and a subtraction"),
    unary("floor", FLOATS),
    binary("floor_divide", REAL, 1.0, 3.0),
    Row("floor_divide", lambda a: (a.x(), Operand(np.array(-2).astype(a.dtype))), (INT32, INT64, *FLOATS)),
    binary("fmax", REAL),
    binary("fmin", REAL),
    binary("fmod", REAL, 1.0, 3.0),
    Row("fmod", lambda a: (a.x(), Operand(np.array(-2).astype(a.dtype))), (INT32, INT64, *FLOATS)),
    Row(
        "fmod",
        lambda a: (Operand(np.array([2**60 + 3, -(2**60) - 3])), Operand(np.array([1000, 1000]))),
        (INT64,),
        layouts=PLAIN,
        note="exact beyond 2**53",
    ),
    binary("greater", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    binary("greater_equal", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    binary("hypot", FLOATS),
    unary("imag", NUMBERS),
    unary("isfinite", NUMBERS),
    unary("isinf", NUMBERS),
    unary("isnan", NUMBERS),
    binary("less", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    binary("less_equal", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    unary("lgamma", FLOATS, 0.6, 5.0, gpu_ulps=64, note="CUDA gives no bound near its zeros"),
    unary("log", (*FLOATS, *COMPLEX), 0.2, 4.0),
    unary("log10", (*FLOATS, *COMPLEX), 0.2, 4.0, strict=WIDE),
    unary("log1p", (*FLOATS, *COMPLEX), 0.2, 4.0, gpu_ulps=32, note="complex: log of a sum"),
    unary("log2", (*FLOATS, *COMPLEX), 0.2, 4.0, strict=WIDE),
    binary("logaddexp", FLOATS),
    binary("logaddexp2", FLOATS, ulps=16, note="strict goes through logaddexp"),
    binary("logical_and", ALL),
    unary("logical_not", ALL),
    binary("logical_or", ALL),
    binary("logical_xor", ALL),
    Row("make_complex", lambda a: (a.x(), a.x()), WIDE),
    binary("maximum", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    binary("minimum", (BOOL, *REAL), strict=(*INTS, *WIDE)),
    binary("multiply", ALL, strict=(*INTS, *WIDE, *COMPLEX)),
    unary("negative", NUMBERS),
    binary("nextafter", FLOATS),
    binary("not_equal", ALL),
    Row(
        "polygamma",
        lambda a: [(n, a.x(0.6, 5.0)) for n in (0, 1, 3)],
        FLOATS,
        gpu_ulps=64,
        note="a series of its own in cupyx",
    ),
    binary("pow", (*INTS, *FLOATS), 0.2, 3.0),
    binary("pow", COMPLEX, 0.2, 2.0, gpu_ulps=64, note="exp(y log x)", ulps=16),
    unary("real", NUMBERS),
    unary("reciprocal", NUMBERS, 1.0, 3.0),
    binary("remainder", REAL, 1.0, 3.0),
    Row("remainder", lambda a: (a.x(), Operand(np.array(-2).astype(a.dtype))), (INT32, INT64, *FLOATS)),
    unary("round", (*FLOATS, *COMPLEX)),
    unary("sign", NUMBERS),
    unary("signbit", FLOATS),
    unary("sin", (*FLOATS, *COMPLEX)),
    unary("sinh", (*FLOATS, *COMPLEX)),
    unary("sqrt", (*FLOATS, *COMPLEX), 0.1, 4.0),
    unary("square", NUMBERS),
    binary("subtract", NUMBERS),
    unary("tan", (*FLOATS, *COMPLEX), -1.2, 1.2),
    unary("tanh", (*FLOATS, *COMPLEX)),
    unary("trunc", FLOATS),
    Row("view_as_complex", lambda a: [(a.array((3, 2)),), (a.array((0, 2)),), (a.array((2,)),)], WIDE, layouts=PLAIN),
    Row(
        "view_as_complex",
        lambda a: (Operand(a.array((2, 3)).host, LAYOUTS[1].look),),
        WIDE,
        layouts=PLAIN,
        note="apart",
    ),
    Row("view_as_real", lambda a: (a.x(),), COMPLEX),
    Row("where", lambda a: (a.mask(a.x().shape), a.x(), a.x()), ALL),
    Row(
        "where",
        lambda a: [
            (a.mask(a.x().shape), a.x(), 0),
            (a.mask(a.x().shape), 0, a.x()),
            (a.mask(a.x().shape), Number(1, a.dtype), Number(0, a.dtype)),
            (a.mask(a.x().shape), Number(1, a.dtype), a.x()),
        ],
        (INT32, *FLOATS, *COMPLEX),
        strict=(INT32, *WIDE, *COMPLEX),
        note="a scalar",
    ),
]

SPECIAL = [
    *[
        special(w)
        for w in ("abs", "angle", "atan", "ceil", "erf", "exp", "floor", "isfinite", "isinf", "isnan", "negative")
    ],
    *[
        special(w)
        for w in ("logical_not", "round", "sign", "signbit", "sqrt", "square", "tanh", "trunc", "erf", "lgamma")
    ],
    *[special(w, 2) for w in ("add", "copysign", "divide", "equal", "floor_divide", "fmax", "fmin", "fmod", "greater")],
    *[special(w, 2) for w in ("hypot", "less", "logaddexp", "logical_and", "maximum", "minimum", "multiply")],
    *[special(w, 2) for w in ("atan2", "not_equal", "pow", "remainder", "subtract", "nextafter")],
]


def _with_out(word: str, dtypes: Any, operands: int = 2, result: Any = None) -> Row:
    def make(a: Asked) -> Any:
        x = a.x(1.0, 3.0)
        out = a.array(x.shape, dtype=result or a.dtype)
        return (*[a.x(1.0, 3.0) for _ in range(operands)], out)

    return Row(word, make, dtypes, note="into out")


INTO = [
    _with_out("add", NUMBERS),
    _with_out("multiply", NUMBERS),
    _with_out("subtract", NUMBERS),
    _with_out("divide", (*FLOATS, *COMPLEX)),
    _with_out("floor_divide", REAL),
    _with_out("remainder", REAL),
    _with_out("fmod", REAL),
    _with_out("pow", FLOATS),
    _with_out("less", REAL, result=BOOL),
    _with_out("logical_and", ALL, result=BOOL),
    _with_out("exp", FLOATS, 1),
    _with_out("log", FLOATS, 1),
    _with_out("tanh", FLOATS, 1),
    _with_out("negative", NUMBERS, 1),
    _with_out("abs", REAL, 1),
]


ROWS = [*ELEMENTWISE, *SPECIAL, *INTO]
