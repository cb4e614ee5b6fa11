"""Divergences between distributions of two families: entropy and cross-entropy."""

from __future__ import annotations

import math
from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions.bernoulli import Bernoulli
from gputensor.distributions.beta import Beta
from gputensor.distributions.binomial import Binomial
from gputensor.distributions.continuous_bernoulli import ContinuousBernoulli
from gputensor.distributions.exponential import Exponential
from gputensor.distributions.gamma import Gamma
from gputensor.distributions.gumbel import Gumbel
from gputensor.distributions.kl import register_kl
from gputensor.distributions.laplace import Laplace
from gputensor.distributions.normal import Normal
from gputensor.distributions.pareto import Pareto
from gputensor.distributions.poisson import Poisson
from gputensor.distributions.uniform import Uniform
from gputensor.distributions.utils import euler_constant


@register_kl(Beta, Pareto)
@register_kl(ContinuousBernoulli, Pareto)
@register_kl(Exponential, Beta)
@register_kl(Exponential, ContinuousBernoulli)
@register_kl(Exponential, Pareto)
@register_kl(Exponential, Uniform)
@register_kl(Gamma, Beta)
@register_kl(Gamma, ContinuousBernoulli)
@register_kl(Gamma, Pareto)
@register_kl(Gamma, Uniform)
@register_kl(Gumbel, Beta)
@register_kl(Gumbel, ContinuousBernoulli)
@register_kl(Gumbel, Exponential)
@register_kl(Gumbel, Gamma)
@register_kl(Gumbel, Pareto)
@register_kl(Gumbel, Uniform)
@register_kl(Laplace, Beta)
@register_kl(Laplace, ContinuousBernoulli)
@register_kl(Laplace, Exponential)
@register_kl(Laplace, Gamma)
@register_kl(Laplace, Pareto)
@register_kl(Laplace, Uniform)
@register_kl(Normal, Beta)
@register_kl(Normal, ContinuousBernoulli)
@register_kl(Normal, Exponential)
@register_kl(Normal, Gamma)
@register_kl(Normal, Pareto)
@register_kl(Normal, Uniform)
@register_kl(Pareto, Beta)
@register_kl(Pareto, ContinuousBernoulli)
@register_kl(Pareto, Uniform)
@register_kl(Poisson, Bernoulli)
@register_kl(Poisson, Binomial)
def _not_covered(p: Any, q: Any) -> Tensor:
    """Infinite: p gives values that are impossible under q."""
    like = p.mean
    shape = gt.broadcast_shapes(p.batch_shape, q.batch_shape)
    return gt.full(shape, math.inf, dtype=like.dtype, device=like.device)


@register_kl(Beta, Normal)
@register_kl(ContinuousBernoulli, Normal)
@register_kl(Exponential, Normal)
@register_kl(Gamma, Normal)
@register_kl(Gumbel, Normal)
@register_kl(Laplace, Normal)
@register_kl(Pareto, Normal)
@register_kl(Uniform, Normal)
def _to_normal(p: Any, q: Normal) -> Tensor:
    square = p.variance + (p.mean - q.loc).square()
    # a Pareto distribution without variance is infinitely far, where inf - inf would be nan
    square = square.masked_fill(p.variance == math.inf, math.inf)
    return q.scale.log() + 0.5 * math.log(2 * math.pi) + square / (2 * q.variance) - p.entropy()


@register_kl(Beta, Exponential)
@register_kl(ContinuousBernoulli, Exponential)
@register_kl(Gamma, Exponential)
@register_kl(Pareto, Exponential)
def _to_exponential(p: Any, q: Exponential) -> Tensor:
    return q.rate * p.mean - q.rate.log() - p.entropy()


@register_kl(Uniform, Exponential)
def _uniform_exponential(p: Uniform, q: Exponential) -> Tensor:
    return _to_exponential(p, q).masked_fill(p.low < 0, math.inf)


def _gamma_cross(p: Any, q: Gamma, mean_log: Tensor) -> Tensor:
    a = q.concentration
    return gt.lgamma(a) - a * q.rate.log() - (a - 1) * mean_log + q.rate * p.mean - p.entropy()


@register_kl(Beta, Gamma)
def _beta_gamma(p: Beta, q: Gamma) -> Tensor:
    a, b = p.concentration1, p.concentration0
    return _gamma_cross(p, q, gt.digamma(a) - gt.digamma(a + b))


@register_kl(Exponential, Gamma)
def _exponential_gamma(p: Exponential, q: Gamma) -> Tensor:
    return _gamma_cross(p, q, -euler_constant - p.rate.log())


@register_kl(Pareto, Gamma)
def _pareto_gamma(p: Pareto, q: Gamma) -> Tensor:
    return _gamma_cross(p, q, p.scale.log() + p.alpha.reciprocal())


@register_kl(Uniform, Gamma)
def _uniform_gamma(p: Uniform, q: Gamma) -> Tensor:
    return _gamma_cross(p, q, _mean_log(p.low, p.high)).masked_fill(p.low < 0, math.inf)


def _mean_log(low: Tensor, high: Tensor) -> Tensor:
    """The mean of log x between low and high."""
    return (gt.xlogy(high, high) - gt.xlogy(low, low)) / (high - low) - 1


@register_kl(Uniform, Beta)
def _uniform_beta(p: Uniform, q: Beta) -> Tensor:
    one = (q.concentration1 - 1) * _mean_log(p.low, p.high)
    zero = (q.concentration0 - 1) * _mean_log(1 - p.high, 1 - p.low)
    result = q._log_beta() - one - zero - p.entropy()
    return result.masked_fill((p.low < 0) | (p.high > 1), math.inf)


@register_kl(Uniform, Pareto)
def _uniform_pareto(p: Uniform, q: Pareto) -> Tensor:
    mean_log = (q.alpha + 1) * _mean_log(p.low, p.high)
    result = mean_log - q.alpha.log() - q.alpha * q.scale.log() - p.entropy()
    return result.masked_fill(p.low < q.scale, math.inf)


@register_kl(Beta, ContinuousBernoulli)
def _to_continuous_bernoulli(p: Any, q: ContinuousBernoulli) -> Tensor:
    return -p.entropy() - p.mean * q.logits - gt.log1p(-q.probs) - q._log_norm()


@register_kl(Uniform, ContinuousBernoulli)
def _uniform_continuous_bernoulli(p: Uniform, q: ContinuousBernoulli) -> Tensor:
    return _to_continuous_bernoulli(p, q).masked_fill((p.low < 0) | (p.high > 1), math.inf)


@register_kl(Beta, Uniform)
@register_kl(ContinuousBernoulli, Uniform)
def _unit_interval_uniform(p: Any, q: Uniform) -> Tensor:
    result = (q.high - q.low).log() - p.entropy()
    return result.masked_fill((q.low > 0) | (q.high < 1), math.inf)


def _gumbel_cross(p: Any, q: Gumbel, mean_exp: Tensor) -> Tensor:
    """mean_exp: the mean of exp(-(x - loc) / scale)."""
    return q.scale.log() + (p.mean - q.loc) / q.scale + mean_exp - p.entropy()


@register_kl(Exponential, Gumbel)
def _exponential_gumbel(p: Exponential, q: Gumbel) -> Tensor:
    return _gumbel_cross(p, q, gt.exp(q.loc / q.scale) / (1 + 1 / (p.rate * q.scale)))


@register_kl(Gamma, Gumbel)
def _gamma_gumbel(p: Gamma, q: Gumbel) -> Tensor:
    fall = p.concentration * gt.log1p(1 / (p.rate * q.scale))
    return _gumbel_cross(p, q, gt.exp(q.loc / q.scale - fall))


@register_kl(Normal, Gumbel)
def _normal_gumbel(p: Normal, q: Gumbel) -> Tensor:
    return _gumbel_cross(p, q, gt.exp(0.5 * (p.scale / q.scale).square() - (p.loc - q.loc) / q.scale))


@register_kl(Uniform, Gumbel)
def _uniform_gumbel(p: Uniform, q: Gumbel) -> Tensor:
    fall = gt.exp(-(p.low - q.loc) / q.scale) - gt.exp(-(p.high - q.loc) / q.scale)
    return _gumbel_cross(p, q, fall * q.scale / (p.high - p.low))


@register_kl(Normal, Laplace)
def _normal_laplace(p: Normal, q: Laplace) -> Tensor:
    z = (p.loc - q.loc) / (p.scale * math.sqrt(2))
    # the mean of |x - loc|
    away = p.scale * math.sqrt(2) * (gt.exp(-z.square()) / math.sqrt(math.pi) + z * gt.erf(z))
    return gt.log(2 * q.scale) + away / q.scale - p.entropy()


@register_kl(Bernoulli, Poisson)
def _bernoulli_poisson(p: Bernoulli, q: Poisson) -> Tensor:
    return q.rate - gt.xlogy(p.probs, q.rate) - p.entropy()
