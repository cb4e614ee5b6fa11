"""Smooth activations: sigmoid, gelu, silu, softplus, elu and their kin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.arrays.kernels import GELU as GELU_KERNELS
from gputensor.core.apply import apply1
from gputensor.core.explain import check_number
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError
from gputensor.ops.arithmetic import div, mul, sub
from gputensor.ops.dims import one_dim
from gputensor.ops.exponential import fermi
from gputensor.ops.hyperbolic import tanh
from gputensor.ops.operands import is_half, not_bool, real_floating, rewrite, rounded_once, tensor_operand, wide
from gputensor.ops.out_argument import into
from gputensor.ops.signs import abs

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# Klambauer et al. 2017, Self-Normalizing Neural Networks, equation 14: the fixed point of mean 0 and variance 1
SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


class Sigmoid(Primitive):
    """A primitive: through its three steps the gradient is nan where exp overflows."""

    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return 1 / (1 + xp.exp(-x))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (out * (1 - out))


class LogSigmoid(Primitive):
    """A primitive: log(sigmoid(x)) would be -inf where sigmoid rounds to 0."""

    __slots__ = ()
    name = "logsigmoid"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.minimum(x, xp.scalar(0, x.dtype)) - xp.log1p(xp.exp(-xp.abs(x)))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * fermi(xp, x)


class Softplus(Primitive):
    """log(1 + exp(beta x)) / beta, and x itself where beta x is above the threshold: exp would overflow."""

    __slots__ = ("beta", "threshold")
    saves = ("x",)

    def __init__(self, beta: float, threshold: float) -> None:
        self.beta, self.threshold = beta, threshold

    def forward(self, xp: Any, x: Any) -> Any:
        z = x * self.beta
        return xp.where(
            z > self.threshold, x, xp.log1p(xp.exp(xp.minimum(z, xp.scalar(self.threshold, z.dtype)))) / self.beta
        )

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        z = x * self.beta
        return xp.where(z > self.threshold, g, g * fermi(xp, -z))


class Elu(Primitive):
    """scale * x above 0, alpha * scale * (exp(rate x) - 1) below: elu, selu and celu.

    A primitive: through `where` the gradient is nan where exp overflows on the side that was not chosen.
    """

    __slots__ = ("alpha", "rate", "scale")
    saves = ("x",)

    def __init__(self, alpha: float, scale: float = 1.0, rate: float = 1.0) -> None:
        self.alpha, self.scale, self.rate = alpha, scale, rate

    def forward(self, xp: Any, x: Any) -> Any:
        below = xp.expm1(xp.minimum(x, xp.scalar(0, x.dtype)) * self.rate) * (self.alpha * self.scale)
        return xp.where(x <= 0, below, x * self.scale)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        above = x > 0  # nan is on the other side, and so is its own gradient
        slope = xp.exp(xp.where(above, 0, x) * self.rate) * (self.alpha * self.scale * self.rate)
        return xp.where(above, g * self.scale, g * slope)


class Gelu(Primitive):
    """x times the normal distribution's probability below x; through erfc, which is exact in the tail below 0."""

    __slots__ = ()
    saves = ("x",)
    kernels = GELU_KERNELS

    def forward(self, xp: Any, x: Any) -> Any:
        return x * xp.erfc(x * -math.sqrt(0.5)) * 0.5

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        below = xp.erfc(x * -math.sqrt(0.5)) * 0.5
        density = xp.exp(x * x * -0.5) * (1 / math.sqrt(2 * math.pi))
        return g * (below + x * density)


class GeluTanh(Primitive):
    """x * sigmoid(2 u), u = sqrt(2/pi) (x + 0.044715 x^3), that is x * (1 + tanh(u)) / 2 without cancellation."""

    __slots__ = ()
    name = "gelu"
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return x / (1 + xp.exp(x * (x * x * (-2 * _TANH_SLOPE * _TANH_CUBE) - 2 * _TANH_SLOPE)))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        square = x * x
        s = fermi(xp, x * (square * (-2 * _TANH_SLOPE * _TANH_CUBE) - 2 * _TANH_SLOPE))
        return g * (s + x * (s * (1 - s)) * (square * (6 * _TANH_SLOPE * _TANH_CUBE) + 2 * _TANH_SLOPE))


_TANH_SLOPE, _TANH_CUBE = math.sqrt(2 / math.pi), 0.044715
SIGMOID, LOG_SIGMOID, SOFTPLUS = Sigmoid(), LogSigmoid(), Softplus(1.0, 20.0)
GELU, GELU_TANH, SELU = Gelu(), GeluTanh(), Elu(SELU_ALPHA, SELU_SCALE)


def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / (1 + exp(-input)), element by element, between 0 and 1. Integers give the default dtype.

    >>> import gputensor as gt
    >>> gt.sigmoid(gt.tensor([0.0, 2.0]))
    tensor([0.5000, 0.8808])
    """
    result = wide(SIGMOID, input)
    return result if out is None else into("sigmoid", out, result)


expit = sigmoid  # its name in `gputensor.special`


def logsigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(sigmoid(input)), element by element, exact where sigmoid is nearly 0 or 1.

    Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.logsigmoid(gt.tensor([0.0, -100.0]))
    tensor([  -0.6931, -100.0000])
    """
    result = wide(LOG_SIGMOID, real_floating("logsigmoid", input))
    return result if out is None else into("logsigmoid", out, result, exact=True)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0, *, out: Tensor | None = None) -> Tensor:
    """log(1 + exp(beta * input)) / beta, element by element, a smooth relu.

    input itself where beta * input is above threshold, as exp would overflow.
    Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.softplus(gt.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    x = real_floating("softplus", input)
    if beta != 1.0 or threshold != 20.0:
        check_number("softplus", "beta", beta)
        check_number("softplus", "threshold", threshold)
    result = wide(SOFTPLUS if beta == 1.0 and threshold == 20.0 else Softplus(beta, threshold), x)
    return result if out is None else into("softplus", out, result, exact=True)


def softsign(input: Tensor) -> Tensor:
    """input / (1 + |input|), element by element. Integers give the default dtype. Raises DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.nn.functional.softsign(gt.tensor([1.0, -3.0]))
    tensor([ 0.5000, -0.7500])
    """
    x = not_bool("softsign", input)
    return rounded_once(softsign, x) if is_half(x) else div(x, 1 + abs(x))


def tanhshrink(input: Tensor) -> Tensor:
    """input - tanh(input), element by element. Integers give the default dtype. Raises DtypeError for booleans.

    >>> import gputensor as gt
    >>> gt.nn.functional.tanhshrink(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2384])
    """
    x = not_bool("tanhshrink", input)
    return rounded_once(tanhshrink, x) if is_half(x) else sub(x, tanh(x))


def elu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """input above 0, alpha * (exp(input) - 1) below, element by element.

    Raises DtypeError for integers and complex numbers. Unlike torch: the second derivative at 0 is that from the left.
    Source: Clevert et al. 2016, Fast and Accurate Deep Network Learning by Exponential Linear Units, equation 15.

    >>> import gputensor as gt
    >>> gt.nn.functional.elu(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    x = real_floating("elu", input)
    try:
        return wide(Elu(alpha), x)
    except TypeError:
        check_number("elu", "alpha", alpha)
        raise


def selu(input: Tensor) -> Tensor:
    """elu with the alpha and the scale that keep mean 0 and variance 1 from layer to layer.

    Raises DtypeError for integers and complex numbers. Source: Klambauer et al. 2017, Self-Normalizing Neural Networks,
    equation 2. Unlike torch: the second derivative at 0 is that from the left.

    >>> import gputensor as gt
    >>> gt.selu(gt.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    return wide(SELU, real_floating("selu", input))


def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """input above 0, alpha * (exp(input / alpha) - 1) below, element by element: smooth for every alpha.

    Raises ZeroDivisionError for an alpha of 0, DtypeError for integers and complex numbers.
    Unlike torch: the second derivative at 0 is that from the left.
    Source: Barron 2017, Continuously Differentiable Exponential Linear Units, equation 2.

    >>> import gputensor as gt
    >>> gt.celu(gt.tensor([-1.0, 2.0]), alpha=2.0)
    tensor([-0.7869,  2.0000])
    """
    x = real_floating("celu", input)
    check_number("celu", "alpha", alpha)
    if alpha == 0:
        raise ZeroDivisionError("celu: alpha must not be 0")
    return wide(Elu(alpha, 1.0, 1 / alpha), x)


def gelu(input: Tensor, approximate: str = "none", *, out: Tensor | None = None) -> Tensor:
    """input times the probability that a normal variable is below it: input * (1 + erf(input / sqrt(2))) / 2.

    approximate: "none", or "tanh" for input * (1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3))) / 2. Raises
    ValueError for another one, DtypeError for integers and complex numbers. Source: Hendrycks and Gimpel 2016, Gaussian
    Error Linear Units.

    >>> import gputensor as gt
    >>> gt.nn.functional.gelu(gt.tensor([-1.0, 2.0]))
    tensor([-0.1587,  1.9545])
    """
    x = real_floating("gelu", input)
    if approximate not in ("none", "tanh"):
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}")
    result = wide(GELU if approximate == "none" else GELU_TANH, x)
    return result if out is None else into("gelu", out, result, exact=True)


def silu(input: Tensor) -> Tensor:
    """input * sigmoid(input), element by element, also called swish. Raises DtypeError for integers.

    Source: Hendrycks and Gimpel 2016, Gaussian Error Linear Units.

    >>> import gputensor as gt
    >>> gt.nn.functional.silu(gt.tensor([-1.0, 2.0]))
    tensor([-0.2689,  1.7616])
    """
    x = _floating("silu", input)
    return rounded_once(silu, x) if is_half(x) else mul(x, apply1(SIGMOID, x))


def mish(input: Tensor) -> Tensor:
    """input * tanh(softplus(input)), element by element. Raises DtypeError for integers and complex numbers.

    Source: Misra 2019, Mish: A Self Regularized Non-Monotonic Activation Function.

    >>> import gputensor as gt
    >>> gt.nn.functional.mish(gt.tensor([-1.0, 2.0]))
    tensor([-0.3034,  1.9440])
    """
    x = real_floating("mish", input)
    return rounded_once(mish, x) if is_half(x) else mul(x, tanh(apply1(SOFTPLUS, x)))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of input along dim, times the sigmoid of the second half.

    input: (..., 2n, ...), floating-point -> (..., n, ...). Raises ShapeError for an odd size or a 0-d tensor, DimError
    (an IndexError) for a dim out of range, DtypeError for integers and complex numbers. Source: Dauphin et al. 2017,
    Language Modeling with Gated Convolutional Networks, equation 1.

    >>> import gputensor as gt
    >>> gt.nn.functional.glu(gt.tensor([1.0, 2.0, 0.0, 0.0]))
    tensor([0.5000, 1.0000])
    """
    a = real_floating("glu", input).array
    if not a.ndim:
        raise ShapeError("glu: a 0-d tensor has no dim to halve")
    axis = one_dim("glu", dim, a.ndim, a.shape)
    n, odd = divmod(a.shape[axis], 2)
    if odd:
        raise ShapeError(f"glu: the size of dim {dim} must be even, got {a.shape[axis]} in x of shape {tuple(a.shape)}")
    before = (slice(None),) * axis
    return mul(input[(*before, slice(0, n))], sigmoid(input[(*before, slice(n, None))]))


def _floating(name: str, x: Any) -> Any:
    return x if tensor_operand(name, x).array.dtype.kind == "c" else real_floating(name, x)


class SmoothMethods:
    """The smooth activations of a tensor."""

    __slots__ = ()

    def sigmoid(self) -> Tensor:
        """See `gputensor.sigmoid`."""
        return wide(SIGMOID, self)

    def sigmoid_(self) -> Tensor:
        """`sigmoid` in place."""
        return rewrite(self, sigmoid)
