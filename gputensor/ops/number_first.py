"""The older order of arguments, ``x.add_(-0.1, g)``, in which the factors stand before what they scale.

PyTorch documents it no longer and takes it still, and so do programs. New code is clearer with ``alpha=``.
"""

from __future__ import annotations

from typing import Any

from gputensor.core.explain import describe
from gputensor.core.tensor_base import TensorBase

_NUMBERS = (bool, int, float, complex)


def number_first(name: str, keyword: str, value: Any, given: tuple[Any, ...], tensors: int) -> tuple[Any, ...]:
    """(factor, tensor, …) of the arguments `given`, the first of which must be a number; keyword: the factor's name.

    >>> number_first("add", "alpha", 1, (2, "a tensor"), 1)
    (2, 'a tensor')
    """
    if len(given) != tensors + 1 or not _is_number(given[0]):
        raise TypeError(
            f"{name}: takes {tensors} argument{'s' if tensors > 1 else ''} beside the first tensor, got {len(given)}; "
            f"give the factor by name, {keyword}=…"
        )
    _check_one(name, keyword, value)
    return _number(given[0]), *given[1:]


def factors_first(name: str, given: tuple[Any, ...], beta: Any, alpha: Any) -> tuple[Any, Any, Any, Any, Any]:
    """(input, left, right, beta, alpha) of (beta, input, alpha, left, right) or (beta, input, left, right).

    >>> factors_first("addmm", (2, "x", "a", "b"), 1, 1)
    ('x', 'a', 'b', 2, 1)
    """
    if len(given) == 4:
        given = *given[:2], 1, *given[2:]
    if len(given) != 5 or not (_is_number(given[0]) and _is_number(given[2])):
        raise TypeError(
            f"{name}: takes 3 tensors, got {len(given)} arguments; give the factors by name, beta=…, alpha=…"
        )
    _check_one(name, "beta", beta)
    _check_one(name, "alpha", alpha)
    return given[1], given[3], given[4], _number(given[0]), _number(given[2])


def _check_one(name: str, keyword: str, value: Any) -> None:
    if isinstance(value, TensorBase) or value != 1:
        raise TypeError(f"{name}: {keyword} is given twice, by position and as {keyword}={describe(value)}")


def _is_number(x: Any) -> bool:
    if isinstance(x, TensorBase):
        return x.array.ndim == 0 and not x.requires_grad  # type: ignore[attr-defined]  # tensors have it
    return isinstance(x, _NUMBERS)


def _number(x: Any) -> Any:
    return x.item() if isinstance(x, TensorBase) else x  # type: ignore[attr-defined]  # tensors have it
