"""Normalization of each sample by itself: LayerNorm, GroupNorm, RMSNorm, LocalResponseNorm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex

from gputensor._tensor import Tensor
from gputensor.core.explain import describe
from gputensor.errors import ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints, check_size
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty
from gputensor.ops.dims import one_int
from gputensor.ops.ranges import arange


class LayerNorm(Module):
    """Normalize the last dims of every sample by their mean and variance, then scale and shift them.

    (input - mean) / sqrt(var + eps) * weight + bias, var without Bessel's correction. input: (..., *normalized_shape);
    weight and bias have the shape normalized_shape. Raises ShapeError where the last dims differ from it. Source: Ba et
    al. 2016, arXiv:1607.06450.

    >>> import gputensor as gt
    >>> gt.nn.LayerNorm(2)(gt.tensor([[1.0, 3.0]])).round(decimals=3)
    tensor([[-1.,  1.]], grad_fn=<RoundBackward0>)
    """

    normalized_shape: tuple[int, ...]
    weight: Tensor | None
    bias: Tensor | None

    def __init__(
        self,
        normalized_shape: Ints,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(self, normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        size = self.normalized_shape
        self.register_parameter(
            "weight", Parameter(empty(size, device=device, dtype=dtype)) if elementwise_affine else None
        )
        self.register_parameter(
            "bias", Parameter(empty(size, device=device, dtype=dtype)) if elementwise_affine and bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set weight to 1 and bias to 0."""
        _ones_and_zeros(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        try:
            return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)
        except ShapeError as error:
            raise _last_dims_fault(self, input, error) from None

    def extra_repr(self) -> str:
        words = f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        return f"{words}, bias={self.bias is not None}"


class GroupNorm(Module):
    """Normalize groups of channels of every sample by their mean and variance, then scale and shift every channel.

    input: (batch, num_channels, ...). Raises ValueError where num_groups does not divide num_channels, ShapeError for
    another number of channels. Source: Wu and He 2018, arXiv:1803.08494.

    >>> import gputensor as gt
    >>> gt.nn.GroupNorm(2, 4)(gt.ones(5, 4, 3)).shape
    gputensor.Size([5, 4, 3])
    """

    weight: Tensor | None
    bias: Tensor | None

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        one_int("GroupNorm", "num_groups", num_groups)
        check_size("GroupNorm", "num_channels", num_channels)
        if num_groups <= 0:
            raise ValueError(f"GroupNorm: num_groups must be a positive integer, got {num_groups}")
        if num_channels % num_groups != 0:
            raise ValueError(f"GroupNorm: num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.register_parameter(
            "weight", Parameter(empty(num_channels, device=device, dtype=dtype)) if affine else None
        )
        self.register_parameter(
            "bias", Parameter(empty(num_channels, device=device, dtype=dtype)) if affine and bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set weight to 1 and bias to 0."""
        _ones_and_zeros(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        try:
            return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)
        except ShapeError:
            if input.dim() > 1 and input.shape[1] == self.num_channels:
                raise
            raise ShapeError(
                f"{self._get_name()}(num_groups={self.num_groups}, num_channels={self.num_channels}): expected "
                f"{self.num_channels} "
                f"channels in dim 1 of the input, got shape {tuple(input.shape)}"
            ) from None

    def extra_repr(self) -> str:
        sizes = f"{self.num_groups}, {self.num_channels}"
        return f"{sizes}, eps={self.eps}, affine={self.affine}, bias={self.bias is not None}"


class RMSNorm(Module):
    """Divide the last dims of every sample by the root of their mean square, then scale them.

    input / sqrt(mean(input**2) + eps) * weight; eps None means the smallest step of the input's dtype. input: (...,
    *normalized_shape). Raises ShapeError where the last dims differ from it. Source: Zhang and Sennrich 2019,
    arXiv:1910.07467.

    >>> import gputensor as gt
    >>> gt.nn.RMSNorm(2)(gt.tensor([[3.0, 3.0]])).round(decimals=3)
    tensor([[1., 1.]], grad_fn=<RoundBackward0>)
    """

    normalized_shape: tuple[int, ...]
    weight: Tensor | None

    def __init__(
        self,
        normalized_shape: Ints,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(self, normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        size = self.normalized_shape
        self.register_parameter(
            "weight", Parameter(empty(size, device=device, dtype=dtype)) if elementwise_affine else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set weight to 1."""
        _ones_and_zeros(self.weight, None)

    def forward(self, x: Tensor) -> Tensor:
        try:
            return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)
        except ShapeError as error:
            raise _last_dims_fault(self, x, error) from None

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class LocalResponseNorm(Module):
    """Divide every element by a power of the mean square of its `size` neighbours among the channels.

    input / (k + alpha * mean)**beta, with zeros beyond the first and last channel. input: (batch, channels, ...).
    Source: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks".

    >>> import gputensor as gt
    >>> gt.nn.LocalResponseNorm(1, alpha=3.0, beta=1.0)(gt.ones(1, 2, 1))
    tensor([[[0.2500],
             [0.2500]]])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class CrossMapLRN2d(Module):
    """`LocalResponseNorm` of images with a window that is centred: (size - 1) // 2 channels to both sides.

    input / (k + alpha / size * sum of squares)**beta. input: (batch, channels, height, width). As in PyTorch, an even
    size counts one channel less than it divides by, and the first channel counts for all. Unlike torch: the gradient
    is that of these values. Raises ShapeError for another number of dims.

    >>> import gputensor as gt
    >>> gt.nn.CrossMapLRN2d(1, alpha=3.0, beta=1.0)(gt.ones(1, 2, 1, 1)).flatten()
    tensor([0.2500, 0.1429])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() != 4:
            raise ShapeError(
                f"CrossMapLRN2d({self.size}): expected (batch, channels, height, width), got shape {tuple(input.shape)}"
            )
        batch, channels, height, width = input.shape
        squares = (input * input).reshape((batch, channels, height * width))
        c = arange(channels, device=input.device)
        near = ((c.unsqueeze(1) - c).abs() <= (self.size - 1) // 2) | (c == 0)
        sums = (near.to(input.dtype) @ squares).reshape(input.shape)
        return input * (sums * (self.alpha / self.size) + self.k) ** -self.beta

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def _shape(layer: Module, given: Ints) -> tuple[int, ...]:
    shape: Any = (given,) if isinstance(given, SupportsIndex) else given
    if isinstance(shape, str) or not isinstance(shape, Iterable):
        raise TypeError(f"{type(layer).__name__}: normalized_shape must be an int or several, got {describe(given)}")
    for k, size in enumerate(shape):
        check_size(type(layer).__name__, f"normalized_shape[{k}]", size)
    return tuple(shape)


def _ones_and_zeros(weight: Tensor | None, bias: Tensor | None) -> None:
    if weight is not None:
        init.ones_(weight)
    if bias is not None:
        init.zeros_(bias)


def _last_dims_fault(layer: LayerNorm | RMSNorm, input: Tensor, error: ShapeError) -> ShapeError:
    wanted = layer.normalized_shape
    if tuple(input.shape[-len(wanted) :]) == wanted:
        return error
    return ShapeError(
        f"{layer._get_name()}({wanted}): expected {wanted} in the last dims of the input, got shape "
        f"{tuple(input.shape)}"
    )
