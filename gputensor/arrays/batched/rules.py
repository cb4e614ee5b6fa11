"""What the rules share: operands in their common form, results, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.crossing import lifted

if TYPE_CHECKING:
    from gputensor.arrays.batched.level import Level

NUMBERS = (bool, int, float, complex, np.generic)
ALL = slice(None)


class Rules:
    """The helpers of every family of rules."""

    __slots__ = ()
    base: Any
    inner: Any
    level: Level
    size: int
    # words of one family that rules of another use
    arange: Any
    expand_dims: Any
    index_write: Any
    reshape: Any
    where: Any

    def of(self, x: Any) -> Batched:
        """x as an array of this namespace; arrays of the namespaces below are the same for all examples."""
        if type(x) is Batched:
            if x.ns is self:
                return x
            return lifted(x, x.ns, self)
        if isinstance(x, NUMBERS):
            return Batched(self, self.inner.asarray(x), False)
        return lifted(x, self.base, self)

    def made(self, value: Any, batched: bool) -> Batched:
        """A result; operations on 0-d arrays give NumPy scalars."""
        return Batched(self, self.inner.asarray(value) if isinstance(value, np.generic) else value, batched)

    def full_size(self, x: Any, shape: tuple[int, ...] | None = None) -> Any:
        """The value of x with an entry for every example, repeated where it has none, broadcast to `shape`."""
        x = self.of(x)
        want = x.shape if shape is None else shape
        if x.batched:
            if x.shape == want:
                return x.value
            return self.inner.broadcast_to(self.deepened(x, len(want)), (self.size, *want))
        return self.inner.broadcast_to(x.value, (self.size, *want))

    def deepened(self, x: Batched, ndim: int) -> Any:
        """The value of a batched x with axes of size 1 behind the hidden one, so that it has `ndim` besides."""
        extra = ndim - x.ndim
        return self.inner.expand_dims(x.value, tuple(range(1, 1 + extra))) if extra > 0 else x.value

    def aligned(self, xs: tuple[Any, ...]) -> tuple[list[Any], bool]:
        """Operands of an elementwise word as the namespace below takes them, and whether the result is batched."""
        made = [x if isinstance(x, NUMBERS) else self.of(x) for x in xs]
        arrays = [x for x in made if type(x) is Batched]
        batched = any([x.batched for x in arrays])
        n = max([x.ndim for x in arrays], default=0)
        values = []
        for x in made:
            if type(x) is not Batched:
                values.append(x)
            else:
                values.append(self.deepened(x, n) if x.batched else x.value)
        return values, batched

    def operate(self, function: Callable[..., Any], x: Any, y: Any) -> Any:
        """A binary operator, element by element."""
        if not isinstance(x, NUMBERS) and type(x) is not Batched and not hasattr(x, "dtype"):
            return NotImplemented
        if not isinstance(y, NUMBERS) and type(y) is not Batched and not hasattr(y, "dtype"):
            return NotImplemented
        values, batched = self.aligned((x, y))
        return self.made(function(*values), batched)

    def one(self, word: Callable[..., Any], x: Any, out: Any = None) -> Any:
        """An elementwise word of one operand, or any word that leaves the hidden axis alone."""
        x = self.of(x)
        result = self.made(word(x.value), x.batched)
        return result if out is None else self.put(out, result)

    def several(self, word: Callable[..., Any], *xs: Any, out: Any = None) -> Any:
        """An elementwise word of several operands."""
        values, batched = self.aligned(xs)
        result = self.made(word(*values), batched)
        return result if out is None else self.put(out, result)

    def put(self, out: Any, result: Any) -> Any:
        self.copy_into(out, result)
        return out

    def copy_into(self, target: Any, value: Any) -> None:
        """target[...] = value; what is the same for all examples cannot take in what is not."""
        target, value = self.of(target), self.of(value)
        if value.batched and not target.batched:
            raise in_place_error(target.shape, value.shape)
        source = value.value
        if value.batched:
            for _ in range(value.ndim - target.ndim):
                source = self.inner.squeeze(source, (1,))
            source = self.deepened(Batched(self, source, True), target.ndim)
        self.inner.copy_into(target.value, source)

    def cannot_write(self, target: tuple[int, ...], value: tuple[int, ...]) -> RuntimeError:
        """The error of a write into a tensor that takes no part in the vmap."""
        return in_place_error(target, value)

    def fixed(self, word: str, *xs: Any) -> list[Any]:
        """The values of operands that no example has of its own; raises where one has."""
        made = [self.of(x) for x in xs]
        if any([x.batched for x in made]):
            raise data_dependent_error(word)
        return [x.value for x in made]


def in_place_error(target: tuple[int, ...], value: tuple[int, ...]) -> RuntimeError:
    return sentence(
        "vmap: in-place operations are not possible where the tensor written to is the same for all examples and "
        f"the values are not: the target has shape {tuple(target)}, the value {tuple(value)} for each example; use the "
        "form without the underscore, or make the target with x.new_zeros(...) of an x that vmap maps over"
    )


def data_dependent_error(word: str) -> RuntimeError:
    return sentence(
        f"vmap: it looks like {word} is asked about a tensor that vmap maps over: the result would be another one for "
        "every example, and data-dependent control flow and shapes are not supported; use gputensor.where, or compute "
        "it outside of vmap"
    )


def sentence(text: str) -> RuntimeError:
    error = RuntimeError(text)
    error.__gputensor__ = True  # type: ignore[attr-defined]  # nothing is to be explained
    return error
