"""Exponential families: the entropy from the log normalizer, by differentiation."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions.distribution import Distribution

__all__ = ["ExponentialFamily"]


class ExponentialFamily(Distribution):
    """Distributions of density exp(<t(x), natural parameters> - F(natural parameters) + k(x)).

    A subclass gives ``_natural_params``, a tuple of tensors, ``_log_normalizer(*params)``, which is F, and
    ``_mean_carrier_measure``, the mean of k. The entropy follows: F - <natural parameters, grad F> - mean of k. Source:
    Nielsen and Nock 2010, Entropies and cross-entropies of exponential families.

    >>> import gputensor as gt
    >>> isinstance(gt.distributions.Normal(0.0, 1.0), gt.distributions.ExponentialFamily)
    True
    """

    @property
    def _natural_params(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not give its natural parameters")

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} does not give its log normalizer")

    @property
    def _mean_carrier_measure(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not give its mean carrier measure")

    def entropy(self) -> Tensor:
        """The entropy in nats, of shape batch_shape."""
        params, normalizer, slopes = self._differentiated()
        result = normalizer - self._mean_carrier_measure
        for p, slope in zip(params, slopes, strict=True):
            result = result - _over_batch(p * slope, len(self._batch_shape))
        return result

    def _differentiated(self) -> tuple[Any, Tensor, Any]:
        """The natural parameters, the log normalizer, and its gradients with respect to them."""
        with gt.enable_grad():
            # through the parameters' own history where they have one, so that the result has it, too
            params = [p if p.requires_grad else p.detach().requires_grad_() for p in self._natural_params]
            normalizer = self._log_normalizer(*params)
            slopes = gt.autograd.grad(normalizer.sum(), params, create_graph=True)
        if not any([p.requires_grad for p in self._natural_params]) or not gt.is_grad_enabled():
            normalizer = normalizer.detach()
            slopes = tuple([slope.detach() for slope in slopes])
            params = [p.detach() for p in params]
        return params, normalizer, slopes


def _over_batch(x: Tensor, batch_dims: int) -> Tensor:
    """Summed over the dims behind the batch's."""
    return x.reshape(*x.shape[:batch_dims], -1).sum(-1) if x.ndim > batch_dims else x
