"""New arrays on the namespace's device, and the doors to and from the host."""

from typing import Any, Protocol

import numpy as np

from gputensor.arrays.vocabulary.terms import A, Scalar, Shape


class Creation(Protocol[A]):
    def arange(self, start: float, count: int, step: float, dtype: np.dtype) -> A:
        """start + step * (0, 1, …, count - 1), rounded once: counting by `stop` gives one value too many in floats."""
        ...

    def arange_for(self, x: A, count: int) -> A:
        """0, 1, …, count - 1 as int64 on the device of x: rules may create arrays only beside one."""
        ...

    def asarray(self, x: Any, dtype: np.dtype | None = None) -> A: ...

    def empty(self, shape: Shape, dtype: np.dtype) -> A: ...

    def from_host(self, x: np.ndarray) -> A:
        """A NumPy array as an array of this device: copies between devices are never implicit."""
        ...

    def full(self, shape: Shape, value: Scalar, dtype: np.dtype) -> A: ...

    def full_like(self, x: A, value: Scalar) -> A: ...

    def item(self, x: A) -> Any:
        """The only element as a Python number; waits for the device."""
        ...

    def moved(self, x: A, source: Any, target: Any) -> Any:
        """x, which lies on the device of namespace `source`, on that of `target`: between GPUs not through the host."""
        ...

    def ones(self, shape: Shape, dtype: np.dtype) -> A: ...

    def ones_like(self, x: A) -> A: ...

    def scalar(self, y: Scalar, dtype: np.dtype, /) -> A:
        """A Python number as an operand of elementwise words: something with dtype and shape (), never written to."""
        ...

    def to_host(self, x: A) -> np.ndarray:
        """The array as NumPy's; waits for the device. On the CPU it is x itself, elsewhere a copy."""
        ...

    def tril(self, x: A, k: int) -> A: ...

    def triu(self, x: A, k: int) -> A: ...

    def zeros(self, shape: Shape, dtype: np.dtype) -> A: ...

    def zeros_for(self, x: A, shape: Shape) -> A:
        """Zeros of another shape with the dtype and device of x: the transposes of reads start from them."""
        ...

    def zeros_like(self, x: A) -> A: ...
