"""Divergences between two distributions of one family."""

from __future__ import annotations

import math
from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions._transform import sum_rightmost
from gputensor.distributions.bernoulli import Bernoulli
from gputensor.distributions.beta import Beta
from gputensor.distributions.binomial import Binomial
from gputensor.distributions.categorical import Categorical
from gputensor.distributions.cauchy import Cauchy
from gputensor.distributions.continuous_bernoulli import ContinuousBernoulli
from gputensor.distributions.dirichlet import Dirichlet
from gputensor.distributions.exp_family import ExponentialFamily, _over_batch
from gputensor.distributions.exponential import Exponential
from gputensor.distributions.gamma import Gamma
from gputensor.distributions.geometric import Geometric
from gputensor.distributions.gumbel import Gumbel
from gputensor.distributions.half_normal import HalfNormal
from gputensor.distributions.independent import Independent
from gputensor.distributions.kl import kl_divergence, register_kl
from gputensor.distributions.laplace import Laplace
from gputensor.distributions.lowrank_multivariate_normal import (
    LowRankMultivariateNormal,
    low_rank_distance,
    low_rank_log_det,
)
from gputensor.distributions.multivariate_normal import MultivariateNormal, squared_distance
from gputensor.distributions.normal import Normal
from gputensor.distributions.one_hot_categorical import OneHotCategorical
from gputensor.distributions.pareto import Pareto
from gputensor.distributions.poisson import Poisson
from gputensor.distributions.transformed_distribution import TransformedDistribution
from gputensor.distributions.uniform import Uniform
from gputensor.distributions.utils import euler_constant
from gputensor.distributions.wishart import Wishart
from gputensor.nn.functional import softplus


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Bernoulli, q: Bernoulli) -> Tensor:
    one = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    zero = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    return _of_outcome(p.probs, q.probs, one) + _of_outcome(1 - p.probs, 1 - q.probs, zero)


def _of_outcome(p: Tensor, q: Tensor, term: Tensor) -> Tensor:
    """p * log(p / q): 0 for an impossible outcome, infinite for one that q calls impossible."""
    return term.masked_fill(q == 0, math.inf).masked_fill(p == 0, 0.0)


@register_kl(Beta, Beta)
def _beta(p: Beta, q: Beta) -> Tensor:
    a, b, c, d = p.concentration1, p.concentration0, q.concentration1, q.concentration0
    slopes = (a - c) * gt.digamma(a) + (b - d) * gt.digamma(b) + (c + d - a - b) * gt.digamma(a + b)
    return q._log_beta() - p._log_beta() + slopes


@register_kl(Binomial, Binomial)
def _binomial(p: Binomial, q: Binomial) -> Tensor:
    if (p.total_count < q.total_count).any():
        raise NotImplementedError("kl_divergence: of fewer trials to more, binomials have no closed form")
    one = _of_outcome(p.probs, q.probs, p.probs * (gt.log(p.probs) - gt.log(q.probs)))
    zero = _of_outcome(1 - p.probs, 1 - q.probs, (1 - p.probs) * (gt.log1p(-p.probs) - gt.log1p(-q.probs)))
    return (p.total_count * (one + zero)).masked_fill(p.total_count > q.total_count, math.inf)


@register_kl(Categorical, Categorical)
def _categorical(p: Categorical, q: Categorical) -> Tensor:
    return _of_outcome(p.probs, q.probs, p.probs * (p.logits - q.logits)).sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _one_hot(p: OneHotCategorical, q: OneHotCategorical) -> Tensor:
    return _categorical(p._categorical, q._categorical)


@register_kl(Cauchy, Cauchy)
def _cauchy(p: Cauchy, q: Cauchy) -> Tensor:
    # Chyzak and Nielsen 2019
    return ((p.scale + q.scale).square() + (p.loc - q.loc).square()).log() - (4 * p.scale * q.scale).log()


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def _continuous_bernoulli(p: ContinuousBernoulli, q: ContinuousBernoulli) -> Tensor:
    return p.mean * (p.logits - q.logits) + p._log_norm() - q._log_norm() + gt.log1p(-p.probs) - gt.log1p(-q.probs)


@register_kl(Dirichlet, Dirichlet)
def _dirichlet(p: Dirichlet, q: Dirichlet) -> Tensor:
    a, b = p.concentration, q.concentration
    total = a.sum(-1)
    norms = gt.lgamma(total) - gt.lgamma(b.sum(-1)) - (gt.lgamma(a) - gt.lgamma(b)).sum(-1)
    return norms + ((a - b) * (gt.digamma(a) - gt.digamma(total).unsqueeze(-1))).sum(-1)


@register_kl(Exponential, Exponential)
def _exponential(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return ratio - 1 - ratio.log()


@register_kl(Gamma, Gamma)
def _gamma(p: Gamma, q: Gamma) -> Tensor:
    a, b = p.concentration, q.concentration
    return (
        b * (p.rate / q.rate).log()
        + gt.lgamma(b)
        - gt.lgamma(a)
        + (a - b) * gt.digamma(a)
        + (q.rate - p.rate) * (a / p.rate)
    )


@register_kl(Geometric, Geometric)
def _geometric(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - gt.log1p(-q.probs) / p.probs - q.logits


@register_kl(Gumbel, Gumbel)
def _gumbel(p: Gumbel, q: Gumbel) -> Tensor:
    ratio, moved = p.scale / q.scale, (p.loc - q.loc) / q.scale
    mean_exp = gt.exp(gt.lgamma(1 + ratio) - moved)
    return moved - ratio.log() + ratio * euler_constant + mean_exp - (1 + euler_constant)


@register_kl(HalfNormal, HalfNormal)
def _half_normal(p: HalfNormal, q: HalfNormal) -> Tensor:
    return _normal(p.base_dist, q.base_dist)


@register_kl(Laplace, Laplace)
def _laplace(p: Laplace, q: Laplace) -> Tensor:
    ratio, away = p.scale / q.scale, (p.loc - q.loc).abs()
    return away / q.scale + ratio * gt.exp(-away / p.scale) - ratio.log() - 1


@register_kl(Normal, Normal)
def _normal(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale).square()
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).square() - 1 - ratio.log())


@register_kl(MultivariateNormal, MultivariateNormal)
@register_kl(LowRankMultivariateNormal, MultivariateNormal)
def _to_multivariate_normal(p: Any, q: MultivariateNormal) -> Tensor:
    _same_events(p, q)
    shape = gt.broadcast_shapes(p.batch_shape, q.batch_shape)
    factor = q._factor
    away = squared_distance(factor, (q.loc - p.loc).expand((*shape, -1)))
    # the trace of inverse(cov_q) @ cov_p
    solved = gt.linalg.solve_triangular(factor, p.scale_tril, upper=False)
    trace = solved.square().sum((-2, -1))
    return 0.5 * (2 * q._half_log_det() - _log_det(p) + away + trace - p.event_shape[0])


@register_kl(Wishart, Wishart)
def _to_wishart(p: Wishart, q: Wishart) -> Tensor:
    _same_events(p, q)
    n = p.event_shape[-1]
    # the trace of inverse(scale_q) @ scale_p
    trace = gt.linalg.solve_triangular(q._factor, p._factor, upper=False).square().sum((-2, -1))
    fewer = gt.arange(n, dtype=p.df.dtype, device=p.df.device) / 2
    slope = gt.digamma(p.df.unsqueeze(-1) / 2 - fewer).sum(-1)
    return (
        q.df * (q._half_log_det() - p._half_log_det())
        + p.df / 2 * (trace - n)
        + gt.mvlgamma(q.df / 2, n)
        - gt.mvlgamma(p.df / 2, n)
        + (p.df - q.df) / 2 * slope
    )


@register_kl(MultivariateNormal, LowRankMultivariateNormal)
@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
def _to_low_rank(p: Any, q: LowRankMultivariateNormal) -> Tensor:
    _same_events(p, q)
    away = low_rank_distance(q._w, q._d, q.loc - p.loc, q._capacitance)
    # inverse(cov_q) is 1 / d - a.mT @ a
    a = gt.linalg.solve_triangular(q._capacitance, q._w.mT / q._d.unsqueeze(-2), upper=False)
    if isinstance(p, LowRankMultivariateNormal):
        low = (a @ p._w).square().sum((-2, -1)) + (a.square() * p._d.unsqueeze(-2)).sum((-2, -1))
    else:
        low = (a @ p._factor).square().sum((-2, -1))
    trace = (p.variance / q._d).sum(-1) - low
    return 0.5 * (_log_det(q) - _log_det(p) + away + trace - p.event_shape[0])


def _log_det(p: Any) -> Tensor:
    if isinstance(p, LowRankMultivariateNormal):
        return low_rank_log_det(p._d, p._capacitance)
    return 2 * p._half_log_det()


def _same_events(p: Any, q: Any) -> None:
    if p.event_shape != q.event_shape:
        raise ValueError(f"kl_divergence: event shapes {tuple(p.event_shape)} and {tuple(q.event_shape)} differ")


@register_kl(Pareto, Pareto)
def _pareto(p: Pareto, q: Pareto) -> Tensor:
    ratio = q.alpha / p.alpha
    return (q.alpha * (p.scale / q.scale).log() - ratio.log() + ratio - 1).masked_fill(p.scale < q.scale, math.inf)


@register_kl(Poisson, Poisson)
def _poisson(p: Poisson, q: Poisson) -> Tensor:
    return gt.xlogy(p.rate, p.rate) - gt.xlogy(p.rate, q.rate) - (p.rate - q.rate)


@register_kl(Uniform, Uniform)
def _uniform(p: Uniform, q: Uniform) -> Tensor:
    result = ((q.high - q.low) / (p.high - p.low)).log()
    return result.masked_fill((q.low > p.low) | (q.high < p.high), math.inf)


@register_kl(TransformedDistribution, TransformedDistribution)
def _transformed(p: TransformedDistribution, q: TransformedDistribution) -> Tensor:
    # an invertible map changes no divergence
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError("kl_divergence: only distributions with the same transforms can be compared")
    extra = len(p.event_shape) - len(p.base_dist.event_shape)
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), extra)


@register_kl(Independent, Independent)
def _independent(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError("kl_divergence: both Independent must reinterpret the same number of dims")
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(ExponentialFamily, ExponentialFamily)
def _exponential_family(p: ExponentialFamily, q: ExponentialFamily) -> Tensor:
    if type(p) is not type(q):
        raise NotImplementedError(
            f"kl_divergence: no KL(p || q) is implemented for p type {type(p).__name__} and q type "
            f"{type(q).__name__}; register one with register_kl"
        )
    # the Bregman divergence of the log normalizer
    params, normalizer, slopes = p._differentiated()
    result = q._log_normalizer(*q._natural_params) - normalizer
    for mine, other, slope in zip(params, q._natural_params, slopes, strict=True):
        result = result - _over_batch((other - mine) * slope, len(q.batch_shape))
    return result
