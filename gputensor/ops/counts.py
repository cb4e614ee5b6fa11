"""Random counts: Poisson and binomial numbers.

They are drawn by rejection, which takes a number of words that depends on the values. So a draw takes two words of the
generator's stream, the key of a stream of its own, and NumPy makes the numbers of that on the host: the same ones on
every device, with the same version of NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.explain import describe
from gputensor.core.random import Generator
from gputensor.errors import DeviceError, DtypeError, NumberRangeError
from gputensor.ops.dims import checked
from gputensor.ops.draws import stream_of
from gputensor.ops.expanding import broadcast_shapes
from gputensor.ops.operands import REAL

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# beyond it NumPy refuses, and float64 has no odd numbers
_MOST = 2.0**62


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of the Poisson distribution with the rates that stand in input: k with probability r^k exp(-r) / k!.

    The result has shape and dtype of input and no history. Drawn on the host. Raises DtypeError for dtypes that are not
    real and floating-point, NumberRangeError (a RuntimeError) for rates that are negative, nan or above 2^62.

    >>> import gputensor as gt
    >>> gt.poisson(gt.tensor([0.0, 0.0]))
    tensor([0., 0.])
    """
    rates = _on_host("poisson", "input", input)
    if not ((rates >= 0) & (rates <= _MOST)).all():
        raise NumberRangeError("poisson: rates must lie between 0 and 2**62")
    return _placed(input, _source("poisson", generator, input).poisson(rates))


def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of `count` trials succeed, each with probability `prob`.

    count and prob broadcast and have one real floating-point dtype, which the result has, too; it has no history. A
    count is rounded down. Drawn on the host. Raises DtypeError for other dtypes, NumberRangeError (a RuntimeError) for
    counts that are negative, nan or above 2^62 and for probabilities outside of [0, 1]. Unlike torch: these are
    refused.

    >>> import gputensor as gt
    >>> gt.binomial(gt.tensor([3.0, 5.0]), gt.tensor([0.0, 1.0]))
    tensor([0., 5.])
    """
    trials, chances = _on_host("binomial", "count", count), _on_host("binomial", "prob", prob)
    if count.array.dtype != prob.array.dtype:
        raise DtypeError(f"binomial: count and prob need one dtype, got {describe(count)} and {describe(prob)}")
    if count.xp is not prob.xp:
        raise DeviceError(f"binomial: count is on {count.device}, prob on {prob.device}; move one of them with .to(…)")
    broadcast_shapes(count.shape, prob.shape)
    if not ((trials >= 0) & (trials <= _MOST)).all():
        raise NumberRangeError("binomial: counts must lie between 0 and 2**62")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise NumberRangeError("binomial: probabilities must lie between 0 and 1")
    return _placed(count, _source("binomial", generator, count).binomial(trials.astype(np.int64), chances))


def _on_host(name: str, argument: str, x: Any) -> np.ndarray:
    a = checked(name, x).array
    if a.dtype not in REAL:
        raise DtypeError(
            f"{name}: {argument} must be real and floating-point, got {describe(x)}; convert with .float()"
        )
    return np.asarray(x.xp.to_host(a)).astype(np.float64)


def _source(name: str, generator: Any, x: Any) -> np.random.Generator:
    """NumPy's generator on a stream of its own, whose key the next two words are."""
    words = namespace_of("cpu").random_words(*stream_of(name, generator, x.xp).reserve(2), 2)
    return np.random.Generator(np.random.Philox(key=words))


def _placed(like: Any, values: Any) -> Any:
    return wrap(like.xp.from_host(np.asarray(values).astype(like.array.dtype)), like.xp)
