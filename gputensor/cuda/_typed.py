"""PyTorch's older constructors on the current GPU. New code is clearer with ``gputensor.tensor(…, device="cuda")``.

Each raises DeviceError, saying what is missing, without a usable GPU.
"""

from __future__ import annotations

from gputensor.core import dtypes
from gputensor.ops.legacy import TensorType


class FloatTensor(metaclass=TensorType):
    """`gputensor.FloatTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.FloatTensor(2)
    """

    dtype = dtypes.float32
    device_type = "cuda"


class DoubleTensor(metaclass=TensorType):
    """`gputensor.DoubleTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.DoubleTensor(2)
    """

    dtype = dtypes.float64
    device_type = "cuda"


class HalfTensor(metaclass=TensorType):
    """`gputensor.HalfTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.HalfTensor(2)
    """

    dtype = dtypes.float16
    device_type = "cuda"


class BFloat16Tensor(metaclass=TensorType):
    """`gputensor.BFloat16Tensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.BFloat16Tensor(2)
    """

    dtype = dtypes.bfloat16
    device_type = "cuda"


class LongTensor(metaclass=TensorType):
    """`gputensor.LongTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.LongTensor(2)
    """

    dtype = dtypes.int64
    device_type = "cuda"


class IntTensor(metaclass=TensorType):
    """`gputensor.IntTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.IntTensor(2)
    """

    dtype = dtypes.int32
    device_type = "cuda"


class ShortTensor(metaclass=TensorType):
    """`gputensor.ShortTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.ShortTensor(2)
    """

    dtype = dtypes.int16
    device_type = "cuda"


class CharTensor(metaclass=TensorType):
    """`gputensor.CharTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.CharTensor(2)
    """

    dtype = dtypes.int8
    device_type = "cuda"


class ByteTensor(metaclass=TensorType):
    """`gputensor.ByteTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.ByteTensor(2)
    """

    dtype = dtypes.uint8
    device_type = "cuda"


class BoolTensor(metaclass=TensorType):
    """`gputensor.BoolTensor` on the current GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.BoolTensor(2)
    """

    dtype = dtypes.bool_
    device_type = "cuda"
