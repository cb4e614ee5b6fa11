"""Power-average pooling: the p-norm of each window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.ops.dims import checked
from gputensor.ops.pooling import avg_pool1d, avg_pool2d, avg_pool3d, max_pool1d, max_pool2d, max_pool3d
from gputensor.ops.spatial import Ints, per_dim

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_MAX = (max_pool1d, max_pool2d, max_pool3d)
_AVG = (avg_pool1d, avg_pool2d, avg_pool3d)


def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """The p-norm of each window over one spatial dim.

    input: (batch, channel, length) or (channel, length). The rest as in `lp_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.lp_pool1d(gt.tensor([[3.0, 4.0, 0.0, 2.0]]), 2, 2)
    tensor([[5., 2.]])
    """
    return _pooled("lp_pool1d", 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """The p-norm of each window over two spatial dims: sum(x ** p) ** (1 / p), without the absolute value.

    input: (batch, channel, height, width) or without batch; norm_type: p; inf and -inf take the largest and the
    smallest absolute value. A window that ceil_mode lets end outside counts as if it were whole: its mean times the
    number of taps. The gradient of a window of zeros is nan, as in PyTorch. Errors as in `avg_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.lp_pool2d(gt.tensor([[[3.0, 4.0], [0.0, 0.0]]]), 2, 2)
    tensor([[[5.]]])
    """
    return _pooled("lp_pool2d", 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Tensor:
    """The p-norm of each window over three spatial dims.

    input: (batch, channel, depth, height, width) or without batch. The rest as in `lp_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.functional.lp_pool3d(gt.ones(1, 2, 2, 2), 3, 2)
    tensor([[[[2.]]]])
    """
    return _pooled("lp_pool3d", 3, input, norm_type, kernel_size, stride, ceil_mode)


def _pooled(name: str, dims: int, x: Any, p: Any, kernel: Any, stride: Any, ceil: bool) -> Any:
    checked(name, x)
    taps = math.prod(per_dim(name, "kernel_size", kernel, dims))
    if isinstance(p, (int, float)) and math.isinf(p):
        size, pool = x.abs(), _MAX[dims - 1]
        return pool(size, kernel, stride, ceil_mode=ceil) if p > 0 else -pool(-size, kernel, stride, ceil_mode=ceil)
    out = _AVG[dims - 1](x.pow(p), kernel, stride, 0, ceil)
    # a root of a negative sum would be nan
    return (out.sign() * out.abs().relu() * taps).pow(1.0 / p)
