"""Kullback-Leibler divergences: `kl_divergence` and the table of pairs it knows."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.distributions.distribution import Distribution

__all__ = ["kl_divergence", "register_kl"]

F = TypeVar("F", bound=Callable[..., Any])

_REGISTRY: dict[tuple[type, type], Callable[[Any, Any], Any]] = {}
_FOUND: dict[tuple[type, type], Any] = {}  # what was looked up before


def register_kl(type_p: type, type_q: type) -> Callable[[F], F]:
    """A decorator that lets `kl_divergence` compute a pair of classes, and their subclasses, by a function of (p, q).

    Raises TypeError for what are no classes of distributions.

    >>> from gputensor.distributions import Normal, Poisson, kl_divergence, register_kl
    >>> @register_kl(Poisson, Normal)
    ... def poisson_and_normal(p, q):
    ...     return p.rate * 0
    >>> kl_divergence(Poisson(1.0), Normal(0.0, 1.0))
    tensor(0.)
    """
    for cls in (type_p, type_q):
        if not isinstance(cls, type) or not issubclass(cls, Distribution):
            raise TypeError(f"register_kl: expected classes of distributions, got {cls}")

    def remember(function: F) -> F:
        _REGISTRY[type_p, type_q] = function
        _FOUND.clear()
        return function

    return remember


def _function_for(p: type, q: type) -> Any:
    """The function of the most special pair of classes that p and q belong to, None where there is none."""
    pairs = [(a, b) for a, b in _REGISTRY if issubclass(p, a) and issubclass(q, b)]
    if not pairs:
        return None
    order_p, order_q = p.__mro__, q.__mro__
    by_left = min(pairs, key=lambda pair: (order_p.index(pair[0]), order_q.index(pair[1])))
    by_right = min(pairs, key=lambda pair: (order_q.index(pair[1]), order_p.index(pair[0])))
    if _REGISTRY[by_left] is not _REGISTRY[by_right]:
        warnings.warn(
            f"kl_divergence({p.__name__}, {q.__name__}) is ambiguous between {by_left[0].__name__}, "
            f"{by_left[1].__name__} and {by_right[0].__name__}, {by_right[1].__name__}, and takes the first; register "
            "the pair itself",
            RuntimeWarning,
            stacklevel=3,
        )
    return _REGISTRY[by_left]


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The Kullback-Leibler divergence KL(p || q), the mean under p of log p(x) - log q(x), of shape batch_shape.

    Raises NotImplementedError for a pair that is not registered.

    >>> from gputensor.distributions import Normal, kl_divergence
    >>> kl_divergence(Normal(0.0, 1.0), Normal(1.0, 1.0))
    tensor(0.5000)
    """
    key = type(p), type(q)
    if key not in _FOUND:
        _FOUND[key] = _function_for(*key)
    function = _FOUND[key]
    if function is None:
        raise NotImplementedError(
            f"kl_divergence: no KL(p || q) is implemented for p type {key[0].__name__} and q type {key[1].__name__}; "
            "register one with register_kl"
        )
    return function(p, q)


def __dir__() -> list[str]:
    return __all__
