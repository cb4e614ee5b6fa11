"""The vocabulary over Tensors: gradients run over it when they are to be differentiated themselves."""

from __future__ import annotations

import sys
from typing import Any

from gputensor.autograd.engine import register_namespace
from gputensor.core.apply import apply1, applyn, cast, wrap
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.tensor_base import TensorBase
from gputensor.core.views import take_view
from gputensor.core.writes import ViewPut, ViewWrite
from gputensor.ops.arithmetic import pow as pow
from gputensor.ops.exponential import exp as exp
from gputensor.ops.exponential import log as log
from gputensor.ops.exponential import tanh as tanh
from gputensor.ops.indexing import Gather, IndexAdd, IndexPut
from gputensor.ops.indexing import getitem as getitem
from gputensor.ops.linalg import matmul as matmul
from gputensor.ops.reduction import Sum
from gputensor.ops.shape import Clone, Expand, Permute, Reshape


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return apply1(Sum(axis, keepdims), x)


def broadcast_to(x: Any, shape: Any) -> Any:
    return take_view(Expand(tuple(shape)), x)


def spread(x: Any, shape: Any) -> Any:
    return take_view(Expand(tuple(shape)), x)


def reshape(x: Any, shape: Any) -> Any:
    return take_view(Reshape(tuple(shape)), x)


def permute_dims(x: Any, axes: Any) -> Any:
    return take_view(Permute(axes), x)


def astype(x: Any, dtype: Any) -> Any:
    return cast(x, numpy_dtype(dtype))


def copy(x: Any, order: str = "K") -> Any:
    return apply1(Clone(order), x)


def conj(x: Any) -> Any:
    return x


def real(x: Any) -> Any:
    return x


def zeros_like(x: Any) -> Any:
    return wrap(x.xp.zeros_like(x.array), x.xp)


def zeros_for(x: Any, shape: Any) -> Any:
    return wrap(x.xp.zeros_for(x.array, shape), x.xp)


def scalar(value: Any, dtype: Any) -> Any:
    return value


def view_put(value: Any, shape: Any, dtype: Any, chain: Any) -> Any:
    return apply1(ViewPut(tuple(shape), numpy_dtype(dtype), chain), value)


def view_set(x: Any, chain: Any, value: Any) -> Any:
    value = value if isinstance(value, TensorBase) else wrap(x.xp.full((), value, x.array.dtype), x.xp)
    return applyn(ViewWrite(chain), (x, value))


def index_get(x: Any, index: Any) -> Any:
    return apply1(Gather(index), x)


def index_add(values: Any, shape: Any, index: Any) -> Any:
    return apply1(IndexAdd(tuple(shape), index), values)


def index_put(x: Any, index: Any, values: Any) -> Any:
    return applyn(IndexPut(index), (x, values))


register_namespace(sys.modules[__name__])
