"""Places in a tensor seen as one row, as one index a dim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import wrap
from gputensor.core.dtypes import int64
from gputensor.core.explain import describe
from gputensor.errors import DtypeError, NumberRangeError
from gputensor.ops.dims import array_of, one_int

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """For flat places in a tensor of a shape, the index along each of its dims.

    indices: any shape, integers; the results have its shape and are int64. Places beyond the last wrap around, negative
    ones too, as in PyTorch. Raises DtypeError for other dtypes, NumberRangeError (a ValueError) for negative sizes.

    >>> import gputensor as gt
    >>> gt.unravel_index(gt.tensor([5, 1]), (2, 3))
    (tensor([1, 0]), tensor([2, 1]))
    """
    a = array_of("unravel_index", indices, "indices")
    if a.dtype.kind not in "iu":
        raise DtypeError(f"unravel_index: expected integers, got {describe(indices)}; convert with .long()")
    given = shape if isinstance(shape, (tuple, list)) else (shape,)
    sizes = [one_int("unravel_index", "shape", n) for n in given]
    if any([n < 0 for n in sizes]):
        raise NumberRangeError(f"unravel_index: sizes must not be negative, got {tuple(sizes)}")
    rest: Any = wrap(indices.xp.astype(a, int64.numpy), indices.xp)
    along = []
    for n in reversed(sizes):
        along.append(rest % n)
        rest = rest // n
    return tuple(along[::-1])
