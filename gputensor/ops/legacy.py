"""PyTorch's older constructors, which many programs call. New code is clearer with `tensor`, `empty` and `arange`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.explain import check_number
from gputensor.errors import ArgumentError
from gputensor.ops.creation import empty
from gputensor.ops.from_data import tensor
from gputensor.ops.ranges import arange

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def FloatTensor(*data: Any) -> Tensor:
    """``tensor(data, dtype=float32)`` of a sequence; of ints, an uninitialised tensor of that shape.

    >>> import gputensor as gt
    >>> gt.FloatTensor([1, 2])
    tensor([1., 2.])
    """
    return _typed("FloatTensor", dtypes.float32, data)


def DoubleTensor(*data: Any) -> Tensor:
    """`FloatTensor` in float64.

    >>> import gputensor as gt
    >>> gt.DoubleTensor([1, 2])
    tensor([1., 2.], dtype=gputensor.float64)
    """
    return _typed("DoubleTensor", dtypes.float64, data)


def HalfTensor(*data: Any) -> Tensor:
    """`FloatTensor` in float16.

    >>> import gputensor as gt
    >>> gt.HalfTensor([1, 2])
    tensor([1., 2.], dtype=gputensor.float16)
    """
    return _typed("HalfTensor", dtypes.float16, data)


def BFloat16Tensor(*data: Any) -> Tensor:
    """`FloatTensor` in bfloat16.

    >>> import gputensor as gt
    >>> gt.BFloat16Tensor([1, 2])
    tensor([1., 2.], dtype=gputensor.bfloat16)
    """
    return _typed("BFloat16Tensor", dtypes.bfloat16, data)


def LongTensor(*data: Any) -> Tensor:
    """`FloatTensor` in int64.

    >>> import gputensor as gt
    >>> gt.LongTensor([1, 2])
    tensor([1, 2])
    """
    return _typed("LongTensor", dtypes.int64, data)


def IntTensor(*data: Any) -> Tensor:
    """`FloatTensor` in int32.

    >>> import gputensor as gt
    >>> gt.IntTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int32)
    """
    return _typed("IntTensor", dtypes.int32, data)


def ShortTensor(*data: Any) -> Tensor:
    """`FloatTensor` in int16.

    >>> import gputensor as gt
    >>> gt.ShortTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int16)
    """
    return _typed("ShortTensor", dtypes.int16, data)


def CharTensor(*data: Any) -> Tensor:
    """`FloatTensor` in int8.

    >>> import gputensor as gt
    >>> gt.CharTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int8)
    """
    return _typed("CharTensor", dtypes.int8, data)


def ByteTensor(*data: Any) -> Tensor:
    """`FloatTensor` in uint8.

    >>> import gputensor as gt
    >>> gt.ByteTensor([1, 2])
    tensor([1, 2], dtype=gputensor.uint8)
    """
    return _typed("ByteTensor", dtypes.uint8, data)


def BoolTensor(*data: Any) -> Tensor:
    """`FloatTensor` in bool.

    >>> import gputensor as gt
    >>> gt.BoolTensor([True, False])
    tensor([ True, False])
    """
    return _typed("BoolTensor", dtypes.bool_, data)


def range(
    start: Any = 0,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start to end, a step apart, end included; in the default dtype unless given. Prefer `arange`.

    >>> import gputensor as gt
    >>> gt.range(1, 3)
    tensor([1., 2., 3.])
    """
    if end is None:
        start, end = 0, start
    for argument, value in (("start", start), ("end", end), ("step", step)):
        check_number("range", argument, value)
        if not math.isfinite(value):
            raise ArgumentError(f"range: {argument} must be finite, got {value}")
    if step == 0:
        raise ArgumentError("range: step must not be 0")
    if (end - start) * (1 if step > 0 else -1) < 0:
        raise ArgumentError(f"range: step {step} leads from start {start} away from end {end}; change its sign")
    count = int((end - start) / step) + 1
    kind = dtypes.get_default_dtype() if dtype is None else dtype
    return arange(start, start + step * (count - 0.5), step, dtype=kind, device=device, requires_grad=requires_grad)


def _typed(name: str, d: dtypes.dtype, data: tuple[Any, ...]) -> Any:
    first: Any = data[0] if data else 0
    if len(data) > 1 or isinstance(first, int):
        return empty(*(data or (0,)), dtype=d, device="cpu")
    if isinstance(first, (float, complex)):
        raise TypeError(
            f"{name}: data must be a sequence, got the number {first}; use gputensor.tensor(…, dtype={d!r})"
        )
    return tensor(first, dtype=d, device="cpu")
