"""Draws by rejection: what is refused is drawn again, all of it at once, until nothing is left.

Such a draw cannot say beforehand how many words it takes. It takes one word of its generator's stream, and that word's
place names a stream of its own; so what is drawn next does not depend on how often something was refused. A refusal
hangs on logarithms and square roots, which differ by an ulp between devices: the numbers of these draws may, rarely,
differ between devices, unlike all others'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gputensor.core import dtypes
from gputensor.core.random import Generator
from gputensor.ops.draws import normal_floats, stream_of, uniform_floats

F64 = dtypes.float64.numpy
_WORD = 2**64
_ROUNDS = 10_000  # every sampler here accepts at least a quarter: this many refusals are an error of ours

# (xp, stream, parameters, each of shape (n,)) -> proposals and whether each is refused, both of shape (n,)
Propose = Callable[[Any, Generator, Sequence[Any]], tuple[Any, Any]]


def own_stream(name: str, generator: Any, xp: Any) -> Generator:
    """A stream for one draw of unknown length; takes one word of the generator's."""
    stream = stream_of(name, generator, xp)
    key, offset = stream.reserve(1)
    return Generator(stream.device).manual_seed(_mixed(_mixed(key) ^ offset))


def _mixed(x: int) -> int:
    """A bijection of 64 bits that leaves no pattern. Source: Steele, Lea and Flood 2014, SplitMix64."""
    x = (x + 0x9E3779B97F4A7C15) % _WORD
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % _WORD
    x = (x ^ x >> 27) * 0x94D049BB133111EB % _WORD
    return x ^ x >> 31


def accepted(xp: Any, stream: Generator, parameters: Sequence[Any], propose: Propose) -> Any:
    """One accepted proposal for every place of the parameters, which are float64 of shape (n,). Waits for the GPU.

    A refusal is to be false where something is nan, so that nan comes out and nothing is drawn for ever.
    """
    values, refused = propose(xp, stream, parameters)
    left = xp.nonzero(refused)[0]
    for _ in range(_ROUNDS):
        if not left.size:
            return values
        again, refused = propose(xp, stream, [xp.index_get(p, (left,)) for p in parameters])
        # refused ones are written, too, and overwritten in a later round
        xp.index_write(values, (left,), again)
        left = xp.index_get(left, (xp.nonzero(refused)[0],))
    raise RuntimeError(f"a draw by rejection refused {left.size} numbers {_ROUNDS} times; please report this")


def split_by(xp: Any, condition: Any, parameters: Sequence[Any], yes: Any, no: Any) -> Any:
    """yes(*parameters) where condition holds and no(*parameters) elsewhere, each computed for its own places only."""
    inside, outside = xp.nonzero(condition)[0], xp.nonzero(xp.logical_not(condition))[0]
    if not outside.size:
        return yes(*parameters)
    if not inside.size:
        return no(*parameters)
    out = xp.empty(tuple(condition.shape), F64)
    xp.index_write(out, (inside,), yes(*[xp.index_get(p, (inside,)) for p in parameters]))
    xp.index_write(out, (outside,), no(*[xp.index_get(p, (outside,)) for p in parameters]))
    return out


def flat(xp: Any, *arrays: Any) -> list[Any]:
    """Arrays of one shape as float64 of shape (n,)."""
    return [xp.astype(xp.reshape(a, (-1,)) if a.size else xp.zeros((0,), F64), F64) for a in arrays]


def uniforms(xp: Any, stream: Generator, like: Any) -> Any:
    """float64 numbers in (0, 1], for logarithms."""
    return 1 - uniform_floats(xp, stream, tuple(like.shape), F64)


def normals(xp: Any, stream: Generator, like: Any) -> Any:
    return normal_floats(xp, stream, tuple(like.shape), F64)
