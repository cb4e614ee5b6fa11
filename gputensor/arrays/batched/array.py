"""An array with a hidden leading axis, one entry an example."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np


class Batched:
    """An array as one example sees it.

    ns: the namespace whose rules compute with it. value: an array of the namespace below; with ``batched`` its first
    axis runs over the examples, without it every example has this very value. shape, ndim, size and strides are those
    of an example.
    """

    __slots__ = ("batched", "ns", "value")
    __hash__ = None  # type: ignore[assignment]  # == compares element by element
    __array_ufunc__ = None  # operators of NumPy arrays and numbers on the left ask this class

    def __init__(self, ns: Any, value: Any, batched: bool) -> None:
        self.ns, self.value, self.batched = ns, value, batched

    @property
    def shape(self) -> tuple[int, ...]:
        shape: tuple[int, ...] = self.value.shape
        return shape[1:] if self.batched else shape

    @property
    def strides(self) -> tuple[int, ...]:
        strides: tuple[int, ...] = self.value.strides
        return strides[1:] if self.batched else strides

    @property
    def ndim(self) -> int:
        n: int = self.value.ndim
        return n - 1 if self.batched else n

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def dtype(self) -> np.dtype:
        d: np.dtype = self.value.dtype
        return d

    @property
    def itemsize(self) -> int:
        return self.value.dtype.itemsize

    @property
    def base(self) -> Any:
        return self.value.base

    @property
    def T(self) -> Batched:
        out: Batched = self.ns.permute_dims(self, tuple(range(self.ndim))[::-1])
        return out

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> Batched:
        """Basic indexing: a view."""
        out: Batched = self.ns.getitem(self, index)
        return out

    def __setitem__(self, index: Any, value: Any) -> None:
        part = self.ns.getitem(self, index)
        self.ns.copy_into(part, self.ns.full((), value, self.dtype) if not isinstance(value, Batched) else value)

    def __bool__(self) -> bool:
        return bool(self.ns.item(self))

    def __repr__(self) -> str:
        return f"Batched({'all examples of ' if self.batched else ''}{self.value!r})"

    def _with(self, function: Callable[..., Any], x: Any, y: Any) -> Any:
        return self.ns.operate(function, x, y)

    def __add__(self, other: Any) -> Any:
        return self._with(operator.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return self._with(operator.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return self._with(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(operator.sub, other, self)

    def __mul__(self, other: Any) -> Any:
        return self._with(operator.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._with(operator.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._with(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(operator.truediv, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self._with(operator.floordiv, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._with(operator.floordiv, other, self)

    def __mod__(self, other: Any) -> Any:
        return self._with(operator.mod, self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._with(operator.mod, other, self)

    def __pow__(self, other: Any) -> Any:
        return self._with(operator.pow, self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._with(operator.pow, other, self)

    def __and__(self, other: Any) -> Any:
        return self._with(operator.and_, self, other)

    def __rand__(self, other: Any) -> Any:
        return self._with(operator.and_, other, self)

    def __or__(self, other: Any) -> Any:
        return self._with(operator.or_, self, other)

    def __ror__(self, other: Any) -> Any:
        return self._with(operator.or_, other, self)

    def __xor__(self, other: Any) -> Any:
        return self._with(operator.xor, self, other)

    def __rxor__(self, other: Any) -> Any:
        return self._with(operator.xor, other, self)

    def __lshift__(self, other: Any) -> Any:
        return self._with(operator.lshift, self, other)

    def __rshift__(self, other: Any) -> Any:
        return self._with(operator.rshift, self, other)

    def __matmul__(self, other: Any) -> Any:
        return self.ns.matmul(self, other)

    def __eq__(self, other: Any) -> Any:
        return self._with(operator.eq, self, other)

    def __ne__(self, other: Any) -> Any:
        return self._with(operator.ne, self, other)

    def __lt__(self, other: Any) -> Any:
        return self._with(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return self._with(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return self._with(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return self._with(operator.ge, self, other)

    def __neg__(self) -> Any:
        return self.ns.made(-self.value, self.batched)

    def __pos__(self) -> Batched:
        return self

    def __invert__(self) -> Any:
        return self.ns.made(~self.value, self.batched)

    def __abs__(self) -> Any:
        return self.ns.made(abs(self.value), self.batched)
