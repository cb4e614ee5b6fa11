"""Reversing, rolling and rotating along dims. All of them are copies, as in PyTorch; a reversed view is ``x[::-1]``."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError
from gputensor.ops.axes import transpose
from gputensor.ops.dims import DimError, checked, listed, many_dims, one_dim, one_int, spread

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Flip(Primitive):
    __slots__ = ("axes",)

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.copy(xp.flip(x, self.axes))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.copy(xp.flip(g, self.axes))


class Roll(Primitive):
    """A primitive because its gradient is a roll; slices and a join would write three arrays of full size there.

    shifts: one an axis, 0 <= shift < size.
    """

    __slots__ = ("axes", "shifts")

    def __init__(self, shifts: tuple[int, ...], axes: tuple[int, ...]) -> None:
        self.shifts, self.axes = shifts, axes

    def forward(self, xp: Any, x: Any) -> Any:
        for shift, axis in zip(self.shifts, self.axes, strict=True):
            before = (slice(None),) * axis
            cut = x.shape[axis] - shift
            x = xp.concat((xp.getitem(x, (*before, slice(cut, None))), xp.getitem(x, (*before, slice(0, cut)))), axis)
        return x

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        back = [(x.shape[axis] - shift) % x.shape[axis] for shift, axis in zip(self.shifts, self.axes, strict=True)]
        return Roll(tuple(back), self.axes).forward(xp, g)


def flip(input: Tensor, dims: Sequence[int]) -> Tensor:
    """The elements in reverse order along dims; a copy.

    Raises DimError (an IndexError) for a dim out of range, ShapeError for one given twice.

    >>> import gputensor as gt
    >>> gt.flip(gt.tensor([[1, 2], [3, 4]]), (0, 1))
    tensor([[4, 3],
            [2, 1]])
    """
    return _flipped("flip", checked("flip", input), listed("flip", "dims", dims))


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order, `flip` along dim 1; a copy. Raises ShapeError for fewer than 2 dims.

    >>> import gputensor as gt
    >>> gt.fliplr(gt.tensor([[1, 2], [3, 4]]))
    tensor([[2, 1],
            [4, 3]])
    """
    if checked("fliplr", input).array.ndim < 2:
        raise ShapeError(f"fliplr: expected at least 2 dims, got x of shape {tuple(input.array.shape)}; use flip()")
    return _flipped("fliplr", input, (1,))


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order, `flip` along dim 0; a copy. Raises ShapeError for a 0-d tensor.

    >>> import gputensor as gt
    >>> gt.flipud(gt.tensor([[1, 2], [3, 4]]))
    tensor([[3, 4],
            [1, 2]])
    """
    if not checked("flipud", input).array.ndim:
        raise ShapeError("flipud: expected at least 1 dim, got a 0-d tensor")
    return _flipped("flipud", input, (0,))


def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """The elements shifted along dims, those that leave at one end entering at the other; a copy.

    Without dims the flattened tensor is rolled. A dim may be named several times. Raises ShapeError unless there are
    as many shifts as dims, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.roll(gt.arange(4), 1), gt.roll(gt.tensor([[1, 2], [3, 4]]), (1, 1), (0, 1))
    (tensor([3, 0, 1, 2]), tensor([[4, 3],
            [2, 1]]))
    """
    x = checked("roll", input)
    shape = x.array.shape
    amounts: tuple[Any, ...] = tuple(shifts) if isinstance(shifts, (tuple, list)) else (shifts,)
    named: tuple[Any, ...] = () if dims is None else tuple(dims) if isinstance(dims, (tuple, list)) else (dims,)
    if not amounts:
        raise ShapeError("roll: shifts must not be empty")
    if not named and len(amounts) == 1:
        return roll(x.reshape(-1), amounts, (0,)).reshape(shape) if x.array.size else x.clone()
    if len(named) != len(amounts):
        raise ShapeError(f"roll: there must be as many shifts as dims, got shifts {amounts} and dims {named}")
    if not shape:
        raise DimError("roll: a 0-d tensor has no dim to roll along")
    axes = tuple([one_dim("roll", d, len(shape), shape) for d in named])
    if not x.array.size:
        return x.clone()
    try:
        turns = tuple([operator.index(s) % shape[axis] for s, axis in zip(amounts, axes, strict=True)])
    except TypeError:
        raise TypeError(f"roll: shifts must be ints, got {amounts!r}") from None
    return apply1(Roll(turns, axes), x)


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """The plane of two dims turned by 90 degrees k times, from the first of them towards the second; a copy.

    Raises ShapeError for fewer than 2 dims and unless two different ones are named, DimError (an IndexError) for a dim
    out of range.

    >>> import gputensor as gt
    >>> gt.rot90(gt.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    shape = checked("rot90", input).array.shape
    plane = listed("rot90", "dims", dims)
    if len(plane) != 2:
        raise ShapeError(f"rot90: expected two dims, got {plane}")
    if len(shape) < 2:
        raise ShapeError(f"rot90: expected at least 2 dims, got x of shape {tuple(shape)}")
    i, j = [one_dim("rot90", d, len(shape), shape) for d in plane]
    if i == j:
        raise ShapeError(f"rot90: the dims must be different, got {plane}")
    turns = one_int("rot90", "k", k) % 4
    if turns == 0:
        return input.clone()
    if turns == 2:
        return _flipped("rot90", input, (i, j))
    return transpose(_flipped("rot90", input, (j if turns == 1 else i,)), i, j)


def _flipped(name: str, x: Any, dims: tuple[Any, ...]) -> Any:
    axes = many_dims(name, dims, x.array.ndim, x.array.shape) if dims else ()
    return apply1(Flip(axes or ()), x)


class FlippingMethods:
    """The reversals of a tensor."""

    __slots__ = ()

    def flip(self, *order: Any, dims: Any = None) -> Tensor:
        """See `gputensor.flip`; the dims may be given as ints, too."""
        return _flipped("flip", self, spread("flip", "dims", order, dims))

    def fliplr(self) -> Tensor:
        """See `gputensor.fliplr`."""
        return fliplr(self)  # type: ignore[arg-type]

    def flipud(self) -> Tensor:
        """See `gputensor.flipud`."""
        return flipud(self)  # type: ignore[arg-type]

    def roll(self, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
        """See `gputensor.roll`."""
        return roll(self, shifts, dims)  # type: ignore[arg-type]

    def rot90(self, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
        """See `gputensor.rot90`."""
        return rot90(self, k, dims)  # type: ignore[arg-type]
