"""Random counts: Poisson and binomial numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.random import Generator, drawing_on
from gputensor.errors import DeviceError, DtypeError, NumberRangeError
from gputensor.ops.expanding import broadcast_tensors
from gputensor.ops.host_counts import binomial_of_examples, poisson_of_examples
from gputensor.ops.operands import common_dtype, real_floating
from gputensor.ops.rejection import accepted, flat, own_stream, split_by, uniforms

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_FEW = 10.0  # counts of at most this mean are found by adding up their probabilities


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of the Poisson distribution, of the rates that stand in input, element by element; without history.

    k comes with probability rate**k * exp(-rate) / k!. The result has shape and dtype of input. Raises NumberRangeError
    (a RuntimeError) for rates that are negative, nan or infinite, DtypeError for integers. Waits for the GPU; the same
    seed may rarely give another number on another device. Source: Hörmann 1993, The transformed rejection method for
    generating
    Poisson random variables, algorithm PTRS.
    Unlike torch: the draw has no history.

    >>> import gputensor as gt
    >>> gt.poisson(gt.tensor([0.0, 0.0]))
    tensor([0., 0.])
    """
    a, xp = real_floating("poisson", input).array, drawing_on(input.xp)
    if xp.library == "batch":
        return poisson_of_examples(input, generator)
    (rate,) = flat(xp, a)
    if not xp.item(xp.all((rate >= 0) & (rate < float("inf")))):
        raise NumberRangeError("poisson: all rates must be finite and at least 0")
    stream = own_stream("poisson", generator, xp)
    counts = split_by(
        xp,
        rate < _FEW,
        [rate],
        lambda rate: _by_adding(xp, uniforms(xp, stream, rate), xp.exp(-rate), lambda k: rate / k),
        lambda rate: accepted(xp, stream, [rate], _propose_poisson),
    )
    return wrap(xp.astype(xp.reshape(counts, tuple(a.shape)), a.dtype), xp)


def _by_adding(xp: Any, u: Any, first: Any, ratio: Any) -> Any:
    """The smallest counts whose probabilities add up to u at least; first: that of 0; ratio(k): of k's to k - 1's."""
    count, mass, total, k = xp.zeros_like(u), first, first, 0
    beyond = u > total
    # the last bits of the sum may stay below u: where nothing is added any more, the search ends
    while xp.item(xp.any(beyond)):
        k += 1
        mass = mass * ratio(k)
        count = xp.where(beyond, float(k), count)
        total = total + mass
        beyond = xp.logical_and(u > total, mass > 1e-30)
    # nan stays nan
    return xp.where(xp.isnan(first), first, count)


def _propose_poisson(xp: Any, stream: Generator, parameters: Any) -> tuple[Any, Any]:
    (rate,) = parameters
    u, v = uniforms(xp, stream, rate) - 0.5, uniforms(xp, stream, rate)
    width = 0.931 + 2.53 * xp.sqrt(rate)
    a = 0.02483 * width - 0.059
    rest = 0.5 - xp.abs(u)
    k = xp.floor((2 * a / rest + width) * u + rate + 0.43)
    quick = xp.logical_and(rest >= 0.07, v <= 0.9277 - 3.6224 / (width - 2))
    outside = xp.logical_or(k < 0, xp.logical_and(rest < 0.013, v > rest))
    height = xp.log(v * (1.1239 + 1.1328 / (width - 3.4)) / (a / (rest * rest) + width))
    above = height > k * xp.log(rate) - rate - xp.lgamma(xp.where(outside, 0.0, k) + 1)
    return k, xp.logical_and(xp.logical_not(quick), xp.logical_or(outside, above))


def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of successes among count trials of probability prob, element by element; without history.

    count, prob: floating-point, of shapes that broadcast; the result has their promoted dtype. A count that is no
    integer is rounded down. Raises NumberRangeError (a RuntimeError) for negative counts and for probabilities outside
    of [0, 1], DtypeError for integers, DeviceError for different devices. Waits for the GPU; the same seed may rarely
    give another number on another device. Source: Hörmann 1993, The generation of binomial random variates, algorithm
    BTRS. Unlike torch: counts and probabilities that are none are refused.

    >>> import gputensor as gt
    >>> gt.binomial(gt.tensor([5.0, 5.0]), gt.tensor([0.0, 1.0]))
    tensor([0., 5.])
    """
    real_floating("binomial", count)
    real_floating("binomial", prob)
    d = common_dtype(count, prob)
    if count.array.dtype != prob.array.dtype:
        raise DtypeError(f"binomial: count is {describe(count)}, prob {describe(prob)}; convert one with .to(…)")
    if prob.xp is not count.xp and not {prob.xp.library, count.xp.library} & {"batch"}:
        raise DeviceError(f"binomial: count is on {count.device}, prob on {prob.device}; move one of them with .to(…)")
    if "batch" in (drawing_on(count.xp).library, prob.xp.library):
        return binomial_of_examples(count, prob, generator)
    xp = count.xp
    both = broadcast_tensors(count.detach(), prob.detach())
    n, p = flat(xp, both[0].array, both[1].array)
    n = xp.floor(n)
    # asked so that nan is refused, too
    if not xp.item(xp.all((n >= 0) & (p >= 0) & (p <= 1))):
        raise NumberRangeError("binomial: counts must be at least 0, and probabilities lie between 0 and 1")
    stream = own_stream("binomial", generator, xp)
    # failures are counted where they are rarer
    turned = p > 0.5
    q = xp.where(turned, 1 - p, p)
    found = split_by(
        xp,
        n * q < _FEW,
        [n, q],
        lambda n, q: _few_successes(xp, stream, n, q),
        lambda n, q: accepted(xp, stream, [n, q], _propose_binomial),
    )
    found = xp.where(turned, n - found, found)
    return wrap(xp.astype(xp.reshape(found, tuple(both[0].array.shape)), d), xp)


def _few_successes(xp: Any, stream: Generator, n: Any, p: Any) -> Any:
    odds = p / (1 - p)
    first = xp.exp(n * xp.log1p(-p))
    return _by_adding(xp, uniforms(xp, stream, n), first, lambda k: xp.maximum(n - (k - 1), 0.0) / k * odds)


def _propose_binomial(xp: Any, stream: Generator, parameters: Any) -> tuple[Any, Any]:
    n, p = parameters
    u, v = uniforms(xp, stream, n) - 0.5, uniforms(xp, stream, n)
    deviation = xp.sqrt(n * p * (1 - p))
    width = 1.15 + 2.53 * deviation
    a = 0.0248 * width + 0.01 * p - 0.0873
    rest = 0.5 - xp.abs(u)
    k = xp.floor((2 * a / rest + width) * u + n * p + 0.5)
    quick = xp.logical_and(rest >= 0.07, v <= 0.92 - 4.2 / width)
    outside = xp.logical_or(k < 0, k > n)
    k_inside = xp.where(outside, 0.0, k)
    mode = xp.floor((n + 1) * p)
    height = xp.log(v * (2.83 + 5.1 / width) * deviation / (a / (rest * rest) + width))
    above = height > (
        xp.lgamma(mode + 1)
        + xp.lgamma(n - mode + 1)
        - xp.lgamma(k_inside + 1)
        - xp.lgamma(n - k_inside + 1)
        + (k_inside - mode) * xp.log(p / (1 - p))
    )
    return k, xp.logical_and(xp.logical_not(quick), xp.logical_or(outside, above))
