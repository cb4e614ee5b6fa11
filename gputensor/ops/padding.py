"""Padding: more elements at both ends of the last dims."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply1, applyn, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, describe
from gputensor.core.writes import ViewPut, ViewWrite
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.index_arguments import number_in
from gputensor.ops.indexing import Slice, getitem
from gputensor.ops.joining import cat
from gputensor.ops.layout import channels_last, contiguous_format, is_contiguous, suggested_format

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """input with more elements at both ends of its last dims.

    pad: (before, after) of the last dim, then of the one before it, and so on; a negative number takes elements away.
    mode: "constant" (value, 0 unless given), "reflect" (mirrored, without the border itself), "replicate" (the border
    repeated) or "circular" (from the other end). Returns a new tensor; "constant" keeps the memory format. Raises
    ShapeError for an odd number of entries or more pairs than dims, where "reflect" would need more than all but the
    border or "circular" more than there is; ValueError for an unknown mode.
    Unlike torch: every mode pads any number of dims, and booleans, too.

    >>> import gputensor as gt
    >>> gt.nn.functional.pad(gt.tensor([1.0, 2.0, 3.0]), (2, 1))
    tensor([0., 0., 1., 2., 3., 0.])
    >>> gt.nn.functional.pad(gt.tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    tensor([3., 2., 1., 2., 3., 2.])
    """
    if not isinstance(input, _apply.Tensor):
        raise TypeError(f"pad: input must be a Tensor, got {describe(input)}")
    shape = input.array.shape
    pairs = _pairs(pad, shape)
    kept = [(max(-before, 0), max(-after, 0)) for before, after in pairs]
    if mode == "constant":
        if value is not None:
            check_number("pad", "value", value)
            given: Any = value
            if isinstance(given, _apply.Tensor):
                given = given.item()
            value = number_in("pad", input, given).item()
            if input.array.dtype.kind == "u" and given < 0:
                raise DtypeError(f"pad: {given} does not fit into {describe(input)}; use 0 or more")
        return _constant(
            _cropped(input, kept), [(max(b, 0), max(a, 0)) for b, a in pairs], 0 if value is None else value
        )
    if mode not in ("reflect", "replicate", "circular"):
        raise ValueError(f"pad: mode must be 'constant', 'reflect', 'replicate' or 'circular', got {mode!r}")
    if value:
        raise ValueError(f"pad: value belongs to mode 'constant', not to {mode!r}")
    # around the corner there is only what is left; a mirror shows what is taken away, too
    out = _cropped(input, kept) if mode == "circular" else input
    bordered = _bordered if mode == "circular" else autocasts("reflection_pad")(_bordered)
    for axis, (before, after) in enumerate(pairs):
        if before > 0 or after > 0:
            out = bordered(out, axis, max(before, 0), max(after, 0), mode)
    cut = out if mode == "circular" else _cropped(out, kept)
    # taking away gives a view, and padding nothing input itself: the result is neither
    if mode != "circular" and suggested_format(input.array) is channels_last:
        return cut.clone(memory_format=channels_last)
    return cut if cut is out is not input and out._parent is None else cut.clone(memory_format=contiguous_format)


def _pairs(pad: Any, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """(before, after) for every dim, the first dim first."""
    try:
        given = [operator.index(n) for n in pad]
    except TypeError:
        raise TypeError(f"pad: pad must be a sequence of ints, got {pad!r}") from None
    if len(given) % 2:
        raise ShapeError(f"pad: pad must have two entries a dim, (before, after), got {len(given)}: {tuple(given)}")
    count = len(given) // 2
    if count > len(shape):
        raise ShapeError(f"pad: pad {tuple(given)} is for {count} dims, input of shape {tuple(shape)} has {len(shape)}")
    pairs = [(0, 0)] * (len(shape) - count) + [(given[2 * k], given[2 * k + 1]) for k in range(count - 1, -1, -1)]
    for n, (before, after) in zip(shape, pairs, strict=True):
        if n + min(before, 0) + min(after, 0) < 0:
            raise ShapeError(f"pad: pad {tuple(given)} takes away more than input of shape {tuple(shape)} has")
    return pairs


def _cropped(x: Any, kept: list[tuple[int, int]]) -> Any:
    if not any([max(pair) for pair in kept]):
        return x
    return getitem(x, tuple([slice(before, n - after) for n, (before, after) in zip(x.array.shape, kept, strict=True)]))


def _constant(x: Any, pairs: list[tuple[int, int]], value: float) -> Any:
    if is_contiguous(x.array, channels_last) and not is_contiguous(x.array):
        turned = [pairs[0], pairs[2], pairs[3], pairs[1]]
        return _constant(x.permute(0, 2, 3, 1), turned, value).permute(0, 3, 1, 2)
    shape = x.array.shape
    place = Slice(tuple([slice(before, before + n) for n, (before, _) in zip(shape, pairs, strict=True)]))
    full = tuple([n + before + after for n, (before, after) in zip(shape, pairs, strict=True)])
    if value == 0:
        return apply1(ViewPut(full, x.array.dtype, (place,)), x)
    return applyn(ViewWrite((place,)), (wrap(x.xp.full(full, value, x.array.dtype), x.xp), x))


def _bordered(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    """x with more elements at both ends of one axis, all of them its own."""
    shape = tuple(x.array.shape)
    n = shape[axis]
    room = {"reflect": n - 1, "circular": n, "replicate": max(before, after) if n else 0}[mode]
    if max(before, after) > room:
        raise ShapeError(
            f"pad: mode {mode!r} can add at most {max(room, 0)} elements at an end of dim {axis} of x of shape "
            f"{shape}, got {(before, after)}"
        )

    def part(start: int, stop: int | None, step: int = 1) -> Any:
        return getitem(x, (*(slice(None),) * axis, slice(start, stop, step)))

    if mode == "reflect":
        first, last = part(before, 0, -1), part(n - 2, n - 2 - after if after < n - 1 else None, -1)
    elif mode == "circular":
        first, last = part(n - before, None), part(0, after)
    else:
        first, last = (
            part(at, at + 1).expand((*shape[:axis], count, *shape[axis + 1 :]))
            for at, count in ((0, before), (n - 1, after))
        )
    return cat([piece for piece, count in ((first, before), (x, 1), (last, after)) if count], axis)
