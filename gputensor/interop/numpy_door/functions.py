"""The table of NumPy's functions that take tensors and are no universal functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor import Tensor
from gputensor.interop.numpy_door import (
    creation,
    cumulative,
    elements,
    fourier,
    indexing,
    joining,
    matrices,
    products,
    reductions,
    shapes,
    sorting,
    statistics,
)

TABLE: dict[Any, Callable[..., Any]] = {
    **creation.TABLE,
    **cumulative.TABLE,
    **elements.TABLE,
    **fourier.TABLE,
    **indexing.TABLE,
    **joining.TABLE,
    **matrices.TABLE,
    **products.TABLE,
    **reductions.TABLE,
    **shapes.TABLE,
    **sorting.TABLE,
    **statistics.TABLE,
}


def call(like: Any, func: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of NumPy's ``func(*args, **kwargs)``; NotImplemented where another class should be asked.

    like: the tensor that NumPy asks, for ``like=``. Raises TypeError for a function that is not in the table.
    """
    if not all([issubclass(t, (Tensor, np.ndarray)) for t in types]):
        return NotImplemented
    function = TABLE.get(func)
    if function is not None:
        return function(*args, **kwargs)
    making = creation.LIKE.get(func)
    if making is not None:
        return making(like, *args, **kwargs)
    name = f"{func.__module__}.{func.__name__}"
    raise TypeError(
        f"{name} is not supported for tensors; call it on .detach().numpy() (.detach().cpu().numpy() on a GPU), and "
        "make a tensor of the result with gputensor.from_numpy"
    )
