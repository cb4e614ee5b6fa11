"""First values of parameters: every function fills its tensor in place, without recording, and returns it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.dtypes import float64
from gputensor.core.explain import check_number, describe
from gputensor.core.modes import no_grad
from gputensor.errors import ArgumentError, ShapeError
from gputensor.ops.from_data import from_numpy

__all__ = [
    "calculate_gain",
    "constant",
    "constant_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "sparse",
    "sparse_",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]

T = TypeVar("T", bound=Tensor)

_GAIN_ONE = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights before a nonlinearity should be larger, by the name of its function.

    1 for "linear", convolutions and "sigmoid", 5/3 for "tanh", sqrt(2) for "relu", sqrt(2 / (1 + param**2)) for
    "leaky_relu" (param: its slope, 0.01 by default), 3/4 for "selu". Raises ValueError for another name or a slope that
    is no number.

    >>> import gputensor as gt
    >>> gt.nn.init.calculate_gain("relu")
    1.4142135623730951
    """
    if nonlinearity in _GAIN_ONE:
        return 1.0
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"calculate_gain: negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise ValueError(f"calculate_gain: Unsupported nonlinearity {nonlinearity}")


def uniform_(tensor: T, a: float = 0.0, b: float = 1.0, generator: Any = None) -> T:
    """Uniform values from a to b.

    >>> import gputensor as gt
    >>> w = gt.nn.init.uniform_(gt.empty(3, 5), -1.0, 1.0)
    >>> bool((w.abs() <= 1).all())
    True
    """
    _check("uniform_", tensor, a=a, b=b)
    with no_grad():
        tensor.uniform_(a, b, generator=generator)
    return tensor


def normal_(tensor: T, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> T:
    """Normal values.

    >>> import gputensor as gt
    >>> gt.nn.init.normal_(gt.empty(3, 5)).shape
    gputensor.Size([3, 5])
    """
    _check("normal_", tensor, mean=mean, std=std)
    with no_grad():
        tensor.normal_(mean, std, generator=generator)
    return tensor


def trunc_normal_(
    tensor: T, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Any = None
) -> T:
    """Normal values of which those outside [a, b] are drawn again until they are inside. Waits for the GPU.

    Warns where mean is more than two standard deviations outside of [a, b]. Raises ValueError for a mean or std that is
    not finite.
    Unlike torch: a mean or std that is not finite is refused.

    >>> import gputensor as gt
    >>> w = gt.nn.init.trunc_normal_(gt.empty(100))
    >>> bool((w.abs() <= 2).all())
    True
    """
    _check("trunc_normal_", tensor, mean=mean, std=std, a=a, b=b)
    if not (math.isfinite(mean) and math.isfinite(std)):
        # no draw would ever be accepted
        raise ArgumentError(f"trunc_normal_: mean and std must be finite, got {mean} and {std}")
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "trunc_normal_: mean is more than 2 std from [a, b]. The distribution of values may be incorrect.",
            stacklevel=2,
        )
    with no_grad():
        if _below((b - mean) / std) - _below((a - mean) / std) > 0.3:
            # bounds that the dtype can hold: a draw may be rounded to one of them
            low, high = [bound.item() for bound in tensor.new_tensor([a, b])]

            def draw() -> tuple[Tensor, Tensor]:
                x = tensor.new_empty(tensor.shape).normal_(mean, std, generator=generator)
                return x, (x >= low) & (x <= high)

            tensor.copy_(_accepted(draw))
        else:
            _rarely_normal(tensor, mean, abs(std), a, b, generator)
    return tensor


def _rarely_normal(tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Any) -> None:
    """`trunc_normal_` where few normal values lie between a and b; ends wherever they are, in a few rounds.

    Source: Robert 1995, Simulation of truncated normal variables, for the tail.
    """
    most = float(np.finfo(tensor.array.dtype).max) if tensor.array.dtype.kind == "f" else math.inf
    if not (-most <= a <= b <= most and b - a <= most):
        # raises
        tensor.uniform_(a, b, generator=generator)
    like = tensor.new_empty(tensor.shape, dtype=float64)
    mode = max(a, min(mean, b))
    alpha = (mode - mean) / std

    def near() -> tuple[Tensor, Tensor]:
        # beyond nine deviations nothing would be accepted
        x = like.new_empty(like.shape).uniform_(max(a, mode - 9 * std), min(b, mode + 9 * std), generator=generator)
        t = (x - mode) / std
        return x, like.new_empty(like.shape).uniform_(generator=generator).log() * 2 <= -t * (t + 2 * alpha)

    def tail() -> tuple[Tensor, Tensor]:
        # an exponential number from the bound on, cut off at the other bound
        cut = -math.expm1(-abs(alpha) * ((b - a) / std)) if b > a else 0.0
        s = -(like.new_empty(like.shape).uniform_(generator=generator) * -cut).log1p()
        fine = like.new_empty(like.shape).uniform_(generator=generator).log() * 2 <= -(s / abs(alpha)).square()
        return mode + s * math.copysign(std / abs(alpha), alpha), fine

    tensor.copy_(_accepted(near if abs(alpha) <= 1 else tail).clamp_(a, b))


def _accepted(draw: Callable[[], tuple[Tensor, Tensor]]) -> Tensor:
    """Values from `draw`, which says of each whether it is accepted; the others are drawn again."""
    values, good = draw()
    while not bool(good.all()):
        fresh, fine = draw()
        values = values.where(good, fresh)
        good = good | fine
    return values


def _below(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def constant_(tensor: T, val: float) -> T:
    """One value everywhere.

    >>> import gputensor as gt
    >>> gt.nn.init.constant_(gt.empty(2), 0.5)
    tensor([0.5000, 0.5000])
    """
    _check("constant_", tensor, val=val)
    with no_grad():
        tensor.fill_(val)
    return tensor


def ones_(tensor: T) -> T:
    """Ones.

    >>> import gputensor as gt
    >>> gt.nn.init.ones_(gt.empty(2))
    tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: T) -> T:
    """Zeros.

    >>> import gputensor as gt
    >>> gt.nn.init.zeros_(gt.empty(2))
    tensor([0., 0.])
    """
    return constant_(tensor, 0.0)


def eye_(tensor: T) -> T:
    """The identity matrix, of as many inputs as fit. Raises ShapeError for a tensor that has not two dims.

    >>> import gputensor as gt
    >>> gt.nn.init.eye_(gt.empty(2, 3))
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    _check("eye_", tensor)
    if tensor.dim() != 2:
        raise ShapeError(
            f"eye_: Only tensors with 2 dimensions are supported, got {tensor.dim()} (shape {tuple(tensor.shape)})"
        )
    with no_grad():
        tensor.zero_()
        tensor.diagonal().fill_(1)
    return tensor


def dirac_(tensor: T, groups: int = 1) -> T:
    """The identity of a convolution: each channel of a group passes the middle of its window on, as many as fit.

    tensor: (out_channels, in_channels, *kernel) with a kernel of one, two or three dims. Raises ShapeError for another
    number of dims, or where groups does not divide the out_channels.

    >>> import gputensor as gt
    >>> gt.nn.init.dirac_(gt.empty(1, 1, 3))
    tensor([[[0., 1., 0.]]])
    """
    _check("dirac_", tensor, groups=groups)
    shape = tuple(tensor.shape)
    if len(shape) not in (3, 4, 5):
        raise ShapeError(f"dirac_: Only tensors with 3, 4, or 5 dimensions are supported, got shape {shape}")
    if shape[0] % groups != 0:
        raise ShapeError(f"dirac_: dim 0 must be divisible by groups, got {shape[0]} and {groups}")
    size = shape[0] // groups
    middle = tuple([n // 2 for n in shape[2:]])
    with no_grad():
        tensor.zero_()
        for group in range(groups):
            for k in range(min(size, shape[1])):
                tensor[(group * size + k, k, *middle)] = 1
    return tensor


def xavier_uniform_(tensor: T, gain: float = 1.0, generator: Any = None) -> T:
    """Uniform values in ±gain * sqrt(6 / (fan_in + fan_out)), which keeps the variance forward and backward.

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".

    >>> import gputensor as gt
    >>> w = gt.nn.init.xavier_uniform_(gt.empty(3, 3))
    >>> bool((w.abs() <= 1).all())
    True
    """
    _check("xavier_uniform_", tensor, gain=gain)
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    bound = math.sqrt(3.0) * gain * math.sqrt(2.0 / float(fan_in + fan_out))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: T, gain: float = 1.0, generator: Any = None) -> T:
    """Normal values with standard deviation gain * sqrt(2 / (fan_in + fan_out)). Source: see `xavier_uniform_`.

    >>> import gputensor as gt
    >>> gt.nn.init.xavier_normal_(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _check("xavier_normal_", tensor, gain=gain)
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(fan_in + fan_out)), generator)


def kaiming_uniform_(
    tensor: T, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> T:
    """Uniform values in ±gain * sqrt(3 / fan), with the gain of the nonlinearity (a: the slope of leaky_relu).

    mode: "fan_in" keeps the variance of the forward pass, "fan_out" that of the backward pass. Raises ValueError for
    another mode. Warns for an empty tensor, and leaves it. Source: He et al. 2015, arXiv:1502.01852.

    >>> import gputensor as gt
    >>> w = gt.nn.init.kaiming_uniform_(gt.empty(3, 6), nonlinearity="relu")
    >>> bool((w.abs() <= 1).all())
    True
    """
    _check("kaiming_uniform_", tensor)
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    bound = math.sqrt(3.0) * _std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: T, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> T:
    """Normal values with standard deviation gain / sqrt(fan). See `kaiming_uniform_`.

    >>> import gputensor as gt
    >>> gt.nn.init.kaiming_normal_(gt.empty(3, 3), nonlinearity="relu").shape
    gputensor.Size([3, 3])
    """
    _check("kaiming_normal_", tensor)
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    return normal_(tensor, 0.0, _std(tensor, a, mode, nonlinearity), generator)


def _std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    return calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))


def orthogonal_(tensor: T, gain: float = 1, generator: Any = None) -> T:
    """An orthogonal matrix times gain: orthonormal rows, or columns where there are fewer.

    Dims after the first are joined.

    The Q of the QR decomposition of normal values, with the signs that make it uniformly distributed. Raises ShapeError
    for fewer than two dims. Source: Saxe et al. 2013, arXiv:1312.6120.

    >>> import gputensor as gt
    >>> q = gt.nn.init.orthogonal_(gt.empty(2, 3))
    >>> gt.allclose(q @ q.T, gt.eye(2), atol=1e-6)
    True
    """
    _check("orthogonal_", tensor, gain=gain)
    if tensor.dim() < 2:
        raise ShapeError(
            f"orthogonal_: Only tensors with 2 or more dimensions are supported, got shape {tuple(tensor.shape)}"
        )
    if tensor.numel() == 0:
        return tensor
    rows, columns = tensor.shape[0], tensor.numel() // tensor.shape[0]
    with no_grad():
        flat = tensor.new_empty((rows, columns)).normal_(0, 1, generator=generator)
        tall = flat if rows >= columns else flat.T
        # on the host, so that all devices begin with the same values; it is done once
        q, r = np.linalg.qr(tall.cpu().double().numpy())
        q *= np.sign(np.diagonal(r))
        tensor.copy_(from_numpy(q if rows >= columns else q.T).reshape(tensor.shape)).mul_(gain)
    return tensor


def sparse_(tensor: T, sparsity: float, std: float = 0.01, generator: Any = None) -> T:
    """Normal values of which a fraction `sparsity` of every column is 0.

    Raises ShapeError for a tensor that has not two dims.

    Source: Martens 2010, "Deep learning via Hessian-free optimization".

    >>> import gputensor as gt
    >>> (gt.nn.init.sparse_(gt.empty(10, 3), 0.3) == 0).sum(0)
    tensor([3, 3, 3])
    """
    _check("sparse_", tensor, sparsity=sparsity, std=std)
    if tensor.dim() != 2:
        raise ShapeError(f"sparse_: Only tensors with 2 dimensions are supported, got shape {tuple(tensor.shape)}")
    zeros = math.ceil(sparsity * tensor.shape[0])
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        if zeros:
            # in every column, the rows of the smallest of random numbers
            rows = tensor.new_empty(tensor.shape).uniform_(generator=generator).argsort(0)[:zeros]
            tensor.scatter_(0, rows, 0.0)
    return tensor


# --- old names --------------------------------------------------------------------------------------------------------


def uniform(tensor: T, a: float = 0.0, b: float = 1.0, generator: Any = None) -> T:
    """The old name of `uniform_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.uniform(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("uniform")
    return uniform_(tensor, a, b, generator)


def normal(tensor: T, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> T:
    """The old name of `normal_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.normal(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("normal")
    return normal_(tensor, mean, std, generator)


def constant(tensor: T, val: float) -> T:
    """The old name of `constant_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.constant(gt.empty(3, 3), 1.0).shape
    gputensor.Size([3, 3])
    """
    _renamed("constant")
    return constant_(tensor, val)


def eye(tensor: T) -> T:
    """The old name of `eye_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.eye(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("eye")
    return eye_(tensor)


def dirac(tensor: T, groups: int = 1) -> T:
    """The old name of `dirac_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.dirac(gt.empty(3, 3, 1)).shape
    gputensor.Size([3, 3, 1])
    """
    _renamed("dirac")
    return dirac_(tensor, groups)


def xavier_uniform(tensor: T, gain: float = 1.0, generator: Any = None) -> T:
    """The old name of `xavier_uniform_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.xavier_uniform(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("xavier_uniform")
    return xavier_uniform_(tensor, gain, generator)


def xavier_normal(tensor: T, gain: float = 1.0, generator: Any = None) -> T:
    """The old name of `xavier_normal_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.xavier_normal(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("xavier_normal")
    return xavier_normal_(tensor, gain, generator)


def kaiming_uniform(
    tensor: T, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> T:
    """The old name of `kaiming_uniform_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.kaiming_uniform(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("kaiming_uniform")
    return kaiming_uniform_(tensor, a, mode, nonlinearity, generator)


def kaiming_normal(
    tensor: T, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> T:
    """The old name of `kaiming_normal_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.kaiming_normal(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("kaiming_normal")
    return kaiming_normal_(tensor, a, mode, nonlinearity, generator)


def orthogonal(tensor: T, gain: float = 1, generator: Any = None) -> T:
    """The old name of `orthogonal_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.orthogonal(gt.empty(3, 3)).shape
    gputensor.Size([3, 3])
    """
    _renamed("orthogonal")
    return orthogonal_(tensor, gain, generator)


def sparse(tensor: T, sparsity: float, std: float = 0.01, generator: Any = None) -> T:
    """The old name of `sparse_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.init.sparse(gt.empty(3, 3), 0.5).shape
    gputensor.Size([3, 3])
    """
    _renamed("sparse")
    return sparse_(tensor, sparsity, std, generator)


def _renamed(old: str) -> None:
    warnings.warn(f"`nn.init.{old}` is now deprecated in favor of `nn.init.{old}_`.", FutureWarning, stacklevel=3)


def _check(name: str, tensor: Any, **numbers: Any) -> None:
    """Raise TypeError for a tensor that is none, or a setting that is no number."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name}: tensor must be a Tensor, got {describe(tensor)}")
    for argument, value in numbers.items():
        check_number(name, argument, value)


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs an output of this weight has, and how many outputs an input has."""
    if tensor.dim() < 2:
        raise ShapeError(
            "init: Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, got shape "
            f"{tuple(tensor.shape)}"
        )
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    modes = ("fan_in", "fan_out")
    if not isinstance(mode, str) or mode.lower() not in modes:
        raise ValueError(f"init: Mode {mode} not supported, please use one of {modes}")
    return _calculate_fan_in_and_fan_out(tensor)[modes.index(mode.lower())]


def __dir__() -> list[str]:
    return __all__
