"""Layers that learn from their first batch how many inputs they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from gputensor._tensor import Tensor
from gputensor.core.dtypes import int64
from gputensor.core.modes import no_grad
from gputensor.errors import ArgumentError, ShapeError
from gputensor.nn.modules.batchnorm import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    _InstanceNorm,
)
from gputensor.nn.modules.conv import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from gputensor.nn.modules.linear import Linear
from gputensor.nn.modules.sizes import Ints
from gputensor.nn.parameter import UninitializedBuffer, UninitializedParameter, is_lazy
from gputensor.ops.creation import tensor


class LazyModuleMixin:
    """What makes a module lazy: before the first call `initialize_parameters(*args)` gives its parameters a shape.

    A class inherits this before its module class, sets uninitialized parameters and writes `initialize_parameters`.
    cls_to_become: the class that the module has from then on. A loaded state gives the shapes, too.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyLinear(3); layer.has_uninitialized_params()
    True
    """

    cls_to_become: ClassVar[type | None] = None
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._load_hook = self._register_load_state_dict_pre_hook(_take_shapes, with_module=True)
        self._initialize_hook = self.register_forward_pre_hook(_infer, with_kwargs=True)

    def _save_to_state_dict(self: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
        lazy = {name: t for name, t in self._members() if is_lazy(t) and name not in self._non_persistent_buffers_set}
        if not lazy:
            super()._save_to_state_dict(destination, prefix, keep_vars)  # type: ignore[misc]  # the layer's, which comes after this class
            return
        for name, member in self._members():
            if member is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = member if keep_vars or name in lazy else member.detach()

    def _members(self) -> Iterable[tuple[str, Any]]:
        return (*self._parameters.items(), *self._buffers.items())

    def has_uninitialized_params(self) -> bool:
        """Whether a parameter or buffer has no shape yet."""
        return any([is_lazy(member) for _, member in self._members()])

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shapes, from the arguments of the first call; every lazy module writes its own."""
        raise NotImplementedError(f"initialize_parameters is not implemented for {type(self).__name__}")


def _take_shapes(module: Any, state_dict: Any, prefix: str, *rest: Any) -> None:
    """Before loading: the shapes of the values to come."""
    for name, member in module._members():
        value = state_dict.get(prefix + name)
        if is_lazy(member) and value is not None and not is_lazy(value):
            member.materialize(value.shape)


def _infer(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Before the first call: shapes, and an ordinary module from now on."""
    module.initialize_parameters(*args, **kwargs)
    if module.has_uninitialized_params():
        raise ArgumentError(f"module {module._get_name()} has not been fully initialized by initialize_parameters")
    module._initialize_hook.remove()
    module._load_hook.remove()
    del module._initialize_hook, module._load_hook
    if module.cls_to_become is not None:
        module.__class__ = module.cls_to_become


class LazyLinear(LazyModuleMixin, Linear):
    """A `Linear` layer that takes in_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyLinear(3); _ = layer(gt.ones(5, 2)); layer
    Linear(in_features=2, out_features=3, bias=True)
    """

    cls_to_become = Linear

    def __init__(self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        if not self.has_uninitialized_params() and self.in_features != 0:
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        width = input.shape[-1]
        if self.has_uninitialized_params():
            self.in_features = width
            _materialize(self.weight, (self.out_features, width))
            _materialize(self.bias, (self.out_features,))
            with no_grad():
                self.reset_parameters()
        elif self.in_features == 0:
            self.in_features = _known(self, width, self.weight.shape[-1])


class _LazyConv(LazyModuleMixin):
    """What the lazy convolutions share."""

    out_channels: int
    in_channels: int
    weight: Tensor
    bias: Tensor | None

    def _begin(self: Any, out_channels: int, bias: bool, device: Any, dtype: Any) -> None:
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_channels = out_channels
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self: Any) -> None:
        if not self.has_uninitialized_params() and self.in_channels != 0:
            super().reset_parameters()  # type: ignore[misc]  # the layer's, which comes after this class

    def initialize_parameters(self: Any, input: Tensor, *args: Any, **kwargs: Any) -> None:
        n = self.ndim
        if input.dim() not in (n + 1, n + 2):
            raise ShapeError(
                f"{self._get_name()}: expected {n + 1}D (unbatched) or {n + 2}D (batched) input, got shape "
                f"{tuple(input.shape)}"
            )
        channels = input.shape[-n - 1]
        if self.has_uninitialized_params():
            if channels % self.groups:
                raise ValueError(
                    f"{self._get_name()}: in_channels must be divisible by groups, got {channels} and {self.groups}"
                )
            self.in_channels = channels
            first, second = (channels, self.out_channels) if self.transposed else (self.out_channels, channels)
            _materialize(self.weight, (first, second // self.groups, *self.kernel_size))
            _materialize(self.bias, (self.out_channels,))
            with no_grad():
                self.reset_parameters()
        elif self.in_channels == 0:
            there = self.weight.shape[0] if self.transposed else self.weight.shape[1] * self.groups
            self.in_channels = _known(self, channels, there)


class LazyConv1d(_LazyConv, Conv1d):
    """A `Conv1d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyConv1d(4, 3); _ = layer(gt.ones(5, 2, 8)); layer
    Conv1d(2, 4, kernel_size=(3,), stride=(1,))
    """

    cls_to_become = Conv1d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class LazyConv2d(_LazyConv, Conv2d):
    """A `Conv2d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> gt.nn.LazyConv2d(4, 3)(gt.ones(5, 2, 8, 8)).shape
    gputensor.Size([5, 4, 6, 6])
    """

    cls_to_become = Conv2d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class LazyConv3d(_LazyConv, Conv3d):
    """A `Conv3d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> gt.nn.LazyConv3d(4, 2)(gt.ones(5, 2, 3, 3, 3)).shape
    gputensor.Size([5, 4, 2, 2, 2])
    """

    cls_to_become = Conv3d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints | str = 0,
        dilation: Ints = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    """A `ConvTranspose1d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> gt.nn.LazyConvTranspose1d(4, 3)(gt.ones(5, 2, 8)).shape
    gputensor.Size([5, 4, 10])
    """

    cls_to_become = ConvTranspose1d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    """A `ConvTranspose2d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> gt.nn.LazyConvTranspose2d(4, 2, stride=2)(gt.ones(5, 2, 4, 4)).shape
    gputensor.Size([5, 4, 8, 8])
    """

    cls_to_become = ConvTranspose2d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class LazyConvTranspose3d(_LazyConv, ConvTranspose3d):
    """A `ConvTranspose3d` that takes in_channels from its first batch.

    >>> import gputensor as gt
    >>> gt.nn.LazyConvTranspose3d(4, 2)(gt.ones(5, 2, 3, 3, 3)).shape
    gputensor.Size([5, 4, 4, 4, 4])
    """

    cls_to_become = ConvTranspose3d

    def __init__(
        self,
        out_channels: int,
        kernel_size: Ints,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Ints = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._begin(out_channels, bias, device, dtype)


class _LazyNorm(LazyModuleMixin):
    """What the lazy normalizations share."""

    num_features: int
    affine: bool
    track_running_stats: bool
    weight: Tensor | None
    bias: Tensor | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self: Any,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, False, False, device, dtype, bias=False)
        self.affine = affine
        self.track_running_stats = track_running_stats
        if affine:
            self.weight = UninitializedParameter(device=device, dtype=dtype)
            if bias:
                self.bias = UninitializedParameter(device=device, dtype=dtype)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(device=device, dtype=dtype)
            self.running_var = UninitializedBuffer(device=device, dtype=dtype)
            self.num_batches_tracked = tensor(0, dtype=int64, device=device)

    def reset_parameters(self: Any) -> None:
        if not self.has_uninitialized_params() and self.num_features != 0:
            super().reset_parameters()  # type: ignore[misc]  # the layer's, which comes after this class

    def initialize_parameters(self: Any, input: Tensor) -> None:
        # instance norms take samples without a batch, too
        features = input.shape[-self.ndim - 1 if isinstance(self, _InstanceNorm) else 1]
        if self.has_uninitialized_params():
            self.num_features = features
            for member in (self.weight, self.bias, self.running_mean, self.running_var):
                _materialize(member, (features,))
            self.reset_parameters()
        elif self.num_features == 0:
            known = [t for t in (self.weight, self.running_mean) if t is not None]
            self.num_features = _known(self, features, known[0].shape[0]) if known else features


class LazyBatchNorm1d(_LazyNorm, BatchNorm1d):
    """A `BatchNorm1d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyBatchNorm1d(); _ = layer(gt.ones(5, 2)); layer.num_features
    2
    """

    cls_to_become = BatchNorm1d


class LazyBatchNorm2d(_LazyNorm, BatchNorm2d):
    """A `BatchNorm2d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyBatchNorm2d(); _ = layer(gt.ones(5, 2, 3, 3)); layer.num_features
    2
    """

    cls_to_become = BatchNorm2d


class LazyBatchNorm3d(_LazyNorm, BatchNorm3d):
    """A `BatchNorm3d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyBatchNorm3d(); _ = layer(gt.ones(5, 2, 3, 3, 3)); layer.num_features
    2
    """

    cls_to_become = BatchNorm3d


class LazyInstanceNorm1d(_LazyNorm, InstanceNorm1d):
    """An `InstanceNorm1d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyInstanceNorm1d(); _ = layer(gt.ones(5, 2, 3)); layer.num_features
    2
    """

    cls_to_become = InstanceNorm1d


class LazyInstanceNorm2d(_LazyNorm, InstanceNorm2d):
    """An `InstanceNorm2d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyInstanceNorm2d(); _ = layer(gt.ones(5, 2, 3, 3)); layer.num_features
    2
    """

    cls_to_become = InstanceNorm2d


class LazyInstanceNorm3d(_LazyNorm, InstanceNorm3d):
    """An `InstanceNorm3d` that takes num_features from its first batch.

    >>> import gputensor as gt
    >>> layer = gt.nn.LazyInstanceNorm3d(); _ = layer(gt.ones(5, 2, 3, 3, 3)); layer.num_features
    2
    """

    cls_to_become = InstanceNorm3d


def _materialize(member: Any, shape: tuple[int, ...]) -> None:
    if is_lazy(member):
        member.materialize(shape)


def _known(module: Any, came: int, there: int) -> int:
    """How many inputs a loaded state has; the batch must have as many."""
    if came != there:
        raise ShapeError(f"{module._get_name()}: the loaded state expects {there} inputs, the first batch has {came}")
    return came
