"""Overwriting a tensor in place: copy_, fill_, zero_."""

from __future__ import annotations

from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.history import node_of, root_of
from gputensor.core.modes import records
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import cell_of
from gputensor.core.views import take_view
from gputensor.core.writes import COPY, Copy, write
from gputensor.errors import ShapeError
from gputensor.ops.dims import checked
from gputensor.ops.index_arguments import number_in
from gputensor.ops.indexing import Slice

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Zero(Primitive):
    """x <- 0; the old x gets a gradient of zero."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.zeros_like(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Fill(Copy):
    """x <- one value."""

    __slots__ = ()
    name = "fill"
    grad_name = "FillBackward0"


ZERO, FILL = Zero(), Fill()


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

    def copy_(self, other: Tensor | complex, non_blocking: bool = False) -> Tensor:
        """Copy other, which broadcasts, from any dtype and device, into this tensor; a number is cast as C does.

        Raises ShapeError when other does not broadcast to this shape, TypeError for what is no tensor and no number.
        """
        if not isinstance(other, _apply.Tensor):
            if not isinstance(other, (bool, int, float, complex, np.number, np.bool_)):
                raise TypeError(f"copy_: expected a Tensor or a number, got {type(other).__name__} {other!r}")
            xp = self.xp
            number = np.asarray(other, np.int64 if type(other) is int else None)
            return write(self, COPY, _apply.wrap(xp.asarray(number), xp))
        return write(self, COPY, _here(self, other))

    def fill_(self, value: Any) -> Tensor:
        """Set every element to a number or a 0-d tensor.

        Raises TypeError for anything else, DtypeError for a number that does not fit into this dtype.
        Unlike torch: expanded tensors with a history may be filled; the gradient is that of the place they share.
        """
        if isinstance(value, _apply.Tensor):
            if value.array.ndim:
                raise ShapeError(
                    f"fill_: expected a number or a 0-d tensor, got shape {tuple(value.array.shape)}; use copy_"
                )
            return write(self, FILL, _here(self, value))
        if not isinstance(value, (Number, np.bool_)):
            raise TypeError(f"fill_: value must be a number or a 0-d Tensor, got {type(value).__name__} {value!r}")
        filler = number_in("fill_", self, value, not self.array.ndim).item()  # as PyTorch, infinite without dims
        _overwrite(self, FILL, _apply.wrap(self.xp.full((), filler, self.array.dtype), self.xp))
        return self  # type: ignore[return-value]

    def zero_(self) -> Tensor:
        """Set every element to 0. Unlike torch: also of expanded tensors with a history, as `fill_`."""
        _overwrite(self, ZERO)
        return self  # type: ignore[return-value]


def _here(x: Any, value: Any) -> Any:
    return value.to(x.device) if value.device != x.device else value


def _overwrite(x: Any, prim: Primitive, *ys: Any) -> None:
    """`write` of one value everywhere: what shares one place with others is written once."""
    a, xp = x.array, x.xp
    if not xp.writable(a):
        steps = xp.strides(a)
        part = take_view(Slice(tuple([slice(None) if step else slice(0, 1) for step in steps])), x)
        if xp.writable(part.array) or (records() and node_of(x) is not None):
            x = part
        else:
            # views of expanded ones are read-only; the memory of the first of all views need not be
            first = root_of(x)
            start = (xp.address(a) - xp.address(first.array)) // a.dtype.itemsize
            shape = tuple([n if step else min(n, 1) for n, step in zip(a.shape, steps, strict=True)])
            x = _apply.wrap(xp.as_strided(first.array, shape, steps, start), xp)
            x._cell = cell_of(first)
    write(x, prim, *ys)
