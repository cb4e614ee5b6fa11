"""Poisson and binomial numbers inside vmap, for all examples at once.

How often a draw by rejection is repeated depends on the values of each example. So NumPy makes the numbers on the host,
from a stream of its own, whose key is two words of the generator's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import together, wrap
from gputensor.core.devices import namespace_of
from gputensor.core.explain import describe
from gputensor.core.random import Generator, drawing_on
from gputensor.errors import DtypeError, NumberRangeError
from gputensor.ops.dims import checked
from gputensor.ops.draws import stream_of
from gputensor.ops.expanding import broadcast_shapes
from gputensor.ops.operands import REAL

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# beyond it NumPy refuses, and float64 has no odd numbers
_MOST = 2.0**62


def poisson_of_examples(input: Tensor, generator: Generator | None) -> Tensor:
    """`poisson` of a tensor that vmap maps over."""
    _checked("poisson", "input", input)
    xp = drawing_on(input.xp)

    def draw(rates: np.ndarray) -> np.ndarray:
        if not ((rates >= 0) & (rates <= _MOST)).all():
            raise NumberRangeError("poisson: rates must lie between 0 and 2**62")
        return _source("poisson", generator, xp).poisson(rates)

    return _drawn(xp, draw, input)


def binomial_of_examples(count: Tensor, prob: Tensor, generator: Generator | None) -> Tensor:
    """`binomial` of tensors that vmap maps over."""
    _checked("binomial", "count", count)
    _checked("binomial", "prob", prob)
    if count.array.dtype != prob.array.dtype:
        raise DtypeError(f"binomial: count and prob need one dtype, got {describe(count)} and {describe(prob)}")
    if count.xp is not prob.xp:
        count, prob = together("binomial", (count, prob))
    broadcast_shapes(count.shape, prob.shape)
    xp = drawing_on(count.xp)

    def draw(trials: np.ndarray, chances: np.ndarray) -> np.ndarray:
        if not ((trials >= 0) & (trials <= _MOST)).all():
            raise NumberRangeError("binomial: counts must lie between 0 and 2**62")
        if not ((chances >= 0) & (chances <= 1)).all():
            raise NumberRangeError("binomial: probabilities must lie between 0 and 1")
        return _source("binomial", generator, xp).binomial(trials.astype(np.int64), chances)

    return _drawn(xp, draw, count, prob)


def _checked(name: str, argument: str, x: Any) -> None:
    a = checked(name, x).array
    if a.dtype not in REAL:
        raise DtypeError(
            f"{name}: {argument} must be real and floating-point, got {describe(x)}; convert with .float()"
        )


def _source(name: str, generator: Any, xp: Any) -> np.random.Generator:
    """NumPy's generator on a stream of its own, whose key the next two words are."""
    words = namespace_of("cpu").random_words(*stream_of(name, generator, xp).reserve(2), 2)
    return np.random.Generator(np.random.Philox(key=words))


def _drawn(xp: Any, draw: Callable[..., np.ndarray], *xs: Any) -> Any:
    """A draw from host arrays in float64, in the dtype of xs; inside vmap of all examples at once."""
    d = xs[0].array.dtype

    def from_host(*arrays: Any) -> np.ndarray:
        return np.asarray(draw(*[np.asarray(a).astype(np.float64) for a in arrays])).astype(d)

    arrays = [x.array for x in xs]
    if xp.library == "batch":
        return wrap(xp.sampled(from_host, *arrays), xp)
    return wrap(xp.from_host(from_host(*[xp.to_host(a) for a in arrays])), xp)
