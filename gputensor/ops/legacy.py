"""PyTorch's older constructors, which many programs call. New code is clearer with `tensor`, `empty` and `arange`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.explain import check_number
from gputensor.core.naming import full_name
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError
from gputensor.ops.creation import empty
from gputensor.ops.from_data import tensor
from gputensor.ops.out_argument import into, of_out
from gputensor.ops.ranges import arange

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class TensorType(type):
    """The kind of `FloatTensor` and its kin: calling one makes a tensor, and tensors of its dtype are instances."""

    dtype: dtypes.dtype
    device_type = "cpu"

    def __call__(cls, *data: Any, device: Any = None) -> Any:
        return _typed(cls, data, cls.device_type if device is None else device)

    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, TensorBase) and x.array.dtype == cls.dtype.numpy and x.xp.device_type == cls.device_type

    def __repr__(cls) -> str:
        return f"<class '{cls.type_name}'>"

    @property
    def type_name(cls) -> str:
        """What `Tensor.type` calls these tensors."""
        return full_name(f"{'' if cls.device_type == 'cpu' else 'cuda.'}{cls.__name__}")


class FloatTensor(metaclass=TensorType):
    """``FloatTensor(data)`` is ``tensor(data, dtype=float32)`` of a sequence; of ints, an uninitialised tensor of that
    shape. ``isinstance(x, FloatTensor)`` asks for a float32 tensor on the CPU.

    >>> import gputensor as gt
    >>> gt.FloatTensor([1, 2])
    tensor([1., 2.])
    """

    dtype = dtypes.float32


class DoubleTensor(metaclass=TensorType):
    """`FloatTensor` in float64.

    >>> import gputensor as gt
    >>> gt.DoubleTensor([1, 2])
    tensor([1., 2.], dtype=gputensor.float64)
    """

    dtype = dtypes.float64


class HalfTensor(metaclass=TensorType):
    """`FloatTensor` in float16.

    >>> import gputensor as gt
    >>> gt.HalfTensor([1, 2])
    tensor([1., 2.], dtype=gputensor.float16)
    """

    dtype = dtypes.float16


class BFloat16Tensor(metaclass=TensorType):
    """`FloatTensor` in bfloat16.

    >>> import gputensor as gt
    >>> gt.BFloat16Tensor([1, 2])
    tensor([1., 2.], dtype=gputensor.bfloat16)
    """

    dtype = dtypes.bfloat16


class LongTensor(metaclass=TensorType):
    """`FloatTensor` in int64.

    >>> import gputensor as gt
    >>> gt.LongTensor([1, 2])
    tensor([1, 2])
    """

    dtype = dtypes.int64


class IntTensor(metaclass=TensorType):
    """`FloatTensor` in int32.

    >>> import gputensor as gt
    >>> gt.IntTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int32)
    """

    dtype = dtypes.int32


class ShortTensor(metaclass=TensorType):
    """`FloatTensor` in int16.

    >>> import gputensor as gt
    >>> gt.ShortTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int16)
    """

    dtype = dtypes.int16


class CharTensor(metaclass=TensorType):
    """`FloatTensor` in int8.

    >>> import gputensor as gt
    >>> gt.CharTensor([1, 2])
    tensor([1, 2], dtype=gputensor.int8)
    """

    dtype = dtypes.int8


class ByteTensor(metaclass=TensorType):
    """`FloatTensor` in uint8.

    >>> import gputensor as gt
    >>> gt.ByteTensor([1, 2])
    tensor([1, 2], dtype=gputensor.uint8)
    """

    dtype = dtypes.uint8


class BoolTensor(metaclass=TensorType):
    """`FloatTensor` in bool.

    >>> import gputensor as gt
    >>> gt.BoolTensor([True, False])
    tensor([ True, False])
    """

    dtype = dtypes.bool_


def range(
    start: Any = 0,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    layout: Any = None,
    pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The numbers from start to end, a step apart, end included; in the default dtype unless given. Prefer `arange`.

    >>> import gputensor as gt
    >>> gt.range(1, 3)
    tensor([1., 2., 3.])
    """
    dtype, device = of_out("range", out, dtype, device)
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
    result = arange(
        start, start + step * (count - 0.5), step, dtype=kind, device=device, requires_grad=requires_grad, layout=layout
    )
    return result if out is None else into("range", out, result)


def _typed(kind: TensorType, data: tuple[Any, ...], device: Any) -> Any:
    name, d = kind.__name__, kind.dtype
    first: Any = data[0] if data else 0
    if len(data) > 1 or isinstance(first, int):
        return empty(*(data or (0,)), dtype=d, device=device)
    if isinstance(first, (float, complex)):
        raise TypeError(
            f"{name}: data must be a sequence, got the number {first}; use gputensor.tensor(…, dtype={d!r})"
        )
    return tensor(first, dtype=d, device=device)
