"""Activations over elements: the modules of `gputensor.nn.functional`'s functions.

See those for the formulas' gradients and dtypes.
"""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.explain import check_number
from gputensor.errors import ShapeError
from gputensor.nn import functional as F, init as initial
from gputensor.nn.modules.attention import MultiheadAttention as MultiheadAttention
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import check_size
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty


class _InPlace(Module):
    """One setting: whether the result overwrites the input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Threshold(Module):
    """x where x > threshold, else value.

    >>> import gputensor as gt
    >>> gt.nn.Threshold(1.0, -5.0)(gt.tensor([0.0, 2.0]))
    tensor([-5.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        check_number("Threshold", "threshold", threshold)
        check_number("Threshold", "value", value)
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return f"threshold={self.threshold}, value={self.value}" + (", inplace=True" if self.inplace else "")


class ReLU(_InPlace):
    """max(x, 0).

    >>> import gputensor as gt
    >>> gt.nn.ReLU()(gt.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, inplace=self.inplace)


class RReLU(Module):
    """x where x >= 0, else a*x; a is drawn from lower to upper in training, and is their mean in evaluation.

    Random.

    Source: Xu et al. 2015, arXiv:1505.00853.

    >>> import gputensor as gt
    >>> gt.nn.RReLU(0.2, 0.4).eval()(gt.tensor([-1.0, 0.5]))
    tensor([-0.3000,  0.5000])
    """

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"lower={self.lower}, upper={self.upper}" + (", inplace=True" if self.inplace else "")


class Hardtanh(Module):
    """x, not below min_val and not above max_val. Raises ValueError unless min_val < max_val.

    >>> import gputensor as gt
    >>> gt.nn.Hardtanh()(gt.tensor([-3.0, 0.5]))
    tensor([-1.0000,  0.5000])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        check_number("Hardtanh", "min_val", min_val)
        check_number("Hardtanh", "max_val", max_val)
        if max_val <= min_val:
            raise ValueError(f"Hardtanh: max_val ({max_val}) must be greater than min_val ({min_val})")
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}" + (", inplace=True" if self.inplace else "")


class ReLU6(Hardtanh):
    """min(max(x, 0), 6).

    >>> import gputensor as gt
    >>> gt.nn.ReLU6()(gt.tensor([-1.0, 9.0]))
    tensor([0., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Sigmoid(Module):
    """1 / (1 + exp(-x)).

    >>> import gputensor as gt
    >>> gt.nn.Sigmoid()(gt.zeros(1))
    tensor([0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return input.sigmoid()


class Hardsigmoid(_InPlace):
    """min(max(x/6 + 1/2, 0), 1).

    >>> import gputensor as gt
    >>> gt.nn.Hardsigmoid()(gt.tensor([-1.0, 0.5]))
    tensor([0.3333, 0.5833])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Tanh(Module):
    """The hyperbolic tangent.

    >>> import gputensor as gt
    >>> gt.nn.Tanh()(gt.zeros(1))
    tensor([0.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return input.tanh()


class SiLU(_InPlace):
    """x * sigmoid(x), also called swish. Source: Elfwing et al. 2017, arXiv:1702.03118.

    >>> import gputensor as gt
    >>> gt.nn.SiLU()(gt.tensor([-1.0, 0.5]))
    tensor([-0.2689,  0.3112])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, inplace=self.inplace)


class Mish(_InPlace):
    """x * tanh(softplus(x)). Source: Misra 2019, arXiv:1908.08681.

    >>> import gputensor as gt
    >>> gt.nn.Mish()(gt.tensor([-1.0, 0.5]))
    tensor([-0.3034,  0.3752])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, inplace=self.inplace)


class Hardswish(_InPlace):
    """x * min(max(x + 3, 0), 6) / 6. Source: Howard et al. 2019, arXiv:1905.02244.

    >>> import gputensor as gt
    >>> gt.nn.Hardswish()(gt.tensor([-1.0, 0.5]))
    tensor([-0.3333,  0.2917])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class _Alpha(Module):
    """The settings of ELU and CELU."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class ELU(_Alpha):
    """x where x > 0, else alpha * (exp(x) - 1). Source: Clevert et al. 2015, arXiv:1511.07289.

    >>> import gputensor as gt
    >>> gt.nn.ELU()(gt.tensor([-1.0, 0.5]))
    tensor([-0.6321,  0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)


class CELU(_Alpha):
    """max(x, 0) + min(0, alpha * (exp(x/alpha) - 1)). Source: Barron 2017, arXiv:1704.07483.

    >>> import gputensor as gt
    >>> gt.nn.CELU()(gt.tensor([-1.0, 0.5]))
    tensor([-0.6321,  0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)


class SELU(_InPlace):
    """scale * elu(x, alpha) with the constants that keep mean 0 and variance 1.

    Source: Klambauer et al. 2017, arXiv:1706.02515.

    >>> import gputensor as gt
    >>> gt.nn.SELU()(gt.tensor([-1.0, 0.5]))
    tensor([-1.1113,  0.5254])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)


class _OfDim(Module):
    """One setting: the dim."""

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class GLU(Module):
    """a * sigmoid(b) for the two halves a and b of the input along dim.

    Source: Dauphin et al. 2016, arXiv:1612.08083.

    >>> import gputensor as gt
    >>> gt.nn.GLU()(gt.tensor([2.0, 0.0]))
    tensor([1.])
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class GELU(Module):
    """x * Phi(x), Phi the normal distribution function; with approximate="tanh" an estimate of it.

    Source: arXiv:1606.08415.

    >>> import gputensor as gt
    >>> gt.nn.GELU()(gt.tensor([-1.0, 0.5]))
    tensor([-0.1587,  0.3457])
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class _Shrink(Module):
    """The width of the zone that becomes 0."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(_Shrink):
    """x where |x| > lambd, else 0.

    >>> import gputensor as gt
    >>> gt.nn.Hardshrink()(gt.tensor([0.2, 3.0]))
    tensor([0., 3.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)


class Softshrink(_Shrink):
    """x moved by lambd towards 0, and 0 where |x| <= lambd.

    >>> import gputensor as gt
    >>> gt.nn.Softshrink()(gt.tensor([0.2, 3.0]))
    tensor([0.0000, 2.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)


class LeakyReLU(Module):
    """x where x >= 0, else negative_slope * x.

    >>> import gputensor as gt
    >>> gt.nn.LeakyReLU(0.5)(gt.tensor([-2.0, 2.0]))
    tensor([-1.,  2.])
    """

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class LogSigmoid(Module):
    """log(1 / (1 + exp(-x))).

    >>> import gputensor as gt
    >>> gt.nn.LogSigmoid()(gt.tensor([-1.0, 0.5]))
    tensor([-1.3133, -0.4741])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softplus(Module):
    """log(1 + exp(beta*x)) / beta; x itself where beta*x > threshold.

    >>> import gputensor as gt
    >>> gt.nn.Softplus()(gt.tensor([-1.0, 0.5]))
    tensor([0.3133, 0.9741])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        check_number("Softplus", "beta", beta)
        check_number("Softplus", "threshold", threshold)
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class PReLU(Module):
    """x where x >= 0, else weight * x; weight is learned, one for all or one a channel (dim 1).

    Source: arXiv:1502.01852.

    >>> import gputensor as gt
    >>> gt.nn.PReLU()(gt.tensor([-4.0, 4.0])).tolist()
    [-1.0, 4.0]
    """

    weight: Tensor

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None) -> None:
        super().__init__()
        check_size("PReLU", "num_parameters", num_parameters)
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set weight to its first value."""
        initial.constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        try:
            return F.prelu(input, self.weight)
        except ShapeError:
            shape = tuple(input.shape)
            if self.num_parameters == 1 or shape[1:2] == (self.num_parameters,):
                raise
            raise ShapeError(
                f"{self._get_name()}(num_parameters={self.num_parameters}): expected {self.num_parameters} channels in "
                f"dim 1 of the input, got shape {shape}"
            ) from None

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class Softsign(Module):
    """x / (1 + |x|).

    >>> import gputensor as gt
    >>> gt.nn.Softsign()(gt.tensor([-1.0, 0.5]))
    tensor([-0.5000,  0.3333])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):
    """x - tanh(x).

    >>> import gputensor as gt
    >>> gt.nn.Tanhshrink()(gt.tensor([-1.0, 0.5]))
    tensor([-0.2384,  0.0379])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class Softmin(_OfDim):
    """exp(-x) / sum of exp(-x) along dim.

    >>> import gputensor as gt
    >>> gt.nn.Softmin(dim=0)(gt.tensor([-1.0, 0.5]))
    tensor([0.8176, 0.1824])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)


class Softmax(_OfDim):
    """exp(x) / sum of exp(x) along dim.

    >>> import gputensor as gt
    >>> gt.nn.Softmax(dim=0)(gt.zeros(2))
    tensor([0.5000, 0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)


class Softmax2d(Module):
    """Softmax over the channels at every place.

    input: (batch, channels, height, width) or (channels, height, width).

    >>> import gputensor as gt
    >>> gt.nn.Softmax2d()(gt.zeros(2, 1, 1)).flatten()
    tensor([0.5000, 0.5000])
    """

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3)


class LogSoftmax(_OfDim):
    """log of softmax along dim, without the loss of precision.

    >>> import gputensor as gt
    >>> gt.nn.LogSoftmax(dim=0)(gt.tensor([-1.0, 0.5]))
    tensor([-1.7014, -0.2014])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)
