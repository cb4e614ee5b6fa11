"""Draws: how the next words of a generator's stream become an array of random numbers.

A draw is a function ``(xp, stream, shape, dtype) -> array``; `drawn` runs one. How many words each takes of the stream
is fixed by the shape and the dtype (`gputensor.arrays.random_layout`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gputensor.arrays import random_layout
from gputensor.core import dtypes, random as streams
from gputensor.core.apply import on_its_device
from gputensor.core.devices import device_of
from gputensor.core.explain import describe, everywhere
from gputensor.core.random import Generator
from gputensor.errors import DeviceError, DtypeError, NumberRangeError


def drawn(name: str, xp: Any, shape: tuple[int, ...], d: np.dtype, generator: Any, draw: Any) -> Any:
    """An array of a shape from the next words of a generator."""
    if draw in (uniform_floats, normal_floats, exponential_floats) and d.kind not in "fVc":
        raise DtypeError(f"{name}: not defined for {d.name}; use a floating-point dtype")
    return on_its_device(xp, draw, xp, stream_of(name, generator, xp), shape, d)


def stream_of(name: str, generator: Any, xp: Any) -> Generator:
    if generator is None:
        return default_stream(xp)
    if not isinstance(generator, Generator):
        raise TypeError(f"{name}: generator must be a gputensor.Generator, got {type(generator).__name__}")
    if generator.device.type != xp.device_type:
        raise DeviceError(
            f"{name}: the generator is for {generator.device}, the tensor on {device_of(xp)}; use "
            f"gputensor.Generator('{xp.device_type}')"
        )
    return _seen_by(xp, generator)


def default_stream(xp: Any) -> Any:
    """The default generator of a namespace's device, as its draws see it."""
    return _seen_by(xp, streams.generator_for(device_of(xp)))


def _seen_by(xp: Any, stream: Any) -> Any:
    return xp.stream(stream) if xp.library == "batch" else stream


def uniform_floats(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
    return _floats(xp, xp.uniform01, random_layout.uniform_words, stream, shape, d)


def normal_floats(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
    out = _floats(xp, xp.standard_normal, random_layout.normal_words, stream, shape, d)
    # the variance is that of the complex number
    return xp.astype(out * math.sqrt(0.5), d) if d.kind == "c" else out


def exponential_floats(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
    return _floats(xp, xp.exponential, random_layout.exponential_words, stream, shape, d)


def _floats(xp: Any, word: Any, words: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
    """A draw of floats; a complex number is two of them."""
    count = math.prod(shape)
    if d.kind == "c":
        real = dtypes.FROM_NUMPY[d].to_real().numpy
        parts = word(*stream.reserve(words(2 * count, real)), 2 * count, real)
        return xp.reshape(xp.reinterpret(parts, d), shape)
    return xp.reshape(word(*stream.reserve(words(count, d)), count, d), shape)


def scaled_normal(name: str, mean: Any, std: Any) -> Any:
    """A draw of normal numbers of one mean and one deviation."""
    if not std >= 0:
        raise NumberRangeError(f"{name}: std must not be negative, got {std}")

    def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
        if d.kind not in "fVc":
            raise DtypeError(f"{name}: not defined for {d.name}; use a floating-point dtype")
        return xp.astype(normal_floats(xp, stream, shape, d) * float(std) + (mean if d.kind == "c" else float(mean)), d)

    return draw


def integers(name: str, low: int, high: int, d: np.dtype) -> Any:
    """A draw of integers low <= n < high as dtype d."""
    if low >= high:
        raise NumberRangeError(f"{name}: low must be below high, got {low} and {high}")
    least, most = integer_range(d)
    if not least <= low <= high - 1 <= most:
        raise NumberRangeError(
            f"{name}: the integers from {low} to {high - 1} do not all fit into {d.name}, which goes from "
            f"{least} to {most}"
        )

    def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
        count = math.prod(shape)
        place = stream.reserve(random_layout.integer_words(count))
        whole = d if d.kind in "iu" else dtypes.int64.numpy
        out = xp.random_integers(*place, count, low, high, whole)
        return xp.reshape(out if d is whole else xp.astype(out, d), shape)

    return draw


def integer_range(d: np.dtype) -> tuple[int, int]:
    if d.kind in "iu":
        limits = np.iinfo(d)
        return int(limits.min), int(limits.max)
    if d.kind == "b":
        return 0, 1
    most = {"float16": 65504}.get(d.name, 2**63 - 1)
    return -most - (most == 2**63 - 1), most


def exact_digits(d: np.dtype) -> int:
    """Up to 2 to this power, a floating-point dtype has every integer."""
    return {"float16": 11, "bfloat16": 8, "float32": 24}.get(d.name, 53)


def coins(name: str, p: Any, shape: tuple[int, ...]) -> Any:
    """A draw of ones and zeros; p: a number or a tensor that broadcasts to the shape."""
    if hasattr(p, "array"):
        xp, a = p.xp, p.array
        if a.dtype.kind not in "fV":
            raise DtypeError(f"{name}: expected floating-point probabilities, got {describe(p)}; convert with .float()")
        if a.size and not everywhere(xp, xp.logical_and(xp.greater_equal(a, 0), xp.less_equal(a, 1))):
            raise NumberRangeError(f"{name}: all probabilities must lie between 0 and 1")
        chance = xp.reshape(xp.broadcast_to(a, shape), (-1,)) if math.prod(shape) else xp.reshape(a, (0,))
        # 2**-32 does not show in the 16-bit dtypes
        chance = xp.astype(chance, dtypes.float64.numpy)
    else:
        if not 0 <= p <= 1:
            raise NumberRangeError(f"{name}: p must lie between 0 and 1, got {p}")
        chance = float(p)

    def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
        count = math.prod(shape)
        ones = xp.bernoulli(*stream.reserve(random_layout.bernoulli_words(count)), count, chance)
        return xp.reshape(xp.astype(ones, d), shape)

    return draw
