"""``where=``: which elements take part in a reduction, and which ones of ``out`` are written."""

from __future__ import annotations

from typing import Any

from gputensor import Tensor
from gputensor.core.dtypes import bool_
from gputensor.errors import ShapeError
from gputensor.interop.numpy_door.arguments import tensors


def mask_over(name: str, x: Tensor, where: Any) -> Tensor | None:
    """The elements of x that take part, as booleans in its shape; None for all. Raises ShapeError where it does not
    fit."""
    if where is True:
        return None
    mask = tensors(x, where)[1]
    if mask.dtype is not bool_:
        raise TypeError(f"{name}: where= must be booleans, got {mask.dtype}")
    shape, wanted = tuple(mask.shape), tuple(x.shape)
    lead = len(wanted) - len(shape)
    if lead < 0 or any([n not in (1, m) for n, m in zip(shape, wanted[lead:], strict=True)]):
        raise ShapeError(f"{name}: where= has shape {shape}, which does not broadcast to {wanted}")
    return mask.expand(wanted)


def taking_part(name: str, x: Tensor, where: Any, neutral: Any) -> Tensor:
    """x with a neutral number for the elements that do not take part."""
    mask = mask_over(name, x, where)
    return x if mask is None else x.masked_fill(~mask, neutral)
