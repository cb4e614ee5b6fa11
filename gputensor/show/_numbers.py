"""Numbers as text: which notation a tensor gets, how wide its column is, and each element in it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gputensor.show._options import PrintOptions

Notation = Literal["whole", "fixed", "scientific"]


@dataclass(frozen=True, slots=True)
class Column:
    """How the real numbers of one tensor are written: `1.`, `1.0000` or `1.0000e+00`, right-aligned to `width`."""

    notation: Notation
    precision: int
    width: int = 1

    def text(self, value: float) -> str:
        """One number without its padding."""
        if self.notation == "scientific":
            return f"{value:.{self.precision}e}"
        if self.notation == "fixed":
            return f"{value:.{self.precision}f}"
        return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"

    def texts(self, values: Sequence[float]) -> list[str]:
        """Each number, padded to the column's width."""
        text, width = self.text, self.width
        return [text(value).rjust(width) for value in values]


def column_of(values: Sequence[float], options: PrintOptions) -> Column:
    """The notation and width for `values`, decided by those that are finite and not zero.

    Whole numbers are written `1.`. Scientific notation is chosen where the largest magnitude is above 1e8, or above
    1000 times the smallest, or the smallest is below 1e-4; `sci_mode` decides instead where it is set. Zeros, nan and
    infinities alone are written as whole numbers in any mode.
    """
    deciding = [value for value in values if value and math.isfinite(value)]
    if not deciding:
        return Column("whole", options.precision)
    magnitudes = [abs(value) for value in deciding]
    largest, smallest = max(magnitudes), min(magnitudes)
    whole = all(value.is_integer() for value in deciding)
    scientific = options.sci_mode
    if scientific is None:
        scientific = largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4
    notation: Notation = "scientific" if scientific else "whole" if whole else "fixed"
    text = Column(notation, options.precision).text
    return Column(notation, options.precision, width=max(len(text(value)) for value in deciding))


def number_texts(array: Any, options: PrintOptions) -> tuple[list[str], int]:
    """The elements of the NumPy array in C order as padded text, and the width its lines are planned with."""
    if array.dtype.kind in "biu":
        texts = [str(value) for value in array.ravel().tolist()]
        width = max(len(text) for text in texts)
        return [text.rjust(width) for text in texts], width
    if array.dtype.kind == "c":
        real, imag = array.real.ravel().tolist(), array.imag.ravel().tolist()
        left, right = column_of(real, options), column_of(imag, options)
        texts = [_complex_text(a, right.text(b)) for a, b in zip(left.texts(real), imag, strict=True)]
        return texts, left.width + right.width + 1
    values = array.ravel().tolist()
    column = column_of(values, options)
    return column.texts(values), column.width


def _complex_text(real: str, imag: str) -> str:
    return f"{real}{imag}j" if imag.startswith("-") else f"{real}+{imag}j"
