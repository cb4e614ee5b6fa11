"""Sums, means and maxima of bags of rows, looked up by number."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, cast, together, wrap
from gputensor.core.explain import describe, dtype_name, host_of_all
from gputensor.core.promotion import BOOL, FLOATING, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.bag_sums import BagSums, WeightedBagSums, largest_rows, parts_of
from gputensor.ops.embedding import looked_up
from gputensor.ops.gathering import Gather
from gputensor.ops.operands import REAL
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sum, mean or maximum of the rows of each bag of numbers.

    input: (bag, number), int64 or int32, bags of one size; or (number,) with offsets: (bag,), where each bag begins,
    the first at 0. weight: (rows, width), floating-point; returns (bag, width), 0 for an empty bag. mode: "sum", "mean"
    or "max". per_sample_weights: factors of the rows, in the shape of input and dtype of weight, for "sum" only.
    include_last_offset: offsets has one more entry, the end of the last bag. padding_idx: a row that counts nowhere and
    gets no gradient. max_norm, norm_type, scale_grad_by_freq as in `embedding` (the latter not for "max"). The gradient
    of a maximum goes to the first of several. 16-bit floats are added up in float32. Unlike torch: sparse gradients do
    not exist. Raises ValueError for shapes and settings that do not fit, IndexError for a number out of range,
    DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> table = gt.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> gt.nn.functional.embedding_bag(gt.tensor([0, 2, 1]), table, gt.tensor([0, 2]), mode="sum")
    tensor([[6., 8.],
            [3., 4.]])
    """
    input, weight, offsets, per_sample_weights = _beside(input, weight, offsets, per_sample_weights)
    if weight.array.dtype == INT64 and input.array.dtype in FLOATING:
        warnings.warn("embedding_bag: the order is (input, weight), not (weight, input)", UserWarning, stacklevel=2)
        input, weight = weight, input
    if weight.array.dtype not in REAL:
        raise DtypeError(f"embedding_bag: weight must be floating-point, got {dtype_name(weight.array.dtype)}")
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"embedding_bag: mode must be 'sum', 'mean' or 'max', got {mode!r}")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("embedding_bag: scale_grad_by_freq does not go with mode 'max'")
    if per_sample_weights is not None and mode != "sum":
        raise ArgumentErrorForMode(f"embedding_bag: per_sample_weights is for mode 'sum' only, got {mode!r}")
    given = tuple(input.array.shape)
    if per_sample_weights is not None:
        if tuple(per_sample_weights.array.shape) != given:
            raise ShapeError(
                f"embedding_bag: per_sample_weights must have the shape of input, {given}, got "
                f"{tuple(per_sample_weights.array.shape)}"
            )
        if per_sample_weights.array.dtype != weight.array.dtype:
            raise DtypeError(
                f"embedding_bag: per_sample_weights must have the dtype of weight, {dtype_name(weight.array.dtype)}, "
                f"got {dtype_name(per_sample_weights.array.dtype)}"
            )
        per_sample_weights = per_sample_weights.reshape(math.prod(given))
    bag, bags, dropped = bags_of(input, offsets, include_last_offset)
    count = bag.array.shape[0]
    # what is behind the end of the last bag belongs to none
    numbers = input.reshape(math.prod(given))[:count]
    per_sample_weights = None if per_sample_weights is None else per_sample_weights[:count]
    numbers, weight, padding = looked_up(numbers, weight, padding_idx, max_norm, norm_type, sparse)
    d, xp = weight.array.dtype, weight.xp
    if mode == "max":
        best = _largest(weight, numbers, bag, bags, padding)
        return best[:-1] if dropped else best
    parts = parts_of(xp, bag.array, bags, weight.array)
    if per_sample_weights is None:
        out = applyn(BagSums(bags, padding, scale_grad_by_freq, parts), (weight, numbers, bag))
    else:
        prim = WeightedBagSums(bags, padding, scale_grad_by_freq, parts)
        out = applyn(prim, (weight, numbers, bag, per_sample_weights))
    if mode == "mean":
        counted = None if padding < 0 else wrap(numbers.array != padding, xp)
        each = counts_of(xp, bag.array, bags, counted, out.array.dtype)
        out = out / wrap(xp.reshape(xp.maximum(each, 1), (bags, 1)), xp)
    return cast(out[:-1] if dropped else out, d)


class ArgumentErrorForMode(NotImplementedError, ValueError):
    """A setting that belongs to another mode."""


def bags_of(input: Any, offsets: Any, last: bool) -> tuple[Any, int, bool]:
    """The bag of every number, (number,) int64; how many bags there are; whether the last one is none.

    Inside vmap the last bags of the examples may end at different places: what is behind them is a bag of its own then.
    """
    shape, xp = tuple(input.array.shape), input.xp
    if len(shape) == 2:
        if offsets is not None:
            raise ValueError(f"embedding_bag: input of shape {shape} has bags of one size and takes no offsets")
        bag = xp.arange_for(input.array, shape[0])
        return (
            wrap(xp.reshape(xp.broadcast_to(xp.reshape(bag, (-1, 1)), shape), (math.prod(shape),)), xp),
            shape[0],
            False,
        )
    if len(shape) != 1:
        raise ShapeError(f"embedding_bag: input must have shape (bag, number) or (number,), got {shape}")
    if offsets is None or offsets.array.ndim != 1:
        raise ValueError("embedding_bag: input of one dim needs offsets of one dim, where each bag begins")
    starts = offsets.array
    if starts.dtype.kind not in "iu" or starts.dtype != input.array.dtype:
        raise DtypeError(
            f"embedding_bag: offsets must have the dtype of input, {dtype_name(input.array.dtype)}, got "
            f"{dtype_name(starts.dtype)}"
        )
    if last and not starts.shape[0]:
        raise ValueError("embedding_bag: with include_last_offset offsets must have at least one entry")
    ends: Any = None
    if starts.shape[0]:
        # the first and the last
        ends = host_of_all(xp, xp.getitem(starts, (slice(None, None, max(starts.shape[0] - 1, 1)),)))
        if ends[..., 0].any():
            raise ValueError("embedding_bag: offsets[0] must be 0, as the first bag begins with the first number")
        if (ends[..., -1] > shape[0]).any():
            raise ValueError(f"embedding_bag: the last of offsets must not be beyond the {shape[0]} numbers of input")
    elif shape[0]:
        raise ValueError("embedding_bag: offsets is empty, but input is not")
    dropped = last and ends.ndim > 1
    last = last and not dropped
    bags = starts.shape[0] - (1 if last else 0)
    count = int(ends[-1]) if last else shape[0]
    starts = xp.getitem(starts, (slice(0, bags),))
    # a number belongs to the last bag that begins at or before it
    places = xp.astype(xp.arange_for(starts, count), starts.dtype)
    found = xp.astype(xp.searchsorted(starts, places, True), INT64) - 1
    return wrap(found, xp), bags, dropped


def counts_of(xp: Any, bag: Any, bags: int, counted: Any, dtype: Any) -> Any:
    """How many numbers each bag has, of those that are counted."""
    ones = xp.full(bag.shape, 1, dtype) if counted is None else xp.astype(counted.array, dtype)
    return xp.index_add(ones, (bags,), (bag,))


def _largest(weight: Any, numbers: Any, bag: Any, bags: int, padding: int) -> Any:
    """The maxima over each bag, read from weight at the first place that has them."""
    xp, width = weight.xp, weight.array.shape[1]
    if not numbers.array.shape[0]:
        # nothing is read, but the result has a history
        never = wrap(xp.full((), False, BOOL), xp)
        return wrap(xp.zeros_for(weight.array, (bags, width)), xp) + where(never, weight.sum(), 0.0)
    if xp.library == "batch":
        counted = None if padding < 0 else numbers.array != padding
        chosen, empty = _places_of_largest(xp, weight.array, numbers.array, bag.array, bags, counted)
    else:
        chosen, lonely = largest_rows(xp, weight.array, numbers.array, bag.array, bags, padding)
        empty = xp.reshape(lonely, (bags, 1))
    return where(wrap(empty, xp), 0.0, applyn(Gather(0), (weight, wrap(chosen, xp))))


def _places_of_largest(xp: Any, weight: Any, numbers: Any, bag: Any, bags: int, counted: Any) -> tuple[Any, Any]:
    """`largest_rows` inside of vmap, where every example has bags of its own: all rows at once."""
    width, count = weight.shape[1], numbers.shape[0]
    kept, places = xp.index_get(weight, (numbers,)), xp.arange_for(weight, count)
    known = None if counted is None else xp.expand_dims(counted, (1,))
    wide = xp.broadcast_to(xp.reshape(bag, (-1, 1)), kept.shape)
    lowest = xp.full((bags, width), float("-inf"), kept.dtype)
    kept = kept if known is None else xp.where(known, kept, xp.full((), float("-inf"), kept.dtype))
    best = xp.scatter_reduce(lowest, wide, kept, 0, "max")
    here = xp.logical_or(kept == xp.index_get(best, (bag,)), kept != kept)
    here = here if known is None else xp.logical_and(here, known)
    column = xp.broadcast_to(xp.reshape(places, (-1, 1)), kept.shape)
    first = xp.full((bags, width), count, INT64)
    first = xp.scatter_reduce(first, wide, xp.where(here, column, xp.full((), count, INT64)), 0, "min")
    empty = first == count
    at = xp.where(empty, xp.zeros_like(first), first)
    return xp.reshape(xp.index_get(xp.astype(numbers, INT64), (xp.reshape(at, (-1,)),)), at.shape), empty


def _beside(input: Any, weight: Any, offsets: Any, factors: Any) -> list[Any]:
    """The tensors in one namespace, which inside vmap they may not have. Raises TypeError, DeviceError."""
    given = [input, weight, offsets, factors]
    for label, value in (("input", input), ("weight", weight), ("offsets", offsets), ("per_sample_weights", factors)):
        if value is None and label in ("offsets", "per_sample_weights"):
            continue
        if not isinstance(value, TensorBase):
            raise TypeError(f"embedding_bag: {label} must be a Tensor, got {describe(value)}")
    tensors = [x for x in given if x is not None]
    if any([x.xp is not input.xp for x in tensors]):
        joined = iter(together("embedding_bag", tensors))
        given = [None if x is None else next(joined) for x in given]
    return given
