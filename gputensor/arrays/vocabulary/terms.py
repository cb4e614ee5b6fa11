"""The types that the signatures of the vocabulary share."""

from typing import TypeVar

A = TypeVar("A")  # the library's array

Shape = tuple[int, ...]
Axis = tuple[int, ...] | None  # None: all axes
Scalar = bool | int | float | complex
