"""What NumPy asks a tensor when one of its functions meets one. The functions themselves are loaded on first need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.dtypes import dtype_for_numpy

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class NumpyProtocolMethods:
    """NumPy's functions on tensors: the results are tensors with a graph."""

    __slots__ = ()
    array: Any

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from gputensor.interop.numpy_door import ufuncs

        return ufuncs.call(ufunc, method, inputs, kwargs)

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        from gputensor.interop.numpy_door import functions

        return functions.call(self, func, types, args, kwargs)

    @property
    def strides(self) -> tuple[int, ...]:
        """How many bytes lie between neighbours along each dim, as an array's; ``stride()`` counts elements.

        >>> import gputensor as gt
        >>> gt.zeros(2, 3).strides, gt.zeros(2, 3).stride()
        ((12, 4), (3, 1))
        """
        return tuple(self.array.strides)

    def astype(self, dtype: Any, *, copy: bool = True) -> Tensor:
        """The elements in another dtype: NumPy's name for ``to(dtype, copy=copy)``, for what NumPy's functions gave.

        dtype: a dtype of gputensor's or NumPy's, or NumPy's name of one ("float" is float64). copy=False gives the
        tensor itself where it has that dtype.

        >>> import gputensor as gt, numpy as np
        >>> np.where(gt.tensor([True, False]), 1, 0).astype(np.int8)
        tensor([1, 0], dtype=gputensor.int8)
        """
        out: Tensor = self.to(dtype_for_numpy(dtype), copy=copy)  # type: ignore[attr-defined]
        return out
