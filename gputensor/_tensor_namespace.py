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
from gputensor.ops.axes import Permute
from gputensor.ops.diagonals import Diagonal, Tril, Triu
from gputensor.ops.expanding import Expand
from gputensor.ops.flipping import Flip
from gputensor.ops.joining import Cat, Stack
from gputensor.ops.layout import Clone
from gputensor.ops.shape import Reshape
from gputensor.ops.windows import AsStrided, SlidingWindow, StridedAdd, WindowAdd


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return apply1(Sum(axis, keepdims), x)


def broadcast_to(x: Any, shape: Any) -> Any:
    return take_view(Expand(tuple(shape)), x)


def reshape(x: Any, shape: Any) -> Any:
    return take_view(Reshape(tuple(shape)), x)


def permute_dims(x: Any, axes: Any) -> Any:
    return take_view(Permute(axes), x)


def expand_dims(x: Any, axis: Any) -> Any:
    shape = list(x.array.shape)
    for k in sorted(axis):
        shape.insert(k, 1)
    return take_view(Reshape(tuple(shape)), x)


def squeeze(x: Any, axis: Any) -> Any:
    return take_view(Reshape(tuple([n for k, n in enumerate(x.array.shape) if k not in axis])), x)


def flip(x: Any, axis: Any) -> Any:
    return apply1(Flip(tuple(axis)), x)


def diagonal(x: Any, offset: int, axis1: int, axis2: int) -> Any:
    return take_view(Diagonal(offset, axis1, axis2), x)


def sliding_window(x: Any, axis: int, size: int, step: int) -> Any:
    return take_view(SlidingWindow(axis, size, step), x)


def window_add(values: Any, axis: int, length: int, step: int) -> Any:
    return apply1(WindowAdd(axis, length, step), values)


def as_strided(x: Any, shape: Any, strides: Any, offset: int) -> Any:
    a = x.array
    unit = a.dtype.itemsize
    source = tuple([s // unit for s in a.strides])
    return take_view(AsStrided(tuple(shape), tuple([s // unit for s in strides]), offset // unit, source), x)


def strided_add(values: Any, strides: Any, offset: int, count: int) -> Any:
    return apply1(StridedAdd(tuple(strides), offset, count), values)


def concat(arrays: Any, axis: int) -> Any:
    return applyn(Cat(axis, tuple([x.array.shape[axis] for x in arrays])), arrays)


def stack(arrays: Any, axis: int) -> Any:
    return applyn(Stack(axis, len(arrays)), arrays)


def tril(x: Any, k: int) -> Any:
    return apply1(Tril(k), x)


def triu(x: Any, k: int) -> Any:
    return apply1(Triu(k), x)


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
