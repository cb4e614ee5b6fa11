"""Reading and writing by index arrays, sorting and searching. Index arrays are integers or masks on the same device."""

from typing import Any, Protocol

from gputensor.arrays.vocabulary.terms import A, Shape


class Indexing(Protocol[A]):
    def argsort(self, x: A, axis: int, descending: bool) -> A:
        """Stable in both directions (the standard leaves that open); NaN counts as the largest value."""
        ...

    def bincount(self, x: A, weights: A | None, minlength: int) -> A:
        """How often each non-negative integer occurs, or the float64 sum of its weights. Shape depends on the data."""
        ...

    def index_add(self, values: A, shape: Shape, index: tuple[Any, ...]) -> A:
        """Zeros of `shape` with values added at index, repeats adding up: the transpose of `index_get`."""
        ...

    def index_get(self, x: A, index: tuple[Any, ...]) -> A:
        """x[index] with index arrays, masks, slices, None and Ellipsis mixed as NumPy does; a copy."""
        ...

    def index_put(self, x: A, index: tuple[Any, ...], values: A, accumulate: bool = False) -> A:
        """A copy of x with x[index] = values, or += with repeats adding up: the standard writes by no index arrays."""
        ...

    def index_write(self, x: A, index: tuple[Any, ...], values: A, accumulate: bool = False) -> None:
        """x[index] = values in x's memory, or += with repeats adding up: Tensor.__setitem__ and index_put_."""
        ...

    def nonzero(self, x: A) -> tuple[A, ...]: ...

    def scatter(self, x: A, index: A, values: A, axis: int) -> A:
        """A copy of x with values at the places `take_along_axis` reads: the standard cannot write there."""
        ...

    def scatter_add(self, x: A, index: A, values: A, axis: int) -> A:
        """A copy of x with values added there, repeats adding up: the transpose of `take_along_axis`."""
        ...

    def scatter_reduce(self, x: A, index: A, values: A, axis: int, how: str) -> A:
        """A copy of x in which each of those places is the "max", "min" or "prod" of itself and all its values."""
        ...

    def scatter_write(self, x: A, index: A, values: A, axis: int, accumulate: bool = False) -> None:
        """Write values, or add them with repeats adding up, in x's memory: the in-place forms of the scatters."""
        ...

    def searchsorted(self, x: A, values: A, right: bool) -> A: ...

    def sort(self, x: A, axis: int, descending: bool) -> A: ...

    def take(self, x: A, index: A, axis: int) -> A: ...

    def take_along_axis(self, x: A, index: A, axis: int) -> A:
        """out[i, j] = x[i, index[i, j]] for axis 1; index may be smaller in the other axes, as PyTorch's gather."""
        ...

    def top_k(self, x: A, k: int, axis: int, largest: bool) -> A:
        """Places of the k largest or smallest values, best first: a full sort costs several times as much."""
        ...

    def unique(self, x: A) -> tuple[A, A, A, A]:
        """The standard's unique_all: sorted values, first place, inverse, counts; every NaN is a value of its own."""
        ...
