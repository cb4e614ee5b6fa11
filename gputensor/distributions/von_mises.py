"""The von Mises distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.distributions import constraints
from gputensor.distributions.distribution import Distribution
from gputensor.distributions.utils import broadcast_all
from gputensor.ops.rejection import accepted, flat, own_stream, uniforms
from gputensor.special import i0e, i1e

__all__ = ["VonMises"]


class VonMises(Distribution):
    """The von Mises distribution of angles: density exp(concentration * cos(x - loc)) / (2 * pi * I0(concentration)).

    loc: an angle in radians; samples lie in [-pi, pi). variance is the circular one, 1 - I1 / I0. Sampling is by
    rejection, in float64; it waits for the GPU, and may rarely differ between devices. Source: Best and Fisher 1979,
    Efficient simulation of the von Mises distribution.

    >>> import gputensor as gt
    >>> gt.distributions.VonMises(gt.tensor(0.0), gt.tensor(1.0)).log_prob(gt.tensor(0.0))
    tensor(-1.0738)
    """

    arg_constraints: ClassVar[Any] = {"loc": constraints.real, "concentration": constraints.positive}
    support: Any = constraints.real

    def __init__(self, loc: Tensor | float, concentration: Tensor | float, validate_args: bool | None = None) -> None:
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return 1 - i1e(self.concentration) / i0e(self.concentration)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with gt.no_grad():
            kappa = self.concentration.expand(shape)
            xp = kappa.xp
            stream = own_stream("VonMises", None, xp)
            (k,) = flat(xp, kappa.array)
            # beyond, rejection loses its digits, and the angle times sqrt(k) is normal to all of them
            most = xp.where(k > _NORMAL, _NORMAL, xp.where(k < -_NORMAL, math.nan, k))
            turned = accepted(xp, stream, [most], _propose) * xp.sqrt(most / k)
            angle = wrap(xp.reshape(turned, tuple(shape)), xp) + self.loc.double()
            return ((angle + math.pi) % (2 * math.pi) - math.pi).to(self.loc.dtype)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        k = self.concentration
        # exp(-k) is taken out of both, so that neither overflows
        return k * (gt.cos(value - self.loc) - 1) - math.log(2 * math.pi) - i0e(k).log()


_NORMAL = 1e9  # the concentration from which on angles differ from normal ones by less than rounding


def _propose(xp: Any, stream: Any, parameters: Any) -> tuple[Any, Any]:
    (k,) = parameters
    tau = 1 + xp.sqrt(1 + 4 * k * k)
    # (tau - sqrt(2 * tau)) / (2 * k) without the cancellation at small k: tau - 2 = 4 * k**2 / tau
    rho = 2 * k / (xp.sqrt(tau) * (xp.sqrt(tau) + math.sqrt(2)))
    # s = 1 / r and k / s stay finite as k goes to 0, where r and k * r would not
    s = 2 * rho / (1 + rho * rho)
    over = (1 + rho * rho) * xp.sqrt(tau) * (xp.sqrt(tau) + math.sqrt(2)) / 4
    z = xp.cos(math.pi * uniforms(xp, stream, k))
    u = uniforms(xp, stream, k)
    cosine = (s + z) / (1 + s * z)
    c = over - k * cosine
    refused = xp.logical_and(c * (2 - c) - u < 0, xp.log(c / u) + 1 - c < 0)
    sign = xp.where(uniforms(xp, stream, k) > 0.5, 1.0, -1.0)
    return sign * xp.acos(xp.maximum(xp.minimum(cosine, 1.0), -1.0)), refused
