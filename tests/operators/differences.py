"""Where gputensor differs from PyTorch on purpose, or PyTorch is wrong, in the answers to PyTorch's own list."""

from __future__ import annotations

import re
from typing import NamedTuple


class Difference(NamedTuple):
    """question: values, in-place, out or errors; operator: a pattern of names; said: a pattern of what differs.

    dtypes: those that show it, for the test that it still does.
    """

    question: str
    operator: str
    said: str
    reason: str
    dtypes: tuple[str, ...] = ("float64",)


NO_COMPLEX32 = "NumPy has no complex32"
INEXACT = "PyTorch's polynomials are those of single precision or lose digits; SciPy agrees with ours"
UNREAD = "the triangle of the factor that is not read gets no gradient, where PyTorch gives it one"
C_FORM = "out= is that of PyTorch's C function; its documentation and its Python functions do not have it"
A_NUMBER = "a number is taken where a tensor is wanted, as in the operator's other place"
SMALL = "PyTorch computes in the 8-bit dtype, which wraps around, before it converts to floats"

DIFFERENCES: tuple[Difference, ...] = (
    # ---- values and gradients
    Difference("values", "chalf", "NumPy has no complex32", NO_COMPLEX32),
    Difference("values", "complex|view_as_complex", "^float16.*DtypeError", NO_COMPLEX32, ("float16",)),
    Difference("values", r"special\.airy_ai", "^float64.*values", INEXACT),
    Difference("values", r"special\.bessel_[jy][01]", "^float64.*values", INEXACT),
    Difference("values", "cholesky_(inverse|solve)", "gradient: values", UNREAD),
    Difference(
        "values", "as_strided_scatter", "gradient: values",
        "what src replaces has no gradient; PyTorch keeps it, and finite differences say that it is 0",
    ),
    Difference(
        "values", r"nn\.functional\.embedding(_bag)?", "sparse gradients are not supported",
        "there are no sparse tensors", ("float32",),
    ),
    Difference(
        "values", "matrix_exp", "^(b?float16).*nan", "PyTorch's powers overflow in 16 bits, ours are taken in float32",
        ("float16",),
    ),
    Difference(
        "values", r"(special\.)?polygamma\..*", "^u?int.*inf",
        "inf at the poles; PyTorch misses them by a rounding of pi", ("int16", "int8"),
    ),
    Difference(
        "values", r"nn\.functional\.interpolate\.bicubic", "^uint8",
        "PyTorch rounds the rows to 8 bits before it interpolates the columns; ours is exact, rounded once",
        ("uint8",),
    ),
    Difference("values", r"nn\.functional\.softmin\.with_dtype", "^uint8", SMALL, ("uint8",)),
    Difference("values", "trapz|trapezoid|cumulative_trapezoid", "^u?int8", SMALL, ("uint8",)),
    # ---- out=
    Difference("out", r"special\.(airy_ai|bessel_[jy][01])", "^float64.*values", INEXACT),
    Difference(
        "out", r"fft\.ihfft[2n]", "values|shape", "PyTorch leaves parts of out unwritten", ("float32", "float64"),
    ),
    Difference("out", "complex", "^float16.*complex32 does not exist", NO_COMPLEX32, ("float16",)),
    # ---- invalid input
    Difference("errors", "copysign|fmod|rsub|logical_(and|or|xor)", "error input 0 is accepted", A_NUMBER),
    Difference("errors", r"nn\.functional\.conv[123]d", "should be the same", "dtypes promote, as everywhere else"),
    Difference(
        "errors", "gather|cat", "error input [67] is accepted",
        "out that has another shape gets new memory, which does not lie over an operand's",
    ),
)  # fmt: skip


def explained(question: str, operator: str, said: str) -> Difference | None:
    """The listed difference that covers one that was found."""
    for d in DIFFERENCES:
        if d.question == question and re.fullmatch(d.operator, operator) and re.search(d.said, said):
            return d
    return None
