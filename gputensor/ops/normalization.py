"""Normalization: values moved to mean 0 and scaled to variance 1 over some dims, then scaled and moved by parameters.

float16 and bfloat16 are computed in float32 throughout and rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.kernels import BATCH_NORM, LAYER_NORM
from gputensor.arrays.windows import Windows
from gputensor.core import apply as _apply
from gputensor.core.apply import apply3, applyn, binary, cast, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, describe, dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BF16, F16, F32, F64, FLOATING, promote_types
from gputensor.core.writes import touched
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import one_int, several
from gputensor.ops.operands import REAL, not_bool
from gputensor.ops.padding import pad
from gputensor.ops.pooling import mean_windows
from gputensor.ops.spatial import in_format_of

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Normalization(Primitive):
    """Over `axes`; weight and bias broadcast against x. A primitive because the composite takes three times as many
    passes."""

    __slots__ = ("axes", "eps")
    grad_name = "NativeLayerNormBackward0"
    saves = ("x", "weight")
    kernels = LAYER_NORM

    def __init__(self, axes: tuple[int, ...], eps: float) -> None:
        self.axes, self.eps = axes, eps

    def forward(self, xp: Any, x: Any, weight: Any, bias: Any) -> Any:
        return _standard(xp, x, self.axes, self.eps)[0] * weight + bias

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, weight, bias = args
        unit, scale = _standard(xp, x, self.axes, self.eps)[:2]
        gu = g * weight
        along = xp.mean(gu, self.axes, True)
        across = xp.mean(gu * unit, self.axes, True)
        return [(gu - along - unit * across) * scale, _towards(xp, g * unit, weight), _towards(xp, g, bias)]


class BatchNormalization(Primitive):
    """The same with the statistics as outputs, mean and biased variance, which the running ones are made of."""

    __slots__ = ("axes", "eps", "nout")
    name = "batch_norm"
    grad_name = "NativeBatchNormBackward0"
    saves = ("x", "weight")
    kernels = BATCH_NORM

    def __init__(self, axes: tuple[int, ...], eps: float) -> None:
        self.axes, self.eps, self.nout = axes, eps, 3

    def forward(self, xp: Any, x: Any, weight: Any, bias: Any) -> Any:
        unit, _, mean, var = _standard(xp, x, self.axes, self.eps)
        return unit * weight + bias, mean, var

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, weight, bias = args
        g, g_mean, g_var = g
        unit, scale = _standard(xp, x, self.axes, self.eps)[:2]
        gu = g * weight
        count = 1
        for axis in self.axes:
            count *= x.shape[axis]
        # the statistics' own gradients join the small arrays: no further pass over x
        along = xp.mean(gu, self.axes, True) - g_mean / (scale * count)
        across = xp.mean(gu * unit, self.axes, True) - (g_var + g_var) / (scale * scale * count)
        return [(gu - along - unit * across) * scale, _towards(xp, g * unit, weight), _towards(xp, g, bias)]


class RmsNormalization(Primitive):
    """Scaled to mean square 1, without moving the mean."""

    __slots__ = ("axes", "eps")
    name = "rms_norm"
    saves = ("x", "weight")

    def __init__(self, axes: tuple[int, ...], eps: float) -> None:
        self.axes, self.eps = axes, eps

    def forward(self, xp: Any, x: Any, weight: Any) -> Any:
        return x * self._scale(xp, x) * weight

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, weight = args
        scale = self._scale(xp, x)
        unit = x * scale
        gu = g * weight
        return [(gu - unit * xp.mean(gu * unit, self.axes, True)) * scale, _towards(xp, g * unit, weight)]

    def _scale(self, xp: Any, x: Any) -> Any:
        return 1 / xp.sqrt(xp.mean(x * x, self.axes, True) + self.eps)


def _towards(xp: Any, g: Any, p: Any) -> Any:
    """The gradient of a parameter from one of x's shape; sums that the engine cannot do faster are left to it."""
    shape, want = g.shape, p.shape
    if shape == want:
        return xp.copy(g)  # never g itself: it belongs to somebody else
    extra = len(shape) - len(want)
    if shape[extra:] != want:
        return g
    return xp.reshape(xp.sum_rows(xp.reshape(g, (math.prod(shape[:extra]), math.prod(want)))), want)


def _standard(xp: Any, x: Any, axes: tuple[int, ...], eps: float) -> tuple[Any, Any, Any, Any]:
    """x with mean 0 and variance 1 over axes; what it was scaled by; its mean and biased variance."""
    mean = xp.mean(x, axes, True)
    centred = x - mean
    # the variance of what is centred already: the difference of mean squares would lose every digit of a small variance
    var = xp.mean(centred * centred, axes, True)
    scale = 1 / xp.sqrt(var + eps)
    return centred * scale, scale, mean, var


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Every channel moved to mean 0 and scaled to variance 1 over batch and space, then scaled and moved.

    (x - mean) / sqrt(var + eps) * weight + bias. training: mean and biased variance of this batch; running_mean and
    running_var, where given, are updated in place, running * (1 - momentum) + new * momentum, with the unbiased
    variance. Otherwise the running ones are used. input: (batch, channel, …), floating-point; all others: (channel,);
    returns the shape and dtype of input. Raises ShapeError where the sizes differ, for one value a channel in training
    and for missing running statistics without it. Ioffe and Szegedy, https://arxiv.org/abs/1502.03167.
    Unlike torch: parameters and statistics of every real dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.batch_norm(gt.tensor([[1.0], [3.0]]), None, None, training=True)
    tensor([[-1.0000],
            [ 1.0000]])
    """
    name = "batch_norm"
    _require(name, input)
    shape = input.array.shape
    if shape == (0,):
        return input.clone()  # as in PyTorch: nothing at all is also no channels
    if len(shape) < 2:
        raise ShapeError(f"{name}: input needs at least 2 dims, (batch, channel, …), got shape {tuple(shape)}")
    channels = shape[1]
    for label, value in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        _vector(name, label, value, channels, input)
    if not training:
        if running_mean is None or running_var is None:
            raise ShapeError(f"{name}: running_mean and running_var are needed outside of training")
        return _with_statistics(input, running_mean, running_var, weight, bias, eps)
    count = math.prod(shape) // channels if channels else 0
    if count == 1:
        raise ShapeError(
            f"{name}: expected more than 1 value a channel when training, got input of shape {tuple(shape)}"
        )
    x, scale, shift, d = _operands(input, weight, bias, (1, channels, *[1] * (len(shape) - 2)))
    axes = (0, *range(2, len(shape)))
    out, mean, var = applyn(BatchNormalization(axes, eps), (x, scale, shift))
    if count:
        _update(running_mean, mean.array, momentum)
        _update(running_var, var.array, momentum, count / (count - 1))
    return cast(out, d)


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Every channel of every instance moved to mean 0 and scaled to variance 1 over space, then scaled and moved.

    input: (batch, channel, …), floating-point; all others: (channel,). use_input_stats: statistics of the input, and
    running ones are updated with their mean over the batch; otherwise the running ones are used, as in `batch_norm`.
    Raises ShapeError where the sizes differ and for a single element in space. Ulyanov et al.,
    https://arxiv.org/abs/1607.08022.
    Unlike torch: parameters and statistics of every real dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.instance_norm(gt.tensor([[[1.0, 3.0]]]))
    tensor([[[-1.0000,  1.0000]]])
    """
    name = "instance_norm"
    _require(name, input)
    shape = input.array.shape
    if not use_input_stats:
        if running_mean is None or running_var is None:
            raise ShapeError(f"{name}: running_mean and running_var are needed with use_input_stats=False")
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    space = math.prod(shape[2:])
    if len(shape) < 3 or space == 1:
        raise ShapeError(
            f"{name}: expected more than 1 element in space when training, got input of shape {tuple(shape)}"
        )
    channels = shape[1]
    for label, value in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        _vector(name, label, value, channels, input)
    x, scale, shift, d = _operands(input, weight, bias, (1, channels, *[1] * (len(shape) - 2)))
    axes = tuple(range(2, len(shape)))
    out, mean, var = applyn(BatchNormalization(axes, eps), (x, scale, shift))
    if shape[0] and space:
        xp = mean.xp
        _update(running_mean, xp.mean(mean.array, (0,), False), momentum)
        _update(running_var, xp.mean(var.array, (0,), False), momentum, space / (space - 1))
    return cast(out, d)


@autocasts("layer_norm")
def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Every element's last dims moved to mean 0 and scaled to variance 1, then scaled by weight and moved by bias.

    (x - mean) / sqrt(var + eps) * weight + bias, with the biased variance. input: (…, *normalized_shape),
    floating-point; weight, bias: normalized_shape; returns the shape and dtype of input. Raises ShapeError where the
    last dims are not normalized_shape. Ba, Kiros and Hinton, https://arxiv.org/abs/1607.06450.
    Unlike torch: parameters and statistics of every real dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.layer_norm(gt.tensor([[1.0, 3.0], [0.0, 10.0]]), (2,))
    tensor([[-1.0000,  1.0000],
            [-1.0000,  1.0000]])
    """
    axes = _last_dims("layer_norm", input, normalized_shape, weight, bias)
    x, scale, shift, d = _operands(input, weight, bias, input.array.shape[axes[0] :])
    try:
        return cast(apply3(Normalization(axes, eps), x, scale, shift), d)
    except TypeError:
        check_number("layer_norm", "eps", eps)
        raise


@autocasts("rms_norm")
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Every element's last dims scaled to mean square 1, then by weight.

    x / sqrt(mean(x * x) + eps) * weight; eps: the dtype's epsilon unless given, float32's for 16-bit floats. input: (…,
    *normalized_shape), floating-point; weight: normalized_shape; returns the shape and dtype of input. Raises
    ShapeError where the last dims are not normalized_shape. Zhang and Sennrich, https://arxiv.org/abs/1910.07467.

    >>> import gputensor as gt
    >>> gt.nn.functional.rms_norm(gt.tensor([3.0, -3.0]), (2,))
    tensor([ 1., -1.])
    """
    axes = _last_dims("rms_norm", input, normalized_shape, weight, None)
    if eps is None:
        eps = float(np.finfo(np.float64 if input.array.dtype == F64 else np.float32).eps)
    x, scale, _, d = _operands(input, weight, None, input.array.shape[axes[0] :])
    return cast(binary(RmsNormalization(axes, eps), x, scale), d)


@autocasts("group_norm")
def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Every group of channels moved to mean 0 and scaled to variance 1, then each channel scaled and moved.

    input: (batch, channel, …), floating-point; weight, bias: (channel,); returns the shape and dtype of input.
    Raises ShapeError where num_groups does not divide the channels. Wu and He, https://arxiv.org/abs/1803.08494.
    Unlike torch: parameters and statistics of every real dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.group_norm(gt.tensor([[1.0, 3.0, 0.0, 10.0]]), 2)
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    name = "group_norm"
    _require(name, input)
    shape = input.array.shape
    if len(shape) < 2:
        raise ShapeError(f"{name}: input needs at least 2 dims, (batch, channel, …), got shape {tuple(shape)}")
    channels = shape[1]
    if num_groups < 1 or channels % num_groups:
        raise ShapeError(
            f"{name}: num_groups {num_groups} does not divide the {channels} channels of input of shape {tuple(shape)}"
        )
    _vector(name, "weight", weight, channels, input)
    _vector(name, "bias", bias, channels, input)
    split = (shape[0], num_groups, channels // num_groups, *shape[2:])
    if math.prod(split[2:]) == 1 and shape[0] == 1:
        raise ShapeError(
            f"{name}: expected more than 1 value a group, got input of shape {tuple(shape)} with num_groups "
            f"{num_groups}"
        )
    x, scale, shift, d = _operands(input, weight, bias, (1, *split[1:3], *[1] * (len(shape) - 2)))
    out = apply3(Normalization(tuple(range(2, len(split))), eps), x.reshape(split), scale, shift)
    return cast(out.reshape(shape), d)


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """Every element divided by a power of the mean square over `size` neighbouring channels.

    x / (k + alpha * mean(x * x))**beta; channels outside count as zeros. input: (batch, channel, length, …); the
    means of integers are rounded down, and the result is floating-point. Raises ShapeError for fewer than 3 dims,
    DtypeError for booleans. Krizhevsky, Sutskever and Hinton, 2012, section 3.3.

    >>> import gputensor as gt
    >>> gt.nn.functional.local_response_norm(gt.ones(1, 2, 1), 2, alpha=1.0, beta=1.0)
    tensor([[[0.6667],
             [0.5000]]])
    """
    input = not_bool("local_response_norm", input)
    shape = input.array.shape
    if len(shape) < 3:
        raise ShapeError(
            "local_response_norm: expected input of at least 3 dims, (batch, channel, length, …), got shape "
            f"{tuple(shape)}"
        )
    if not input.array.size:
        return input
    size = one_int("local_response_norm", "size", size)
    squares = (input * input).reshape(shape[0], 1, shape[1], math.prod(shape[2:]))
    squares = pad(squares, (0, 0, size // 2, (size - 1) // 2))
    count = (shape[1], math.prod(shape[2:]))
    means = mean_windows(squares, Windows((size, 1), (1, 1), (0, 0), (1, 1), count), True, None)
    return in_format_of(input / (means.reshape(shape) * alpha + k) ** beta, input)


def _with_statistics(x: Any, mean: Any, var: Any, weight: Any, bias: Any, eps: float) -> Any:
    d = x.array.dtype
    wide = F32 if d in (F16, BF16) else d
    shape = (1, -1, *[1] * (x.array.ndim - 2))
    scale = (cast(var, wide) + eps) ** -0.5
    if weight is not None:
        scale = scale * cast(weight, wide)
    shift = -cast(mean, wide) * scale
    if bias is not None:
        shift = shift + cast(bias, wide)
    return cast(cast(x, wide) * scale.reshape(shape) + shift.reshape(shape), d)


def _operands(x: Any, weight: Any, bias: Any, shape: tuple[int, ...]) -> tuple[Any, Any, Any, Any]:
    """x, weight and bias in the dtype to compute in, parameters in `shape`; and the dtype of the result."""
    d = x.array.dtype
    wide = d
    for p in (weight, bias):
        if p is not None:
            wide = promote_types(wide, p.array.dtype)
    if wide in (F16, BF16):
        wide = F32
    scale, shift = (
        wrap(x.xp.full(shape, value, wide), x.xp)
        if p is None
        else cast(p if p.array.shape == shape else p.reshape(shape), wide)
        for p, value in ((weight, 1), (bias, 0))
    )
    return cast(x, wide), scale, shift, d


def _update(running: Any, new: Any, momentum: float, factor: float = 1.0) -> None:
    """running * (1 - momentum) + new * factor * momentum, in place and outside of the graph."""
    if running is None:
        return
    # inside vmap the new statistics may be another namespace's, which refuses to write those of each example into one
    xp, have = getattr(new, "ns", running.xp), running.array
    try:
        keep = 1.0 - momentum
    except TypeError:
        check_number("batch_norm", "momentum", momentum)
        raise
    new = xp.reshape(new, have.shape)
    if factor != 1.0:
        new = xp.multiply(new, factor)
    xp.copy_into(have, xp.add(xp.multiply(have, keep), xp.multiply(new, momentum)))
    touched(running, "batch_norm")


def _require(name: str, x: Any, dtypes: Any = REAL) -> None:
    if not isinstance(x, _apply.Tensor):
        raise TypeError(f"{name}: input must be a Tensor, got {describe(x)}")
    if x.array.dtype not in dtypes:
        raise DtypeError(
            f"{name}: expected a floating-point tensor, got {dtype_name(x.array.dtype)}; convert it with .float()"
        )


def _vector(name: str, label: str, value: Any, size: int, x: Any) -> None:
    if value is None:
        return
    if not isinstance(value, _apply.Tensor):
        raise TypeError(f"{name}: {label} must be a Tensor or None, got {describe(value)}")
    if value.xp is not x.xp:
        together(name, (x, value))
    if value.array.shape != (size,):
        raise ShapeError(
            f"{name}: {label} must have shape ({size},) for input of shape {tuple(x.array.shape)}, got "
            f"{tuple(value.array.shape)}"
        )
    _real(name, label, value, x)


def _real(name: str, label: str, value: Any, x: Any) -> None:
    if value.array.dtype.kind == "c" and x.array.dtype.kind != "c":
        raise DtypeError(f"{name}: {label} is {dtype_name(value.array.dtype)} and input is real; take its .real first")


def _last_dims(name: str, x: Any, normalized_shape: Any, weight: Any, bias: Any) -> tuple[int, ...]:
    """The axes to normalize over, once normalized_shape fits."""
    _require(name, x, FLOATING if name == "rms_norm" else REAL)
    if isinstance(normalized_shape, int):
        raise TypeError(
            f"{name}: normalized_shape must be a tuple of ints, got the int {normalized_shape}; use "
            f"({normalized_shape},)"
        )
    want, shape = several(name, "normalized_shape", normalized_shape), tuple(x.array.shape)
    if not want:
        raise ShapeError(f"{name}: normalized_shape must have at least one dim, got ()")
    if shape[len(shape) - len(want) :] != want or len(want) > len(shape):
        raise ShapeError(f"{name}: the last dims of input of shape {shape} must be normalized_shape {want}")
    for label, value in (("weight", weight), ("bias", bias)):
        if value is None:
            continue
        if not isinstance(value, _apply.Tensor):
            raise TypeError(f"{name}: {label} must be a Tensor or None, got {describe(value)}")
        if tuple(value.array.shape) != want:
            raise ShapeError(f"{name}: {label} must have shape {want}, got {tuple(value.array.shape)}")
        _real(name, label, value, x)
    return tuple(range(len(shape) - len(want), len(shape)))
