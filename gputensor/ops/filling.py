"""Overwriting a tensor in place: copy_, fill_, zero_."""

from __future__ import annotations

from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.primitive import Primitive
from gputensor.core.writes import COPY, write
from gputensor.errors import ShapeError
from gputensor.ops.dims import checked
from gputensor.ops.index_arguments import number_in

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Zero(Primitive):
    """x <- 0; the old x gets a gradient of zero."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.zeros_like(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


ZERO = Zero()


def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like input in which every element is a number or a 0-d tensor; errors as in `Tensor.fill_`.

    >>> import gputensor as gt
    >>> gt.fill(gt.zeros(2), 3.0)
    tensor([3., 3.])
    """
    out = checked("fill", input).clone()
    return out.fill_(value)


class FillingMethods:
    """What overwrites a tensor in place."""

    __slots__ = ()
    array: Any
    device: Any
    xp: Any

    def copy_(self, other: Tensor, non_blocking: bool = False) -> Tensor:
        """Copy other, which broadcasts, from any dtype and device, into this tensor.

        Raises ShapeError when other does not broadcast to this shape.
        """
        if not isinstance(other, _apply.Tensor):
            raise TypeError(f"copy_: expected a Tensor, got {type(other).__name__}; use fill_ for a number")
        value = other.to(self.device) if other.device != self.device else other
        return write(self, COPY, value)

    def fill_(self, value: Any) -> Tensor:
        """Set every element to a number or a 0-d tensor.

        Raises TypeError for anything else, DtypeError for a number that does not fit into this dtype.
        """
        if isinstance(value, _apply.Tensor):
            if value.array.ndim:
                raise ShapeError(
                    f"fill_: expected a number or a 0-d tensor, got shape {tuple(value.array.shape)}; use copy_"
                )
            return self.copy_(value)
        if not isinstance(value, (Number, np.bool_)):
            raise TypeError(f"fill_: value must be a number or a 0-d Tensor, got {type(value).__name__} {value!r}")
        filler = number_in("fill_", self, value).item()
        return write(self, COPY, _apply.wrap(self.xp.full((), filler, self.array.dtype), self.xp))

    def zero_(self) -> Tensor:
        """Set every element to 0."""
        return write(self, ZERO)
