"""Unpooling, fractional and power-average pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints, ntuple

Ratios = float | Sequence[float] | None


class _MaxUnpoolNd(Module):
    """The settings of unpooling; stride None means kernel_size."""

    dims = 0

    def __init__(self, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0) -> None:
        super().__init__()
        name = self._get_name()
        self.kernel_size = ntuple(name, "kernel_size", kernel_size, self.dims)
        self.stride = ntuple(name, "stride", kernel_size if stride is None else stride, self.dims)
        self.padding = ntuple(name, "padding", padding, self.dims)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpoolNd):
    """Zeros with the values of input where `MaxPool1d` found them; see `gputensor.nn.functional.max_unpool1d`.

    >>> import gputensor as gt
    >>> gt.nn.MaxUnpool1d(2)(gt.tensor([[4.0, 6.0]]), gt.tensor([[1, 2]]))
    tensor([[0., 4., 6., 0.]])
    """

    dims = 1

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool2d(_MaxUnpoolNd):
    """Zeros with the values of input where `MaxPool2d` found them; see `gputensor.nn.functional.max_unpool2d`.

    >>> import gputensor as gt
    >>> gt.nn.MaxUnpool2d(2)(gt.tensor([[[4.0]]]), gt.tensor([[[2]]]))
    tensor([[[0., 0.],
             [4., 0.]]])
    """

    dims = 2

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool3d(_MaxUnpoolNd):
    """Zeros with the values of input where `MaxPool3d` found them; see `gputensor.nn.functional.max_unpool3d`.

    >>> import gputensor as gt
    >>> gt.nn.MaxUnpool3d(2)(gt.ones(1, 1, 1, 1), gt.tensor([[[[7]]]])).sum()
    tensor(1.)
    """

    dims = 3

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return F.max_unpool3d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class _FractionalMaxPoolNd(Module):
    """The settings of fractional max pooling: output_size or output_ratio, one of them."""

    dims = 0
    _random_samples: Tensor | None

    def __init__(
        self,
        kernel_size: Ints,
        output_size: Ints | None = None,
        output_ratio: Ratios = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        super().__init__()
        name = self._get_name()
        if (output_size is None) == (output_ratio is None):
            raise ValueError(f"{name}: give either output_size or output_ratio")
        self.kernel_size = ntuple(name, "kernel_size", kernel_size, self.dims)
        if min(self.kernel_size) < 1:
            raise ValueError(f"{name}: kernel_size must be positive, got {kernel_size}")
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = None if output_size is None else ntuple(name, "output_size", output_size, self.dims)
        self.output_ratio: tuple[float, ...] | None = None
        if output_ratio is not None:
            self.output_ratio = ntuple(name, "output_ratio", output_ratio, self.dims)
            if not all([0 < r < 1 for r in self.output_ratio]):
                raise ValueError(f"{name}: output_ratio must be between 0 and 1, got {output_ratio}")


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The maxima of windows at pseudo-random places; see `gputensor.nn.functional.fractional_max_pool2d`.

    Source: Graham 2014, arXiv:1412.6071.

    >>> import gputensor as gt
    >>> gt.nn.FractionalMaxPool2d(2, output_ratio=0.6)(gt.ones(1, 1, 10, 10)).shape
    gputensor.Size([1, 1, 6, 6])
    """

    dims = 2

    def forward(self, input: Tensor) -> Any:
        return F.fractional_max_pool2d(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, self._random_samples
        )


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The maxima of windows at pseudo-random places in volumes. See `FractionalMaxPool2d`.

    >>> import gputensor as gt
    >>> gt.nn.FractionalMaxPool3d(2, output_size=3)(gt.ones(1, 1, 5, 5, 5)).shape
    gputensor.Size([1, 1, 3, 3, 3])
    """

    dims = 3

    def forward(self, input: Tensor) -> Any:
        return F.fractional_max_pool3d(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, self._random_samples
        )


class _LPPoolNd(Module):
    """The settings of power-average pooling."""

    def __init__(
        self, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPoolNd):
    """The p-norm of every window; see `gputensor.nn.functional.lp_pool1d`.

    >>> import gputensor as gt
    >>> gt.nn.LPPool1d(2, 2)(gt.tensor([[3.0, 4.0, 0.0, 2.0]]))
    tensor([[5., 2.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(_LPPoolNd):
    """The p-norm of every window over two dims; see `gputensor.nn.functional.lp_pool2d`.

    >>> import gputensor as gt
    >>> gt.nn.LPPool2d(2, 2)(gt.tensor([[[3.0, 4.0], [0.0, 0.0]]]))
    tensor([[[5.]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool3d(_LPPoolNd):
    """The p-norm of every window over three dims; see `gputensor.nn.functional.lp_pool3d`.

    >>> import gputensor as gt
    >>> gt.nn.LPPool3d(3, 2)(gt.ones(1, 2, 2, 2))
    tensor([[[[2.]]]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool3d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)
