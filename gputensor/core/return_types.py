"""The named tuples that operations with several results return; they print as PyTorch's.

>>> import gputensor as gt
>>> gt.tensor([1.0, 3.0]).max(0)
gputensor.return_types.max(
values=tensor(3.),
indices=tensor(1))
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gputensor.core.naming import full_name


def printed(self: Any) -> str:
    fields = ",\n".join([f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)])
    return full_name(f"return_types.{type(self).__name__}(\n{fields})")


class max(NamedTuple):
    """The largest values along a dim, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class min(NamedTuple):
    """The smallest values along a dim, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class aminmax(NamedTuple):
    """The smallest and the largest values."""

    min: Any
    max: Any

    def __repr__(self) -> str:
        return printed(self)


class median(NamedTuple):
    """The medians along a dim, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class nanmedian(NamedTuple):
    """The medians along a dim without NaN, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class kthvalue(NamedTuple):
    """The k-th smallest values along a dim, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class mode(NamedTuple):
    """The most frequent values along a dim, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class sort(NamedTuple):
    """The values in order, and where they were."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class topk(NamedTuple):
    """The k largest or smallest values, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class cummax(NamedTuple):
    """The largest values so far, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class cummin(NamedTuple):
    """The smallest values so far, and where they are."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return printed(self)


class frexp(NamedTuple):
    """Numbers between 0.5 and 1, and the powers of two that they are multiplied by."""

    mantissa: Any
    exponent: Any

    def __repr__(self) -> str:
        return printed(self)


class histogram(NamedTuple):
    """Counts or densities, and the edges between the bins."""

    hist: Any
    bin_edges: Any

    def __repr__(self) -> str:
        return printed(self)


class histogramdd(NamedTuple):
    """Counts or densities, and the edges between the bins along every dim."""

    hist: Any
    bin_edges: Any

    def __repr__(self) -> str:
        return printed(self)
