"""What NumPy asks a tensor when one of its functions meets one. The functions themselves are loaded on first need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class NumpyProtocolMethods:
    """NumPy's functions on tensors: the results are tensors with a graph."""

    __slots__ = ()

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from gputensor.interop.numpy_door import ufuncs

        return ufuncs.call(ufunc, method, inputs, kwargs)

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        from gputensor.interop.numpy_door import functions

        return functions.call(self, func, types, args, kwargs)
