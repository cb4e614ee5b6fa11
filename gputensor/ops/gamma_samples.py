"""Numbers of the gamma distribution, with the gradient with respect to its shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import cast, wrap
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32
from gputensor.core.random import Generator
from gputensor.ops.operands import real_floating, two
from gputensor.ops.rejection import F64, accepted, flat, normals, own_stream, uniforms

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_TERMS = 24  # of the series, whose k-th term is below 2**k / k!
_LOW, _HIGH = -3.3, 4.3  # beyond them the doubly exponential weights vanish


class LogGammaSample(Primitive):
    """The logarithm of a number of Gamma(a, 1), drawn already, as a function of a.

    A primitive, because the sample comes from a rejection and its derivative does not: of all z with the same
    F(z; a), the regularized incomplete gamma function, dz/da = -(dF/da) / (dF/dz). Source: Figurnov, Mohamed and Mnih
    2018, Implicit reparameterization gradients, equation 5.
    """

    __slots__ = ("nodes",)
    saves = ("a", "out")

    def __init__(self, nodes: int) -> None:
        self.nodes = nodes

    def forward(self, xp: Any, a: Any, sample: Any) -> Any:
        return xp.copy(sample, "K")

    def vjp_a(self, xp: Any, g: Any, out: Any, a: Any, sample: Any) -> Any:
        return g * log_slope(xp, a, out, self.nodes)


def log_slope(xp: Any, a: Any, log_z: Any, nodes: int) -> Any:
    """d log z / d a where z keeps its place in Gamma(a, 1), in float64, with as good as no cancellation.

    dF/da is the integral of p(t) * (log t - digamma(a)) from 0 to z, and minus the one from z to infinity. The factor
    changes its sign at log t = digamma(a), so of the two the one on z's side of that point has terms of one sign only.

    Small z: with F = z**a * exp(-z) / gamma(a + 1) * S and S the sum of c_k = z**k / ((a + 1) … (a + k)), it is
    (S * (digamma(a + 1) - log z) - dS/da) / a; both parts are positive. Else by quadrature: t = z * exp(-u) below,
    t = z * (1 + u) above, and the nodes of Takahasi and Mori 1974 for integrands that fall like exp(-u).
    """
    z, center = xp.exp(log_z), xp.polygamma(0, a)
    small = xp.logical_and(z < 2, log_z < center + 1 / a)

    w = xp.where(small, z, 1.0)
    term, harmonic, total, slope = 1.0, 0.0, 1.0, 0.0
    for k in range(1, _TERMS):
        term = term * w / (a + k)
        harmonic = harmonic + 1 / (a + k)
        total = total + term
        slope = slope + term * harmonic
    series = (total * (center + 1 / a - log_z) + slope) / a

    # elements of the other branch get harmless values: a nan there would spoil second derivatives
    z, gap = xp.where(small, 3.0, z), xp.where(small, 0.1, log_z - center)
    b = xp.where(small, 3.0, a)
    below = gap < 0
    scale = 1 / (xp.abs(z - b) + xp.sqrt(z))
    step = (_HIGH - _LOW) / (nodes - 1)
    integral = 0.0
    for k in range(nodes):
        v = _LOW + k * step
        node = math.exp(v - math.exp(-v))
        weight = node * (1 + math.exp(-v)) * step
        y = scale * node
        u = xp.where(below, -y, xp.log1p(y))
        grown = xp.where(below, xp.expm1(-y), y)  # exp(u) - 1
        height = xp.exp(b * u - z * grown) * (gap + u)
        integral = integral + height * xp.where(below, -weight, weight / (1 + y))
    return xp.where(small, series, integral * scale)


def log_gamma_sample(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """float64 logarithms of numbers of Gamma(concentration, 1), one each, with gradients.

    Logarithms, since numbers of a small concentration underflow. Waits for the GPU.
    """
    a = cast(real_floating("log_gamma_sample", concentration), F64)
    xp = a.xp
    drawn = _log_gamma(xp, own_stream("log_gamma_sample", generator, xp), a.array)
    # 32 nodes leave an error of 3e-8, 48 one of 2e-12
    return two(LogGammaSample(32 if concentration.array.dtype == F32 else 48), a, wrap(drawn, xp))


def standard_gamma(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of Gamma(concentration, 1), one each, in its dtype, with gradients; the smallest is the dtype's tiny."""
    d = concentration.array.dtype
    return cast(log_gamma_sample(concentration, generator).exp(), d)


def _log_gamma(xp: Any, stream: Generator, concentration: Any) -> Any:
    """Source: Marsaglia and Tsang 2000, A simple method for generating gamma variables, with its boost below 1."""
    (a,) = flat(xp, concentration)
    small = a < 1
    shape = xp.where(small, a + 1, a) - 1 / 3
    out = accepted(xp, stream, [shape], _propose)
    # gamma(a) is gamma(a + 1) times a uniform number to the power of 1 / a
    boost = xp.log(uniforms(xp, stream, a)) / a
    out = xp.where(small, out + boost, out)
    return xp.reshape(out, tuple(concentration.shape))


def _propose(xp: Any, stream: Generator, parameters: Any) -> tuple[Any, Any]:
    (d,) = parameters
    x, u = normals(xp, stream, d), uniforms(xp, stream, d)
    v = 1 + x / xp.sqrt(9 * d)
    outside = v <= 0
    log_v = 3 * xp.log(xp.where(outside, 1.0, v))
    refused = xp.logical_or(outside, xp.log(u) > 0.5 * x * x + d - d * v * v * v + d * log_v)
    return xp.log(d) + log_v, refused
