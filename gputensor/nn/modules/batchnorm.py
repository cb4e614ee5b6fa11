"""Batch and instance normalization: channels normalized by statistics of the batch or by running ones."""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.dtypes import int64
from gputensor.core.explain import check_number
from gputensor.errors import ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import check_size
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty, ones, tensor, zeros


class _NormBase(Module):
    """The parameters and running statistics of `BatchNorm1d` and its kin."""

    _version = 2  # from 2 on the state has num_batches_tracked
    num_features: int
    eps: float
    momentum: float | None
    affine: bool
    track_running_stats: bool
    weight: Tensor | None
    bias: Tensor | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        check_size(name, "num_features", num_features)
        check_number(name, "eps", eps)
        if momentum is not None:
            check_number(name, "momentum", momentum)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.register_parameter(
            "weight", Parameter(empty(num_features, device=device, dtype=dtype)) if affine else None
        )
        self.register_parameter(
            "bias", Parameter(empty(num_features, device=device, dtype=dtype)) if affine and bias else None
        )
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, device=device, dtype=dtype) if tracked else None)
        self.register_buffer("running_var", ones(num_features, device=device, dtype=dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", tensor(0, dtype=int64, device=device) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget the running statistics: mean 0, variance 1, no batches."""
        if self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Forget the running statistics, and set weight to 1 and bias to 0."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _label(self) -> str:
        return f"{self._get_name()}(num_features={self.num_features})"

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        version = local_metadata.get("version")
        if (version is None or version < 2) and self.num_batches_tracked is not None:
            state_dict.setdefault(prefix + "num_batches_tracked", self.num_batches_tracked)
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )


class _BatchNorm(_NormBase):
    """Batch normalization over any dims behind the channels."""

    ndims: tuple[int, ...] = ()
    dims = ""

    def _check_input_dim(self, input: Tensor) -> None:
        """Raise ShapeError for an input with the wrong number of dims or channels."""
        shape = tuple(input.shape)
        if len(shape) not in self.ndims:
            wanted = " or ".join([f"{n}D" for n in self.ndims])
            raise ShapeError(f"{self._label()}: expected {wanted} input ({self.dims}), got shape {shape}")
        if shape[1] != self.num_features:
            raise ShapeError(
                f"{self._label()}: expected {self.num_features} channels in dim 1 of the input, got shape {shape}"
            )

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        count = self.num_batches_tracked if self.training and self.track_running_stats else None
        momentum = self.momentum
        if momentum is None:
            momentum = 0.0 if count is None else 1.0 / (float(count) + 1.0)
        mean, var = self.running_mean, self.running_var
        # without tracking, running statistics that somebody set are used in evaluation only
        used = not self.training or self.track_running_stats
        out = F.batch_norm(
            input,
            mean if used else None,
            var if used else None,
            self.weight,
            self.bias,
            self.training or (mean is None and var is None),
            momentum,
            self.eps,
        )
        if count is not None:
            count.add_(1)
        return out


class BatchNorm1d(_BatchNorm):
    """Normalize every channel by its mean and variance over the batch (and the length), then scale and shift it.

    (input - mean) / sqrt(var + eps) * weight + bias. input: (batch, channels) or (batch, channels, length). In training
    the statistics are the batch's, and the running ones move by momentum towards them (the unbiased variance; momentum
    None: the mean over all batches); in evaluation the running ones are used. Raises ShapeError for other shapes.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167.

    >>> import gputensor as gt
    >>> gt.nn.BatchNorm1d(1)(gt.tensor([[1.0], [3.0]])).round(decimals=3)
    tensor([[-1.],
            [ 1.]], grad_fn=<RoundBackward0>)
    """

    ndims = (2, 3)
    dims = "batch, channels[, length]"


class BatchNorm2d(_BatchNorm):
    """Normalize every channel over batch, height and width.

    See `BatchNorm1d`. input: (batch, channels, height, width).

    >>> import gputensor as gt
    >>> gt.nn.BatchNorm2d(3)(gt.ones(2, 3, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4])
    """

    ndims = (4,)
    dims = "batch, channels, height, width"


class BatchNorm3d(_BatchNorm):
    """Normalize every channel over batch, depth, height and width. See `BatchNorm1d`.

    >>> import gputensor as gt
    >>> gt.nn.BatchNorm3d(3)(gt.ones(2, 3, 4, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4, 4])
    """

    ndims = (5,)
    dims = "batch, channels, depth, height, width"


class SyncBatchNorm(_BatchNorm):
    """`BatchNorm1d` for any number of dims; in PyTorch its statistics are those of all processes together.

    input: (batch, channels, …). Here models run in one process, so the statistics are the batch's, as in PyTorch at
    world size one; process_group is kept and has no effect.

    >>> import gputensor as gt
    >>> gt.nn.SyncBatchNorm(3)(gt.ones(2, 3, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4])
    """

    dims = "batch, channels, …"

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: Any = None,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self.process_group = process_group

    def _check_input_dim(self, input: Tensor) -> None:
        shape = tuple(input.shape)
        if len(shape) < 2 or shape[1] != self.num_features:
            raise ShapeError(
                f"{self._label()}: expected input (batch, {self.num_features} channels, …), got shape {shape}"
            )

    @classmethod
    def convert_sync_batchnorm(cls, module: Module, process_group: Any = None) -> Module:
        """module with every batch normalization in it replaced by a SyncBatchNorm over the same parameters."""
        out = module
        if isinstance(module, _BatchNorm):
            synced = cls(
                module.num_features,
                module.eps,
                module.momentum,
                module.affine,
                module.track_running_stats,
                process_group,
                bias=module.bias is not None,
            )
            if module.affine:
                synced.weight, synced.bias = module.weight, module.bias
            synced.running_mean, synced.running_var = module.running_mean, module.running_var
            synced.num_batches_tracked = module.num_batches_tracked
            synced.training = module.training
            out = synced
        for name, child in module.named_children():
            out.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return out


class _InstanceNorm(_NormBase):
    """Instance normalization over any dims behind the channels."""

    ndim = 0

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        n = self.ndim
        if input.dim() not in (n + 1, n + 2):
            raise ShapeError(f"{self._label()}: expected {n + 1}D or {n + 2}D input, got shape {tuple(input.shape)}")
        if self.affine and input.shape[-n - 1] != self.num_features:
            raise ShapeError(
                f"{self._label()}: expected {self.num_features} channels in dim {-n - 1} of the input, got shape "
                f"{tuple(input.shape)}"
            )
        if input.dim() == n + 1:
            return self._normalized(input.unsqueeze(0)).squeeze(0)
        return self._normalized(input)

    def _normalized(self, input: Tensor) -> Tensor:
        return F.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )


class InstanceNorm1d(_InstanceNorm):
    """Normalize every channel of every sample by its own mean and variance over the length.

    (input - mean) / sqrt(var + eps), times weight plus bias with affine. input: (batch, channels, length) or (channels,
    length). With track_running_stats, running statistics are used in evaluation. Raises ShapeError for other shapes.
    Source: Ulyanov et al. 2016, arXiv:1607.08022.

    >>> import gputensor as gt
    >>> gt.nn.InstanceNorm1d(1)(gt.tensor([[[1.0, 3.0]]])).round(decimals=3)
    tensor([[[-1.,  1.]]])
    """

    ndim = 1


class InstanceNorm2d(_InstanceNorm):
    """Normalize every channel of every sample over height and width. See `InstanceNorm1d`.

    >>> import gputensor as gt
    >>> gt.nn.InstanceNorm2d(3)(gt.ones(2, 3, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4])
    """

    ndim = 2


class InstanceNorm3d(_InstanceNorm):
    """Normalize every channel of every sample over depth, height and width. See `InstanceNorm1d`.

    >>> import gputensor as gt
    >>> gt.nn.InstanceNorm3d(3)(gt.ones(2, 3, 4, 4, 4)).shape
    gputensor.Size([2, 3, 4, 4, 4])
    """

    ndim = 3
